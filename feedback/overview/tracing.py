"""The loops of a workspace, read from the rows that they follow from: who said or backed what, what was decided, who
was told, and what they answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, true, union_all
from sqlalchemy.orm import Session

from feedback import access, ideas
from feedback.overview.states import GROUPED, REOPENED, SENT_BACK, Heard, Loop, Made, Person, Traced, no_answer_at
from models import Answer, Audit, Change, ChangeIdea, Idea, Member, Notice, Reminder, Vote, Workspace


def loops(
    tx: Session, *, workspace_id: int, which: ColumnElement[bool] | None = None, member_id: int | None = None
) -> list[Loop]:
    """By idea and person. `which`: of the ideas, which are shown as whatever they went into; `member_id`: only this
    person's. Five queries, however many they are."""
    these = (Idea.workspace_id == workspace_id, true() if which is None else which)
    traced = _traced(tx, these)
    told = _told(tx, these, member_id)
    pairs: dict[tuple[int, int], tuple[Person, bool, datetime]] = {}
    for row in tx.execute(_pairs(these, member_id)):
        _, raised_it, began_at = pairs.get((row.idea_id, row.member_id), (None, False, row.at))
        pairs[row.idea_id, row.member_id] = (_person(row), raised_it or bool(row.raised_it), min(began_at, row.at))
    return [
        Loop(traced[idea_id], person, raised_it, began_at, _heard(traced[idea_id], person, told))
        for (idea_id, _), (person, raised_it, began_at) in sorted(pairs.items(), key=lambda each: each[0])
        if idea_id in traced
    ]


def _heard(idea: Traced, person: Person, told: Mapping[tuple[int, int], Any]) -> tuple[Heard, ...]:
    rows = [(made, told.get((made.change_id, person.member_id))) for made in idea.changes]
    return tuple(_what_they_heard(made, row) for made, row in rows if row is not None)


def _what_they_heard(made: Made, row: Any) -> Heard:
    told_at, days = row.told_at, row.remind_after_days
    return Heard(
        made=made,
        notice_id=row.id,
        told_at=told_at,
        verdict=row.verdict,
        answered_at=row.given_at,
        silent_at=no_answer_at(told_at=told_at, reminded_at=row.reminded_at, remind_after_days=days)
        if told_at
        else None,
        dropped_at=row.dropped_at,
        is_never=row.how == "never" and told_at is None,
    )


def _pairs(these: Sequence[ColumnElement[bool]], member_id: int | None) -> Select[Any]:
    """Everybody who said or backed any of them, and when, as `ideas.people` counts them."""
    counts = (*these, (Idea.state != "withdrawn") | ~ideas.is_merged())
    said = select(
        ideas.shown_as().label("idea_id"),
        Idea.author_id.label("member_id"),
        Idea.created_at.label("at"),
        literal(1).label("raised_it"),
    ).where(*counts)
    backed = (
        select(ideas.shown_as(), Vote.member_id, Vote.cast_at, literal(0))
        .select_from(Idea)
        .join(Vote, Vote.idea_id == Idea.id)
        .where(*counts)
    )
    both = union_all(said, backed).subquery()
    statement = select(both, Member.role, Member.is_bot, Member.hears, Member.left_at)
    statement = statement.join(Member, Member.id == both.c.member_id)
    return statement if member_id is None else statement.where(both.c.member_id == member_id)


def _person(row: Any) -> Person:
    is_owed = row.role == access.ROLES[0] and not row.is_bot
    return Person(row.member_id, is_owed, row.hears == "own", row.left_at, row.hears == "nothing")


def _traced(tx: Session, these: Sequence[ColumnElement[bool]]) -> dict[int, Traced]:
    """By id; what was taken back waits for nothing."""
    acts, changes = _acts(tx, these), _changes(tx, these)
    rows = tx.execute(
        select(Idea.id, Idea.kind, Idea.state, Idea.theme_id, Idea.created_at).where(
            Idea.id.in_(select(ideas.shown_as()).where(*these)), Idea.state != "withdrawn"
        )
    )
    return {
        row.id: Traced(
            idea_id=row.id,
            kind=row.kind,
            state=row.state,
            theme_id=row.theme_id,
            said_at=row.created_at,
            grouped_at=min((at for act in GROUPED for at in acts[row.id, act]), default=None),
            sent_back_at=[at for act in SENT_BACK for at in acts[row.id, act]],
            reopened_at=[at for act in REOPENED for at in acts[row.id, act]],
            changes=list(changes[row.id].values()),
        )
        for row in rows
    }


def _acts(tx: Session, these: Sequence[ColumnElement[bool]]) -> dict[tuple[int, str], list[datetime]]:
    """When what was done, by the idea that is shown and the act."""
    found: dict[tuple[int, str], list[datetime]] = defaultdict(list)
    rows = tx.execute(
        select(ideas.shown_as().label("idea_id"), Audit.act, Audit.at)
        .select_from(Idea)
        .join(
            Audit,
            (Audit.workspace_id == Idea.workspace_id) & (Audit.subject == "idea") & (Audit.subject_id == Idea.id),
        )
        .where(*these, Audit.act.in_((*GROUPED, *SENT_BACK, *REOPENED)))
        .order_by(Audit.at, Audit.id)
    )
    for row in rows:
        found[row.idea_id, row.act].append(row.at)
    return found


def _changes(tx: Session, these: Sequence[ColumnElement[bool]]) -> dict[int, dict[int, Made]]:
    """By the idea that is shown, and by their ids: one that answers several of what is kept together is one."""
    found: dict[int, dict[int, Made]] = defaultdict(dict)
    rows = tx.execute(
        select(ideas.shown_as().label("idea_id"), Change.id, Change.kind, Change.made_at, Change.made_by_id)
        .select_from(Idea)
        .join(ChangeIdea, ChangeIdea.idea_id == Idea.id)
        .join(Change, Change.id == ChangeIdea.change_id)
        .where(*these)
        .order_by(Change.id)
    )
    for row in rows:
        found[row.idea_id][row.id] = Made(row.id, row.kind, row.made_at, row.made_by_id)
    return found


def _told(tx: Session, these: Sequence[ColumnElement[bool]], member_id: int | None) -> dict[tuple[int, int], Any]:
    """The notices, when they were asked once more, and what was answered, by change and member."""
    answering = select(ChangeIdea.change_id).join(Idea, Idea.id == ChangeIdea.idea_id).where(*these)
    statement = (
        select(
            Notice.id,
            Notice.change_id,
            Notice.member_id,
            Notice.told_at,
            Notice.dropped_at,
            Notice.how,
            Answer.verdict,
            Answer.given_at,
            Reminder.told_at.label("reminded_at"),
            Workspace.remind_after_days,
        )
        .join(Workspace, Workspace.id == Notice.workspace_id)
        .outerjoin(Answer, Answer.notice_id == Notice.id)
        .outerjoin(Reminder, Reminder.notice_id == Notice.id)
        .where(Notice.change_id.in_(answering))
    )
    if member_id is not None:
        statement = statement.where(Notice.member_id == member_id)
    return {(row.change_id, row.member_id): row for row in tx.execute(statement)}
