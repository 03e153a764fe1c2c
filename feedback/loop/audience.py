"""Who hears of a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Idea, Member, Vote


@dataclass(frozen=True)
class Hearer:
    """Somebody who hears of a change, and the idea whose words are quoted to them."""

    member: Member
    idea: Idea
    raised_it: bool
    """False: they backed it."""


def audience(tx: Session, *, answered: Sequence[Idea], made_by_id: int) -> list[Hearer]:
    """Whoever raised several of the ideas hears under the one they said first; whoever only backed them, too.

    Not: who left, apps, whoever makes the change. Two queries, however many ideas they are.
    """
    said = sorted(answered, key=lambda idea: (idea.created_at, idea.id))
    backers: dict[int, list[int]] = {}
    for idea_id, member_id in tx.execute(
        select(Vote.idea_id, Vote.member_id).where(Vote.idea_id.in_([idea.id for idea in said])).order_by(Vote.id)
    ):
        backers.setdefault(idea_id, []).append(member_id)
    raised = [(idea, idea.author_id, True) for idea in said]
    backed = [(idea, member_id, False) for idea in said for member_id in backers.get(idea.id, [])]
    wanted = {member_id for _, member_id, _ in raised + backed} - {made_by_id}
    here = {
        member.id: member
        for member in tx.scalars(
            select(Member).where(Member.id.in_(wanted), Member.left_at.is_(None), Member.is_bot.is_(False))
        )
    }
    first: dict[int, Hearer] = {}
    for idea, member_id, raised_it in raised + backed:
        if member_id in here:
            first.setdefault(member_id, Hearer(here[member_id], idea, raised_it))
    return list(first.values())
