"""Which links lead to a column of yearly reports, and in which order they are asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.discovery import LAST_RESORT, in_realm, is_column, leads, score_of, shell_target, units_of_notice
from crawler.families import generic
from crawler.families.page import Page

HOME = "http://town.example/"


def page(body, url=HOME, title="岚汀县人民政府", tags=""):
    return Page(url, f"<html><head><title>{title}</title>{tags}</head><body>{body}</body></html>")


def links(*pairs):
    return "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in pairs)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (("政府信息公开年报", "/a/"), ("信息公开目录", "/zwgk/zfxxgknb/x/")),
        (("更多", "/zwgk/zfxxgknb/"), ("政府信息公开", "/zwgk/")),
        (("政府信息公开工作年度报告公布情况", "/xw/202402/t20240201_66.html"), ("法定主动公开内容", "/zwgk/fdgk/")),
        (("法定主动公开内容", "/zwgk/fdgk/"), ("政务公开", "/zwgk/")),
        (("政务公开", "/zwgk/"), ("走进岚汀", "/zjlt/")),
        (("乡镇街道", "/zwgk/xz/"), ("水务局", "/zwgk/swj/")),
        (("水务局", "/zwgk/swj/"), ("其他", "/zwgk/qt/")),
    ],
)
def test_the_more_a_link_promises_the_sooner_it_is_asked_for(better, worse):
    assert score_of(*better, inside=True) > score_of(*worse, inside=True)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("政府网站工作年度报表", "/zwgk/wzndbb/"),
        ("法治政府建设年度报告", "/zwgk/fzzf/"),
        ("2023年部门决算", "/zwgk/js/"),
        ("信息公开指南", "/zwgk/zn/"),
        ("依申请公开", "/zwgk/ysq/"),
        ("我县召开春耕会议", "/xw/202401/t20240101_55.html"),
        ("政务公开", "/zwgk/;jsessionid=8A7B?sessionid=8A7B"),
    ],
)
def test_what_leads_elsewhere_is_never_asked_for(text, url):
    assert score_of(text, url, inside=True) == 0


def test_a_link_outside_open_government_must_say_more_than_one_inside():
    assert score_of("水务局", "/bm/swj/", inside=False) == 0 < score_of("水务局", "/bm/swj/", inside=True)
    assert score_of("其他", "/zwgk/qt/", inside=True) < LAST_RESORT


def test_leads_of_a_home_page_best_first_each_once_and_on_its_host():
    body = links(
        ("/xw/", "新闻中心"),
        ("/zwgk/", "政务公开"),
        ("/zwgk/index.html", "公开"),
        ("https://other.example/nb/", "政府信息公开年报"),
        ("/zwgk/nb/", "政府信息公开年报"),
        ("/zwgk/nb/2023.pdf", "2023年政府信息公开年报"),
        ("/", "政务公开首页"),
    )
    found = list(leads(page(body)))
    assert [lead.url for lead in found][:2] == ["http://town.example/zwgk/nb/", "http://town.example/zwgk/"]
    assert {lead.url for lead in found} <= {HOME + "zwgk/nb/", HOME + "zwgk/", HOME + "zwgk/index.html"}


def test_frames_image_maps_and_tiny_shells_lead_on_too():
    framed = page('<iframe src="list.html"></iframe><map><area href="/gk/" alt="政务公开"></map>', title="政府信息公开")
    assert {lead.url for lead in leads(framed)} == {HOME + "list.html", HOME + "gk/"}
    assert shell_target(page("<script>location.href='/portal/index.html'</script>")) == HOME + "portal/index.html"
    assert shell_target(page("<script>location.href=base+'/x'; location.href='/a'; location.href='/b'</script>")) == ""


def test_depth_ends_the_search():
    body = links(("/zwgk/nb/", "政府信息公开年报"))
    assert list(leads(page(body), depth=5))
    assert not list(leads(page(body), depth=6))


def test_a_column_is_known_by_its_name_its_tags_or_what_it_lists():
    reports = links(*((f"/a/2024010{n}{n}{n}{n}.html", f"砚池镇{n}号2023年政府信息公开工作年度报告") for n in range(3)))
    news = links(*((f"/a/2024020{n}{n}{n}{n}.html", f"会议{n}") for n in range(9)))

    def column(one):
        return is_column(one, list(generic.entries(one)))

    assert column(page("", HOME + "zwgk/zfxxgknb/"))
    assert column(page("", HOME + "c7/", tags='<meta name="ColumnType" content="信息公开年报">'))
    assert column(page(reports, HOME + "c7/"))
    assert not column(page(reports + news, HOME + "c7/"))
    assert not column(page(news, HOME + "c8/", title="网站年报", tags='<meta name="ColumnName" content="网站年报">'))
    assert not column(page(news, HOME + "c8/", title="法治政府建设年度报告"))


def test_a_notice_of_what_was_published_names_the_units_reports():
    body = "<h1>岚汀县2023年政府信息公开工作年度报告公布情况</h1>" + links(
        ("/swj/202401/t20240120_55555.html", "县水务局"),
        ("/yc/202401/t20240121_66666.html", "砚池镇"),
        ("/zwgk/", "政务公开"),
    )
    assert [entry.title for entry in units_of_notice(page(body))] == ["县水务局", "砚池镇"]
    assert not list(units_of_notice(page(body.replace("公布情况", "工作"))))


def test_the_realm_is_told_by_address_or_title():
    assert in_realm(page("", HOME + "zwgk/x/"))
    assert in_realm(page("", HOME + "c9/", title="政务公开_岚汀县"))
    assert not in_realm(page("", HOME + "xw/"))


@given(text=st.text(max_size=40), url=st.text(max_size=60), inside=st.booleans())
def test_no_text_or_address_makes_it_fail(text, url, inside):
    assert 0 <= score_of(text, url, inside=inside) <= 100
    body = links((url.replace('"', ""), text.replace("<", "")))
    assert all(lead.score > 0 for lead in leads(page(body), score=50))
