"""Short words for what people were given in the past, without living through it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models import Idea, Member, MemberLink, Payout, Reward
from tests.conftest import workspace_of


def join(tx: Session, name: str, *, now: datetime, **facts: Any) -> Member:
    member = Member(
        workspace_id=workspace_of(tx).id, slack_id=f"U0{name.upper()}", name=name, joined_at=now, tz=None, **facts
    )
    tx.add(member)
    tx.flush()
    return member


def say(tx: Session, member: Member, text: str, *, at: datetime, **facts: Any) -> Idea:
    """An idea of theirs, from the form."""
    idea = Idea(
        workspace_id=member.workspace_id,
        author_id=member.id,
        captured_by_id=member.id,
        captured_with="form",
        kind="idea",
        text=text,
        created_at=at,
        captured_at=at,
        **{"state": "shipped", **facts},
    )
    tx.add(idea)
    tx.flush()
    return idea


def give(tx: Session, member: Member, cents: int = 2500, *, at: datetime, state: str = "paid", **facts: Any) -> Reward:
    """Something that they were given for an idea of its own, proposed then, and, if paid, sent then."""
    idea = facts.pop("idea", None) or say(tx, member, f"Idea {at:%d %B} of {member.name}.", at=at)
    given = {"currency": "USD", "reason": "verified", "provider": "manual", "proposed_by_id": member.id, **facts}
    reward = Reward(
        workspace_id=member.workspace_id,
        idea_id=idea.id,
        member_id=member.id,
        amount_cents=cents,
        state=state,
        proposed_at=at,
        **given,
    )
    tx.add(reward)
    tx.flush()
    if state in ("approved", "paying", "human", "paid"):
        sent_at = at if state == "paid" else None
        tx.add(Payout(reward_id=reward.id, external_id=f"x-{reward.id}", provider="manual", paid_at=sent_at))
    tx.flush()
    return reward


def link(tx: Session, one: Member, other: Member, *, by: Member, at: datetime) -> MemberLink:
    """Two accounts of one person."""
    first, second = sorted((one.id, other.id))
    found = MemberLink(
        workspace_id=one.workspace_id,
        member_id=first,
        other_id=second,
        why="Said so.",
        linked_by_id=by.id,
        linked_at=at,
    )
    tx.add(found)
    tx.flush()
    return found
