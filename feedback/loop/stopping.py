"""Stopping in mid-send, and going on. What was sent stays sent."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from feedback import once
from models import Stop


def is_stopped(change_id: Any) -> ColumnElement[bool]:
    """For queries: a change of which nobody is told any more at present."""
    return select(Stop.id).where(Stop.change_id == change_id, Stop.ended_at.is_(None)).exists()


def take_turn(tx: Session, *, change_id: int) -> None:
    """Of somebody who lets it go on and somebody who has just let it be, the second sees what the first did."""
    once.take_turn(tx, f"telling:{change_id}")
