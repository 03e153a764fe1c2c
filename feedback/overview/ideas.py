"""The inbox and the list of all ideas. Everything about one of them is in feedback.overview.whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from feedback import ideas
from feedback.overview import ROWS, Page, hearing, judgements, paged
from models import (
    Answer,
    Appeal,
    Audit,
    Change,
    ChangeIdea,
    Idea,
    IdeaMerge,
    Judgement,
    Member,
    Message,
    Notice,
    Reward,
)

STATES = ("new", "reopened", "planned", "declined", "shipped", "verified", "withdrawn")
ANSWER_DAYS = 7
Said = aliased(Idea)
"""What went into another idea."""


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
    partly: int
    not_yet: int
    to_look: int
    """Messages that may hold feedback, and wait for the team."""
    to_confirm: int
    """Thank-yous that nobody but their receiver has confirmed yet."""


@dataclass(frozen=True)
class Listed:
    idea: Idea
    votes: int
    came_back: str
    """What the last "not yet" about it said."""
    merged: Sequence[Idea]
    """What went into it, and was not taken back."""
    takes_in: bool
    """Whether anything went into it."""
    doubts: Sequence[Answer] = ()
    """Where it is said to be done: who behind it said "partly" or "not yet" to that, the newest first."""
    appeal: Appeal | None = None
    """The last time that somebody asked again for it, after it was declined."""


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
            _answers(workspace_id, "partly", since).label("partly"),
            _answers(workspace_id, "not_yet", since).label("not_yet"),
            select(func.count(Judgement.id))
            .join(Message, Message.id == Judgement.message_id)
            .where(*judgements.waits(workspace_id, now))
            .scalar_subquery()
            .label("to_look"),
            select(func.count(Reward.id))
            .where(Reward.workspace_id == workspace_id, Reward.state == "proposed")
            .scalar_subquery()
            .label("to_confirm"),
        )
    ).one()
    return Morning(**found._mapping)


def owed() -> tuple[ColumnElement[bool], ...]:
    """`loop.is_owed` for a query that joins the notice with its member and idea."""
    is_open = Notice.told_at.is_(None) & Notice.dropped_at.is_(None) & (Notice.how != "never")
    return is_open, Member.left_at.is_(None), Idea.state != "withdrawn"


def _ideas_in(workspace_id: int, state: str) -> ColumnElement[int]:
    return (
        select(func.count(Idea.id))
        .where(Idea.workspace_id == workspace_id, Idea.state == state, Idea.reviewed_at.is_(None), ~ideas.is_merged())
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
    """What waits for somebody: first what nobody has seen, and there first what came back or was asked for again."""
    seen = (Idea.reviewed_at.is_not(None)).label("seen")
    is_new = ((Idea.state != "reopened") & ~hearing.is_heard_again()).label("is_new")
    statement = (
        _shown(workspace_id)
        .where(Idea.state.in_(ideas.OPEN_STATES))
        .order_by(seen, is_new, Idea.created_at.desc(), Idea.id.desc())
    )
    return _with_what_came_back(tx, _listed(tx, workspace_id, statement, number))


def every(
    tx: Session, *, workspace_id: int, number: int, state: str = "", theme_id: int = 0, like: str = ""
) -> Page[Listed]:
    """The newest first. What was taken back is only there for whoever asks for it; what went into another idea is found
    by its own words too, below that one."""
    statement = _shown(workspace_id).order_by(Idea.created_at.desc(), Idea.id.desc())
    statement = statement.where(Idea.state == state if state in STATES else Idea.state != "withdrawn")
    if theme_id:
        statement = statement.where(Idea.theme_id == theme_id)
    if like:
        author = select(Member.id).where(Member.name.icontains(like, autoescape=True))
        theirs = Said.text.icontains(like, autoescape=True) | Said.author_id.in_(author)
        said = select(IdeaMerge.into_id).join(Said, Said.id == IdeaMerge.idea_id).where(IdeaMerge.undone_at.is_(None))
        own = Idea.text.icontains(like, autoescape=True) | Idea.author_id.in_(author)
        statement = statement.where(own | Idea.id.in_(said.where(theirs)))
    return _with_what_came_back(tx, _listed(tx, workspace_id, statement, number))


def _shown(workspace_id: int) -> Select[Idea]:
    """Not what went into another idea, unless it was taken back: then it is not shown below that one either."""
    return (
        select(Idea)
        .where(Idea.workspace_id == workspace_id, ~ideas.is_merged() | (Idea.state == "withdrawn"))
        .options(joinedload(Idea.author), joinedload(Idea.message), joinedload(Idea.theme))
    )


def _listed(tx: Session, workspace_id: int, statement: Select[Idea], number: int, size: int = ROWS) -> Page[Listed]:
    page = paged(tx, statement, number=number, size=size)
    found = [row.Idea for row in page.rows]
    rows = listed(tx, workspace_id=workspace_id, found=found)
    return Page(rows, page.number, page.total, page.size)


def listed(tx: Session, *, workspace_id: int, found: Sequence[Idea]) -> list[Listed]:
    """These ideas with what is shown beside each. As many queries for one as for all."""
    ids = [idea.id for idea in found]
    came_back = _came_back(tx, workspace_id, ids)
    votes, merged = ideas.vote_counts(tx, idea_ids=ids), ideas.merged_into(tx, idea_ids=ids)
    return [
        Listed(
            idea=idea,
            votes=votes[idea.id],
            came_back=came_back.get(idea.id, ""),
            merged=[merge.idea for merge in merged.get(idea.id, []) if merge.idea.state != "withdrawn"],
            takes_in=idea.id in merged,
        )
        for idea in found
    ]


def _with_what_came_back(tx: Session, page: Page[Listed]) -> Page[Listed]:
    ids = [row.idea.id for row in page.rows]
    done = [row.idea.id for row in page.rows if row.idea.state in ("shipped", "verified")]
    doubts, appeals = hearing.doubts(tx, idea_ids=done), hearing.appeals(tx, idea_ids=ids)
    rows = [replace(row, doubts=doubts.get(row.idea.id, ()), appeal=appeals.get(row.idea.id)) for row in page.rows]
    return replace(page, rows=rows)


def of_theme(tx: Session, *, workspace_id: int, theme_id: int, number: int, size: int) -> Page[Listed]:
    """Those that wait first, then by votes."""
    counted = ideas.counted(Idea.workspace_id == workspace_id)
    statement = (
        _shown(workspace_id)
        .outerjoin(counted, counted.c.idea_id == Idea.id)
        .where(Idea.theme_id == theme_id, Idea.state != "withdrawn")
    )
    closed = Idea.state.not_in(ideas.OPEN_STATES).label("closed")
    votes = func.coalesce(counted.c.votes, 0)
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


def decided(tx: Session, *, idea_ids: Sequence[int]) -> dict[int, Change]:
    """The newest thing that was decided about each of them."""
    rows = tx.execute(
        select(ChangeIdea.idea_id, Change)
        .join(Change, Change.id == ChangeIdea.change_id)
        .where(ChangeIdea.idea_id.in_(idea_ids), Change.kind != "asked")
        .order_by(Change.id)
    )
    return {row.idea_id: row.Change for row in rows}
