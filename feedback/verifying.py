"""Whether what is on record about money is as it was written: the chain fits, and the ledger adds up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from feedback import sealing
from models import Audit, Budget, LedgerTransaction, Posting, Seal

SUMS = {
    "budget": "available_cents",
    "reserved": "reserved_cents",
    "committed": "committed_cents",
    "paid": "spent_cents",
}
"""Which column of a budget says what its postings of an account add up to."""


@dataclass(frozen=True)
class Verdict:
    """Of one workspace."""

    links: int
    digest: str
    """Of the last one that fits; empty where there is none."""
    waiting: int
    """Rows that the next run seals."""
    emptied: int
    """Rows that somebody's words were taken out of, because they wanted to be forgotten."""
    wrong: Sequence[str]
    """Empty: all is as it was written."""


def verify(tx: Session, *, workspace_id: int) -> Verdict:
    """Walks the chain from its beginning, some rows at a time, to the first link that does not fit."""
    emptied = _emptied(tx, workspace_id)
    links, digest, broken = _walk(tx, workspace_id, emptied)
    wrong = [broken] if broken else []
    if links or broken:
        wrong += _strangers(tx, workspace_id)
    wrong += _sums(tx, workspace_id)
    return Verdict(links, digest, len(sealing.waiting(tx, workspace_id=workspace_id)), len(emptied), wrong)


def _emptied(tx: Session, workspace_id: int) -> set[int]:
    """Rows of the audit that are not what was sealed because somebody's words were taken out of them, as an act says
    that is sealed itself. Never one about money."""
    acts = select(Audit.detail).where(
        Audit.workspace_id == workspace_id, Audit.subject == "member", Audit.act == sealing.EMPTIED
    )
    named = {row_id for detail in tx.scalars(acts) for row_id in detail["rows"]}
    marked = (
        select(Seal.audit_id)
        .join(Audit, Audit.id == Seal.audit_id)
        .where(Seal.workspace_id == workspace_id, Seal.erased_at.is_not(None), Audit.subject.not_in(sealing.MONEY))
    )
    return named.intersection(tx.scalars(marked))


def _walk(tx: Session, workspace_id: int, emptied: AbstractSet[int]) -> tuple[int, str, str]:
    number, digest = 0, ""
    for link, row, written in _links(tx, workspace_id):
        if link.number != number + 1:
            return number, digest, f"link {number + 1} is missing"
        if written is None:
            return number, digest, f"{row} is missing, which link {link.number} sealed"
        if link.audit_id not in emptied and sealing.digest_of(digest, written) != link.digest:
            return number, digest, f"{row} is not what link {link.number} sealed: one of them was changed or put in"
        number, digest = link.number, link.digest
    return number, digest, ""


def _links(
    tx: Session, workspace_id: int
) -> Iterator[tuple[Row[int, str, int | None, int | None], str, dict[str, Any] | None]]:
    """Each with the name of what it seals, and with what stands there now; None: nothing."""
    after = 0
    while True:
        links = tx.execute(
            select(Seal.number, Seal.digest, Seal.audit_id, Seal.transaction_id)
            .where(Seal.workspace_id == workspace_id, Seal.number > after)
            .order_by(Seal.number)
            .limit(sealing.AT_ONCE)
        ).all()
        if not links:
            return
        audit_ids = [link.audit_id for link in links if link.audit_id]
        transaction_ids = [link.transaction_id for link in links if link.transaction_id]
        audit = {row.id: row for row in tx.execute(select(*sealing.OF_AUDIT).where(Audit.id.in_(audit_ids)))}
        ledger = {
            row.id: row
            for row in tx.execute(select(*sealing.OF_LEDGER).where(LedgerTransaction.id.in_(transaction_ids)))
        }
        postings = sealing.postings_of(tx, transaction_ids)
        for link in links:
            if link.audit_id is not None:
                row = audit.get(link.audit_id)
                name = f"the audit’s row {link.audit_id}" + (f" ({row.subject} {row.subject_id})" if row else "")
                yield link, name, sealing.written_of_audit(row) if row else None
            else:
                move, moved = ledger.get(link.transaction_id), postings[link.transaction_id]
                name = f"the ledger’s transaction {link.transaction_id}"
                yield link, name, sealing.written_of_ledger(move, moved) if move else None
        after = links[-1].number


def _strangers(tx: Session, workspace_id: int) -> list[str]:
    audit_ids, transaction_ids = sealing.strangers(tx, workspace_id=workspace_id)
    found = [("the audit’s row", audit_ids), ("the ledger’s transaction", transaction_ids)]
    return [
        f"{name} {ids[0]} has no link, so something else wrote it"
        + (f" (and {len(ids) - 1} more)" if len(ids) > 1 else "")
        for name, ids in found
        if ids
    ]


def _sums(tx: Session, workspace_id: int) -> list[str]:
    own = LedgerTransaction.workspace_id == workspace_id
    uneven = tx.execute(
        select(Posting.transaction_id, Posting.currency)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(own)
        .group_by(Posting.transaction_id, Posting.currency)
        .having(func.sum(Posting.amount_cents) != 0)
        .order_by(Posting.transaction_id)
        .limit(1)
    ).first()
    wrong = [f"the ledger’s transaction {uneven[0]} does not sum to zero in {uneven[1]}"] if uneven else []
    misplaced = tx.scalar(
        select(Posting.id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .outerjoin(Budget, Budget.id == Posting.budget_id)
        .where(
            own,
            ((Posting.account != "outside") & Budget.id.is_(None))
            | (Budget.currency != Posting.currency)
            | (Budget.workspace_id != workspace_id),
        )
        .order_by(Posting.id)
        .limit(1)
    )
    if misplaced is not None:
        wrong.append(f"the ledger’s posting {misplaced} is in no budget of its currency")
    return wrong + _kept_sums(tx, workspace_id)


def _kept_sums(tx: Session, workspace_id: int) -> list[str]:
    posted = {
        (budget_id, account): int(cents)
        for budget_id, account, cents in tx.execute(
            select(Posting.budget_id, Posting.account, func.sum(Posting.amount_cents))
            .join(Budget, Budget.id == Posting.budget_id)
            .where(Budget.workspace_id == workspace_id)
            .group_by(Posting.budget_id, Posting.account)
        )
    }
    budgets = tx.scalars(select(Budget).where(Budget.workspace_id == workspace_id).order_by(Budget.id))
    kept = [
        (budget.id, account, getattr(budget, name), posted.get((budget.id, account), 0))
        for budget in budgets
        for account, name in SUMS.items()
    ]
    return [
        f"budget {budget_id} says {said} of {account}, and its postings say {cents}"
        for budget_id, account, said, cents in kept
        if said != cents
    ]
