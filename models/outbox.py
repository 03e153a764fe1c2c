"""What arrived, what is owed to the outside world, and how fast it may go out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class Inbox(Base):
    """One row for each thing that arrived, so that the second arrival is no news. Only its key is kept."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("source", "key"),)

    id: Mapped[Key]
    source: Mapped[str]
    key: Mapped[str]
    arrived_at: Mapped[datetime]


class Outbox(Base):
    """One effect outside, or one piece of work that can wait."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_outbox_state_next_at", "state", "next_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[str]
    key: Mapped[str]
    """Derived from what is owed, so that owing it twice is owing it once."""
    payload: Mapped[dict[str, Any]]
    """Ids, where it goes on if it is done in pieces, and the version of its shape as "v"."""
    queue: Mapped[str]
    state: Mapped[str] = mapped_column(default="new")
    """new, sending (its outcome is unknown until somebody records one), done, failed or human."""
    attempt: Mapped[int] = mapped_column(default=0)
    """Grows with every claim and never falls. Whoever writes an outcome must still hold the newest one."""
    tries: Mapped[int] = mapped_column(default=0)
    """How often it was tried in earnest since it was last owed."""
    next_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    first_tried_at: Mapped[datetime | None]
    slot_at: Mapped[datetime | None]
    """The second that was reserved for it in its channel."""
    ref: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
    owed_at: Mapped[datetime]
    """When it was last owed."""
    done_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]
    dismissed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """Who decided, when it did not get through, to leave it so."""


class Pace(Base):
    """How a channel's seconds are given out."""

    __tablename__ = "paces"
    __table_args__ = (UniqueConstraint("workspace_id", "target"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    target: Mapped[str]
    free_at: Mapped[datetime]
    """The first second that nobody has reserved."""
    posted_at: Mapped[datetime | None]
    """When somebody last went ahead."""


class Tick(Base):
    """One run of one periodic job. Two schedules that both see the hour strike make one row, and one run."""

    __tablename__ = "ticks"
    __table_args__ = (UniqueConstraint("job", "due_at"),)

    id: Mapped[Key]
    job: Mapped[str]
    due_at: Mapped[datetime]
