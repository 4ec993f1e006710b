"""Who a report is from, by names, sites and what the text says; and when that is left to a person."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import identity as benchmark
from extract.identity.clues import Clues, Site
from extract.identity.decided import Decisions, read_decisions
from extract.identity.divisions import load
from extract.identity.identify import identify

TITLE = "年政府信息公开工作年度报告"
CORPUS = os.environ.get("GONGKAI_CORPUS", "")


@pytest.fixture(scope="module")
def divisions():
    return load()


@pytest.fixture(scope="module")
def who(divisions):
    def told(name="", year=2023, **clues):
        return identify(Clues(title=f"{name}{year}{TITLE}", year=year, **clues), divisions)

    return told


def site(code, level="county", agency=""):
    return Site(code, agency=agency, level=level, region_code=code)


@pytest.mark.skipif(not CORPUS, reason="GONGKAI_CORPUS is not set: the corpus of real reports is not here")
def test_the_five_reports_from_their_text_alone(divisions):
    told = list(benchmark.seeds(Path(CORPUS), divisions))
    assert [found.code for _, _, found in told] == [code for _, code, _ in told]
    assert {found.status for _, _, found in told} == {"resolved"}


@pytest.mark.parametrize(
    ("name", "code", "key"),
    [
        ("遂平县花庄镇人民政府", "411728109", "411728109-2015:政府"),
        ("攀枝花市仁和区前进镇", "510411107", "510411107-2015:政府"),
        ("甘肃永靖县红泉镇", "622923109", "622923109-2015:政府"),
        ("遂平县灈阳街道办事处", "411728001", "411728001-2015:政府"),
        ("互助县", "630223", "630223-2015:政府"),
        ("天津市河北区水务局", "120105", "120105-2015:水务局"),
        ("国家税务总局安徽省税务局", "340000", "340000-2015:税务局"),
        ("东莞市南城街道", "441900004", "441900004-2015:政府"),
        ("遂平县人民政府办公室", "411728", "411728-2015:政府办公室"),
    ],
)
def test_a_whole_name_is_enough(who, name, code, key):
    found = who(name)
    assert (found.status, found.code, found.agency_key, found.edition) == ("resolved", code, key, 2023)


def test_a_town_s_name_without_a_hint_waits_for_a_person(who):
    found = who("前进镇")
    assert found.status == "ambiguous"
    assert found.division is None
    assert not found.agency_key
    assert len(found.candidates) == 7
    assert "7 places" in found.why


@pytest.mark.parametrize(
    "clues",
    [
        {"site": site("510411")},
        {"site": site("510400", "prefecture")},
        {"text": "网站标识码：5104110001"},
        {"text": "川公网安备 51041102000123号"},
        {"text": "在仁和区的指导下"},
        {"text": "联系电话：0812-2901234"},
        {"signature": "仁和区前进镇人民政府"},
        {"breadcrumb": "首页 > 仁和区 > 乡镇"},
        {"text": "川ＩＣＰ备案 电话（0812）2901234"},
    ],
)
def test_one_hint_tells_which_of_seven(who, clues):
    found = who("前进镇", **clues)
    assert (found.status, found.code) == ("resolved", "510411107")
    assert any(row.source in {"site", "site code", "police", "superior", "phone", "breadcrumb", "signature places"}
               for row in found.evidence)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "clues"),
    [
        ("红泉镇", {"site": site("411728")}),  # the only one there is, found elsewhere
        ("遂平县花庄镇", {"site": site("510411")}),
        ("前进镇", {"site": site("411728")}),
        ("前进镇", {"text": "在仁和区和海伦市的指导下"}),
        ("鼓楼区教育局", {}),
        ("水利局", {"site": site("411700", "prefecture")}),  # the prefecture's, or that of one of its counties
    ],
)
def test_what_does_not_fit_is_left_open(who, name, clues):
    found = who(name, **clues)
    assert found.status == "ambiguous"
    assert found.candidates
    assert found.why


@pytest.mark.parametrize(
    ("name", "clues"),
    [
        ("", {}),
        ("", {"site": site("411728")}),  # a county's site holds all its bodies
        ("岚汀县水务局", {"site": site("411728")}),
        ("遂平县砚池镇", {}),
        ("我局", {}),
        ("区水利局", {"site": site("411728")}),  # there is no 区 on a county's site
    ],
)
def test_what_the_tree_does_not_have_is_unknown(who, name, clues):
    found = who(name, **clues)
    assert (found.status, found.division) == ("unknown", None)
    assert found.why


def test_the_text_can_speak_against_the_only_place_of_a_name(who):
    assert who("红泉镇").status == "resolved"
    assert who("红泉镇", text="在县委、县政府的领导下").status == "resolved"
    assert who("红泉镇", text="在区委、区政府的领导下").status == "ambiguous"


def test_a_text_of_another_county_speaks_against_the_only_place_of_a_name(who):
    assert who("红泉镇", text="兰考县红泉镇。兰考县人民政府。").status == "ambiguous"
    assert who("红泉镇", text="永靖县与兰考县结对，兰考县来访。").code == "622923109"


def test_a_site_without_a_division_is_told_by_its_name(who):
    named = Site("x", name="仁和区人民政府门户网站")
    assert who("前进镇", site=named).code == "510411107"
    assert who("红泉镇", site=named).status == "ambiguous"
    assert who("水利局", site=Site("x", name="遂平县政府信息公开平台")).agency_key == "411728-2015:水利局"


def test_a_bare_name_on_the_site_of_an_unknown_place_is_hardly_the_known_one(who):
    assert who("红泉镇", site=Site("x", name="岚汀县人民政府")).status == "ambiguous"
    assert who("永靖县红泉镇", site=Site("x", name="岚汀县人民政府")).code == "622923109"
    assert who("红泉镇", site=Site("x", name="政务公开网")).code == "622923109"


def test_a_page_headed_by_another_government_speaks_against_the_only_place_of_a_name(who):
    assert who("红泉镇", text="岚汀县人民政府门户网站\n首页\n本镇公开信息 3 条。").status == "ambiguous"
    assert who("红泉镇", text="临夏回族自治州人民政府\n永靖县人民政府\n").code == "622923109"
    assert who("红泉镇", text="按照县人民政府\n要求公开信息 3 条。").code == "622923109"


def test_after_the_last_edition_a_bare_name_needs_a_hint(who):
    assert who("红泉镇", 2025).status == "ambiguous"
    found = who("红泉镇", 2025, text="永靖县红泉镇")
    assert (found.code, found.edition) == ("622923109", 2023)


@pytest.mark.parametrize(
    ("name", "year", "code", "edition"),
    [
        ("洛浦县恰尔巴格镇", 2023, "653224103", 2023),
        ("洛浦县恰尔巴格镇", 2020, "653224203", 2020),  # a town since the edition of 2021
        ("洛浦县恰尔巴格乡", 2024, "653224103", 2023),
        ("嫩江市前进镇", 2018, "231121105", 2018),
        ("嫩江县前进镇", 2019, "231183105", 2019),
        ("石家庄高新技术产业开发区管委会", 2015, "130171", 2017),  # listed since 2017
        ("永靖县红泉镇", 2009, "622923109", 2015),
    ],
)
def test_the_code_is_that_of_the_report_s_year(who, name, year, code, edition):
    found = who(name, year)
    assert (found.status, found.code, found.edition) == ("resolved", code, edition)


def test_a_place_that_was_not_there_for_years_is_left_open(who):
    assert who("杭州市临平区", 2016).status == "ambiguous"
    assert who("杭州市临平区", 2020).code == "330113"


def test_a_town_that_the_tree_still_has_as_a_township(who):
    for clues in ({"name": "五河县沱湖镇"}, {"name": "沱湖镇", "site": site("340322")}):
        found = who(**clues, year=2025)
        assert (found.status, found.division.name) == ("resolved", "沱湖乡")


def test_two_printed_names_of_one_body_have_one_key(who):
    for names in (
        ("遂平县花庄镇人民政府", "河南省驻马店市遂平县花庄镇", "遂平花庄镇"),
        ("遂平县市场监督管理局", "遂平县市场监管局", "遂平县市监局"),
        ("驻马店市文化和旅游局", "驻马店市文旅局", "驻马店市文化旅游局"),
        ("遂平县人民政府", "遂平县", "驻马店市遂平县政府"),
    ):
        assert len({who(name).agency_key for name in names}) == 1


def test_two_bodies_have_two_keys(who):
    names = ["遂平县", "遂平县人民政府办公室", "遂平县水利局", "遂平县自然资源局", "遂平县国土资源局", "遂平县花庄镇"]
    assert len({who(name).agency_key for name in names}) == len(names)


@pytest.mark.parametrize(
    ("name", "kind", "level"),
    [
        ("遂平县", "government", "county"),
        ("遂平县花庄镇", "township", "township"),
        ("遂平县瞿阳街道", "subdistrict", "township"),
        ("驻马店市水利局", "department", "prefecture"),
        ("遂平县税务局", "vertical", "county"),
        ("石林县委宣传部", "party", "county"),
        ("武汉东湖生态旅游风景区管委会", "functional_area", "county"),
        ("遂平县自来水公司", "organisation", "county"),
        ("水利部", "central", "central"),
    ],
)
def test_kind_and_level(who, name, kind, level):
    found = who(name)
    assert (found.status, found.kind, found.level) == ("resolved", kind, level)


def test_an_organ_without_a_place_is_that_of_the_county_s_site(who):
    assert who("县水利局", site=site("411728")).agency_key == "411728-2015:水利局"
    assert who("市水利局", site=site("411700", "prefecture")).agency_key == "411700-2015:水利局"
    assert who("县人民政府", site=site("411728")).agency_key == "411728-2015:政府"


def test_the_site_of_one_body_speaks_for_a_report_that_names_none(who):
    found = who("", site=site("411700", "department", "驻马店市水利局"))
    assert found.agency_key == "411700-2015:水利局"


def test_the_issuer_counts_where_the_title_names_nobody(who):
    assert who("", issuer="遂平县水利局").agency_key == "411728-2015:水利局"
    assert who("水利局", issuer="驻马店市水利局").agency_key == "411700-2015:水利局"
    assert who("", issuer="遂平县人民政府网").status == "unknown"


def test_a_column_names_the_body_where_nothing_else_does(who):
    found = who("", site=site("411728"), breadcrumb="乡镇 > 花庄镇")
    assert found.agency_key == "411728109-2015:政府"
    assert who("", site=site("411728"), breadcrumb="政务公开 > 水利局").agency_key == "411728-2015:水利局"


def test_who_puts_up_pages_for_all_is_not_taken_for_the_issuer(who):
    county = site("411728")
    assert who("", publisher="遂平县", issuer="遂平县", site=county).status == "unknown"
    found = who("", issuer="遂平县人民政府办公室", site=county, breadcrumb="乡镇 > 花庄镇")
    assert found.status == "ambiguous"
    assert {each.name for each in found.candidates} == {"遂平县", "花庄镇"}
    assert "花庄镇" in found.why
    assert who("", issuer="遂平县人民政府办公室", site=county).agency_key == "411728-2015:政府办公室"


def test_a_publisher_that_is_one_body_is_the_issuer_where_nobody_else_is_named(who):
    assert who("", publisher="遂平县水利局").agency_key == "411728-2015:水利局"
    assert who("县水利局", publisher="遂平县水利局").agency_key == "411728-2015:水利局"
    assert who("遂平县水利局", publisher="遂平县花庄镇").agency_key == "411728-2015:水利局"


def test_a_publisher_speaks_for_a_place_and_against_none(who):
    assert who("前进镇", publisher="仁和区人民政府").code == "510411107"
    assert who("遂平县花庄镇", publisher="兰考县人民政府").code == "411728109"


def test_a_decision_on_an_issuer_is_not_one_on_a_publisher(divisions):
    decided = Decisions(identities={("遂平县人民政府", "gov.example"): "411728-2015:政府"})
    clues = Clues(issuer="前进镇", host="gov.example", publisher="遂平县人民政府", year=2023)
    assert identify(clues, divisions, decided).status == "ambiguous"


def test_zones_that_no_list_has(who):
    found = who("平潭综合实验区管委会", 2018)
    assert (found.agency_key, found.kind, found.code, found.edition) == (
        "zone-pingtan:政府",
        "functional_area",
        "",
        None,
    )
    assert who("杨凌示范区教育局").agency_key == "zone-yangling:教育局"
    assert who("河北雄安新区管理委员会").division.name == "雄安新区"


def test_counties_that_began_after_the_last_edition(who):
    found = who("和安县人民政府", 2024)
    assert (found.agency_key, found.code, found.edition) == ("653229-2025:政府", "653229", 2025)
    assert who("和田地区和安县", 2018).status == "ambiguous"


@pytest.mark.parametrize(
    ("name", "clues", "look_at"),
    [
        ("前进镇", {}, "look for its county"),
        ("", {}, "read the page"),
        ("水利局", {}, "look whose site it is"),
        ("遂平县砚池镇", {}, "look for another spelling"),
        ("杭州市临平区", {"year": 2016}, "see whether the year is right"),
        ("红泉镇", {"site": site("411728")}, "see which is right"),
        ("水利局", {"site": site("411700", "prefecture")}, "see whether"),
    ],
)
def test_what_is_left_open_says_what_to_look_at(who, name, clues, look_at):
    assert look_at in who(name, **clues).why


def test_words_that_name_no_known_organ_are_no_government(who):
    found = who("", issuer="遂平县惠民")
    assert (found.status, found.kind) == ("ambiguous", "")
    assert "惠民" in found.why


def test_a_mirror_is_no_evidence(divisions):
    clues = Clues(
        title="前进镇2023" + TITLE, year=2023, host="www.copies.example", site=site("510411"),
        text="网站标识码：5104110001",
    )  # fmt: skip
    assert identify(clues, divisions).status == "resolved"
    assert identify(clues, divisions, mirrors={"copies.example"}).status == "ambiguous"
    by_url = Clues(title=clues.title, year=2023, url="http://copies.example/1.html", site=clues.site)
    assert identify(by_url, divisions, mirrors={"copies.example"}).status == "ambiguous"
    told = Clues(clues.title, year=2023, host="copies.example", breadcrumb="仁和区", publisher="仁和区人民政府")
    assert identify(told, divisions, mirrors={"copies.example"}).status == "ambiguous"


def test_what_a_person_decided_goes_first(divisions):
    decided = Decisions(
        identities={("前进镇", "gov.example"): "510411107-2015:政府", ("管委会", "x"): "411728-2015:产业集聚区"}
    )
    clues = Clues(title="2023" + TITLE, issuer="前进镇", year=2018, host="gov.example")
    found = identify(clues, divisions, decided)
    assert (found.status, found.code, found.kind) == ("resolved", "510411107", "township")
    assert found.evidence[0].source == "decided"
    other = identify(Clues(issuer="管委会", site=Site("x")), divisions, decided)
    assert (other.agency_key, other.kind) == ("411728-2015:产业集聚区", "functional_area")
    assert identify(Clues(issuer="前进镇", host="other.example"), divisions, decided).status == "ambiguous"


def test_a_decision_on_a_place_that_is_gone_from_the_tree_says_so(divisions):
    decided = Decisions(identities={("前进镇", "gov.example"): "1-2015:政府"})
    found = identify(Clues(issuer="前进镇", host="gov.example"), divisions, decided)
    assert (found.status, "no division 1-2015" in found.why) == ("unknown", True)


def test_evidence_that_lost_is_kept(who):
    found = who("红泉镇", site=site("411728"))
    assert {(row.source, row.weight > 0) for row in found.evidence} >= {
        ("title", True),
        ("site", True),
        ("site", False),
    }


def test_drawn_townships_with_and_without_hints(divisions, capsys):
    tallies = benchmark.townships(divisions, benchmark.draw(divisions, 40))
    assert all(tally.precision >= 0.99 for tally in tallies.values()), capsys.readouterr().out
    assert tallies["nothing"].ambiguous > 0
    assert tallies["site of county"].right == 40
    assert tallies["county in title"].right == 40


def test_names_that_are_one_place_s_only_today_are_not_guessed(divisions):
    tally = benchmark.unique_only_today(divisions)
    assert (tally.right, tally.wrong) == (0, 0)
    assert tally.ambiguous > 100


def test_the_registry_s_own_sites(divisions):
    tally = benchmark.registry(divisions)
    assert tally.wrong == 0
    assert tally.right >= 410


def test_an_empty_report_is_unknown(divisions):
    assert identify(Clues(), divisions).status == "unknown"
    assert identify(Clues(text="1 2 3" * 100), divisions, read_decisions()).status == "unknown"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("科右中旗哈日诺尔苏木", "152222"),
        ("喀左县人民政府办公室", "211324"),
        ("鄂温克旗审计局", "150724"),
        ("新疆自治区生态环境厅", "650000"),
        ("黔南州民政局", "522700"),
    ],
)
def test_long_names_cut_short(who, name, code):
    found = who(name)
    assert found.status == "resolved"
    assert found.code.startswith(code)


def test_the_word_for_the_level_alone_on_a_province_s_site(who):
    found = who("自治区政府办公厅", site=site("450000", "province"))
    assert (found.agency_key, found.level) == ("450000-2015:政府办公室", "province")


def test_the_signature_at_the_end_of_the_text_is_read(who):
    found = who("前进镇", text="六、其他\n无。\n仁和区前进镇人民政府\n2024 年 1 月 11 日")
    assert found.code == "510411107"
    assert "signature places" in {row.source for row in found.evidence}


WILD = st.text(
    alphabet=st.sampled_from("攀枝花市仁和区前进镇遂平县水利局人民政府办公室街道办事处 2023年（）〔〕>0-中国国家的委"),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(title=WILD, issuer=WILD, signature=WILD, breadcrumb=WILD, text=WILD, publisher=WILD, year=st.none() | st.integers(1990, 2040),
       code=st.sampled_from(["", "411728", "510411", "440000", "999999", "41"]))  # fmt: skip
def test_whatever_is_printed_an_answer_is_whole_or_none(
    title, issuer, signature, breadcrumb, text, publisher, year, code
):
    site_row = Site("x", level="county", region_code=code) if code else None
    clues = Clues(title, issuer, signature, year, "", "", breadcrumb, site_row, text, publisher)
    found = identify(clues, load())
    assert identify(clues, load()) == found
    if found.status == "resolved":
        assert found.agency_key
        assert found.name
        assert found.kind
        assert found.level
        assert (found.division is None) == (found.level == "central")
        if found.division:
            assert found.division.code_in(found.edition) == found.code
            assert found.agency_key == f"{found.division.id}:{found.organ}"
    else:
        assert found.division is None
        assert not found.agency_key
        assert found.why
        assert bool(found.candidates) == (found.status == "ambiguous")
