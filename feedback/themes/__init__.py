"""Ideas that ask for the same thing, put together by the grouping and set right by people."""

from __future__ import annotations

from feedback.themes.contents import LONGEST_NAME, ideas_of, latest, living, people_behind, shown_in
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
from feedback.themes.mapping import post_map
from feedback.themes.measuring import DAYS_KEPT, Measured, ToMeasure, keep_readings, measure_now, to_measure
from feedback.themes.reviewing import called, merge, move, rename, split

__all__ = [
    "DAYS_KEPT",
    "LONGEST_NAME",
    "Measured",
    "ToGroup",
    "ToMeasure",
    "ToPlace",
    "called",
    "ideas_of",
    "inherit",
    "keep_readings",
    "latest",
    "living",
    "measure_now",
    "merge",
    "move",
    "name_by_words",
    "people_behind",
    "place",
    "place_soon",
    "post_map",
    "regroup",
    "regroup_soon",
    "rename",
    "shown_in",
    "split",
    "to_group",
    "to_measure",
    "to_name",
    "to_place",
]
