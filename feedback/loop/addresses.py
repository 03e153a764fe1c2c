"""Where people hear of something: under what they said, or alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import members
from models import ChangeIdea, Channel, Idea, Message, Notice


@dataclass(frozen=True)
class Address:
    """A thread, or (channel None) the person's own conversation with the app."""

    channel_id: str | None
    thread_ts: str | None


def address_of(tx: Session, idea: Idea) -> Address:
    """Where its author hears of it: the thread where they said it, as long as it, the channel and they are still
    there; else their own DM."""
    message = idea.message
    if message is None or message.deleted_at or message.is_lost:
        return Address(None, None)
    channel = tx.scalars(
        select(Channel).where(Channel.workspace_id == idea.workspace_id, Channel.slack_id == message.channel_id)
    ).one_or_none()
    if channel is None or channel.is_archived or not channel.app_is_in:
        return Address(None, None)
    if not members.is_in_channel(tx, member=idea.author, channel_id=message.channel_id):
        return Address(None, None)
    return thread_of(message)


def thread_of(message: Message) -> Address:
    """The thread where it was said, whether or not anybody is still there."""
    return Address(message.channel_id, message.thread_ts or message.ts)


def threads_of(tx: Session, notice: Notice) -> list[Address]:
    """Wherever this person said something that the change answers: one of them is, or was, where they hear of it."""
    said = tx.scalars(
        select(Message)
        .join(Idea, Idea.message_id == Message.id)
        .join(ChangeIdea, ChangeIdea.idea_id == Idea.id)
        .where(ChangeIdea.change_id == notice.change_id, Idea.author_id == notice.member_id)
        .order_by(Idea.id)
    )
    return [thread_of(message) for message in said]
