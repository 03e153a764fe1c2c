"""What people answered when they were asked whether two ideas ask for the same."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import Idea, ThemeQuestion

DECIDING = ("yes", "no")
"""The third verdict is that somebody cannot say."""


def answers(tx: Session, *, workspace_id: int) -> Sequence[ThemeQuestion]:
    """Every one that was answered, the oldest first; those that somebody could not say too."""
    return tx.scalars(
        select(ThemeQuestion)
        .where(ThemeQuestion.workspace_id == workspace_id, ThemeQuestion.verdict.is_not(None))
        .order_by(ThemeQuestion.answered_at, ThemeQuestion.id)
    ).all()


def said_of(tx: Session, *, idea_id: int) -> tuple[int | None, frozenset[int]]:
    """The theme that the latest yes puts this idea into, and those that a no bars it from."""
    pair = or_(ThemeQuestion.idea_id == idea_id, ThemeQuestion.other_id == idea_id)
    rows = tx.execute(
        select(ThemeQuestion.verdict, ThemeQuestion.answered_at, Idea.theme_id, Idea.placed_at)
        .join(Idea, Idea.id.in_((ThemeQuestion.idea_id, ThemeQuestion.other_id)) & (Idea.id != idea_id))
        .where(pair, ThemeQuestion.verdict.in_(DECIDING), Idea.theme_id.is_not(None), Idea.state != "withdrawn")
        .order_by(ThemeQuestion.answered_at, ThemeQuestion.id)
    ).all()
    # Where somebody has moved the other one since, that is the later word.
    stands = [row for row in rows if row.placed_at is None or row.placed_at <= row.answered_at]
    wanted = [row.theme_id for row in stands if row.verdict == "yes"]
    belongs_in = wanted[-1] if wanted else None
    return belongs_in, frozenset(row.theme_id for row in rows if row.verdict == "no") - {belongs_in}
