"""How many gift codes there are, by list and amount, and who waits for one. No code itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models import GiftCode, Payout, Reward

MOST_LISTS = 100


@dataclass(frozen=True)
class Batch:
    """Those of one list that are worth the same."""

    name: str
    amount_cents: int
    currency: str
    free: int
    given: int
    expired: int
    withdrawn: int
    uploaded_at: datetime


@dataclass(frozen=True)
class Stock:
    """Of one amount, over all lists."""

    amount_cents: int
    currency: str
    free: int
    waiting: int
    """Approved thank-yous that have no code yet."""


def batches(tx: Session, *, workspace_id: int, now: datetime) -> Sequence[Batch]:
    """The newest first, and of so many lists the newest ones."""
    is_open = GiftCode.payout_id.is_(None) & GiftCode.withdrawn_at.is_(None)
    is_past = GiftCode.expires_on <= now.date()
    rows = tx.execute(
        select(
            GiftCode.batch,
            GiftCode.amount_cents,
            GiftCode.currency,
            func.sum(case((is_open & (GiftCode.expires_on.is_(None) | ~is_past), 1), else_=0)),
            func.sum(case((GiftCode.payout_id.is_not(None), 1), else_=0)),
            func.sum(case((is_open & is_past, 1), else_=0)),
            func.sum(case((GiftCode.withdrawn_at.is_not(None), 1), else_=0)),
            func.max(GiftCode.uploaded_at),
        )
        .where(GiftCode.workspace_id == workspace_id)
        .group_by(GiftCode.batch, GiftCode.currency, GiftCode.amount_cents)
        .order_by(func.max(GiftCode.id).desc())
        .limit(MOST_LISTS)
    )
    return [Batch(*row) for row in rows]


def stock(tx: Session, *, workspace_id: int, now: datetime) -> list[Stock]:
    """Every amount of which there are codes, or for which somebody waits."""
    is_good = GiftCode.expires_on.is_(None) | (GiftCode.expires_on > now.date())
    free = tx.execute(
        select(GiftCode.currency, GiftCode.amount_cents, func.count())
        .where(GiftCode.workspace_id == workspace_id, GiftCode.payout_id.is_(None), GiftCode.withdrawn_at.is_(None))
        .where(is_good)
        .group_by(GiftCode.currency, GiftCode.amount_cents)
    )
    waiting = tx.execute(
        select(Reward.currency, Reward.amount_cents, func.count())
        .join(Payout, Payout.reward_id == Reward.id)
        .where(Reward.workspace_id == workspace_id, Reward.state == "approved", Payout.provider == "codes")
        .group_by(Reward.currency, Reward.amount_cents)
    )
    left = {(currency, cents): count for currency, cents, count in free}
    owed = {(currency, cents): count for currency, cents, count in waiting}
    return [
        Stock(cents, currency, left.get((currency, cents), 0), owed.get((currency, cents), 0))
        for currency, cents in sorted({*left, *owed})
    ]
