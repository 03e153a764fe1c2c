"""Whoever pays is killed in the midst of its calls, and everybody else at any time; `python -m tests.paying` does the
same with three hundred rewards on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.paying import FINAL_SECONDS, SMALL, pay_through_kills

pytestmark = pytest.mark.chaos


def test_each_reward_is_paid_once(tmp_path: Path, sqlite_database: str) -> None:
    outcome = pay_through_kills(sqlite_database, tmp_path, SMALL, seed=5)
    assert sum(outcome.killed.values()) == SMALL.points + SMALL.kills
    assert outcome.seconds < FINAL_SECONDS
