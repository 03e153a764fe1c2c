"""What is given for what, what waits for somebody to try it, and who may be thanked for an idea."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback import rewards
from feedback.overview import Page, paged
from models import Budget, Idea, Member, Reward, RewardRule


@dataclass(frozen=True)
class Thankable:
    """An idea, who had a part in it, and what this person of the team may thank them for."""

    idea: Idea
    people: Sequence[Member]
    rules: Sequence[RewardRule]


def rules(tx: Session, *, workspace_id: int) -> dict[str, RewardRule]:
    """Those in force, by trigger."""
    return {rule.trigger: rule for rule in rewards.in_force(tx, workspace_id=workspace_id)}


def budgets(tx: Session, *, workspace_id: int) -> Sequence[Budget]:
    """Open ones, the oldest first."""
    return tx.scalars(
        select(Budget).where(Budget.workspace_id == workspace_id, Budget.closed_at.is_(None)).order_by(Budget.id)
    ).all()


def untried(tx: Session, *, workspace_id: int, number: int) -> Page[Reward]:
    """What nobody but its receiver has confirmed yet, the oldest first."""
    statement = (
        select(Reward)
        .where(Reward.workspace_id == workspace_id, Reward.state == "proposed")
        .options(
            joinedload(Reward.member),
            joinedload(Reward.idea),
            joinedload(Reward.proposed_by),
            joinedload(Reward.change),
        )
        .order_by(Reward.id)
    )
    page = paged(tx, statement, number=number)
    return Page([row.Reward for row in page.rows], page.number, page.total, page.size)


def thankable(tx: Session, *, by: Member, idea_id: int) -> Thankable | None:
    """None where it is not in their workspace."""
    idea = tx.scalars(select(Idea).where(Idea.id == idea_id, Idea.workspace_id == by.workspace_id)).one_or_none()
    if idea is None:
        return None
    people = rewards.those_in(tx, idea_id=idea.id)
    return Thankable(idea, people, rewards.for_hand(tx, by=by))
