"""What the team does in response: something shipped, or was decided. All of it is told."""

from __future__ import annotations

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
from feedback.changes.proposed import propose
from feedback.changes.reasons import REASONS

__all__ = [
    "ANSWERABLE",
    "LONGEST_SUMMARY",
    "LONGEST_URL",
    "REASONS",
    "Preview",
    "decline",
    "plan",
    "preview",
    "propose",
    "reopen",
    "ship",
]
