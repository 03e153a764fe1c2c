"""What a member sees of themself: in App Home and on their own page."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback import access
from feedback.blocks.members import MOST_ROWS, HomeFacts
from models import Idea, Member, Reward, Vote


def facts(tx: Session, *, member: Member, limit: int = MOST_ROWS) -> HomeFacts:
    """The newest of each list. What was taken back is not in it."""
    shown = (joinedload(Idea.message), joinedload(Idea.author))
    raised = tx.scalars(
        select(Idea)
        .where(Idea.author_id == member.id, Idea.state != "withdrawn")
        .options(*shown)
        .order_by(Idea.created_at.desc(), Idea.id.desc())
        .limit(limit)
    ).all()
    backed = tx.scalars(
        select(Idea)
        .join(Vote, Vote.idea_id == Idea.id)
        .where(Vote.member_id == member.id, Idea.state != "withdrawn")
        .options(*shown)
        .order_by(Vote.id.desc())
        .limit(limit)
    ).all()
    gifts = tx.scalars(
        select(Reward)
        .where(Reward.member_id == member.id, Reward.state == "paid")
        .options(joinedload(Reward.idea), joinedload(Reward.payout))
        .order_by(Reward.id.desc())
        .limit(limit)
    ).all()
    is_team = access.may_review(member)
    return HomeFacts(is_team=is_team, raised=raised, backed=backed, gifts=gifts, hears=member.hears)
