"""Where the money is: outside, in a budget, reserved (approved), committed (a provider was asked) or paid.

Only added to, in hundredths. What goes wrong is answered with its reverse. A budget keeps the four sums beside it; they
change with the postings, in one statement each that refuses to go below nothing. Whoever calls any of this has locked
the reward, before the budget.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from feedback import once, outbox, sealing
from feedback.errors import Refused
from feedback.rewards import standing
from models import Budget, LedgerTransaction, Member, Posting, Reward, Seal

SUMS = {
    "budget": Budget.available_cents,
    "reserved": Budget.reserved_cents,
    "committed": Budget.committed_cents,
    "paid": Budget.spent_cents,
}
STEPS = {
    "reserve": ("budget", "reserved"),
    "commit": ("reserved", "committed"),
    "settle": ("committed", "paid"),
    "release": ("reserved", "budget"),
    "void": ("committed", "budget"),
    "refund": ("paid", "budget"),
}
"""Of a reward: from where, and to where. The last three are the reverses of reserve, of commit, and of all three."""
REVERSES = {"release": "reserve", "void": "commit", "refund": "settle"}
TOGETHER = timedelta(seconds=10)
"""For so long what moves is waited for before the cards show what is left."""
OF_OLD = {"reserve": "reserve:", "settle": "pay:"}
"""How the keys began of what was posted before a move said of which kind it is."""


def fund(tx: Session, *, budget: Budget, cents: int, by: Member | None, note: str = "", now: datetime) -> None:
    """Money comes into a budget, or, with negative cents, is taken out again. Refused where there is not so much."""
    if cents == 0:
        raise Refused("That moves nothing.", "amount")
    kind = "fund" if cents > 0 else "withdraw"
    _shift(tx, budget, {"budget": cents})
    number = tx.scalar(select(func.count(Posting.id)).where(Posting.budget_id == budget.id))
    _post(
        tx,
        workspace_id=budget.workspace_id,
        key=f"{kind}:{budget.id}:{number}",
        kind=kind,
        postings={"outside": -cents, "budget": cents},
        budget=budget,
        by=by,
        note=note,
        now=now,
    )
    _show_left(tx, budget, now)


def step(tx: Session, kind: str, *, reward: Reward, by: Member | None = None, now: datetime) -> None:
    """One of STEPS, for the reward's amount. Nothing where nothing is paid. Refused where the budget does not hold so
    much, or where this reward's own money is not where the step takes it from; each step is posted once for each time
    that money was put aside."""
    if reward.amount_cents == 0:
        return
    budget = reward.budget
    assert budget is not None, "whoever approves names the budget first"
    if (budget.workspace_id, budget.currency) != (reward.workspace_id, reward.currency):
        raise Refused(f"“{budget.name}” is in {budget.currency}, and this is in {reward.currency}.")
    take, give = STEPS[kind]
    if take == "committed" and _is_of_old(tx, reward) and _own(tx, reward) == {"reserved": reward.amount_cents}:
        # It stayed reserved then until it was paid, also where a provider was asked for it.
        step(tx, "commit", reward=reward, now=now)
    _check_own(tx, reward, take)
    _shift(tx, budget, {take: -reward.amount_cents, give: reward.amount_cents})
    turn = _times(tx, reward, "reserve") + (kind == "reserve")
    _post(
        tx,
        workspace_id=reward.workspace_id,
        key=f"{kind}:{reward.id}:{turn}",
        kind=kind,
        postings={take: -reward.amount_cents, give: reward.amount_cents},
        budget=budget,
        reward_id=reward.id,
        reverses_id=_last(tx, reward, REVERSES[kind]) if kind in REVERSES else None,
        by=by,
        now=now,
    )
    if "budget" in (take, give):
        _show_left(tx, budget, now)


def take_in(tx: Session, *, reward: Reward, budget: Budget) -> None:
    """Whatever was moved for it outside of every budget was moved in this one, from now on. Nobody had sealed that;
    now it is sealed as it stands. Refused, and nothing is moved, where the budget does not hold so much."""
    of_reward = select(LedgerTransaction.id).where(LedgerTransaction.reward_id == reward.id)
    stray = (Posting.transaction_id.in_(of_reward), Posting.budget_id.is_(None), Posting.account.in_(SUMS))
    rows = tx.execute(select(Posting.transaction_id, Posting.account, Posting.amount_cents).where(*stray)).all()
    move_ids = {row.transaction_id for row in rows}
    if tx.scalars(select(Seal.id).where(Seal.transaction_id.in_(move_ids))).first() is not None:
        raise Refused("It was put aside outside of every budget, and sealed so. Whoever keeps the books has to look.")
    cents: dict[str, int] = defaultdict(int)
    for row in rows:
        cents[row.account] += row.amount_cents
    _shift(tx, budget, cents)
    tx.execute(update(Posting).where(*stray).values(budget_id=budget.id))
    sealing.note(tx, reward.workspace_id).transaction_ids.update(move_ids)


def _show_left(tx: Session, budget: Budget, now: datetime) -> None:
    """What is left of it stands on the cards of what is undecided. They are drawn anew once for all that moves within
    some seconds: fifty approvals are one fresh look at each card."""
    if tx.scalars(standing.shows_left(budget).limit(1)).first() is not None:
        outbox.owe_again(
            tx,
            workspace_id=budget.workspace_id,
            kind="reward.cards",
            key=f"reward.cards:{budget.id}",
            wait=TOGETHER,
            now=now,
            budget_id=budget.id,
        )


def _check_own(tx: Session, reward: Reward, take: str) -> None:
    """What others have put aside in the same budget is not this one's to move."""
    held = _own(tx, reward)
    if take == "budget" and held:
        raise Refused("The money for this is put aside already, or paid.")
    if take != "budget" and held != {take: reward.amount_cents}:
        raise Refused("The money for this is not there any more.")


def _own(tx: Session, reward: Reward) -> dict[str, int]:
    """Where this reward's own money is, outside of its budget, by account."""
    rows = tx.execute(
        select(Posting.account, func.sum(Posting.amount_cents))
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(LedgerTransaction.reward_id == reward.id, Posting.account != "budget")
        .group_by(Posting.account)
        .having(func.sum(Posting.amount_cents) != 0)
    )
    return {account: int(cents) for account, cents in rows}


def _is_of_old(tx: Session, reward: Reward) -> bool:
    """Whether its money was put aside before a move said of which kind it is."""
    move = LedgerTransaction
    of_old = (move.reward_id == reward.id, move.kind == "", move.key.startswith(OF_OLD["reserve"]))
    return tx.scalars(select(move.id).where(*of_old).limit(1)).first() is not None


def _times(tx: Session, reward: Reward, kind: str) -> int:
    counted = select(func.count(LedgerTransaction.id)).where(
        LedgerTransaction.reward_id == reward.id, LedgerTransaction.key.startswith(f"{kind}:")
    )
    return tx.scalar(counted) or 0


def _last(tx: Session, reward: Reward, kind: str) -> int | None:
    is_it = LedgerTransaction.kind == kind
    if kind in OF_OLD:
        is_it |= (LedgerTransaction.kind == "") & LedgerTransaction.key.startswith(OF_OLD[kind])
    return tx.scalar(select(func.max(LedgerTransaction.id)).where(LedgerTransaction.reward_id == reward.id, is_it))


def _shift(tx: Session, budget: Budget, cents: Mapping[str, int]) -> None:
    """All sums at once, or, where one would go below nothing, none."""
    enough = [SUMS[account] >= -change for account, change in cents.items() if change < 0]
    changed = tx.execute(
        update(Budget)
        .where(Budget.id == budget.id, *enough)
        .values({SUMS[account]: SUMS[account] + change for account, change in cents.items()})
        .returning(Budget.id)
    ).first()
    tx.refresh(budget)
    if changed is None:
        raise Refused(f"There is not enough left in “{budget.name}”.")


def _post(
    tx: Session,
    *,
    workspace_id: int,
    key: str,
    kind: str,
    postings: dict[str, int],
    budget: Budget,
    reward_id: int | None = None,
    reverses_id: int | None = None,
    by: Member | None,
    note: str = "",
    now: datetime,
) -> None:
    """What is taken is negative, so that both sum to zero. Sealed with the rest of what this transaction writes."""
    if sum(postings.values()) != 0 or 0 in postings.values():
        raise ValueError(f"{key} moves {postings}, which is not a transfer")
    if (reverses_id is None) != (kind not in REVERSES):
        raise ValueError(f"{key} has to name what it reverses, and nothing else does")
    row_id = once.insert(
        tx,
        LedgerTransaction,
        workspace_id=workspace_id,
        key=key,
        kind=kind,
        reward_id=reward_id,
        reverses_id=reverses_id,
        by_id=by.id if by else None,
        note=note,
        posted_at=now,
    )
    assert row_id is not None, f"{key} is posted once"
    sealing.note(tx, workspace_id).transaction_ids.add(row_id)
    for account, cents in postings.items():
        tx.add(
            Posting(
                transaction_id=row_id,
                account=account,
                budget_id=None if account == "outside" else budget.id,
                amount_cents=cents,
                currency=budget.currency,
            )
        )


def balances(tx: Session, *, workspace_id: int) -> dict[tuple[str, str], int]:
    """(account, currency) -> cents, added up from every posting."""
    rows = tx.execute(
        select(Posting.account, Posting.currency, func.sum(Posting.amount_cents))
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(LedgerTransaction.workspace_id == workspace_id)
        .group_by(Posting.account, Posting.currency)
    )
    return {(account, currency): int(cents) for account, currency, cents in rows}
