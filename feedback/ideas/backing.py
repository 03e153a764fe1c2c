"""Who is behind an idea and what was merged into it: each person once, and nobody behind their own.

Merging moves no vote and no idea. What is counted, and what is shown as what, follows from the merges that stand.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, Subquery, func, select, union
from sqlalchemy.orm import Session, joinedload

from feedback.database import among
from models import Idea, IdeaMerge, Vote

Ids = Collection[int] | Select[int]
"""Of ideas: at hand, or as a query finds them."""


def is_merged(idea: Any = Idea) -> ColumnElement[bool]:
    """For queries: it went into another idea, and is shown there."""
    return select(IdeaMerge.id).where(IdeaMerge.idea_id == idea.id, IdeaMerge.undone_at.is_(None)).exists()


def has_merged(idea: Any = Idea) -> ColumnElement[bool]:
    """For queries: others went into it."""
    return select(IdeaMerge.id).where(IdeaMerge.into_id == idea.id, IdeaMerge.undone_at.is_(None)).exists()


def shown_as() -> ColumnElement[int]:
    """For queries: the id of the idea that it went into, or its own."""
    into = select(IdeaMerge.into_id).where(IdeaMerge.idea_id == Idea.id, IdeaMerge.undone_at.is_(None))
    return func.coalesce(into.scalar_subquery(), Idea.id)


def kept_in(idea_ids: Ids) -> ColumnElement[bool]:
    """For queries: it is one of these, or went into one of them."""
    into = select(IdeaMerge.idea_id).where(IdeaMerge.into_id.in_(idea_ids), IdeaMerge.undone_at.is_(None))
    return Idea.id.in_(idea_ids) | Idea.id.in_(into)


def people(*which: ColumnElement[bool]) -> CompoundSelect[int, int]:
    """Pairs of an idea that is shown and somebody who said or backed it or what went into it, each once.

    `which`: of the ideas that they said and backed. What was taken back after it went elsewhere counts there no more.
    """
    counts = (Idea.state != "withdrawn") | ~is_merged()
    said = select(shown_as().label("idea_id"), Idea.author_id.label("member_id")).where(counts, *which)
    backed = (
        select(shown_as().label("idea_id"), Vote.member_id)
        .select_from(Idea)
        .join(Vote, Vote.idea_id == Idea.id)
        .where(counts, *which)
    )
    return union(said, backed)


def counted(*which: ColumnElement[bool]) -> Subquery:
    """For queries: `votes` by `idea_id`, of ideas that are shown and have any."""
    pairs = people(*which).subquery()
    return (
        select(pairs.c.idea_id, func.count().label("votes"))
        .join(Idea, Idea.id == pairs.c.idea_id)
        .where(pairs.c.member_id != Idea.author_id)
        .group_by(pairs.c.idea_id)
        .subquery()
    )


def vote_counts(tx: Session, *, idea_ids: Collection[int]) -> dict[int, int]:
    """How many are behind each of these, whether or not it went into another one. One query, however many."""
    asked = select(Idea.id, Idea.author_id, shown_as().label("shown_as")).where(Idea.id.in_(idea_ids)).subquery("asked")
    pairs = people(kept_in(select(asked.c.shown_as))).subquery("pairs")
    others = (pairs.c.idea_id == asked.c.shown_as) & (pairs.c.member_id != asked.c.author_id)
    votes = func.count(pairs.c.member_id).label("votes")
    rows = tx.execute(select(asked.c.id, votes).outerjoin(pairs, others).group_by(asked.c.id))
    return {row.id: row.votes for row in rows}


def vote_count(tx: Session, *, idea_id: int) -> int:
    return vote_counts(tx, idea_ids=[idea_id]).get(idea_id, 0)


def merged_into(tx: Session, *, idea_ids: Collection[int]) -> dict[int, list[IdeaMerge]]:
    """What went into each of these, the first one first, with all who had a part in it. One query."""
    found: dict[int, list[IdeaMerge]] = {}
    of_idea = (joinedload(Idea.author), joinedload(Idea.captured_by), joinedload(Idea.message))
    statement = (
        select(IdeaMerge)
        .where(IdeaMerge.into_id.in_(idea_ids), IdeaMerge.undone_at.is_(None))
        .options(joinedload(IdeaMerge.merged_by), joinedload(IdeaMerge.idea).options(*of_idea))
        .order_by(IdeaMerge.id)
    )
    for merge in tx.scalars(statement):
        found.setdefault(merge.into_id, []).append(merge)
    return found


def went_into(tx: Session, *, idea_ids: Collection[int]) -> dict[int, int]:
    """Of these, the ones that went into another idea: its id by theirs."""
    statement = select(IdeaMerge.idea_id, IdeaMerge.into_id).where(
        IdeaMerge.idea_id.in_(among(tx, idea_ids)), IdeaMerge.undone_at.is_(None)
    )
    return {row.idea_id: row.into_id for row in tx.execute(statement)}


def merge_of(tx: Session, *, idea_id: int) -> IdeaMerge | None:
    """The one that stands, by which this idea went into another."""
    return tx.scalars(
        select(IdeaMerge)
        .where(IdeaMerge.idea_id == idea_id, IdeaMerge.undone_at.is_(None))
        .options(joinedload(IdeaMerge.into).options(joinedload(Idea.author), joinedload(Idea.message)))
    ).one_or_none()


def kept_with(tx: Session, *, idea: Idea) -> list[Idea]:
    """The others that are shown with it as one, by their ids."""
    shown_id = tx.scalars(select(shown_as()).where(Idea.id == idea.id)).one()
    return list(tx.scalars(select(Idea).where(kept_in([shown_id]), Idea.id != idea.id).order_by(Idea.id)))


def kept_together(tx: Session, *, ideas: Sequence[Idea]) -> list[Idea]:
    """These, and all that is shown with one of them as one, by their ids. Two queries, however many."""
    shown_ids = tx.scalars(select(shown_as()).where(Idea.id.in_(among(tx, (idea.id for idea in ideas))))).all()
    return list(tx.scalars(select(Idea).where(kept_in(among(tx, shown_ids))).order_by(Idea.id)))
