"""Money for a purpose, and out of which of them a reward is paid."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback import audit
from feedback.errors import Refused
from feedback.rewards import ledger
from models import Budget, Member, Reward


def open_budget(
    tx: Session, *, workspace_id: int, name: str, currency: str, cents: int, by: Member | None, now: datetime
) -> Budget:
    """A new one, with so much in it."""
    budget = Budget(
        workspace_id=workspace_id,
        name=name,
        currency=currency,
        made_by_id=by.id if by else None,
        made_at=now,
        available_cents=0,
        reserved_cents=0,
        committed_cents=0,
        spent_cents=0,
    )
    tx.add(budget)
    tx.flush()
    audit.record(
        tx, workspace_id=workspace_id, by=by, act="opened", subject="budget", subject_id=budget.id, now=now, cents=cents
    )
    if cents:
        ledger.fund(tx, budget=budget, cents=cents, by=by, now=now)
    return budget


def choose(tx: Session, *, reward: Reward, now: datetime) -> Budget | None:
    """Out of which it is paid: the one that its rule names, or the workspace's oldest in that currency which is open.
    None where nothing is paid. Refused where there is none."""
    if reward.amount_cents == 0:
        return None
    named = reward.rule.budget if reward.rule else None
    found = named if named and _is_open(named, now.date()) else _oldest(tx, reward, now.date())
    if found is None:
        raise Refused(f"There is no open budget in {reward.currency}. A manager can make one under Rewards, Budgets.")
    return found


def _oldest(tx: Session, reward: Reward, today: date) -> Budget | None:
    return (
        tx.scalars(
            select(Budget)
            .where(
                Budget.workspace_id == reward.workspace_id,
                Budget.currency == reward.currency,
                Budget.closed_at.is_(None),
                or_(Budget.starts_on.is_(None), Budget.starts_on <= today),
                or_(Budget.ends_on.is_(None), Budget.ends_on >= today),
                Budget.available_cents >= reward.amount_cents,
            )
            .order_by(Budget.id)
        ).first()
        or tx.scalars(
            select(Budget)
            .where(
                Budget.workspace_id == reward.workspace_id,
                Budget.currency == reward.currency,
                Budget.closed_at.is_(None),
            )
            .order_by(Budget.id.desc())
        ).first()
    )


def _is_open(budget: Budget, today: date) -> bool:
    return (
        budget.closed_at is None
        and (budget.starts_on is None or budget.starts_on <= today)
        and (budget.ends_on is None or budget.ends_on >= today)
    )
