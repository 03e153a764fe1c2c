"""How long something takes while some of it is not over: against an example that textbooks print."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from feedback.overview.survival import survival

OVER = [6, 6, 6, 7, 10, 13, 16, 22, 23]
STILL = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
"""Weeks in remission under 6-MP: Freireich et al. (1963), as in Kleinbaum and Klein, Survival Analysis, table 2.2."""
WAITS = st.lists(st.tuples(st.integers(0, 60).map(float), st.booleans()), max_size=40)


def freireich() -> list[tuple[float, bool]]:
    return [(float(weeks), True) for weeks in OVER] + [(float(weeks), False) for weeks in STILL]


def test_it_is_what_the_textbook_prints() -> None:
    found = survival(freireich())
    assert [(step.days, round(step.share, 4)) for step in found.steps] == [
        (6, 0.8571),
        (7, 0.8067),
        (10, 0.7529),
        (13, 0.6902),
        (16, 0.6275),
        (22, 0.5378),
        (23, 0.4482),
    ]
    median = found.quantile()
    assert (median.of, median.over, median.days, median.low, median.high) == (21, 9, 23, 13, None)
    shares = [found.share_at(weeks) for weeks in (5, 9, 99)]
    assert shares == pytest.approx([1.0, 0.8067, 0.4482], abs=1e-4)


def test_the_interval_is_the_one_of_scipy() -> None:
    theirs = stats.ecdf(stats.CensoredData(uncensored=OVER, right=STILL)).sf
    interval = theirs.confidence_interval(method="log-log")
    rows = zip(theirs.quantiles, interval.low.probabilities, interval.high.probabilities, strict=True)
    by_week = {week: (low, high) for week, low, high in rows}
    for step in survival(freireich()).steps:
        assert (step.low, step.high) == pytest.approx(by_week[step.days], abs=1e-4)


def test_where_all_is_over_it_is_the_plain_median() -> None:
    found = survival([(float(days), True) for days in (1, 2, 3, 4)])
    assert [step.share for step in found.steps] == pytest.approx([0.75, 0.5, 0.25, 0])
    assert (found.quantile().days, found.quantile(0.9).days) == (2, 4)


def test_of_nothing_nothing_is_said() -> None:
    for waits in ([], [(3.0, False)]):
        median = survival(waits).quantile()
        assert (median.days, median.low, median.high) == (None, None, None)


@settings(max_examples=60, deadline=None)
@given(waits=WAITS)
def test_it_only_falls_and_stays_within_its_bounds(waits: list[tuple[float, bool]]) -> None:
    found = survival(waits)
    shares = [1.0, *(step.share for step in found.steps)]
    assert shares == sorted(shares, reverse=True)
    assert all(
        0 <= step.low <= step.share + 1e-9 and step.share <= step.high + 1e-9 <= 1 + 1e-9 for step in found.steps
    )
    assert found.over == sum(is_over for _, is_over in waits)
