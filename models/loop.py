"""Telling each person what became of what they said, and what they answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.changes import Change
from models.digests import Digest
from models.ideas import Idea
from models.members import Member


class Notice(Base):
    """One person told of one change, once, however many of their ideas it answers."""

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("change_id", "member_id"),
        Index("ix_notices_idea_id", "idea_id"),
        Index("ix_notices_digest_id", "digest_id"),
        Index("ix_notices_workspace_id_how_told_at", "workspace_id", "how", "told_at"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    """The idea whose words are quoted: their own if they raised one, else the one that they backed."""
    raised_it: Mapped[bool]
    """False: they backed it."""
    opened_at: Mapped[datetime]
    how: Mapped[str] = mapped_column(default="now", server_default="now")
    """now: by itself, as soon as may be. digest: with everything else of their week. never: they did not want to hear
    of it any more when its turn came."""
    not_before: Mapped[datetime | None]
    """They are not told earlier: it is night where they are, or something else comes first."""
    channel_id: Mapped[str | None]
    ts: Mapped[str | None]
    told_at: Mapped[datetime | None]
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digests.id"))
    """The message of the week in which it is told; `channel_id` and `ts` are that one's."""

    change: Mapped[Change] = relationship()
    member: Mapped[Member] = relationship()
    idea: Mapped[Idea] = relationship()
    digest: Mapped[Digest | None] = relationship(back_populates="notices")
    answer: Mapped[Answer | None] = relationship(back_populates="notice")


class Answer(Base):
    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("notice_id"),)

    id: Mapped[Key]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    verdict: Mapped[str]
    """better or not_yet."""
    why: Mapped[str] = mapped_column(default="")
    given_at: Mapped[datetime]

    notice: Mapped[Notice] = relationship(back_populates="answer")
