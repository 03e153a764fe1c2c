"""Ideas that are probably the same, side by side; and what one idea could be merged with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from feedback import ideas
from feedback.ideas.sameness import Newer, Older, is_open
from feedback.overview import Page, paged
from feedback.overview.ideas import Listed, listed
from models import Idea, IdeaMerge, Member, SamePair

PAIRS_ON_A_PAGE = 10
MOST_FOUND = 20
VERY_CLOSE = 0.7
"""From this cosine on two texts hardly differ but in their words; a pair is asked about from 0.5 on."""


@dataclass(frozen=True)
class Pair:
    pair: SamePair
    sides: tuple[Listed, Listed]
    """What was said first stands first."""

    @property
    def is_very_close(self) -> bool:
        return self.pair.closeness >= VERY_CLOSE

    def may_take_in(self, side: Listed) -> bool:
        """Whether the other one can go into this one: there are no chains."""
        one, other = self.sides
        return not (other if side is one else one).takes_in


def count(tx: Session, *, workspace_id: int) -> int:
    """How many pairs wait for somebody to say."""
    return tx.scalar(_open(workspace_id).with_only_columns(func.count(SamePair.id))) or 0


def pairs(tx: Session, *, workspace_id: int, number: int) -> Page[Pair]:
    """What waits, the nearest first."""
    shown = [
        contains_eager(side.of_type(alias)).options(joinedload(alias.author), joinedload(alias.message))
        for side, alias in ((SamePair.older, Older), (SamePair.newer, Newer))
    ]
    statement = _open(workspace_id).order_by(SamePair.score.desc(), SamePair.id)
    page = paged(tx, statement.options(*shown), number=number, size=PAIRS_ON_A_PAGE)
    found = [row.SamePair for row in page.rows]
    both = {each.id: each for pair in found for each in (pair.older, pair.newer)}
    sides = {each.idea.id: each for each in listed(tx, workspace_id=workspace_id, found=list(both.values()))}
    rows = [Pair(pair, _in_order(sides[pair.older_id], sides[pair.newer_id])) for pair in found]
    return Page(rows, page.number, page.total, page.size)


def _in_order(one: Listed, other: Listed) -> tuple[Listed, Listed]:
    first = one.idea.created_at <= other.idea.created_at
    return (one, other) if first else (other, one)


def _open(workspace_id: int) -> Select[SamePair]:
    return (
        select(SamePair)
        .join(Older, Older.id == SamePair.older_id)
        .join(Newer, Newer.id == SamePair.newer_id)
        .where(SamePair.workspace_id == workspace_id, *is_open())
    )


def merged(tx: Session, *, workspace_id: int, merge_id: int) -> IdeaMerge | None:
    """The one that was made just now, if it stands; None where there is no such."""
    of_it = (joinedload(IdeaMerge.idea), joinedload(IdeaMerge.into))
    return tx.scalars(
        select(IdeaMerge)
        .where(IdeaMerge.id == merge_id, IdeaMerge.workspace_id == workspace_id, IdeaMerge.undone_at.is_(None))
        .options(*(each.joinedload(Idea.author) for each in of_it))
    ).one_or_none()


def candidates(tx: Session, *, idea: Idea, like: str) -> Sequence[Idea]:
    """What it could be merged with: those with all of these words, or by their author's name, the newest first; where
    nothing is looked for, what says nearly the same."""
    if not like:
        return ideas.nearest(tx, idea=idea)[:MOST_FOUND]
    statement = (
        select(Idea)
        .join(Member, Member.id == Idea.author_id)
        .where(
            Idea.workspace_id == idea.workspace_id,
            Idea.id != idea.id,
            Idea.state.in_(ideas.MAY_GO),
            ~ideas.is_merged(),
        )
        .options(joinedload(Idea.author))
    )
    for word in like.split():
        statement = statement.where(
            Idea.text.icontains(word, autoescape=True) | Member.name.icontains(word, autoescape=True)
        )
    return tx.scalars(statement.order_by(Idea.created_at.desc(), Idea.id.desc()).limit(MOST_FOUND)).all()
