"""What somebody's help amounts to, without any money in it: points that fade, a level, and badges for kinds of help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, aliased

from feedback import audit, members
from feedback.errors import Refused
from feedback.rewards import scoring
from models import Member, Reward, Score, Workspace

ACCEPTED = ("approved", "paying", "paid", "human", "failed")
"""Somebody decided that it was worth a thank-you. Whether the payment then got through says nothing about the help."""
LEVELS = ((1, "Helper"), (30, "Regular"), (100, "Mainstay"))
"""From so many points on. Points fade, so a level is about the last months."""
BADGES = (
    ("first_report", 1, "First to report a problem"),
    ("evidence", 1, "Brought evidence"),
    ("verified", 1, "An idea that shipped and helped"),
    ("verified", 5, "Five ideas that shipped and helped"),
    ("supported", 1, "Asked for what many wanted"),
    ("call", 1, "Gave a call"),
    ("tested", 1, "Tried it first"),
)
"""For so many of a trigger. Kept for good."""
OF_OLD = {"confirmed": "verified"}
LEAST_FACTOR, MOST_FACTOR = 0.5, 1.5
InPot = aliased(Reward)


@dataclass(frozen=True)
class Earned:
    """One accepted contribution. There is no amount in it, so nothing that follows can hang on one."""

    reason: str
    points: int
    quality: float | None
    """0 to scoring.MOST, on average; None where nobody scored it."""
    at: datetime


@dataclass(frozen=True)
class Standing:
    points: float
    level: str
    """Empty below the first."""
    badges: Sequence[str]


NOTHING = Standing(0.0, "", ())


def standing(earned: Iterable[Earned], *, half_life_days: int, now: datetime) -> Standing:
    """Whatever order they come in."""
    known = list(earned)
    points = sum(sorted(points_of(each, half_life_days=half_life_days, now=now) for each in known))
    reached = [name for least, name in LEVELS if points >= least]
    counts = Counter(OF_OLD.get(each.reason, each.reason) for each in known)
    badges = [name for trigger, needed, name in BADGES if counts[trigger] >= needed]
    return Standing(points, reached[-1] if reached else "", badges)


def points_of(earned: Earned, *, half_life_days: int, now: datetime) -> float:
    """What is left of its points: between half and one and a half of them by its quality, half of that after each
    half-life."""
    factor = 1.0
    if earned.quality is not None:
        factor = LEAST_FACTOR + (MOST_FACTOR - LEAST_FACTOR) * earned.quality / scoring.MOST
    age_days = max(0.0, (now - earned.at).total_seconds() / 86400)
    return float(earned.points * factor * 0.5 ** (age_days / half_life_days))


def of_members(tx: Session, *, workspace: Workspace, member_ids: Collection[int], now: datetime) -> dict[int, Standing]:
    """Of whom nothing was accepted yet is not in it. One query."""
    return _standings(tx, workspace, Reward.member_id.in_(member_ids), now)


def places(tx: Session, *, workspace: Workspace, most: int, now: datetime) -> list[tuple[Member, Standing]]:
    """The leaderboard: who asked to be on it, by what they have now. Empty where there is none. Two queries."""
    if not workspace.has_board:
        return []
    on_it = select(Member.id).where(Member.workspace_id == workspace.id, *may_be_on_it(), Member.is_on_board)
    found = _standings(tx, workspace, Reward.member_id.in_(on_it), now)
    order = sorted(found, key=lambda member_id: (-found[member_id].points, member_id))
    first = [member_id for member_id in order if found[member_id].points >= LEVELS[0][0]][:most]
    people = {member.id: member for member in tx.scalars(select(Member).where(Member.id.in_(first)))}
    return [(people[member_id], found[member_id]) for member_id in first]


def may_be_on_it() -> tuple[ColumnElement[bool], ...]:
    """For queries: not the team, nobody who left, and nobody who asked to be given nothing."""
    is_person = Member.is_bot.is_(False) & (Member.role == "customer")
    return is_person, Member.left_at.is_(None), Member.takes_rewards.is_(True)


def may_join(member: Member) -> bool:
    is_person = not member.is_bot and member.role == "customer"
    return is_person and member.left_at is None and member.takes_rewards and member.workspace.has_board


def join_board(tx: Session, *, member: Member, is_on_board: bool, now: datetime) -> None:
    """As they asked for themself; twice is no news."""
    tx.refresh(member, with_for_update={"key_share": True})  # somebody who presses twice
    if member.is_on_board == is_on_board:
        return
    if is_on_board and not may_join(member):
        raise Refused("There is no leaderboard that you could be on.")
    member.is_on_board = is_on_board
    act = "joined the leaderboard" if is_on_board else "left the leaderboard"
    which: dict[str, Any] = {"subject": "member", "subject_id": member.id}
    audit.record(tx, workspace_id=member.workspace_id, by=member, act=act, **which, now=now)
    members.show_home(tx, member=member, now=now)


def _standings(tx: Session, workspace: Workspace, whose: ColumnElement[bool], now: datetime) -> dict[int, Standing]:
    found: dict[int, list[Earned]] = {}
    for row in tx.execute(_accepted(workspace, now).where(whose)):
        quality = None if row.quality is None else float(row.quality)
        found.setdefault(row.member_id, []).append(Earned(row.reason, row.points, quality, row.at))
    half_life_days = workspace.half_life_days
    return {member_id: standing(earned, half_life_days=half_life_days, now=now) for member_id, earned in found.items()}


def _kind_of_help() -> ColumnElement[str]:
    """What it is for; of those who share in a first report all but the first added evidence to it."""
    first_id = select(func.min(InPot.id)).where(InPot.pot_id == Reward.pot_id).scalar_subquery()
    only_added = (Reward.reason == "first_report") & (Reward.id != first_id)  # not true where there is no pot
    return case((only_added, "evidence"), else_=Reward.reason)


def _accepted(workspace: Workspace, now: datetime) -> Select[*tuple[Any, ...]]:
    """What a manager approved; and of what gives nothing but points, what has vested, because nobody approves that."""
    sums = func.avg(sum((getattr(Score, name) for name in scoring.CRITERIA), start=0))
    scored = select(Score.idea_id, sums.label("quality")).group_by(Score.idea_id).subquery("scored")
    only_points = (Reward.provider == "") & Reward.rule_id.is_not(None)
    has_vested = (Reward.state == "vesting") & (Reward.vests_at <= now) & only_points
    at = func.coalesce(Reward.vests_at, Reward.proposed_at, type_=Reward.proposed_at.type).label("at")
    return (
        select(Reward.member_id, _kind_of_help().label("reason"), Reward.points, at, scored.c.quality)
        .outerjoin(scored, scored.c.idea_id == Reward.idea_id)
        .where(Reward.workspace_id == workspace.id, Reward.state.in_(ACCEPTED) | has_vested)
    )
