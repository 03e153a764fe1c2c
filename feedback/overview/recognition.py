"""What people's help amounts to, as they see it themselves and as the team does. No money is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.rewards import recognition
from feedback.rewards.recognition import NOTHING, Standing
from models import Member, Workspace

PLACES = 10


@dataclass(frozen=True)
class Place:
    number: int
    """From 1; whoever has as much as the one before shares their number."""
    name: str
    level: str
    points: int
    is_theirs: bool
    """Of whoever looks."""


@dataclass(frozen=True)
class Mine:
    """What one person sees of it."""

    standing: Standing
    is_credited: bool
    is_on_board: bool
    may_join: bool
    has_board: bool
    board: Sequence[Place]


def mine(tx: Session, *, member: Member, now: datetime) -> Mine:
    workspace = member.workspace
    found = recognition.of_members(tx, workspace=workspace, member_ids=[member.id], now=now)
    return Mine(
        standing=found.get(member.id, NOTHING),
        is_credited=member.is_credited,
        is_on_board=member.is_on_board,
        may_join=recognition.may_join(member),
        has_board=workspace.has_board,
        board=board(tx, workspace=workspace, looking=member, now=now),
    )


def board(tx: Session, *, workspace: Workspace, looking: Member, now: datetime) -> list[Place]:
    """Empty where there is none, or nobody is on it."""
    found = recognition.places(tx, workspace=workspace, most=PLACES, now=now)
    points = [round(standing.points) for _, standing in found]
    return [
        Place(points.index(points[row]) + 1, member.name, standing.level, points[row], member.id == looking.id)
        for row, (member, standing) in enumerate(found)
    ]


def standings(tx: Session, *, workspace: Workspace, people: Sequence[Member], now: datetime) -> Mapping[int, Standing]:
    """By the member's id."""
    ids = [member.id for member in people]
    return recognition.of_members(tx, workspace=workspace, member_ids=ids, now=now)
