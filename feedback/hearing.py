"""What follows from what people do in the channels, whether an event tells of it or it is read up later (`is_late`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback import ideas, inbox, judgements, loop, members, messages, promises
from feedback.messages import Said
from models import Member, Message, Workspace


def heard(tx: Session, *, workspace: Workspace, said: Said, now: datetime) -> Message:
    """Somebody said something. A reply that only agrees is a vote for what it answers; anything else, but what is said
    to the app, may hold feedback, which is found out later. What the team says below an idea may be a promise."""
    message = messages.hear(tx, workspace=workspace, said=said, now=now)
    if message.author is not None:
        members.take_part(tx, member=message.author, now=now)
    promises.listen(tx, message=message, now=now)
    if said.thread_ts is not None and said.thread_ts != said.ts and ideas.agrees(said.text):
        ideas.count_reply(tx, workspace=workspace, reply=message, now=now)
    elif not messages.names(said.text, workspace.bot_user_id):
        judgements.judge_soon(tx, message=message, now=now)
    return message


def edited(tx: Session, *, workspace: Workspace, said: Said, edited_at: datetime, now: datetime) -> None:
    message = messages.edit(tx, workspace=workspace, said=said, edited_at=edited_at, now=now)
    if message:
        ideas.hold(tx, message=message)
        ideas.follow_edit(tx, message=message, now=now)
        ideas.count_reply(tx, workspace=workspace, reply=message, now=now)
        judgements.follow_edit(tx, message=message, now=now)
        promises.listen(tx, message=message, now=now)
        promises.follow_edit(tx, message=message, now=now)


def deleted(tx: Session, *, workspace: Workspace, channel_id: str, ts: str, now: datetime) -> None:
    message = messages.delete(tx, workspace=workspace, channel_id=channel_id, ts=ts, now=now)
    if message:
        ideas.hold(tx, message=message)
        ideas.follow_deletion(tx, message=message, now=now)
        ideas.count_reply(tx, workspace=workspace, reply=message, now=now)
        judgements.follow_deletion(tx, message=message, now=now)
        promises.follow_deletion(tx, message=message, now=now)
        loop.follow_deletion(tx, message=message, now=now)


def mentioned(
    tx: Session, *, workspace: Workspace, message: Message, by: Member, now: datetime, is_late: bool = False
) -> None:
    """Whoever addresses the app wants the message kept. Each mention is taken once, whoever tells of it."""
    key = f"{workspace.id}:{message.channel_id}:{message.ts}"
    if not inbox.is_new(tx, source="mention", key=key, now=now):
        return
    where = {"channel_id": message.channel_id, "ts": meant_by(message)}
    keep_or_fetch(tx, workspace=workspace, by=by, **where, captured_with="mention", now=now, is_late=is_late)


def meant_by(mention: Message) -> str:
    """The ts of what is to be kept: the message itself; with no words of its own, the one that began the thread."""
    if mention.thread_ts and not ideas.words_of(mention):
        return mention.thread_ts
    return mention.ts


def reacted(
    tx: Session,
    *,
    workspace: Workspace,
    member: Member,
    channel_id: str,
    ts: str,
    name: str,
    stands: bool,
    event_ts: str,
    now: datetime,
    is_late: bool = False,
) -> None:
    """:bulb: keeps a message, :+1: votes for one that is kept; taking the vote away takes it back."""
    if member.is_bot or not messages.react(
        tx,
        workspace=workspace,
        member=member,
        channel_id=channel_id,
        ts=ts,
        name=name,
        stands=stands,
        event_ts=event_ts,
    ):
        return
    if stands:
        members.take_part(tx, member=member, now=now)
    if messages.is_reaction(name, ideas.VOTE_REACTION):
        ideas.count_reaction(tx, workspace=workspace, member=member, channel_id=channel_id, ts=ts, now=now)
    if messages.is_reaction(name, ideas.CAPTURE_REACTION) and stands:
        where = {"channel_id": channel_id, "ts": ts}
        keep_or_fetch(tx, workspace=workspace, by=member, **where, captured_with="reaction", now=now, is_late=is_late)


def keep_or_fetch(
    tx: Session,
    *,
    workspace: Workspace,
    by: Member,
    channel_id: str,
    ts: str,
    captured_with: str,
    now: datetime,
    is_late: bool,
) -> None:
    """A message that was said before the app came is looked up first, by a job."""
    message = messages.find(tx, workspace=workspace, channel_id=channel_id, ts=ts)
    if message is None:
        messages.fetch_soon(tx, workspace=workspace, channel_id=channel_id, ts=ts, captured_by=by, now=now)
    else:
        how: dict[str, Any] = {"captured_by": by, "captured_with": captured_with, "is_late": is_late}
        ideas.capture(tx, workspace=workspace, message=message, **how, now=now)
