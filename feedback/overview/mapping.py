"""The themes as places on a map: how large each is, how it stands, and where it was measured to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.overview import themes
from feedback.overview.demand import counted
from models import ThemeReading

MOST_DRAWN = 150
STATES = {
    "reopened": "came back",
    "new": "new",
    "planned": "planned",
    "shipped": "shipped",
    "declined": "declined",
}
"""How a theme stands, in the order in which it wants to be looked at."""


@dataclass(frozen=True)
class Spot:
    theme_id: int
    name: str
    people: int
    ideas: int
    state: str
    """One of STATES."""
    point: tuple[float, float] | None
    """None: it has no place yet."""

    @property
    def facts(self) -> str:
        return f"{counted(self.people, 'person', 'people')}, {counted(self.ideas, 'idea')}, {STATES[self.state]}"


@dataclass(frozen=True)
class Largest:
    spots: Sequence[Spot]
    """The one with most people behind it first."""
    total: int
    """Of themes, with those that are not among them."""


def largest(tx: Session, *, workspace_id: int, most: int = MOST_DRAWN) -> Largest:
    page = themes.listed(tx, workspace_id=workspace_id, number=1, size=most)
    rows = tx.execute(
        select(ThemeReading.theme_id, ThemeReading.x, ThemeReading.y)
        .where(ThemeReading.workspace_id == workspace_id, ThemeReading.x.is_not(None))
        .order_by(ThemeReading.measured_on)
    )
    points = {row.theme_id: (row.x, row.y) for row in rows}  # of several readings the last one counts
    spots = [
        Spot(
            theme_id=row.theme.id,
            name=row.theme.name,
            people=row.people,
            ideas=row.ideas,
            state=state_of(row.states),
            point=points.get(row.theme.id),
        )
        for row in page.rows
    ]
    return Largest(spots, page.total)


def state_of(states: Mapping[str, int]) -> str:
    """One of STATES, from how many ideas are in each state: what came back comes first, whatever the others are; else
    as most of its ideas stand, and of equals as the one that wants more to be looked at."""
    if states.get("reopened"):
        return "reopened"
    merged = {**states, "shipped": states.get("shipped", 0) + states.get("verified", 0)}
    return max(STATES, key=lambda state: merged.get(state, 0))
