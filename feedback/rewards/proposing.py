"""When a thank-you is proposed, and for whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import once, outbox
from feedback.rewards.standing import record
from models import Change, ChangeIdea, Idea, Member, Reward, Workspace

REASON = "confirmed"


def propose(tx: Session, *, idea: Idea, change: Change, now: datetime) -> Reward | None:
    """A reward for the idea's author, vouched for by whoever recorded the change. None where there is one already
    (for this idea or another one that the same change answered), or the author is on the team or has left."""
    tx.get_one(Change, change.id, with_for_update=True)  # two answers at once take turns, so that the second one sees
    author = tx.get_one(Member, idea.author_id)
    if author.role != "customer" or author.left_at or author.is_bot or _has_one(tx, change, author):
        return None
    workspace = tx.get_one(Workspace, idea.workspace_id)
    row_id = once.insert(
        tx,
        Reward,
        workspace_id=workspace.id,
        idea_id=idea.id,
        member_id=author.id,
        reason=REASON,
        amount_cents=workspace.reward_cents,
        currency=workspace.reward_currency,
        proposed_by_id=change.made_by_id,
        state="proposed",
        proposed_at=now,
    )
    if row_id is None:
        return None
    reward = tx.get_one(Reward, row_id)
    record(tx, reward=reward, by=None, act="proposed", now=now)
    outbox.owe(
        tx, workspace_id=workspace.id, kind="reward.card", key=f"reward.card:{row_id}", now=now, reward_id=row_id
    )
    return reward


def _has_one(tx: Session, change: Change, author: Member) -> bool:
    return (
        tx.scalars(
            select(Reward.id)
            .join(ChangeIdea, ChangeIdea.idea_id == Reward.idea_id)
            .where(ChangeIdea.change_id == change.id, Reward.member_id == author.id)
        ).first()
        is not None
    )
