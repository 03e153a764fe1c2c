"""What managers see of a reward in their channel, what they ask about it, and what they hear."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import rewards, workspaces
from feedback.blocks import Message
from feedback.blocks import rewards as reward_blocks
from feedback.hub import Hub
from feedback.overview import deciding
from jobs.plans import Plan, Post, Tx
from jobs.slack import shown_anew

Ids = dict[str, Any]


def card(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """When its days are over. What came to nothing by then is shown to nobody."""
    rewards.ripen(tx, reward_id=ids["reward_id"], now=now)
    reward = rewards.get(tx, reward_id=ids["reward_id"])
    channel_id = workspaces.get(tx, workspace_id=reward.workspace_id).managers_channel_id
    if channel_id is None:
        return None
    return Post(
        message=_card_message(hub, tx, reward.id, now) if reward.state != "cancelled" else None,
        look_again=lambda tx: _card_message(hub, tx, reward.id, now),
        user_id=reward.proposed_by.slack_id,
        channel_id=channel_id,
        thread_ts=None,
        when_posted=lambda tx, posted, now: rewards.card_posted(
            tx, reward_id=reward.id, channel_id=posted.channel_id, ts=posted.ts, now=now
        ),
        when_outdated=lambda tx, now: rewards.refresh_card(tx, reward_id=reward.id, now=now),
    )


def card_refresh(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    reward = rewards.get(tx, reward_id=ids["reward_id"])
    return shown_anew(_card_message(hub, tx, reward.id, now), reward.card_channel_id, reward.card_ts)


def _card_message(hub: Hub, tx: Tx, reward_id: int, now: datetime) -> Message:
    reward = rewards.get(tx, reward_id=reward_id)
    brief = deciding.brief(tx, reward=reward, now=now)
    return reward_blocks.card(reward, brief=brief, hub_url=hub.settings.hub_url)


def question(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """To whoever proposed it, alone, or below the card, where there is one. Not once it is answered."""
    asked = rewards.get_question(tx, question_id=ids["question_id"])
    reward, is_below = asked.reward, ids["to"] == "thread"
    if (is_below and not reward.card_ts) or (not is_below and reward.proposed_by.left_at):
        return None
    is_open = asked.answered_at is None and reward.state in rewards.OPEN
    return Post(
        message=reward_blocks.question(asked, hub_url=hub.settings.hub_url) if is_open else None,
        user_id=reward.proposed_by.slack_id,
        channel_id=reward.card_channel_id if is_below else None,
        thread_ts=reward.card_ts if is_below else None,
        when_posted=lambda tx, posted, now: None,  # nobody changes it later
    )


def answered(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """Below the card; where there is none, to whoever asked, alone."""
    asked = rewards.get_question(tx, question_id=ids["question_id"])
    reward = asked.reward
    return Post(
        message=reward_blocks.answered(asked),
        user_id=asked.asked_by.slack_id,
        channel_id=reward.card_channel_id,
        thread_ts=reward.card_ts,
        when_posted=lambda tx, posted, now: None,  # nobody changes it later
    )
