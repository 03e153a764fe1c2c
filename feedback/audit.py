"""Who did what: written beside every change of state, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback import once, sealing
from models import Audit, Member


def record(
    tx: Session,
    *,
    workspace_id: int,
    by: Member | None,
    act: str,
    subject: str,
    subject_id: int,
    now: datetime,
    **detail: Any,
) -> None:
    """`act` is a past participle as the history shows it ("captured", "moved"); `by` None is the product itself."""
    row = Audit(
        workspace_id=workspace_id,
        member_id=by.id if by else None,
        act=act,
        subject=subject,
        subject_id=subject_id,
        detail=detail,
        at=now,
    )
    tx.add(row)
    if subject in sealing.MONEY:
        sealing.note(tx, workspace_id).audit.append(row)


def record_each(
    tx: Session,
    *,
    workspace_id: int,
    by: Member | None,
    act: str,
    subject: str,
    details: Mapping[int, dict[str, Any]],
    now: datetime,
) -> None:
    """The same of many: what there is to say, by the subject's id."""
    facts = {"workspace_id": workspace_id, "member_id": by.id if by else None, "act": act, "subject": subject}
    rows = [{**facts, "subject_id": each, "detail": detail, "at": now} for each, detail in details.items()]
    tx.flush()  # what was recorded before stands before it
    found = once.insert_all(tx, Audit, rows, returning=("id",))
    if subject in sealing.MONEY:
        sealing.note(tx, workspace_id).audit_ids.update(row.id for row in found)


def history(tx: Session, *, workspace_id: int, subject: str, subject_id: int) -> Sequence[Audit]:
    """Oldest first."""
    return tx.scalars(
        select(Audit)
        .where(Audit.workspace_id == workspace_id, Audit.subject == subject, Audit.subject_id == subject_id)
        .options(joinedload(Audit.member))
        .order_by(Audit.at, Audit.id)
    ).all()
