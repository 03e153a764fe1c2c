"""One captured piece of feedback, and who backs it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.members import Member
from models.messages import Message
from models.themes import Theme


class Idea(Base):
    __tablename__ = "ideas"
    __table_args__ = (
        UniqueConstraint("message_id"),
        Index("ix_ideas_workspace_id_state", "workspace_id", "state"),
        Index("ix_ideas_theme_id", "theme_id"),
        Index("ix_ideas_author_id", "author_id"),
        Index("ix_ideas_receipt_channel_id_receipt_ts", "receipt_channel_id", "receipt_ts"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    """None where it came from the form, which leaves no message in any channel."""
    author_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    captured_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    captured_with: Mapped[str]
    """shortcut, reaction, mention or form."""
    kind: Mapped[str]
    """idea, problem, question or praise."""
    text: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="new")
    """new, planned, declined, shipped, verified, reopened or withdrawn."""
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    placed_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """Who put it into its theme. None: the grouping did, and may think again."""
    placed_at: Mapped[datetime | None]
    """When that person did. None too where it was before anybody kept count."""
    reviewed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    """When it was said."""
    captured_at: Mapped[datetime]
    receipt_channel_id: Mapped[str | None]
    receipt_ts: Mapped[str | None]
    card_channel_id: Mapped[str | None]
    card_ts: Mapped[str | None]

    message: Mapped[Message | None] = relationship()
    author: Mapped[Member] = relationship(foreign_keys=author_id)
    captured_by: Mapped[Member] = relationship(foreign_keys=captured_by_id)
    theme: Mapped[Theme | None] = relationship()


class Likeness(Base):
    """Another idea that the grouping finds close to this one, when this one came."""

    __tablename__ = "likenesses"
    __table_args__ = (UniqueConstraint("idea_id", "other_id"), Index("ix_likenesses_other_id", "other_id"))

    id: Mapped[Key]
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    closeness: Mapped[float]
    """The cosine of the two: 1 is the same."""


class Vote(Base):
    """One person behind one idea. Taking the vote back deletes the row."""

    __tablename__ = "votes"
    __table_args__ = (UniqueConstraint("idea_id", "member_id"), Index("ix_votes_member_id", "member_id"))

    id: Mapped[Key]
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    cast_with: Mapped[str]
    """button or reaction."""
    cast_at: Mapped[datetime]

    member: Mapped[Member] = relationship()
