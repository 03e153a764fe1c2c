"""One thank-you with the evidence for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from feedback import outbox, rewards
from feedback.overview import deciding
from feedback.overview.deciding import Brief
from feedback.overview.history import Line, lines
from models import (
    Answer,
    Approval,
    Change,
    Hold,
    Idea,
    Member,
    Notice,
    Outbox,
    Payout,
    Reward,
    RewardQuestion,
    RewardRule,
    Vouch,
)


@dataclass(frozen=True)
class Whole:
    """A thank-you with the evidence for it."""

    reward: Reward
    brief: Brief
    answer: Answer | None
    """With which its receiver said that it is better now."""
    obstacle: str
    """Why this manager may not decide; empty where they may."""
    said_yes: bool
    """This manager was the first of two."""
    gives: bool
    """Whether this manager's yes would need the code or link with it."""
    may_revoke: bool
    """Whether this manager may take the approval back."""
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
            joinedload(Reward.idea).options(joinedload(Idea.message), joinedload(Idea.author)),
            joinedload(Reward.proposed_by),
            joinedload(Reward.rule).joinedload(RewardRule.budget),
            joinedload(Reward.change),
            joinedload(Reward.budget),
            joinedload(Reward.payout),
            selectinload(Reward.approvals).joinedload(Approval.manager),
            selectinload(Reward.vouches).joinedload(Vouch.member),
            selectinload(Reward.holds).joinedload(Hold.lifted_by),
            selectinload(Reward.questions).options(
                joinedload(RewardQuestion.asked_by), joinedload(RewardQuestion.answered_by)
            ),
        )
    ).one_or_none()
    if reward is None:
        return None
    seen = deciding.brief(tx, reward=reward, now=now)
    is_last = seen.needs == 1 or seen.kept is not None
    same = seen.persons.of(manager.id)
    return Whole(
        reward=reward,
        brief=seen,
        answer=_confirmation(tx, reward, seen.change),
        obstacle=rewards.obstacle(reward, manager=manager, same=same, now=now),
        said_yes=seen.kept is not None and seen.kept.manager_id in same,
        gives=is_last and rewards.way_of(tx, reward=reward) == "manual",
        may_revoke=reward.state == "approved" and reward.member_id not in same,
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


def _stuck(tx: Session, payout: Payout) -> Outbox | None:
    owed = select(Outbox).where(Outbox.key.in_(rewards.keys_of(payout)), outbox.did_not_get_through())
    return tx.scalars(owed).first()


def question(tx: Session, *, workspace_id: int, question_id: int) -> RewardQuestion | None:
    """With what it is about. None where it is not in this workspace."""
    return tx.scalars(
        select(RewardQuestion)
        .join(Reward, Reward.id == RewardQuestion.reward_id)
        .where(RewardQuestion.id == question_id, Reward.workspace_id == workspace_id)
        .options(
            joinedload(RewardQuestion.asked_by),
            joinedload(RewardQuestion.answered_by),
            joinedload(RewardQuestion.reward).options(
                joinedload(Reward.member), joinedload(Reward.idea).joinedload(Idea.message)
            ),
        )
    ).one_or_none()
