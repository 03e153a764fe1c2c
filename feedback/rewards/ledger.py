"""Where the money of thank-yous is: in the budget, put aside, or paid. Only added to, in hundredths."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import once
from models import LedgerTransaction, Posting, Reward


def reserve(tx: Session, *, reward: Reward, now: datetime) -> None:
    _move(tx, reward=reward, key=_next_key(tx, reward, "reserve"), take="budget", give="reserved", now=now)


def release(tx: Session, *, reward: Reward, now: datetime) -> None:
    _move(tx, reward=reward, key=_next_key(tx, reward, "release"), take="reserved", give="budget", now=now)


def pay(tx: Session, *, reward: Reward, now: datetime) -> None:
    _move(tx, reward=reward, key=f"pay:{reward.id}", take="reserved", give="paid", now=now)


def _next_key(tx: Session, reward: Reward, step: str) -> str:
    """What was given back may be put aside again: "reserve:7", "release:7", "reserve:7:2", "release:7:2" …

    Whoever asks has locked the payment, if there is one already.
    """
    given_back = tx.scalar(
        select(func.count(LedgerTransaction.id)).where(
            LedgerTransaction.reward_id == reward.id, LedgerTransaction.key.startswith("release:")
        )
    )
    return f"{step}:{reward.id}:{given_back + 1}" if given_back else f"{step}:{reward.id}"


def _move(tx: Session, *, reward: Reward, key: str, take: str, give: str, now: datetime) -> None:
    """Moves the amount from one account to another; what is taken is negative, so that both sum to zero."""
    row_id = once.insert(
        tx,
        LedgerTransaction,
        workspace_id=reward.workspace_id,
        key=key,
        reward_id=reward.id,
        posted_at=now,
    )
    assert row_id is not None, "a step of a reward is posted once"
    for account, cents in ((take, -reward.amount_cents), (give, reward.amount_cents)):
        tx.add(Posting(transaction_id=row_id, account=account, amount_cents=cents, currency=reward.currency))


def balances(tx: Session, *, workspace_id: int) -> dict[tuple[str, str], int]:
    """(account, currency) -> cents."""
    rows = tx.execute(
        select(Posting.account, Posting.currency, func.sum(Posting.amount_cents))
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(LedgerTransaction.workspace_id == workspace_id)
        .group_by(Posting.account, Posting.currency)
    )
    return {(account, currency): int(cents) for account, currency, cents in rows}
