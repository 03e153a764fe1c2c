"""A notice that stands somewhere shows how things are by now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import outbox
from models import Notice, Reminder


def refresh(tx: Session, *, notice: Notice, now: datetime) -> None:
    """Owes the notice a fresh look, and the reminder of it: with the answer in place of the question. Where several
    share a post, owes it one; and those that are told in one message are one piece of work, so that of two looks at
    once none undoes the other."""
    _refresh_reminder(tx, notice=notice, now=now)
    if notice.post_id is not None:
        refresh_post(tx, workspace_id=notice.workspace_id, post_id=notice.post_id, now=now)
        return
    outbox.owe_again(
        tx,
        workspace_id=notice.workspace_id,
        kind="loop.notice_refresh",
        key=f"loop.notice_refresh:{f'digest:{notice.digest_id}' if notice.digest_id else notice.id}",
        now=now,
        notice_id=notice.id,
    )


def refresh_post(tx: Session, *, workspace_id: int, post_id: int, now: datetime) -> None:
    key = f"loop.post_refresh:{post_id}"
    outbox.owe_again(tx, workspace_id=workspace_id, kind="loop.post_refresh", key=key, now=now, post_id=post_id)


def refresh_announcement(tx: Session, *, workspace_id: int, change_id: int, now: datetime) -> None:
    key = f"loop.announcement_refresh:{change_id}"
    kind = "loop.announcement_refresh"
    outbox.owe_again(tx, workspace_id=workspace_id, kind=kind, key=key, now=now, change_id=change_id)


def _refresh_reminder(tx: Session, *, notice: Notice, now: datetime) -> None:
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
