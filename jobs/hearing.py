"""What follows when people answer, or do not: ids in, a plan out; None where nothing is owed any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import appeals, loop
from feedback.blocks import appeals as appeal_blocks
from feedback.hub import Hub
from jobs.losing import losing
from jobs.plans import Plan, Post, Tx, Work

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
