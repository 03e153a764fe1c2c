"""Rewards in every order of things: a small number of the examples that `python -m tests.reward_life` runs."""

from __future__ import annotations

from hypothesis import Phase

from tests.reward_life import REACHED, run


def test_whatever_happens_in_whatever_order_each_reward_is_paid_once_or_not_at_all_and_the_books_are_in_order() -> None:
    """The same examples each time. Where one fails, the full size finds a shorter one."""
    run(6, 30, derandomize=True, phases=(Phase.generate,))
    assert REACHED.keys() >= {"vesting", "approved", "paying", "paid"}
