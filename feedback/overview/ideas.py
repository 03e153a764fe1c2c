"""The inbox, the list of all ideas, and everything about one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from feedback import ideas
from feedback.overview import ROWS, Page, judgements, paged
from feedback.overview.history import Line, lines
from models import (
    Answer,
    Audit,
    Change,
    ChangeIdea,
    Idea,
    Judgement,
    Member,
    Message,
    Notice,
    Reward,
    Vote,
)

STATES = ("new", "reopened", "planned", "declined", "shipped", "verified", "withdrawn")
EARLIER_MESSAGES = 8
ANSWER_DAYS = 7


@dataclass(frozen=True)
class Morning:
    """What a product person wants to know first."""

    new: int
    """Nobody has marked them as seen."""
    came_back: int
    to_tell: int
    """People who have yet to be told of something that was decided."""
    better: int
    """Answers of the last ANSWER_DAYS."""
    not_yet: int
    to_look: int
    """Messages that may hold feedback, and wait for the team."""


@dataclass(frozen=True)
class Listed:
    idea: Idea
    votes: int
    came_back: str
    """What the last "not yet" about it said."""


@dataclass(frozen=True)
class Whole:
    """One idea with everything around it."""

    idea: Idea
    earlier: Sequence[Message]
    """What was said before it in the same thread, as far as it was heard."""
    votes: Sequence[Vote]
    notices: Sequence[Notice]
    rewards: Sequence[Reward]
    history: Sequence[Line]


def morning(tx: Session, *, workspace_id: int, now: datetime) -> Morning:
    since = now - timedelta(days=ANSWER_DAYS)
    found = tx.execute(
        select(
            _ideas_in(workspace_id, "new").label("new"),
            _ideas_in(workspace_id, "reopened").label("came_back"),
            select(func.count(Notice.id))
            .join(Member, Member.id == Notice.member_id)
            .join(Idea, Idea.id == Notice.idea_id)
            .where(Notice.workspace_id == workspace_id, *owed())
            .scalar_subquery()
            .label("to_tell"),
            _answers(workspace_id, "better", since).label("better"),
            _answers(workspace_id, "not_yet", since).label("not_yet"),
            select(func.count(Judgement.id))
            .join(Message, Message.id == Judgement.message_id)
            .where(*judgements.waits(workspace_id, now))
            .scalar_subquery()
            .label("to_look"),
        )
    ).one()
    return Morning(found.new, found.came_back, found.to_tell, found.better, found.not_yet, found.to_look)


def owed() -> tuple[ColumnElement[bool], ...]:
    """`loop.is_owed` for a query that joins the notice with its member and idea."""
    return Notice.told_at.is_(None), Member.left_at.is_(None), Idea.state != "withdrawn"


def _ideas_in(workspace_id: int, state: str) -> ColumnElement[int]:
    return (
        select(func.count(Idea.id))
        .where(Idea.workspace_id == workspace_id, Idea.state == state, Idea.reviewed_at.is_(None))
        .scalar_subquery()
    )


def _answers(workspace_id: int, verdict: str, since: datetime) -> ColumnElement[int]:
    return (
        select(func.count(Answer.id))
        .join(Notice, Notice.id == Answer.notice_id)
        .where(Notice.workspace_id == workspace_id, Answer.verdict == verdict, Answer.given_at >= since)
        .scalar_subquery()
    )


def inbox(tx: Session, *, workspace_id: int, number: int) -> Page[Listed]:
    """What waits for somebody: first what nobody has seen, and there first what came back."""
    seen = (Idea.reviewed_at.is_not(None)).label("seen")
    is_new = (Idea.state != "reopened").label("is_new")
    statement = (
        _with_votes(workspace_id)
        .where(Idea.state.in_(ideas.OPEN_STATES))
        .order_by(seen, is_new, Idea.created_at.desc(), Idea.id.desc())
    )
    return _listed(tx, workspace_id, statement, number)


def every(
    tx: Session, *, workspace_id: int, number: int, state: str = "", theme_id: int = 0, like: str = ""
) -> Page[Listed]:
    """The newest first. What was taken back is only there for whoever asks for it."""
    statement = _with_votes(workspace_id).order_by(Idea.created_at.desc(), Idea.id.desc())
    statement = statement.where(Idea.state == state if state in STATES else Idea.state != "withdrawn")
    if theme_id:
        statement = statement.where(Idea.theme_id == theme_id)
    if like:
        author = select(Member.id).where(Member.name.icontains(like, autoescape=True))
        statement = statement.where(Idea.text.icontains(like, autoescape=True) | Idea.author_id.in_(author))
    return _listed(tx, workspace_id, statement, number)


def _with_votes(workspace_id: int) -> Select[Idea, int]:
    votes = select(func.count(Vote.id)).where(Vote.idea_id == Idea.id).scalar_subquery()
    return (
        select(Idea, votes.label("votes"))
        .where(Idea.workspace_id == workspace_id)
        .options(joinedload(Idea.author), joinedload(Idea.message), joinedload(Idea.theme))
    )


def _listed(
    tx: Session, workspace_id: int, statement: Select[Idea, int], number: int, size: int = ROWS
) -> Page[Listed]:
    page = paged(tx, statement, number=number, size=size)
    came_back = _came_back(tx, workspace_id, [idea.id for idea, _ in page.rows])
    rows = [Listed(idea, votes, came_back.get(idea.id, "")) for idea, votes in page.rows]
    return Page(rows, page.number, page.total, page.size)


def of_theme(tx: Session, *, workspace_id: int, theme_id: int, number: int, size: int) -> Page[Listed]:
    """Those that wait first, then by votes."""
    statement = _with_votes(workspace_id).where(Idea.theme_id == theme_id, Idea.state != "withdrawn")
    closed = Idea.state.not_in(ideas.OPEN_STATES).label("closed")
    votes = select(func.count(Vote.id)).where(Vote.idea_id == Idea.id).scalar_subquery()
    return _listed(tx, workspace_id, statement.order_by(closed, votes.desc(), Idea.id.desc()), number, size)


def _came_back(tx: Session, workspace_id: int, idea_ids: Sequence[int]) -> dict[int, str]:
    rows = tx.execute(
        select(Audit.subject_id, Audit.detail)
        .where(
            Audit.workspace_id == workspace_id,
            Audit.subject == "idea",
            Audit.subject_id.in_(idea_ids),
            Audit.act == "reopened",
        )
        .order_by(Audit.id)
    )
    return {idea_id: str(detail.get("why", "")) for idea_id, detail in rows}


def one(tx: Session, *, workspace_id: int, idea_id: int) -> Whole | None:
    """None where it is not in this workspace."""
    idea = tx.scalars(
        select(Idea)
        .where(Idea.id == idea_id, Idea.workspace_id == workspace_id)
        .options(
            joinedload(Idea.author), joinedload(Idea.captured_by), joinedload(Idea.message), joinedload(Idea.theme)
        )
    ).one_or_none()
    if idea is None:
        return None
    votes = tx.scalars(
        select(Vote).where(Vote.idea_id == idea.id).options(joinedload(Vote.member)).order_by(Vote.id)
    ).all()
    rewards = tx.scalars(
        select(Reward).where(Reward.idea_id == idea.id).options(joinedload(Reward.member)).order_by(Reward.id)
    ).all()
    history = lines(tx, workspace_id=workspace_id, subject="idea", subject_id=idea.id)
    return Whole(idea, _earlier(tx, idea), votes, _notices(tx, idea), rewards, history)


def _earlier(tx: Session, idea: Idea) -> Sequence[Message]:
    message = idea.message
    if message is None:
        return []
    # A message that begins its thread is compared with no thread at all: the same query, and nothing before it.
    start = message.thread_ts or message.ts
    newest_first = tx.scalars(
        select(Message)
        .where(
            Message.workspace_id == idea.workspace_id,
            Message.channel_id == message.channel_id,
            (Message.ts == start) | (Message.thread_ts == start),
            Message.posted_at < message.posted_at,
            Message.deleted_at.is_(None),
        )
        .options(joinedload(Message.author))
        .order_by(Message.posted_at.desc(), Message.id.desc())
        .limit(EARLIER_MESSAGES)
    ).all()
    return newest_first[::-1]


def _notices(tx: Session, idea: Idea) -> Sequence[Notice]:
    """Whoever raised or backed this idea and heard of a change that answers it, whichever words were quoted."""
    answering = select(ChangeIdea.change_id).where(ChangeIdea.idea_id == idea.id)
    backing = select(Vote.member_id).where(Vote.idea_id == idea.id)
    return tx.scalars(
        select(Notice)
        .where(
            Notice.change_id.in_(answering),
            (Notice.member_id == idea.author_id) | Notice.member_id.in_(backing),
        )
        .options(joinedload(Notice.member), joinedload(Notice.change), joinedload(Notice.answer))
        .order_by(Notice.id)
    ).all()


def decided(tx: Session, *, idea_ids: Sequence[int]) -> dict[int, Change]:
    """The newest thing that was decided about each of them."""
    rows = tx.execute(
        select(ChangeIdea.idea_id, Change)
        .join(Change, Change.id == ChangeIdea.change_id)
        .where(ChangeIdea.idea_id.in_(idea_ids))
        .order_by(Change.id)
    )
    return {row.idea_id: row.Change for row in rows}
