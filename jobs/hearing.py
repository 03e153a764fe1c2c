"""What follows when people answer, or do not: ids in, a plan out; None where nothing is owed any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import appeals, loop
from feedback.blocks import Message
from feedback.blocks import appeals as appeal_blocks
from feedback.blocks import loop as loop_blocks
from feedback.hub import Hub
from jobs.losing import losing
from jobs.plans import Later, Plan, Post, Tx, Update, Work

Ids = dict[str, Any]


def weigh(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """Whether enough new people back what was declined and asked for again."""

    def run() -> None:
        with hub.transaction() as tx:
            appeals.weigh(tx, idea_id=ids["idea_id"], now=now)

    return Work(run)


def heard_again(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """Where they were told of the decline."""
    appeal = appeals.get(tx, appeal_id=ids["appeal_id"])
    if appeal.told_at is not None:
        return None
    notice = appeal.notice
    address = loop.address_of(tx, notice.idea) if notice.raised_it else loop.Address(None, None)
    return Post(
        message=appeal_blocks.heard(appeal) if appeal.member.left_at is None else None,
        user_id=appeal.member.slack_id,
        channel_id=address.channel_id,
        thread_ts=address.thread_ts,
        when_posted=lambda tx, posted, now: appeals.told(tx, appeal_id=appeal.id, now=now),
        when_refused=losing(notice.idea_id, address.channel_id),
        elsewhere=loop.threads_of(tx, notice),
    )


def reminder(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | Later | None:
    """In the thread where they said it, or alone; not at night."""
    found = loop.get_reminder(tx, reminder_id=ids["reminder_id"])
    if found.told_at is not None:
        return None
    notice = found.notice
    is_owed = loop.is_reminder_owed(tx, found)
    until = loop.quiet_until(tx, member=notice.member, now=now) if is_owed else None
    if until is not None:
        return Later(until)
    address = loop.address_of_reminder(tx, notice)
    return Post(
        message=_reminder_message(tx, found.id) if is_owed else None,
        look_again=lambda tx: _reminder_message(tx, found.id),
        user_id=notice.member.slack_id,
        channel_id=address.channel_id,
        thread_ts=address.thread_ts,
        when_posted=lambda tx, posted, now: loop.reminded(
            tx, reminder_id=found.id, channel_id=posted.channel_id, ts=posted.ts, now=now
        ),
        when_outdated=lambda tx, now: loop.refresh(tx, notice=notice, now=now),
        when_refused=losing(notice.idea_id, address.channel_id),
        elsewhere=loop.threads_of(tx, notice),
    )


def reminder_refresh(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    found = loop.get_reminder(tx, reminder_id=ids["reminder_id"])
    message = _reminder_message(tx, found.id)
    return Update(message, found.channel_id, found.ts) if found.channel_id and found.ts else None


def _reminder_message(tx: Tx, reminder_id: int) -> Message:
    notice = loop.get_reminder(tx, reminder_id=reminder_id).notice
    return loop_blocks.reminder(notice, answer=notice.answer)
