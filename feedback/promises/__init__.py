"""What the team says in a thread that it will do, by when, and whether it did."""

from __future__ import annotations

from feedback.promises.keeping import (
    MOST_DAYS,
    check_may_move,
    check_mine,
    check_open,
    end_overdue,
    follow_change,
    follow_deletion,
    follow_edit,
    give_up,
    is_reminder_owed,
    keep,
    move,
    note,
    refresh,
    reminded,
    say_no,
)
from feedback.promises.offering import asked, get, leave, listen, question_stands

__all__ = [
    "MOST_DAYS",
    "asked",
    "check_may_move",
    "check_mine",
    "check_open",
    "end_overdue",
    "follow_change",
    "follow_deletion",
    "follow_edit",
    "get",
    "give_up",
    "is_reminder_owed",
    "keep",
    "leave",
    "listen",
    "move",
    "note",
    "question_stands",
    "refresh",
    "reminded",
    "say_no",
]
