"""What was put aside by code that knew of no budgets, by a worker that still ran while newer code was being brought in.

Whoever moves its money next gives it a budget first, as if it had come out of that one from the beginning: nothing is
paid beside the ledger, and nothing is taken out of a budget that does not hold so much.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from feedback.rewards import budgets, ledger, standing, states
from models import Reward


def adopt(tx: Session, *, reward: Reward, now: datetime) -> None:
    """`reward` is locked. Nothing where it has a budget, or needs none yet. Refused where none that is open in its
    currency holds so much."""
    if reward.amount_cents == 0 or reward.budget_id is not None or reward.state in (*states.OPEN, "declined"):
        return
    budget = budgets.choose(tx, reward=reward, now=now)
    assert budget is not None, "something is paid"
    ledger.take_in(tx, reward=reward, budget=budget)
    reward.budget = budget
    standing.record(tx, reward=reward, by=None, act="adopted", now=now, budget=budget.name)
