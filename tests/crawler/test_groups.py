"""Sites on one address are crawled one after the other, also where only a third site shows that they share it."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.groups import addresses_of, by_address
from crawler.items import Site


def site(name, host):
    return Site(id=name, start_url=f"http://{host}/nb/")


def grouped(found, *hosts):
    sites = [site(f"s{number}", host) for number, host in enumerate(hosts)]
    groups = by_address(sites, lambda host: frozenset(found.get(host, "").split()))
    return [[one.start_url.split("/")[2] for one in group] for group in groups]


def test_two_names_of_one_address_are_one_group():
    assert grouped(
        {"a.example": "192.0.2.1", "b.example": "192.0.2.1", "c.example": "192.0.2.2"},
        "a.example",
        "c.example",
        "b.example",
    ) == [
        ["a.example", "b.example"],
        ["c.example"],
    ]


def test_two_groups_are_joined_by_a_site_that_is_on_both_addresses():
    found = {"a.example": "192.0.2.1", "b.example": "192.0.2.2", "c.example": "192.0.2.1 192.0.2.2"}
    assert grouped(found, "a.example", "b.example", "c.example") == [["a.example", "b.example", "c.example"]]


def test_names_that_cannot_be_resolved_are_groups_of_their_own_by_host():
    assert grouped({}, "a.example", "b.example", "a.example") == [["a.example", "a.example"], ["b.example"]]


def test_numeric_addresses_are_their_own_and_no_name_is_none():
    assert addresses_of("127.0.0.11") == {"127.0.0.11"}
    assert addresses_of("a" * 70 + ".example") == frozenset()
    assert addresses_of("no-such-host.invalid") == frozenset()


@given(st.lists(st.sets(st.sampled_from("abcdefg"), max_size=3), min_size=1, max_size=12))
def test_no_two_groups_share_an_address_and_no_site_is_lost(addresses):
    sites = [site(f"s{number}", f"h{number}.example") for number in range(len(addresses))]
    found = {f"h{number}.example": frozenset(a) for number, a in enumerate(addresses)}
    groups = by_address(sites, lambda host: found[host])
    assert sorted(one.id for group in groups for one in group) == sorted(one.id for one in sites)
    held = [set().union(*(found[one.start_url.split("/")[2]] for one in group)) for group in groups]
    assert sum(len(one) for one in held) == len(set().union(*held))
