"""One thank-you with the evidence for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from feedback import outbox, rewards
from feedback.errors import Refused
from feedback.overview.history import Line, lines
from models import Answer, Approval, Change, Idea, Member, Notice, Outbox, Payout, Reward


@dataclass(frozen=True)
class Whole:
    """A thank-you with the evidence for it."""

    reward: Reward
    change: Change | None
    answer: Answer | None
    """With which its receiver said that it is better now."""
    obstacle: str
    """Why this manager may not decide; empty where they may."""
    stuck: Outbox | None
    """The payment or the gift, where it did not get through: it waits for a manager, or was left by one."""
    history: Sequence[Line]


def one(tx: Session, *, manager: Member, reward_id: int, now: datetime) -> Whole | None:
    """None where it is not in this manager's workspace."""
    reward = tx.scalars(
        select(Reward)
        .where(Reward.id == reward_id, Reward.workspace_id == manager.workspace_id)
        .options(
            joinedload(Reward.member),
            joinedload(Reward.idea).joinedload(Idea.message),
            joinedload(Reward.proposed_by),
            selectinload(Reward.approvals).joinedload(Approval.manager),
            joinedload(Reward.payout),
        )
    ).one_or_none()
    if reward is None:
        return None
    change = rewards.change_of(tx, reward=reward)
    return Whole(
        reward=reward,
        change=change,
        answer=_confirmation(tx, reward, change),
        obstacle=_obstacle(tx, reward, manager, now),
        stuck=_stuck(tx, reward.payout) if reward.payout else None,
        history=lines(tx, workspace_id=reward.workspace_id, subject="reward", subject_id=reward.id),
    )


def _confirmation(tx: Session, reward: Reward, change: Change | None) -> Answer | None:
    if change is None:
        return None
    return tx.scalars(
        select(Answer)
        .join(Notice, Notice.id == Answer.notice_id)
        .where(Notice.change_id == change.id, Notice.member_id == reward.member_id)
    ).one_or_none()


def _obstacle(tx: Session, reward: Reward, manager: Member, now: datetime) -> str:
    try:
        rewards.check_decidable(tx, reward_id=reward.id, manager=manager, now=now)
    except Refused as refused:
        return refused.say
    return ""


def _stuck(tx: Session, payout: Payout) -> Outbox | None:
    owed = select(Outbox).where(Outbox.key.in_(rewards.keys_of(payout)), outbox.did_not_get_through())
    return tx.scalars(owed).first()
