"""Every code that a comparison gives has words in both languages."""

from decimal import Decimal

import pytest

from extract.across.findings import ReportFinding, caution, cautions_in_words, texts
from extract.present_checks import InWords, titles, words
from tests.documents import FORM

SKIPPED = (
    "no_year years scope form no_number linked_by_merger linked_by_split linked no_cells no_text no_neighbour no_scope "
    "own no_parts more_than_expected incomplete"
)


@pytest.mark.parametrize("code", SKIPPED.split())
def test_every_reason_for_not_judging_has_its_own_words(code):
    assert code in words()["skipped"]
    finding = ReportFinding("years", "T2-CARRY", "not_assessable", code=code).as_finding()
    assert InWords(FORM, en=True).why_skipped(finding).replace("“”", "").isascii()


def test_every_check_and_caution_has_a_title_and_words():
    assert {"D-CELL", "L-SUM", "N-COPY", "T2-CARRY"} <= set(titles())
    for code in texts()["cautions"]:
        zh, en = caution(code)
        assert "\u4e00" <= zh[0] <= "\u9fff" or zh[0].isdigit() or zh[0] == "“"
        assert en.isascii()
    with pytest.raises(KeyError):
        caution("X")


def test_cautions_are_read_one_after_the_other():
    both = cautions_in_words(["T2-CARRY", "scope_unknown"], en=True)
    assert both == " ".join(caution(code)[1] for code in ("T2-CARRY", "scope_unknown"))


def test_a_database_s_float_is_told_as_it_is_printed():
    finding = ReportFinding("years", "T2-CARRY", "fail", "total", 5.0, 26.55).as_finding()
    assert (finding.left, finding.right) == (5, Decimal("26.55"))
    assert isinstance(finding.left, int)
    assert finding.cause == "unknown"
