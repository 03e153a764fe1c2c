"""How long something takes, where some of it is not over yet: dropping what still waits would flatter us.

The estimate of Kaplan and Meier (1958), written out: it is a dozen lines, and SciPy, which has it, loads for a second
in every process that shows a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from feedback.overview.intervals import CONFIDENCE


@dataclass(frozen=True)
class Step:
    """From this day on, this share is still not over."""

    days: float
    share: float
    low: float
    """The interval of Greenwood on the scale of log(-log), which stays between 0 and 1."""
    high: float


@dataclass(frozen=True)
class Quantile:
    """After so many days it is over for this part of them. `days` None: it has not come so far."""

    of: int
    """Those that the estimate is made of, over or not."""
    over: int
    days: float | None
    low: float | None
    """The interval of Brookmeyer and Crowley (1982). None: so few are over that it has no such end."""
    high: float | None


@dataclass(frozen=True)
class Survival:
    of: int
    over: int
    longest: float
    """Days that any of them was seen, waiting or ending."""
    steps: Sequence[Step]
    """Where something ended, the earliest first."""

    def share_at(self, days: float) -> float:
        """What share is still not over after so many days."""
        return next((step.share for step in reversed(self.steps) if step.days <= days), 1.0)

    def quantile(self, part: float = 0.5) -> Quantile:
        """The day on which the curve comes down to what is left; of the curves that bound it, the same."""
        left = 1 - part + 1e-12  # of a product of fractions the last digit is not to be trusted
        return Quantile(
            self.of,
            self.over,
            days=next((step.days for step in self.steps if step.share <= left), None),
            low=next((step.days for step in self.steps if step.low <= left), None),
            high=next((step.days for step in self.steps if step.high <= left), None),
        )


def survival(waits: Iterable[tuple[float, bool]]) -> Survival:
    """`waits`: of each the days that it took, and whether it is over; else it took at least as long. Whatever ends on
    the day on which another was last seen waiting ended before that."""
    ended, seen = Counter[float](), Counter[float]()
    for days, is_over in waits:
        (ended if is_over else seen)[days] += 1
    at_risk = of = ended.total() + seen.total()
    share, variance, steps = 1.0, 0.0, []
    for days in sorted(ended | seen):
        if ends := ended[days]:
            share *= 1 - ends / at_risk
            if at_risk > ends:
                variance += ends / (at_risk * (at_risk - ends))
            steps.append(Step(days, share, *_bounds(share, variance)))
        at_risk -= ends + seen[days]
    return Survival(of, ended.total(), max(ended | seen, default=0.0), steps)


def _bounds(share: float, variance: float) -> tuple[float, float]:
    """Of nothing left there is no such interval, as the formula has no logarithm of it."""
    if share <= 0:
        return 0.0, 0.0
    spread = exp(CONFIDENCE * sqrt(variance) / abs(log(share)))
    return share**spread, share ** (1 / spread)
