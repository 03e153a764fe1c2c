"""What the clock shows where somebody is: whether it is night there, and when their week's message is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAY_MINUTES = 24 * 60


def zone(*names: str | None) -> tzinfo:
    """The first of these names that is a time zone; UTC where none is."""
    return next((found for name in names if name and (found := _zone(name)) is not None), UTC)


@lru_cache(1024)
def _zone(name: str) -> ZoneInfo | None:
    """Names come from Slack, and are looked up among files: what is none may fail in several ways."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def quiet_until(now: datetime, *, zone: tzinfo, from_minutes: int, to_minutes: int) -> datetime | None:
    """When the quiet time ends that it is there now; None where it is not quiet. Both in minutes after midnight; where
    the first is the later one, the night lies between."""
    here = now.astimezone(zone)
    minutes = here.hour * 60 + here.minute
    if from_minutes <= to_minutes:
        is_quiet = from_minutes <= minutes < to_minutes
    else:
        is_quiet = minutes >= from_minutes or minutes < to_minutes
    if not is_quiet:
        return None
    days = (here.date() + timedelta(days=number) for number in range(3))
    return next(at for day in days for at in _moments(day, to_minutes, zone) if at > now)


def last_due(now: datetime, *, zone: tzinfo, weekday: int, minutes: int) -> datetime:
    """The last moment, up to now, at which the clock there showed this hour of this day of the week. 0 is Monday."""
    today = now.astimezone(zone).date()
    day = today - timedelta(days=(today.weekday() - weekday) % 7)
    at = next(_moments(day, minutes, zone))
    return at if at <= now else next(_moments(day - timedelta(days=7), minutes, zone))


def monday_of(at: datetime, *, zone: tzinfo) -> date:
    """Of the week in which it is there then."""
    day = at.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _moments(day: date, minutes: int, zone: tzinfo) -> Iterator[datetime]:
    """When the clock shows that: twice where it is put back over it. Where it is put forward over it, the first is as
    long after midnight as if it were not."""
    for fold in (0, 1):
        yield datetime.combine(day, time(minutes // 60, minutes % 60, fold=fold), tzinfo=zone).astimezone(UTC)
