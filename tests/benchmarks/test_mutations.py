"""Two hundred mutated documents of the sample are read as they must be; and the benchmark sees what is wrong."""

from dataclasses import replace
from random import Random

import pytest

from benchmarks import mutations
from benchmarks.at_place import Places
from benchmarks.documents import documents
from benchmarks.mutate import STRUCTURE
from benchmarks.mutate.damage import damage
from extract.decode import decode
from extract.reading import read
from extract.records import GridPlace, PageBox, Span
from extract.workers import Limits


@pytest.fixture(scope="session")
def samples():
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GONGKAI_CORPUS", raising=False)
        return documents()


def of(samples, name):
    """The first document of that format whose report has every number of the form of 2021."""
    for sample in samples:
        report = read(sample.data).report if sample.format == name else None
        if report and report.form == "2021" and sum(cell.state == "number" for cell in report.cells.values()) == 200:
            return sample
    raise LookupError(name)


@pytest.mark.parametrize("part", range(4))
def test_mutated_documents_are_read_or_refused_in_a_clear_line(samples, part):
    outcomes = list(mutations.run(samples, range(part * 50, part * 50 + 50), workers=1, limits=Limits(60, 1024)))
    assert not [(outcome.case.seed, outcome.fault) for outcome in outcomes if outcome.fault]
    assert sum(outcome.numbers for outcome in outcomes) > 1000
    assert {outcome.case.is_damage for outcome in outcomes} == {True, False}


def test_a_seed_gives_the_same_document_again(samples):
    case = mutations.case_of(7, samples)
    assert mutations.mutated(case) == mutations.mutated(mutations.case_of(7, samples))
    assert mutations.mutated(case) != case.sample.data


@pytest.mark.parametrize("name", ["html", "mht", "docx", "text"])
def test_structure_is_changed_indeed(samples, name):
    sample = of(samples, name)
    reading = read(sample.data)
    mutants = {STRUCTURE[name](sample.data, reading, Random(seed)) for seed in range(8)}
    assert len(mutants) == 8
    assert sum(decode(mutant).text != reading.text for mutant in mutants) > 3


@pytest.mark.parametrize("name", ["html", "mht", "docx", "text", "pdf"])
def test_every_number_stands_at_its_place_and_at_no_other(samples, name):
    data = of(samples, name).data
    reading = read(data)
    cells = [cell for cell in reading.report.cells.values() if cell.state == "number"]
    assert len(cells) == 200
    numbers = [(cell.key, cell.raw, cell.place) for cell in cells]
    assert not list(mutations._misplaced(data, numbers))
    wrong = [(key, f"{raw}7{raw}", place) for key, raw, place in numbers]
    assert len(list(mutations._misplaced(data, wrong))) == len(wrong)
    nowhere = {"pdf": PageBox(99, (0, 0, 9, 9)), "text": Span(10**9, 10**9 + 1)}.get(name, GridPlace(99, 0, 0))
    assert list(mutations._misplaced(data, [("key", "1", nowhere)]))


def test_another_value_and_another_blank_are_both_seen(samples):
    reading = read(of(samples, "html").data)
    first, second, *_ = reading.report.cells
    cells = dict(reading.report.cells)
    cells[first] = replace(cells[first], value=cells[first].value + 1)
    cells[second] = replace(cells[second], value=None, state="blank")
    other = replace(reading, report=replace(reading.report, cells=cells))
    assert not list(mutations._differences(reading, reading))
    assert {line.split(":")[0] for line in mutations._differences(reading, other)} == {first, second}


def test_damage_reaches_the_members_of_a_package(samples):
    data = of(samples, "docx").data
    damaged = [damage(data, Random(seed)) for seed in range(30)]
    assert data not in damaged
    assert any(read(each).report for each in damaged)
    assert any(read(each).error for each in damaged)


def test_a_place_on_a_page_is_looked_up_in_the_page(samples):
    data = of(samples, "pdf").data
    document = decode(data)
    table = next(document.tables())
    places = Places(data, document)
    cell = table.rows[-1][-1]
    assert "".join(places.text_at(cell.place).split()) == "".join(cell.text.split())
    assert places.text_at(None) is None
    places.close()
