"""Paying: the service is asked for a gift under one derived id, however often that takes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import rewards
from feedback.hub import Hub
from feedback.providers import Impossible
from jobs.plans import Plan, Tx, Work


def pay(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    payout_id = ids["payout_id"]
    order = rewards.order_of(tx, payout_id=payout_id, now=now)
    if order is None:
        return None

    def run() -> None:
        if hub.payouts is None:
            raise Impossible("no_payout_service", "PAYOUTS_URL is not set any more")
        gift = hub.payouts.order(order)
        with hub.transaction() as tx:
            rewards.paid(tx, payout_id=payout_id, gift=gift, cipher=hub.cipher, now=hub.clock())

    def when_refused(tx: Tx, error: Impossible, now: datetime) -> None:
        state = "human" if error.code == "conflict" else "failed"
        rewards.unpayable(tx, payout_id=payout_id, state=state, error=str(error), now=now)

    return Work(run, when_refused)
