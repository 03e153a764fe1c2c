"""How each of those who could hear of a change hears of it: as much as they want, when it suits them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.loop.audience import Hearer

HEARS = ("everything", "own", "digest", "nothing")
"""How much somebody wants to be told; own: of what they raised themself."""


@dataclass(frozen=True)
class Way:
    how: str
    """now or digest, as a notice has it."""
    not_before: datetime | None = None
    """They are not told earlier. None: at once."""
    why: str = ""
    """What a preview says about it, where it is not simply now."""


def ways(tx: Session, *, is_minor: bool, hearers: Sequence[Hearer], now: datetime) -> dict[int, Way]:
    """By member. Whoever does not want to hear of it is not in it."""
    return {hearer.member.id: way for hearer in hearers if (way := _way_of(hearer, is_minor)) is not None}


def _way_of(hearer: Hearer, is_minor: bool) -> Way | None:
    wants = hearer.member.hears
    if wants == "nothing" or (wants == "own" and not hearer.raised_it):
        return None
    if wants == "digest":
        return Way("digest", why="reads it in the weekly digest")
    if is_minor:
        return Way("digest", why="a minor change, in the weekly digest")
    return Way("now")
