"""Who may receive anything."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models import Member, Workspace


def why_not(tx: Session, *, member: Member, now: datetime) -> str:
    """As a manager reads it; empty: they may."""
    workspace = tx.get_one(Workspace, member.workspace_id)
    is_new = member.joined_at > now - timedelta(days=workspace.reward_after_days)
    reasons = {
        f"{member.name} has left.": member.left_at is not None,
        f"{member.name} is an app.": member.is_bot,
        f"{member.name} is on the team.": member.role != "customer",
        f"{member.name} does not want rewards.": not member.takes_rewards,
        f"{member.name} is a guest, and guests receive nothing here.": member.is_guest and not workspace.rewards_guests,
        f"{member.name} joined less than {workspace.reward_after_days} days ago.": is_new,
    }
    return next((reason for reason, is_so in reasons.items() if is_so), "")
