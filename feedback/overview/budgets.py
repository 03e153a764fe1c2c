"""How much of each budget is left, how fast it goes, and when it will be empty at that pace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from feedback.overview.history import Line, lines
from models import Budget, LedgerTransaction, Posting

WEEKS = 8
"""So far back it is looked."""
ENOUGH_WEEKS = 4
"""Of fewer nobody can say how fast it goes."""
MOST_WEEKS = 104
"""Whatever lasts longer than two years is not foretold."""
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Standing:
    """A budget and what it was spent on, in its currency's hundredths."""

    budget: Budget
    weeks: Sequence[int]
    """What was paid less what came back, in each of the last WEEKS weeks; the newest last."""
    since_weeks: int
    """How many of them it is there."""

    @property
    def whole_cents(self) -> int:
        budget = self.budget
        return budget.available_cents + budget.reserved_cents + budget.committed_cents + budget.spent_cents

    @property
    def parts(self) -> list[tuple[str, int, float, float]]:
        """(name, cents, from, width) of what is paid, on its way, approved and left; the last two of a hundred."""
        budget, found, begin = self.budget, [], 0.0
        sums = {
            "paid": budget.spent_cents,
            "committed": budget.committed_cents,
            "reserved": budget.reserved_cents,
            "left": budget.available_cents,
        }
        for name, cents in sums.items():
            width = 100 * cents / self.whole_cents if self.whole_cents else 0.0
            found.append((name, cents, round(begin, 2), round(width, 2)))
            begin += width
        return found

    @property
    def pace_cents(self) -> int | None:
        """A week, over the weeks that it is there. None: too few of them, or nothing was paid."""
        if self.since_weeks < ENOUGH_WEEKS:
            return None
        pace = sum(self.weeks) // self.since_weeks
        return pace if pace > 0 else None

    @property
    def empty_in_weeks(self) -> int | None:
        """What is left and not put aside, at that pace. None: nobody can say, or not in the next two years."""
        pace = self.pace_cents
        if pace is None or self.budget.closed_at is not None:
            return None
        weeks = self.budget.available_cents // pace
        return weeks if weeks <= MOST_WEEKS else None


@dataclass(frozen=True)
class Whole:
    standing: Standing
    history: Sequence[Line]


def standing(tx: Session, *, workspace_id: int, now: datetime) -> list[Standing]:
    """Those that are open first, the oldest first; in two queries."""
    budgets = tx.scalars(
        select(Budget)
        .where(Budget.workspace_id == workspace_id)
        .order_by(case((Budget.closed_at.is_(None), 0), else_=1), Budget.id)
    ).all()
    weeks = _weeks(tx, workspace_id, now)
    return [_standing(budget, weeks, now) for budget in budgets]


def one(tx: Session, *, workspace_id: int, budget_id: int, now: datetime) -> Whole | None:
    """None where it is not in this workspace."""
    budget = tx.scalars(
        select(Budget)
        .where(Budget.id == budget_id, Budget.workspace_id == workspace_id)
        .options(joinedload(Budget.made_by))
    ).one_or_none()
    if budget is None:
        return None
    weeks = _weeks(tx, workspace_id, now)
    history = lines(tx, workspace_id=workspace_id, subject="budget", subject_id=budget.id)
    return Whole(_standing(budget, weeks, now), history)


def _standing(budget: Budget, weeks: Mapping[int, Sequence[int]], now: datetime) -> Standing:
    return Standing(
        budget=budget,
        weeks=weeks.get(budget.id, [0] * WEEKS),
        since_weeks=min(WEEKS, max(0, (now - budget.made_at) // WEEK)),
    )


def _weeks(tx: Session, workspace_id: int, now: datetime) -> dict[int, list[int]]:
    """What was paid out of each budget less what came back, week by week."""
    sums = [
        func.sum(
            case(
                (
                    (LedgerTransaction.posted_at > now - back * WEEK)
                    & (LedgerTransaction.posted_at <= now - (back - 1) * WEEK),
                    Posting.amount_cents,
                ),
                else_=0,
            )
        ).label(f"w{back}")
        for back in range(WEEKS, 0, -1)
    ]
    rows = tx.execute(
        select(Posting.budget_id, *sums)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(
            LedgerTransaction.workspace_id == workspace_id,
            LedgerTransaction.posted_at > now - WEEKS * WEEK,
            Posting.account == "paid",
        )
        .group_by(Posting.budget_id)
    )
    return {row[0]: [int(cents) for cents in row[1:]] for row in rows}
