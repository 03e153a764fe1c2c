"""A manager's word on a thank-you: neither whoever vouched for it nor whoever receives it, and once."""

from __future__ import annotations

from datetime import datetime

from cryptography.fernet import MultiFernet
from sqlalchemy.orm import Session

from feedback import access
from feedback.errors import Refused
from feedback.rewards import budgets, ledger, paying, states, vesting
from models import Approval, Member, Reward

LONGEST_GIFT = 500
LONGEST_WHY = 500


def approve(
    tx: Session, *, reward_id: int, manager: Member, gift: str = "", cipher: MultiFernet, now: datetime
) -> Reward:
    """A manager who neither vouched for it nor receives it says yes. With payment by hand, `gift` is the code or link
    that the member gets; otherwise the payout service is asked for one."""
    reward = _decidable(tx, reward_id=reward_id, manager=manager, now=now)
    gift = gift.strip()
    if reward.provider == "manual":
        _check_gift(gift)
    reward.budget = budgets.choose(tx, reward=reward, now=now)
    _decide(tx, reward=reward, manager=manager, verdict="approved", why="", now=now)
    ledger.step(tx, "reserve", reward=reward, by=manager, now=now)
    paying.begin(tx, reward=reward, gift=gift, cipher=cipher, now=now)
    return reward


def decline(tx: Session, *, reward_id: int, manager: Member, why: str, now: datetime) -> Reward:
    """Only the managers see why; its receiver reads that it is not this time, and nobody tells them so."""
    reward = _decidable(tx, reward_id=reward_id, manager=manager, now=now)
    why = why.strip()
    if not why:
        raise Refused("Say why, for the other managers.", "why")
    if len(why) > LONGEST_WHY:
        raise Refused(f"Please keep it under {LONGEST_WHY} characters.", "why")
    _decide(tx, reward=reward, manager=manager, verdict="declined", why=why, now=now)
    return reward


def check_decidable(tx: Session, *, reward_id: int, manager: Member, now: datetime) -> Reward:
    """Before a form is shown."""
    return _decidable(tx, reward_id=reward_id, manager=manager, now=now)


def _decidable(tx: Session, *, reward_id: int, manager: Member, now: datetime) -> Reward:
    reward = access.access_reward(tx, member=manager, reward_id=reward_id)
    access.check_other_hands(manager, reward)
    if reward.state not in states.OPEN:
        raise Refused(f"This was decided already: {states.STATES[reward.state]}.")
    if not vesting.is_ripe(reward, now):
        raise Refused(vesting.why_not(reward))
    return reward


def _check_gift(gift: str) -> None:
    if not gift:
        raise Refused("Paste the code or link that they get.", "gift")
    if len(gift) > LONGEST_GIFT or any(character.isspace() for character in gift):
        raise Refused("One code or link, without spaces.", "gift")


def _decide(tx: Session, *, reward: Reward, manager: Member, verdict: str, why: str, now: datetime) -> None:
    tx.add(
        Approval(
            reward_id=reward.id,
            manager_id=manager.id,
            verdict=verdict,
            why=why,
            version=reward.version,
            given_at=now,
        )
    )
    states.move(tx, reward=reward, to=verdict, act=verdict, by=manager, now=now, **({"why": why} if why else {}))
