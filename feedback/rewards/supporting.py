"""What is proposed for a theme that many stood behind."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import ideas
from feedback.database import among
from feedback.rewards import contributions, proposing, rules
from models import Change, ChangeIdea, Idea, Member, Reward, RewardRule

SHIPPED = ("shipped", "verified")


def propose_supported(tx: Session, *, workspace_id: int, now: datetime) -> list[Reward]:
    """For the author of the first idea of each theme that shipped with enough people behind it. The one that shipped
    first comes first, and no more in a quarter than the rule says: the others wait for the next one."""
    rule = rules.of_trigger(tx, workspace_id=workspace_id, trigger="supported")
    if rule is None:
        return []
    made: list[Reward] = []
    left = rule.most_a_quarter - _in_quarter(tx, workspace_id, now) if rule.most_a_quarter else None
    for idea, change in _supported(tx, rule):
        if left is not None and len(made) >= left:
            break
        author = tx.get_one(Member, idea.author_id)
        if contributions.is_earned(tx, idea=idea, member_id=author.id):
            continue
        reward = proposing.propose(
            tx, idea=idea, member=author, rule=rule, change=change, by_id=change.made_by_id, now=now
        )
        if reward is not None:
            made.append(reward)
            proposing.vouch_by_answers(tx, idea, change, now)
    return made


def _supported(tx: Session, rule: RewardRule) -> list[tuple[Idea, Change]]:
    """The first idea of each theme that has enough people behind what shipped of it and no reward for that yet, with
    the change by which it shipped; the theme that shipped first comes first."""
    pairs = ideas.people(Idea.workspace_id == rule.workspace_id, Idea.state.in_(SHIPPED)).subquery()
    enough = tx.scalars(
        select(Idea.theme_id)
        .join(pairs, pairs.c.idea_id == Idea.id)
        .where(Idea.theme_id.is_not(None))
        .group_by(Idea.theme_id)
        .having(func.count(pairs.c.member_id.distinct()) >= rule.supporters)
    ).all()
    here = Idea.theme_id.in_(among(tx, [theme_id for theme_id in enough if theme_id is not None]))
    has_one = select(Idea.theme_id).join(Reward, Reward.idea_id == Idea.id)
    given = has_one.where(Reward.reason == "supported", Reward.state != "cancelled", Idea.theme_id.is_not(None))
    first: dict[int | None, Idea] = {}
    for idea in tx.scalars(
        select(Idea)
        .where(here, Idea.theme_id.not_in(given), Idea.state.in_(SHIPPED), ~ideas.is_merged())
        .order_by(Idea.created_at, Idea.id)
    ):
        first.setdefault(idea.theme_id, idea)
    rows = tx.execute(
        select(ChangeIdea.idea_id, func.max(Change.id))
        .join(Change, Change.id == ChangeIdea.change_id)
        .where(ChangeIdea.idea_id.in_(among(tx, (idea.id for idea in first.values()))), Change.kind == "shipped")
        .group_by(ChangeIdea.idea_id)
    )
    shipped = {row[0]: tx.get_one(Change, row[1]) for row in rows}
    found = [(idea, shipped[idea.id]) for idea in first.values() if idea.id in shipped]
    return sorted(found, key=lambda each: (each[1].made_at, each[1].id, each[0].id))


def _in_quarter(tx: Session, workspace_id: int, now: datetime) -> int:
    begin = datetime(now.year, 3 * ((now.month - 1) // 3) + 1, 1, tzinfo=UTC)
    counted = select(func.count(Reward.id)).where(
        Reward.workspace_id == workspace_id,
        Reward.reason == "supported",
        Reward.state.not_in(proposing.SAID_NO),
        Reward.proposed_at >= begin,
    )
    return tx.scalar(counted) or 0
