"""Forgets somebody, one thing at a time, so that nobody waits for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import privacy
from feedback.hub import Hub
from jobs.plans import Tx, Work


def erase(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Work:
    return Work(run=lambda: _erase(hub, ids["member_id"]))


def _erase(hub: Hub, member_id: int) -> None:
    """Cut off anywhere, it begins again, and what is gone already is no work."""
    with hub.transaction() as tx:
        privacy.begin(tx, member_id=member_id, now=hub.clock())
    is_more = True
    while is_more:
        with hub.transaction() as tx:
            is_more = privacy.forget_next(tx, member_id=member_id, now=hub.clock())
    with hub.transaction() as tx:
        privacy.end(tx, member_id=member_id, now=hub.clock())
