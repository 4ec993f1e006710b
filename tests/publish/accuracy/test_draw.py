"""Which cells are drawn: the right number, none twice, each of a stratum as likely as any other."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.accuracy.draw import DrawError, Stratum, allocate, draw

SIZES = st.dictionaries(
    st.builds(Stratum, st.sampled_from(["html", "pdf", "scan"]), st.sampled_from("abc"), st.sampled_from("xy")),
    st.integers(0, 10**8),
    min_size=1,
).filter(lambda sizes: any(sizes.values()))


@given(SIZES, st.data())
def test_the_number_asked_for_is_allotted_and_no_stratum_gives_more_than_it_has(sizes, data):
    some = [size for size in sizes.values() if size]
    number = data.draw(st.integers(len(some), min(sum(some), 5000)) if len(some) < 5000 else st.nothing())
    allotted = allocate(sizes, number)
    assert sum(allotted.values()) == number
    assert all((size > 0) <= allotted[stratum] <= size for stratum, size in sizes.items())


@given(SIZES, st.integers(0, 2**40))
def test_what_is_drawn_is_in_the_stratum_once_and_the_same_again(sizes, seed):
    number = min(sum(sizes.values()), 300)
    drawn = draw(sizes, number, Random(seed))
    for stratum, positions in drawn.items():
        assert len(set(positions)) == len(positions)
        assert all(0 <= position < sizes[stratum] for position in positions)
    assert draw(dict(reversed(sizes.items())), number, Random(seed)) == drawn


def test_the_root_of_the_size_decides():
    big, small, tiny = Stratum("a", "", ""), Stratum("b", "", ""), Stratum("c", "", "")
    allotted = allocate({big: 1_000_000, small: 10_000, tiny: 3}, 223)
    assert allotted == {big: 202, small: 20, tiny: 1}


def test_every_cell_of_a_stratum_is_as_likely():
    stratum, other = Stratum("a", "", ""), Stratum("b", "", "")
    seen = Counter(p for seed in range(3000) for p in draw({stratum: 20, other: 5}, 6, Random(seed))[stratum])
    expected = 3000 * allocate({stratum: 20, other: 5}, 6)[stratum] / 20
    assert len(seen) == 20
    assert all(abs(count - expected) < 5 * expected**0.5 for count in seen.values())


def test_what_cannot_be_drawn_is_said():
    sizes = {Stratum("a", "", ""): 4, Stratum("b", "", ""): 4}
    with pytest.raises(DrawError, match="2 strata"):
        allocate(sizes, 1)
    with pytest.raises(DrawError, match="holds 8"):
        allocate(sizes, 9)
    assert allocate(sizes, 8) == dict.fromkeys(sizes, 4)
