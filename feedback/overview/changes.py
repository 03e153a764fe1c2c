"""What was shipped, planned and declined, who has heard of it, and what waits for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session, joinedload

from feedback import loop
from feedback.changes import ANSWERABLE
from feedback.ideas import is_merged, people
from feedback.overview import Page, paged
from feedback.overview.history import Line, lines
from feedback.overview.telling import PEOPLE_ON_A_PAGE, Sending, sending
from feedback.overview.wording import sharing_words
from models import Answer, Change, ChangeIdea, Channel, Idea, Notice, Theme

MOST_IDEAS = 100
MOST_THEMES = 200


@dataclass(frozen=True)
class Summary:
    change: Change
    ideas: int
    people: int
    """Who hear of it; `told` of them have."""
    told: int
    better: int
    partly: int
    not_yet: int


@dataclass(frozen=True)
class Whole:
    change: Change
    ideas: Page[Idea]
    notices: Page[Notice]
    sending: Sending
    channels: dict[str, str]
    """Slack id -> name, of those in which somebody was told."""
    helped: Sequence[str]
    """The names of those who had a part in it and agreed to be named."""
    history: Sequence[Line]


@dataclass(frozen=True)
class Choices:
    """What a change could answer."""

    themes: Sequence[tuple[Theme, int]]
    """With how many of its ideas wait."""
    ideas: Sequence[Idea]
    sharing: frozenset[int]
    """The ids of those that share words with what was said."""


def listed(tx: Session, *, workspace_id: int, number: int) -> Page[Summary]:
    """The newest first."""
    mine = Notice.change_id == Change.id
    ideas = select(func.count(ChangeIdea.id)).where(ChangeIdea.change_id == Change.id).scalar_subquery()
    people = select(func.count(Notice.id)).where(mine).scalar_subquery()
    told = select(func.count(Notice.told_at)).where(mine).scalar_subquery()
    statement = (
        select(Change, ideas, people, told, _answers("better"), _answers("partly"), _answers("not_yet"))
        .where(Change.workspace_id == workspace_id)
        .options(joinedload(Change.made_by))
        .order_by(Change.id.desc())
    )
    page = paged(tx, statement, number=number)
    return Page([Summary(*row) for row in page.rows], page.number, page.total, page.size)


def _answers(verdict: str) -> ColumnElement[int]:
    return (
        select(func.count(Answer.id))
        .join(Notice, Notice.id == Answer.notice_id)
        .where(Notice.change_id == Change.id, Answer.verdict == verdict)
        .scalar_subquery()
        .label(verdict)
    )


def one(tx: Session, *, workspace_id: int, change_id: int, number: int = 1) -> Whole | None:
    """None where it is not in this workspace. `number`: the page of people."""
    change = tx.scalars(
        select(Change)
        .where(Change.id == change_id, Change.workspace_id == workspace_id)
        .options(joinedload(Change.made_by))
    ).one_or_none()
    if change is None:
        return None
    ideas = paged(
        tx,
        select(Idea)
        .join(ChangeIdea, ChangeIdea.idea_id == Idea.id)
        .where(ChangeIdea.change_id == change.id)
        .options(joinedload(Idea.author), joinedload(Idea.theme), joinedload(Idea.message))
        .order_by(Idea.created_at, Idea.id),
        number=1,
        size=MOST_IDEAS,
    )
    notices = paged(
        tx,
        select(Notice)
        .where(Notice.change_id == change.id)
        .options(
            joinedload(Notice.member), joinedload(Notice.idea), joinedload(Notice.answer), joinedload(Notice.reply)
        )
        .order_by(Notice.id),
        number=number,
        size=PEOPLE_ON_A_PAGE,
    )
    return Whole(
        change=change,
        ideas=Page([row.Idea for row in ideas.rows], 1, ideas.total, ideas.size),
        notices=Page([row.Notice for row in notices.rows], notices.number, notices.total, notices.size),
        sending=sending(tx, change=change),
        channels=channel_names(tx, workspace_id=workspace_id),
        helped=loop.helped(tx, change=change),
        history=lines(tx, workspace_id=workspace_id, subject="change", subject_id=change.id),
    )


def people_behind(tx: Session, *, change_id: int) -> int:
    """Who raised or backed what it answers, each once, whether or not they hear of it."""
    answered = Idea.id.in_(select(ChangeIdea.idea_id).where(ChangeIdea.change_id == change_id))
    behind = people(answered).subquery()
    return tx.scalar(select(func.count(func.distinct(behind.c.member_id)))) or 0


def channel_names(tx: Session, *, workspace_id: int) -> dict[str, str]:
    """Slack id -> name."""
    rows = tx.execute(select(Channel.slack_id, Channel.name).where(Channel.workspace_id == workspace_id))
    return {row.slack_id: row.name for row in rows}


def waiting(
    tx: Session,
    *,
    workspace_id: int,
    kind: str = "shipped",
    like: str = "",
    said: str = "",
    chosen: Sequence[int] = (),
) -> Choices:
    """What has an answer coming: themes by how many of their ideas wait; ideas, the chosen ones first, then those that
    share words with what was `said`, then the newest."""
    open_ = (Idea.workspace_id == workspace_id, Idea.state.in_(ANSWERABLE[kind]), ~is_merged())
    count = func.count(Idea.id)
    themes = tx.execute(
        select(Theme, count)
        .join(Idea, Idea.theme_id == Theme.id)
        .where(*open_, Theme.merged_into_id.is_(None))
        .group_by(Theme.id)
        .order_by(count.desc(), Theme.id)
        .limit(MOST_THEMES)
    ).all()
    statement = select(Idea).where(*open_).options(joinedload(Idea.author))
    is_chosen = Idea.id.in_(chosen)
    if like:
        statement = statement.where(is_chosen | Idea.text.icontains(like, autoescape=True))
    not_chosen = (~is_chosen).label("not_chosen")
    sharing = sharing_words(tx, said, *open_) if said else []
    order = [not_chosen, Idea.created_at.desc(), Idea.id.desc()]
    if sharing:
        order.insert(1, case({each: place for place, each in enumerate(sharing)}, value=Idea.id, else_=len(sharing)))
    ideas = tx.scalars(statement.order_by(*order).limit(MOST_IDEAS)).all()
    return Choices([(theme, number) for theme, number in themes], ideas, frozenset(sharing))
