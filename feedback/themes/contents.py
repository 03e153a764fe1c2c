"""What a theme holds, and how something is put into it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import CTE, Select, Subquery, func, select
from sqlalchemy.orm import Session

from feedback import audit, ideas
from feedback.database import among
from models import Idea, Member, Theme

LONGEST_NAME = 80


def living(tx: Session, *, workspace_id: int) -> Sequence[Theme]:
    """Every theme that was not merged away and holds an idea that is shown there, by name."""
    return tx.scalars(
        select(Theme)
        .where(
            Theme.workspace_id == workspace_id,
            Theme.merged_into_id.is_(None),
            select(Idea.id).where(Idea.theme_id == Theme.id, Idea.state != "withdrawn", ~ideas.is_merged()).exists(),
        )
        .order_by(func.lower(Theme.name), Theme.id)
    ).all()


def latest(tx: Session, *, workspace_id: int) -> Sequence[Theme]:
    """The same, but the one that an idea came into last stands first."""
    came = (
        select(Idea.theme_id, func.max(Idea.captured_at).label("last_at"))
        .where(Idea.workspace_id == workspace_id, Idea.state != "withdrawn", ~ideas.is_merged())
        .group_by(Idea.theme_id)
        .subquery("came")
    )
    return tx.scalars(
        select(Theme)
        .join(came, came.c.theme_id == Theme.id)
        .where(Theme.workspace_id == workspace_id, Theme.merged_into_id.is_(None))
        .order_by(came.c.last_at.desc(), Theme.id.desc())
    ).all()


def people_behind(*, workspace_id: int) -> Subquery:
    """For queries: how many different people raised or backed one of its ideas, or what went into one, by theme_id."""
    pairs = ideas.people(Idea.workspace_id == workspace_id).subquery("pairs")
    return (
        select(Idea.theme_id, func.count(pairs.c.member_id.distinct()).label("people"))
        .join(pairs, pairs.c.idea_id == Idea.id)
        .where(Idea.theme_id.is_not(None), Idea.state != "withdrawn", ~ideas.is_merged())
        .group_by(Idea.theme_id)
        .subquery("behind")
    )


def shown_in(tx: Session, *, theme_id: int) -> list[Idea]:
    """Its ideas but for those that were taken back, or went into another one."""
    found = ideas_of(tx, theme_id=theme_id)
    elsewhere = ideas.went_into(tx, idea_ids=[idea.id for idea in found])
    return [idea for idea in found if idea.state != "withdrawn" and idea.id not in elsewhere]


def ideas_of(tx: Session, *, theme_id: int) -> list[Idea]:
    """Locked, in the order of their ids; withdrawn ones too."""
    return ideas_in(tx, theme_ids=[theme_id])


def ideas_in(tx: Session, *, theme_ids: Sequence[int]) -> list[Idea]:
    """Those of several themes, locked in the order of their ids, so that two who lock them do it in the same order."""
    return list(tx.scalars(select(Idea).where(Idea.theme_id.in_(theme_ids)).order_by(Idea.id).with_for_update()))


def is_held(theme: Theme) -> bool:
    """A person pinned or named it: it may gain ideas, but the grouping offers to take none away."""
    return theme.pinned_at is not None or theme.named_by_id is not None


@cache
def shown_as() -> CTE:
    """For queries: each theme, as `theme_id`, and the one that it is shown as, as `shown_id`: itself, or the one that
    took it in, and so on. What somebody tied to a theme stays tied to it, and a merge that is undone restores it."""
    known = select(Theme.id.label("theme_id"), Theme.id.label("shown_id")).where(Theme.merged_into_id.is_(None))
    shown = known.cte("shown_themes", recursive=True)
    taken_in = select(Theme.id, shown.c.shown_id).join(shown, shown.c.theme_id == Theme.merged_into_id)
    return shown.union_all(taken_in)


def kept_in(theme_ids: Collection[int]) -> Select[int]:
    """For queries: these, and whatever was merged into one of them."""
    shown = shown_as()
    return select(shown.c.theme_id).where(shown.c.shown_id.in_(theme_ids))


def went_into(tx: Session, *, theme_ids: Collection[int]) -> dict[int, int]:
    """What each of these is shown as, by its id."""
    shown = shown_as()
    rows = tx.execute(select(shown.c.theme_id, shown.c.shown_id).where(shown.c.theme_id.in_(among(tx, theme_ids))))
    return {row.theme_id: row.shown_id for row in rows}


def where_it_went(tx: Session, theme_id: int) -> Theme:
    """The theme, or the one that took it in, and so on. Locked, so that it is not merged away meanwhile."""
    theme = tx.get_one(Theme, theme_id, with_for_update={"key_share": True})
    while theme.merged_into_id is not None:
        theme = tx.get_one(Theme, theme.merged_into_id, with_for_update={"key_share": True})
    return theme


def refresh_cards(tx: Session, *, shown: Iterable[Idea], now: datetime) -> None:
    """Only of ideas that still wait for somebody: a theme may hold hundreds, and Slack takes few updates a minute."""
    for idea in shown:
        if idea.state in ideas.OPEN_STATES:
            ideas.refresh_card(tx, idea=idea, now=now)


def name_soon(tx: Session, *, theme: Theme, now: datetime) -> None:
    """It holds other words than before; its name, where no person gave it, may have been made of those that left."""
    if theme.named_by_id is None:
        ideas.name_soon(tx, theme_id=theme.id, workspace_id=theme.workspace_id, now=now)


def record(tx: Session, *, theme: Theme, by: Member | None, act: str, now: datetime, **detail: object) -> None:
    audit.record(
        tx, workspace_id=theme.workspace_id, by=by, act=act, subject="theme", subject_id=theme.id, now=now, **detail
    )
