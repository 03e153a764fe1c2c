"""What did not get through, and what a manager decides about it: try it again, or leave it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import access, audit, outbox, rewards
from feedback.errors import Refused
from models import Member, Outbox, Payout

OVERTAKEN = "That one was tried again or left meanwhile. This is how things stand now."


def count(tx: Session, *, workspace_id: int) -> int:
    """How many wait for a manager."""
    waits = (Outbox.workspace_id == workspace_id, outbox.is_undelivered())
    return tx.scalar(select(func.count(Outbox.id)).where(*waits)) or 0


def try_again(tx: Session, *, outbox_id: int, attempt: int, manager: Member, now: datetime) -> None:
    """It is owed again, at once, also where it was left. `attempt` is the one that the manager read of, so that a
    second press is no news."""
    row = access.access_outbox(tx, member=manager, outbox_id=outbox_id)
    payout, error = _held(tx, row, manager), row.error
    if outbox.try_again(tx, outbox_id=row.id, attempt=attempt, now=now):
        if payout is not None:
            rewards.pay_again(tx, payout=payout, manager=manager, now=now)
        _record(tx, row=row, by=manager, act="tried again", error=error, now=now)
        return
    tx.refresh(row)
    if row.state in outbox.UNDELIVERED:
        raise Refused(OVERTAKEN)


def leave(tx: Session, *, outbox_id: int, attempt: int, manager: Member, now: datetime) -> None:
    """It stays undone, and is not listed any more; a payment may still be tried again on the thank-you's own page.
    A second press is no news."""
    row = access.access_outbox(tx, member=manager, outbox_id=outbox_id)
    payout, error = _held(tx, row, manager), row.error
    if outbox.dismiss(tx, outbox_id=row.id, attempt=attempt, member_id=manager.id, now=now):
        if payout is not None:
            rewards.leave_unpaid(tx, payout=payout, manager=manager, now=now)
        _record(tx, row=row, by=manager, act="left", error=error, now=now)
        return
    tx.refresh(row)
    if row.dismissed_at is None:
        raise Refused(OVERTAKEN)


def _held(tx: Session, row: Outbox, manager: Member) -> Payout | None:
    """The payment that it is about. It is locked before its row, as whoever records a payment does it."""
    if row.kind != "reward.pay":
        return None
    return rewards.hold(tx, payout_id=row.payload["payout_id"], manager=manager)


def _record(tx: Session, *, row: Outbox, by: Member, act: str, error: str, now: datetime) -> None:
    audit.record(
        tx,
        workspace_id=row.workspace_id,
        by=by,
        act=act,
        subject="outbox",
        subject_id=row.id,
        now=now,
        kind=row.kind,
        error=error,
    )
