"""Rows that served their time, and ticks of the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from feedback import once
from models import Inbox, SignInLink, ThemeProposal, Tick, WebSession

KEEP_DAYS = 30
"""Slack delivers an event for at most a day; a month is far on the safe side."""


def begin_tick(tx: Session, *, job: str, due_at: datetime) -> bool:
    """True for the one process that may run this tick."""
    if tx.scalars(select(Tick.id).where(Tick.job == job, Tick.due_at == due_at)).first() is not None:
        return False
    return once.insert(tx, Tick, job=job, due_at=due_at) is not None


def forget(tx: Session, *, now: datetime) -> None:
    """Deletes what nothing refers to any more."""
    old = now - timedelta(days=KEEP_DAYS)
    tx.execute(delete(Inbox).where(Inbox.arrived_at < old))
    tx.execute(delete(Tick).where(Tick.due_at < old))
    tx.execute(delete(SignInLink).where(SignInLink.expires_at < old))
    tx.execute(delete(WebSession).where(WebSession.expires_at < old))
    tx.execute(delete(ThemeProposal).where(ThemeProposal.decision == "outdated", ThemeProposal.decided_at < old))
