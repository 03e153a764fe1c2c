"""The ledger as managers and whoever keeps the company's books read it: move by move, and month by month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from models import Budget, LedgerTransaction, Member, Payout, Posting, Reward

ROWS = 50
AT_ONCE = 500
"""Rows in one question to the database, where all are wanted."""


@dataclass(frozen=True)
class Move:
    """One transaction, with what it is about."""

    transaction: LedgerTransaction
    reward: Reward | None
    to: Member | None
    """Who receives it."""
    by: Member | None
    budget_id: int | None
    cents: int
    currency: str


@dataclass(frozen=True)
class Moves:
    rows: Sequence[Move]
    before: int
    """Where the next page begins; 0: there is none."""


def moves(tx: Session, *, workspace_id: int, budget_id: int, month: date | None, before: int) -> Moves:
    """The newest first, from below the transaction `before` on; as many as fit on a page. Nothing is counted, because
    that would read all of it. `budget_id` 0 and `month` None: of all."""
    statement = _chosen(workspace_id, budget_id, month)
    edge = tx.execute(
        select(LedgerTransaction.posted_at).where(
            LedgerTransaction.id == before, LedgerTransaction.workspace_id == workspace_id
        )
    ).scalar_one_or_none()
    at, newest = LedgerTransaction.posted_at, statement.order_by(LedgerTransaction.id.desc())
    if budget_id and not month:  # from the newest posting of this budget on, of which few have to be looked through
        last = select(Posting.transaction_id).where(Posting.budget_id == budget_id).order_by(Posting.id.desc())
        if before:
            last = last.where(Posting.transaction_id < before)
        newest = newest.where(LedgerTransaction.id.in_(last.limit(2 * (ROWS + 1)).scalar_subquery()))
    else:
        newest = statement.order_by(at.desc(), LedgerTransaction.id.desc())
        if edge is not None:
            newest = newest.where(at <= edge, or_(at < edge, LedgerTransaction.id < before))
    rows = tx.execute(newest.limit(ROWS + 1)).unique().all()
    found = [_move(*row) for row in rows[:ROWS]]
    return Moves(found, found[-1].transaction.id if len(rows) > ROWS else 0)


def _chosen(workspace_id: int, budget_id: int, month: date | None) -> Select[*tuple[Any, ...]]:
    to, by = aliased(Member), aliased(Member)
    statement: Select[*tuple[Any, ...]] = (
        select(LedgerTransaction, Reward, to, by)
        .outerjoin(Reward, Reward.id == LedgerTransaction.reward_id)
        .outerjoin(to, to.id == Reward.member_id)
        .outerjoin(by, by.id == LedgerTransaction.by_id)
        .where(LedgerTransaction.workspace_id == workspace_id)
        .options(selectinload(LedgerTransaction.postings))
    )
    if budget_id:
        # Plus nothing: without it SQLite looks through all of the budget's postings for each transaction.
        is_its = exists().where(Posting.transaction_id == LedgerTransaction.id, Posting.budget_id + 0 == budget_id)
        statement = statement.where(is_its)
    if month:
        start, end = bounds(month)
        statement = statement.where(LedgerTransaction.posted_at >= start, LedgerTransaction.posted_at < end)
    return statement


def _move(transaction: LedgerTransaction, reward: Reward | None, to: Member | None, by: Member | None) -> Move:
    given = [posting for posting in transaction.postings if posting.amount_cents > 0]
    budget_id = next((each.budget_id for each in transaction.postings if each.budget_id), None)
    return Move(
        transaction=transaction,
        reward=reward,
        to=to,
        by=by,
        budget_id=budget_id,
        cents=sum(posting.amount_cents for posting in given),
        currency=given[0].currency if given else "",
    )


def postings(tx: Session, *, workspace_id: int, budget_id: int, month: date | None) -> Iterator[dict[str, Any]]:
    """Every posting as a row of a sheet, the oldest first, some at a time."""
    names = {
        row.id: row.name
        for row in tx.execute(select(Budget.id, Budget.name).where(Budget.workspace_id == workspace_id))
    }
    after = 0
    while True:
        statement = _chosen(workspace_id, budget_id, month).where(LedgerTransaction.id > after)
        rows = tx.execute(statement.order_by(LedgerTransaction.id).limit(AT_ONCE)).unique().all()
        for transaction, reward, to, by in rows:
            for posting in transaction.postings:
                yield {
                    "id": posting.id,
                    "transaction": transaction.id,
                    "at": transaction.posted_at,
                    "kind": transaction.kind,
                    "account": posting.account,
                    "budget": names.get(posting.budget_id, ""),
                    "amount_cents": posting.amount_cents,
                    "currency": posting.currency,
                    "reward": reward.id if reward else None,
                    "to": to.name if to else "",
                    "by": by.name if by else "",
                    "reverses": transaction.reverses_id,
                    "note": transaction.note,
                    "key": transaction.key,
                }
        tx.expunge_all()
        if len(rows) < AT_ONCE:
            return
        after = rows[-1][0].id


def given(tx: Session, *, workspace_id: int) -> Iterator[dict[str, Any]]:
    """Every reward as a row of a sheet, the oldest first, some at a time. What a gift holds is not in it."""
    by, after = aliased(Member), 0
    while True:
        rows = tx.execute(
            select(Reward, Member, by.name, Budget.name, Payout)
            .join(Member, Member.id == Reward.member_id)
            .join(by, by.id == Reward.proposed_by_id)
            .outerjoin(Budget, Budget.id == Reward.budget_id)
            .outerjoin(Payout, Payout.reward_id == Reward.id)
            .options(selectinload(Reward.approvals))
            .where(Reward.workspace_id == workspace_id, Reward.id > after)
            .order_by(Reward.id)
            .limit(AT_ONCE)
        ).all()
        names = {
            row.id: row.name
            for row in tx.execute(select(Member.id, Member.name).where(Member.workspace_id == workspace_id))
        }
        for reward, member, proposed_by, budget, payout in rows:
            approved = [each for each in reward.approvals if each.verdict == "approved"]
            yield {
                "id": reward.id,
                "to": member.name,
                "slack_id": member.slack_id,
                "for": reward.reason,
                "state": reward.state,
                "amount_cents": reward.amount_cents,
                "currency": reward.currency,
                "points": reward.points,
                "budget": budget or "",
                "provider": reward.provider,
                "payment": payout.external_id if payout else "",
                "order": payout.provider_ref if payout else "",
                "proposed_by": proposed_by,
                "proposed_at": reward.proposed_at,
                "approved_by": ", ".join(names[each.manager_id] for each in approved),
                "approved_at": approved[-1].given_at if approved else None,
                "paid_at": payout.paid_at if payout else None,
                "returned_at": payout.returned_at if payout else None,
            }
        tx.expunge_all()
        if len(rows) < AT_ONCE:
            return
        after = rows[-1][0].id


@dataclass(frozen=True)
class Sums:
    """What moved through a budget in some time."""

    funded_cents: int = 0
    withdrawn_cents: int = 0
    reserved_cents: int = 0
    """Approved."""
    paid_cents: int = 0
    returned_cents: int = 0
    aside_cents: int = 0
    """By how much what is approved and not yet paid grew."""

    @property
    def grown_cents(self) -> int:
        return self.funded_cents - self.withdrawn_cents - self.paid_cents + self.returned_cents


@dataclass(frozen=True)
class Month:
    """One budget in one month: opening + funded - withdrawn - paid + returned = closing."""

    budget: Budget
    opening_cents: int
    """All that was in it and not paid."""
    sums: Sums
    closing_cents: int
    aside_cents: int
    """How much of the last was approved, and not yet paid."""


def bounds(month: date) -> tuple[datetime, datetime]:
    """From its first moment until the next one's, in UTC, as the books are kept."""
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    return start, start.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def month_of(tx: Session, *, workspace_id: int, month: date) -> list[Month]:
    """Of every budget that there was by then. What was at its end is reckoned back from what is now, so that only what
    came since has to be read."""
    start, end = bounds(month)
    budgets = tx.scalars(
        select(Budget).where(Budget.workspace_id == workspace_id, Budget.made_at < end).order_by(Budget.id)
    ).all()
    during, since = _sums(tx, workspace_id, start, LedgerTransaction.posted_at < end), _sums(tx, workspace_id, end)
    found = []
    for budget in budgets:
        sums, later = during.get(budget.id, Sums()), since.get(budget.id, Sums())
        aside = budget.reserved_cents + budget.committed_cents
        closing = budget.available_cents + aside - later.grown_cents
        found.append(Month(budget, closing - sums.grown_cents, sums, closing, aside - later.aside_cents))
    return found


def _sums(tx: Session, workspace_id: int, start: datetime, *until: ColumnElement[bool]) -> dict[int, Sums]:
    """By the budget's id."""

    def total(which: ColumnElement[bool], sign: int = 1) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((which, sign * Posting.amount_cents), else_=0)), 0)

    is_free, is_aside = Posting.account == "budget", Posting.account == "reserved"
    kind, cents = LedgerTransaction.kind, Posting.amount_cents
    rows = tx.execute(
        select(
            Posting.budget_id,
            total(and_(is_free, kind == "fund")),
            total(and_(is_free, kind == "withdraw"), -1),
            total(and_(is_aside, cents > 0)),
            total(and_(Posting.account == "paid", cents > 0)),
            total(and_(Posting.account == "paid", cents < 0), -1),
            total(Posting.account.in_(("reserved", "committed"))),
        )
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(
            LedgerTransaction.workspace_id == workspace_id,
            LedgerTransaction.posted_at >= start,
            *until,
            Posting.budget_id.is_not(None),
        )
        .group_by(Posting.budget_id)
    )
    return {budget_id: Sums(*(int(cents) for cents in sums)) for budget_id, *sums in rows if budget_id is not None}


def by_currency(rows: Sequence[Month]) -> dict[str, tuple[int, Sums, int, int]]:
    """(opening, sums, closing, aside) of all budgets of a currency."""
    found: dict[str, tuple[int, Sums, int, int]] = {}
    for row in rows:
        opening, sums, closing, aside = found.get(row.budget.currency, (0, Sums(), 0, 0))
        added = Sums(*(getattr(sums, each.name) + getattr(row.sums, each.name) for each in fields(Sums)))
        found[row.budget.currency] = (
            opening + row.opening_cents,
            added,
            closing + row.closing_cents,
            aside + row.aside_cents,
        )
    return dict(sorted(found.items()))


def first_month(tx: Session, *, workspace_id: int) -> date | None:
    """In which the ledger begins. None: nothing moved yet."""
    first = tx.execute(
        select(LedgerTransaction.posted_at)
        .where(LedgerTransaction.workspace_id == workspace_id)
        .order_by(LedgerTransaction.posted_at)
        .limit(1)
    ).scalar_one_or_none()
    return first.astimezone(UTC).date().replace(day=1) if first else None
