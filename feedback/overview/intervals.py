"""How sure a share is that was seen in a few."""

from __future__ import annotations

from math import sqrt

CONFIDENCE = 1.96
"""Standard deviations: nineteen intervals of twenty hold the true share."""


def wilson(hits: float, of: float) -> tuple[float, float]:
    """The interval of Wilson (1927), which holds for few and for extremes. `of`: more than 0."""
    z2 = CONFIDENCE**2
    middle = (hits + z2 / 2) / (of + z2)
    half = CONFIDENCE / (of + z2) * sqrt(hits * (of - hits) / of + z2 / 4)
    return max(0.0, middle - half), min(1.0, middle + half)
