"""What the team works on, as the trackers tell of it."""

from __future__ import annotations

from feedback.work.closing import closes, named
from feedback.work.completing import Hint, InPart, Moved, Told, complete
from feedback.work.facts import KINDS, SOURCES, STATES, Fact
from feedback.work.taking import hear

__all__ = [
    "KINDS",
    "SOURCES",
    "STATES",
    "Fact",
    "Hint",
    "InPart",
    "Moved",
    "Told",
    "closes",
    "complete",
    "hear",
    "named",
]
