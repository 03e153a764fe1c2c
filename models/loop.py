"""Telling each person what became of what they said, how it is put, and what they answered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
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
        Index("ix_notices_member_id", "member_id"),
        Index("ix_notices_post_id", "post_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    """The idea whose words are quoted: their own if they raised one, else the one that they backed."""
    raised_it: Mapped[bool]
    """False: they backed it."""
    because: Mapped[str] = mapped_column(default="backed", server_default="backed")
    """Of those who did not raise it: backed, joined (they wrote below it), or not_yet (an earlier answer to it did not
    help them)."""
    post_id: Mapped[int | None] = mapped_column(ForeignKey("notice_posts.id"))
    """Where several hear of it with one post. None: they hear by themself."""
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
    dropped_at: Mapped[datetime | None]
    """They are not told after all: whoever was asked first said that it does not help yet."""

    change: Mapped[Change] = relationship()
    member: Mapped[Member] = relationship()
    idea: Mapped[Idea] = relationship()
    digest: Mapped[Digest | None] = relationship(back_populates="notices")
    post: Mapped[NoticePost | None] = relationship()
    answer: Mapped[Answer | None] = relationship(back_populates="notice")
    reply: Mapped[Reply | None] = relationship(back_populates="notice")
    reminder: Mapped[Reminder | None] = relationship(back_populates="notice")


class NoticePost(Base):
    """One post for several people who spoke in one thread. Each of them has a notice of their own."""

    __tablename__ = "notice_posts"
    __table_args__ = (Index("ix_notice_posts_change_id", "change_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    channel_id: Mapped[str]
    thread_ts: Mapped[str]
    opened_at: Mapped[datetime]
    ts: Mapped[str | None]
    told_at: Mapped[datetime | None]

    change: Mapped[Change] = relationship()


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


class Reply(Base):
    """What somebody answered who was asked to say more about what they raised or backed."""

    __tablename__ = "replies"
    __table_args__ = (UniqueConstraint("notice_id"),)

    id: Mapped[Key]
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    text: Mapped[str]
    given_at: Mapped[datetime]

    notice: Mapped[Notice] = relationship(back_populates="reply")


class Stop(Base):
    """Somebody stopped the telling of a change. Going on ends the row."""

    __tablename__ = "stops"
    __table_args__ = (
        Index(
            "uq_stops_change_id",
            "change_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    stopped_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    stopped_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    ended_at: Mapped[datetime | None]

    stopped_by: Mapped[Member] = relationship(foreign_keys=stopped_by_id)


class Announcement(Base):
    """A note about a change in the channel where news are, once."""

    __tablename__ = "announcements"
    __table_args__ = (UniqueConstraint("change_id"),)

    id: Mapped[Key]
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    channel_id: Mapped[str]
    opened_at: Mapped[datetime]
    ts: Mapped[str | None]
    told_at: Mapped[datetime | None]

    change: Mapped[Change] = relationship()


class Template(Base):
    """How a workspace tells of one kind of change, with named places. Where there is none, as the product says it."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("workspace_id", "kind"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[str]
    """shipped, planned, declined or asked."""
    text: Mapped[str]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    written_at: Mapped[datetime]


class Rehearsal(Base):
    """Somebody reads in their own messages what others are going to be told, before they tell it."""

    __tablename__ = "rehearsals"

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    kind: Mapped[str]
    summary: Mapped[str]
    url: Mapped[str]
    words: Mapped[str]
    asked_at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()
    idea: Mapped[Idea] = relationship()


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

    notice: Mapped[Notice] = relationship(back_populates="reminder")


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
