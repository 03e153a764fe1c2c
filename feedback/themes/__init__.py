"""Ideas that ask for the same thing, put together by the grouping and set right by people."""

from __future__ import annotations

from feedback.themes.comparing import Found, compare, inherit
from feedback.themes.contents import (
    LONGEST_NAME,
    ideas_of,
    is_held,
    kept_in,
    latest,
    living,
    people_behind,
    shown_as,
    shown_in,
    went_into,
)
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
from feedback.themes.mapping import post_map
from feedback.themes.measuring import DAYS_KEPT, Measured, ToMeasure, keep_readings, measure_now, to_measure
from feedback.themes.proposing import MOST_OPEN, Weighed, propose
from feedback.themes.questions import MOST_ASKED, answer, ask, take_back, waiting
from feedback.themes.reviewing import called, merge, move, pin, rename, split, unpin
from feedback.themes.settling import Answered, Placed, Settled, settle
from feedback.themes.undoing import UNDO_DAYS, offered, undo

__all__ = [
    "DAYS_KEPT",
    "LONGEST_NAME",
    "MOST_ASKED",
    "MOST_OPEN",
    "UNDO_DAYS",
    "Answered",
    "Found",
    "Measured",
    "Placed",
    "Settled",
    "ToGroup",
    "ToMeasure",
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
    "keep_readings",
    "kept_in",
    "latest",
    "living",
    "measure_now",
    "merge",
    "move",
    "name_by_words",
    "offered",
    "people_behind",
    "pin",
    "place",
    "place_soon",
    "place_together",
    "post_map",
    "propose",
    "regroup_soon",
    "rename",
    "settle",
    "shown_as",
    "shown_in",
    "split",
    "standing",
    "take_back",
    "tell_soon",
    "to_group",
    "to_measure",
    "to_name",
    "to_place",
    "told",
    "undo",
    "unpin",
    "waiting",
    "went_into",
    "without_theme",
]
