"""How often somebody receives, how much of all, and how much in a year."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import identities
from feedback.rewards import receiving, taxes
from models import Member, Payout, Reward

OFTEN_DAYS = 7
OFTEN = 3
"""With this one. Two happen whenever two ideas of one person ship in one week."""
NOT_GIVEN = ("declined", "cancelled", "failed")
SHARE_DAYS = 90
FEWEST_PEOPLE = 10
"""Among fewer, three people have most of anything."""
TOP = 3
NEAR_LINE_PERCENT = 80
"""From here on there is time to ask somebody for their tax form before the line is passed."""


def often(tx: Session, *, reward: Reward, people: set[int], now: datetime) -> dict[str, Any] | None:
    """At least OFTEN with money were proposed for one person within some OFTEN_DAYS, and this is one of them."""
    if reward.amount_cents == 0:
        return None
    days = timedelta(days=OFTEN_DAYS)
    rows = tx.execute(
        select(Reward.id, Reward.proposed_at)
        .where(
            Reward.member_id.in_(people),
            Reward.amount_cents > 0,
            Reward.state.not_in(NOT_GIVEN),
            Reward.proposed_at.between(reward.proposed_at - days, reward.proposed_at + days),
        )
        .order_by(Reward.proposed_at, Reward.id)
    ).all()
    weeks = [
        [row.id for row in rows if begin <= row.proposed_at <= begin + days]
        for begin in (row.proposed_at for row in rows)
        if begin <= reward.proposed_at <= begin + days
    ]
    most = max(weeks, key=len, default=[])
    if len(most) < OFTEN:
        return None
    return {"reward_ids": [each for each in most if each != reward.id], "rewards": len(most), "days": OFTEN_DAYS}


def share(tx: Session, *, reward: Reward, people: set[int], now: datetime) -> dict[str, Any] | None:
    """Of all money that FEWEST_PEOPLE or more received, three people have more than half, and this is one of them."""
    if reward.amount_cents == 0:
        return None
    first = identities.persons(tx, workspace_id=reward.workspace_id).first()
    rows = tx.execute(
        select(Reward.member_id, func.sum(Reward.amount_cents))
        .join(Payout, Payout.reward_id == Reward.id)
        .where(
            Reward.workspace_id == reward.workspace_id,
            Reward.currency == reward.currency,
            Reward.amount_cents > 0,
            Reward.state == "paid",
            Payout.paid_at >= now - timedelta(days=SHARE_DAYS),
        )
        .group_by(Reward.member_id)
    )
    received: Counter[int] = Counter()
    for member_id, cents in rows:
        received[first.get(member_id, member_id)] += int(cents)
    largest = sorted(received, key=lambda person: (-received[person], person))[:TOP]
    theirs = sum(received[person] for person in largest)
    if len(received) < FEWEST_PEOPLE or not people & set(largest) or theirs * 2 <= received.total():
        return None
    percent = theirs * 100 // received.total()
    return {"percent": percent, "people": len(received), "days": SHARE_DAYS, "currency": reward.currency}


def near_the_line(tx: Session, *, reward: Reward, people: set[int], now: datetime) -> dict[str, Any] | None:
    """With this one their year comes to NEAR_LINE_PERCENT of the line, and not above it."""
    found = _year(tx, reward, people, now)
    is_near = found and found["line_cents"] >= found["cents"] >= found["line_cents"] * NEAR_LINE_PERCENT / 100
    return found if is_near else None


def over_the_line(tx: Session, *, reward: Reward, people: set[int], now: datetime) -> dict[str, Any] | None:
    found = _year(tx, reward, people, now)
    return found if found and found["cents"] > found["line_cents"] else None


def _year(tx: Session, reward: Reward, people: set[int], now: datetime) -> dict[str, Any] | None:
    """What they have had this year in this currency, with this one, and the line. What is sent counts when it is
    sent; what is on its way is as good as sent now. None where there is no line to compare it with."""
    if reward.amount_cents == 0:
        return None
    countries = set(tx.scalars(select(Member.country).where(Member.id.in_(people))))
    lines = taxes.lines(tx, workspace_id=reward.workspace_id)
    line = taxes.line_for(lines, countries=countries, year=now.year, currency=reward.currency)
    if line is None:
        return None
    had = receiving.given(tx, people=people, since=receiving.year_of(now), but=reward)
    return {
        "cents": reward.amount_cents + sum(each.cents for each in had if each.currency == reward.currency),
        "line_cents": line.line_cents,
        "currency": reward.currency,
        "country": line.country,
        "year": now.year,
    }
