"""Whether somebody is still there, and what the app shows them at its Home."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback import once, outbox
from models import Absence, Member, Workspace


def take_part(tx: Session, *, member: Member, now: datetime) -> None:
    """They did something here. Whoever was forgotten is known again from then on, and no more than their name comes
    back."""
    if member.erased_at is None:
        return
    member.erased_at = member.left_at = None
    member.name, member.hears, member.takes_rewards, member.joined_at = member.slack_id, "everything", True, now
    key = f"profile:{member.id}"
    outbox.owe_again(tx, workspace_id=member.workspace_id, kind="member.profile", key=key, now=now, member_id=member.id)


def left_channel(
    tx: Session, *, workspace: Workspace, member: Member, channel_id: str, at: datetime, is_back: bool
) -> None:
    """A person left a channel, or came (back). The newest of the two events counts, in whatever order they arrive."""
    new_id = once.insert(
        tx,
        Absence,
        workspace_id=workspace.id,
        channel_id=channel_id,
        member_id=member.id,
        left_at=at,
        is_back=is_back,
    )
    if new_id is None:
        tx.execute(
            update(Absence)
            .where(Absence.channel_id == channel_id, Absence.member_id == member.id, Absence.left_at < at)
            .values(left_at=at, is_back=is_back)
        )


def is_in_channel(tx: Session, *, member: Member, channel_id: str) -> bool:
    """For somebody who spoke there once: have they left since?"""
    gone = tx.scalars(
        select(Absence.id).where(
            Absence.channel_id == channel_id, Absence.member_id == member.id, Absence.is_back.is_(False)
        )
    ).first()
    return gone is None and member.left_at is None


def open_home(tx: Session, *, member: Member, now: datetime) -> None:
    """Somebody looks at their App Home: it is drawn now, and again whenever something on it changes."""
    take_part(tx, member=member, now=now)
    member.home_opened_at = now
    show_home(tx, member=member, now=now)


def show_home(tx: Session, *, member: Member, now: datetime) -> None:
    """Owes a fresh App Home to somebody who has looked at theirs."""
    if member.home_opened_at is not None:
        publish_home(tx, member=member, now=now)


def publish_home(tx: Session, *, member: Member, now: datetime) -> None:
    key = f"home:{member.id}"
    outbox.owe_again(tx, workspace_id=member.workspace_id, kind="home.publish", key=key, now=now, member_id=member.id)
