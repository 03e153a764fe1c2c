"""How each of those who could hear of a change hears of it: as much as they want, when it suits them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from feedback.loop import hours
from feedback.loop.audience import Hearer
from feedback.loop.levels import wants
from feedback.loop.stopping import is_stopped
from models import Member, Notice, Workspace

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Way:
    how: str
    """now or digest, as a notice has it."""
    not_before: datetime | None = None
    """They are not told earlier. None: at once."""
    why: str = ""
    """What a preview says about it, where it is not simply now."""


@dataclass(frozen=True)
class _Custom:
    """What is usual in a workspace."""

    workspace: Workspace
    main_zone: str | None
    """Of most people there, for those of whom none is known."""


def ways(tx: Session, *, is_minor: bool, hearers: Sequence[Hearer], now: datetime) -> dict[int, Way]:
    """By member. Whoever does not want to hear of it is not in it. Three queries, however many they are.

    Two changes at once count what each other opens, because whoever decides takes a turn (ideas.take_turn); what gets
    past that is asked again when its turn to be sent comes.
    """
    if not hearers:
        return {}
    custom = _custom_of(tx, hearers[0].member.workspace_id)
    told = _told_in_a_week(tx, Notice.workspace_id == custom.workspace.id, now=now)
    return {
        hearer.member.id: way for hearer in hearers if (way := _way_of(hearer, is_minor, custom, told, now)) is not None
    }


def ask_again(tx: Session, *, notice: Notice, now: datetime) -> Way | None:
    """How it is told by now, when its turn has come: they may have chosen otherwise since, or moved to where it is
    night, or it comes late. None where they do not want to hear of it any more. Writes it down on the notice."""
    earlier = Notice.told_at.is_not(None) | (Notice.id < notice.id)
    mine = (Notice.member_id == notice.member_id, Notice.id != notice.id, earlier)
    told = _told_in_a_week(tx, Notice.workspace_id == notice.workspace_id, *mine, now=now)
    hearer = Hearer(notice.member, notice.idea, notice.raised_it)
    way = _way_of(hearer, notice.change.is_minor, _custom_of(tx, notice.workspace_id), told, now)
    notice.how = way.how if way else "never"
    if way and way.not_before:
        notice.not_before = way.not_before
    return way


def for_now(tx: Session, *, notices: Sequence[Notice], now: datetime) -> tuple[list[Notice], datetime | None]:
    """Those that can be told now, when their turn has come; and when the first of those can be for whom it is night, or
    before whom others are asked. What is left waits for the week's message, or is not told any more."""
    found: list[Notice] = []
    later: list[Notice] = []
    for notice in notices:
        way = ask_again(tx, notice=notice, now=now)
        if way is not None and way.how == "now":
            waits = way.not_before is not None or (notice.not_before or now) > now
            (later if waits else found).append(notice)
    return found, min((notice.not_before for notice in later if notice.not_before), default=None)


def quiet_until(tx: Session, *, member: Member, now: datetime) -> datetime | None:
    """When they may be told something; None where it is not night where they are."""
    return _quiet_until(member, _custom_of(tx, member.workspace_id), now)


def main_zone(tx: Session, *, workspace_id: int) -> str | None:
    """Of most people there; of two that are as many, the first by name. None where nobody's is known."""
    people = func.count(Member.id)
    return tx.scalars(
        select(Member.tz)
        .where(
            Member.workspace_id == workspace_id,
            Member.tz.is_not(None),
            Member.left_at.is_(None),
            Member.is_bot.is_(False),
        )
        .group_by(Member.tz)
        .order_by(people.desc(), Member.tz)
        .limit(1)
    ).first()


def _custom_of(tx: Session, workspace_id: int) -> _Custom:
    return _Custom(tx.get_one(Workspace, workspace_id), main_zone(tx, workspace_id=workspace_id))


def _told_in_a_week(tx: Session, *which: ColumnElement[bool], now: datetime) -> Mapping[int, int]:
    """By member, how many of these notices they were told one by one in the last seven days, or are about to be: not
    what is meant for another day, nor what was stopped or is not told after all."""
    at = func.coalesce(Notice.told_at, Notice.not_before, Notice.opened_at)
    is_coming = Notice.dropped_at.is_(None) & ~is_stopped(Notice.change_id)
    rows = tx.execute(
        select(Notice.member_id, func.count(Notice.id))
        .where(*which, Notice.how == "now", at > now - WEEK, at < now + DAY, Notice.told_at.is_not(None) | is_coming)
        .group_by(Notice.member_id)
    )
    return {row[0]: row[1] for row in rows}


def _way_of(hearer: Hearer, is_minor: bool, custom: _Custom, told: Mapping[int, int], now: datetime) -> Way | None:
    member, most = hearer.member, custom.workspace.notices_a_week
    if not wants(member, raised_it=hearer.raised_it):
        return None
    if member.hears == "digest":
        return Way("digest", why="reads it in the weekly digest")
    if is_minor:
        return Way("digest", why="a minor change, in the weekly digest")
    if most and told.get(member.id, 0) >= most:
        return Way("digest", why="was told enough this week, so it waits for the weekly digest")
    until = _quiet_until(member, custom, now)
    return Way("now", until, "when the night is over where they are") if until else Way("now")


def _quiet_until(member: Member, custom: _Custom, now: datetime) -> datetime | None:
    workspace = custom.workspace
    if not workspace.has_quiet_hours:
        return None
    return hours.quiet_until(
        now,
        zone=hours.zone(member.tz, custom.main_zone),
        from_minutes=workspace.quiet_from_minutes,
        to_minutes=workspace.quiet_to_minutes,
    )
