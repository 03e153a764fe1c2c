"""The one payment of a thank-you: begun by an approval, made by hand or by a service, recorded once."""

from __future__ import annotations

import uuid
from datetime import datetime

from cryptography.fernet import MultiFernet
from sqlalchemy.orm import Session

from feedback import access, outbox
from feedback.providers.payouts import Gift, Order
from feedback.rewards import ledger, states
from feedback.rewards.standing import record
from models import Member, Payout, Reward, Workspace

PAYOUT_NAMESPACE = uuid.UUID("5d3c0c52-4f0e-5f1b-9b37-0d1d4f4d8a11")
"""Fixed for ever: payments are derived from it."""


def begin(tx: Session, *, reward: Reward, gift: str, cipher: MultiFernet, now: datetime) -> None:
    """Of one that was approved. By hand, `gift` is all there is to it; else the service is owed an order."""
    workspace = tx.get_one(Workspace, reward.workspace_id)
    payout = Payout(reward_id=reward.id, external_id=external_id(workspace, reward), provider=reward.provider)
    tx.add(payout)
    tx.flush()  # the rows below speak of its id
    if reward.provider == "manual":
        _set_off(tx, reward=reward, now=now)
        _settle(tx, reward=reward, payout=payout, gift=gift, ref="", cipher=cipher, now=now)
    else:
        outbox.owe(
            tx,
            workspace_id=workspace.id,
            kind="reward.pay",
            key=keys_of(payout)[0],
            now=now,
            payout_id=payout.id,
        )


def keys_of(payout: Payout) -> tuple[str, str]:
    """Under which the payment is owed, and then the gift."""
    return f"pay:{payout.external_id}", f"gift:{payout.external_id}"


def external_id(workspace: Workspace, reward: Reward) -> str:
    """Derived from what is paid for, so that even a restored backup asks for the same payment again."""
    facts = (workspace.team_id, reward.idea_id, reward.member_id, reward.reason, 1)
    return str(uuid.uuid5(PAYOUT_NAMESPACE, "|".join(map(str, facts))))


def get_payout(tx: Session, *, payout_id: int) -> Payout:
    return tx.get_one(Payout, payout_id)


def _set_off(tx: Session, *, reward: Reward, now: datetime) -> None:
    """Before anybody is asked: from here on nobody knows whether it was paid until somebody says."""
    ledger.step(tx, "commit", reward=reward, now=now)
    states.move(tx, reward=reward, to="paying", act="on its way", by=None, now=now)


def order_of(tx: Session, *, payout_id: int, now: datetime) -> Order | None:
    """What to ask the payout service for; None where it was paid, or will not be. Once it was given out it may have
    been paid."""
    payout = tx.get_one(Payout, payout_id, with_for_update=True)
    reward = payout.reward
    if reward.state == "approved":
        _set_off(tx, reward=reward, now=now)
    if reward.state != "paying":
        return None
    return Order(payout.external_id, reward.amount_cents, reward.currency, reward.member.slack_id)


def paid(tx: Session, *, payout_id: int, gift: Gift, cipher: MultiFernet, now: datetime) -> None:
    """The service made the gift. A second time is no news; that it was thought to be refused is overtaken by it."""
    payout = tx.get_one(Payout, payout_id, with_for_update=True)
    if payout.paid_at is not None:
        return
    if payout.reward.state == "failed":  # the money had been given back
        for step in ("reserve", "commit"):
            ledger.step(tx, step, reward=payout.reward, now=now)
    elif payout.reward.state == "approved":
        _set_off(tx, reward=payout.reward, now=now)
    payout.error = ""
    outbox.got_through(tx, key=keys_of(payout)[0], now=now)
    _settle(tx, reward=payout.reward, payout=payout, gift=gift.link, ref=gift.ref, cipher=cipher, now=now)


def unpayable(tx: Session, *, payout_id: int, state: str, error: str, now: datetime) -> None:
    """`state`: "failed" (the service refused) or "human" (it knows another order by this id: somebody must look)."""
    payout = tx.get_one(Payout, payout_id, with_for_update=True)
    reward = payout.reward
    if reward.state not in ("approved", "paying"):
        return
    if reward.state == "approved":
        _set_off(tx, reward=reward, now=now)
    payout.error = error
    if state == "failed":  # otherwise the service may have paid, and the money stays aside until somebody looked
        ledger.step(tx, "void", reward=reward, now=now)
    states.move(tx, reward=reward, to=state, act=state, by=None, now=now, error=error)


def hold(tx: Session, *, payout_id: int, manager: Member) -> Payout:
    """Before it is tried again: locks it, as whoever records its outcome does. Refused for whoever may not decide."""
    payout = tx.get_one(Payout, payout_id, with_for_update=True)
    access.check_other_hands(manager, payout.reward)
    return payout


def pay_again(tx: Session, *, payout: Payout, manager: Member, now: datetime) -> None:
    """What was refused, or is in doubt, is on its way again. It is the same payment: nothing of what is asked for
    has changed, and the approval still stands. `payout` is held."""
    reward = payout.reward
    if payout.paid_at is not None:
        return
    payout.error = ""
    if reward.state == "failed":  # the money had been given back
        ledger.step(tx, "reserve", reward=reward, by=manager, now=now)
        states.move(tx, reward=reward, to="approved", act="tried again", by=manager, now=now)
    elif reward.state == "human":
        states.move(tx, reward=reward, to="paying", act="asked again", by=manager, now=now)


def leave_unpaid(tx: Session, *, payout: Payout, manager: Member, now: datetime) -> None:
    """What was refused stays refused; what is in doubt stays put aside, because it may have been paid."""
    record(tx, reward=payout.reward, by=manager, act="left", now=now)


def _settle(
    tx: Session, *, reward: Reward, payout: Payout, gift: str, ref: str, cipher: MultiFernet, now: datetime
) -> None:
    payout.gift, payout.provider_ref, payout.paid_at = cipher.encrypt(gift.encode()).decode(), ref, now
    ledger.step(tx, "settle", reward=reward, now=now)
    act = "paid after all" if reward.state == "failed" else "paid"
    states.move(tx, reward=reward, to="paid", act=act, by=None, now=now, provider=payout.provider)
    outbox.owe(
        tx,
        workspace_id=reward.workspace_id,
        kind="reward.gift",
        key=keys_of(payout)[1],
        now=now,
        payout_id=payout.id,
    )
