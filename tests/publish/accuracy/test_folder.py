"""What is given to the readers: the same again by the same seed, blind, and the originals with the row framed."""

import io
import sqlite3
from contextlib import closing

import pytest
from lxml import html
from PIL import Image, ImageChops

from crawler.archive import Archive
from extract.decode.picture import READ_BY_RECOGNITION
from publish.accuracy.draw import DrawError, Stratum
from publish.accuracy.folder import FolderError, read, write
from publish.accuracy.items import sample_from
from publish.accuracy.pictures import framed_page
from publish.accuracy.population import PopulationError, count, format_of, opened
from publish.pdf_pictures import draw


def test_the_whole_is_counted(fictional):
    with opened(fictional.db) as db:
        population = count(db)
        (cells,) = db.execute(
            "select count(*) from cells where reading_id in (select current_reading_id from reports)"
        ).fetchone()
        bands = {
            (state, band): number
            for state, band, number in db.execute("""
                select state = 'number', confidence >= 0.98, count(*) from cells
                where reading_id in (select current_reading_id from reports) group by 1, 2""")
        }
    assert sum(population.sizes.values()) == cells
    for (is_number, is_sure), number in bands.items():
        alike = [
            size
            for stratum, size in population.sizes.items()
            if (stratum.state == "number") == is_number and (stratum.band == ">= 0.98") == is_sure
        ]
        assert sum(alike) == number
    assert {stratum.format for stratum in population.sizes} == {"html", "pdf", "docx", "text"}
    assert population.sizes[Stratum("html", ">= 0.98", "no number")] >= 2


def test_packed_rows_are_counted_without_being_unpacked():
    """By hand: 3 numbers, a blank, a mark, two odd cells; then a row of two absent cells; another report's is not ours."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.row_factory = sqlite3.Row
        db.executescript("""
            create table reports (id, report_key, issuer_printed, year, current_reading_id);
            create table readings (id, form, sha256, member, reader, warnings);
            create table documents (sha256, member, media_type);
            create table report_documents (report_id, reading_id, url, last_seen);
            create table cell_keys (row_id, position, key);
            create table printed_rows (reading_id, row_id, confidence, printed);
            create table odd_cells (reading_id, key, state, confidence);
            insert into reports values (1, 'r1', '砚池镇人民政府', 2023, 5);
            insert into readings values (5, '2021', 'a', '', 'g', null), (6, '2021', 'b', '', 'g', null);
            insert into documents values ('a', '', 'text/html'), ('b', '', 'text/html');
            insert into cell_keys values (1, 0, 'a'), (1, 1, 'b'), (2, 0, 'c'), (2, 1, 'd');
            insert into printed_rows values (5, 1, 1.0, '[82,1.5,-2,"","—",null,null]'), (5, 2, 0.95, null);
            insert into printed_rows values (6, 1, 1.0, '[1,2]');
            insert into odd_cells values (5, 'x', 'number', 0.7), (5, 'y', 'unreadable', 0.0), (6, 'x', 'number', 1.0);
        """)
        found = count(db).sizes
    assert found == {
        Stratum("html", ">= 0.98", "number"): 3,
        Stratum("html", ">= 0.98", "no number"): 2,
        Stratum("html", "0.9-0.98", "no number"): 2,
        Stratum("html", "< 0.9", "number"): 1,
        Stratum("html", "< 0.9", "no number"): 1,
    }


def test_every_position_of_a_stratum_is_another_cell(fictional):
    with opened(fictional.db) as db:
        population = count(db)
    for stratum, size in population.sizes.items():
        assert len({population.at(stratum, position) for position in range(size)}) == size
        last = population.at(stratum, size - 1)
        assert last[0] == population.members[stratum][-1]


def test_the_same_seed_draws_the_same_and_another_does_not(fictional, drawn, tmp_path):
    archive = Archive(fictional.archive)
    same = write(tmp_path / "a", fictional.db, archive, 60, seed=7, drawn_on="2026-04-01").sample
    assert same == read(drawn) == sample_from(same.as_json())
    assert write(tmp_path / "b", fictional.db, archive, 60, seed=8, drawn_on="2026-04-01").sample.items != same.items


def test_sheets_give_nothing_away(readers):
    items = {item["number"]: item for item in readers.told["items"]}
    for name in ("sheet-a.csv", "sheet-b.csv"):
        assert (readers.folder / name).read_bytes().startswith(b"\xef\xbb\xbf")
        rows = readers.rows(name)
        assert [int(row["item"]) for row in rows] == sorted(items)
        assert not {"value", "raw", "state", "confidence", "band"} & set(rows[0])
        assert all(row["printed"] == row["note"] == "" for row in rows)
        assert all(row["row"] and row["column"] for row in rows)
        assert all((readers.folder / "pictures" / row["picture"]).is_file() for row in rows)


def test_a_row_of_a_page_is_framed_and_nothing_in_the_page_runs(readers):
    framed = 0
    for item in readers.told["items"]:
        if item["format"] != "html" or item["key"].startswith("statistics"):
            continue
        page = html.fromstring((readers.folder / "pictures" / item["picture"]).read_bytes())
        assert not page.xpath("//script | //iframe | //form | //base | //meta[@http-equiv='refresh'] | //@onerror")
        assert "default-src 'none'" in page.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
        (row,) = page.xpath("//tr[contains(@style, 'outline')]")
        assert page.xpath("//a/@href") == [f"#{row.get('id')}"]
        if not item["key"].startswith("disputes"):  # whose labels stand above
            label = "".join(item["row"].rpartition(" ")[2].split())
            assert label in "".join(row.text_content().split())
        framed += 1
    assert framed >= 10


def test_a_row_of_a_docx_is_framed_from_its_own_markup(readers):
    items = [item for item in readers.told["items"] if item["format"] == "docx" and item["key"].startswith("requests")]
    assert items
    for item in items:
        page = html.fromstring((readers.folder / "pictures" / item["picture"]).read_bytes())
        (row,) = page.xpath("//tr[@class='framed']")
        assert item["row"].rpartition(" ")[2] in "".join(row.text_content().split())
        assert (readers.folder / "pictures" / page.xpath("//a/@href")[1]).read_bytes().startswith(b"PK")


def test_a_row_of_a_pdf_is_framed_where_its_number_stands(readers, fictional):
    db = sqlite3.connect(fictional.db)
    items = [item for item in readers.told["items"] if item["format"] == "pdf"]
    assert items
    for item in items:
        page, top, bottom = db.execute(
            "select page, top, bottom from cells c join readings g on g.id = c.reading_id where g.sha256 = ? and c.key = ?",
            [item["sha256"], item["key"]],
        ).fetchone()
        original = (readers.folder / "pictures" / item["document"]).read_bytes()
        plain = Image.open(io.BytesIO(draw(original, page))).convert("RGB")
        shown = Image.open(readers.folder / "pictures" / item["picture"]).convert("RGB")
        changed = ImageChops.difference(plain, shown).point(lambda value: 255 if value > 60 else 0).getbbox()
        scale = plain.height / 841.89
        assert changed[1] == pytest.approx((top - 2) * scale, abs=3)
        assert changed[3] == pytest.approx((bottom + 2) * scale, abs=4)
    db.close()


def test_a_place_that_does_not_fit_the_original_is_not_framed(fictional):
    from publish.accuracy.items import Place

    page = "<table><tr><td>甲</td><td>7</td></tr></table>".encode()
    cell = {"table_index": 0, "row_index": 0, "column_index": 1, "raw": "7"}
    assert b"outline" in framed_page(page, Place(cell, (cell,)))
    other = cell | {"raw": "8"}
    assert b"outline" not in framed_page(page, Place(other, (other,)))


def test_text_is_given_as_it_is(readers):
    items = [item for item in readers.told["items"] if item["format"] == "text"]
    assert items
    assert all(item["picture"] == item["document"] and item["picture"].endswith(".txt") for item in items)


def test_a_recognised_pdf_is_a_scan():
    assert format_of("application/pdf", f'["page 1 is a picture: {READ_BY_RECOGNITION}"]') == "scan"
    assert format_of("application/pdf", '["page 2 holds a picture, which is not read"]') == "pdf"


def test_what_cannot_be_done_is_said(fictional, tmp_path):
    archive = Archive(fictional.archive)
    with pytest.raises(DrawError, match="too many"):
        write(tmp_path / "a", fictional.db, archive, 10**6, seed=1, drawn_on="2026-04-01")
    assert not (tmp_path / "a").exists()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "mine.txt").touch()
    with pytest.raises(FolderError, match="not empty"):
        write(tmp_path / "b", fictional.db, archive, 50, seed=1, drawn_on="2026-04-01")
    with pytest.raises(PopulationError, match="gongkai extract"):
        write(tmp_path / "c", tmp_path / "none.db", archive, 50, seed=1, drawn_on="2026-04-01")
    (tmp_path / "b" / "sample.json").write_text('{"format": 1}')
    for folder, why in ((tmp_path, "holds no sample.json"), (tmp_path / "b", "damaged")):
        with pytest.raises(FolderError, match=why):
            read(folder)
