"""A person in a workspace, where they are, and how they are signed in to the hub."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
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
    hears: Mapped[str] = mapped_column(default="everything", server_default="everything")
    """everything, own (only of what they raised), digest (once a week) or nothing: how much they want to be told."""
    profile_at: Mapped[datetime | None]
    """When the profile that is stored was changed in Slack, to the second. None: Slack did not say."""

    workspace: Mapped[Workspace] = relationship()


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
