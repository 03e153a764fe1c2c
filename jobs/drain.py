"""Doing what is due right here, without Redis: for filling the demo's past, and for tests of one step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from feedback import outbox
from feedback.hub import Hub
from jobs import outbox as relay


def drain(hub: Hub, *, most: int = 10_000) -> int:
    """Does everything that is due by the hub's clock, and what falls due through it. Returns how many rows."""
    done = 0
    while done < most:
        with hub.reading() as tx:
            rings = [ring for name in outbox.QUEUES for ring in outbox.due(tx, now=hub.clock(), queue=name, limit=200)]
        if not rings:
            break
        for ring in rings:
            relay.deliver(hub, ring.outbox_id)
            done += 1
    return done


def drain_until(hub: Hub, move_to: Callable[[float], None], *, seconds: float) -> int:
    """Drains, and moves a clock that stands still (seconds since 1970) to whatever falls due within `seconds`."""
    done = drain(hub)
    while True:
        with hub.reading() as tx:
            next_at = outbox.next_due(tx)
        if next_at is None or next_at > hub.clock() + timedelta(seconds=seconds):
            return done
        move_to(next_at.timestamp())
        done += drain(hub)
