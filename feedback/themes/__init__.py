"""Ideas that ask for the same thing, put together by the grouping and set right by people."""

from __future__ import annotations

from feedback.themes.comparing import Found, compare, inherit
from feedback.themes.contents import LONGEST_NAME, ideas_of, is_held, latest, living, shown_in
from feedback.themes.deciding import accept, decided, decline, follow, standing, tell_soon, told
from feedback.themes.grouping import (
    ToGroup,
    ToPlace,
    name_by_words,
    place,
    place_soon,
    place_together,
    regroup_soon,
    to_group,
    to_name,
    to_place,
    without_theme,
)
from feedback.themes.proposing import MOST_OPEN, Weighed, propose
from feedback.themes.questions import MOST_ASKED, answer, ask, take_back, waiting
from feedback.themes.reviewing import called, merge, move, pin, rename, split, unpin
from feedback.themes.settling import Answered, Placed, Settled, settle
from feedback.themes.undoing import UNDO_DAYS, offered, undo

__all__ = [
    "LONGEST_NAME",
    "MOST_ASKED",
    "MOST_OPEN",
    "UNDO_DAYS",
    "Answered",
    "Found",
    "Placed",
    "Settled",
    "ToGroup",
    "ToPlace",
    "Weighed",
    "accept",
    "answer",
    "ask",
    "called",
    "compare",
    "decided",
    "decline",
    "follow",
    "ideas_of",
    "inherit",
    "is_held",
    "latest",
    "living",
    "merge",
    "move",
    "name_by_words",
    "offered",
    "pin",
    "place",
    "place_soon",
    "place_together",
    "propose",
    "regroup_soon",
    "rename",
    "settle",
    "shown_in",
    "split",
    "standing",
    "take_back",
    "tell_soon",
    "to_group",
    "to_name",
    "to_place",
    "told",
    "undo",
    "unpin",
    "waiting",
    "without_theme",
]
