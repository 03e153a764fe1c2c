"""How loud the app may be in a workspace: when it keeps quiet, how much one person is told in a week, and when the rest
comes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit
from feedback.errors import Refused
from feedback.loop.hours import DAY_MINUTES
from models import Member, Workspace

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_A_WEEK = 50
LEAST_OPEN_MINUTES = 60
"""Of each day: a quiet time that leaves less is a mistake."""
CLOCK = re.compile(r"([01]?[0-9]|2[0-3])(?:[:.]([0-5][0-9]))?")


@dataclass(frozen=True)
class Pacing:
    """What managers set. Minutes are after midnight, on each person's own clock."""

    has_quiet_hours: bool
    quiet_from_minutes: int
    quiet_to_minutes: int
    notices_a_week: int
    digest_weekday: int
    digest_minutes: int


def pace(tx: Session, *, manager: Member, pacing: Pacing, now: datetime) -> None:
    """From now on, also for what is owed already and not told yet."""
    access.check_manage(manager)
    _check(pacing)
    workspace = tx.scalars(select(Workspace).where(Workspace.id == manager.workspace_id).with_for_update()).one()
    for name, value in vars(pacing).items():
        setattr(workspace, name, value)
    audit.record(
        tx,
        workspace_id=workspace.id,
        by=manager,
        act="configured",
        subject="workspace",
        subject_id=workspace.id,
        now=now,
        **vars(pacing),
    )


def _check(pacing: Pacing) -> None:
    quiet = (pacing.quiet_to_minutes - pacing.quiet_from_minutes) % DAY_MINUTES
    if pacing.has_quiet_hours and quiet == 0:
        raise Refused("It has to end at another time than it begins.", "quiet_to")
    if pacing.has_quiet_hours and DAY_MINUTES - quiet < LEAST_OPEN_MINUTES:
        raise Refused("Leave at least an hour of the day in which people can be told.", "quiet_to")
    if not 0 <= pacing.digest_weekday < len(WEEKDAYS):
        raise Refused("Choose a day of the week.", "digest_weekday")
    after_begin = (pacing.digest_minutes - pacing.quiet_from_minutes) % DAY_MINUTES
    if pacing.has_quiet_hours and after_begin < quiet:
        raise Refused("That is in the quiet hours. Choose a time outside of them.", "digest_at")


def minutes_of(text: str, field: str) -> int:
    """What a person typed ("21:00", "9.30", "8"), in minutes after midnight."""
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        raise Refused("Write a time like 21:00.", field)
    return int(found[1]) * 60 + int(found[2] or 0)


def clock_of(minutes: int) -> str:
    """As people read it."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def weekday_of(text: str) -> int:
    """As a form sends it; one that there is not where it sends something else."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) == 1 else -1
