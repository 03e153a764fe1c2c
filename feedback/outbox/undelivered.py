"""What did not get through, and what a person makes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from feedback.outbox.owing import Ring, remember
from models import Outbox

UNDELIVERED = ("failed", "human")
"""How a row ends that did not get through: refused for good, or tried too often."""


def as_got_through(now: datetime) -> dict[str, Any]:
    """Whoever left it undone before has been overtaken by events."""
    return {"state": "done", "lease_until": None, "done_at": now, "dismissed_at": None, "dismissed_by_id": None}


def did_not_get_through() -> ColumnElement[bool]:
    """For queries: it waits for a manager, or was left by one."""
    return Outbox.state.in_(UNDELIVERED)


def is_undelivered() -> ColumnElement[bool]:
    """For queries: it did not get through, and nobody has decided to leave it."""
    return did_not_get_through() & Outbox.dismissed_at.is_(None)


def try_again(tx: Session, *, outbox_id: int, attempt: int, now: datetime) -> bool:
    """A person wants it done after all, also where it was left. False where that is not how it stands any more:
    `attempt` is what they saw.

    It goes on as one whose outcome is unknown, so that whoever claims it looks first whether it got through after all.
    """
    fresh = {"attempt": attempt + 1, "tries": 0, "next_at": now, "slot_at": None, "error": ""}
    fresh |= {"state": "sending", "lease_until": now, "dismissed_at": None, "dismissed_by_id": None}
    ring = _settle(tx, outbox_id, attempt, did_not_get_through(), fresh)
    if ring is not None:
        remember(tx, ring)
    return ring is not None


def dismiss(tx: Session, *, outbox_id: int, attempt: int, member_id: int, now: datetime) -> bool:
    """A person leaves it undone. It stays so, and is not listed again, until it does get through one day."""
    left = {"dismissed_at": now, "dismissed_by_id": member_id}
    return _settle(tx, outbox_id, attempt, is_undelivered(), left) is not None


def got_through(tx: Session, *, key: str, now: datetime) -> None:
    """Nobody has to look any more: it happened another way."""
    tx.execute(update(Outbox).where(Outbox.key == key, did_not_get_through()).values(**as_got_through(now), error=""))


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
