"""Asking the payout service how a payment stands: it said that there is news, or it was not done yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback import outbox
from models import Payout, Reward

AGAIN = timedelta(hours=1)
"""How long an order that is no gift yet is left alone."""
AT_SERVICE = ("tremendous", "service")
"""The ways of paying that such a service knows of; the second is what the first was called before."""


@dataclass(frozen=True)
class News:
    """Something happened to this, says the service; what, it is asked."""

    ref: str
    """Its own id of an order, or of the gift in one."""


def hear(tx: Session, *, workspace_id: int, news: Sequence[News], now: datetime) -> int:
    """How many payments it is about. What is not ours, or not yet known by that id, is no harm: whoever is ordering it
    just now hears the same as an answer."""
    refs = [each.ref for each in news]
    found = tx.scalars(
        select(Payout)
        .join(Reward, Reward.id == Payout.reward_id)
        .where(Reward.workspace_id == workspace_id, Payout.provider.in_(AT_SERVICE))
        .where(or_(Payout.provider_ref.in_(refs), Payout.provider_reward.in_(refs)))
        .order_by(Payout.id)
    ).all()
    for payout in found:
        ask_soon(tx, payout=payout, workspace_id=workspace_id, now=now)
    return len(found)


def ask_soon(tx: Session, *, payout: Payout, workspace_id: int, wait: timedelta = timedelta(), now: datetime) -> None:
    """Owes it, after so long at the latest."""
    key = f"ask:{payout.external_id}"
    outbox.hasten(tx, until={key: now + wait})
    outbox.owe_again(tx, workspace_id=workspace_id, kind="reward.ask", key=key, wait=wait, now=now, payout_id=payout.id)


def ask_later(tx: Session, *, payout_id: int, now: datetime) -> None:
    """It is no gift yet."""
    payout = tx.get_one(Payout, payout_id)
    ask_soon(tx, payout=payout, workspace_id=payout.reward.workspace_id, wait=AGAIN, now=now)


def key_to_ask(tx: Session, *, payout_id: int) -> str | None:
    """The id by which the service knows it; None where it was never asked for it."""
    payout = tx.get_one(Payout, payout_id)
    return payout.external_id if payout.provider in AT_SERVICE and payout.body else None
