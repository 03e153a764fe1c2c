"""What somebody was given so far, all accounts of theirs together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.rewards import states
from models import Member, MemberLink, Payout, Reward


@dataclass(frozen=True)
class Given:
    reward_id: int
    reason: str
    cents: int
    currency: str
    sent_at: datetime | None
    """None: it was approved and is on its way, so that it counts as sent now."""


def persons(tx: Session, *, workspace_id: int) -> dict[int, int]:
    """Of everybody who is one person with somebody else: the smallest id of that person. Links may form chains; whoever
    is missing here has one account."""
    links = tx.execute(
        select(MemberLink.member_id, MemberLink.other_id)
        .where(MemberLink.workspace_id == workspace_id, MemberLink.ended_at.is_(None))
        .order_by(MemberLink.id)
    )
    first: dict[int, int] = {}
    for one, other in links:
        both = {first.get(one, one), first.get(other, other)}
        joined = [one, other, *(each for each, root in first.items() if root in both)]
        first.update(dict.fromkeys(joined, min(both)))
    return first


def same_person(tx: Session, *, member_id: int) -> set[int]:
    """All ids of one person, this one among them."""
    first = persons(tx, workspace_id=tx.get_one(Member, member_id).workspace_id)
    mine = first.get(member_id, member_id)
    return {member_id, *(each for each, root in first.items() if root == mine)}


def given(tx: Session, *, people: Collection[int], since: datetime, but: Reward) -> list[Given]:
    """What these accounts were sent from then on, and what is on its way to them, without one that is being looked
    at."""
    rows = tx.execute(
        select(Reward.id, Reward.reason, Reward.amount_cents, Reward.currency, Payout.paid_at)
        .outerjoin(Payout, Payout.reward_id == Reward.id)
        .where(
            Reward.member_id.in_(people),
            Reward.id != but.id,
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
