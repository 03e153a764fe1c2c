"""What somebody was given so far, all accounts of theirs together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from feedback.rewards import states
from models import Payout, Reward


@dataclass(frozen=True)
class Given:
    reward_id: int
    reason: str
    cents: int
    currency: str
    sent_at: datetime | None
    """None: it was approved and is on its way, so that it counts as sent now."""


def given(tx: Session, *, people: Collection[int], since: datetime, but: Reward | None = None) -> list[Given]:
    """What these accounts were sent from then on, and what is on its way to them. `but`: without one that is being
    looked at."""
    rows = tx.execute(
        select(Reward.id, Reward.reason, Reward.amount_cents, Reward.currency, Payout.paid_at)
        .outerjoin(Payout, Payout.reward_id == Reward.id)
        .where(
            Reward.member_id.in_(people),
            Reward.id != but.id if but else true(),
            Reward.state.in_(states.GOING) | ((Reward.state == "paid") & (Payout.paid_at >= since)),
        )
        .order_by(Reward.id)
    )
    return [Given(*row) for row in rows]


def year_of(now: datetime) -> datetime:
    """When it began. Years and months are those of the clock in Greenwich, wherever somebody is."""
    return datetime(now.year, 1, 1, tzinfo=UTC)


def month_of(now: datetime) -> datetime:
    return datetime(now.year, now.month, 1, tzinfo=UTC)
