"""What the grouping is given to measure of the themes as they are, and what is kept of its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, aliased

from feedback import ideas, once, outbox
from feedback.database import in_pieces
from feedback.themes.contents import people_behind
from models import Idea, Theme, ThemeReading

DAYS_KEPT = 3
"""Days with a reading. The oldest is what the newest is compared with: it ends before yesterday began, so that in the
morning one reads what yesterday brought."""

Point = tuple[float, float]


@dataclass(frozen=True)
class ToMeasure:
    """Every idea that is in a theme, in the order of their ids."""

    workspace_id: int
    idea_ids: list[int]
    texts: list[str]
    theme_ids: list[int]
    ideas: Mapping[int, int]
    """Said in each theme, with what went into one of its ideas."""
    people: Mapping[int, int]
    """Behind each theme."""
    points: Mapping[int, Point]
    """Where themes were on the map the last time."""


@dataclass(frozen=True)
class Measured:
    """Of one theme; the fields are those of models.ThemeReading."""

    theme_id: int
    ideas: int
    people: int
    cohesion: float | None
    least: float
    runs: int
    same_runs: int
    stability: float | None
    central: list[int]
    borderline: list[int]
    phrases: list[str]
    x: float | None
    y: float | None


def measure_now(tx: Session, *, workspace_id: int, now: datetime) -> None:
    """Every night, also where nothing changed: what was measured yesterday is one day older."""
    outbox.owe_again(tx, workspace_id=workspace_id, kind="theme.measure", key=f"measure:{workspace_id}", now=now)


def to_measure(tx: Session, *, workspace_id: int) -> ToMeasure:
    rows = tx.execute(
        select(Idea.id, Idea.text, Idea.theme_id)
        .where(
            Idea.workspace_id == workspace_id,
            Idea.theme_id.is_not(None),
            Idea.state != "withdrawn",
            ~ideas.is_merged(),
        )
        .order_by(Idea.id)
    ).all()
    shown = aliased(Idea)
    said = tx.execute(
        select(shown.theme_id, func.count(Idea.id).label("ideas"))
        .join(shown, shown.id == ideas.shown_as())
        .where(Idea.workspace_id == workspace_id, Idea.state != "withdrawn", shown.theme_id.is_not(None))
        .group_by(shown.theme_id)
    )
    behind = people_behind(workspace_id=workspace_id)
    known = tx.execute(
        select(ThemeReading.theme_id, ThemeReading.x, ThemeReading.y)
        .where(ThemeReading.workspace_id == workspace_id, ThemeReading.x.is_not(None))
        .order_by(ThemeReading.measured_on)
    )
    return ToMeasure(
        workspace_id=workspace_id,
        idea_ids=[row.id for row in rows],
        texts=[row.text for row in rows],
        theme_ids=[row.theme_id for row in rows],
        ideas={row.theme_id: row.ideas for row in said},
        people={row.theme_id: row.people for row in tx.execute(select(behind))},
        points={row.theme_id: (row.x, row.y) for row in known},
    )


def keep_readings(tx: Session, *, workspace_id: int, measured: Sequence[Measured], now: datetime) -> None:
    """`now`: when the texts were read. It replaces what was measured earlier on that day. Of themes that hold nothing
    any more, or were merged away meanwhile, nothing is kept; of earlier days only numbers, because what people said
    then may have been deleted."""
    living = set(tx.scalars(select(Theme.id).where(Theme.workspace_id == workspace_id, Theme.merged_into_id.is_(None))))
    found = [each for each in sorted(measured, key=lambda each: each.theme_id) if each.theme_id in living]
    _forget(tx, workspace_id=workspace_id, theme_ids={each.theme_id for each in found}, now=now)
    tx.execute(update(ThemeReading).where(ThemeReading.workspace_id == workspace_id).values(phrases=[]))
    when = {"workspace_id": workspace_id, "measured_on": now.date(), "measured_at": now}
    once.insert_all(tx, ThemeReading, [{**asdict(each), **when} for each in found], returning=("id",))


def _forget(tx: Session, *, workspace_id: int, theme_ids: set[int], now: datetime) -> None:
    """All readings but those of the last days before this one, of these themes."""
    rows = tx.execute(
        select(ThemeReading.id, ThemeReading.theme_id, ThemeReading.measured_on)
        .where(ThemeReading.workspace_id == workspace_id)
        .order_by(ThemeReading.measured_on.desc(), ThemeReading.id)
    )
    kept: dict[int, int] = {}
    gone = []
    for row in rows:
        is_before = row.measured_on < now.date()
        if is_before and row.theme_id in theme_ids and kept.get(row.theme_id, 0) < DAYS_KEPT - 1:
            kept[row.theme_id] = kept.get(row.theme_id, 0) + 1
        else:
            gone.append(row.id)
    for some in in_pieces(gone):
        tx.execute(delete(ThemeReading).where(ThemeReading.id.in_(some)))
