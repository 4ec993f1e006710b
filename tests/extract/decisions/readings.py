"""A fictional town's reading for tests of decisions, and decisions about it."""

import datetime as dt
import json

from extract.decisions.corrections import Circumstances, load_corrections
from extract.forms import load_form
from extract.reading import reconciled
from extract.records import Cell, Fact, Finding, GridPlace, Reading, Report, Span

FORM = load_form("2021")
SHA256 = "5" * 64
KEY = "r0123456789ab"
READER = "gongkai-0.1.0+aaaaaaaa"
NEWER = "gongkai-0.2.0+bbbbbbbb"
TODAY = dt.date(2026, 3, 1)
CELL = "requests.granted.total"
OVERVIEW = "砚池镇村民王小明\n的申请已答复。联系人：李四，联系电话：0930-6221234。"


def reading(reader=READER, **values):
    """Zero in every cell but those given; the text prints 12, 1.5 and 3,607."""
    cells = {
        cell.key: Cell(cell.key, 0, "0", "number", 0.98, GridPlace(0, r, c))
        for r, row in enumerate(FORM.rows())
        for c, cell in enumerate(row.cells)
        if not row.instead_of
    }
    for key, value in values.items():
        name = key.replace("__", ".")
        cells[name] = Cell(name, value, str(value), "number", 0.98, GridPlace(9, 9, 9))
    text = f"砚池镇2023年报告\n{OVERVIEW}\n（一）予以公开\t0\t12\n1.5\t3,607\t-4\n/"
    sentence = "砚池镇村民王小明的申请已答复。"
    facts = (Fact("x", 12, "12", "件", sentence, Span(text.index("\t12") + 1, text.index("\t12") + 3)),)
    report = Report(
        kind="report",
        form="2021",
        title="砚池镇王小明年报",
        issuer="砚池镇人民政府",
        year=2023,
        cells=cells,
        sections={"overview": OVERVIEW, "other": "王　小明"},
        facts=facts,
        confidence=0.98,
    )
    findings = (Finding("N-X", "fail", (CELL,), message="王小明", sentence=sentence),)
    return reconciled(Reading(SHA256, 9, "text/html", reader, text, report=report, findings=findings))


def given(reader=READER, **changed):
    circumstances = {"form": FORM, "reader": reader, "text": reading().text, "today": TODAY}
    return Circumstances(**{**circumstances, **changed})


def decision(**changed):
    """The JSON of a decision; 21 was read and 12 is printed."""
    return {
        "report": KEY,
        "document": SHA256,
        "cell": CELL,
        "read": {"value": 21, "reader": READER},
        "printed": {"raw": "12", "value": 12},
        "evidence": "表二，予以公开行，总计列",
        "readers": ["甲", "乙"],
        "decided_by": "甲",
        "decided_on": "2026-01-31",
        **changed,
    }


def written(folder, *items):
    """Decisions as files, read again."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, item in enumerate(items):
        (folder / f"{number}.json").write_text(json.dumps(item, ensure_ascii=False), "utf-8")
    return load_corrections(folder)
