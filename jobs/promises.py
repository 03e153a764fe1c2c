"""Promises of the team: asking whether to note one, and reminding of it. Ids in, a plan out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import promises
from feedback.blocks import Message
from feedback.blocks import promises as promise_blocks
from feedback.hub import Hub
from jobs.plans import Plan, Post, Tx, Update, Whisper

Ids = dict[str, Any]


def ask(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """In the thread where they said it, seen by nobody else."""
    found = promises.get(tx, promise_id=ids["promise_id"])
    if not promises.question_stands(found, now=now):
        promises.leave(tx, promise_id=found.id)
        return None
    message = found.message
    return Whisper(
        message=promise_blocks.question(found),
        user_id=found.member.slack_id,
        channel_id=message.channel_id,
        thread_ts=message.thread_ts,
        when_shown=lambda tx: promises.asked(tx, promise_id=found.id),
        when_lost=lambda tx: promises.leave(tx, promise_id=found.id),
    )


def remind(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """In a message to whoever made it."""
    found = promises.get(tx, promise_id=ids["promise_id"])
    is_owed = promises.is_reminder_owed(found, due_on=ids["due_on"])
    return Post(
        message=promise_blocks.reminder(found) if is_owed else None,
        look_again=lambda tx: _reminder(tx, found.id),
        user_id=found.member.slack_id,
        channel_id=None,
        thread_ts=None,
        when_posted=lambda tx, posted, now: promises.reminded(
            tx, promise_id=found.id, channel_id=posted.channel_id, ts=posted.ts, now=now
        ),
        when_outdated=lambda tx, now: promises.refresh(tx, promise_id=found.id, now=now),
    )


def remind_refresh(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    found = promises.get(tx, promise_id=ids["promise_id"])
    return Update(_reminder(tx, found.id), found.channel_id, found.ts) if found.channel_id and found.ts else None


def _reminder(tx: Tx, promise_id: int) -> Message:
    return promise_blocks.reminder(promises.get(tx, promise_id=promise_id))
