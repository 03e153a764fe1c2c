"""Thanks in words: ids in, a plan out; None where nothing is owed any more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import loop, rewards
from feedback.blocks import thanks as thanks_blocks
from feedback.hub import Hub
from jobs.losing import losing
from jobs.plans import Later, Plan, Post, Tx


def thanks(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | Later | None:
    """In the thread for whoever wrote in it, or alone; not at night."""
    reward = rewards.get(tx, reward_id=ids["reward_id"])
    is_owed = rewards.is_thanks_owed(reward)
    until = loop.quiet_until(tx, member=reward.member, now=now) if is_owed else None
    if until is not None:
        return Later(until)
    raised_it = reward.member_id == reward.idea.author_id
    because = "joined" if rewards.has_replied(tx, reward=reward) else "backed"
    hearer = loop.Hearer(reward.member, reward.idea, raised_it, because)
    address = loop.addresses(tx, workspace_id=reward.workspace_id, hearers=[hearer])[reward.member_id]
    return Post(
        message=thanks_blocks.thanks(reward, is_alone=address.channel_id is None) if is_owed else None,
        user_id=reward.member.slack_id,
        channel_id=address.channel_id,
        thread_ts=address.thread_ts,
        when_posted=lambda tx, posted, now: rewards.thanked(tx, reward_id=reward.id, now=now),
        when_refused=losing(reward.idea_id, address.channel_id),
        elsewhere=[loop.thread_of(reward.idea.message)] if reward.idea.message else [],
    )
