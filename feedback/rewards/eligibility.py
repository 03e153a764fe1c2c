"""Who may receive a reward at all."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, identities
from models import Member, Workspace


def why_not(tx: Session, *, member: Member, now: datetime) -> str:
    """Why nothing is given to this member, as a manager reads it; empty where something may be. Being on the team, and
    having asked to be given nothing, are of the whole person, with whichever account."""
    workspace = tx.get_one(Workspace, member.workspace_id)
    others = _other_accounts(tx, member)
    in_team = next((other for other in others if access.may_review(other)), member)
    from_at = member.joined_at + timedelta(days=workspace.reward_after_days)
    reasons = (
        (member.is_bot, "is an app, and apps receive nothing."),
        (member.role != "customer", "is on the team, and the team receives nothing."),
        (member.left_at is not None, "has left the workspace."),
        (in_team is not member, f"is the same person as {in_team.name}, who is on the team."),
        (not all(each.takes_rewards for each in (member, *others)), "asked to be given nothing."),
        (member.is_guest and not workspace.rewards_guests, "is a guest here, and guests receive nothing."),
        (from_at > now, f"is new here, and can receive something from {from_at.day} {from_at:%B %Y} on."),
    )
    return next((f"{member.name} {why}" for stands, why in reasons if stands), "")


def _other_accounts(tx: Session, member: Member) -> list[Member]:
    ids = identities.same_person(tx, member_id=member.id) - {member.id}
    return list(tx.scalars(select(Member).where(Member.id.in_(ids)).order_by(Member.id))) if ids else []
