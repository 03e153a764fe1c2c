"""Who may receive a reward."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from models import Member


def why_not(tx: Session, *, member: Member, now: datetime) -> str:
    """As a manager reads it; empty where they may."""
    workspace = member.workspace
    days = workspace.reward_after_days
    reasons = {
        f"{member.name} is an app.": member.is_bot,
        f"{member.name} is on the team.": member.role != "customer",
        f"{member.name} has left.": member.left_at is not None,
        f"{member.name} asked to be given nothing.": not member.takes_rewards,
        f"{member.name} is a guest, and guests are given nothing here.": (
            member.is_guest and not workspace.rewards_guests
        ),
        f"{member.name} came less than {days} days ago.": member.joined_at + timedelta(days=days) > now,
    }
    return next((why for why, is_so in reasons.items() if is_so), "")
