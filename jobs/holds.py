"""The managers' channel hears that something is held, and why: as it stands when it is posted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import rewards, workspaces
from feedback.blocks import holds as blocks
from feedback.hub import Hub
from jobs.plans import Plan, Post, Tx


def held(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """By then somebody may have lifted it, or decided."""
    reward = rewards.get(tx, reward_id=ids["reward_id"])
    workspace = workspaces.get(tx, workspace_id=reward.workspace_id)
    if workspace.managers_channel_id is None:
        return None
    standing = [hold for hold in rewards.holds.of(tx, reward=reward) if hold.lifted_at is None]
    is_news = standing and reward.state in rewards.OPEN
    return Post(
        message=blocks.news(reward, standing, hub_url=hub.settings.hub_url) if is_news else None,
        user_id=workspace.bot_user_id,
        channel_id=workspace.managers_channel_id,
        thread_ts=None,
        when_posted=lambda tx, posted, now: None,  # the card beside it says how it stands
    )
