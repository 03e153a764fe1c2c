"""What whoever decides about a reward has to know, on the managers' card and on its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from feedback import access, identities, rewards
from feedback.errors import Refused
from feedback.identities import Persons
from feedback.rewards import budgets, receiving
from models import Approval, Budget, Change, Idea, Member, Message, Reward, RewardQuestion, Workspace

OFTEN = 5
"""So many replies to each other in TALK_DAYS, both ways counted and at least one each, are a flag."""
TALK_DAYS = 90
MOST_EARLIER = 3
MOST_NAMED = 3


@dataclass(frozen=True)
class Given:
    """To one person, with all their accounts, since some day: what was paid or is going to be."""

    count: int
    cents: dict[str, int]
    """By currency."""


@dataclass(frozen=True)
class Brief:
    persons: Persons
    change: Change | None
    budget: Budget | None
    """Out of which it would be paid, or is."""
    left_cents: int
    """In it, after this one."""
    needs: int
    """How many managers have to say yes: 1 or 2."""
    kept: Approval | None
    """The first yes of two."""
    month: Given
    year: Given
    earlier: Sequence[Reward]
    """For the same theme, the newest first, at most MOST_EARLIER."""
    flags: Sequence[str]
    """What could make somebody say yes to it who should not, in a sentence each."""
    cannot: str
    """Why nobody may say yes; empty where somebody may."""
    too_few: str
    """Why there are not enough managers for it, and who could be one; empty where there are."""
    questions: Sequence[RewardQuestion]

    @property
    def is_waiting(self) -> bool:
        """For an answer."""
        return any(each.answered_at is None for each in self.questions)


def brief(tx: Session, *, reward: Reward, now: datetime) -> Brief:
    """Asks the same number of queries for every reward that is open, two more where the payout service gives it to
    somebody whose country is known, and fewer for one that is decided."""
    persons = identities.persons(tx, workspace_id=reward.workspace_id)
    receiver, proposer = persons.of(reward.member_id), persons.of(reward.proposed_by_id)
    workspace = tx.get_one(Workspace, reward.workspace_id)  # which is asked for again below, and is kept by its name
    is_open = reward.state in rewards.OPEN
    budget, cannot = _can(tx, reward, now) if is_open else (reward.budget, "")
    needs = 2 if is_open and rewards.takes_two(tx, reward=reward, budget=budget) else 1
    had = receiving.given(tx, people=receiver, since=receiving.year_of(now))
    team = _team(tx, workspace.id) if is_open else []
    return Brief(
        persons=persons,
        change=rewards.change_of(tx, reward=reward),
        budget=budget,
        left_cents=(budget.available_cents - (reward.amount_cents if is_open else 0)) if budget else 0,
        needs=needs,
        kept=rewards.kept(reward),
        month=_since(had, receiving.month_of(now)),
        year=_since(had, receiving.year_of(now)),
        earlier=_earlier(tx, reward),
        flags=_flags(tx, reward, receiver, proposer, now) if is_open else [],
        cannot=cannot,
        too_few=_too_few(team, receiver | proposer, persons, needs) if is_open and not cannot else "",
        questions=reward.questions,
    )


def _can(tx: Session, reward: Reward, now: datetime) -> tuple[Budget | None, str]:
    """Out of which budget it would be paid, and why it could not be."""
    cannot = rewards.why_nobody(tx, reward=reward, now=now)
    try:
        budget = budgets.choose(tx, reward=reward, now=now)
    except Refused as refused:
        return None, cannot or refused.say
    if budget is not None and budget.available_cents < reward.amount_cents:
        cannot = cannot or f"There is not enough left in “{budget.name}”."
    return budget, cannot


def _since(had: Sequence[receiving.Given], since: datetime) -> Given:
    """What is on its way counts as given now."""
    given = [each for each in had if each.cents > 0 and (each.sent_at is None or each.sent_at >= since)]
    cents: dict[str, int] = {}
    for each in given:
        cents[each.currency] = cents.get(each.currency, 0) + each.cents
    return Given(len(given), cents)


def _earlier(tx: Session, reward: Reward) -> Sequence[Reward]:
    """For the same idea, where it has no theme."""
    theme_id = reward.idea.theme_id
    is_same: ColumnElement[bool] = Idea.theme_id == theme_id if theme_id else Idea.id == reward.idea_id
    return tx.scalars(
        select(Reward)
        .join(Idea, Idea.id == Reward.idea_id)
        .where(
            is_same,
            Reward.workspace_id == reward.workspace_id,
            Reward.id != reward.id,
            Reward.state.not_in(("declined", "cancelled")),
        )
        .options(joinedload(Reward.member))
        .order_by(Reward.id.desc())
        .limit(MOST_EARLIER)
    ).all()


def _flags(tx: Session, reward: Reward, receiver: set[int], proposer: set[int], now: datetime) -> list[str]:
    found = []
    name, by = reward.member.name, reward.proposed_by.name
    if len(receiver) > 1:
        found.append(f"{name} has {len(receiver)} accounts here; what all of them were given is counted together.")
    if receiver & proposer:
        found.append(f"{by}, who proposed it, and {name} are the same person.")
        return found
    there, back = _replies(tx, reward.workspace_id, proposer, receiver, now)
    if there and back and there + back >= OFTEN:
        found.append(f"{by}, who proposed it, and {name} replied to each other {there + back} times in three months.")
    return found


def _replies(tx: Session, workspace_id: int, some: set[int], others: set[int], now: datetime) -> tuple[int, int]:
    """Of each to what the other began, lately."""
    begun = aliased(Message)

    def replied(by: set[int], to: set[int]) -> ColumnElement[int]:
        return func.count().filter(Message.author_id.in_(by), begun.author_id.in_(to))

    there, back = tx.execute(
        select(replied(some, others), replied(others, some))
        .select_from(begun)
        .join(Message, and_(Message.channel_id == begun.channel_id, Message.thread_ts == begun.ts))
        .where(
            begun.workspace_id == workspace_id,
            begun.author_id.in_(some | others),
            begun.thread_ts.is_(None),
            Message.posted_at >= now - timedelta(days=TALK_DAYS),
        )
    ).one()
    return there, back


def _team(tx: Session, workspace_id: int) -> Sequence[Member]:
    """By role, then by name."""
    return tx.scalars(
        select(Member)
        .where(
            Member.workspace_id == workspace_id,
            Member.role != "customer",
            Member.left_at.is_(None),
            Member.is_bot.is_(False),
        )
        .order_by(Member.role.desc(), func.lower(Member.name))
    ).all()


def _too_few(team: Sequence[Member], out: set[int], persons: Persons, needs: int) -> str:
    """`out`: who may not decide it. Managers who are one person count once; product people are named first."""
    may = {frozenset(persons.of(each.id)) for each in team if access.may_manage(each) and each.id not in out}
    if len(may) >= needs:
        return ""
    could = [each.name for each in team if not access.may_manage(each) and each.id not in out]
    return _said_of_few(len(may), needs, could[:MOST_NAMED])


def _said_of_few(found: int, needs: int, others: Sequence[str]) -> str:
    if needs == 2:
        say = "It takes two managers who neither proposed nor receive it, and there is "
        say += "only one." if found else "none."
    else:
        say = "There is no manager who neither proposed nor receives it."
    if others:
        say += f" {' or '.join(others)} could be made one, under Members."
    return say
