"""How far the payout service's books were held against ours: page by page, each owing the next, so that any number of
orders comes to its end and nobody who waits to be paid waits behind it.

First a stretch of its books, then those of our payments of that time which stood nowhere in them, then the next
stretch. What a page says is judged in feedback.rewards.reconciling.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from feedback import access, audit, outbox
from feedback.rewards import news
from models import Audit, Discrepancy, Member, Payout, Reward, Workspace

Json = dict[str, Any]

OVERLAP = timedelta(days=3)
"""So far back what was compared is compared again: orders are executed, cancelled and booked some time after they were
made."""
SETTLING = timedelta(minutes=15)
"""What is younger than this may still be on its way between the two."""
STRETCH = 500
"""Payments of ours in one stretch: what its books had of them is remembered until its end."""
NEXT = {"orders": "money", "money": "ours"}
"""What is read of a stretch, one after the other."""


@dataclass(frozen=True)
class Mark:
    """It is kept in the row of the outbox, so that whatever comes between (a slow answer, a limit of the service's, the
    end of a process) costs no more than the page that was being read. Times are in the ISO form."""

    since: str
    until: str
    """When this comparing began."""
    begins: str
    ends: str
    """The stretch."""
    reads: str = "orders"
    """Its orders, its money that moved, or ours that stood in neither."""
    offset: int = 0
    """Where its next page begins; of ours, the id of the last one that was looked up."""
    seen: tuple[int, ...] = ()
    """Our payments that its books had, of this stretch."""
    orders: int = 0
    """Of ours there, so far."""


def soon(tx: Session, *, workspace_id: int, now: datetime) -> None:
    """Owes it. One that is under way goes on where it is."""
    if "until" not in (outbox.unfinished(tx, key=_key(workspace_id)) or {}):
        _owe(tx, workspace_id, now)


def compare_now(tx: Session, *, manager: Member, now: datetime) -> None:
    access.check_manage(manager)
    soon(tx, workspace_id=manager.workspace_id, now=now)


def _owe(tx: Session, workspace_id: int, now: datetime, **mark: Any) -> None:
    key = _key(workspace_id)
    outbox.owe_again(tx, workspace_id=workspace_id, kind="reward.reconcile", key=key, now=now, **mark)


def _key(workspace_id: int) -> str:
    return f"reward.reconcile:{workspace_id}"


def mark_of(tx: Session, *, workspace_id: int, ids: Json, now: datetime) -> Mark:
    """What is to be read next, from the row's `ids`. It begins where the last one that came to its end had ended, with
    an overlap: in a restored backup that is longer ago, and so is what has to be looked at."""
    if "until" in ids:
        known = {field.name: ids[field.name] for field in fields(Mark)}
        return Mark(**{**known, "seen": tuple(known["seen"])})
    last = last_compared(tx, workspace_id=workspace_id)
    began = tx.get_one(Workspace, workspace_id).joined_at
    since = (datetime.fromisoformat(last.detail["until"]) if last else began) - OVERLAP
    ends = _end_of_stretch(tx, workspace_id, since, now)
    return Mark(since.isoformat(), now.isoformat(), since.isoformat(), ends.isoformat())


def _end_of_stretch(tx: Session, workspace_id: int, begins: datetime, until: datetime) -> datetime:
    """So that not many more of our payments than STRETCH are in it."""
    paid = _paid(workspace_id, begins, until)
    found = tx.scalars(
        select(Payout.paid_at)
        .join(Reward, Reward.id == Payout.reward_id)
        .where(*paid)
        .order_by(Payout.paid_at)
        .offset(STRETCH - 1)
        .limit(1)
    ).first()
    return found or until


def _paid(workspace_id: int, after: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    """Payments that we call made. What is on its way is asked for anew anyway, and what is in doubt waits for a
    person."""
    return (
        Reward.workspace_id == workspace_id,
        Reward.state == "paid",
        Payout.provider.in_(news.AT_SERVICE),
        Payout.body != "",
        Payout.paid_at > after,
        Payout.paid_at <= until,
    )


def end_page(
    tx: Session, *, workspace_id: int, mark: Mark, seen: Iterable[int], size: int, has_more: bool, now: datetime
) -> None:
    """Of its books, after all of it was compared: `seen` of our payments stood there."""
    here = set(seen)
    known = tuple(sorted(here.union(mark.seen)))
    orders = mark.orders + (len(here) if mark.reads == "orders" else 0)
    following = replace(mark, offset=mark.offset + size, seen=known, orders=orders)
    if not has_more:
        following = replace(following, reads=NEXT[mark.reads], offset=0)
    _owe(tx, workspace_id, now, **asdict(following))


def next_unseen(tx: Session, *, workspace_id: int, mark: Mark) -> tuple[int, str] | None:
    """A payment of this stretch that its books did not have: its id, and by which the service knows it. None: all of
    them were looked up."""
    settled = datetime.fromisoformat(mark.until) - SETTLING
    paid = _paid(workspace_id, datetime.fromisoformat(mark.begins), min(datetime.fromisoformat(mark.ends), settled))
    rows = tx.execute(
        select(Payout.id, Payout.external_id)
        .join(Reward, Reward.id == Payout.reward_id)
        .where(*paid, Payout.id > mark.offset)
        .where(Payout.id.not_in(select(Discrepancy.payout_id).where(Discrepancy.payout_id.is_not(None))))
        .order_by(Payout.id)
    )
    seen = set(mark.seen)
    return next(((row.id, row.external_id) for row in rows if row.id not in seen), None)


def looked_up(tx: Session, *, workspace_id: int, mark: Mark, payout_id: int, now: datetime) -> None:
    _owe(tx, workspace_id, now, **asdict(replace(mark, offset=payout_id)))


def is_last(mark: Mark) -> bool:
    return mark.ends == mark.until


def next_stretch(tx: Session, *, workspace_id: int, mark: Mark, now: datetime) -> None:
    ends = _end_of_stretch(tx, workspace_id, datetime.fromisoformat(mark.ends), datetime.fromisoformat(mark.until))
    fresh = Mark(mark.since, mark.until, mark.ends, ends.isoformat(), orders=mark.orders)
    _owe(tx, workspace_id, now, **asdict(fresh))


def compared(tx: Session, *, workspace_id: int, mark: Mark, balance: tuple[int, str] | None, now: datetime) -> None:
    """It came to its end."""
    left = {"balance_cents": balance[0], "balance_currency": balance[1]} if balance else {}
    audit.record(
        tx,
        workspace_id=workspace_id,
        by=None,
        act="reconciled",
        subject="workspace",
        subject_id=workspace_id,
        now=now,
        since=mark.since,
        until=mark.until,
        orders=mark.orders,
        **left,
    )


def last_compared(tx: Session, *, workspace_id: int) -> Audit | None:
    return tx.scalars(
        select(Audit)
        .where(Audit.workspace_id == workspace_id, Audit.subject == "workspace", Audit.subject_id == workspace_id)
        .where(Audit.act == "reconciled")
        .order_by(Audit.id.desc())
        .limit(1)
    ).first()
