"""Whom we owe an answer, and for how long: the one number that nobody improves by closing something in silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback import themes
from feedback.overview.states import Loop, Wait
from feedback.overview.tracing import loops
from models import Idea, Member, Theme, WorkItem, WorkLink

DAY = timedelta(days=1)
WEEKS = 12
OLDEST = 10
MOST_ROWS = 25
"""Of themes and of owners, those with the largest debt."""
SHORT_DAYS, LONG_DAYS = 7, 28
FAST, SLOW = 2.0, 1.0
"""How many times faster than it lasts the budget is used, over the short time and over the long one, before anybody is
told. The long one says that it is no accident, the short one that it goes on (Google's SRE workbook, chapter 5)."""
LEAST_LATE = 3
"""People. Of fewer the share says nothing."""


@dataclass(frozen=True)
class Debt:
    waiting: int
    """People who are owed an answer."""
    late: int
    """Those of them who have waited longer than they should."""
    days: float
    """Person-days: of each of these, by how much longer, for what they have waited for longest."""


@dataclass(frozen=True)
class Part:
    """The debt of one theme, or of one owner. Somebody who waits in two of them is in both."""

    name: str
    """Empty: no theme, or nobody yet."""
    row_id: int | None
    debt: Debt


@dataclass(frozen=True)
class Burn:
    """Of the people whose time was up within so many days, how many had no answer by then."""

    days: int
    due: int
    late: int

    def rate(self, late_percent: int) -> float:
        """How many times faster than allowed. Over 1, and the budget does not last."""
        return 100 * self.late / self.due / late_percent if self.due else 0.0


@dataclass(frozen=True)
class Oldest:
    idea: Idea
    began_at: datetime
    people: int
    """Who wait for an answer to it."""


@dataclass(frozen=True)
class Pressing:
    """How things stand, a week ago and now, and whether the team should hear of it."""

    debt: Debt
    before: Debt
    short: Burn
    long: Burn
    answered: int
    """People who got an answer within the week."""
    came_back: int
    """People who said "not yet" within it."""
    oldest: Sequence[Oldest]

    def is_burning(self, late_percent: int) -> bool:
        rates = self.short.rate(late_percent) >= FAST and self.long.rate(late_percent) >= SLOW
        return rates and self.long.late >= LEAST_LATE


@dataclass(frozen=True)
class Whole:
    pressing: Pressing
    weeks: Sequence[tuple[datetime, Debt]]
    """The oldest first, up to now."""
    themes: Sequence[Part]
    owners: Sequence[Part]


def whole(tx: Session, *, workspace_id: int, answer_days: int, now: datetime) -> Whole:
    """Everything that the page shows. As many queries for a thousand people as for one."""
    found = owed_loops(tx, workspace_id=workspace_id)
    names = {
        row.id: row.name for row in tx.execute(select(Theme.id, Theme.name).where(Theme.workspace_id == workspace_id))
    }
    owner_of, people = _owners(tx, workspace_id, found)
    ends = [now - timedelta(weeks=weeks) for weeks in range(WEEKS, -1, -1)]
    return Whole(
        pressing=_pressing(tx, found, answer_days, now, OLDEST),
        weeks=[(end, debt_at(found, at=end, answer_days=answer_days)) for end in ends],
        themes=_parts(found, lambda loop: loop.idea.theme_id, names, answer_days, now),
        owners=_parts(found, lambda loop: owner_of.get(loop.idea.idea_id), people, answer_days, now),
    )


def pressing(tx: Session, *, workspace_id: int, answer_days: int, now: datetime, most: int = 3) -> Pressing:
    """What the team's channel may hear. `most`: of what has waited longest."""
    return _pressing(tx, owed_loops(tx, workspace_id=workspace_id), answer_days, now, most)


def owed_loops(tx: Session, *, workspace_id: int) -> list[Loop]:
    return [loop for loop in loops(tx, workspace_id=workspace_id) if loop.is_owed]


def debt_at(found: Iterable[Loop], *, at: datetime, answer_days: int) -> Debt:
    """As it was, or will be if nothing happens."""
    longest: dict[int, float] = {}
    for loop in found:
        for wait in loop.waits:
            if is_open(wait, at):
                longest[loop.person.member_id] = max(longest.get(loop.person.member_id, 0.0), wait.days_at(at))
    over = [days - answer_days for days in longest.values() if days > answer_days]
    return Debt(len(longest), len(over), sum(over))


def is_open(wait: Wait, at: datetime) -> bool:
    return wait.began_at <= at and (wait.ended_at is None or at < wait.ended_at)


def burn(found: Iterable[Loop], *, days: int, answer_days: int, now: datetime) -> Burn:
    """Whoever left before their time was up was neither answered nor late."""
    due, late = set[int](), set[int]()
    for loop in found:
        for wait in loop.waits:
            limit = wait.began_at + answer_days * DAY
            is_late = wait.ended_at is None or wait.ended_at > limit
            if now - days * DAY < limit <= now and (is_late or wait.is_answered):
                due.add(loop.person.member_id)
                if is_late:
                    late.add(loop.person.member_id)
    return Burn(days, len(due), len(late))


def _pressing(tx: Session, found: Sequence[Loop], answer_days: int, now: datetime, most: int) -> Pressing:
    since = now - 7 * DAY
    heard = [(loop.person.member_id, each) for loop in found for each in loop.heard]
    return Pressing(
        debt=debt_at(found, at=now, answer_days=answer_days),
        before=debt_at(found, at=since, answer_days=answer_days),
        short=burn(found, days=SHORT_DAYS, answer_days=answer_days, now=now),
        long=burn(found, days=LONG_DAYS, answer_days=answer_days, now=now),
        answered=len(
            {
                loop.person.member_id
                for loop in found
                for wait in loop.waits
                if wait.is_answered and wait.ended_at is not None and since < wait.ended_at <= now
            }
        ),
        came_back=len(
            {
                member_id
                for member_id, each in heard
                if each.verdict == "not_yet" and each.answered_at is not None and since < each.answered_at <= now
            }
        ),
        oldest=_oldest(tx, found, now, most),
    )


def _oldest(tx: Session, found: Sequence[Loop], now: datetime, most: int) -> list[Oldest]:
    """The ideas that somebody has waited for longest."""
    began: dict[int, list[datetime]] = defaultdict(list)
    for loop in found:
        began[loop.idea.idea_id] += [wait.began_at for wait in loop.waits if is_open(wait, now)]
    first = sorted((min(each), idea_id) for idea_id, each in began.items() if each)[:most]
    shown = (joinedload(Idea.author), joinedload(Idea.message), joinedload(Idea.theme))
    rows = tx.scalars(select(Idea).where(Idea.id.in_([idea_id for _, idea_id in first])).options(*shown))
    by_id = {idea.id: idea for idea in rows}
    return [Oldest(by_id[idea_id], at, len(began[idea_id])) for at, idea_id in first]


def _owners(tx: Session, workspace_id: int, found: Sequence[Loop]) -> tuple[dict[int, int], dict[int, str]]:
    """Who answers for each idea, and their names: whoever decided about it last, else whoever linked work to it or to
    its theme. Somebody who left answers for nothing."""
    shown = themes.shown_as()
    links = tx.execute(
        select(WorkLink.idea_id, shown.c.shown_id.label("theme_id"), WorkLink.linked_by_id)
        .outerjoin(shown, shown.c.theme_id == WorkLink.theme_id)
        .join(WorkItem, WorkItem.id == WorkLink.work_item_id)
        .where(WorkItem.workspace_id == workspace_id, WorkLink.ended_at.is_(None))
        .order_by(WorkLink.id)
    ).all()
    by_idea = {row.idea_id: row.linked_by_id for row in links if row.idea_id is not None}
    by_theme = {row.theme_id: row.linked_by_id for row in links if row.theme_id is not None}
    team = select(Member.id, Member.name).where(
        Member.workspace_id == workspace_id, Member.left_at.is_(None), Member.role != "customer"
    )
    names = {row.id: row.name for row in tx.execute(team)}
    owner_of: dict[int, int] = {}
    for loop in found:
        idea = loop.idea
        decided = [made.made_by_id for made in idea.changes]
        linked = [by_idea.get(idea.idea_id), by_theme.get(idea.theme_id)]
        here = [each for each in (*decided[::-1], *linked) if each in names]
        if here and here[0] is not None:
            owner_of[idea.idea_id] = here[0]
    return owner_of, names


def _parts(
    found: Sequence[Loop],
    of: Callable[[Loop], int | None],
    names: dict[int, str],
    answer_days: int,
    now: datetime,
) -> list[Part]:
    """The largest debt first, and then where most people wait. Only those in which somebody waits."""
    held: dict[int | None, list[Loop]] = defaultdict(list)
    for loop in found:
        held[of(loop)].append(loop)
    parts = [
        Part(names.get(row_id, "") if row_id else "", row_id, debt_at(each, at=now, answer_days=answer_days))
        for row_id, each in held.items()
    ]
    waiting = [part for part in parts if part.debt.waiting]
    return sorted(waiting, key=lambda part: (-part.debt.days, -part.debt.waiting, part.name))[:MOST_ROWS]
