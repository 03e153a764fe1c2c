"""What came back about ideas: doubts about what shipped, and asking again for what was declined."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from feedback import ideas
from models import Answer, Appeal, Change, ChangeIdea, Idea, Notice


def doubts(tx: Session, *, idea_ids: Sequence[int]) -> dict[int, list[Answer]]:
    """By idea: who said or backed it, or what went into it, and called the last thing that shipped for it "partly" or
    "not yet"; the newest first. One query."""
    last = (
        select(ChangeIdea.idea_id, func.max(Change.id).label("change_id"))
        .join(Change, Change.id == ChangeIdea.change_id)
        .where(ChangeIdea.idea_id.in_(idea_ids), Change.kind == "shipped")
        .group_by(ChangeIdea.idea_id)
        .subquery()
    )
    behind = ideas.people(ideas.kept_in(idea_ids)).subquery()
    rows = tx.execute(
        select(last.c.idea_id, Answer)
        .join(Notice, Notice.change_id == last.c.change_id)
        .join(Answer, Answer.notice_id == Notice.id)
        .join(behind, (behind.c.idea_id == last.c.idea_id) & (behind.c.member_id == Notice.member_id))
        .where(Answer.verdict.in_(("partly", "not_yet")))
        .options(joinedload(Answer.notice).joinedload(Notice.member))
        .order_by(Answer.id.desc())
    )
    found: dict[int, list[Answer]] = {}
    for row in rows:
        found.setdefault(row.idea_id, []).append(row.Answer)
    return found


def is_heard_again() -> ColumnElement[bool]:
    """For queries: it was declined once, and enough new people asked for it again."""
    return select(Appeal.id).where(Appeal.idea_id == Idea.id, Appeal.heard_at.is_not(None)).exists()


def appeals(tx: Session, *, idea_ids: Sequence[int]) -> dict[int, Appeal]:
    """By idea, the last one. One query."""
    found = tx.scalars(
        select(Appeal).where(Appeal.idea_id.in_(idea_ids)).options(joinedload(Appeal.member)).order_by(Appeal.id)
    )
    return {appeal.idea_id: appeal for appeal in found}
