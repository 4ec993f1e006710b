"""Rates and intervals: known values, and that they hold the true rate as often as they say."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.accuracy.draw import Stratum, allocate
from publish.accuracy.rates import Count, agreement, interval, weighted, wilson


@pytest.mark.parametrize(
    ("wrong", "judged", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_that_of_the_literature(wrong, judged, low, high):
    assert wilson(wrong, judged) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda judged: st.tuples(st.integers(0, judged), st.just(judged))))
def test_the_interval_holds_the_rate(counts):
    wrong, judged = counts
    low, high = wilson(wrong, judged)
    assert 0 <= low <= wrong / judged <= high <= 1


def test_one_stratum_alone_has_its_own_interval():
    rate = weighted([Count(10**6, 148, 15)])
    assert (rate.low, rate.high) == pytest.approx(interval(15, 148))
    assert rate.covers == 1


def test_strata_weigh_as_much_as_they_are_large():
    rate = weighted([Count(9_000, 10, 0), Count(1_000, 10, 5)])
    assert rate.rate == pytest.approx(0.05)  # not 5 of 20
    assert rate.low < 0.05 < rate.high


def test_what_was_read_whole_is_known():
    rate = weighted([Count(20, 20, 3)])
    assert (rate.rate, rate.low, rate.high) == pytest.approx((0.15, 0.15, 0.15))


def test_what_nobody_could_judge_is_not_spoken_for():
    rate = weighted([Count(600, 10, 0), Count(400, 0, 0)])
    assert rate.covers == pytest.approx(0.6)
    nothing = weighted([Count(400, 0, 0)])
    assert (nothing.rate, nothing.low, nothing.high, nothing.covers) == (None, 0.0, 1.0, 0.0)


@pytest.mark.parametrize("number", [60, 400])
@pytest.mark.parametrize("rates", [(0.001, 0.02, 0.3), (0.01, 0.01, 0.01), (0.0, 0.1, 0.5)])
def test_the_weighted_interval_covers_the_truth_as_often_as_it_says(rates, number):
    """Drawn as ``draw`` does, from strata of very unlike sizes."""
    sizes = {Stratum(name, "", ""): size for name, size in zip("abc", (900_000, 90_000, 2_000), strict=True)}
    truth = sum(size * rate for size, rate in zip(sizes.values(), rates, strict=True)) / sum(sizes.values())
    rng, allotted, held = Random(1), allocate(sizes, number), 0
    for _ in range(1000):
        counts = [
            Count(size, allotted[stratum], sum(rng.random() < rate for _ in range(allotted[stratum])))
            for (stratum, size), rate in zip(sizes.items(), rates, strict=True)
        ]
        found = weighted(counts)
        held += found.low <= truth <= found.high
    assert held >= 930


def test_agreement_beyond_chance():
    # Cohen's own kind of table: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no -> 0.4
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    found = agreement(pairs)
    assert (found.alike, found.of, found.kappa) == (35, 50, pytest.approx(0.4))
    assert agreement([("0", "0")] * 9).kappa is None
    assert agreement([]).kappa is None
