"""``gongkai check``: the clerk's page and the supervisor's table, on files of every format the tests can write."""

import csv
import json
import zipfile
from dataclasses import replace

import pytest
from click.testing import CliRunner

from extract.forms import load_form, load_forms
from extract.present_checks import InWords, titles, words
from extract.reading import read
from extract.records import Finding
from extract.self_check import look, suspects
from extract.survey import survey
from extract.typeset import width
from gongkai import main
from tests.documents import FORM
from tests.publish.fictional_site import docx_report, html_report, numbers, pdf_report, text_report

BAISHI, QINGSHI, COUNTY = "云溪县白石镇人民政府", "云溪县青石镇人民政府", "云溪县人民政府"
WRONG = {"requests__granted__natural_person": 8}  # 8 where the total and the flow say 7


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments):
        return CliRunner().invoke(main, ["check", *(str(a) for a in arguments)])

    return invoke


def write(folder, file, name=BAISHI, year=2023, **changed):
    folder.mkdir(exist_ok=True)
    values = numbers(**changed)
    if file.endswith(".html"):
        (folder / file).write_text(html_report(name, values, year=year), "utf-8")
    elif file.endswith(".txt"):
        (folder / file).write_text(text_report(name, values), "utf-8")
    else:
        make = {"pdf": pdf_report, "docx": docx_report}[file.rpartition(".")[2]]
        (folder / file).write_bytes(make(name, values))
    return folder / file


@pytest.mark.parametrize("ending", ["html", "docx", "pdf", "txt"])
def test_a_wrong_number_is_told_alike_in_every_format(run, tmp_path, ending):
    result = run(write(tmp_path, f"a.{ending}", **WRONG))
    lines = result.output.splitlines()
    assert result.exit_code == 1
    assert lines[0].startswith("有 2 处需要核对")
    assert f"{BAISHI} · 2023 年 · 2021 年格式" in lines[1]
    assert "表二 自然人 列：（一）至（六）之和 8 ≠（七）总计 7，相差 1" in result.output
    assert "表二 “（一）予以公开” 行：各列之和 10 ≠ 总计 9，相差 1" in result.output
    assert "自然人 8＋商业企业 2＝10" in result.output
    assert "先看这一格：“（一）予以公开” × 自然人" in result.output
    assert "项核对全部通过" in lines[-1]


def test_a_sound_report_can_be_published(run, tmp_path):
    result = run(write(tmp_path, "a.html"))
    assert result.exit_code == 0
    assert result.output.startswith("可以发布：")
    assert "需要核对" not in result.output


def test_english_says_the_same_and_no_word_of_ours_is_chinese(run, tmp_path):
    result = run(write(tmp_path, "a.html", **WRONG), "--lang", "en")
    assert result.output.startswith("2 to put right")
    assert "table 2, column Natural persons: outcomes (1) to (6) add up to 8, total (7) says 7, off by 1" in " ".join(
        result.output.split()
    )
    ours = result.output.replace(BAISHI, "").replace("总体情况", "")
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in ours)


def test_a_remark_alone_does_not_fail(run, tmp_path):
    result = run(write(tmp_path, "a.html", disclosure__rules_in_force=3))
    assert result.exit_code == 0
    assert result.output.startswith("可以发布，但有 1 处请先看一看")
    assert "规章行填了 3" in result.output


def test_blank_cells_are_not_called_wrong_and_not_called_checked(run, tmp_path):
    result = run(write(tmp_path, "a.html", requests__granted__research=""))
    assert result.exit_code == 0
    assert result.output.startswith("没有发现差错，但有 2 项没能核对")
    assert "表二 2 项：有格没有数字" in result.output


def test_a_template_is_called_one(run, tmp_path):
    blank = dict.fromkeys(numbers(), "")
    result = run(write(tmp_path, "a.html", **{key.replace(".", "__"): value for key, value in blank.items()}))
    assert result.exit_code == 1
    assert result.output.startswith("没有填写：表格全部空白，这是模板")
    assert "没能核对" not in result.output


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("torn.pdf", b"%PDF-1.7 torn", "文件没有读出来"),
        ("news.html", "<html><title>会议召开</title><p>本报讯</p></html>".encode(), "不像是政府信息公开工作年度报告"),
        ("gone.docx", None, "文件打不开"),
        (
            "page.html",
            "<h1>云溪县白石镇2023年政府信息公开工作年度报告</h1><p>见附件。</p>".encode(),
            "没有读到法定表格",
        ),
    ],
)
def test_what_cannot_be_checked_says_what_to_do(run, tmp_path, name, data, says):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    for lang in ("zh", "en"):
        result = run(tmp_path / name, "--lang", lang)
        assert result.exit_code == 1
        assert says in result.output or lang == "en"
        assert ("怎么办" in result.output or "What to do" in result.output) or name == "page.html"


def test_json_holds_both_sides(run, tmp_path):
    told = json.loads(run(write(tmp_path, "a.html", **WRONG), "--json").output)
    assert (told["outcome"], told["issuer"], told["year"], told["form"]) == ("faulty", BAISHI, 2023, "2021")
    assert told["suspects"] == ["requests.granted.natural_person"]
    outcome = next(f for f in told["errors"] if f["check"] == "T2-OUTCOME-2021")
    assert (outcome["left"], outcome["right"], outcome["subject"]) == (8, 7, "natural_person")
    assert "相差 1" in outcome["says"]
    assert told["passed"] > 30


def test_last_year_s_report_is_held_against_this_one(run, tmp_path):
    now = write(tmp_path, "now.html", requests__carried_in__total=2, requests__carried_in__natural_person=2)
    before = write(tmp_path, "before.html", year=2022)
    result = run(now, "--previous", before)
    assert "上年报告“结转下年度继续办理”0 ≠ 本年“上年结转”2，相差 2" in result.output
    other = write(tmp_path, "other.html", name=QINGSHI, year=2022)
    assert "机关名称与上年报告不同" in "".join(run(now, "--previous", other).output.split())
    news = tmp_path / "news.html"
    news.write_text("<title>会议召开</title><p>本报讯</p>", "utf-8")
    result = run(now, "--previous", news)
    assert result.exit_code == 1
    assert "no report that could be read" in result.output


def test_options_that_do_not_go_together_are_misuse(run, tmp_path):
    one, two = write(tmp_path, "a.html"), write(tmp_path, "b.html", name=QINGSHI)
    for arguments in ((one, two, "--previous", one), (one, "--units", one), (one, "--table", "t.csv"), ()):
        assert run(*arguments).exit_code == 2
    assert run(tmp_path / "empty").exit_code == 1
    (tmp_path / "empty").mkdir(exist_ok=True)
    assert "no documents in that folder" in run(tmp_path / "empty").output


@pytest.fixture
def county(tmp_path):
    folder = tmp_path / "county"
    write(folder, "baishi.html")
    write(folder, "baishi.docx")
    write(folder, "qingshi.html", name=QINGSHI, disclosure__licensing_decisions="", **WRONG)
    write(folder, "lanhe.html", name="云溪县蓝河镇人民政府", year=2022)
    (folder / "news.html").write_text("<title>会议召开</title><p>本报讯</p>", "utf-8")
    (folder / "~$baishi.docx").write_bytes(b"lock")
    return folder


def test_a_folder_gives_a_row_a_unit_and_the_sums(run, county):
    result = run(county, "--workers", "1")
    out = result.output
    assert result.exit_code == 1
    assert "3 份报告：2 份可以发布，1 份需要核对，1 个文件没能核对" in "".join(out.split("\n")[:3])
    assert "    ! 表二" in out
    assert "baishi.docx = baishi.html，数字相同" in out or "baishi.html = baishi.docx，数字相同" in out
    assert "news.html: 不是年度报告" in out
    assert "2023 年汇总：2 个单位中的 2 个" in out
    assert "其他年度的没有计入：云溪县蓝河镇人民政府" in out
    licensing = next(line for line in out.splitlines() if line.startswith("行政许可"))
    assert licensing.split()[-1] == "1234*"
    assert next(line for line in out.splitlines() if line.startswith("（一）予以公开")).split()[-1] == "18"


def test_a_zip_is_a_folder_of_units(run, county, tmp_path):
    package = tmp_path / "county.zip"
    with zipfile.ZipFile(package, "w") as holder:
        for path in sorted(county.iterdir()):
            holder.write(path, path.name)
    packed, folder = run(package, "--workers", "1"), run(county, "--workers", "1")
    assert packed.exit_code == folder.exit_code == 1
    assert packed.stdout.splitlines()[0] == folder.stdout.splitlines()[0]
    assert packed.output.splitlines()[-40:] == folder.output.splitlines()[-40:]  # the sums
    (tmp_path / "units.txt").write_text(f"{BAISHI}\n", "utf-8")
    assert run(package, "--units", tmp_path / "units.txt").exit_code == 1


def test_a_file_that_cannot_be_told_is_not_called_a_scan(run, tmp_path):
    (tmp_path / "x.doc").write_bytes(bytes(range(256)) * 40)
    result = run(tmp_path / "x.doc")
    assert result.exit_code == 1
    assert "扫描件" not in result.output
    assert "文件损坏或读不懂" in result.output


def test_a_list_tells_who_is_missing_and_who_is_not_on_it(run, county, tmp_path):
    units = tmp_path / "units.csv"
    units.write_text("单位名称,电话\n白石镇,1\n云溪县 青石镇人民政府,2\n云溪县红土乡人民政府,3\n", "utf-8")
    out = run(county, "--units", units, "--workers", "1").output
    assert "名单 3 个单位，缺 1 个" in "".join(out.split("\n")[:3])
    assert "缺少的单位（1）\n  云溪县红土乡人民政府" in out
    assert "不在名单上的（1）\n  云溪县蓝河镇人民政府" in out
    assert "2023 年汇总：3 个单位中的 2 个" in out
    (tmp_path / "none.txt").write_text("\n# nobody\n", "utf-8")
    assert "names no unit" in run(county, "--units", tmp_path / "none.txt").output


def test_a_folder_of_last_year_s_is_matched_by_issuer(run, county, tmp_path):
    write(tmp_path / "last", "x.html", year=2022, requests__carried_out__total=4)
    told = json.loads(run(county, "--previous", tmp_path / "last", "--json", "--workers", "1").stdout)
    by_name = {unit["issuer"]: unit for unit in told["units"]}
    assert by_name[BAISHI]["previous"].endswith("x.html")
    assert "T2-CARRY" in {finding["check"] for finding in by_name[BAISHI]["errors"]}
    assert "previous" not in by_name[QINGSHI]
    assert any("qingshi" in file for file in told["without_previous"])


def test_the_table_has_a_row_a_unit_and_no_zero_for_a_blank(run, county, tmp_path):
    run(county, "--table", tmp_path / "t.csv", "--workers", "1")
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["issuer"]: row for row in csv.DictReader(file)}
    assert set(rows) == {BAISHI, QINGSHI, "云溪县蓝河镇人民政府"}
    assert rows[QINGSHI]["disclosure.licensing_decisions"] == ""
    assert rows[BAISHI]["disclosure.licensing_decisions"] == "1234"
    assert rows[BAISHI]["disclosure.admin_fees_wan"] == "26.5"
    assert run(county, "--table", tmp_path / "no" / "t.csv").exit_code == 1


@pytest.mark.parametrize("columns", [60, 80, 100])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_line_is_wider_than_the_terminal(county, monkeypatch, columns, lang):
    monkeypatch.setenv("COLUMNS", str(columns))
    for target in (county, county / "qingshi.html"):
        out = CliRunner().invoke(main, ["check", str(target), "--lang", lang, "--workers", "1"]).stdout
        told = [line for line in out.splitlines() if str(county) not in line]
        assert max(map(width, told)) <= columns + 2  # a closing mark may hang over


def page_of(name, scope="", year=2023, form="2021", **changed):
    reading = read(html_report(name, numbers(**changed), year=year).encode())
    return look(replace(reading, report=replace(reading.report, scope=scope, form=form)), f"{name}{year}.html")


def test_a_territory_is_never_added_to_its_units():
    pages = [page_of(COUNTY, "territory"), page_of(BAISHI), page_of(QINGSHI)]
    told = survey(pages, load_forms()).roll_up
    assert [page.file for page in told.territories] == [pages[0].file]
    assert told.cells["requests.received_new.total"].total == 18
    alone = survey([page_of(COUNTY, "territory"), page_of("云江县人民政府", "territory")], load_forms()).roll_up
    assert alone.territories == ()
    assert alone.cells["requests.received_new.total"].total == 18


def test_a_government_that_does_not_say_whom_it_counts_is_named():
    told = survey([page_of(COUNTY), page_of(BAISHI)], load_forms()).roll_up
    assert [page.file for page in told.unclear] == [f"{COUNTY}2023.html"]


def test_of_two_forms_only_what_both_have_is_summed():
    old = replace(load_form("2019"), tables=tuple(t for t in FORM.tables if t.key != "disclosure"))
    told = survey([page_of(BAISHI), page_of(QINGSHI, form="2019")], [FORM, old]).roll_up
    assert told.forms == ("2021", "2019")
    assert "disclosure.rules_issued" not in told.cells
    assert told.cells["requests.received_new.total"].units == 2


def test_twins_that_differ_are_told_cell_by_cell():
    twin = replace(page_of(BAISHI, disclosure__licensing_decisions=5), file="twin.html")
    told = survey([page_of(BAISHI), twin], load_forms())
    assert [t.differing for t in told.twins] == [("disclosure.licensing_decisions",)]
    assert len(told.pages) == 1


def test_a_crossing_is_only_suspected_where_row_and_column_are_off_alike():
    row = Finding("T2-ROWSUM", "fail", ("requests.granted.natural_person", "requests.granted.total"), 3, 2)
    column = Finding(
        "T2-FLOW", "fail", ("requests.granted.natural_person", "requests.carried_out.natural_person"), 5, 4
    )
    assert suspects([row, column]) == ("requests.granted.natural_person",)
    assert suspects([row, replace(column, left=9)]) == ()


def test_every_check_has_words_in_both_languages():
    known = titles()
    for form in load_forms():
        assert {identity.id for identity in form.identities} <= set(known)
    for check, entry in words()["checks"].items():
        assert len(entry["title"]) == 2
        for en in (False, True):
            finding = Finding(check, "fail", ("requests.granted.total",), 1, 2, subject="granted", matched="x")
            said = InWords(FORM, en).sentence(finding)
            assert said
            assert "{" not in said
            assert not (
                en
                and any(
                    "\u4e00" <= letter <= "\u9fff"
                    for letter in said.replace("规章", "")
                    .replace("国办公开办函", "")
                    .replace("国办函", "")
                    .replace("号", "")
                )
            )


def test_a_check_without_words_is_told_by_its_message():
    assert InWords(FORM).sentence(Finding("X-NEW", "fail", (), message="新的核对")) == "X-NEW: 新的核对"
