"""No request leaves for an address that is not public, in whatever way it is written."""

import ipaddress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.exceptions import CloseSpider

from crawler.items import Site
from crawler.readiness import require_contact
from crawler.safety import SafeAddressMiddleware, UnsafeAddressError, is_open, literal_address, networks

LOOPBACK = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.0x0.0x0.0x1",
    "0x7F.1",
    "0177.0.0.1",
    "017700000001",
    "0177.0x0.1",
    "00000177.0.0.1",
    "127.0.0.1.",
    "127.1.",
    "2130706433.",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[2002:7f00:1::]",
    "１２７.0.0.1",
    "127。0。0。1",
    "127．0．0．1",
    "①②⑦.0.0.1",
    "user:pass@127.0.0.1",
    "127.0.0.1:80",
]
NOT_PUBLIC = [
    "0.0.0.0",
    "0",
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "[::]",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[::ffff:10.0.0.1]",
    "[64:ff9b::a00:1]",
    "[2002:a00:1::1]",
]


@pytest.mark.parametrize("host", [*LOOPBACK, *NOT_PUBLIC])
def test_a_request_to_what_is_not_public_is_stopped(host):
    request = Request(f"http://{host}/nb/")  # Scrapy writes the address as it will be asked for
    with pytest.raises(UnsafeAddressError, match="is not a public address"):
        SafeAddressMiddleware(()).process_request(request)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "127.0.0.1."])
def test_an_opened_network_opens_all_ways_to_write_it(host):
    SafeAddressMiddleware(networks(["127.0.0.0/8"])).process_request(Request(f"http://{host}:8790/"))


def test_an_opened_network_opens_itself_alone():
    middleware = SafeAddressMiddleware(networks(["127.0.0.16/28"]))
    middleware.process_request(Request("http://127.0.0.31/"))
    for host in ("127.0.0.32", "127.0.0.1", "10.0.0.1", "[::1]"):
        with pytest.raises(UnsafeAddressError):
            middleware.process_request(Request(f"http://{host}/"))


@pytest.mark.parametrize("host", ["baishi.example", "8.8.8.8", "[2400:3200::1]", "123.example", "1.2.3.4.example"])
def test_names_and_public_addresses_pass(host):
    SafeAddressMiddleware(()).process_request(Request(f"http://{host}/"))


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_the_same_in_each_way_it_can_be_written(address):
    number = int(address)
    ways = [str(number), hex(number), f"0{number:o}", ".".join(f"0x{byte:x}" for byte in address.packed)]
    ways += [f"{number >> 24}.{number & 0xFFFFFF}", f"::ffff:{address}", f"{address}."]
    for way in ways:
        found = literal_address(way)
        assert found is not None, way
        assert is_open(found) == (address.is_global and not address.is_multicast), way


@example("0\x000")
@given(st.text(max_size=40))
def test_any_text_is_an_address_or_none(host):
    assert isinstance(literal_address(host), ipaddress.IPv4Address | ipaddress.IPv6Address | None)


def test_what_is_no_network_is_refused():
    with pytest.raises(ValueError, match="loopback"):
        networks(["loopback"])


@pytest.mark.parametrize("url", ["http://baishi.example/", "http://8.8.8.8/", "http://[2400:3200::1]/"])
def test_a_public_site_needs_a_contact(url):
    site = Site(id="baishi", start_url=url)
    with pytest.raises(CloseSpider) as error:
        require_contact(site, "", ["127.0.0.0/8"])
    assert "set a contact in config/crawl.toml" in error.value.reason
    require_contact(site, "desk@archive.example", [])


def test_the_refusal_prints_what_to_set():
    with pytest.raises(CloseSpider, match="set a contact in config"):
        require_contact(Site(id="town", start_url="http://www.x.example/nb/"), "", [])


def test_an_opened_site_needs_none():
    require_contact(Site(id="sample", start_url="http://127.0.0.11:8790/"), "", ["127.0.0.0/8"])
