"""A person in a workspace, where they are, and how they are signed in to the hub."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.workspaces import Workspace


class Member(Base):
    __tablename__ = "members"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    slack_id: Mapped[str]
    name: Mapped[str]
    """As others read it in Slack. The Slack id until the profile has been read."""
    handle: Mapped[str] = mapped_column(default="")
    """What stands after the @, for `members role @who`."""
    role: Mapped[str] = mapped_column(default="customer")
    """customer, moderator, product or manager."""
    is_bot: Mapped[bool] = mapped_column(default=False)
    tz: Mapped[str | None]
    dm_channel_id: Mapped[str | None]
    home_opened_at: Mapped[datetime | None]
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    """When everything of theirs was forgotten, as they wished. None again once they take part anew."""
    hears: Mapped[str] = mapped_column(default="everything", server_default="everything")
    """everything, own (only of what they raised), digest (once a week) or nothing: how much they want to be told."""
    profile_at: Mapped[datetime | None]
    """When the profile that is stored was changed in Slack, to the second. None: Slack did not say."""

    is_guest: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Of a few channels only, as Slack has it: is_restricted or is_ultra_restricted."""
    takes_rewards: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False: they asked to be given nothing."""
    is_credited: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True: they agreed to be named where a change is told that they helped with."""
    is_on_board: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True: they asked to be on the leaderboard, where there is one."""
    country: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """Where they pay tax, two letters, as they said; empty: nobody knows."""
    contact: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """An e-mail address for gifts, encrypted; empty unless they gave it for that."""
    contact_at: Mapped[datetime | None]
    """When they gave it."""

    workspace: Mapped[Workspace] = relationship()


class MemberLink(Base):
    """Two that are one person, as a manager found. Ended, never deleted."""

    __tablename__ = "member_links"
    __table_args__ = (Index("ix_member_links_member_id", "member_id"), Index("ix_member_links_other_id", "other_id"))

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    """The smaller id of the two."""
    other_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    why: Mapped[str]
    linked_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    linked_at: Mapped[datetime]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    ended_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(foreign_keys=member_id)
    other: Mapped[Member] = relationship(foreign_keys=other_id)
    linked_by: Mapped[Member] = relationship(foreign_keys=linked_by_id)


class Absence(Base):
    """A person who left a channel. Whoever spoke there and has no such row is still in it."""

    __tablename__ = "absences"
    __table_args__ = (UniqueConstraint("workspace_id", "channel_id", "member_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    channel_id: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    left_at: Mapped[datetime]
    is_back: Mapped[bool] = mapped_column(default=False)
    """Joined again after left_at. Kept, because the two events may arrive in the wrong order."""


class SignInLink(Base):
    """A link from Slack into the hub: for one person, once, for five minutes. Only its hash is kept."""

    __tablename__ = "sign_in_links"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()


class WebSession(Base):
    """Somebody signed in to the hub with one browser; ending the row signs them out everywhere it was copied to."""

    __tablename__ = "web_sessions"

    id: Mapped[Key]
    token_hash: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    began_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship()
