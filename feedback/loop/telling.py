"""Everyone who raised or backed it is told, once a change, where they said it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import members, once, outbox
from feedback.loop import asking_first
from feedback.loop.answering import ideas_of
from feedback.loop.audience import audience
from feedback.loop.refreshing import refresh
from feedback.loop.ways import Way, ways
from models import Change, Idea, Message, Notice


def open_notices(tx: Session, *, change: Change, answered: Sequence[Idea], now: datetime) -> int:
    """One notice for each of those who hear of it, in the way that each of them wants. Returns how many they are."""
    hearers = audience(tx, answered=answered, made_by_id=change.made_by_id)
    way_of: Mapping[int, Way] = ways(tx, is_minor=change.is_minor, hearers=hearers, now=now)
    way_of = asking_first.wait(tx, change=change, answered=answered, hearers=hearers, way_of=way_of, now=now)
    members_told = {hearer.member.id: hearer.member for hearer in hearers if hearer.member.id in way_of}
    rows = [
        {
            "workspace_id": change.workspace_id,
            "change_id": change.id,
            "member_id": hearer.member.id,
            "idea_id": hearer.idea.id,
            "raised_it": hearer.raised_it,
            "opened_at": now,
            "how": way_of[hearer.member.id].how,
            "not_before": way_of[hearer.member.id].not_before,
        }
        for hearer in hearers
        if hearer.member.id in way_of
    ]
    opened = once.insert_all(tx, Notice, rows, returning=("id", "member_id"))
    alone = {f"notice:{row.id}": row for row in opened if way_of[row.member_id].how == "now"}
    outbox.owe_each(
        tx,
        workspace_id=change.workspace_id,
        kind="loop.notice",
        ids_of={key: {"notice_id": row.id} for key, row in alone.items()},
        now=now,
        not_before={key: way_of[row.member_id].not_before or now for key, row in alone.items()},
    )
    for row in opened:
        members.show_home(tx, member=members_told[row.member_id], now=now)
    return len(opened)


def get(tx: Session, *, notice_id: int) -> Notice:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Notice, notice_id)


def is_owed(tx: Session, notice: Notice) -> bool:
    """Nobody is told who left or took back all that it answers of theirs, nor of what did not help those who were asked
    first, nor told twice.

    Where they took back the idea that was to be quoted, the next one of theirs takes its place.
    """
    if notice.told_at is not None or notice.dropped_at is not None or notice.member.left_at is not None:
        return False
    if notice.idea.state == "withdrawn":
        rest = [idea for idea in ideas_of(tx, notice) if idea.state != "withdrawn"]
        if not rest:
            return False
        notice.idea = rest[0]
        notice.raised_it = rest[0].author_id == notice.member_id
    return True


def told(tx: Session, *, notice_id: int, channel_id: str, ts: str, now: datetime) -> None:
    """Where it stands. Locks the idea too: whoever deletes its words just now comes before that, or after it."""
    notice = tx.get_one(Notice, notice_id, with_for_update=True)
    tx.get_one(Idea, notice.idea_id, with_for_update=True)
    if notice.told_at is None:
        notice.channel_id, notice.ts, notice.told_at = channel_id, ts, now
        if notice.answer is not None:  # somebody was faster than we could write down where it stands
            refresh(tx, notice=notice, now=now)
        members.show_home(tx, member=notice.member, now=now)


def follow_deletion(tx: Session, *, message: Message, now: datetime) -> None:
    """Words that somebody took out of Slack are not left standing where they were quoted."""
    quoting = select(Notice).join(Idea, Idea.id == Notice.idea_id).where(Idea.message_id == message.id)
    for notice in tx.scalars(quoting.where(Notice.told_at.is_not(None)).order_by(Notice.id)):
        refresh(tx, notice=notice, now=now)
