"""A notice that stands somewhere shows how things are by now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import outbox
from models import Notice, Reminder


def refresh(tx: Session, *, notice: Notice, now: datetime) -> None:
    """Owes the notice a fresh look, and the reminder of it: with the answer in place of the question."""
    outbox.owe_again(
        tx,
        workspace_id=notice.workspace_id,
        kind="loop.notice_refresh",
        key=f"loop.notice_refresh:{notice.id}",
        now=now,
        notice_id=notice.id,
    )
    reminder = select(Reminder.id).where(Reminder.notice_id == notice.id, Reminder.told_at.is_not(None))
    for reminder_id in tx.scalars(reminder):
        outbox.owe_again(
            tx,
            workspace_id=notice.workspace_id,
            kind="loop.reminder_refresh",
            key=f"loop.reminder_refresh:{reminder_id}",
            now=now,
            reminder_id=reminder_id,
        )
