"""What trackers, and the payout service, sign with when they tell."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.members import Member


class HookSecret(Base):
    """A secret that one tracker and we share. It is in force until somebody ends it, or for a day after a new one took
    its place."""

    __tablename__ = "hook_secrets"
    __table_args__ = (
        UniqueConstraint("workspace_id", "nonce"),
        Index("ix_hook_secrets_source", "source"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    source: Mapped[str]
    """github, gitlab, linear, jira or tremendous."""
    secret: Mapped[str]
    """Encrypted: what is signed with it can only be checked by whoever has it."""
    nonce: Mapped[str]
    """Which form asked for it, so that sending that form twice makes one secret."""
    made_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    made_at: Mapped[datetime]
    works_until: Mapped[datetime | None]
    """None: nothing has taken its place."""
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """Who ended it by hand."""
    ended_at: Mapped[datetime | None]
    heard_at: Mapped[datetime | None]
    """When something signed with it last arrived."""
    heard: Mapped[str] = mapped_column(default="")
    """What was answered to that, in a line."""

    made_by: Mapped[Member] = relationship(foreign_keys=made_by_id)
