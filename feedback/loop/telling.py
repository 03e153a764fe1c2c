"""Everyone who raised or backed it is told, once a change, where they said it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import members, once, outbox
from feedback.loop import keys
from feedback.loop.answering import ideas_of
from feedback.loop.planning import Planned, plan
from feedback.loop.refreshing import refresh
from feedback.loop.stopping import is_stopped, take_turn
from models import Announcement, Change, Idea, Message, Notice, NoticePost

AFTER_THE_OLDER = timedelta(seconds=2)
"""How long what is newer waits before it looks again whether the older thing has been told."""


def open_notices(tx: Session, *, change: Change, answered: Sequence[Idea], now: datetime) -> int:
    """One notice for each of those who hear of it, in the way that each of them wants. Returns how many they are."""
    tell_at = max(now, change.tell_at or now)
    everybody = plan(
        tx,
        workspace_id=change.workspace_id,
        answered=answered,
        made_by_id=change.made_by_id,
        kind=change.kind,
        change_id=change.id,
        is_minor=change.is_minor,
        tell_at=tell_at,
    )
    told = {planned.hearer.member.id: planned for planned in everybody if planned.way is not None}
    posts = _open_posts(tx, change, list(told.values()), now)
    rows = [_row(change, planned, posts, now) for planned in told.values()]
    opened = once.insert_all(tx, Notice, rows, returning=("id", "member_id", "post_id", "how", "not_before"))
    opened.sort(key=lambda row: row.id)
    alone = {keys.of_notice(row.id, None): row for row in opened if row.how == "now" and row.post_id is None}
    shared = {keys.of_notice(row.id, row.post_id): row for row in opened if row.post_id is not None}
    for kind, which, rows_of in (("loop.notice", "notice_id", alone), ("loop.post", "post_id", shared)):
        outbox.owe_each(
            tx,
            workspace_id=change.workspace_id,
            kind=kind,
            ids_of={key: {which: row.id if which == "notice_id" else row.post_id} for key, row in rows_of.items()},
            now=now,
            not_before={key: row.not_before or now for key, row in rows_of.items()},
        )
    for row in opened:
        members.show_home(tx, member=told[row.member_id].hearer.member, now=now)
    return len(opened)


def _row(change: Change, planned: Planned, posts: dict[int, int], now: datetime) -> once.Values:
    hearer, way = planned.hearer, planned.way
    assert way is not None
    later = [at for at in (way.not_before, change.tell_at) if at is not None]
    return {
        "workspace_id": change.workspace_id,
        "change_id": change.id,
        "member_id": hearer.member.id,
        "idea_id": hearer.idea.id,
        "raised_it": hearer.raised_it,
        "because": hearer.because,
        "post_id": None if planned.group is None else posts[planned.group],
        "opened_at": now,
        "how": way.how,
        "not_before": max(later) if later else None,
    }


def _open_posts(tx: Session, change: Change, told: Sequence[Planned], now: datetime) -> dict[int, int]:
    """The ids of the posts that several share, by the numbers that they were planned with."""
    places = {planned.group: planned.address for planned in told if planned.group is not None}
    rows = {
        group: NoticePost(
            workspace_id=change.workspace_id,
            change_id=change.id,
            channel_id=address.channel_id or "",
            thread_ts=address.thread_ts or "",
            opened_at=now,
        )
        for group, address in places.items()
    }
    tx.add_all(rows.values())
    tx.flush()  # the notices speak of their ids
    return {group: post.id for group, post in rows.items()}


def announce(tx: Session, *, change: Change, channel_id: str, now: datetime) -> None:
    """A note about it in the channel where news are, once."""
    facts = {"change_id": change.id, "channel_id": channel_id, "opened_at": now}
    if once.insert(tx, Announcement, **facts) is not None:
        key = keys.of_announcement(change.id)
        tell_at = max(now, change.tell_at or now)
        outbox.owe_each(
            tx,
            workspace_id=change.workspace_id,
            kind="loop.announcement",
            ids_of={key: {"change_id": change.id}},
            now=now,
            not_before={key: tell_at},
        )


def get(tx: Session, *, notice_id: int) -> Notice:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Notice, notice_id)


def announcement_of(tx: Session, *, change_id: int) -> Announcement:
    return tx.scalars(select(Announcement).where(Announcement.change_id == change_id)).one()


def announced(tx: Session, *, change_id: int, ts: str, now: datetime) -> None:
    row = tx.scalars(select(Announcement).where(Announcement.change_id == change_id).with_for_update()).one()
    row.ts, row.told_at = row.ts or ts, row.told_at or now


def not_announced(tx: Session, *, change_id: int, now: datetime) -> None:
    """The same for it as `not_told` for a notice."""
    take_turn(tx, change_id=change_id)
    if not stopped(tx, change_id=change_id) and announcement_of(tx, change_id=change_id).told_at is None:
        owe_announcement_again(tx, change=tx.get_one(Change, change_id), now=now)


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
        notice.raised_it, notice.because = rest[0].author_id == notice.member_id, "backed"
    return True


def comes_first(tx: Session, *, notices: Sequence[Notice], now: datetime) -> bool:
    """Whether one of these people is still to be told of an older change, which they read before this one. What did
    not get through, is stopped or is meant for later keeps nobody waiting."""
    if not notices:
        return False
    older = tx.scalars(
        select(Notice).where(
            Notice.member_id.in_([notice.member_id for notice in notices]),
            Notice.change_id < notices[0].change_id,
            Notice.told_at.is_(None),
            Notice.how == "now",
            Notice.not_before.is_(None) | (Notice.not_before <= now),
            ~is_stopped(Notice.change_id),
        )
    ).all()
    return bool(older) and outbox.is_in_line(tx, keys=sorted({keys.of_notice(each.id, each.post_id) for each in older}))


def told(tx: Session, *, notice_id: int, channel_id: str, ts: str, now: datetime) -> None:
    """Where it stands. Locks the idea too: whoever deletes its words just now comes before that, or after it."""
    notice = tx.get_one(Notice, notice_id, with_for_update=True)
    tx.get_one(Idea, notice.idea_id, with_for_update=True)
    if notice.told_at is None:
        notice.channel_id, notice.ts, notice.told_at = channel_id, ts, now
        notice.how, notice.digest_id = "now", None  # also where they chose otherwise while it was on its way
        if notice.answer is not None:  # somebody was faster than we could write down where it stands
            refresh(tx, notice=notice, now=now)
        members.show_home(tx, member=notice.member, now=now)


def not_told(tx: Session, *, notice_id: int, now: datetime) -> None:
    """It was not sent, because it was stopped, or was not owed. If somebody had it go on in the same moment, it is
    owed again."""
    notice = tx.get_one(Notice, notice_id)
    take_turn(tx, change_id=notice.change_id)
    waits = stopped(tx, change_id=notice.change_id)
    if notice.told_at is None and notice.how == "now" and not waits and is_owed(tx, notice):
        owe_again(tx, notices=[notice], now=now)


def stopped(tx: Session, *, change_id: int) -> bool:
    return bool(tx.scalar(select(is_stopped(change_id))))


def owe_rest(tx: Session, *, change: Change, now: datetime) -> None:
    """Owes whatever was let be while it was stopped. What still waits in the outbox, or is under way, is left to it."""
    rest = tx.scalars(
        select(Notice)
        .where(
            Notice.change_id == change.id,
            Notice.told_at.is_(None),
            Notice.dropped_at.is_(None),
            Notice.how == "now",
        )
        .order_by(Notice.id)
    ).all()
    ended = outbox.ended(tx, keys=[keys.of_notice(each.id, each.post_id) for each in rest])
    owe_again(tx, notices=[each for each in rest if keys.of_notice(each.id, each.post_id) in ended], now=now)
    announcement = tx.scalars(
        select(Announcement).where(Announcement.change_id == change.id, Announcement.told_at.is_(None))
    ).one_or_none()
    if announcement is not None and outbox.ended(tx, keys=[keys.of_announcement(change.id)]):
        owe_announcement_again(tx, change=change, now=now)


def owe_again(tx: Session, *, notices: Sequence[Notice], now: datetime) -> None:
    for each in notices:
        wait = max((each.not_before or now) - now, timedelta())
        which = {"notice_id": each.id} if each.post_id is None else {"post_id": each.post_id}
        outbox.owe_again(
            tx,
            workspace_id=each.workspace_id,
            kind="loop.notice" if each.post_id is None else "loop.post",
            key=keys.of_notice(each.id, each.post_id),
            now=now,
            wait=wait,
            **which,
        )


def owe_announcement_again(tx: Session, *, change: Change, now: datetime) -> None:
    wait = max((change.tell_at or now) - now, timedelta())
    key = keys.of_announcement(change.id)
    outbox.owe_again(
        tx,
        workspace_id=change.workspace_id,
        kind="loop.announcement",
        key=key,
        now=now,
        wait=wait,
        change_id=change.id,
    )


def follow_deletion(tx: Session, *, message: Message, now: datetime) -> None:
    """Words that somebody took out of Slack are not left standing where they were quoted."""
    quoting = select(Notice).join(Idea, Idea.id == Notice.idea_id).where(Idea.message_id == message.id)
    for notice in tx.scalars(quoting.where(Notice.told_at.is_not(None)).order_by(Notice.id)):
        refresh(tx, notice=notice, now=now)
