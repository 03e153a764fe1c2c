"""The list of themes with who is behind them, and one theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from feedback import ideas, themes
from feedback.overview import ROWS, Page, paged
from feedback.overview.history import Line, lines
from feedback.overview.ideas import Listed, of_theme
from models import Idea, Theme, ThemeReading

SORTS = ("people", "votes", "ideas", "newest", "name")
IDEAS_ON_A_PAGE = 100


@dataclass(frozen=True)
class Summary:
    theme: Theme
    ideas: int
    people: int
    """Different ones, who raised or backed one of its ideas, or what went into one."""
    votes: int
    newest_at: datetime
    states: dict[str, int]
    """How many ideas are in each state that one of them is in."""


@dataclass(frozen=True)
class Whole:
    theme: Theme
    summary: Summary | None
    """None while no idea is in it."""
    ideas: Page[Listed]
    history: Sequence[Line]


COUNTED = ("reopened", "new", "planned", "shipped", "verified", "declined")


def listed(
    tx: Session, *, workspace_id: int, number: int, sort: str = "people", like: str = "", size: int = ROWS
) -> Page[Summary]:
    """Themes that hold an idea. `sort`: one of SORTS; any other is the first."""
    statement, columns = _summed(workspace_id)
    if like:
        statement = statement.where(Theme.name.icontains(like, autoescape=True))
    name = func.lower(Theme.name)
    order = {column: columns[column].desc() for column in ("people", "votes", "ideas")}
    order |= {"newest": columns["newest_at"].desc(), "name": name}
    page = paged(tx, statement.order_by(order.get(sort, order["people"]), name, Theme.id), number=number, size=size)
    return Page([_summary(row) for row in page.rows], page.number, page.total, page.size)


def phrases(tx: Session, *, of: Sequence[Summary]) -> dict[int, list[str]]:
    """What people also call each of these, by the theme's id, as it was measured last; without what its name says."""
    names = {summary.theme.id: summary.theme.name.casefold() for summary in of}
    rows = tx.execute(
        select(ThemeReading.theme_id, ThemeReading.phrases)
        .where(ThemeReading.theme_id.in_(names))
        .order_by(ThemeReading.measured_on)
    )
    newest = {row.theme_id: row.phrases for row in rows}
    return {
        theme_id: [phrase for phrase in found if phrase.casefold() not in names[theme_id]]
        for theme_id, found in newest.items()
    }


def _summed(workspace_id: int) -> tuple[Select[*tuple[Any, ...]], dict[str, Any]]:
    """One row a theme, and the columns to sort by."""
    here = (Idea.theme_id.is_not(None), Idea.state != "withdrawn", ~ideas.is_merged())
    mine = Idea.workspace_id == workspace_id
    counted = (
        select(
            Idea.theme_id,
            func.count(Idea.id).label("ideas"),
            func.max(Idea.created_at).label("newest_at"),
            *[func.sum(case((Idea.state == state, 1), else_=0)).label(state) for state in COUNTED],
        )
        .where(mine, *here)
        .group_by(Idea.theme_id)
        .subquery("counted")
    )
    votes_of = ideas.counted(mine)
    voted = (
        select(Idea.theme_id, func.sum(votes_of.c.votes).label("votes"))
        .join(votes_of, votes_of.c.idea_id == Idea.id)
        .where(*here)
        .group_by(Idea.theme_id)
        .subquery("voted")
    )
    behind = themes.people_behind(workspace_id=workspace_id)
    votes = func.coalesce(voted.c.votes, 0)
    statement = (
        select(Theme, counted, votes.label("votes"), behind.c.people)
        .join(counted, counted.c.theme_id == Theme.id)
        .join(behind, behind.c.theme_id == Theme.id)
        .outerjoin(voted, voted.c.theme_id == Theme.id)
        .where(Theme.workspace_id == workspace_id, Theme.merged_into_id.is_(None))
    )
    columns = {"people": behind.c.people, "votes": votes, "ideas": counted.c.ideas, "newest_at": counted.c.newest_at}
    return statement, columns


def _summary(row: Any) -> Summary:
    return Summary(
        theme=row.Theme,
        ideas=row.ideas,
        people=row.people,
        votes=int(row.votes),
        newest_at=row.newest_at,
        states={state: int(getattr(row, state)) for state in COUNTED if getattr(row, state)},
    )


def find(tx: Session, *, workspace_id: int, theme_id: int) -> Theme | None:
    """One that was merged away too, so that old links go on to where it went."""
    return tx.scalars(select(Theme).where(Theme.id == theme_id, Theme.workspace_id == workspace_id)).one_or_none()


def one(tx: Session, *, theme: Theme, number: int) -> Whole:
    statement, _ = _summed(theme.workspace_id)
    row = tx.execute(statement.where(Theme.id == theme.id)).one_or_none()
    return Whole(
        theme=theme,
        summary=_summary(row) if row else None,
        ideas=of_theme(tx, workspace_id=theme.workspace_id, theme_id=theme.id, number=number, size=IDEAS_ON_A_PAGE),
        history=lines(tx, workspace_id=theme.workspace_id, subject="theme", subject_id=theme.id),
    )
