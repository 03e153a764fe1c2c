"""From which sum a year on what somebody was given has to be reported, by country and year. Managers write it down,
because it changes and nobody else here knows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit, once
from feedback.blocks import CURRENCY_SIGNS
from feedback.errors import Refused
from feedback.rewards import countries as codes
from feedback.typed import number_of
from models import Member, TaxLine

FIRST_YEAR = 2000
MOST_LINE_CENTS = 100_000_000
"""A million. Where a country has no line, that is as good as none."""


def lines(tx: Session, *, workspace_id: int) -> Sequence[TaxLine]:
    """The newest year first."""
    return tx.scalars(
        select(TaxLine)
        .where(TaxLine.workspace_id == workspace_id)
        .order_by(TaxLine.year.desc(), TaxLine.country, TaxLine.id)
    ).all()


def line_for(found: Sequence[TaxLine], *, countries: Collection[str], year: int, currency: str) -> TaxLine | None:
    """The strictest that may be theirs, of the countries that their accounts name. Where they name none, or nobody
    wrote down a line for it in this currency, the strictest of all countries in this currency; None where there is no
    such line. Of a country whose line for this year is not written down yet, that of the last year before counts."""
    newest: dict[str, TaxLine] = {}
    for line in sorted(found, key=lambda line: line.year):
        if line.year <= year:
            newest[line.country] = line
    known = [line for line in newest.values() if line.currency == currency]
    own = [line for line in known if line.country in countries]
    return min(own or known, key=lambda line: (line.line_cents, line.country), default=None)


def set_line(
    tx: Session, *, manager: Member, country: str, year: str, cents: int, currency: str, now: datetime
) -> TaxLine:
    """`country` and `year` as somebody typed them. What stands there so far is replaced; the history keeps it. The same
    again is no news."""
    access.check_manage(manager)
    code, number = codes.country_of(country, "country"), _year_of(year, now)
    if not 1 <= cents <= MOST_LINE_CENTS:
        raise Refused(f"More than nothing, and at most {MOST_LINE_CENTS // 100:,}.", "amount")
    if currency not in CURRENCY_SIGNS:
        raise Refused("Choose one of the currencies in the list.", "currency")
    which = {"workspace_id": manager.workspace_id, "country": code, "year": number}
    facts = {"line_cents": cents, "currency": currency, "set_by_id": manager.id, "set_at": now}
    is_new = once.insert(tx, TaxLine, **which, **facts) is not None
    line = tx.scalars(select(TaxLine).filter_by(**which).with_for_update()).one()
    before = None if is_new else {"before_cents": line.line_cents, "before_currency": line.currency}
    if before == {"before_cents": cents, "before_currency": currency}:
        return line
    for name, value in facts.items():
        setattr(line, name, value)
    audit.record(
        tx,
        workspace_id=manager.workspace_id,
        by=manager,
        act="changed" if before else "added",
        subject="tax line",
        subject_id=line.id,
        now=now,
        country=code,
        year=number,
        cents=cents,
        currency=currency,
        **(before or {}),
    )
    return line


def _year_of(text: str, now: datetime) -> int:
    """Next year's may be known already."""
    return number_of(text, "year", least=FIRST_YEAR, most=now.year + 1, what="a year")
