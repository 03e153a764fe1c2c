"""What a member sees of themself: in App Home and on their own page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback import access, ideas
from feedback.blocks.members import MOST_ROWS, HomeFacts
from feedback.overview import recognition, states, tracing
from models import Idea, Member, Reward, Vote


def facts(tx: Session, *, member: Member, limit: int = MOST_ROWS, now: datetime) -> HomeFacts:
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
    return HomeFacts(
        is_team=access.may_review(member),
        raised=raised,
        backed=backed,
        gifts=gifts,
        hears=member.hears,
        stands=_stands(tx, member, [idea.id for idea in (*raised, *backed)]),
        recognised=recognition.mine(tx, member=member, now=now),
    )


def _stands(tx: Session, member: Member, idea_ids: Sequence[int]) -> dict[int, str]:
    """How far each has come for this person, whatever it went into. Six queries."""
    found = tracing.loops(tx, workspace_id=member.workspace_id, which=Idea.id.in_(idea_ids), member_id=member.id)
    by_shown = {loop.idea.idea_id: _for_them(loop) for loop in found}
    went_into = ideas.went_into(tx, idea_ids=idea_ids)
    shown = {idea_id: by_shown.get(went_into.get(idea_id, idea_id)) for idea_id in idea_ids}
    return {idea_id: state for idea_id, state in shown.items() if state}


def _for_them(loop: states.Loop) -> str:
    """As blocks.members.BECAME has it: of what they were told, which of the two it was; and whether what did not help
    somebody is open again, or so few said so that it stands."""
    state, idea_state = loop.state(), loop.idea.state
    if state == "told" and idea_state in ("declined", "reopened"):
        return idea_state
    return "not_helped" if state == "still_broken" and idea_state in ("shipped", "verified") else state
