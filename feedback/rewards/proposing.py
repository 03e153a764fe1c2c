"""When a reward is proposed, and for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import ideas, once
from feedback.rewards import rules, vesting
from feedback.rewards.standing import record
from models import Answer, Change, ChangeIdea, Idea, Member, Notice, Reward, RewardRule


def propose_verified(tx: Session, *, idea: Idea, change: Change, now: datetime) -> Reward | None:
    """For the author of an idea that shipped and of which somebody said that it is better now, proposed by whoever
    recorded the change; where it is proposed already, whoever says so too vouches for it. None where the workspace
    gives nothing for that, where another idea that the same change answered earned it, or the author is on the team,
    wants nothing or has left."""
    tx.get_one(Change, change.id, with_for_update=True)  # two answers at once take turns, so that the second one sees
    author = tx.get_one(Member, idea.author_id)
    rule = rules.of_trigger(tx, workspace_id=idea.workspace_id, trigger="verified")
    reward = _own(tx, idea, author)
    if reward is None:
        if rule is None or author.role != "customer" or author.left_at or author.is_bot or not author.takes_rewards:
            return None
        if _has_one(tx, change, author):
            return None
        reward = propose(tx, idea=idea, member=author, rule=rule, change=change, by_id=change.made_by_id, now=now)
    if reward is not None:
        for answer in _better(tx, idea, change):
            vesting.vouch(tx, reward=reward, member=answer.notice.member, said_with="answer", now=now)
    return reward


def propose(
    tx: Session,
    *,
    idea: Idea,
    member: Member,
    rule: RewardRule,
    change: Change | None,
    by_id: int,
    note: str = "",
    now: datetime,
) -> Reward | None:
    """None where this person has one for this idea and reason already."""
    row_id = once.insert(
        tx,
        Reward,
        workspace_id=idea.workspace_id,
        idea_id=idea.id,
        member_id=member.id,
        reason=rule.trigger,
        rule_id=rule.id,
        change_id=change.id if change else None,
        note=note,
        amount_cents=rule.amount_cents,
        currency=rule.currency,
        points=rule.points,
        provider=rule.provider,
        proposed_by_id=by_id,
        state="proposed",
        version=1,
        proposed_at=now,
    )
    if row_id is None:
        return None
    reward = tx.get_one(Reward, row_id)
    record(tx, reward=reward, by=None, act="proposed", now=now)
    return reward


def _own(tx: Session, idea: Idea, author: Member) -> Reward | None:
    """Locked."""
    return tx.scalars(
        select(Reward)
        .where(Reward.idea_id == idea.id, Reward.member_id == author.id, Reward.reason.in_(("verified", "confirmed")))
        .with_for_update()
    ).first()


def _better(tx: Session, idea: Idea, change: Change) -> Sequence[Answer]:
    """Who said so, of this idea or of what is kept together with it; the first first."""
    kept = select(Idea.id).where(ideas.kept_in([idea.id]))
    return tx.scalars(
        select(Answer)
        .join(Notice, Notice.id == Answer.notice_id)
        .where(Notice.change_id == change.id, Answer.verdict == "better", Notice.idea_id.in_(kept))
        .order_by(Answer.id)
    ).all()


def _has_one(tx: Session, change: Change, author: Member) -> bool:
    return (
        tx.scalars(
            select(Reward.id)
            .join(ChangeIdea, ChangeIdea.idea_id == Reward.idea_id)
            .where(ChangeIdea.change_id == change.id, Reward.member_id == author.id)
        ).first()
        is not None
    )
