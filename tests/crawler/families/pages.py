"""Small pages in the markup of each family, about fictional places, for tests to read and to damage."""

from pathlib import Path

from crawler.families import Page, recognise

FIXTURES = Path(__file__).parent / "fixtures"
YEARS = (2023, 2022, 2021)


def title(year, agency="白石镇人民政府"):
    return f"{agency}{year}年政府信息公开工作年度报告"


def trs(url="http://yunxi.example/zwgk/zfxxgknb/", script='createPageHTML(3, 0, "index", "html");', extra=""):
    rows = "".join(
        f'<li><a href="./{y + 1}01/t{y + 1}0120_{y}.html" title="{title(y)}">白石镇{y}年…</a><span>{y + 1}-01-20</span></li>'
        for y in YEARS
    )
    menu = '<a href="/">首页</a><a href="javascript:void(0)">打印</a><a href="/xw/">我县召开春耕备耕会议</a>'
    return Page(url, f"<html><body>{menu}<ul>{rows}{extra}</ul><div><script>{script}</script></div></body></html>")


def trs_article(body='<a href="./P020240120123.pdf">附件</a>', tags=True, url=None):
    metas = (
        f'<meta name="ArticleTitle" content="{title(2023)}"><META NAME="pubdate" CONTENT="2024-01-20 09:30">'
        '<meta name="ContentSource" content="白石镇人民政府">'
    )
    return Page(
        url or "http://yunxi.example/zwgk/zfxxgknb/202401/t20240120_2023.html",
        f"<html><head><title>页面</title>{metas if tags else ''}</head><body><a href='/zn.doc'>指南下载</a>"
        f"<div class='TRS_Editor'>{body}</div></body></html>",
    )


def hanweb_store(years=YEARS, total=40, head=""):
    records = "".join(
        f"<record><![CDATA[\n<li><a href='/art/{y + 1}/1/20/art_5_{y}.html' title='{title(y)}'>白石镇{y}…</a>"
        f"<span>{y + 1}-01-20</span></li>]]></record>"
        for y in years
    )
    return f"{head}<datastore><nextgroup></nextgroup><totalrecord>{total}</totalrecord><recordset>{records}</recordset></datastore>"


def hanweb(total=40, script="columnid:5,unitid:'18',webid:\"36\",path:'/'"):
    return Page(
        "http://yunxi.example/col/col5/index.html",
        f'<html><body><div><script type="text/xml">{hanweb_store(total=total)}</script></div>'
        f"<script>var p={{{script}}};</script></body></html>",
    )


def ucap(number=1, script="", url=None):
    rows = "".join(
        f'<li><a href="/baishi/c100001/{y + 1}01/{y:032x}.shtml" title="{title(y)}">{title(y)[:9]}…</a><em>{y + 1}-01-20</em></li>'
        for y in YEARS
    )
    name = "list" if number == 1 else f"list_{number}"
    return Page(
        url or f"http://yunxi.example/baishi/c100001/{name}.shtml",
        f"<html><body><ul>{rows}</ul><script>{script}</script></body></html>",
    )


def gkmlpt_index(config):
    return Page(
        "http://yunxi.example/baishi/gkmlpt/index",
        f"<html><script>window._CONFIG = {config};</script><div id='app'></div></html>",
    )


def gkmlpt_api(text, number=1):
    return Page(f"http://yunxi.example/baishi/gkmlpt/api/all/6010?page={number}&sid=755041", text)


def fixture(name, url, asked=""):
    """A page of fixtures/<family>/<file>."""
    return Page(url, (FIXTURES / name).read_text(encoding="utf-8"), asked)


def told(url, text=""):
    """The name of the family that takes a page."""
    return recognise(Page(url, text)).NAME
