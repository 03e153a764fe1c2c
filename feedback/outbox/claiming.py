"""Taking what is due, and writing how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from feedback import once
from feedback.outbox.kinds import LEASE_SECONDS, lease
from feedback.outbox.owing import Ring
from feedback.outbox.undelivered import as_got_through
from models import Outbox, Pace

MOST_TRIES = 25
"""After so many a person has to look: about an hour and a half of trying."""

POSTING_SECONDS = 1.1
"""Slack takes one message a second in a channel; the rest is for calls that take unequal time to get there."""

EVERYBODY = "everybody"
"""The line in which all posts of one kind stand that go to many: beside one a second in each channel, Slack has a limit
for the workspace, does not say which, and advises one call a second of each method."""


@dataclass(frozen=True)
class Claim:
    """A row that is ours until `lease_until`, if nobody claims it later."""

    outbox_id: int
    workspace_id: int
    kind: str
    key: str
    payload: dict[str, Any]
    attempt: int
    tries: int
    is_unknown: bool
    """Somebody said "sending" before and never said how it ended."""
    first_tried_at: datetime
    has_slot: bool
    lease_until: datetime


def claim(tx: Session, *, outbox_id: int, now: datetime) -> Claim | None:
    """Takes the row if it is due and nobody holds it. The caller commits before it does anything outside."""
    row = tx.scalars(
        select(Outbox).where(Outbox.id == outbox_id, _is_due(now)).with_for_update(skip_locked=True)
    ).one_or_none()
    if row is None:
        return None
    is_unknown = row.state == "sending"
    row.state, row.lease_until = "sending", now + lease(row.kind)
    row.attempt += 1
    row.tries += 1
    row.first_tried_at = row.first_tried_at or now
    return Claim(
        outbox_id=row.id,
        workspace_id=row.workspace_id,
        kind=row.kind,
        key=row.key,
        payload=row.payload,
        attempt=row.attempt,
        tries=row.tries,
        is_unknown=is_unknown,
        first_tried_at=row.first_tried_at,
        has_slot=row.slot_at is not None,
        lease_until=row.lease_until,
    )


def finish(tx: Session, claim: Claim, *, now: datetime, state: str = "done", ref: str = "", error: str = "") -> bool:
    """Writes the outcome. False where a later claim holds the row: then the outcome is not ours to write."""
    if state != "done":
        return _write(tx, claim, state=state, ref=ref, error=error, lease_until=None)
    return _write(tx, claim, **as_got_through(now), ref=ref, error=error)


def postpone(
    tx: Session, claim: Claim, *, until: datetime, error: str = "", slot_at: datetime | None = None, counts: bool = True
) -> bool:
    """Gives the row back, to be tried at `until`. What an earlier try did stays unknown if it was.

    `counts` False: it was not its turn yet, which does not use up one of its tries.
    """
    if counts and claim.tries >= MOST_TRIES:
        return _write(tx, claim, state="human", error=error or "tried too often", lease_until=None)
    values: dict[str, Any] = {"error": error, "slot_at": slot_at, "tries": claim.tries - (0 if counts else 1)}
    if claim.is_unknown:
        return _write(tx, claim, lease_until=until, **values)
    return _write(tx, claim, state="new", next_at=until, lease_until=None, **values)


def leave_unknown(tx: Session, claim: Claim, *, error: str, now: datetime) -> bool:
    """The call may or may not have happened: the row stays in "sending" and is settled when its lease is over."""
    if claim.tries >= MOST_TRIES:
        return _write(tx, claim, state="human", error=error, lease_until=None)
    wait = max(backoff(claim.tries), timedelta(seconds=LEASE_SECONDS))
    return _write(tx, claim, error=error, lease_until=now + wait)


def wait_for_turn(tx: Session, claim: Claim, *, target: str, now: datetime) -> datetime | None:
    """None where this row may be posted to `target` now, which takes the turn; else the second reserved for it.

    A row that comes late to its second (nobody was there to send it) goes ahead if nobody else just did, so that a
    backlog leaves at the pace that Slack takes and not all at once.
    """
    once.insert(tx, Pace, workspace_id=claim.workspace_id, target=target, free_at=now)
    pace = tx.scalars(
        select(Pace).where(Pace.workspace_id == claim.workspace_id, Pace.target == target).with_for_update()
    ).one()
    step = timedelta(seconds=POSTING_SECONDS)
    is_quiet = pace.posted_at is None or pace.posted_at + step <= now
    if is_quiet and (claim.has_slot or pace.free_at <= now):
        pace.posted_at = now
        pace.free_at = max(pace.free_at, now + step)
        return None
    slot = max(pace.free_at, now, (pace.posted_at or now) + step)
    pace.free_at = slot + step
    return slot


def due(tx: Session, *, now: datetime, queue: str, limit: int) -> Sequence[Ring]:
    """What should be done by now, the longest waiting first."""
    rows = tx.execute(
        select(Outbox.id, Outbox.queue, Outbox.attempt)
        .where(Outbox.queue == queue, _is_due(now))
        .order_by(Outbox.next_at, Outbox.id)
        .limit(limit)
    )
    return [Ring(*row) for row in rows]


def next_due(tx: Session) -> datetime | None:
    """When something will be due next; None where nothing is owed."""
    due_at = case((Outbox.state == "new", Outbox.next_at), else_=Outbox.lease_until)
    found: datetime | None = tx.scalar(select(func.min(due_at)).where(Outbox.state.in_(("new", "sending"))))
    return found


def backoff(tries: int) -> timedelta:
    """1 s, 2 s, 4 s … up to five minutes."""
    return timedelta(seconds=min(2 ** max(tries - 1, 0), 300))


def _is_due(now: datetime) -> Any:
    return or_(
        and_(Outbox.state == "new", Outbox.next_at <= now),
        and_(Outbox.state == "sending", Outbox.lease_until <= now),
    )


def _write(tx: Session, claim: Claim, **values: Any) -> bool:
    statement = (
        update(Outbox)
        .where(Outbox.id == claim.outbox_id, Outbox.state == "sending", Outbox.attempt == claim.attempt)
        .values(**values)
        .returning(Outbox.id)
    )
    return tx.execute(statement).first() is not None
