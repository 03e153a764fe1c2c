"""Which messages are judged, and as what: a thread is read as one conversation, so whatever its first author adds
below belongs to the first message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, tuple_
from sqlalchemy.orm import Session, aliased

from feedback import outbox, workspaces
from feedback.database import in_pieces
from models import Judgement, Message

FRESH = timedelta(hours=1)
"""So long after they said something, its author may be asked about it; later it is the team that looks."""
MOST_ADDED = 20
"""Of what an author adds below their own message, so many messages are read with it."""
MOST_CHARACTERS = 40_000
"""What Slack takes in one message."""
THREADS_AT_ONCE = 200
"""In one question to the database."""
Began = aliased(Message)
"""The message that began a thread."""


def judge_soon(tx: Session, *, message: Message, now: datetime, again: bool = False) -> None:
    """Owes a judgement where somebody wants one for this channel. `again`: its words changed."""
    if workspaces.capture_mode(tx, workspace_id=message.workspace_id, channel_id=message.channel_id) == "off":
        return
    about = _begun_by_same(tx, message)
    if about is not None:
        message, again = about, True
    if message.author_id is None or message.deleted_at:
        return
    owe = outbox.owe_again if again else outbox.owe
    key = f"judge:{message.id}"
    owe(tx, workspace_id=message.workspace_id, kind="message.judge", key=key, now=now, message_id=message.id)


def _begun_by_same(tx: Session, message: Message) -> Message | None:
    """The message that began the thread, if the same person wrote it. Where it has no words of its own (it only
    addressed the app, or was deleted) nothing could be kept of it, and what is said below stands for itself."""
    if message.thread_ts is None or message.author_id is None:
        return None
    return tx.scalars(
        select(Message).where(
            Message.workspace_id == message.workspace_id,
            Message.channel_id == message.channel_id,
            Message.ts == message.thread_ts,
            Message.author_id == message.author_id,
            Message.text != "",
        )
    ).one_or_none()


def follow_edit(tx: Session, *, message: Message, now: datetime) -> None:
    judge_soon(tx, message=message, now=now, again=True)


def follow_deletion(tx: Session, *, message: Message, now: datetime) -> None:
    """What nobody has decided about is forgotten; what was added to an earlier message is taken out of it."""
    tx.execute(delete(Judgement).where(Judgement.message_id == message.id, Judgement.decision.is_(None)))
    judge_soon(tx, message=message, now=now, again=True)


def conversations(tx: Session, *, found: Sequence[Message]) -> Mapping[int, str]:
    """By the messages' ids: each with what its own author added below it."""
    texts = {message.id: [message.text] for message in found}
    began: dict[tuple[str, str | None, int | None], int] = {
        (message.channel_id, message.ts, message.author_id): message.id for message in found
    }
    places = sorted({(message.channel_id, message.ts) for message in found})
    for some in in_pieces(places, THREADS_AT_ONCE):
        added = tx.execute(
            select(Message.channel_id, Message.thread_ts, Message.author_id, Message.text)
            .join(Began, _is_begun_by_same())
            .where(
                Message.workspace_id == found[0].workspace_id,
                tuple_(Message.channel_id, Message.thread_ts).in_(some),
                # Nothing below a message is older than it, so a new one is looked up without reading a whole channel.
                Message.ts > min(ts for _, ts in some),
                Message.deleted_at.is_(None),
            )
            .order_by(Message.ts)
        )
        for channel_id, thread_ts, author_id, text in added:
            message_id = began.get((channel_id, thread_ts, author_id))
            if message_id is not None and len(texts[message_id]) <= MOST_ADDED:
                texts[message_id].append(text)
    return {
        message_id: "\n".join(text for text in said if text)[:MOST_CHARACTERS] for message_id, said in texts.items()
    }


def _is_begun_by_same() -> ColumnElement[bool]:
    """For queries: of a thread with a thousand answers, only what its own author added."""
    return (
        (Began.workspace_id == Message.workspace_id)
        & (Began.channel_id == Message.channel_id)
        & (Began.ts == Message.thread_ts)
        & (Began.author_id == Message.author_id)
    )
