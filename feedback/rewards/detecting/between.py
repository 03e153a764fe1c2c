"""Two people who thank each other, and one person who is two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from feedback import identities
from models import Idea, Reward, Vote, Vouch

LEAST_VOTES = 3
"""In both directions: two who back each other once or twice have read the same channel."""
NOT_GIVEN = ("declined", "cancelled")


def praise(tx: Session, *, reward: Reward, people: set[int], now: datetime) -> dict[str, Any] | None:
    """Somebody gave at least half of all votes on its receiver's ideas, and got LEAST_VOTES or more back; or, once its
    days are over, nobody vouched for it but those for whom its receiver vouched."""
    first = identities.persons(tx, workspace_id=reward.workspace_id).first()
    got, gave = _got(tx, people, first), _gave(tx, people, first)
    in_all = got.total()
    for person, votes in sorted(got.items()):
        if votes >= LEAST_VOTES and gave[person] >= LEAST_VOTES and votes * 2 >= in_all:
            return {"member_ids": [person], "votes": votes, "of": in_all, "back": gave[person]}
    if reward.vests_at is None or reward.vests_at > now:
        return None  # somebody else may still say so
    vouched = _vouched_for_each_other(tx, reward, people, first)
    return {"member_ids": sorted(vouched)} if vouched else None


def _got(tx: Session, people: set[int], first: dict[int, int]) -> Counter[int]:
    """Votes on their ideas, by the person who gave them."""
    rows = tx.execute(
        select(Vote.member_id, func.count())
        .join(Idea, Idea.id == Vote.idea_id)
        .where(Idea.author_id.in_(people), Vote.member_id.not_in(people))
        .group_by(Vote.member_id)
    )
    return _by_person(rows, first)


def _gave(tx: Session, people: set[int], first: dict[int, int]) -> Counter[int]:
    """Votes that they gave, by the person who got them."""
    rows = tx.execute(
        select(Idea.author_id, func.count())
        .join(Vote, Vote.idea_id == Idea.id)
        .where(Vote.member_id.in_(people), Idea.author_id.not_in(people))
        .group_by(Idea.author_id)
    )
    return _by_person(rows, first)


def _by_person(rows: Iterable[Row[int, int]], first: dict[int, int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for member_id, votes in rows:
        found[first.get(member_id, member_id)] += votes
    return found


def _vouched_for_each_other(tx: Session, reward: Reward, people: set[int], first: dict[int, int]) -> set[int]:
    """Who vouched for it, where all of them had its receiver vouch for theirs. Nobody where one of them had not: then
    somebody who owes nothing says that it works."""
    for_it = tx.scalars(select(Vouch.member_id).where(Vouch.reward_id == reward.id, Vouch.member_id.not_in(people)))
    vouchers = {first.get(each, each) for each in for_it}
    if not vouchers:
        return set()
    theirs = tx.scalars(
        select(Reward.member_id).join(Vouch, Vouch.reward_id == Reward.id).where(Vouch.member_id.in_(people)).distinct()
    )
    return vouchers if vouchers <= {first.get(each, each) for each in theirs} else set()


def accounts(tx: Session, *, reward: Reward, people: set[int], now: datetime) -> dict[str, Any] | None:
    """Another account of the same person has one for the same change or theme."""
    others = people - {reward.member_id}
    same = []
    if reward.change_id is not None:
        same.append(Reward.change_id == reward.change_id)
    if reward.idea.theme_id is not None:
        same.append(Idea.theme_id == reward.idea.theme_id)
    if not others or not same:
        return None
    found = tx.execute(
        select(Reward.id, Reward.member_id)
        .join(Idea, Idea.id == Reward.idea_id)
        .where(Reward.member_id.in_(others), Reward.state.not_in(NOT_GIVEN), or_(*same))
        .order_by(Reward.id)
    ).all()
    if not found:
        return None
    return {"reward_ids": [row.id for row in found], "member_ids": sorted({row.member_id for row in found})}
