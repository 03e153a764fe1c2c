"""What a theme's thank-you could be shared for, by whom, and how it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback import access
from feedback.overview import Page, paged
from feedback.overview.scoring import sums
from feedback.rewards import rules, sharing
from models import Idea, Member, Reward, RewardPot, RewardRule, Theme

IDEAS_ON_A_PAGE = 100


@dataclass(frozen=True)
class Shared:
    pot: RewardPot
    rewards: Sequence[Reward]


@dataclass(frozen=True)
class Whole:
    theme: Theme
    rules: Sequence[RewardRule]
    """By which something can still be shared here."""
    shared: Sequence[Shared]
    ideas: Page[Idea]
    first: Idea | None
    """The first clear report."""
    scores: Mapping[int, str]
    """By idea, what they add up to, as far as this person may see it."""


def one(tx: Session, *, theme: Theme, member: Member, number: int) -> Whole:
    """In seven queries. The oldest idea first."""
    found = paged(tx, sharing.said_in(theme).order_by(Idea.created_at, Idea.id), number=number, size=IDEAS_ON_A_PAGE)
    shown = [row.Idea for row in found.rows]
    scores = sharing.scores_in(tx, theme=theme)
    problems = tx.scalars(sharing.said_in(theme).where(Idea.kind == "problem")).all()
    pots = _shared(tx, theme)
    done = {shared.pot.trigger for shared in pots}
    role = access.ROLES.index(member.role)
    in_force = rules.in_force(tx, workspace_id=theme.workspace_id)
    open_ = [rule for rule in in_force if rule.trigger in sharing.DECIDING.keys() - done and rule.amount_cents > 0]
    return Whole(
        theme=theme,
        rules=[rule for rule in open_ if role >= access.ROLES.index(rule.proposed_by)],
        shared=pots,
        ideas=Page(shown, found.number, found.total, found.size),
        first=sharing.first_report(problems, scores),
        scores=sums(scores, member=member, author_ids={idea.id: idea.author_id for idea in shown}),
    )


def _shared(tx: Session, theme: Theme) -> list[Shared]:
    pots = tx.scalars(
        select(RewardPot).where(sharing.is_of(theme)).options(joinedload(RewardPot.rule)).order_by(RewardPot.id)
    ).all()
    rewards = tx.scalars(
        select(Reward)
        .join(RewardPot, RewardPot.id == Reward.pot_id)
        .where(sharing.is_of(theme))
        .options(joinedload(Reward.member), joinedload(Reward.idea))
        .order_by(Reward.amount_cents.desc(), Reward.id)
    ).all()
    return [Shared(pot, [reward for reward in rewards if reward.pot_id == pot.id]) for pot in pots]
