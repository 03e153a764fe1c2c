"""Thanks in words: one reply below what somebody said, as soon as it earned something, whatever that is.

Never of how much, and not in the words of the rule where there is a gift: that may still be declined, and then nobody
was promised anything.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from feedback import identities, outbox
from feedback.rewards.standing import record
from models import Message, Reward

Below = aliased(Message)


def thank_soon(tx: Session, *, reward: Reward, now: datetime) -> None:
    """Once a person and change, however many rewards that brings; where there is no change, once a reward."""
    person = min(identities.same_person(tx, member_id=reward.member_id))
    about = f"change:{reward.change_id}:{person}" if reward.change_id else f"reward:{reward.id}"
    outbox.owe(
        tx,
        workspace_id=reward.workspace_id,
        kind="reward.thanks",
        key=f"reward.thanks:{about}",
        now=now,
        reward_id=reward.id,
    )


def is_thanks_owed(reward: Reward) -> bool:
    """Nobody is thanked who left, wants to hear nothing or to be given nothing; nor for what came to nothing
    meanwhile."""
    member = reward.member
    wants = member.left_at is None and member.takes_rewards and member.hears != "nothing"
    return wants and reward.state not in ("cancelled", "declined") and reward.idea.state != "withdrawn"


def has_replied(tx: Session, *, reward: Reward) -> bool:
    """Whether its receiver wrote in the thread where it was said, and so may be answered there."""
    message = reward.idea.message
    if message is None:
        return False
    wrote = exists().where(
        Below.workspace_id == reward.workspace_id,
        Below.channel_id == message.channel_id,
        func.coalesce(Below.thread_ts, Below.ts) == (message.thread_ts or message.ts),
        Below.author_id == reward.member_id,
        Below.deleted_at.is_(None),
    )
    return bool(tx.scalar(select(wrote)))


def thanked(tx: Session, *, reward_id: int, now: datetime) -> None:
    record(tx, reward=tx.get_one(Reward, reward_id), by=None, act="thanked", now=now)
