"""One captured piece of feedback, and who backs it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
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
    """shortcut, reaction, mention, form, suggestion (its author was asked), review (the team looked through) or judged
    (by the product itself)."""
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


class IdeaMerge(Base):
    """One idea goes into another that asks for the same. Both stay as they are; undoing it ends the row."""

    __tablename__ = "idea_merges"
    __table_args__ = (
        Index(
            "uq_idea_merges_idea_id",
            "idea_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_idea_merges_into_id", "into_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    into_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    merged_at: Mapped[datetime]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """None while it stands, and where it ended because the other idea was taken back."""
    undone_at: Mapped[datetime | None]

    idea: Mapped[Idea] = relationship(foreign_keys=idea_id)
    into: Mapped[Idea] = relationship(foreign_keys=into_id)
    merged_by: Mapped[Member] = relationship(foreign_keys=merged_by_id)


class SamePair(Base):
    """Two ideas that the grouping takes for the same, and what somebody said to that. Asked once."""

    __tablename__ = "same_pairs"
    __table_args__ = (
        UniqueConstraint("older_id", "newer_id"),
        Index("ix_same_pairs_newer_id", "newer_id"),
        Index("ix_same_pairs_workspace_id_decision", "workspace_id", "decision"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    older_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    """The smaller id of the two, so that there is one row whoever found the other."""
    newer_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    closeness: Mapped[float]
    """The cosine of the two: 1 is the same."""
    score: Mapped[float]
    """How far they stand out among all texts, by meaning and by words: orders the pairs, and means nothing alone."""
    words: Mapped[dict[str, Any]]
    """The words that both use: each as it is shown -> every form of it that stands in one of the two."""
    proposed_at: Mapped[datetime]
    decision: Mapped[str | None]
    """merged or differ; None: nobody has said."""
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    decided_at: Mapped[datetime | None]

    older: Mapped[Idea] = relationship(foreign_keys=older_id)
    newer: Mapped[Idea] = relationship(foreign_keys=newer_id)


class Vote(Base):
    """One person behind one idea. Taking the vote back deletes the row."""

    __tablename__ = "votes"
    __table_args__ = (UniqueConstraint("idea_id", "member_id"), Index("ix_votes_member_id", "member_id"))

    id: Mapped[Key]
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    cast_with: Mapped[str]
    """button, reaction or reply."""
    cast_at: Mapped[datetime]

    member: Mapped[Member] = relationship()
