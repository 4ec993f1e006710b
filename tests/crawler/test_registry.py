"""A registry that cannot be used is refused with the line and the column; an unknown site with its neighbours' names."""

import re
import stat
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from crawler import registry
from crawler.families import FAMILIES
from crawler.items import Site
from crawler.mirrors import is_mirror
from crawler.registry import RegistryError
from gongkai import main

HEAD = "id,name,family,start_url,region_code,level,entry_points,confidence,note\n"
# Families that registry lines name and that are being written.
COMING = ("hanweb_annual", "xxgk", "lonsun", "nfcms", "webplus", "epoint", "gongkai_site", "hebei", "jeecms")


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "sites.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_a_line_becomes_a_site_and_further_columns_are_allowed(tmp_path):
    path = written(tmp_path, "id,start_url,note,name\nbaishi , http://baishi.example/nb/ ,seen,白石镇\n")
    assert registry.load(path) == [Site(id="baishi", start_url="http://baishi.example/nb/", name="白石镇")]


def test_entry_points_are_separated_by_space(tmp_path):
    path = written(
        tmp_path, "id,start_url,entry_points\none,http://a.example/,http://a.example/x/  https://www.a.example/y/\n"
    )
    assert registry.load(path)[0].entry_points == ("http://a.example/x/", "https://www.a.example/y/")


def test_a_byte_order_mark_as_excel_writes_it_is_no_part_of_a_name(tmp_path):
    path = written(tmp_path, HEAD + "baishi,白石镇,trs,http://baishi.example/\n", "utf-8-sig")
    assert registry.load(path)[0].id == "baishi"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Bai Shi,x,trs,http://a.example/", "id 'Bai Shi'"),
        (",x,trs,http://a.example/", "id ''"),
        ("../up,x,trs,http://a.example/", "id '../up'"),
        ("ingest,x,trs,http://a.example/", "id 'ingest': is the archive's own name for what gongkai ingest takes"),
        (f"{'a' * 65},x,trs,http://a.example/", "is longer than 64 characters"),
        ("one,x,trs,http://a.example/", "id 'one' stands twice"),
        (
            "two,x,trss,http://a.example/",
            f"family 'trss' is unknown; known are {', '.join(FAMILIES)}, or leave it empty; did you mean trs?",
        ),
        ("two,x,trs,a.example", "start_url 'a.example'"),
        ("two,x,trs,file:///etc/passwd", "start_url 'file:///etc/passwd'"),
        ("two,x,trs,http:///nb/", "start_url 'http:///nb/'"),
        ("two,x,trs,http://[::1/nb/", "start_url 'http://[::1/nb/'"),
        ("two,x,trs,http://a.example:99999/", "start_url 'http://a.example:99999/'"),
        ("two,x,trs", "start_url ''"),
        ("two,x,trs,http://one.example", "start_url 'http://one.example': 'one' in line 2 begins there"),
        ("two,x,trs,https://www.one.example/index.html", "'one' in line 2 begins there"),
        ("two,x,trs,https://www.12345qb.com/nb/", "start_url 'https://www.12345qb.com/nb/': is a known spam mirror"),
        ("two,x,trs,http://two.example/,51042", "region_code '51042': 6 digits are needed"),
        ("two,x,trs,http://two.example/,990101", "region_code '990101': no province begins with 99"),
        ("two,x,trs,http://two.example/,,country", "level 'country' is unknown; known are central, province,"),
        ("two,x,trs,http://two.example/,,country", "did you mean county?"),
        (
            "two,x,trs,http://two.example/,,,/nb/",
            "entry_points '/nb/': an address that begins with http:// or https://",
        ),
        (
            "two,x,trs,http://two.example/,,,http://two.example/nb/ http://nb.two.example/",
            "entry_points 'http://nb.two.example/': is not on two.example, the host of start_url",
        ),
        (
            "two,x,trs,http://two.example/,,,http://12345qb.com/",
            "entry_points 'http://12345qb.com/': is a known spam mirror",
        ),
        ("two,x,trs,http://two.example/,,,,sure", "confidence 'sure' is unknown; known are high, medium, low"),
        ("two,x,trs,http://two.example/,,,,low,ours,more", "more cells than the head has columns"),
    ],
)
def test_the_message_names_line_and_column(tmp_path, row, said):
    path = written(tmp_path, HEAD + "one,一,trs,http://one.example/\n" + row + "\n")
    with pytest.raises(RegistryError) as error:
        registry.load(path)
    assert f"{path}, line 3: " in str(error.value)
    assert said in str(error.value)


def test_a_cell_of_two_lines_does_not_shift_the_line_that_is_named(tmp_path):
    path = written(tmp_path, HEAD + 'one,"一\n二",trs,http://one.example/\ntwo,x,wrong,http://two.example/\n')
    with pytest.raises(RegistryError, match="line 4: family 'wrong'"):
        registry.load(path)


def test_a_missing_column_and_a_missing_file_are_told(tmp_path):
    with pytest.raises(RegistryError, match="the column start_url is missing"):
        registry.load(written(tmp_path, "id,url\nbaishi,http://baishi.example/\n"))
    with pytest.raises(RegistryError, match="the column id, start_url is missing"):
        registry.load(written(tmp_path, ""))
    for mark in (";", "\t"):
        with pytest.raises(RegistryError, match=re.escape(f"cells are separated by {mark!r}: save it with commas")):
            registry.load(
                written(tmp_path, f"id{mark}name{mark}start_url\nbaishi{mark}x{mark}http://baishi.example/\n")
            )
    with pytest.raises(RegistryError, match=r"none\.csv: "):
        registry.load(tmp_path / "none.csv")


def test_a_registry_in_another_encoding_says_to_save_it_as_utf_8(tmp_path):
    path = written(tmp_path, HEAD + "one,白石镇,trs,http://one.example/\n", "gbk")
    with pytest.raises(RegistryError, match="UTF-8"):
        registry.load(path)


def test_sites_are_chosen_in_the_order_asked_for_and_all_where_none_is_named():
    sites = [Site(id=name, start_url="http://a.example/") for name in ("lanting", "baishi", "maipu")]
    assert [site.id for site in registry.choose(sites, ["maipu", "lanting"])] == ["maipu", "lanting"]
    assert registry.choose(sites, []) == sites


@pytest.mark.parametrize("typed", ["lantin", "antin", "lanting_xz", "LANTING"])
def test_an_unknown_site_suggests_near_ones(typed):
    sites = [Site(id=name, start_url="http://a.example/") for name in ("lanting", "lanting-xz", "maipu")]
    with pytest.raises(RegistryError, match=rf"no such site in the registry: {typed}; did you mean .*lanting") as error:
        registry.choose(sites, [typed])
    assert "maipu" not in str(error.value)


def test_nothing_is_suggested_where_nothing_is_near():
    with pytest.raises(RegistryError) as error:
        registry.choose([Site(id="lanting", start_url="http://a.example/")], ["zzz"])
    assert "did you mean" not in str(error.value)


@pytest.mark.parametrize("code", ["530123", "530123104", "530123104201"])
def test_a_code_has_six_digits_or_those_of_a_township(tmp_path, code):
    path = written(tmp_path, HEAD + f"one,一,trs,http://one.example/,{code},township\n")
    assert registry.load(path)[0].region_code == code


def test_two_parts_of_one_host_are_two_sites(tmp_path):
    path = written(tmp_path, HEAD + "one,一,,http://a.example/one/\ntwo,二,,http://a.example/two/\n")
    assert len(registry.load(path)) == 2


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    path = written(
        tmp_path, HEAD + "one,一,trss,http://one.example/,99\nTwo,二,,two.example\nthree,三,,http://3.example/\n"
    )
    sites, problems = registry.read(path)
    assert [(one.line, one.message.split()[0]) for one in problems] == [
        (2, "region_code"),
        (2, "family"),
        (3, "id"),
        (3, "start_url"),
    ]
    assert len(sites) == 3
    with pytest.raises(RegistryError, match=r"line 2: region_code .* \(and 3 more: gongkai sites check "):
        registry.load(path)
    told = CliRunner().invoke(main, ["sites", "check", str(path)])
    assert told.exit_code == 1
    assert told.output.splitlines() == [*map(str, problems), "3 sites · 4 problems"]


def test_a_registry_without_problems_is_counted_and_listed(tmp_path):
    rows = "one,一,trs,http://one.example/,,county,http://one.example/nb/,high\ntwo,二,ucap,http://two.example/,,department\n"
    path = written(tmp_path, HEAD + rows)
    told = CliRunner().invoke(main, ["sites", "check", str(path)])
    assert (told.exit_code, told.output) == (0, "2 sites, 1 with known columns, 2 families\n")
    listed = CliRunner().invoke(main, ["sites", "list", "--family", "trs", "--sites", str(path)]).output.splitlines()
    assert listed[0].split() == ["one", "trs", "county", "high", "一"]
    assert listed[1] == "1 of 2 sites"
    lines = CliRunner().invoke(main, ["sites", "list", "--level", "department", "--json", "--sites", str(path)])
    assert '"id": "two"' in lines.stdout
    assert lines.stdout.count("\n") == 1


def test_a_column_that_is_nearly_one_of_ours_is_noted_and_is_no_mistake(tmp_path):
    path = written(tmp_path, "id,start_url,familly,Level,name,names,remark\none,http://one.example/,trs,county,一,,x\n")
    told = CliRunner().invoke(main, ["sites", "check", str(path)])
    assert (told.exit_code, told.stdout) == (0, "1 sites, 0 with known columns, 0 families\n")
    assert told.stderr.splitlines() == [
        f"note      {path}, line 1: the column {given!r} is none of ours and left alone; did you mean {ours}?"
        for given, ours in (("familly", "family"), ("Level", "level"))
    ]


@pytest.mark.parametrize(("option", "known"), [("--family", "trs"), ("--level", "county")])
def test_what_no_site_can_be_is_misuse(tmp_path, option, known):
    path = written(tmp_path, HEAD + "one,一,trs,http://one.example/\n")
    told = CliRunner().invoke(main, ["sites", "list", option, "nosuch", "--sites", str(path)])
    assert told.exit_code == 2
    assert f"{option}: nosuch is unknown; known are " in told.output
    assert known in told.output.replace(",", " ").split()


NEW = Site(
    id="new",
    start_url="http://new.example/",
    name="新镇",
    entry_points=("http://new.example/a/", "http://new.example/b/"),
)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("last", ["", "end"])
def test_a_line_is_added_in_the_way_the_file_is_written(tmp_path, end, encoding, last):
    rows = HEAD.strip() + end + "one,一,trs,http://one.example/" + (end if last else "")
    path = written(tmp_path, rows, encoding)
    path.chmod(0o640)
    before = path.read_bytes()
    assert registry.append(path, NEW) == ()
    added = path.read_bytes()
    assert added.startswith(before)
    assert added.endswith(end.encode())
    assert added.count(b"\n") == 3
    assert added.count(b"\r\n") == (3 if end == "\r\n" else 0)
    assert registry.load(path)[1] == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [found.name for found in tmp_path.iterdir()] == ["sites.csv"]


def test_a_registry_behind_a_link_stays_behind_it(tmp_path):
    written(tmp_path, HEAD)
    link = tmp_path / "link.csv"
    link.symlink_to("sites.csv")
    registry.append(link, NEW)
    assert link.is_symlink()
    assert registry.load(tmp_path / "sites.csv") == [NEW]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("new,x,,http://a.example/\n", "line 3: id 'new' stands twice; line 2 has it"),
        ("old,x,,http://www.new.example/\n", "line 3: start_url 'http://new.example/': 'old' in line 2 begins there"),
        ("old,x,trss,http://a.example/\n", "line 2: family 'trss'"),
        ('old,x,,http://a.example/\nolder,"x,,http://b.example/\n', "line 3: is no CSV"),
    ],
)
def test_a_line_that_would_be_wrong_is_not_added(tmp_path, rows, said):
    path = written(tmp_path, HEAD + rows)
    before = path.read_bytes()
    with pytest.raises(RegistryError, match=re.escape(said)):
        registry.append(path, NEW)
    assert path.read_bytes() == before


def test_the_holder_of_an_address_is_the_site_that_begins_above_it():
    sites = [
        Site(id="home", start_url="http://home.example/"),
        Site(id="part", start_url="http://shared.example/ed/", entry_points=("http://shared.example/other/nb/",)),
    ]
    held = {
        url: (registry.holder(sites, url) or Site(id="", start_url="")).id
        for url in (
            "https://www.home.example/nb/",
            "http://shared.example/ed/x/",
            "http://shared.example/other/nb/index.html",
            "http://shared.example/kc/",
            "http://else.example/",
        )
    }
    assert list(held.values()) == ["home", "part", "part", "", ""]


def test_the_registry_of_this_repository_is_usable():
    sites, problems = registry.read()
    assert [one for one in problems if not any(f"family '{name}' is unknown" in one.message for name in COMING)] == []
    assert len(sites) == len({site.id for site in sites}) >= 400
    assert not any(is_mirror(site.start_url) or is_mirror(site.evidence.split()[0]) for site in sites)


def test_what_is_stated_of_a_site_was_seen_on_its_host():
    for site in registry.read()[0]:
        seen, _, what = site.evidence.partition(" ")
        host = (urlsplit(site.start_url).hostname or "").removeprefix("www.")
        assert (urlsplit(seen).hostname or "").removeprefix("www.") == host, site.id
        assert re.fullmatch(r"\([a-z].+\)|\(list\)", what), site.id
        assert (site.confidence == "low") == (not site.entry_points), site.id
        assert "/gate/big5/" not in site.start_url + " ".join(site.entry_points)


@pytest.mark.parametrize(
    "name",
    [
        "afx",
        "alsyq",
        "anqiu",
        "baotou",
        "heping-hsz",
        "leizhou-wsz",
        "linxia-gxs",
        "lxs",
        "nbjb",
        "changjiang-hainan",
        "jytyj-panzhihua",
        "sw-beijing",
        "taixing-shz",
        "taizhou-jiangsu",
        "tzcjj-baise",
        "whly-gd",
        "xinyuan",
        "zhejiang-chinatax",
    ],
)
def test_ids_that_archives_know_stay(name):
    assert any(site.id == name for site in registry.read()[0])
