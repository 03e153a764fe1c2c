"""How good the team finds an idea: four short questions, and of some ideas a second opinion that is given blind."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from feedback import access, audit, identities, members
from feedback.errors import Refused
from models import Idea, Member, Score, Workspace

CRITERIA: dict[str, tuple[str, tuple[str, str, str]]] = {
    "specific": (
        "Does it say what exactly?",
        ("One has to guess what is meant", "The gist is clear", "It says what, where and for whom"),
    ),
    "reproducible": (
        "Can somebody else see it happen?",
        ("Not from what is said", "After some tries", "Yes, by following what is said"),
    ),
    "novel": (
        "Is it new to us?",
        ("We knew it already", "A new side of what we knew", "Nobody had said it"),
    ),
    "evidence": (
        "What backs it?",
        ("Nothing but the words", "An example, or how often it happens", "Pictures, figures, or a case to look at"),
    ),
}
"""Each question, and what 0, 1 and 2 mean. It is never asked whether somebody is kind or angry."""
HIGHEST = 2
MOST = HIGHEST * len(CRITERIA)
CLEAR = 2
"""From so much of specific and reproducible together on a report is clear enough to act on."""


def score(tx: Session, *, by: Member, idea_id: int, marks: Mapping[str, str], now: datetime) -> Score:
    """One row a person: a later one takes its place. `marks` as somebody chose them, by the criterion. Refused below
    the first question that has no answer, and for whoever said it."""
    idea = access.access_idea(tx, member=by, idea_id=idea_id)
    if idea.author_id in identities.same_person(tx, member_id=by.id):
        raise Refused("You said this yourself, so somebody else scores it.")
    if idea.state == "withdrawn":
        raise Refused("It was taken back, so there is nothing left to score.")
    given = {name: _mark(marks.get(name, ""), name) for name in CRITERIA}
    known = tx.scalars(select(Score).where(Score.idea_id == idea.id).order_by(Score.id)).all()  # the idea is locked
    own = next((each for each in known if each.member_id == by.id), None)
    if own is not None and marks_of(own) == given:
        return own
    act = "scored" if own is None else "scored anew"
    if own is None:
        workspace = tx.get_one(Workspace, idea.workspace_id)
        is_blind = len(known) == 1 and asks_second(workspace, idea_id=idea.id)
        own = Score(workspace_id=idea.workspace_id, idea_id=idea.id, member_id=by.id, is_blind=is_blind)
        tx.add(own)
    for name, mark in given.items():
        setattr(own, name, mark)
    own.scored_at = now
    facts: dict[str, Any] = {
        "subject": "idea",
        "subject_id": idea.id,
        "now": now,
        "marks": given,
        "is_blind": own.is_blind,
    }
    audit.record(tx, workspace_id=idea.workspace_id, by=by, act=act, **facts)
    members.show_home(tx, member=tx.get_one(Member, idea.author_id), now=now)
    return own


def _mark(typed: str, name: str) -> int:
    if typed not in {str(mark) for mark in range(HIGHEST + 1)}:
        raise Refused("Choose the one that comes closest.", name)
    return int(typed)


def marks_of(score: Score) -> dict[str, int]:
    return {name: int(getattr(score, name)) for name in CRITERIA}


def asks_second(workspace: Workspace, *, idea_id: int) -> bool:
    """Whether this idea is of the sample that two people score: the same ones every time that somebody asks."""
    digest = hashlib.sha256(f"{workspace.team_id}:{idea_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 100 < workspace.blind_percent


def is_hidden(workspace: Workspace, scores: Sequence[Score], *, idea_id: int, member_id: int) -> bool:
    """Whether this person must not see the score that there is, because theirs is to be the second one. `scores`: all
    of that idea."""
    alone = len(scores) == 1 and scores[0].member_id != member_id
    return alone and asks_second(workspace, idea_id=idea_id)


def quality(scores: Iterable[Score]) -> Fraction:
    """What its scores add up to, on average: 0 to MOST. 0 too where nobody scored it."""
    return _mean([sum(marks_of(each).values()) for each in scores])


def is_clear(scores: Iterable[Score]) -> bool:
    return _mean([each.specific + each.reproducible for each in scores]) >= CLEAR


def _mean(numbers: Sequence[int]) -> Fraction:
    return Fraction(sum(numbers), len(numbers)) if numbers else Fraction(0)


def by_idea(tx: Session, *, which: ColumnElement[bool]) -> dict[int, list[Score]]:
    """The scores of these ideas, the first one first. `which`: a condition on Score, for the query."""
    found: dict[int, list[Score]] = {}
    for each in tx.scalars(select(Score).where(which).order_by(Score.id)):
        found.setdefault(each.idea_id, []).append(each)
    return found


def of_idea(tx: Session, *, idea: Idea) -> list[Score]:
    return by_idea(tx, which=Score.idea_id == idea.id).get(idea.id, [])
