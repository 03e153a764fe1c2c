"""What the grouping suggests about themes, what it would like to know, and what was decided about it lately."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, union
from sqlalchemy.orm import Session, aliased, joinedload

from feedback import themes
from models import Idea, ThemeProposal, ThemeQuestion, Vote

QUOTES = 3
"""Of each side so many are shown."""
QUESTIONS = 5
LATELY = 5


@dataclass(frozen=True)
class Side:
    """What would go somewhere, or what it would come to."""

    quotes: Sequence[Idea]
    ideas: int
    people: int
    """Different ones, who raised or backed one of them."""


@dataclass(frozen=True)
class Card:
    proposal: ThemeProposal
    going: Side
    beside: Side

    @property
    def is_asked_for(self) -> bool:
        """It follows from an answer, and not from the words alone."""
        return self.proposal.strength >= 1


@dataclass(frozen=True)
class Question:
    question: ThemeQuestion
    left: Idea
    right: Idea


@dataclass(frozen=True)
class Suggested:
    cards: Sequence[Card]
    questions: Sequence[Question]
    accepted: Sequence[ThemeProposal]
    """Lately, the newest first; each can be undone."""
    answered: Sequence[Question]


def suggested(tx: Session, *, workspace_id: int, now: datetime) -> Suggested:
    found = themes.standing(tx, workspace_id=workspace_id)
    concerned = sorted({idea_id for each in found for idea_id in (*each.idea_ids, *each.beside_ids)})
    quoted = select(Idea).where(Idea.id.in_(concerned), Idea.state != "withdrawn").options(joinedload(Idea.author))
    quotes = {idea.id: idea for idea in tx.scalars(quoted)}
    people = _people(tx, concerned)
    asked = themes.waiting(tx, workspace_id=workspace_id, most=QUESTIONS)
    since = now - timedelta(days=themes.UNDO_DAYS)
    return Suggested(
        cards=[
            Card(
                each,
                _side(each.theme_id, each.idea_ids, quotes, people),
                _side(each.into_id or each.theme_id, each.beside_ids, quotes, people),
            )
            for each in found
        ],
        questions=[Question(*each) for each in asked],
        accepted=themes.decided(tx, workspace_id=workspace_id, since=since, most=LATELY),
        answered=_answered(tx, workspace_id, since),
    )


def _people(tx: Session, ids: Sequence[int]) -> Mapping[int, set[int]]:
    """Who is behind each of them, in one query."""
    authors = select(Idea.id.label("idea_id"), Idea.author_id.label("member_id")).where(Idea.id.in_(ids))
    voters = select(Vote.idea_id, Vote.member_id).where(Vote.idea_id.in_(ids))
    found: defaultdict[int, set[int]] = defaultdict(set)
    for idea_id, member_id in tx.execute(union(authors, voters)):
        found[idea_id].add(member_id)
    return found


def _side(theme_id: int, idea_ids: Sequence[int], known: Mapping[int, Idea], people: Mapping[int, set[int]]) -> Side:
    """Those of them that are in that theme still."""
    its = [known[idea_id] for idea_id in idea_ids if idea_id in known and known[idea_id].theme_id == theme_id]
    behind = set[int]().union(*(people[idea.id] for idea in its))
    return Side(its[:QUOTES], len(its), len(behind))


def _answered(tx: Session, workspace_id: int, since: datetime) -> list[Question]:
    left, right = aliased(Idea), aliased(Idea)
    rows = tx.execute(
        select(ThemeQuestion, left, right)
        .join(left, left.id == ThemeQuestion.idea_id)
        .join(right, right.id == ThemeQuestion.other_id)
        .where(
            ThemeQuestion.workspace_id == workspace_id,
            ThemeQuestion.verdict.is_not(None),
            ThemeQuestion.answered_at > since,
        )
        .options(joinedload(ThemeQuestion.answered_by))
        .order_by(ThemeQuestion.answered_at.desc(), ThemeQuestion.id.desc())
        .limit(LATELY)
    )
    return [Question(*row) for row in rows]
