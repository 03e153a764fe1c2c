"""Whom the note about a change names: those who helped with it and agreed to be named."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union
from sqlalchemy.orm import Session

from feedback import audit, members
from feedback.loop.refreshing import refresh_announcement
from models import Announcement, Change, ChangeIdea, Idea, Member, Reward

MOST_NAMED = 5
"""In one note; how many others there are is said without names."""


def allow(tx: Session, *, member: Member, is_credited: bool, now: datetime) -> None:
    """From now on they are named, or not any more, also in what was posted before. Twice is no news."""
    tx.refresh(member, with_for_update={"key_share": True})  # somebody who presses twice
    if member.is_credited == is_credited:
        return
    member.is_credited = is_credited
    act = "agreed to be named" if is_credited else "asked not to be named"
    which: dict[str, Any] = {"subject": "member", "subject_id": member.id}
    audit.record(tx, workspace_id=member.workspace_id, by=member, act=act, **which, now=now)
    tx.flush()  # the notes are looked up with what stands now
    for change_id in _posted(tx, member):
        refresh_announcement(tx, workspace_id=member.workspace_id, change_id=change_id, now=now)
    members.show_home(tx, member=member, now=now)


def helped(tx: Session, *, change: Change) -> list[str]:
    """The names, who said it first first. Nobody is named for anything but what shipped."""
    if change.kind != "shipped":
        return []
    parts = _parts(ChangeIdea.change_id == change.id, Reward.change_id == change.id).subquery("parts")
    return list(
        tx.scalars(
            select(Member.name)
            .join(parts, parts.c.member_id == Member.id)
            .where(Member.is_credited, Member.left_at.is_(None), Member.is_bot.is_(False))
            .group_by(Member.id, Member.name)
            .order_by(func.min(parts.c.idea_id), Member.id)
        )
    )


def _parts(answers: ColumnElement[bool], thanked: ColumnElement[bool]) -> Select[*tuple[int, int, int]]:
    """Who has a part in a change, and with which idea: they said what it answers, or were thanked for it."""
    said = (
        select(ChangeIdea.change_id, Idea.author_id.label("member_id"), Idea.id.label("idea_id"))
        .join(Idea, Idea.id == ChangeIdea.idea_id)
        .where(answers, Idea.state != "withdrawn")
    )
    given = select(Reward.change_id, Reward.member_id, Reward.idea_id).where(
        thanked, Reward.state.not_in(("declined", "cancelled"))
    )
    both = union(said, given).subquery("both")
    return select(both.c.change_id, both.c.member_id, both.c.idea_id)


def _posted(tx: Session, member: Member) -> list[int]:
    """The changes with a note that stands somewhere, and that they have a part in."""
    parts = _parts(Idea.author_id == member.id, Reward.member_id == member.id).subquery("parts")
    return list(
        tx.scalars(
            select(Announcement.change_id)
            .join(Change, Change.id == Announcement.change_id)
            .where(
                Change.workspace_id == member.workspace_id,
                Change.kind == "shipped",
                Announcement.told_at.is_not(None),
                Announcement.change_id.in_(select(parts.c.change_id)),
            )
            .order_by(Announcement.change_id)
        )
    )
