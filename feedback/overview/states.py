"""How far each loop has come: one person and one idea, from what was said to whether it helped.

Nothing of this is written down anywhere: it follows from ideas, changes, notices and answers, also for any earlier day.
What is here are the rules; feedback.overview.tracing reads the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

NO_ANSWER_DAYS = 14
"""Where nobody is reminded: whoever was asked so long ago and said nothing will probably say nothing."""
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
SENT_BACK = ("sent back to the inbox", "heard again", "brought back")
REOPENED = ("reopened",)
"""What the history calls that somebody put it into a theme, that it waits for an answer anew (the team or its author
took something back, or enough people asked again), and that it did not help."""


def no_answer_at(*, told_at: datetime, reminded_at: datetime | None, remind_after_days: int) -> datetime:
    """From when on somebody's silence counts as no answer: as long after they were reminded as they had before it.
    Who was not reminded has the same time; where nobody is, NO_ANSWER_DAYS."""
    if reminded_at is not None and remind_after_days:
        return reminded_at + timedelta(days=remind_after_days)
    return told_at + timedelta(days=2 * remind_after_days or NO_ANSWER_DAYS)


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
    silent_at: datetime | None = None
    """From then on their silence counts as no answer. None: they were not told."""
    dropped_at: datetime | None = None
    """They are not told of this after all, because it did not help those who were asked first."""
    is_never: bool = False
    """They did not want to hear of it when its turn came."""

    @property
    def is_pending(self) -> bool:
        """They are still to be told."""
        return self.told_at is None and self.dropped_at is None and not self.is_never


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
    """A customer. The team and apps wait for nothing."""
    only_own: bool
    """Wants to be told of what they raised themself, and of nothing else."""
    left_at: datetime | None
    wants_nothing: bool = False
    """Does not want to be told of anything any more."""


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
        """Whether anybody owes them an answer, or did: praise asks for none. Whoever wants to hear no more waits no
        more, but what they were told and what they said to it counts as it did."""
        is_told = any(each.told_at is not None for each in self.heard)
        return self.person.is_owed and (self.wants or is_told) and self.idea.kind != "praise"

    @property
    def wants(self) -> bool:
        return not self.person.wants_nothing and (self.raised_it or not self.person.only_own)

    @cached_property
    def waits(self) -> Sequence[Wait]:
        """The oldest first. A "not yet" begins another one, and so does a no that is taken back; whoever came when it
        was answered already waits for nothing."""
        told = {each.made.change_id for each in self.heard if not each.is_never}
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
        answers = [each for each in self.heard if each.made.kind in TERMINAL and (each.told_at or each.is_pending)]
        last = answers[-1] if answers else None
        state = self.idea.state
        if state in ("planned", "new"):  # whatever was said to what went into it
            return _not_yet_decided(self.idea)
        if last is None or last.told_at is None:
            return state if state in TERMINAL else "shipped" if state == "verified" else _not_yet_decided(self.idea)
        if last.verdict is not None:
            return {"better": "verified", "not_yet": "still_broken"}.get(last.verdict, last.verdict)
        is_late = now is not None and last.silent_at is not None and last.silent_at <= now
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
    if since is None or not loop.wants:
        return found
    is_pending = any(each.is_pending for each in loop.heard if each.made.kind in TERMINAL)
    if loop.person.left_at is not None:
        found.append(Wait(since, max(since, loop.person.left_at), is_answered=False))
    elif is_pending or loop.idea.state not in ANSWERED:
        found.append(Wait(since, None, is_answered=False))
    return found
