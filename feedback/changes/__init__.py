"""What the team does in response: something shipped, or was decided. All of it is told."""

from __future__ import annotations

from feedback.changes.changelog import LONGEST_CHANGELOG, Entry, Version
from feedback.changes.comparing import Likely, ToCompare, compare_on, keep, look_again, to_compare
from feedback.changes.deciding import (
    ANSWERABLE,
    LONGEST_SUMMARY,
    LONGEST_URL,
    Preview,
    decline,
    plan,
    preview,
    reopen,
    ship,
)
from feedback.changes.importing import Found, look_through, take_in
from feedback.changes.proposed import (
    access_waiting,
    can_answer,
    confirm,
    dismiss,
    has_answers,
    propose,
    take_up_again,
)

__all__ = [
    "ANSWERABLE",
    "LONGEST_CHANGELOG",
    "LONGEST_SUMMARY",
    "LONGEST_URL",
    "Entry",
    "Found",
    "Likely",
    "Preview",
    "ToCompare",
    "Version",
    "access_waiting",
    "can_answer",
    "compare_on",
    "confirm",
    "decline",
    "dismiss",
    "has_answers",
    "keep",
    "look_again",
    "look_through",
    "plan",
    "preview",
    "propose",
    "reopen",
    "ship",
    "take_in",
    "take_up_again",
    "to_compare",
]
