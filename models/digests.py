"""What waits for one person, told in one message a week."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.members import Member

if TYPE_CHECKING:
    from models.loop import Notice


class Digest(Base):
    """One message to one person, at most one in each week of theirs."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("member_id", "week_on"), Index("ix_digests_workspace_id", "workspace_id"))

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    week_on: Mapped[date]
    """The Monday of the week, as the calendar stands where they are."""
    opened_at: Mapped[datetime]
    channel_id: Mapped[str | None]
    ts: Mapped[str | None]
    told_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()
    notices: Mapped[list[Notice]] = relationship(back_populates="digest", order_by="Notice.id")
