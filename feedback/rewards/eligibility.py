"""Who may receive anything at all, whatever it is for."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models import Member, Workspace


def why_not(tx: Session, *, member: Member, now: datetime) -> str:
    """As whoever proposes reads it, without the name. Empty: they may."""
    workspace = tx.get_one(Workspace, member.workspace_id)
    if member.role != "customer" or member.is_bot:
        return "is on the team, or no person."
    if member.left_at is not None:
        return "has left."
    if not member.takes_rewards:
        return "asked to be given nothing."
    if member.is_guest and not workspace.rewards_guests:
        return "is a guest here."
    if member.joined_at > now - timedelta(days=workspace.reward_after_days):
        return f"has been here for less than {workspace.reward_after_days} days."
    return ""
