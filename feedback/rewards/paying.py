"""The one payment of a thank-you: begun by an approval, made by hand, with a code, a link or by a service, recorded
once. Whoever calls any of this locks the reward before its payment, and both before the budget."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from cryptography.fernet import MultiFernet
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, identities, outbox
from feedback.blocks import money
from feedback.errors import Refused
from feedback.providers.payouts import MADE, REFUSED, Gift, Order
from feedback.rewards import adopting, budgets, codes, delivering, eligibility, ledger, limits, products, states
from feedback.rewards.standing import record, show
from models import LedgerTransaction, Member, Payout, Reward, Workspace

PAYOUT_NAMESPACE = uuid.UUID("5d3c0c52-4f0e-5f1b-9b37-0d1d4f4d8a11")
"""Fixed for ever: payments are derived from it."""
AT_ONCE = ("", "manual", "booking")
"""What is given needs nobody else: nothing but points, what a manager typed, the rule's link."""
LONGEST_ERROR = 200
OPEN_AT_SERVICE = ("approved", "paying", "human", "failed")
"""A payment in one of these can still turn out to be made."""


def begin(tx: Session, *, reward: Reward, gift: str, cipher: MultiFernet, now: datetime) -> None:
    """Of one that was approved. By hand, `gift` is all there is to it; of a call it is the rule's link; a code, or what
    the service makes, is owed. Refused where the rule has no link."""
    workspace = tx.get_one(Workspace, reward.workspace_id)
    way = way_of(tx, reward=reward)
    if way == "booking":
        gift = reward.rule.link if reward.rule else ""
        if not gift:
            raise Refused("Its rule has no link where they could choose a time. A manager can add one first.")
    if way == "manual" and not gift:
        raise Refused("Paste the code or link that they get.", "gift")
    payout = Payout(reward_id=reward.id, external_id=external_id(workspace, reward), provider=way)
    tx.add(payout)
    tx.flush()  # the rows below speak of its id
    if way in AT_ONCE:
        _set_off(tx, reward=reward, now=now)
        _settle(tx, payout=payout, gift=gift, cipher=cipher, now=now)
    else:
        outbox.owe(
            tx, workspace_id=workspace.id, kind="reward.pay", key=keys_of(payout)[0], now=now, payout_id=payout.id
        )


def way_of(tx: Session, *, reward: Reward) -> str:
    """How it is given. Of what was proposed before rewards named it: as the workspace paid then."""
    if reward.provider or reward.amount_cents == 0:
        return reward.provider
    return "manual" if tx.get_one(Workspace, reward.workspace_id).pays_by_hand else "tremendous"


def keys_of(payout: Payout) -> tuple[str, str]:
    """Under which the payment is owed, and then the gift."""
    return f"pay:{payout.external_id}", f"gift:{payout.external_id}"


def external_id(workspace: Workspace, reward: Reward) -> str:
    """Derived from what is paid for, so that even a restored backup asks for the same payment again."""
    facts = (workspace.team_id, reward.idea_id, reward.member_id, reward.reason, 1)
    return str(uuid.uuid5(PAYOUT_NAMESPACE, "|".join(map(str, facts))))


def get_payout(tx: Session, *, payout_id: int) -> Payout:
    return tx.get_one(Payout, payout_id)


def locked(tx: Session, payout_id: int) -> Payout:
    """Its reward too, and first; both as they stand now, whatever was read of them before."""
    payout = locked_of(tx, tx.scalars(select(Payout.reward_id).where(Payout.id == payout_id)).one())
    assert payout is not None
    return payout


def locked_of(tx: Session, reward_id: int) -> Payout | None:
    """None where nothing is paid for it. The reward is locked too, and first."""
    tx.get_one(Reward, reward_id, with_for_update=True, populate_existing=True)
    return tx.scalars(
        select(Payout).where(Payout.reward_id == reward_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()


def _set_off(tx: Session, *, reward: Reward, now: datetime) -> None:
    """Before anybody is asked: from here on nobody knows whether it was paid until somebody says."""
    ledger.step(tx, "commit", reward=reward, now=now)
    states.move(tx, reward=reward, to="paying", act="on its way", by=None, now=now)


def is_owed(tx: Session, *, payout_id: int) -> bool:
    """Whether there is still something to pay: it may be paid by now, or have come to nothing."""
    return tx.get_one(Payout, payout_id).reward.state in ("approved", "paying")


def find_budget(tx: Session, *, payout_id: int, now: datetime) -> bool:
    """Before anybody is asked to pay. False where there is none: it stays approved, and the managers read why."""
    reward = tx.get_one(Payout, payout_id).reward
    if reward.amount_cents == 0 or reward.budget_id is not None:
        return True
    payout = locked(tx, payout_id)
    try:
        adopting.adopt(tx, reward=payout.reward, now=now)
    except Refused as refused:
        if payout.error != refused.say:
            payout.error = refused.say
            show(tx, reward=payout.reward, now=now)
        return False
    payout.error = ""
    return True


def why_not_pay(tx: Session, *, payout_id: int, now: datetime) -> str:
    """Why its receiver may not have it any more, or could do nothing with it by now, as a manager reads it; empty where
    they may. Once somebody was asked for it, it may be theirs already, and nobody looks again."""
    payout = tx.get_one(Payout, payout_id)
    if payout.body or payout.reward.state not in ("approved", "paying"):
        return ""
    why_not = eligibility.why_not(tx, member=payout.reward.member, now=now)
    if why_not or payout.provider != "tremendous":
        return why_not
    return products.why_not(tx, reward=payout.reward)


def order_of(tx: Session, *, payout_id: int, write: Callable[..., str], now: datetime) -> Order | None:
    """What to ask the payout service for; None where it was paid, or will not be. Once it was given out it may have
    been paid. `write` puts it into the service's words, the first time; from then on it is what it was."""
    payout = locked(tx, payout_id)
    reward = payout.reward
    if reward.state == "approved":
        _set_off(tx, reward=reward, now=now)
    if reward.state != "paying":
        return None
    if not payout.body:
        payout.body = write(
            external_id=payout.external_id,
            amount_cents=reward.amount_cents,
            currency=reward.currency,
            name=reward.member.name,
        )
    return Order(payout.external_id, payout.body)


def pay_with_code(tx: Session, *, payout_id: int, cipher: MultiFernet, now: datetime) -> bool:
    """One of the uploaded codes is theirs. False where none of this amount is left: the reward stays approved, and the
    managers read why."""
    payout = locked(tx, payout_id)
    reward = payout.reward
    if reward.state not in ("approved", "paying"):
        return True
    code = codes.take(tx, payout=payout, now=now)
    if code is None:
        error = f"No code of {money(reward.amount_cents, reward.currency)} is left: upload more."
        if payout.error != error:
            payout.error = error
            show(tx, reward=reward, now=now)
        return False
    if reward.state == "approved":
        _set_off(tx, reward=reward, now=now)
    _settle(tx, payout=payout, gift=cipher.decrypt(code.code.encode()).decode(), cipher=cipher, now=now)
    return True


def answered(tx: Session, *, payout_id: int, gift: Gift, cipher: MultiFernet, now: datetime) -> bool:
    """What the service says of the order, whoever asked and whenever: it only ever goes forward. False where it is no
    gift yet, and somebody has to ask again."""
    payout = locked(tx, payout_id)
    was_made = payout.provider_state == MADE
    reward = payout.reward
    adopting.adopt(tx, reward=reward, now=now)
    payout.provider_ref, payout.provider_state = gift.ref, gift.state
    payout.provider_reward = gift.reward_ref or payout.provider_reward
    payout.expires_at = gift.expires_at or payout.expires_at
    if gift.state in REFUSED:
        _refused(tx, payout=payout, was_made=was_made, error=gift.state, now=now)
    elif gift.amount_cents is not None and (gift.amount_cents, gift.currency) != (reward.amount_cents, reward.currency):
        unpayable(tx, payout_id=payout_id, state="human", error="amount_differs", now=now)
    elif gift.state == MADE and gift.link:
        paid(tx, payout_id=payout_id, gift=gift, cipher=cipher, now=now)
    elif gift.state == MADE:
        unpayable(tx, payout_id=payout_id, state="human", error="no_link", now=now)
    else:
        return reward.state not in ("approved", "paying")
    return True


def _refused(tx: Session, *, payout: Payout, was_made: bool, error: str, now: datetime) -> None:
    """The service's clear word: what was in doubt is not any more, and what was paid came back. Not what was never made
    there, and is paid by the word of a manager: they have it from somewhere else, and a person looks at that."""
    if payout.paid_at is not None:
        if was_made or not _is_by_word(tx, payout):
            delivering.returned(tx, payout_id=payout.id, now=now)
    elif payout.reward.state == "human":
        payout.error = error
        ledger.step(tx, "void", reward=payout.reward, now=now)
        states.move(tx, reward=payout.reward, to="failed", act="not paid after all", by=None, now=now, error=error)
    else:
        unpayable(tx, payout_id=payout.id, state="failed", error=error, now=now)


def _is_by_word(tx: Session, payout: Payout) -> bool:
    settled = (LedgerTransaction.reward_id == payout.reward_id, LedgerTransaction.kind == "settle")
    newest = select(LedgerTransaction.by_id).where(*settled).order_by(LedgerTransaction.id.desc()).limit(1)
    return tx.scalars(newest).first() is not None


def paid(tx: Session, *, payout_id: int, gift: Gift, cipher: MultiFernet, now: datetime) -> None:
    """The service made the gift. A second time is no news; that it was thought to be refused is overtaken by it."""
    payout = locked(tx, payout_id)
    reward = payout.reward
    if payout.paid_at is not None or reward.state not in OPEN_AT_SERVICE:
        return
    payout.provider_ref, payout.provider_reward = gift.ref, gift.reward_ref or payout.provider_reward
    take_as_paid(tx, payout=payout, gift=gift.link, cipher=cipher, by=None, now=now)


def take_as_paid(
    tx: Session, *, payout: Payout, gift: str, cipher: MultiFernet, by: Member | None, why: str = "", now: datetime
) -> None:
    """From wherever it stood. `payout` is locked."""
    reward = payout.reward
    adopting.adopt(tx, reward=reward, now=now)
    if reward.state == "failed":
        _put_aside_again(tx, reward=reward, by=by, now=now)
        ledger.step(tx, "commit", reward=reward, by=by, now=now)
    elif reward.state == "approved":
        _set_off(tx, reward=reward, now=now)
    outbox.got_through(tx, key=keys_of(payout)[0], now=now)
    _settle(tx, payout=payout, gift=gift, cipher=cipher, by=by, why=why, now=now)


def unpayable(tx: Session, *, payout_id: int, state: str, error: str, now: datetime) -> None:
    """`state`: "failed" (the service refused) or "human" (somebody must look: it knows another order by this id, or
    made one without a link, or its receiver may not have it)."""
    payout = locked(tx, payout_id)
    reward = payout.reward
    if reward.state not in ("approved", "paying"):
        return
    if reward.state == "approved":
        _set_off(tx, reward=reward, now=now)
    payout.error = error[:LONGEST_ERROR]
    if state == "failed":  # otherwise the service may have paid, and the money stays aside until somebody looked
        ledger.step(tx, "void", reward=reward, now=now)
    states.move(tx, reward=reward, to=state, act=state, by=None, now=now, error=payout.error)


def gone(tx: Session, *, payout_id: int, now: datetime) -> None:
    """The service had the order, and says now that it knows of none: nobody would ever hear of it again."""
    payout = locked(tx, payout_id)
    if payout.reward.state == "paying" and payout.provider_ref:
        unpayable(tx, payout_id=payout_id, state="human", error="gone", now=now)


def hold(tx: Session, *, payout_id: int, manager: Member) -> Payout:
    """Before it is tried again: locks it, as whoever records its outcome does. Refused for whoever may not decide."""
    payout = locked(tx, payout_id)
    access.check_other_hands(manager, payout.reward, same=identities.same_person(tx, member_id=manager.id))
    return payout


def pay_again(tx: Session, *, payout: Payout, manager: Member, now: datetime) -> None:
    """What was refused, or is in doubt, is on its way again. It is the same payment: nothing of what is asked for
    has changed, and the approval still stands; but what was refused counted for nothing meanwhile, and surely is not
    theirs, so that who may receive anything, and how much, is looked at anew. `payout` is held."""
    reward = payout.reward
    if payout.paid_at is not None:
        return
    payout.error = ""
    adopting.adopt(tx, reward=reward, now=now)
    if reward.state == "failed":
        why_not = eligibility.why_not(tx, member=reward.member, now=now)
        if why_not:
            raise Refused(why_not)
        limits.take_turn(tx, reward=reward)
        limits.check(tx, reward=reward, manager=manager, now=now)
        _put_aside_again(tx, reward=reward, by=manager, now=now)
        states.move(tx, reward=reward, to="approved", act="tried again", by=manager, now=now)
    elif reward.state == "human":
        states.move(tx, reward=reward, to="paying", act="asked again", by=manager, now=now)


def _put_aside_again(tx: Session, *, reward: Reward, by: Member | None, now: datetime) -> None:
    """The money had been given back. Where its budget is closed by now, or was emptied, it comes out of another one:
    nobody can put anything into a closed one for it."""
    budget = reward.budget
    if budget is not None and (budget.closed_at is not None or budget.available_cents < reward.amount_cents):
        reward.budget = budgets.choose(tx, reward=reward, now=now)
    ledger.step(tx, "reserve", reward=reward, by=by, now=now)


def leave_unpaid(tx: Session, *, payout: Payout, manager: Member, now: datetime) -> None:
    """What was refused stays refused; what is in doubt stays put aside, because it may have been paid."""
    record(tx, reward=payout.reward, by=manager, act="left", now=now)


def _settle(
    tx: Session,
    *,
    payout: Payout,
    gift: str,
    cipher: MultiFernet,
    by: Member | None = None,
    why: str = "",
    now: datetime,
) -> None:
    """Where there is nothing to hand over (points, or they have it already) nobody is sent anything."""
    reward = payout.reward
    payout.gift, payout.paid_at, payout.error = cipher.encrypt(gift.encode()).decode() if gift else "", now, ""
    ledger.step(tx, "settle", reward=reward, by=by, now=now)
    act = "paid after all" if reward.state == "failed" or by is not None else "paid"
    said = {"why": why} if why else {}
    states.move(tx, reward=reward, to="paid", act=act, by=by, now=now, provider=payout.provider, **said)
    if gift:
        outbox.owe(
            tx,
            workspace_id=reward.workspace_id,
            kind="reward.gift",
            key=keys_of(payout)[1],
            now=now,
            payout_id=payout.id,
        )
