"""A notice that stands somewhere shows how things are by now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from feedback import outbox
from models import Notice


def refresh(tx: Session, *, notice: Notice, now: datetime) -> None:
    """Owes the notice a fresh look: with the answer in place of the question."""
    outbox.owe_again(
        tx,
        workspace_id=notice.workspace_id,
        kind="loop.notice_refresh",
        key=f"loop.notice_refresh:{notice.id}",
        now=now,
        notice_id=notice.id,
    )
