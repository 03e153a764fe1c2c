"""What is owed to the outside world, and to work that can wait.

A row is written in the transaction that makes it owed. A worker claims it (lease and attempt number), says "sending"
and commits, does it with no transaction open, and writes the outcome only while it still holds the newest attempt.
A row that is found in "sending" after its lease has an unknown outcome, which the claim tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from feedback import once
from feedback.database import in_pieces
from models import Outbox, Pace

VERSION = 1
LEASE_SECONDS = 18
"""Longer than all calls of one row together (three of providers.CALL_SECONDS): two workers never hold it. Whoever
had to look in several places asks before it posts whether there is time left."""
LONG_SECONDS = 660
"""The same for work on everything that a workspace has, which takes minutes where there are many thousands of ideas:
longer than a worker may be at one piece (jobs.doorbell.JOB_SECONDS). With a shorter lease two workers would take it
from each other in turn, and neither's end would count."""
LONG = frozenset({"audit.seal", "kinds.refit", "member.erase", "reward.reconcile", "theme.measure", "theme.regroup"})
MOST_TRIES = 25
"""After so many a person has to look: about an hour and a half of trying."""
POSTING_SECONDS = 1.1
"""Slack takes one message a second in a channel; the rest is for calls that take unequal time to get there."""

EVERYBODY = "everybody"
"""The line in which all posts of one kind stand that go to many: beside one a second in each channel, Slack has a limit
for the workspace, does not say which, and advises one call a second of each method."""


OWED = "owed"
"""Where a session keeps the rows that it wrote, for the hub to ring after the commit."""
ANEW = "anew"
"""Where it keeps what is owed anew, until everything else is written."""

UNDELIVERED = ("failed", "human")
"""How a row ends that did not get through: refused for good, or tried too often."""

QUEUES = ("slack", "reading", "themes", "payouts")
"""`reading` is what goes on page by page for a long time: nobody's answer waits behind it."""

QUEUE_OF_KIND = {
    "change.compare": "themes",
    "appeal.heard": "slack",
    "appeal.weigh": "slack",
    "audit.seal": "reading",
    "card.replaced": "slack",
    "channel.catch_up": "reading",
    "home.publish": "slack",
    "idea.card": "slack",
    "idea.card_refresh": "slack",
    "idea.place": "themes",
    "idea.receipt": "slack",
    "idea.receipt_refresh": "slack",
    "kinds.refit": "themes",
    "loop.digest": "slack",
    "loop.alert": "slack",
    "loop.notice": "slack",
    "loop.notice_refresh": "slack",
    "loop.week": "slack",
    "loop.announcement": "slack",
    "loop.announcement_refresh": "slack",
    "loop.post": "slack",
    "loop.post_refresh": "slack",
    "loop.rehearsal": "slack",
    "loop.reminder": "slack",
    "loop.reminder_refresh": "slack",
    "member.erase": "reading",
    "member.profile": "slack",
    "message.ask": "slack",
    "message.fetch": "slack",
    "message.judge": "themes",
    "promise.ask": "slack",
    "promise.remind": "slack",
    "promise.remind_refresh": "slack",
    "reward.answered": "slack",
    "reward.ask": "payouts",
    "reward.card": "slack",
    "reward.card_refresh": "slack",
    "reward.expiring": "slack",
    "reward.gift": "slack",
    "reward.held": "slack",
    "reward.pay": "payouts",
    "reward.question": "slack",
    "reward.thanks": "slack",
    "reward.reconcile": "payouts",
    "reward.gift_again": "slack",
    "reward.link": "payouts",
    "reward.returned": "slack",
    "reward.take_back": "payouts",
    "theme.map": "slack",
    "theme.measure": "themes",
    "theme.name": "themes",
    "theme.regroup": "themes",
    "theme.waiting": "slack",
    "work.catch_up": "reading",
    "work.check": "reading",
    "work.comment": "reading",
    "work.create": "reading",
    "work.read": "reading",
    "workspace.read": "reading",
}
"""Every kind of work, and who does it."""


@dataclass(frozen=True)
class Ring:
    """Enough to wake the right worker."""

    outbox_id: int
    queue: str
    attempt: int


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


def owe(tx: Session, *, workspace_id: int, kind: str, key: str, now: datetime, **ids: Any) -> bool:
    """Owes it, once for each key. False where it is owed already."""
    return bool(owe_each(tx, workspace_id=workspace_id, kind=kind, ids_of={key: ids}, now=now))


def owe_each(
    tx: Session,
    *,
    workspace_id: int,
    kind: str,
    ids_of: Mapping[str, dict[str, Any]],
    now: datetime,
    not_before: Mapping[str, datetime] | None = None,
) -> set[str]:
    """Owes many of one kind at once: the ids by key. Returns the keys that were not owed already.

    `not_before`: by key, those that wait for a time of their own.
    """
    rows = [_new_row(workspace_id=workspace_id, kind=kind, key=key, now=now, ids=ids) for key, ids in ids_of.items()]
    for row in rows:
        row["next_at"] = max(now, (not_before or {}).get(row["key"], now))
    return _write_new(tx, rows)


def owe_again(
    tx: Session,
    *,
    workspace_id: int,
    kind: str,
    key: str,
    now: datetime,
    wait: timedelta = timedelta(),
    **ids: Any,
) -> None:
    """Owes it anew each time: for effects that may happen twice and show how things stand (an update, a home).

    Calls that come before the worker does are one piece of work. A worker that is sending just now loses its claim,
    because what it read may be old; the row is then done once more. So work that goes on page by page owes itself its
    next page, which `ids` then name; what waits already keeps the ids it has. The rows are written by `write_anew`.

    `wait`: for what is to be done once for all that happens within that time. What waits already keeps its time.
    """
    row = _new_row(workspace_id=workspace_id, kind=kind, key=key, now=now, ids=ids)
    tx.info.setdefault(ANEW, {})[key] = {**row, "next_at": now + wait}


def replace_card(tx: Session, *, workspace_id: int, channel_id: str | None, ts: str | None, now: datetime) -> None:
    """Owes a word on a card that a newer one took the place of; nothing where there was none."""
    if channel_id and ts:
        key = f"card.replaced:{channel_id}:{ts}"
        owe(tx, workspace_id=workspace_id, kind="card.replaced", key=key, now=now, channel_id=channel_id, ts=ts)


def write_anew(tx: Session) -> None:
    """At the end of the transaction, in the order of the keys: two people who act on each other's ideas at once
    would otherwise lock each other's rows crosswise."""
    owed: dict[str, dict[str, Any]] = dict(sorted(tx.info.pop(ANEW, {}).items()))
    known = sorted(owed.keys() - _write_new(tx, list(owed.values())))
    for keys in in_pieces(known):
        for row in tx.scalars(select(Outbox).where(Outbox.key.in_(keys)).order_by(Outbox.key).with_for_update()):
            _start_anew(tx, row, owed[row.key])


def unfinished(tx: Session, *, key: str) -> dict[str, Any] | None:
    """The ids of a row that waits or is being done; None where there is no such row."""
    return tx.scalars(select(Outbox.payload).where(Outbox.key == key, Outbox.state.in_(("new", "sending")))).first()


def ended(tx: Session, *, keys: Iterable[str]) -> set[str]:
    """Of these, what is done or was found not to be owed, and so what nobody is at."""
    found: set[str] = set()
    for some in in_pieces(list(keys)):
        found |= set(tx.scalars(select(Outbox.key).where(Outbox.key.in_(some), Outbox.state == "done")))
    return found


def is_in_line(tx: Session, *, keys: Sequence[str]) -> bool:
    """Whether one of these is being done, or waits to be."""
    return (
        tx.scalars(select(Outbox.id).where(Outbox.key.in_(keys), Outbox.state.in_(("new", "sending"))).limit(1)).first()
        is not None
    )


def _start_anew(tx: Session, row: Outbox, owed: dict[str, Any]) -> None:
    if row.state == "new":
        return
    row.payload, row.queue = owed["payload"], owed["queue"]  # which may be another since it was first owed
    row.state, row.next_at, row.lease_until, row.slot_at = "new", owed["next_at"], None, None
    row.attempt += 1
    row.tries, row.owed_at, row.done_at, row.error = 0, owed["owed_at"], None, ""
    _remember(tx, Ring(row.id, row.queue, row.attempt))


def _new_row(*, workspace_id: int, kind: str, key: str, now: datetime, ids: dict[str, Any]) -> dict[str, Any]:
    return {
        "workspace_id": workspace_id,
        "kind": kind,
        "key": key,
        "payload": {"v": VERSION, **ids},
        "queue": QUEUE_OF_KIND[kind],
        "next_at": now,
        "owed_at": now,
        "state": "new",
        "attempt": 0,
        "tries": 0,
        "ref": "",
        "error": "",
    }


def _write_new(tx: Session, rows: Sequence[dict[str, Any]]) -> set[str]:
    """The keys of those that were not there."""
    new = once.insert_all(tx, Outbox, rows, returning=("id", "key", "queue"))
    for row in new:
        _remember(tx, Ring(row.id, row.queue, 0))
    return {row.key for row in new}


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
    return _write(tx, claim, **_got_through(now), ref=ref, error=error)


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


def try_again(tx: Session, *, outbox_id: int, attempt: int, now: datetime) -> bool:
    """A person wants it done after all, also where it was left. False where that is not how it stands any more:
    `attempt` is what they saw.

    It goes on as one whose outcome is unknown, so that whoever claims it looks first whether it got through after all.
    """
    fresh = {"attempt": attempt + 1, "tries": 0, "next_at": now, "slot_at": None, "error": ""}
    fresh |= {"state": "sending", "lease_until": now, "dismissed_at": None, "dismissed_by_id": None}
    ring = _settle(tx, outbox_id, attempt, did_not_get_through(), fresh)
    if ring is not None:
        _remember(tx, ring)
    return ring is not None


def dismiss(tx: Session, *, outbox_id: int, attempt: int, member_id: int, now: datetime) -> bool:
    """A person leaves it undone. It stays so, and is not listed again, until it does get through one day."""
    left = {"dismissed_at": now, "dismissed_by_id": member_id}
    return _settle(tx, outbox_id, attempt, is_undelivered(), left) is not None


def hasten(tx: Session, *, until: Mapping[str, datetime]) -> None:
    """By key: what waits for a later time waits no longer than until then. A row that somebody holds is being done."""
    for some in in_pieces(sorted(until)):
        waiting = select(Outbox).where(Outbox.key.in_(some), Outbox.state == "new")
        for row in tx.scalars(waiting.order_by(Outbox.key).with_for_update(skip_locked=True)):
            row.next_at = min(row.next_at, until[row.key])
            _remember(tx, Ring(row.id, row.queue, row.attempt))


def got_through(tx: Session, *, key: str, now: datetime) -> None:
    """Nobody has to look any more: it happened another way."""
    tx.execute(update(Outbox).where(Outbox.key == key, did_not_get_through()).values(**_got_through(now), error=""))


def did_not_get_through() -> ColumnElement[bool]:
    """For queries: it waits for a manager, or was left by one."""
    return Outbox.state.in_(UNDELIVERED)


def is_undelivered() -> ColumnElement[bool]:
    """For queries: it did not get through, and nobody has decided to leave it."""
    return did_not_get_through() & Outbox.dismissed_at.is_(None)


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


def lease(kind: str) -> timedelta:
    """How long a claimed row of this kind is nobody else's."""
    return timedelta(seconds=LONG_SECONDS if kind in LONG else LEASE_SECONDS)


def backoff(tries: int) -> timedelta:
    """1 s, 2 s, 4 s … up to five minutes."""
    return timedelta(seconds=min(2 ** max(tries - 1, 0), 300))


def _is_due(now: datetime) -> Any:
    return or_(
        and_(Outbox.state == "new", Outbox.next_at <= now),
        and_(Outbox.state == "sending", Outbox.lease_until <= now),
    )


def _settle(
    tx: Session, outbox_id: int, attempt: int, stands: ColumnElement[bool], values: dict[str, Any]
) -> Ring | None:
    """What a person decided; None where it does not stand as they saw it."""
    statement = (
        update(Outbox)
        .where(Outbox.id == outbox_id, Outbox.attempt == attempt, stands)
        .values(values)
        .returning(Outbox.id, Outbox.queue, Outbox.attempt)
    )
    row = tx.execute(statement).first()
    return Ring(*row) if row else None


def _got_through(now: datetime) -> dict[str, Any]:
    """Whoever left it undone before has been overtaken by events."""
    return {"state": "done", "lease_until": None, "done_at": now, "dismissed_at": None, "dismissed_by_id": None}


def _write(tx: Session, claim: Claim, **values: Any) -> bool:
    statement = (
        update(Outbox)
        .where(Outbox.id == claim.outbox_id, Outbox.state == "sending", Outbox.attempt == claim.attempt)
        .values(**values)
        .returning(Outbox.id)
    )
    return tx.execute(statement).first() is not None


def _remember(tx: Session, ring: Ring) -> None:
    tx.info.setdefault(OWED, []).append(ring)
