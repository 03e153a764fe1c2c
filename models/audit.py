"""Who did what, when. Written by the domain with the change itself; never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.members import Member


class Audit(Base):
    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "workspace_id", "subject", "subject_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """Who did it; None: the product itself."""
    act: Mapped[str]
    subject: Mapped[str]
    """idea, theme, change, reward, member, workspace, hook or outbox."""
    subject_id: Mapped[int]
    detail: Mapped[dict[str, Any]]
    at: Mapped[datetime]

    member: Mapped[Member | None] = relationship()
