"""What no page may do: load from elsewhere, tell paths, fail on unknown keys, spend without bound."""

import re
import time

import pytest

from tests.publish.fictional_site import BAISHI, QINGSHI, YUNXI

# Addresses in text and in namespaces load nothing.
LOADED = re.compile(
    r"""(?:src|srcset|action|data|poster|background)\s*=\s*["']?\s*(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//"""
)
LINKED = re.compile(r"""<link[^>]+rel=["']?(?:stylesheet|icon|preload|preconnect)[^>]+href\s*=\s*["']?(?:https?:)?//""")


def pages(visitor, fictional):
    digest = fictional.digests[f"{YUNXI} 2023"]
    key = "requests.received_new.total"
    return [
        "/",
        "/?lang=en",
        "/search?q=许可",
        visitor.report(f"{BAISHI} 2023"),
        visitor.report(f"{QINGSHI} 2023", "?lang=en"),
        visitor.report(f"{BAISHI} 2023", f"/cell/{key}"),
        visitor.report(f"{YUNXI} 2023", f"/cell/{key}?lang=en"),
        f"/document/{digest}",
        "/archive",
        "/archive/reports",
        "/archive/cells",
        "/archive/search?q=许可",
        "/-/databases",
        "/-/metadata",
        "/-/plugins",
        "/-/settings",
        "/report/none",
    ]


def test_no_page_loads_anything_from_elsewhere(visitor, fictional):
    for path in pages(visitor, fictional):
        text = visitor.get(path).text
        assert not LOADED.search(text), path
        assert not LINKED.search(text), path
    for sheet in ("gongkai.css", "datasette.css"):
        answer = visitor.get(f"/-/static-plugins/gongkai/{sheet}")
        assert answer.status_code == 200
        assert "url(" not in answer.text
        assert "@import" not in answer.text


def test_no_page_tells_where_things_lie(visitor, fictional):
    folder = str(fictional.db.parent)
    for path in [
        *pages(visitor, fictional),
        "/-/databases.json",
        "/-/metadata.json",
        "/-/plugins.json?all=1",
        "/archive.json",
        "/.json",
        "/-/threads.json",
    ]:
        text = visitor.get(path).text
        assert folder not in text, path
        assert "publish/templates" not in text, path


def test_our_pages_run_no_script_and_carry_a_policy(visitor, fictional):
    for path in pages(visitor, fictional)[:8]:
        answer = visitor.get(path)
        assert "<script" not in answer.text, path
        assert " style=" not in answer.text, path
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"].startswith("public, max-age=")
    for path in ("/archive", "/archive/reports", "/report/none"):
        headers = visitor.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    ["/report/r000000000000", "/report/r000000000000.json", "/report/none/cell/x", "/report/none/cell/x/original"],
)
def test_unknown_keys_are_not_found(visitor, path):
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize(
    "sql",
    [
        "select zeroblob(900000000)",
        "select hex(randomblob(100000000))",
        "select printf('%900000000d', 1)",
        "select format('%900000000d', 1)",
        "select replace(hex(substr('x', 1, 1)), '7', (select group_concat(key, '') from cells, cells))",
        "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c",
        "attach 'other.db' as other",
        "delete from reports",
        "pragma writable_schema = on",
    ],
)
def test_costly_and_writing_sql_is_refused_soon(visitor, sql):
    started = time.monotonic()
    answer = visitor.get(f"/archive.json?sql={sql}")
    assert answer.status_code == 400
    assert time.monotonic() - started < 10


def test_a_value_from_outside_is_bounded_while_our_pages_read_whole_texts(visitor):
    answer = visitor.get(
        "/archive.json?sql=select group_concat(text, '') || group_concat(text, '') from (select text from sections, cells limit 20000)"
    )
    assert answer.status_code == 400
    assert "too big" in answer.text


def test_robots_may_read(visitor):
    lines = visitor.get("/robots.txt").text.splitlines()
    assert "Allow: /" in lines
    assert "Disallow: /" not in lines
