"""Each thing that arrives is taken once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from feedback import once
from models import Inbox


def is_new(tx: Session, *, source: str, key: str, now: datetime) -> bool:
    """True the first time. In the caller's transaction: if that fails, the thing has not arrived."""
    return once.insert(tx, Inbox, source=source, key=key, arrived_at=now) is not None
