"""Who was told what, and what they said."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, func, select, true
from sqlalchemy.orm import Session, joinedload

from feedback.overview import Page, paged
from feedback.overview.changes import channel_names
from feedback.overview.ideas import owed
from models import Answer, Change, Idea, Member, Notice


@dataclass(frozen=True)
class Loops:
    page: Page[Notice]
    counts: dict[str, int]
    """How many there are of each of SHOWN."""
    channels: dict[str, str]
    """Slack id -> name."""


SHOWN = ("all", "waiting", "unanswered", "not_yet", "partly", "better", "told")


def _is(show: str) -> ColumnElement[bool]:
    """waiting: to be told. unanswered: told that it shipped, and silent since. told: of a plan or a decline, which
    asks for no answer."""
    told = Notice.told_at.is_not(None)
    if show == "all":
        return true()
    if show == "waiting":
        return and_(*owed())
    if show == "unanswered":
        return told & (Change.kind == "shipped") & Answer.id.is_(None)
    if show == "told":
        return told & (Change.kind != "shipped")
    return Answer.verdict == show


def loops(tx: Session, *, workspace_id: int, show: str, number: int) -> Loops:
    """The newest first; `show` is one of SHOWN."""
    joined = (
        select(Notice)
        .join(Change, Change.id == Notice.change_id)
        .join(Member, Member.id == Notice.member_id)
        .join(Idea, Idea.id == Notice.idea_id)
        .outerjoin(Answer, Answer.notice_id == Notice.id)
        .where(Notice.workspace_id == workspace_id)
    )
    answers = (joinedload(Notice.answer), joinedload(Notice.reply))
    shown = (joinedload(Notice.change), joinedload(Notice.member), joinedload(Notice.idea), *answers)
    page = paged(tx, joined.where(_is(show)).options(*shown).order_by(Notice.id.desc()), number=number)
    counts = tx.execute(
        joined.with_only_columns(*[func.sum(case((_is(name), 1), else_=0)).label(name) for name in SHOWN])
    ).one()
    return Loops(
        page=Page([row.Notice for row in page.rows], page.number, page.total, page.size),
        counts={name: int(getattr(counts, name) or 0) for name in SHOWN},
        channels=channel_names(tx, workspace_id=workspace_id),
    )
