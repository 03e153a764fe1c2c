"""What one person was given, through whichever of their accounts, year by year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from feedback import identities
from models import Member, Reward

GIVEN = ("approved", "paying", "paid", "human", "failed")
"""And what was cancelled after it was approved."""


@dataclass
class Year:
    """By when it was paid, or, of what is not, approved."""

    year: int
    paid: Counter[str] = field(default_factory=Counter)
    """Hundredths by currency; what came back is not in it."""
    going: Counter[str] = field(default_factory=Counter)
    """Approved, and not paid yet."""
    points: int = 0
    rows: list[tuple[datetime, Reward]] = field(default_factory=list)


@dataclass(frozen=True)
class Statement:
    member: Member
    others: Sequence[Member]
    """Their other accounts."""
    years: Sequence[Year]
    """The newest first."""


def of_member(tx: Session, *, workspace_id: int, member_id: int) -> Statement | None:
    """None where they are not in this workspace."""
    ids = identities.same_person(tx, member_id=member_id)
    people = tx.scalars(
        select(Member).where(Member.id.in_(ids), Member.workspace_id == workspace_id).order_by(Member.id)
    ).all()
    member = next((each for each in people if each.id == member_id), None)
    if member is None:
        return None
    found = tx.scalars(
        select(Reward)
        .where(Reward.member_id.in_(ids), Reward.workspace_id == workspace_id)
        .where(Reward.state.in_((*GIVEN, "cancelled")))
        .options(
            joinedload(Reward.idea),
            joinedload(Reward.budget),
            joinedload(Reward.payout),
            selectinload(Reward.approvals),
        )
        .order_by(Reward.id)
    ).all()
    years: dict[int, Year] = {}
    for reward in found:
        at = _given_at(reward)
        if at is None:
            continue
        year = years.setdefault(at.astimezone(UTC).year, Year(at.astimezone(UTC).year))
        year.rows.append((at, reward))
        if reward.state == "paid":
            year.paid[reward.currency] += reward.amount_cents
            year.points += reward.points
        elif reward.state in ("approved", "paying", "human"):
            year.going[reward.currency] += reward.amount_cents
    for year in years.values():
        year.rows.sort(key=lambda row: (row[0], row[1].id), reverse=True)
    return Statement(
        member, [each for each in people if each is not member], [years[key] for key in sorted(years)[::-1]]
    )


def _given_at(reward: Reward) -> datetime | None:
    """None: nobody approved it."""
    if reward.payout is not None and reward.payout.paid_at is not None:
        return reward.payout.paid_at
    approved = [each.given_at for each in reward.approvals if each.verdict == "approved"]
    return approved[-1] if approved else None
