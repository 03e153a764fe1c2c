"""What the team does in response: something shipped, or was decided. All of it is told."""

from __future__ import annotations

from feedback.changes.deciding import (
    ANSWERABLE,
    LONGEST_SUMMARY,
    LONGEST_URL,
    Preview,
    ask,
    decline,
    plan,
    preview,
    rehearse,
    reopen,
    ship,
)
from feedback.changes.proposed import propose
from feedback.changes.sending import AS_USUAL, Telling, go_on, stop, time_in, zone_of

__all__ = [
    "ANSWERABLE",
    "AS_USUAL",
    "LONGEST_SUMMARY",
    "LONGEST_URL",
    "Preview",
    "Telling",
    "ask",
    "decline",
    "go_on",
    "plan",
    "preview",
    "propose",
    "rehearse",
    "reopen",
    "ship",
    "stop",
    "time_in",
    "zone_of",
]
