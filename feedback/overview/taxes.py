"""The tax lines that managers wrote down, and whose year comes near theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from feedback import identities
from feedback.database import among
from feedback.overview.history import Line, line_of
from feedback.rewards import taxes
from models import Audit, Member, Payout, Reward, TaxLine

NEAR_PERCENT = 90
MOST_LINES = 50
"""Of what was changed, the newest."""


@dataclass(frozen=True)
class Year:
    """What one person was sent in a year, in one currency, all their accounts together."""

    members: Sequence[Member]
    cents: int
    line: TaxLine

    @property
    def percent(self) -> int:
        return self.cents * 100 // self.line.line_cents

    @property
    def is_over(self) -> bool:
        return self.cents > self.line.line_cents


def lines(tx: Session, *, workspace_id: int) -> Sequence[TaxLine]:
    """The newest year first, each with whoever wrote it down."""
    return tx.scalars(
        select(TaxLine)
        .where(TaxLine.workspace_id == workspace_id)
        .options(joinedload(TaxLine.set_by))
        .order_by(TaxLine.year.desc(), TaxLine.country, TaxLine.id)
    ).all()


def changed(tx: Session, *, workspace_id: int) -> list[Line]:
    """Who wrote down what, the newest last."""
    rows = tx.scalars(
        select(Audit)
        .where(Audit.workspace_id == workspace_id, Audit.subject == "tax line")
        .options(joinedload(Audit.member))
        .order_by(Audit.id.desc())
        .limit(MOST_LINES)
    )
    return [line_of(row) for row in rows][::-1]


def near(tx: Session, *, workspace_id: int, year: int, percent: int = NEAR_PERCENT) -> list[Year]:
    """Who was sent so much of their line in this year or more, the nearest to it first. Four queries. 0 percent:
    everybody to whom a line applies."""
    received = _received(tx, workspace_id, year)
    first = identities.persons(tx, workspace_id=workspace_id).first()
    sums: dict[tuple[int, str], int] = {}
    for member_id, currency, cents in received:
        who = (first.get(member_id, member_id), currency)
        sums[who] = sums.get(who, 0) + int(cents)
    accounts = _accounts(tx, {person for person, _ in sums}, first)
    known = taxes.lines(tx, workspace_id=workspace_id)
    found = []
    for (person, currency), cents in sums.items():
        countries = {member.country for member in accounts[person]}
        line = taxes.line_for(known, countries=countries, year=year, currency=currency)
        if line is not None and cents * 100 >= line.line_cents * percent:
            found.append(Year(accounts[person], cents, line))
    return sorted(found, key=lambda each: (-each.percent, each.members[0].name.casefold(), each.members[0].id))


def _received(tx: Session, workspace_id: int, year: int) -> Sequence[tuple[int, str, int]]:
    """By account and currency, of what was sent in that year and did not come back."""
    begin = datetime(year, 1, 1, tzinfo=UTC)
    rows = tx.execute(
        select(Reward.member_id, Reward.currency, func.sum(Reward.amount_cents))
        .join(Payout, Payout.reward_id == Reward.id)
        .where(
            Reward.workspace_id == workspace_id,
            Reward.state == "paid",
            Reward.amount_cents > 0,
            Payout.paid_at >= begin,
            Payout.paid_at < begin.replace(year=year + 1),
        )
        .group_by(Reward.member_id, Reward.currency)
        .order_by(Reward.member_id, Reward.currency)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _accounts(tx: Session, people: set[int], first: dict[int, int]) -> dict[int, list[Member]]:
    """By person, all their accounts, also those that received nothing: they may name another country."""
    ids = people | {each for each, person in first.items() if person in people}
    found: dict[int, list[Member]] = {}
    for member in tx.scalars(select(Member).where(Member.id.in_(among(tx, ids))).order_by(Member.id)):
        found.setdefault(first.get(member.id, member.id), []).append(member)
    return found
