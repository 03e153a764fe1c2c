"""What reads as a promise, and by which day."""

from __future__ import annotations

from datetime import date

import pytest

from feedback.promises import wording

WEDNESDAY = date(2026, 11, 4)


@pytest.mark.parametrize(
    "text",
    [
        "We'll fix that next week.",
        "We’ll fix this.",
        "I'll check with the lab",
        "I will look into it tomorrow",
        "Thanks! I'll get back to you by Friday.",
        "let me check and come back to you",
        "We're going to ship a new cap in two weeks",
        "It will be fixed in the next batch.",
        "The new pump should be out next week",
        "Sorry about that. I'm on it.",
        "We will definitely add that",
        "We'll\nfix it",
    ],
)
def test_promises_are_found(text: str) -> None:
    assert wording.promises(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Will you fix that next week?",
        "Shall I check?",
        "We won't fix that.",
        "We will not do it.",
        "I'll never understand pumps",
        "Maybe we'll fix it",
        "If we find the time we'll look at it",
        "I don't think we'll add it",
        "You'll find it in the shop",
        "They will fix it",
        "Thanks for telling us",
        "I check that every week",
        "We fixed that last week",
        "next week is a holiday",
    ],
)
def test_wishes_questions_doubts_and_noes_are_none(text: str) -> None:
    assert not wording.promises(text)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("I'll check today", date(2026, 11, 4)),
        ("I'll check by EOD", date(2026, 11, 4)),
        ("tomorrow", date(2026, 11, 5)),
        ("by Friday", date(2026, 11, 6)),
        ("on wednesday", date(2026, 11, 11)),
        ("next Monday", date(2026, 11, 9)),
        ("next friday", date(2026, 11, 13)),
        ("this week", date(2026, 11, 6)),
        ("by the end of the week", date(2026, 11, 6)),
        ("next week", date(2026, 11, 13)),
        ("in two weeks", date(2026, 11, 18)),
        ("within 10 days", date(2026, 11, 14)),
        ("in a couple of days", date(2026, 11, 6)),
        ("by the end of the month", date(2026, 11, 30)),
        ("next month", date(2026, 12, 31)),
        ("on 12 December", date(2026, 12, 12)),
        ("by Jan 3rd", date(2027, 1, 3)),
        ("by 2026-11-27", date(2026, 11, 27)),
        ("it broke on 2026-10-01, we'll fix it by Friday", date(2026, 11, 6)),
        ("we'll fix what broke on 2026-10-01", None),
        ("this Wednesday", date(2026, 11, 4)),
        ("by 31 February", None),
        ("by 2026-99-99", None),
        ("soon", None),
        ("", None),
    ],
)
def test_days_are_read_from_the_day_on_which_it_was_written(text: str, on: date | None) -> None:
    assert wording.due_on(text, today=WEDNESDAY) == on


def test_on_a_sunday_this_week_is_today_and_next_week_the_one_after() -> None:
    sunday = date(2026, 11, 8)
    assert wording.due_on("this week", today=sunday) == sunday
    assert wording.due_on("next week", today=sunday) == date(2026, 11, 13)


def test_a_long_message_is_read_quickly() -> None:
    assert not wording.promises("we will " * 10_000)
    assert wording.due_on("in a couple of " * 5_000, today=WEDNESDAY) is None
