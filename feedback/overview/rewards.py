"""The thank-yous that wait for a manager, those that were decided, and what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from feedback import outbox, rewards
from feedback.errors import Refused
from feedback.overview import Page, paged
from feedback.overview.history import Line, lines
from models import Answer, Approval, Change, Hold, Idea, Member, Notice, Outbox, Payout, Reward


@dataclass(frozen=True)
class Balance:
    """In one currency, in cents."""

    currency: str
    waiting_cents: int
    reserved_cents: int
    """Approved, and on the way."""
    paid_cents: int


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


def listed(tx: Session, *, workspace_id: int, number: int) -> Page[Reward]:
    """Those that wait first, then the newest."""
    is_decided = Reward.state.not_in(rewards.OPEN).label("is_decided")
    statement = (
        select(Reward)
        .where(Reward.workspace_id == workspace_id)
        .options(
            joinedload(Reward.member),
            joinedload(Reward.idea),
            joinedload(Reward.proposed_by),
            selectinload(Reward.approvals).joinedload(Approval.manager),
        )
        .order_by(is_decided, Reward.id.desc())
    )
    page = paged(tx, statement, number=number)
    return Page([row.Reward for row in page.rows], page.number, page.total, page.size)


def balances(tx: Session, *, workspace_id: int) -> list[Balance]:
    """One for each currency that was ever used."""
    posted = rewards.balances(tx, workspace_id=workspace_id)
    rows = tx.execute(
        select(Reward.currency, func.sum(Reward.amount_cents))
        .where(Reward.workspace_id == workspace_id, Reward.state.in_(rewards.OPEN))
        .group_by(Reward.currency)
    )
    waiting = {currency: int(cents) for currency, cents in rows}
    return [
        Balance(
            currency,
            waiting.get(currency, 0),
            posted.get(("reserved", currency), 0) + posted.get(("committed", currency), 0),
            posted.get(("paid", currency), 0),
        )
        for currency in sorted({*waiting, *(currency for _, currency in posted)})
    ]


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
            selectinload(Reward.holds).joinedload(Hold.lifted_by),
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
