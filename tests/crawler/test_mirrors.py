"""Spam mirrors are known by host, with or without www, and their neighbours are not."""

import pytest

from crawler.mirrors import is_mirror, mirrors


def test_the_list_holds_bare_hosts_alone():
    assert len(mirrors()) > 100
    assert all(host == host.lower().strip("/") and "." in host and " " not in host for host in mirrors())
    assert not any(host.endswith(".gov.cn") for host in mirrors())


@pytest.mark.parametrize("form", ["http://{}/zfxxgk/1.html", "https://www.{}:8443/", "http://{}", "HTTP://{}/A"])
def test_every_host_of_the_list_is_a_mirror_however_it_is_written(form):
    assert all(is_mirror(form.format(host)) for host in mirrors())
    assert all(is_mirror(form.format(host.upper())) for host in mirrors())


@pytest.mark.parametrize(
    "address", ["http://baishi.example/", "", "/nb/1.html", "http://[::1", "http://x.example/?u={}"]
)
def test_others_are_none(address):
    assert not is_mirror(address.format(min(mirrors())))


@pytest.mark.parametrize(
    "address",
    [
        "http://www.beijing.gov.cn/gate/big5/www.beijing.gov.cn/gongkai/zfxxgk/zfxxgknb/",
        "http://big5.www.gov.cn/gate/big5/www.gov.cn/govweb/gzdt/2010-04/02/content_1571903.htm",
    ],
)
def test_official_pages_in_traditional_script_are_no_mirrors(address):
    assert not is_mirror(address)
