"""Where the payout service's books and ours differ, in words, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback import rewards
from feedback.blocks import money
from feedback.overview import Page, paged
from models import Discrepancy

MOST_SETTLED = 20
WHAT = {
    "missing_here": "{there} was ordered there, and is not paid here",
    "missing_there": "{ours} is paid here, and the payout service has no gift for it",
    "amount_differs": "{ours} was approved here, and {there} was ordered there",
}
DO = {
    "missing_here": "Look for the order at the payout service. If it is for one of the thank-yous here, approving that "
    "one pays nothing twice. If nobody here knows of it, cancel it there.",
    "missing_there": "Look for the order at the payout service by its id. If it is really not there, the person has no "
    "gift: send it another way, and write down how.",
    "amount_differs": "Look at the order there. Cancel it, or leave it, and write down which.",
}


@dataclass(frozen=True)
class Difference:
    row: Discrepancy
    what: str
    do: str
    ref: str
    """The payout service's own id, by which it is found there."""
    reward_id: int | None


@dataclass(frozen=True)
class Compared:
    at: datetime
    orders: int
    balance: str
    """What orders could be paid with then; empty where the service did not say."""


def listed(tx: Session, *, workspace_id: int, number: int) -> Page[Difference]:
    """Those that nobody has settled, the newest first."""
    statement = (
        select(Discrepancy)
        .where(Discrepancy.workspace_id == workspace_id, Discrepancy.settled_at.is_(None))
        .order_by(Discrepancy.id.desc())
    )
    page = paged(tx, statement, number=number)
    return Page([_said(row.Discrepancy) for row in page.rows], page.number, page.total, page.size)


def settled(tx: Session, *, workspace_id: int) -> Sequence[Difference]:
    """The last ones."""
    rows = tx.scalars(
        select(Discrepancy)
        .where(Discrepancy.workspace_id == workspace_id, Discrepancy.settled_at.is_not(None))
        .options(joinedload(Discrepancy.settled_by))
        .order_by(Discrepancy.settled_at.desc(), Discrepancy.id.desc())
        .limit(MOST_SETTLED)
    )
    return [_said(row) for row in rows]


def compared(tx: Session, *, workspace_id: int) -> Compared | None:
    """When both were last held against each other to the end; None: never yet."""
    last = rewards.last_compared(tx, workspace_id=workspace_id)
    if last is None:
        return None
    has_balance = "balance_cents" in last.detail
    balance = money(last.detail["balance_cents"], last.detail["balance_currency"]) if has_balance else ""
    return Compared(last.at, last.detail["orders"], balance)


def _said(row: Discrepancy) -> Difference:
    detail = row.detail
    words = {
        "there": _amount(detail.get("cents"), detail.get("currency")),
        "ours": _amount(detail.get("ours_cents"), detail.get("ours_currency")),
    }
    return Difference(
        row, WHAT[row.kind].format(**words), DO[row.kind], str(detail.get("ref") or ""), detail.get("reward_id")
    )


def _amount(cents: int | None, currency: str | None) -> str:
    return "An amount" if cents is None or not currency else money(cents, currency)
