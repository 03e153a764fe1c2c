"""A thank-you for an idea that shipped and helped: proposed by the product, approved by a manager, paid once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from cryptography.fernet import MultiFernet
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from feedback import access, audit, members, once, outbox
from feedback.errors import Refused
from feedback.providers.payouts import Gift, Order
from models import (
    Approval,
    Change,
    ChangeIdea,
    Idea,
    LedgerTransaction,
    Member,
    Payout,
    Posting,
    Reward,
    Workspace,
)

REASON = "confirmed"
LONGEST_GIFT = 500
LONGEST_WHY = 500
PAYOUT_NAMESPACE = uuid.UUID("5d3c0c52-4f0e-5f1b-9b37-0d1d4f4d8a11")
"""Fixed for ever: payments are derived from it."""


def propose(tx: Session, *, idea: Idea, change: Change, now: datetime) -> Reward | None:
    """A reward for the idea's author, vouched for by whoever recorded the change. None where there is one already
    (for this idea or another one that the same change answered), or the author is on the team or has left."""
    tx.get_one(Change, change.id, with_for_update=True)  # two answers at once take turns, so that the second one sees
    author = tx.get_one(Member, idea.author_id)
    if author.role != "customer" or author.left_at or author.is_bot or _has_one(tx, change, author):
        return None
    workspace = tx.get_one(Workspace, idea.workspace_id)
    row_id = once.insert(
        tx,
        Reward,
        workspace_id=workspace.id,
        idea_id=idea.id,
        member_id=author.id,
        reason=REASON,
        amount_cents=workspace.reward_cents,
        currency=workspace.reward_currency,
        proposed_by_id=change.made_by_id,
        state="proposed",
        proposed_at=now,
    )
    if row_id is None:
        return None
    reward = tx.get_one(Reward, row_id)
    _record(tx, reward=reward, by=None, act="proposed", now=now)
    outbox.owe(
        tx, workspace_id=workspace.id, kind="reward.card", key=f"reward.card:{row_id}", now=now, reward_id=row_id
    )
    return reward


def _has_one(tx: Session, change: Change, author: Member) -> bool:
    return (
        tx.scalars(
            select(Reward.id)
            .join(ChangeIdea, ChangeIdea.idea_id == Reward.idea_id)
            .where(ChangeIdea.change_id == change.id, Reward.member_id == author.id)
        ).first()
        is not None
    )


def approve(
    tx: Session, *, reward_id: int, manager: Member, gift: str = "", cipher: MultiFernet, now: datetime
) -> Reward:
    """A manager who neither vouched for it nor receives it says yes. With payment by hand, `gift` is the code or link
    that the member gets; otherwise the payout service is asked for one."""
    reward = _decidable(tx, reward_id=reward_id, manager=manager)
    workspace = tx.get_one(Workspace, reward.workspace_id)
    gift = gift.strip()
    if workspace.pays_by_hand:
        _check_gift(gift)
    _decide(tx, reward=reward, manager=manager, verdict="approved", why="", now=now)
    _post(tx, reward=reward, step="reserve", take="budget", give="reserved", now=now)
    payout = Payout(
        reward_id=reward.id,
        external_id=external_id(workspace, reward),
        provider="manual" if workspace.pays_by_hand else "service",
    )
    tx.add(payout)
    tx.flush()  # the rows below speak of its id
    if workspace.pays_by_hand:
        _settle(tx, reward=reward, payout=payout, gift=gift, ref="", cipher=cipher, now=now)
    else:
        outbox.owe(
            tx,
            workspace_id=workspace.id,
            kind="reward.pay",
            key=f"pay:{payout.external_id}",
            now=now,
            payout_id=payout.id,
        )
    return reward


def decline(tx: Session, *, reward_id: int, manager: Member, why: str, now: datetime) -> Reward:
    """Only the managers see why; the member never heard that anything was proposed."""
    reward = _decidable(tx, reward_id=reward_id, manager=manager)
    why = why.strip()
    if not why:
        raise Refused("Say why, for the other managers.", "why")
    if len(why) > LONGEST_WHY:
        raise Refused(f"Please keep it under {LONGEST_WHY} characters.", "why")
    _decide(tx, reward=reward, manager=manager, verdict="declined", why=why, now=now)
    return reward


def check_decidable(tx: Session, *, reward_id: int, manager: Member) -> Reward:
    """Before a form is shown."""
    return _decidable(tx, reward_id=reward_id, manager=manager)


def _decidable(tx: Session, *, reward_id: int, manager: Member) -> Reward:
    reward = access.access_reward(tx, member=manager, reward_id=reward_id)
    if reward.member_id == manager.id:
        raise Refused("This one is for you, so another manager has to decide.")
    if reward.proposed_by_id == manager.id:
        raise Refused("You recorded the change it is for, so another manager has to decide.")
    if reward.state != "proposed":
        raise Refused(f"This was decided already: {reward.state}.")
    return reward


def _check_gift(gift: str) -> None:
    if not gift:
        raise Refused("Paste the code or link that they get.", "gift")
    if len(gift) > LONGEST_GIFT or any(character.isspace() for character in gift):
        raise Refused("One code or link, without spaces.", "gift")


def _decide(tx: Session, *, reward: Reward, manager: Member, verdict: str, why: str, now: datetime) -> None:
    won = tx.execute(
        update(Reward)
        .where(Reward.id == reward.id, Reward.state == "proposed")
        .values(state=verdict)
        .returning(Reward.id)
    ).first()
    if (
        won is None
        or once.insert(tx, Approval, reward_id=reward.id, manager_id=manager.id, verdict=verdict, why=why, given_at=now)
        is None
    ):
        raise Refused("Another manager was faster.")
    tx.refresh(reward)
    _record(tx, reward=reward, by=manager, act=verdict, now=now, **({"why": why} if why else {}))
    _show(tx, reward=reward, now=now)


def external_id(workspace: Workspace, reward: Reward) -> str:
    """Derived from what is paid for, so that even a restored backup asks for the same payment again."""
    facts = (workspace.team_id, reward.idea_id, reward.member_id, reward.reason, 1)
    return str(uuid.uuid5(PAYOUT_NAMESPACE, "|".join(map(str, facts))))


def get(tx: Session, *, reward_id: int) -> Reward:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Reward, reward_id)


def get_payout(tx: Session, *, payout_id: int) -> Payout:
    return tx.get_one(Payout, payout_id)


def change_of(tx: Session, *, reward: Reward) -> Change | None:
    """The shipped change that it is a thank-you for."""
    return tx.scalars(
        select(Change)
        .join(ChangeIdea, ChangeIdea.change_id == Change.id)
        .where(ChangeIdea.idea_id == reward.idea_id, Change.kind == "shipped", Change.made_at <= reward.proposed_at)
        .order_by(Change.id.desc())
    ).first()


def card_posted(tx: Session, *, reward_id: int, channel_id: str, ts: str) -> None:
    reward = tx.get_one(Reward, reward_id, with_for_update=True)
    reward.card_channel_id, reward.card_ts = channel_id, ts


def refresh_card(tx: Session, *, reward_id: int, now: datetime) -> None:
    """Owes the managers' card a fresh look."""
    outbox.owe_again(
        tx,
        workspace_id=tx.get_one(Reward, reward_id).workspace_id,
        kind="reward.card_refresh",
        key=f"reward.card_refresh:{reward_id}",
        now=now,
        reward_id=reward_id,
    )


def order_of(tx: Session, *, payout_id: int) -> Order | None:
    """What to ask the payout service for; None where it was paid."""
    payout = tx.get_one(Payout, payout_id)
    reward = payout.reward
    if reward.state != "approved":
        return None
    return Order(payout.external_id, reward.amount_cents, reward.currency, reward.member.slack_id)


def paid(tx: Session, *, payout_id: int, gift: Gift, cipher: MultiFernet, now: datetime) -> None:
    """The service made the gift. A second time is no news."""
    payout = tx.get_one(Payout, payout_id, with_for_update=True)
    if payout.paid_at is None:
        _settle(tx, reward=payout.reward, payout=payout, gift=gift.link, ref=gift.ref, cipher=cipher, now=now)


def unpayable(tx: Session, *, payout_id: int, state: str, error: str, now: datetime) -> None:
    """`state`: "failed" (the service refused) or "human" (it knows another order by this id: somebody must look)."""
    payout = tx.get_one(Payout, payout_id, with_for_update=True)
    reward = payout.reward
    if reward.state != "approved":
        return
    reward.state, payout.error = state, error
    if state == "failed":  # otherwise the service may have paid, and the money stays reserved until somebody looked
        _post(tx, reward=reward, step="release", take="reserved", give="budget", now=now)
    _record(tx, reward=reward, by=None, act=state, now=now, error=error)
    _show(tx, reward=reward, now=now)


def _settle(
    tx: Session, *, reward: Reward, payout: Payout, gift: str, ref: str, cipher: MultiFernet, now: datetime
) -> None:
    payout.gift, payout.provider_ref, payout.paid_at = cipher.encrypt(gift.encode()).decode(), ref, now
    reward.state = "paid"
    _post(tx, reward=reward, step="pay", take="reserved", give="paid", now=now)
    _record(tx, reward=reward, by=None, act="paid", now=now)
    outbox.owe(
        tx,
        workspace_id=reward.workspace_id,
        kind="reward.gift",
        key=f"gift:{payout.external_id}",
        now=now,
        payout_id=payout.id,
    )
    _show(tx, reward=reward, now=now)


def gift_of(payout: Payout, *, cipher: MultiFernet) -> str:
    """The code or link itself: for its receiver's eyes only."""
    return cipher.decrypt(payout.gift.encode()).decode() if payout.gift else ""


def gift_told(tx: Session, *, payout_id: int, now: datetime) -> None:
    payout = tx.get_one(Payout, payout_id, with_for_update=True)
    payout.gift_told_at = payout.gift_told_at or now


def balances(tx: Session, *, workspace_id: int) -> dict[tuple[str, str], int]:
    """(account, currency) -> cents."""
    rows = tx.execute(
        select(Posting.account, Posting.currency, func.sum(Posting.amount_cents))
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(LedgerTransaction.workspace_id == workspace_id)
        .group_by(Posting.account, Posting.currency)
    )
    return {(account, currency): int(cents) for account, currency, cents in rows}


def listed(tx: Session, *, workspace_id: int, limit: int = 200) -> Sequence[Reward]:
    """Those that wait first, then the newest."""
    waits = (Reward.state != "proposed").label("waits")
    return tx.scalars(
        select(Reward).where(Reward.workspace_id == workspace_id).order_by(waits, Reward.id.desc()).limit(limit)
    ).all()


def _post(tx: Session, *, reward: Reward, step: str, take: str, give: str, now: datetime) -> None:
    """Moves the amount from one account to another; what is taken is negative, so that both sum to zero."""
    row_id = once.insert(
        tx,
        LedgerTransaction,
        workspace_id=reward.workspace_id,
        key=f"{step}:{reward.id}",
        reward_id=reward.id,
        posted_at=now,
    )
    assert row_id is not None, "a step of a reward is posted once"
    for account, cents in ((take, -reward.amount_cents), (give, reward.amount_cents)):
        tx.add(Posting(transaction_id=row_id, account=account, amount_cents=cents, currency=reward.currency))


def _record(tx: Session, *, reward: Reward, by: Member | None, act: str, now: datetime, **detail: object) -> None:
    audit.record(
        tx,
        workspace_id=reward.workspace_id,
        by=by,
        act=act,
        subject="reward",
        subject_id=reward.id,
        now=now,
        amount_cents=reward.amount_cents,
        currency=reward.currency,
        **detail,
    )


def _show(tx: Session, *, reward: Reward, now: datetime) -> None:
    """Owes the managers' card and the member's home a fresh look."""
    refresh_card(tx, reward_id=reward.id, now=now)
    members.show_home(tx, member=reward.member, now=now)
