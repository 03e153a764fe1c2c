"""The arithmetic of how often the product is right."""

from __future__ import annotations

import pytest

from feedback.overview import metrics


def test_who_is_always_right_is_said_to_be() -> None:
    found = metrics.agreement([(1, "a"), (1, "a"), (2, "b"), (2, "b"), (3, "c")])
    assert (found.precision, found.recall, found.f1, found.pairs) == (1, 1, 1, 2)
    assert found.high == 1
    assert found.low == pytest.approx(0.566, abs=0.001)  # of five, all: Wilson's


def test_one_idea_in_the_wrong_theme() -> None:
    """Three were put together, and one of them belongs to a fourth: one pair of three is right, of two to be found."""
    found = metrics.agreement([(1, "a"), (1, "a"), (1, "b"), (2, "b")])
    assert found.precision == pytest.approx(1 / 3)
    assert found.recall == pytest.approx(1 / 2)
    assert found.f1 == pytest.approx(2 / 5)
    assert found.low <= found.f1 <= found.high


def test_nothing_together_is_nothing_wrong() -> None:
    assert metrics.agreement([]).f1 == 1
    assert metrics.agreement([(1, "a"), (2, "b")]).pairs == 0


def test_more_ideas_make_a_narrower_interval() -> None:
    few, many = ([(n % 4, n % 4 if n % 5 else 9) for n in range(count)] for count in (20, 400))
    narrow, wide = metrics.agreement(many), metrics.agreement(few)
    assert 0 < narrow.high - narrow.low < wide.high - wide.low


def test_shares_have_wilsons_interval() -> None:
    """The figures of ten of ten, and of none at all, by hand from the formula."""
    found = metrics.share(10, 10)
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.722, abs=0.001)
    assert (metrics.share(0, 0).low, metrics.share(0, 0).high) == (0, 1)
