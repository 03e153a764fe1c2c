"""What a member sees of themself: in App Home and on their own page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from feedback import access, ideas, rewards
from feedback.blocks.members import MOST_ROWS, HomeFacts
from feedback.blocks.own_rewards import OwnRewards
from feedback.overview import recognition, states, tracing
from models import Idea, Member, Payout, Reward, Vote

GIVEN = ("approved", "paying", "paid")
given_at = func.coalesce(Payout.paid_at, Reward.proposed_at)
"""Of what only earns points, nobody pays anything."""


def facts(tx: Session, *, member: Member, now: datetime, limit: int = MOST_ROWS) -> HomeFacts:
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
    return HomeFacts(
        is_team=access.may_review(member),
        raised=raised,
        backed=backed,
        rewards=_rewards(tx, member, limit, now),
        hears=member.hears,
        stands=_stands(tx, member, [idea.id for idea in (*raised, *backed)]),
        recognised=recognition.mine(tx, member=member, now=now),
    )


def _rewards(tx: Session, member: Member, limit: int, now: datetime) -> OwnRewards:
    """Every one, however it stands, and what was given this year: of money, when it was paid."""
    own = (Reward.workspace_id == member.workspace_id, Reward.member_id == member.id)
    found = tx.scalars(
        select(Reward)
        .where(*own)
        .options(joinedload(Reward.idea), joinedload(Reward.payout), joinedload(Reward.rule))
        .order_by(Reward.id.desc())
        .limit(limit)
    ).all()
    begins = now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    given = tx.execute(
        select(
            Reward.currency,
            func.count(Reward.id),
            func.sum(case((Reward.state.in_(GIVEN) & (given_at >= begins), Reward.points), else_=0)),
            func.sum(case(((Reward.state == "paid") & (given_at >= begins), Reward.amount_cents), else_=0)),
        )
        .outerjoin(Payout, Payout.reward_id == Reward.id)
        .where(*own)
        .group_by(Reward.currency)
    ).all()
    return OwnRewards(
        shown=found,
        total=sum(count for _, count, _, _ in given),
        year=now.year,
        points=sum(int(points) for _, _, points, _ in given),
        cents={currency: int(cents) for currency, _, _, cents in given},
        takes_rewards=member.takes_rewards,
        has_contact=bool(member.contact),
        may_again=frozenset(reward.id for reward in found if not rewards.why_not_again(reward.payout, now)),
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
