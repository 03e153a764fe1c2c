"""A chain over what was done with money, and over everything else on record: each link is a digest of the one before it
and of one row, so that no row can be changed, left out or put in without a later link showing it.

What concerns money is sealed by the transaction that writes it, as the last thing that it does: there is never a row of
the ledger that the chain does not know of, and one that it does not know was written by something else. Writers of one
workspace wait for each other only from there to their commit, which those of one budget do anyway. Everything else is
far more, and is sealed in batches by a job: whatever has no link yet, in the order of ids, however late it was
committed. Whoever keeps the last digest that `python app.py audit verify` says can also tell whether the end of the
chain was cut off or all of it was made anew.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, exists, insert, select
from sqlalchemy.orm import Session

from feedback import once
from feedback.database import in_pieces
from models import Audit, LedgerTransaction, Posting, Seal

MONEY = ("reward", "rule", "budget")
"""Subjects of the audit that are about money."""
EMPTIED = "emptied"
"""The act that says which rows somebody's words were taken out of."""
AT_ONCE = 500
"""Rows in one question to the database."""
WRITTEN = "sealing.written"
"""Where a session keeps what it wrote and has to seal before it commits."""

OF_AUDIT = (
    *(Audit.id, Audit.workspace_id, Audit.member_id, Audit.act),
    *(Audit.subject, Audit.subject_id, Audit.detail, Audit.at),
)
OF_LEDGER = (
    *(LedgerTransaction.id, LedgerTransaction.workspace_id, LedgerTransaction.key, LedgerTransaction.kind),
    *(LedgerTransaction.reward_id, LedgerTransaction.by_id, LedgerTransaction.reverses_id),
    *(LedgerTransaction.note, LedgerTransaction.posted_at),
)
OF_POSTING = (
    *(Posting.transaction_id, Posting.id, Posting.account),
    *(Posting.budget_id, Posting.amount_cents, Posting.currency),
)
"""The columns that are sealed. A later column is not, so that older links stay true."""
Values = dict[str, Any]


@dataclass
class Written:
    """By one session, in one workspace."""

    audit: list[Audit] = field(default_factory=list)
    audit_ids: set[int] = field(default_factory=set)
    transaction_ids: set[int] = field(default_factory=set)


def note(tx: Session, workspace_id: int) -> Written:
    """Where to write down what this transaction has to seal."""
    found: Written = tx.info.setdefault(WRITTEN, defaultdict(Written))[workspace_id]
    return found


def seal_written(tx: Session) -> None:
    """At the end of every transaction, after whatever else takes a lock. Workspaces in the order of their ids."""
    tx.flush()
    for workspace_id, written in sorted(tx.info.pop(WRITTEN, {}).items()):
        audit_ids = written.audit_ids | {row.id for row in written.audit}
        for some in in_pieces(sorted(audit_ids), AT_ONCE):
            _append(tx, workspace_id, some, [])
        for some in in_pieces(sorted(written.transaction_ids), AT_ONCE):
            _append(tx, workspace_id, [], some)


def waiting(tx: Session, *, workspace_id: int) -> Sequence[int]:
    """Rows of the audit without a link, in the order of their ids. Those about money are not among them, once there is
    a chain: whatever wrote them did not seal them, and it is for a person to look."""
    statement = select(Audit.id).where(Audit.workspace_id == workspace_id, ~_is_sealed_audit())
    if _last(tx, workspace_id) is not None:
        statement = statement.where(Audit.subject.not_in(MONEY))
    return tx.scalars(statement.order_by(Audit.id)).all()


def seal(tx: Session, *, workspace_id: int, audit_ids: Sequence[int]) -> int:
    """Those of at most AT_ONCE rows that have no link yet. Returns how many; the first time it is all that there is."""
    return _append(tx, workspace_id, audit_ids, [])


def seal_strangers(tx: Session, *, workspace_id: int) -> int:
    """What concerns money and has no link, after a person looked at it. Returns how many."""
    audit_ids = tx.scalars(_strange_audit(workspace_id)).all()
    transaction_ids = tx.scalars(_strange_ledger(workspace_id)).all()
    return sum(_append(tx, workspace_id, some, []) for some in in_pieces(audit_ids, AT_ONCE)) + sum(
        _append(tx, workspace_id, [], some) for some in in_pieces(transaction_ids, AT_ONCE)
    )


def _append(tx: Session, workspace_id: int, audit_ids: Sequence[int], transaction_ids: Sequence[int]) -> int:
    once.take_turn(tx, f"seal:{workspace_id}")
    last = _last(tx, workspace_id)
    # The first link is the first row that there is, also of those from before there was a chain.
    rows = _some(tx, workspace_id, audit_ids, transaction_ids) if last else _all(tx, workspace_id)
    number, digest = (last.number, last.digest) if last else (0, "")
    first = number
    links: list[Values] = []
    for facts, written in rows:
        number, digest = number + 1, digest_of(digest, written)
        links.append({"workspace_id": workspace_id, "number": number, "digest": digest, **facts})
        if len(links) == AT_ONCE:
            tx.execute(insert(Seal), links)
            links = []
    if links:
        tx.execute(insert(Seal), links)
    return number - first


def _last(tx: Session, workspace_id: int) -> Row[int, str] | None:
    return tx.execute(
        select(Seal.number, Seal.digest).where(Seal.workspace_id == workspace_id).order_by(Seal.number.desc()).limit(1)
    ).first()


def _all(tx: Session, workspace_id: int) -> Iterator[tuple[Values, Values]]:
    for model in (Audit, LedgerTransaction):
        after = 0
        while True:
            own = (model.workspace_id == workspace_id, model.id > after)
            ids = tx.scalars(select(model.id).where(*own).order_by(model.id).limit(AT_ONCE)).all()
            if not ids:
                break
            yield from _some(tx, workspace_id, *((ids, ()) if model is Audit else ((), ids)))
            after = ids[-1]


def _some(
    tx: Session, workspace_id: int, audit_ids: Sequence[int], transaction_ids: Sequence[int]
) -> Iterator[tuple[Values, Values]]:
    """What a link says that it seals, and what is sealed, as the database holds it; of rows that have no link."""
    if audit_ids:
        own = (Audit.workspace_id == workspace_id, Audit.id.in_(audit_ids), ~_is_sealed_audit())
        for row in tx.execute(select(*OF_AUDIT).where(*own).order_by(Audit.id)).all():
            yield {"audit_id": row.id, "transaction_id": None}, written_of_audit(row)
    if transaction_ids:
        own = (
            LedgerTransaction.workspace_id == workspace_id,
            LedgerTransaction.id.in_(transaction_ids),
            ~_is_sealed_ledger(),
        )
        found = tx.execute(select(*OF_LEDGER).where(*own).order_by(LedgerTransaction.id)).all()
        postings = postings_of(tx, [row.id for row in found])
        for each in found:
            yield {"audit_id": None, "transaction_id": each.id}, written_of_ledger(each, postings[each.id])


def postings_of(tx: Session, transaction_ids: Iterable[int]) -> defaultdict[int, list[list[Any]]]:
    """What each of at most AT_ONCE transactions moved, in the order in which it was posted."""
    found: defaultdict[int, list[list[Any]]] = defaultdict(list)
    statement = select(*OF_POSTING).where(Posting.transaction_id.in_(transaction_ids)).order_by(Posting.id)
    for row in tx.execute(statement):
        found[row.transaction_id].append(list(row)[1:])
    return found


def written_of_audit(row: Any) -> Values:
    return {column.key: getattr(row, column.key) for column in OF_AUDIT}


def written_of_ledger(row: Any, postings: list[list[Any]]) -> Values:
    return {column.key: getattr(row, column.key) for column in OF_LEDGER} | {"postings": postings}


def digest_of(before: str, written: Values) -> str:
    """SHA-256 of the digest before it and of the row as JSON: names sorted, no spaces, ASCII, times in UTC."""
    text = json.dumps(written, sort_keys=True, separators=(",", ":"), default=datetime.isoformat)
    return hashlib.sha256((before + text).encode()).hexdigest()


def _is_sealed_audit() -> ColumnElement[bool]:
    return exists().where(Seal.audit_id == Audit.id)


def _is_sealed_ledger() -> ColumnElement[bool]:
    return exists().where(Seal.transaction_id == LedgerTransaction.id)


def _strange_audit(workspace_id: int) -> Select[int]:
    return (
        select(Audit.id)
        .where(Audit.workspace_id == workspace_id, Audit.subject.in_(MONEY), ~_is_sealed_audit())
        .order_by(Audit.id)
    )


def _strange_ledger(workspace_id: int) -> Select[int]:
    return (
        select(LedgerTransaction.id)
        .where(LedgerTransaction.workspace_id == workspace_id, ~_is_sealed_ledger())
        .order_by(LedgerTransaction.id)
    )


def strangers(tx: Session, *, workspace_id: int) -> tuple[Sequence[int], Sequence[int]]:
    """Rows about money that have no link: of the audit, and of the ledger."""
    return tx.scalars(_strange_audit(workspace_id)).all(), tx.scalars(_strange_ledger(workspace_id)).all()
