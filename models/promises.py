"""What somebody on the team said in a thread that they would do, and by when."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.ideas import Idea
from models.members import Member
from models.messages import Message


class Promise(Base):
    __tablename__ = "promises"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("ix_promises_workspace_id_state", "workspace_id", "state"),
        Index("ix_promises_idea_id", "idea_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    words: Mapped[str]
    """As they said it. Empty where they deleted it in Slack since."""
    state: Mapped[str]
    """asking (whoever said it was not reached yet), asked, no (it was none), open, kept, broken, given_up or lapsed
    (what it is about was taken back)."""
    asked_at: Mapped[datetime]
    due_on: Mapped[date]
    """A day where they are; until they note it, the day that their words seem to mean."""
    noted_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    """When they gave it another day, which they may once."""
    reminded_at: Mapped[datetime | None]
    channel_id: Mapped[str | None]
    ts: Mapped[str | None]
    """Where the newest reminder stands."""
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(default="")
    """member (they said so), change (something was told), day (it went by) or idea (it was taken back)."""
    why: Mapped[str] = mapped_column(default="")
    """Why it cannot be kept, in their words."""

    message: Mapped[Message] = relationship()
    idea: Mapped[Idea] = relationship()
    member: Mapped[Member] = relationship()
