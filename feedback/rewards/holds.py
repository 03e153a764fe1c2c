"""What a person has to look at before a reward is approved. No kind of it is looked for yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from feedback.errors import Refused
from models import Hold, Member, Reward

KINDS: dict[str, str] = {}
"""Each in words for a manager."""


def look(tx: Session, *, reward: Reward, now: datetime) -> None:
    """Raises whatever is to be held up; there are no kinds, so nothing is."""


def check(tx: Session, *, reward: Reward, manager: Member, now: datetime) -> None:
    """Refused while something stands."""
    for hold in of(reward):
        raise Refused(f"It is held: {KINDS.get(hold.kind, hold.kind)}.")


def of(reward: Reward) -> Sequence[Hold]:
    """Those that stand."""
    return [hold for hold in reward.holds if hold.lifted_at is None]
