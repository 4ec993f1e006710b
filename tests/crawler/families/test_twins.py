"""Addresses of one page have one text, those of two pages two, and no text at all makes it raise."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.families.twins import canonical

HOST = "http://www.lanting.example"
ARTICLE = "/nb/202401/t20240120_5521"
TWINS = [
    {
        f"{HOST}{ARTICLE}.html",
        f"{HOST}{ARTICLE}_wap.html",
        f"{HOST}{ARTICLE}_app.html",
        f"{HOST}{ARTICLE}_2.html",
        f"{HOST}{ARTICLE}_2_wap.html",
        f"http://lanting.example:80{ARTICLE}.html",
        f"https://WWW.Lanting.Example:443{ARTICLE}.html#top",
        f"{HOST}{ARTICLE}.html;jsessionid=0A1B2C.node1",
        f"{HOST}{ARTICLE}.html?JSESSIONID=0A1B2C",
        f"{HOST}/gate/big5/www.lanting.example{ARTICLE}.html",
        f"http://big5.lanting.example/gate/big5/www.lanting.example{ARTICLE}.html",
    },
    {HOST + "/nb/202401/t0035_5521.html", HOST + "/nb/202401/t0035_5521_wap.html"},
    {HOST + "/nb/202401/t5521123.shtml", HOST + "/nb/202401/t5521123_wap.shtml"},
    {HOST + "/nb/content/post_55.html", HOST + "/nb/content/mpost_55.html"},
    {HOST + "/gkmlpt/content/3/38/post_3844.html", HOST + "/gkmlpt/content/3/38/mpost_3844.html"},
    {
        HOST + "/info/5069/1143172.htm",
        HOST + "/xxgk/xxgk_content.jsp?urltype=news.NewsContentUrl&wbtreeid=5069&wbnewsid=1143172",
        HOST + "/content.jsp?wbnewsid=1143172&wbtreeid=5069&urltype=news.NewsContentUrl",
    },
    {
        HOST + "/module/xxgk/xxgkAnnualReport.jsp?area=11&fbtime=2023",
        HOST + "/module/xxgk/xxgkAnnualReport.jsp?fbtime=2023&area=11&",
    },
    {
        HOST + "/public/column/551?type=3&timeFrame=2023&hasContent=true",
        HOST + "/public/column/551?type=3&nav=5&sub=4&hasContent=true&timeFrame=2023",
    },
    {
        "http://www.lanting.gov.cn/nb/1.html",
        "http://www.lanting.gov.cn/gate/big5/www.lanting.gov.cn/nb/1.html",
        "http://big5.lanting.gov.cn/gate/big5/www.lanting.gov.cn/nb/1.html",
        "http://big5.www.gov.cn/gate/big5/www.lanting.gov.cn/nb/1.html",
    },
    {HOST, HOST + "/", "https://lanting.example"},
]
DIFFERENT = [
    (HOST + "/nb/202401/t20240120_5521.html", HOST + "/nb/202401/t20240120_5522.html"),
    (HOST + "/nb/202401/t20240120_5521.html", HOST + "/nb/202401/t20240120_5521.shtml"),
    (HOST + "/nb/index_1.html", HOST + "/nb/index_2.html"),
    (HOST + "/nb/list_1.shtml", HOST + "/nb/list.shtml"),
    (HOST + "/a/b.jsp?x=1&y=2", HOST + "/a/b.jsp?y=2&x=1"),
    (HOST + "/info/1/2.htm", HOST + "/info/2/1.htm"),
    (HOST + "/module/xxgk/xxgkAnnualReport.jsp?fbtime=2023", HOST + "/module/xxgk/xxgkAnnualReport.jsp?fbtime=2022"),
    (HOST + ":8080/1.html", HOST + "/1.html"),
    (HOST + "/nb/1.html", "http://xz.lanting.example/nb/1.html"),
    ("http://mirror.example/gate/big5/www.lanting.gov.cn/nb/1.html", "http://www.lanting.gov.cn/nb/1.html"),
    (HOST + "/content.jsp?urltype=news.NewsContentUrl&wbtreeid=x&wbnewsid=2", HOST + "/info/x/2.htm"),
]


@pytest.mark.parametrize("twins", TWINS, ids=lambda twins: min(twins, key=len))
def test_twins_have_one_text(twins):
    assert len({canonical(url) for url in twins}) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_pages_have_different_texts(one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    "url", ["", "/nb/1.html", "javascript:void(0)", "ftp://www.x.example/a", "http://[", "http://"]
)
def test_what_is_no_web_address_stays_itself(url):
    assert canonical(url) == url


PIECES = st.sampled_from(
    [
        *(
            "http://",
            "HTTPS://",
            "www.",
            "big5.",
            "x.example",
            "x.gov.cn",
            ":80",
            ":443",
            ":8080",
            "/",
            "//",
            "?",
            "&",
            "#",
        ),
        *(
            "/gate/big5/",
            "/gate/big5/www.x.example",
            "/202401/t20240120_5",
            "_wap",
            "_2",
            "_app",
            ".html",
            ".shtml",
            ";",
        ),
        *("/content/mpost_5.html", ";jsessionid=", "jsessionid=1", "/xxgk_content.jsp", "urltype=news.NewsContentUrl"),
        *(
            "wbtreeid=1",
            "wbnewsid=2",
            "/module/xxgk/xxgkAnnualReport.jsp",
            "/public/column/5",
            "nav=1",
            "[",
            "]",
            "@",
            "%",
        ),
        *(" ", "\n", "\0", "\ud800", "İ", "ß", "℀", "１", "٣"),
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=14).map("".join))
@example("https://x.example:80/")
@example("http://www.www./a")
@example("http:////x.example/a")
@example("http://x.example/gate/big5/x.example/gate/big5/x.example")
@example("http://x.example/a;jsess;jsessionid=1?ionid=2")
def test_one_text_stays_itself(text):
    once = canonical(text)
    assert canonical(once) == once


@given(st.lists(PIECES, max_size=14).map(lambda pieces: "http://www.x.example/" + "".join(pieces)))
def test_an_addresses_text_stays_itself_and_can_be_written(text):
    once = canonical(text)
    assert canonical(once) == once
    assert once.startswith("http")


@pytest.mark.parametrize("times", [50, 300, 50_000])
def test_gates_within_gates_end(times):
    url = "http://x.example" + "/gate/big5/x.example" * times + "/1.html"
    assert canonical(url) == ("http://x.example/1.html" if times == 50 else url)


@given(st.text(max_size=60))
def test_any_text_has_one(text):
    assert isinstance(canonical(text), str)
