"""Pairs of ideas that are probably the same: the grouping proposes, somebody on the team says. Each is asked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session, aliased

from feedback import access, once
from feedback.ideas.backing import has_merged, is_merged
from feedback.ideas.standing import OPEN_STATES
from models import Idea, IdeaMerge, Member, SamePair

COMPARED = (*OPEN_STATES, "planned")
"""Ideas in these states may say the same as another one that somebody should know of."""
Older, Newer = aliased(Idea), aliased(Idea)


@dataclass(frozen=True)
class Resemblance:
    """Two ideas as the grouping found them."""

    idea_id: int
    other_id: int
    closeness: float
    score: float
    words: dict[str, list[str]]

    @property
    def ids(self) -> tuple[int, int]:
        """The older one first."""
        return min(self.idea_id, self.other_id), max(self.idea_id, self.other_id)


def to_compare(tx: Session, *, workspace_id: int) -> set[int]:
    """The ids of the ideas that could go into another one, or take one in."""
    return set(
        tx.scalars(select(Idea.id).where(Idea.workspace_id == workspace_id, Idea.state.in_(COMPARED), ~is_merged()))
    )


def propose(tx: Session, *, found: Sequence[Resemblance], texts: Mapping[int, str], now: datetime) -> int:
    """Asks about each pair that nobody was asked about before. Returns how many are new.

    `texts`: by id, as they were compared; where an idea has other words by now it is no news. Not asked about: what
    waits for nothing any more, and two that somebody once merged, whatever became of that.
    """
    ids = sorted({each for pair in found for each in pair.ids})
    # Rows that refer to ideas hold them a little; in the order in which people's acts take several of them.
    standing = tx.execute(
        select(Idea.id, Idea.workspace_id, Idea.text, Idea.state)
        .where(Idea.id.in_(ids))
        .order_by(Idea.id)
        .with_for_update(read=True, key_share=True)
    )
    asked = {row.id: row for row in standing if row.state in COMPARED and row.text == texts[row.id]}
    together = select(IdeaMerge.idea_id, IdeaMerge.into_id).where(IdeaMerge.idea_id.in_(ids))
    merged = {(min(one, other), max(one, other)) for one, other in tx.execute(together)}
    best = {pair.ids: pair for pair in sorted(found, key=lambda pair: (pair.score, pair.ids))}
    rows = [
        {
            "workspace_id": asked[older].workspace_id,
            "older_id": older,
            "newer_id": newer,
            "closeness": pair.closeness,
            "score": pair.score,
            "words": pair.words,
            "proposed_at": now,
        }
        for (older, newer), pair in sorted(best.items())
        if older in asked and newer in asked and (older, newer) not in merged
    ]
    return len(once.insert_all(tx, SamePair, rows, returning=("id",)))


def is_open() -> tuple[ColumnElement[bool], ...]:
    """For queries that join SamePair with Older and Newer: nobody has said, and one could go into the other."""
    may = [Older.state.in_(COMPARED), Newer.state.in_(COMPARED), ~is_merged(Older), ~is_merged(Newer)]
    return SamePair.decision.is_(None), *may, ~(has_merged(Older) & has_merged(Newer))


def say_they_differ(tx: Session, *, by: Member, pair_id: int, now: datetime) -> SamePair:
    """They are not the same, and nobody is asked again. What somebody else said before stays."""
    pair = access.access_pair(tx, member=by, pair_id=pair_id)
    settle(tx, idea_id=pair.older_id, other_id=pair.newer_id, decision="differ", by=by, now=now)
    return pair


def settle(tx: Session, *, idea_id: int, other_id: int, decision: str, by: Member, now: datetime) -> None:
    """Writes down what somebody said about these two, if it was asked and nobody said anything yet."""
    older, newer = sorted((idea_id, other_id))
    tx.execute(
        update(SamePair)
        .where(SamePair.older_id == older, SamePair.newer_id == newer, SamePair.decision.is_(None))
        .values(decision=decision, decided_by_id=by.id, decided_at=now)
    )


def forget_open(tx: Session, *, idea: Idea) -> None:
    """Its words are others now, or gone: what was found in them is no question any more."""
    either = (SamePair.older_id == idea.id) | (SamePair.newer_id == idea.id)
    tx.execute(delete(SamePair).where(either, SamePair.decision.is_(None)))
