"""Something shipped, planned or declined in response, and the ideas that it answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.ideas import Idea
from models.members import Member


class Change(Base):
    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_workspace_id", "workspace_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[str]
    """shipped, planned, declined, or asked: the team needs to know more, and the ideas stay as they are."""
    summary: Mapped[str]
    """What we tell people: what changed, why not, or what we would like to know."""
    reason: Mapped[str | None]
    """Of a decline, the class of its reason, one of feedback.changes.REASONS; None where nobody was asked for one."""
    url: Mapped[str] = mapped_column(default="")
    """Where to see it."""
    is_minor: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True: people read of it in their weekly digest, and nowhere else."""
    words: Mapped[str | None]
    """How it is told, with named places for what differs from one to the other. None: as the product says it."""
    tell_at: Mapped[datetime | None]
    """Nobody is told earlier. None: at once."""
    made_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    made_at: Mapped[datetime]

    made_by: Mapped[Member] = relationship()
    answers: Mapped[list[ChangeIdea]] = relationship(back_populates="change")


class ChangeIdea(Base):
    """This change answers this idea."""

    __tablename__ = "change_ideas"
    __table_args__ = (UniqueConstraint("change_id", "idea_id"), Index("ix_change_ideas_idea_id", "idea_id"))

    id: Mapped[Key]
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))

    change: Mapped[Change] = relationship(back_populates="answers")
    idea: Mapped[Idea] = relationship()
