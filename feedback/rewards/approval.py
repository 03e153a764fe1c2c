"""A manager's word on a thank-you: neither whoever vouched for it nor whoever receives it, and once."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime

from cryptography.fernet import MultiFernet
from sqlalchemy.orm import Session

from feedback import access, identities
from feedback.errors import Noted, Refused
from feedback.rewards import budgets, eligibility, holds, ledger, limits, paying, states, vesting
from feedback.rewards.standing import record, refresh_card
from models import Approval, Budget, Member, Reward, Workspace

LONGEST_GIFT = 500
LONGEST_WHY = 500


class Stale(Noted):
    """What somebody decided about is not how it stands. Nothing is decided, and the card is drawn anew."""

    def __init__(self) -> None:
        super().__init__("This changed since it was shown to you. Here is how it stands now.")


def approve(
    tx: Session,
    *,
    reward_id: int,
    manager: Member,
    gift: str = "",
    version: int | None = None,
    cipher: MultiFernet,
    now: datetime,
) -> Reward:
    """A manager who neither vouched for it nor receives it says yes. Where it takes two, the first yes is kept, and
    the reward stays open; the second one completes it. With payment by hand, `gift` is the code or link that the member
    gets, and is asked of whoever completes it; otherwise the payout service is asked for one.

    `version`: as it was shown to them; another one is refused. None: nothing was shown, as where a script approves.
    """
    reward = _approvable(tx, reward_id=reward_id, manager=manager, version=version, now=now)
    budget = _chosen(tx, reward, now)
    if kept(reward) is None and takes_two(tx, reward=reward, budget=budget):
        _word(tx, reward=reward, manager=manager, verdict="approved", now=now)
        record(tx, reward=reward, by=manager, act="approved first", now=now)
        states.touch(tx, reward=reward, now=now)
        return reward
    gift = gift.strip()
    if paying.way_of(tx, reward=reward) == "manual":
        _check_gift(reward, gift)
    reward.budget = budget
    _decide(tx, reward=reward, manager=manager, verdict="approved", why="", now=now)
    ledger.step(tx, "reserve", reward=reward, by=manager, now=now)
    paying.begin(tx, reward=reward, gift=gift, cipher=cipher, now=now)
    return reward


def decline(
    tx: Session, *, reward_id: int, manager: Member, why: str, version: int | None = None, now: datetime
) -> Reward:
    """Only the managers see why; its receiver reads that it is not this time, and nobody tells them so. One word is
    enough, also where somebody else said yes before."""
    reward = check_decidable(tx, reward_id=reward_id, manager=manager, version=version, now=now)
    why = why.strip()
    if not why:
        raise Refused("Say why, for the other managers.", "why")
    if len(why) > LONGEST_WHY:
        raise Refused(f"Please keep it under {LONGEST_WHY} characters.", "why")
    _decide(tx, reward=reward, manager=manager, verdict="declined", why=why, now=now)
    return reward


def check_decidable(
    tx: Session, *, reward_id: int, manager: Member, version: int | None = None, now: datetime
) -> Reward:
    """Before a form is shown."""
    reward = access.access_reward(tx, member=manager, reward_id=reward_id)
    same = identities.same_person(tx, member_id=manager.id)
    _check_open(reward, manager, same, now)
    check_version(tx, reward, version, now)
    return reward


def check_approvable(
    tx: Session, *, reward_id: int, manager: Member, version: int | None = None, now: datetime
) -> tuple[Reward, bool]:
    """Before a form is shown. And whether this manager has to give the code or link: payment is by hand, and their
    word is the last one that it takes."""
    reward = _approvable(tx, reward_id=reward_id, manager=manager, version=version, now=now)
    is_last = kept(reward) is not None or not takes_two(tx, reward=reward, budget=_chosen(tx, reward, now))
    return reward, is_last and paying.way_of(tx, reward=reward) == "manual"


def check_version(tx: Session, reward: Reward, version: int | None, now: datetime) -> None:
    """Refused where something was shown to them, and it is not this. `reward` is locked."""
    if version is not None and version != reward.version:
        refresh_card(tx, reward_id=reward.id, now=now)
        raise Stale


def obstacle(reward: Reward, *, manager: Member, same: AbstractSet[int], now: datetime) -> str:
    """Why this manager may say neither yes nor no to it; empty where they may. `same`: all their accounts. For pages:
    nothing is locked."""
    try:
        _check_open(reward, manager, same, now)
    except Refused as refused:
        return refused.say
    return ""


def why_nobody(tx: Session, *, reward: Reward, now: datetime) -> str:
    """Why nobody may say yes to it, whatever is left of the budget; empty where somebody may. For pages and cards."""
    why_not = eligibility.why_not(tx, member=reward.member, now=now)
    if why_not:
        return why_not
    try:
        limits.check(tx, reward=reward, now=now)
    except Refused as refused:
        return refused.say
    return ""


def kept(reward: Reward) -> Approval | None:
    """The first of two yeses, where it was given to the reward as it stands, by somebody who is a manager still.
    Whatever changed after it, its manager has to see it: then it counts for nothing until they say yes again."""
    if reward.state not in states.OPEN:
        return None
    given = (each for each in reward.approvals if each.verdict == "approved" and each.version + 1 == reward.version)
    return next((each for each in given if access.may_manage(each.manager)), None)


def takes_two(tx: Session, *, reward: Reward, budget: Budget | None) -> bool:
    """Whether one yes is too little: it is a large amount, or little is left of the budget after it."""
    workspace = tx.get_one(Workspace, reward.workspace_id)
    if reward.amount_cents > workspace.two_approve_above_cents:
        return True
    return budget is not None and is_nearly_spent(budget, reward.amount_cents, workspace.nearly_spent_percent)


def is_nearly_spent(budget: Budget, more_cents: int, percent: int) -> bool:
    """With so much more, of all that was put in."""
    used = budget.reserved_cents + budget.committed_cents + budget.spent_cents
    return (used + more_cents) * 100 >= (used + budget.available_cents) * percent


def _approvable(tx: Session, *, reward_id: int, manager: Member, version: int | None, now: datetime) -> Reward:
    reward = access.access_reward(tx, member=manager, reward_id=reward_id)
    same = identities.same_person(tx, member_id=manager.id)
    _check_open(reward, manager, same, now)
    first = kept(reward)
    if first is not None and first.manager_id in same:
        raise Refused("You said yes already. One more manager is needed.")
    check_version(tx, reward, version, now)
    why_not = eligibility.why_not(tx, member=reward.member, now=now)
    if why_not:
        raise Refused(why_not)
    limits.take_turn(tx, reward=reward)
    holds.look(tx, reward=reward, now=now)
    holds.check(tx, reward=reward, manager=manager, now=now)
    limits.check(tx, reward=reward, manager=manager, now=now)
    return reward


def _check_open(reward: Reward, manager: Member, same: AbstractSet[int], now: datetime) -> None:
    access.check_other_hands(manager, reward, same=same)
    if reward.state not in states.OPEN:
        raise Refused(f"This was decided already: {states.STATES[reward.state]}.")
    if not vesting.is_ripe(reward, now):
        raise Refused(vesting.why_not(reward))


def _chosen(tx: Session, reward: Reward, now: datetime) -> Budget | None:
    """Locked, after the reward: how much is left is what decides whether one yes is enough."""
    budget = budgets.choose(tx, reward=reward, now=now)
    if budget is not None:
        tx.refresh(budget, with_for_update={"key_share": True})
        if budget.available_cents < reward.amount_cents:
            raise Refused(f"There is not enough left in “{budget.name}”.")
    return budget


def _check_gift(reward: Reward, gift: str) -> None:
    """Where nothing is paid it is a privilege, which is said in words: from when on they try it, which role it is."""
    if not gift:
        raise Refused("Paste the code or link that they get.", "gift")
    if len(gift) > LONGEST_GIFT:
        raise Refused(f"Please keep it under {LONGEST_GIFT} characters.", "gift")
    if reward.amount_cents and any(character.isspace() for character in gift):
        raise Refused("One code or link, without spaces.", "gift")


def _decide(tx: Session, *, reward: Reward, manager: Member, verdict: str, why: str, now: datetime) -> None:
    _word(tx, reward=reward, manager=manager, verdict=verdict, why=why, now=now)
    states.move(tx, reward=reward, to=verdict, act=verdict, by=manager, now=now, **({"why": why} if why else {}))


def _word(tx: Session, *, reward: Reward, manager: Member, verdict: str, why: str = "", now: datetime) -> None:
    """One a manager: who gave theirs to what changed afterwards gives it anew. The audit keeps both."""
    mine = next((each for each in reward.approvals if each.manager_id == manager.id), None)
    if mine is None:
        mine = Approval(manager_id=manager.id)
        reward.approvals.append(mine)
    mine.verdict, mine.why, mine.version, mine.given_at = verdict, why, reward.version, now
    tx.flush()
