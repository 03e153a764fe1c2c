"""A payment of which nobody knows whether it was made: a manager looked, and says."""

from __future__ import annotations

from datetime import datetime

from cryptography.fernet import MultiFernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, outbox
from feedback.errors import Refused
from feedback.rewards import adopting, ledger, paying, states
from models import Member, Outbox, Payout

LONGEST_WHY = 500
LONGEST_GIFT = 500


def was_paid(
    tx: Session, *, reward_id: int, manager: Member, why: str, gift: str, cipher: MultiFernet, now: datetime
) -> None:
    """It was paid after all. `gift`: the code or link, where they do not have it yet; they are sent it then. A second
    press is no news."""
    payout = _held(tx, reward_id=reward_id, manager=manager, now=now)
    if payout.reward.state == "paid":
        return
    reason, gift = _checked(why), gift.strip()
    if len(gift) > LONGEST_GIFT or any(character.isspace() for character in gift):
        raise Refused("One code or link, without spaces.", "gift")
    if payout.reward.state not in ("human", "failed"):
        raise Refused(f"That is not possible any more: it is {states.STATES[payout.reward.state]}.")
    paying.take_as_paid(tx, payout=payout, gift=gift, cipher=cipher, by=manager, why=reason, now=now)


def was_not_paid(tx: Session, *, reward_id: int, manager: Member, why: str, now: datetime) -> None:
    """The money goes back to its budget. Should it turn out later to be paid, that is written down then. A second press
    is no news."""
    payout = _held(tx, reward_id=reward_id, manager=manager, now=now)
    reward = payout.reward
    if reward.state == "failed":
        return
    reason = _checked(why)
    if reward.state != "human":
        raise Refused(f"That is not possible any more: it is {states.STATES[reward.state]}.")
    adopting.adopt(tx, reward=reward, now=now)
    ledger.step(tx, "void", reward=reward, by=manager, now=now)
    states.move(tx, reward=reward, to="failed", act="not paid after all", by=manager, now=now, why=reason)
    row = tx.scalars(select(Outbox).where(Outbox.key == paying.keys_of(payout)[0])).one()
    outbox.dismiss(tx, outbox_id=row.id, attempt=row.attempt, member_id=manager.id, now=now)


def _held(tx: Session, *, reward_id: int, manager: Member, now: datetime) -> Payout:
    """Locked. Where it was tried too often, nobody knows how it stands, and now somebody looks."""
    reward = access.access_reward(tx, member=manager, reward_id=reward_id)
    payout_id = tx.scalars(select(Payout.id).where(Payout.reward_id == reward.id)).one_or_none()
    if payout_id is None:
        raise Refused("It is not approved.")
    payout = paying.hold(tx, payout_id=payout_id, manager=manager)
    given_up = select(Outbox.id).where(Outbox.key == paying.keys_of(payout)[0], outbox.did_not_get_through())
    if reward.state == "paying" and tx.scalars(given_up).first() is not None:
        states.move(tx, reward=reward, to="human", act="human", by=None, now=now, error="no_answer")
    return payout


def _checked(why: str) -> str:
    reason = why.strip()
    if not reason:
        raise Refused("Say how you know, for the other managers.", "why")
    if len(reason) > LONGEST_WHY:
        raise Refused(f"Please keep it under {LONGEST_WHY} characters.", "why")
    return reason
