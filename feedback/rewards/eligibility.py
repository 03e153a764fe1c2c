"""Who may receive a reward."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models import Member


def why_not(tx: Session, *, member: Member, now: datetime) -> str:
    """As a manager reads it; empty where they may."""
    workspace = member.workspace
    if member.is_bot:
        return f"{member.name} is an app."
    if member.role != "customer":
        return f"{member.name} is on the team."
    if member.left_at is not None:
        return f"{member.name} has left."
    if not member.takes_rewards:
        return f"{member.name} asked to be given nothing."
    if member.is_guest and not workspace.rewards_guests:
        return f"{member.name} is a guest here, and guests are given nothing."
    if member.joined_at + timedelta(days=workspace.reward_after_days) > now:
        return f"{member.name} came less than {workspace.reward_after_days} days ago."
    return ""
