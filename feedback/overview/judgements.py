"""What waits for the team to look at, what was decided, and how well is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, defer, joinedload

from feedback import judgements
from feedback.overview import Page, paged
from models import Idea, Judgement, Message, Refit

ANSWER_DAYS = 1
"""Whoever was asked and said nothing for so long has not seen it: then the team looks."""
UNCERTAIN = 0.5
MOST_REFITS = 60


@dataclass(frozen=True)
class Decided:
    judgement: Judgement
    idea_id: int | None
    """Of the idea that it is, or was until somebody took it back."""


@dataclass(frozen=True)
class Judging:
    """How well is judged, as far as people's decisions tell."""

    decided: int
    """Messages that somebody decided about."""
    in_use: Refit | None
    """None: nothing that was learned here is better than what came with the product."""
    refits: Sequence[Refit]
    """The newest first, without their numbers."""


def waits(workspace_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """For a query that joins the judgement with its message."""
    unanswered = Judgement.state.in_(("asking", "asked")) & (Judgement.asked_at <= now - timedelta(days=ANSWER_DAYS))
    return (
        Judgement.workspace_id == workspace_id,
        (Judgement.state == "waiting") | unanswered,
        Message.deleted_at.is_(None),
        ~exists().where(Idea.message_id == Judgement.message_id),
    )


def queue(tx: Session, *, workspace_id: int, number: int, now: datetime) -> Page[Judgement]:
    """The least certain first: of those a person's word teaches the most."""
    statement = (
        select(Judgement)
        .join(Message, Message.id == Judgement.message_id)
        .where(*waits(workspace_id, now))
        .options(joinedload(Judgement.message).joinedload(Message.author))
        .order_by(func.abs(Judgement.probability - UNCERTAIN), Judgement.id)
    )
    page = paged(tx, statement, number=number)
    return Page([row.Judgement for row in page.rows], page.number, page.total, page.size)


def decided(tx: Session, *, workspace_id: int, number: int) -> Page[Decided]:
    """The newest first."""
    statement = (
        select(Judgement, Idea.id.label("idea_id"))
        .join(Message, Message.id == Judgement.message_id)
        .outerjoin(Idea, Idea.message_id == Judgement.message_id)
        .where(Judgement.workspace_id == workspace_id, Judgement.state == "decided", Message.deleted_at.is_(None))
        .options(joinedload(Judgement.message).joinedload(Message.author), joinedload(Judgement.decided_by))
        .order_by(Judgement.decided_at.desc(), Judgement.id.desc())
    )
    page = paged(tx, statement, number=number)
    return Page([Decided(*row) for row in page.rows], page.number, page.total, page.size)


def judging(tx: Session, *, workspace_id: int) -> Judging:
    """Three queries."""
    refits = tx.scalars(
        select(Refit)
        .where(Refit.workspace_id == workspace_id)
        .options(defer(Refit.numbers))
        .order_by(Refit.id.desc())
        .limit(MOST_REFITS)
    ).all()
    count = select(func.count(Judgement.id)).where(
        Judgement.workspace_id == workspace_id, Judgement.decision.is_not(None)
    )
    # By itself: what is in use may be older than all tries that are listed.
    in_use = judgements.in_use(tx, workspace_id=workspace_id)
    return Judging(tx.scalar(count) or 0, in_use, refits)
