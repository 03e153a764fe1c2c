"""Which trackers tell us of the team's work, and whether that works."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import MultiFernet
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback import hooks
from models import HookSecret


@dataclass(frozen=True)
class Standing:
    """One secret in force."""

    row: HookSecret
    is_readable: bool
    """False: it was stored under another SECRET_KEY, and nothing fits it any more."""


@dataclass(frozen=True)
class Source:
    name: str
    secrets: Sequence[Standing]
    """The newest first."""

    @property
    def last(self) -> HookSecret | None:
        """The secret with which something arrived last."""
        heard = [each.row for each in self.secrets if each.row.heard_at is not None]
        return max(heard, key=lambda row: row.heard_at or row.made_at, default=None)

    @property
    def state(self) -> str:
        """closed, waiting (for the first delivery) or works."""
        if not any(each.is_readable for each in self.secrets):
            return "closed"
        return "waiting" if self.last is None else "works"


def sources(tx: Session, *, workspace_id: int, cipher: MultiFernet, now: datetime) -> list[Source]:
    """Everybody that can tell us, in one query."""
    rows = tx.scalars(
        select(HookSecret)
        .where(HookSecret.workspace_id == workspace_id, hooks.in_force(now))
        .options(joinedload(HookSecret.made_by))
        .order_by(HookSecret.id.desc())
    )
    found = defaultdict(list)
    for row in rows:
        found[row.source].append(Standing(row, hooks.plain(row, cipher=cipher) is not None))
    return [Source(name, found[name]) for name in hooks.SOURCES]
