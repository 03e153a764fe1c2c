"""What the team promised: open, kept and broken, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from feedback.overview import Page, paged
from models import Member, Promise

WEEK = timedelta(days=7)
SHOWN = ("open", "kept", "broken", "given_up")


@dataclass(frozen=True)
class OfMember:
    member: Member
    open: int
    kept: int
    ended: int
    """Kept, broken or given up: of so many the share of kept ones is."""


@dataclass(frozen=True)
class Promises:
    page: Page[Promise]
    counts: dict[str, int]
    """How many there are of each of SHOWN."""
    people: Sequence[OfMember]
    """Everybody who noted one, by name."""

    @property
    def ended(self) -> int:
        return sum(each.ended for each in self.people)


@dataclass(frozen=True)
class OfWeek:
    """What became of promises within the last seven days, and which come next."""

    kept: int
    broken: int
    given_up: int
    due: int
    """Open, and due within seven days."""
    first: Sequence[Promise]
    """Of these, the first that are due."""

    @property
    def is_news(self) -> bool:
        return any((self.kept, self.broken, self.given_up, self.due))


def promises(tx: Session, *, workspace_id: int, show: str, number: int) -> Promises:
    """`show` is one of SHOWN: the open ones by their day, the others the newest first."""
    noted = (Promise.workspace_id == workspace_id, Promise.noted_at.is_not(None))
    statement = (
        select(Promise)
        .where(*noted, Promise.state == show)
        .options(joinedload(Promise.member), joinedload(Promise.idea), joinedload(Promise.message))
    )
    order = (Promise.due_on, Promise.id) if show == "open" else (Promise.ended_at.desc(), Promise.id.desc())
    page = paged(tx, statement.order_by(*order), number=number)
    per_state = [func.sum(case((Promise.state == state, 1), else_=0)).label(state) for state in SHOWN]
    rows = tx.execute(
        select(Member, *per_state)
        .join(Promise, Promise.member_id == Member.id)
        .where(*noted)
        .group_by(Member.id)
        .order_by(Member.name, Member.id)
    ).all()
    return Promises(
        page=Page([row.Promise for row in page.rows], page.number, page.total, page.size),
        counts={state: sum(int(getattr(row, state) or 0) for row in rows) for state in SHOWN},
        people=[
            OfMember(row.Member, int(row.open), int(row.kept), int(row.kept + row.broken + row.given_up))
            for row in rows
        ],
    )


def of_week(tx: Session, *, workspace_id: int, now: datetime, most: int = 5) -> OfWeek:
    """`most`: of those that are due."""
    noted = (Promise.workspace_id == workspace_id, Promise.noted_at.is_not(None))
    ended = (Promise.ended_at > now - WEEK) & (Promise.ended_at <= now)
    due = (Promise.state == "open") & (Promise.due_on < (now + WEEK).date())
    wanted = {"kept": ended & (Promise.state == "kept"), "broken": ended & (Promise.state == "broken")}
    wanted |= {"given_up": ended & (Promise.state == "given_up"), "due": due}
    counts = [func.sum(case((which, 1), else_=0)).label(name) for name, which in wanted.items()]
    row = tx.execute(select(*counts).where(*noted)).one()
    first = select(Promise).where(*noted, due).options(joinedload(Promise.member), joinedload(Promise.idea))
    return OfWeek(
        **{name: int(getattr(row, name) or 0) for name in wanted},
        first=tx.scalars(first.order_by(Promise.due_on, Promise.id).limit(most)).all(),
    )


def of_idea(tx: Session, *, idea_id: int) -> Sequence[Promise]:
    """The first one first."""
    return tx.scalars(
        select(Promise)
        .where(Promise.idea_id == idea_id, Promise.noted_at.is_not(None))
        .options(joinedload(Promise.member))
        .order_by(Promise.id)
    ).all()
