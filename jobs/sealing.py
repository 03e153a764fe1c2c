"""Seals what was written down and does not concern money, some rows at a time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import sealing
from feedback.database import in_pieces
from feedback.hub import Hub
from jobs.plans import Tx, Work


def seal(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Work:
    return Work(run=lambda: _seal(hub, ids["workspace_id"]))


def _seal(hub: Hub, workspace_id: int) -> None:
    """What has no link is found while nobody waits; nobody waits for long while some of it is sealed."""
    with hub.reading() as tx:
        audit_ids = sealing.waiting(tx, workspace_id=workspace_id)
    for some in in_pieces(audit_ids, sealing.AT_ONCE):
        with hub.transaction() as tx:
            sealing.seal(tx, workspace_id=workspace_id, audit_ids=some)
