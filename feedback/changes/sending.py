"""How a change is told: in which words, when, and whether it goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from feedback import access, audit, loop, once
from feedback.errors import Refused
from models import Change, Member, Stop, Workspace

MOST_DAYS_AHEAD = 60
"""Whoever plans further ahead tells people of something else by then."""


@dataclass(frozen=True)
class Telling:
    words: str = ""
    """As in feedback.loop.words. Empty: the workspace's own for this kind."""
    is_minor: bool = False
    """People read of it in their weekly digest only."""
    tell_at: datetime | None = None
    """The change stands at once, with what it does to the ideas; people hear of it then. None: at once too."""
    announces: bool = False
    """There is a note in the channel where news are."""


AS_USUAL = Telling()


def time_in(text: str, *, member: Member, now: datetime) -> datetime | None:
    """What somebody typed as a day and a time where they are; None where they typed nothing."""
    if not text.strip():
        return None
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused("Write a day and a time like 2026-12-24 18:30.", "tell_at") from None
    if local.tzinfo is None:
        local = local.replace(tzinfo=loop.zone(member.tz))
    at = local.astimezone(UTC)
    if at.astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise Refused("There is no such hour on that day: the clocks are put forward.", "tell_at")
    if at <= now:
        raise Refused("That is over already. Leave it empty to tell them now.", "tell_at")
    if at > now + timedelta(days=MOST_DAYS_AHEAD):
        raise Refused(f"At most {MOST_DAYS_AHEAD} days ahead.", "tell_at")
    return at


def announcement_channel(tx: Session, *, workspace_id: int) -> str:
    """Refused where there is none."""
    channel_id = tx.get_one(Workspace, workspace_id).announcement_channel_id
    if channel_id is None:
        raise Refused("No channel for news is set. A manager chooses it in Settings.", "announces")
    return channel_id


def stop(tx: Session, *, by: Member, change_id: int, now: datetime) -> None:
    """Whatever has not been sent is not sent. What is on its way this moment still arrives. A second time is no
    news."""
    change = access.access_change(tx, member=by, change_id=change_id)
    loop.take_turn(tx, change_id=change.id)
    if loop.stopped(tx, change_id=change.id):
        return
    once.insert(tx, Stop, change_id=change.id, stopped_by_id=by.id, stopped_at=now)
    _record(tx, change, "stopped", by, now)


def go_on(tx: Session, *, by: Member, change_id: int, now: datetime) -> None:
    """Whoever was not told is told after all. A second time is no news."""
    change = access.access_change(tx, member=by, change_id=change_id)
    loop.take_turn(tx, change_id=change.id)
    ended = tx.execute(
        update(Stop)
        .where(Stop.change_id == change.id, Stop.ended_at.is_(None))
        .values(ended_by_id=by.id, ended_at=now)
        .returning(Stop.id)
    ).first()
    if ended is None:
        return
    loop.owe_rest(tx, change=change, now=now)
    _record(tx, change, "went on", by, now)


def _record(tx: Session, change: Change, act: str, by: Member, now: datetime) -> None:
    audit.record(tx, workspace_id=change.workspace_id, by=by, act=act, subject="change", subject_id=change.id, now=now)
