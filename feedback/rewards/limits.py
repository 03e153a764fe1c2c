"""The most that one person is given, and that one manager approves."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import identities, once
from feedback.blocks import money
from feedback.errors import Refused
from feedback.rewards import receiving
from feedback.rewards.rules import TRIGGERS
from models import Approval, Member, Reward, Workspace

MOST_A_DAY = 480
"""So many one manager decides on one day: a minute for each is a working day, and whoever is faster reads none."""


def check(tx: Session, *, reward: Reward, manager: Member | None = None, now: datetime) -> None:
    """Refused above a limit, with the numbers. What is on its way counts as given.

    `manager`: whoever is about to approve it, who took a turn. None: it is only asked, for a page.
    """
    people = identities.same_person(tx, member_id=reward.member_id)
    workspace = tx.get_one(Workspace, reward.workspace_id)
    had = receiving.given(tx, people=people, since=receiving.year_of(now), but=reward)
    if reward.amount_cents > 0:
        _check_month(reward, had, workspace.most_rewards_a_month, now)
        _check_year(reward, had, workspace.most_cents_a_year)
    _check_rule(reward, had)
    if manager is not None:
        _check_day(tx, manager, now)


def take_turn(tx: Session, *, reward: Reward) -> None:
    """Before anything is counted of what its receiver was given, where something is about to be given: whoever else
    approves something for the same person meanwhile waits, and then sees this one. After the reward is locked."""
    once.take_turn(tx, f"given:{min(identities.same_person(tx, member_id=reward.member_id))}")


def _check_month(reward: Reward, had: list[receiving.Given], most: int, now: datetime) -> None:
    since = receiving.month_of(now)
    number = sum(each.cents > 0 and (each.sent_at is None or each.sent_at >= since) for each in had)
    if 0 < most <= number:
        raise Refused(f"{reward.member.name} has had {number} this month, which is the most.")


def _check_year(reward: Reward, had: list[receiving.Given], most: int) -> None:
    cents = sum(each.cents for each in had if each.currency == reward.currency)
    if 0 < most < cents + reward.amount_cents:
        so_far, then, limit = (money(each, reward.currency) for each in (cents, cents + reward.amount_cents, most))
        raise Refused(
            f"{reward.member.name} has had {so_far} this year. With this it would be {then}, and {limit} is the most."
        )


def _check_rule(reward: Reward, had: list[receiving.Given]) -> None:
    """Rules take over from each other, so what is counted is what it is for. The limit is that of its own rule."""
    most = reward.rule.most_a_year if reward.rule else 0
    number = sum(each.reason == reward.reason for each in had)
    if 0 < most <= number:
        what = TRIGGERS.get(reward.reason, "this")
        raise Refused(f"{reward.member.name} has had {number} this year for {what}, which is the most.")


def _check_day(tx: Session, manager: Member, now: datetime) -> None:
    today = datetime(now.year, now.month, now.day, tzinfo=UTC)
    decided = select(func.count()).where(Approval.manager_id == manager.id, Approval.given_at >= today)
    number = tx.scalar(decided) or 0
    if number >= MOST_A_DAY:
        raise Refused(
            f"You have decided {number} today, which is the most. Another manager can go on, or you tomorrow."
        )
