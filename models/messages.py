"""What was said in Slack, as it stands now, and the reactions on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.members import Member


class Message(Base):
    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("workspace_id", "channel_id", "ts"),
        Index("ix_messages_channel_id_thread_ts", "channel_id", "thread_ts"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    channel_id: Mapped[str]
    ts: Mapped[str]
    thread_ts: Mapped[str | None]
    """The ts of the thread's first message where this is a reply; None where it begins one."""
    author_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """None only where a deletion was heard before the message itself."""
    text: Mapped[str]
    files: Mapped[list[str]]
    """Names of what was attached."""
    permalink: Mapped[str]
    posted_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    is_lost: Mapped[bool] = mapped_column(default=False)
    """Slack refused an answer below it, as if it were gone; nobody told us that it was deleted."""

    author: Mapped[Member | None] = relationship()


class Reaction(Base):
    """The newest thing known of one person's one emoji on one message. It may be on a message that we never stored."""

    __tablename__ = "reactions"
    __table_args__ = (UniqueConstraint("workspace_id", "channel_id", "ts", "member_id", "name"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    channel_id: Mapped[str]
    ts: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    name: Mapped[str]
    stands: Mapped[bool]
    event_ts: Mapped[str]
    """When Slack says it happened. An older event than this one changes nothing, whenever it arrives."""
