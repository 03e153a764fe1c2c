"""Ideas that ask for the same thing, put together by the grouping and set right by people."""

from __future__ import annotations

from feedback.themes.contents import LONGEST_NAME, ideas_of, latest, living, shown_in
from feedback.themes.grouping import (
    ToGroup,
    ToPlace,
    inherit,
    name_by_words,
    place,
    place_soon,
    regroup,
    regroup_soon,
    to_group,
    to_name,
    to_place,
)
from feedback.themes.reviewing import called, merge, move, rename, split

__all__ = [
    "LONGEST_NAME",
    "ToGroup",
    "ToPlace",
    "called",
    "ideas_of",
    "inherit",
    "latest",
    "living",
    "merge",
    "move",
    "name_by_words",
    "place",
    "place_soon",
    "regroup",
    "regroup_soon",
    "rename",
    "shown_in",
    "split",
    "to_group",
    "to_name",
    "to_place",
]
