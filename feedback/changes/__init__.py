"""What the team does in response: something shipped, or was decided. All of it is told."""

from __future__ import annotations

from feedback.changes.answering import ANSWERABLE
from feedback.changes.changelog import LONGEST_CHANGELOG, Entry, Version
from feedback.changes.comparing import Likely, ToCompare, compare_on, keep, look_again, to_compare
from feedback.changes.deciding import LONGEST_SUMMARY, LONGEST_URL, ask, decline, in_full, plan, reopen, ship, tell
from feedback.changes.importing import Found, look_through, take_in
from feedback.changes.previewing import Preview, preview, rehearse, who_hears
from feedback.changes.proposed import (
    access_waiting,
    can_answer,
    confirm,
    dismiss,
    has_answers,
    in_words,
    propose,
    take_up_again,
)
from feedback.changes.reasons import REASONS
from feedback.changes.sending import AS_USUAL, Telling, go_on, stop, time_in

__all__ = [
    "ANSWERABLE",
    "AS_USUAL",
    "LONGEST_CHANGELOG",
    "LONGEST_SUMMARY",
    "LONGEST_URL",
    "REASONS",
    "Entry",
    "Found",
    "Likely",
    "Preview",
    "Telling",
    "ToCompare",
    "Version",
    "access_waiting",
    "ask",
    "can_answer",
    "compare_on",
    "confirm",
    "decline",
    "dismiss",
    "go_on",
    "has_answers",
    "in_full",
    "in_words",
    "keep",
    "look_again",
    "look_through",
    "plan",
    "preview",
    "propose",
    "rehearse",
    "reopen",
    "ship",
    "stop",
    "take_in",
    "take_up_again",
    "tell",
    "time_in",
    "to_compare",
    "who_hears",
]
