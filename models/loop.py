"""Telling each person what became of what they said, and what they answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.changes import Change
from models.ideas import Idea
from models.members import Member


class Notice(Base):
    """One person told of one change, once, however many of their ideas it answers."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("change_id", "member_id"), Index("ix_notices_idea_id", "idea_id"))

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
    """now: by itself, as soon as may be. digest: with everything else of their week."""
    not_before: Mapped[datetime | None]
    """They are not told earlier: it is night where they are, or something else comes first."""
    channel_id: Mapped[str | None]
    ts: Mapped[str | None]
    told_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]
    """They are not told after all: whoever was asked first said that it does not help yet."""

    change: Mapped[Change] = relationship()
    member: Mapped[Member] = relationship()
    idea: Mapped[Idea] = relationship()
    answer: Mapped[Answer | None] = relationship(back_populates="notice")


class Answer(Base):
    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("notice_id"),)

    id: Mapped[Key]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    verdict: Mapped[str]
    """better, partly or not_yet."""
    why: Mapped[str] = mapped_column(default="")
    given_at: Mapped[datetime]

    notice: Mapped[Notice] = relationship(back_populates="answer")


class Reminder(Base):
    """The question asked once more, of somebody who was told and said nothing. Never a second time."""

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("notice_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    opened_at: Mapped[datetime]
    channel_id: Mapped[str | None]
    ts: Mapped[str | None]
    told_at: Mapped[datetime | None]
    """None: it is on its way, or there was no reason left to ask."""

    notice: Mapped[Notice] = relationship()


class Appeal(Base):
    """Somebody asks again for what was declined. Once for each decline of an idea; heard when enough new people back
    it."""

    __tablename__ = "appeals"
    __table_args__ = (UniqueConstraint("change_id", "idea_id"), Index("ix_appeals_idea_id", "idea_id"))

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    """The decline."""
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    """The idea that was shown for it and whatever went into it."""
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    """Below which they asked."""
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    words: Mapped[str]
    """What we missed."""
    made_at: Mapped[datetime]
    needs: Mapped[int]
    """New people, as the workspace wanted it then."""
    heard_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When whoever asked was told that it is heard."""

    idea: Mapped[Idea] = relationship()
    notice: Mapped[Notice] = relationship()
    member: Mapped[Member] = relationship()
