"""How far each loop has come: one person and one idea, from what was said to whether it helped.

Nothing of this is written down anywhere: it follows from ideas, changes, notices and answers, also for any earlier day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, true, union_all
from sqlalchemy.orm import Session

from feedback import access, ideas
from models import Answer, Audit, Change, ChangeIdea, Idea, Member, Notice, Vote

NO_ANSWER_DAYS = 14
"""Whoever was asked so long ago and said nothing will probably say nothing."""
STATES = (
    "heard",
    "grouped",
    "planned",
    "shipped",
    "declined",
    "told",
    "verified",
    "partly",
    "still_broken",
    "no_answer",
)
"""How far a loop can have come. shipped and declined: and they have yet to hear of it."""
TERMINAL = ("shipped", "declined")
"""Kinds of changes that answer somebody. That something is planned keeps them waiting."""
ANSWERED = ("shipped", "verified", "declined")
"""How an idea stands that was answered."""
GROUPED = ("grouped", "moved")
SENT_BACK = ("sent back to the inbox",)
REOPENED = ("reopened",)
"""What the history calls that somebody put it into a theme, took an answer back, and said that it did not help."""


@dataclass(frozen=True)
class Made:
    """A change that answers the idea, or something that went into it."""

    change_id: int
    kind: str
    made_at: datetime
    made_by_id: int


@dataclass(frozen=True)
class Heard:
    """What this person was told of it, or is to be told."""

    made: Made
    notice_id: int
    told_at: datetime | None
    verdict: str | None
    answered_at: datetime | None


@dataclass(frozen=True)
class Wait:
    """Somebody waits for an answer, or did."""

    began_at: datetime
    ended_at: datetime | None
    """None: they still wait."""
    is_answered: bool
    """False where it ended otherwise: they left, or it was decided and nobody told them."""

    def days_at(self, at: datetime) -> float:
        return max(0.0, (min(at, self.ended_at or at) - self.began_at) / timedelta(days=1))


@dataclass(frozen=True)
class Person:
    member_id: int
    is_owed: bool
    """A customer who wants to be told. The team, apps and whoever wants to hear nothing wait for nothing."""
    only_own: bool
    """Wants to be told of what they raised themself, and of nothing else."""
    left_at: datetime | None


@dataclass(frozen=True)
class Traced:
    """One idea that is shown, with what went into it."""

    idea_id: int
    kind: str
    state: str
    theme_id: int | None
    said_at: datetime
    grouped_at: datetime | None
    """None: it was not, or before anybody kept count."""
    sent_back_at: Sequence[datetime]
    reopened_at: Sequence[datetime]
    changes: Sequence[Made]
    """The oldest first."""

    def first(self, *kinds: str) -> Made | None:
        return next((made for made in self.changes if made.kind in kinds), None)


@dataclass(frozen=True)
class Loop:
    """One person and one idea that they raised or backed, or that what they said went into."""

    idea: Traced
    person: Person
    raised_it: bool
    began_at: datetime
    """When they first said or backed it."""
    heard: Sequence[Heard] = ()
    """The oldest first."""

    @property
    def is_owed(self) -> bool:
        """Whether anybody owes them an answer, or did: praise asks for none."""
        wants = self.raised_it or not self.person.only_own
        return self.person.is_owed and wants and self.idea.kind != "praise"

    @cached_property
    def waits(self) -> Sequence[Wait]:
        """The oldest first. A "not yet" begins another one, and so does a no that is taken back; whoever came when it
        was answered already waits for nothing."""
        told = {each.made.change_id for each in self.heard}
        events: list[tuple[datetime, str]] = [
            (each.told_at, "answered") for each in self.heard if each.told_at and each.made.kind in TERMINAL
        ]
        events += [(each.answered_at, "asks") for each in self.heard if each.answered_at and each.verdict == "not_yet"]
        events += [(at, "asks") for at in self.idea.sent_back_at]
        events += [
            (each.made_at, "passed over")
            for each in self.idea.changes
            if each.kind in TERMINAL and each.change_id not in told and each.made_at > self.began_at
        ]
        return _waits(self, sorted(events))

    def state(self, now: datetime | None = None) -> str:
        """One of STATES. Without `now`, nobody is given up who has not answered."""
        last = next((each for each in reversed(self.heard) if each.made.kind in TERMINAL), None)
        state = self.idea.state
        if state == "planned" or (state == "new" and self.idea.sent_back_at):
            return _not_yet_decided(self.idea)
        if last is None or last.told_at is None:
            return state if state in TERMINAL else "shipped" if state == "verified" else _not_yet_decided(self.idea)
        if last.verdict is not None:
            return {"better": "verified", "not_yet": "still_broken"}.get(last.verdict, last.verdict)
        is_late = now is not None and last.told_at + timedelta(days=NO_ANSWER_DAYS) <= now
        return "no_answer" if is_late and last.made.kind == "shipped" else "told"


def _not_yet_decided(idea: Traced) -> str:
    if idea.state == "planned":
        return "planned"
    return "heard" if idea.theme_id is None else "grouped"


def _waits(loop: Loop, events: Sequence[tuple[datetime, str]]) -> list[Wait]:
    found: list[Wait] = []
    since: datetime | None = loop.began_at
    for at, what in events:
        if what == "asks":
            since = since or at
        elif since is not None:
            found.append(Wait(since, max(since, at), what == "answered"))
            since = None
    if since is None:
        return found
    is_pending = any(each.told_at is None for each in loop.heard if each.made.kind in TERMINAL)
    if loop.person.left_at is not None:
        found.append(Wait(since, max(since, loop.person.left_at), is_answered=False))
    elif is_pending or loop.idea.state not in ANSWERED:
        found.append(Wait(since, None, is_answered=False))
    return found


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
    return tuple(Heard(made, row.id, row.told_at, row.verdict, row.given_at) for made, row in rows if row is not None)


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
    is_owed = row.role == access.ROLES[0] and not row.is_bot and row.hears != "nothing"
    return Person(row.member_id, is_owed, row.hears == "own", row.left_at)


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
    """The notices and what was answered, by change and member."""
    answering = select(ChangeIdea.change_id).join(Idea, Idea.id == ChangeIdea.idea_id).where(*these)
    statement = (
        select(Notice.id, Notice.change_id, Notice.member_id, Notice.told_at, Answer.verdict, Answer.given_at)
        .outerjoin(Answer, Answer.notice_id == Notice.id)
        .where(Notice.change_id.in_(answering))
    )
    if member_id is not None:
        statement = statement.where(Notice.member_id == member_id)
    return {(row.change_id, row.member_id): row for row in tx.execute(statement)}
