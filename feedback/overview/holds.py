"""What is held: all of it for managers, and of one reward with whatever was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from feedback import rewards
from feedback.database import among
from feedback.overview import Page, paged
from models import Base, Hold, Idea, Member, Reward


@dataclass(frozen=True)
class Seen:
    """A hold with the rows that it names."""

    hold: Hold
    ideas: Sequence[Idea]
    members: Sequence[Member]
    rewards: Sequence[Reward]


@dataclass(frozen=True)
class Held:
    reward: Reward
    holds: Sequence[Seen]
    is_open: bool
    """Nobody decided it, so that what stands can be lifted."""


def standing(tx: Session, *, workspace_id: int, number: int) -> Page[Reward]:
    """What somebody has to look at, whatever waits longest first; each with what holds it. Four queries."""
    statement = (
        select(Reward)
        .where(Reward.workspace_id == workspace_id, rewards.holds.is_standing())
        .options(joinedload(Reward.member), joinedload(Reward.idea), selectinload(Reward.holds))
        .order_by(Reward.id)
    )
    page = paged(tx, statement, number=number)
    return Page([row.Reward for row in page.rows], page.number, page.total, page.size)


def of_reward(tx: Session, *, manager: Member, reward_id: int) -> Held | None:
    """None where it is not in this manager's workspace. The same number of queries, whatever was seen."""
    reward = tx.scalars(
        select(Reward)
        .where(Reward.id == reward_id, Reward.workspace_id == manager.workspace_id)
        .options(joinedload(Reward.member), joinedload(Reward.idea), joinedload(Reward.proposed_by))
    ).one_or_none()
    if reward is None:
        return None
    found = rewards.holds.of(tx, reward=reward)
    ideas = _named(tx, Idea, found, "idea_ids", joinedload(Idea.author), joinedload(Idea.message))
    members = _named(tx, Member, found, "member_ids")
    others = _named(tx, Reward, found, "reward_ids", joinedload(Reward.member))
    return Held(
        reward=reward,
        holds=[
            Seen(
                hold,
                _of(hold, "idea_ids", ideas),
                _of(hold, "member_ids", members),
                _of(hold, "reward_ids", others),
            )
            for hold in found
        ],
        is_open=reward.state in rewards.OPEN,
    )


def _named(tx: Session, model: Any, found: Sequence[Hold], name: str, *options: Any) -> dict[int, Any]:
    ids = {each for hold in found for each in hold.detail.get(name, [])}
    return {row.id: row for row in tx.scalars(select(model).where(model.id.in_(among(tx, ids))).options(*options))}


def _of(hold: Hold, name: str, by_id: Mapping[int, Base]) -> list[Any]:
    return [by_id[each] for each in hold.detail.get(name, []) if each in by_id]
