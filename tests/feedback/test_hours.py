"""Night and the week's hour on people's own clocks: odd zones, clocks that are put forward and back, days that were
skipped."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from feedback.loop import hours

EVENING, MORNING = 21 * 60, 8 * 60


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def until(now: str, zone: str, from_minutes: int = EVENING, to_minutes: int = MORNING) -> str | None:
    found = hours.quiet_until(at(now), zone=hours.zone(zone), from_minutes=from_minutes, to_minutes=to_minutes)
    return f"{found:%Y-%m-%dT%H:%M}" if found else None


@pytest.mark.parametrize(
    ("now", "zone", "end"),
    [
        ("2026-11-02T20:59", "UTC", None),
        ("2026-11-02T21:00", "UTC", "2026-11-03T08:00"),
        ("2026-11-03T07:59", "UTC", "2026-11-03T08:00"),
        ("2026-11-03T08:00", "UTC", None),
        ("2026-11-02T15:14", "Asia/Kathmandu", None),  # 20:59 there
        ("2026-11-02T15:15", "Asia/Kathmandu", "2026-11-03T02:15"),
        ("2026-11-02T09:00", "Pacific/Apia", "2026-11-02T19:00"),  # 22:00 there
        ("2026-11-02T09:00", "Pacific/Kiritimati", "2026-11-02T18:00"),  # 23:00 there
    ],
)
def test_night_ends_in_the_morning_of_whoever_sleeps(now: str, zone: str, end: str | None) -> None:
    assert until(now, zone) == end


@pytest.mark.parametrize(
    ("now", "zone", "end"),
    [
        ("2026-03-28T23:00", "Europe/London", "2026-03-29T07:00"),  # an hour is skipped in this night
        ("2026-10-24T22:00", "Europe/London", "2026-10-25T08:00"),  # and given back in this one
        ("2026-03-08T04:30", "America/New_York", "2026-03-08T12:00"),
        ("2026-11-01T03:30", "America/New_York", "2026-11-01T13:00"),
        ("2011-12-30T08:00", "Pacific/Apia", "2011-12-30T18:00"),  # Thursday, 22:00; there was no Friday
    ],
)
def test_the_night_in_which_clocks_are_put_forward_or_back(now: str, zone: str, end: str) -> None:
    assert until(now, zone) == end


def test_an_end_that_the_clock_skips_or_shows_twice() -> None:
    skipped = ("2026-03-29T00:30", "Europe/London", 22 * 60, 90)  # the clock goes from 01:00 to 02:00
    assert until(*skipped) == "2026-03-29T01:30"
    first = ("2026-10-25T00:10", "Europe/London", 22 * 60, 90)  # 01:10 for the first time
    assert until(*first) == "2026-10-25T00:30"
    again = ("2026-10-25T01:10", "Europe/London", 22 * 60, 90)  # 01:10 for the second time
    assert until(*again) == "2026-10-25T01:30"


def test_quiet_hours_in_the_middle_of_the_day() -> None:
    siesta = (13 * 60, 15 * 60)
    assert until("2026-11-02T12:59", "UTC", *siesta) is None
    assert until("2026-11-02T13:30", "UTC", *siesta) == "2026-11-02T15:00"
    assert until("2026-11-02T15:00", "UTC", *siesta) is None
    assert until("2026-11-02T15:00", "UTC", 600, 600) is None


@pytest.mark.parametrize(
    "name", [None, "", "Mars/Base", "../../etc/passwd", "/etc/passwd", "America", "a\x00b", "é" * 300]
)
def test_what_is_no_zone_is_passed_over(name: str | None) -> None:
    assert hours.zone(name) is UTC
    assert hours.zone(name, "Asia/Tokyo") == ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("now", "zone", "due"),
    [
        ("2026-11-06T09:00", "UTC", "2026-11-06T09:00"),
        ("2026-11-06T08:59", "UTC", "2026-10-30T09:00"),
        ("2026-11-06T03:15", "Asia/Kathmandu", "2026-11-06T03:15"),
        ("2026-11-05T19:00", "Pacific/Kiritimati", "2026-11-05T19:00"),  # it is Friday there
        ("2026-03-27T12:00", "Europe/London", "2026-03-27T09:00"),
        ("2026-04-03T12:00", "Europe/London", "2026-04-03T08:00"),
        ("2011-12-31T00:00", "Pacific/Apia", "2011-12-30T19:00"),  # the Friday that there was not: Saturday at nine
    ],
)
def test_the_hour_of_the_week_is_everybodys_own(now: str, zone: str, due: str) -> None:
    found = hours.last_due(at(now), zone=hours.zone(zone), weekday=4, minutes=540)
    assert f"{found:%Y-%m-%dT%H:%M}" == due


def test_a_week_begins_on_the_monday_there() -> None:
    sunday_in_utc = at("2026-11-08T12:00")
    assert hours.monday_of(sunday_in_utc, zone=UTC) == date(2026, 11, 2)
    assert hours.monday_of(sunday_in_utc, zone=hours.zone("Pacific/Kiritimati")) == date(2026, 11, 9)
