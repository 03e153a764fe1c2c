"""What waits for somebody is told in one message a week, on the day and at the hour that the workspace chose, by their
own clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, cast, literal, select, update
from sqlalchemy.orm import Session, joinedload

from feedback import members, once, outbox
from feedback.loop import hours
from feedback.loop.levels import wants
from feedback.loop.refreshing import refresh
from feedback.loop.stopping import is_stopped
from feedback.loop.telling import is_owed
from feedback.loop.ways import main_zone
from models import Answer, Digest, Idea, Member, Notice, Outbox, Workspace

LATE = timedelta(days=1)
"""A schedule that was off makes up for it within so long. After that it is another day's news, and waits for the next
week."""


@dataclass
class _Waiting:
    """What waits for one person."""

    member: Member
    wanted: list[int] = field(default_factory=list)
    unwanted: list[int] = field(default_factory=list)
    first_at: datetime | None = None


def open_digests(tx: Session, *, workspace_id: int, now: datetime) -> int:
    """One for each person whose hour has come and for whom something waits since before it. Returns how many. As many
    queries for a thousand people as for one."""
    workspace = tx.get_one(Workspace, workspace_id)
    fallback = main_zone(tx, workspace_id=workspace_id)
    due: dict[int, _Waiting] = {}
    rows = []
    for waiting in _waiting(tx, workspace_id=workspace_id, now=now):
        zone = hours.zone(waiting.member.tz, fallback)
        at = hours.last_due(now, zone=zone, weekday=workspace.digest_weekday, minutes=workspace.digest_minutes)
        if now - at > LATE or waiting.first_at is None or waiting.first_at > at:
            continue
        due[waiting.member.id] = waiting
        if waiting.wanted:
            week_on = hours.monday_of(at, zone=zone)
            member_id = waiting.member.id
            rows.append({"workspace_id": workspace_id, "member_id": member_id, "week_on": week_on, "opened_at": now})
    opened = {row.member_id: row.id for row in once.insert_all(tx, Digest, rows, returning=("id", "member_id"))}
    settled = [{"id": notice_id, "how": "never"} for waiting in due.values() for notice_id in waiting.unwanted]
    taken = [
        {"id": notice_id, "digest_id": digest_id}
        for member_id, digest_id in opened.items()
        for notice_id in due[member_id].wanted
    ]
    for changed in (settled, taken):
        if changed:
            tx.execute(update(Notice), sorted(changed, key=lambda row: row["id"]))
    outbox.owe_each(
        tx,
        workspace_id=workspace_id,
        kind="loop.digest",
        ids_of={f"digest:{row_id}": {"digest_id": row_id, "member_id": who} for who, row_id in opened.items()},
        now=now,
    )
    return len(opened)


def _waiting(tx: Session, *, workspace_id: int, now: datetime) -> Sequence[_Waiting]:
    """By person. What they have answered already needs no telling."""
    statement = (
        select(Notice.id, Notice.raised_it, Notice.opened_at, Member)
        .join(Member, Member.id == Notice.member_id)
        .outerjoin(Answer, Answer.notice_id == Notice.id)
        .where(
            Notice.workspace_id == workspace_id,
            Notice.how == "digest",
            Notice.told_at.is_(None),
            Notice.digest_id.is_(None),
            Notice.dropped_at.is_(None),
            ~is_stopped(Notice.change_id),
            ~_is_being_told(),
            Notice.not_before.is_(None) | (Notice.not_before <= now),
            Member.left_at.is_(None),
            Answer.id.is_(None),
        )
        .order_by(Notice.id)
    )
    found: dict[int, _Waiting] = {}
    for notice_id, raised_it, opened_at, member in tx.execute(statement):
        waiting = found.setdefault(member.id, _Waiting(member))
        (waiting.wanted if wants(member, raised_it=raised_it) else waiting.unwanted).append(notice_id)
        waiting.first_at = min(opened_at, waiting.first_at or opened_at)
    return list(found.values())


def _is_being_told() -> ColumnElement[bool]:
    """For queries: they wanted to hear of it when it happened, and nobody knows yet whether they did."""
    key = literal("notice:") + cast(Notice.id, String)
    return select(Outbox.id).where(Outbox.key == key, Outbox.state.in_(("new", "sending"))).exists()


def set_stopped_aside(tx: Session, *, digest_id: int) -> None:
    """What somebody stopped since it was opened waits for the next one. Before anything of it may have been sent."""
    stopped = (Notice.digest_id == digest_id, Notice.told_at.is_(None), is_stopped(Notice.change_id))
    tx.execute(update(Notice).where(*stopped).values(digest_id=None))


def get_digest(tx: Session, *, digest_id: int) -> Digest:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Digest, digest_id)


def items(tx: Session, *, digest_id: int) -> list[Notice]:
    """What it tells, the oldest first. Until it is told, without what they answered or took back meanwhile, or do not
    want to hear any more."""
    found = tx.scalars(
        select(Notice)
        .where(Notice.digest_id == digest_id)
        .options(
            joinedload(Notice.change),
            joinedload(Notice.member),
            joinedload(Notice.answer),
            joinedload(Notice.idea).joinedload(Idea.author),
        )
        .order_by(Notice.id)
    ).all()
    for notice in found:
        if notice.told_at is None and not wants(notice.member, raised_it=notice.raised_it):
            notice.how = "never"
    return [notice for notice in found if notice.told_at is not None or _still_waits(tx, notice)]


def _still_waits(tx: Session, notice: Notice) -> bool:
    return notice.how == "digest" and notice.answer is None and is_owed(tx, notice)


def digest_told(tx: Session, *, digest_id: int, channel_id: str, ts: str, now: datetime) -> None:
    """Where it stands, and that everything in it is told. Locks the ideas too, as `told` does, in the order of ids.

    What they answered in it before we could write this down was in it, too.
    """
    digest = tx.get_one(Digest, digest_id, with_for_update=True)
    if digest.told_at is not None:
        return
    digest.channel_id, digest.ts, digest.told_at = channel_id, ts, now
    mine = (Notice.digest_id == digest.id, Notice.how == "digest", Notice.told_at.is_(None))
    found = tx.scalars(select(Notice).where(*mine).order_by(Notice.id).with_for_update()).all()
    quoted = {notice.idea_id for notice in found}
    tx.scalars(select(Idea).where(Idea.id.in_(quoted)).order_by(Idea.id).with_for_update()).all()
    for notice in found:
        if is_owed(tx, notice):
            notice.channel_id, notice.ts, notice.told_at = channel_id, ts, now
    members.show_home(tx, member=digest.member, now=now)


def refresh_digest(tx: Session, *, digest_id: int, now: datetime) -> None:
    """Owes it a fresh look, as for any notice in it."""
    for notice in tx.scalars(select(Notice).where(Notice.digest_id == digest_id).order_by(Notice.id).limit(1)):
        refresh(tx, notice=notice, now=now)
