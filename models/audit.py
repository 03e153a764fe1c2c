"""Who did what, when. Written by the domain with the change itself; never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
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
    """idea, theme, change, reward, rule, budget, tax line, member, workspace, hook or outbox."""
    subject_id: Mapped[int]
    detail: Mapped[dict[str, Any]]
    at: Mapped[datetime]

    member: Mapped[Member | None] = relationship()


class Seal(Base):
    """One link of a workspace's chain: each holds the one before it, so that nothing before it can be changed, left out
    or put in without every later link showing it."""

    __tablename__ = "seals"
    __table_args__ = (UniqueConstraint("workspace_id", "number"), UniqueConstraint("audit_id"))

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    number: Mapped[int]
    """1, 2, 3 …, with none left out."""
    audit_id: Mapped[int | None] = mapped_column(ForeignKey("audit.id"))
    """What it seals: a row of the audit, or …"""
    transaction_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transactions.id"), unique=True)
    """… one of the ledger with its postings."""
    digest: Mapped[str]
    """SHA-256, hexadecimal, of the one before it and of what it seals."""
    erased_at: Mapped[datetime | None]
    """When somebody's words were taken out of that row of the audit, which the digest cannot show any more."""
