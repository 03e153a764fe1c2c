"""How one gift stands, for managers: whether it was told, until when it is good, and what may be done about it.

What is in it, nobody reads here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from feedback import rewards
from models import Payout, Reward


@dataclass(frozen=True)
class OneGift:
    payout: Payout
    why_not_again: str
    """Empty where it can be sent once more."""
    why_not_back: str
    """Empty where the money can be taken back."""


def of(tx: Session, *, reward: Reward, now: datetime) -> OneGift | None:
    """None where nothing was paid."""
    payout = reward.payout
    if payout is None or payout.paid_at is None:
        return None
    return OneGift(payout, rewards.why_not_again(payout, now), rewards.why_not_back(tx, payout, now=now))
