"""How much one person may be given. There are no limits yet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from models import Reward


def check(tx: Session, *, reward: Reward, now: datetime) -> None:
    """Refused above them."""
