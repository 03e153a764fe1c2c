"""Writing down what is owed, once or anew, and whether it still is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from feedback import once
from feedback.database import in_pieces
from feedback.outbox.kinds import QUEUE_OF_KIND
from models import Outbox

VERSION = 1

OWED = "owed"
"""Where a session keeps the rows that it wrote, for the hub to ring after the commit."""

ANEW = "anew"
"""Where it keeps what is owed anew, until everything else is written."""


@dataclass(frozen=True)
class Ring:
    """Enough to wake the right worker."""

    outbox_id: int
    queue: str
    attempt: int


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


def posted_as(tx: Session, *, keys: Sequence[str] = (), beginnings: Sequence[str] = ()) -> set[str]:
    """What Slack calls the messages that these rows posted: by whole keys, and by how keys begin."""
    which = or_(Outbox.key.in_(keys), *(Outbox.key.startswith(each, autoescape=True) for each in beginnings))
    return set(tx.scalars(select(Outbox.ref).where(which, Outbox.ref != "")))


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


def hasten(tx: Session, *, until: Mapping[str, datetime]) -> None:
    """By key: what waits for a later time waits no longer than until then. A row that somebody holds is being done."""
    for some in in_pieces(sorted(until)):
        waiting = select(Outbox).where(Outbox.key.in_(some), Outbox.state == "new")
        for row in tx.scalars(waiting.order_by(Outbox.key).with_for_update(skip_locked=True)):
            row.next_at = min(row.next_at, until[row.key])
            remember(tx, Ring(row.id, row.queue, row.attempt))


def _start_anew(tx: Session, row: Outbox, owed: dict[str, Any]) -> None:
    if row.state == "new":
        return
    row.payload, row.queue = owed["payload"], owed["queue"]  # which may be another since it was first owed
    row.state, row.next_at, row.lease_until, row.slot_at = "new", owed["next_at"], None, None
    row.attempt += 1
    row.tries, row.owed_at, row.done_at, row.error = 0, owed["owed_at"], None, ""
    remember(tx, Ring(row.id, row.queue, row.attempt))


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
        remember(tx, Ring(row.id, row.queue, 0))
    return {row.key for row in new}


def remember(tx: Session, ring: Ring) -> None:
    tx.info.setdefault(OWED, []).append(ring)
