"""How far a theme can be trusted: what it is made of, how well it holds together, what changed, how much it is wanted.

Only rows are read here. What takes numbers was measured before, in the worker that groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import Session, joinedload

from feedback import themes
from feedback.overview import demand as demands
from feedback.overview.demand import Demand, counted
from models import Audit, Idea, Theme, ThemeReading

MOST_JOINED = 3
WELL = 1 / 3
"""Of the way from what the grouping asks for to texts that all say the same: from there on a theme holds well."""
NOT_YET = "How well it holds together is measured within minutes."
NOTICEABLE = 0.02
"""A smaller change of a mean cosine is nobody's business."""


@dataclass(frozen=True)
class Card:
    theme: Theme
    demand: Demand
    reading: ThemeReading | None
    """None: not measured yet."""
    before: ThemeReading | None
    """What it is compared with, of an earlier day."""
    central: Sequence[Idea]
    """Those that say it best, as they are now: what was edited, moved or taken back since is missing."""
    borderline: Sequence[Idea]
    joined: Sequence[Idea]
    """The newest that came into it since `before`."""


def card(tx: Session, *, theme: Theme) -> Card:
    rows = tx.scalars(
        select(ThemeReading)
        .where(ThemeReading.theme_id == theme.id)
        .order_by(ThemeReading.measured_on.desc())
        .limit(themes.DAYS_KEPT)
    ).all()
    reading = rows[0] if rows else None
    before = rows[-1] if len(rows) > 1 else None
    quoted = _as_read(tx, theme, reading)
    return Card(
        theme=theme,
        demand=demands.of(tx, workspace_id=theme.workspace_id, theme_id=theme.id),
        reading=reading,
        before=before,
        central=[quoted[each] for each in (reading.central if reading else []) if each in quoted],
        borderline=[quoted[each] for each in (reading.borderline if reading else []) if each in quoted],
        joined=_joined(tx, theme, before),
    )


def _as_read(tx: Session, theme: Theme, reading: ThemeReading | None) -> dict[int, Idea]:
    """The ideas that were chosen as quotes and are still in the theme in the same words, by id."""
    chosen = [*reading.central, *reading.borderline] if reading else []
    since = reading.measured_at if reading else theme.created_at
    found = tx.scalars(_ideas_of(theme).where(Idea.id.in_(chosen), ~_happened("edited", since=since)))
    return {idea.id: idea for idea in found}


def _joined(tx: Session, theme: Theme, before: ThemeReading | None) -> Sequence[Idea]:
    came = _happened("grouped", "moved", since=before.measured_at) if before else false()
    return tx.scalars(_ideas_of(theme).where(came).order_by(Idea.id.desc()).limit(MOST_JOINED)).all()


def _ideas_of(theme: Theme) -> Select[Idea]:
    return (
        select(Idea)
        .where(Idea.theme_id == theme.id, Idea.state != "withdrawn", Idea.text != "")
        .options(joinedload(Idea.author))
    )


def _happened(*acts: str, since: datetime) -> ColumnElement[bool]:
    """To an idea, after that time."""
    of_idea = (Audit.workspace_id == Idea.workspace_id, Audit.subject == "idea", Audit.subject_id == Idea.id)
    return select(Audit.id).where(*of_idea, Audit.act.in_(acts), Audit.at > since).exists()


def holds(reading: ThemeReading) -> str:
    """How alike its ideas are, against what the grouping itself asks for."""
    if reading.cohesion is None:
        return "One idea so far, so there is nothing to compare."
    if reading.cohesion < reading.least:
        return "Holds together loosely: its ideas say rather different things."
    if reading.cohesion < reading.least + WELL * (1 - reading.least):
        return "Holds together: its ideas are about the same thing."
    return "Holds together well: its ideas say nearly the same."


def trials(reading: ThemeReading) -> str:
    """Empty where it never took part in one."""
    if not reading.runs:
        return ""
    runs = counted(reading.runs, "trial run")
    return f"In {reading.same_runs} of {runs} with some ideas left out, the words alone gave much the same theme."


def changes(found: Card) -> str:
    """Since `before`; empty where there is nothing to compare with."""
    reading, before = found.reading, found.before
    if reading is None or before is None:
        return ""
    said = [
        _more(found.demand.people - before.people, "person", "people"),
        _more(found.demand.ideas - before.ideas, "idea"),
    ]
    if reading.cohesion is not None and before.cohesion is not None:
        by = reading.cohesion - before.cohesion
        if abs(by) >= NOTICEABLE:
            said.append(f"it holds together a little {'better' if by > 0 else 'less well'}")
    return ", ".join(each for each in said if each) or "nothing changed"


def _more(by: int, one: str, many: str = "") -> str:
    number, _, noun = counted(abs(by), one, many).partition(" ")
    return f"{number} {'more' if by > 0 else 'fewer'} {noun}" if by else ""
