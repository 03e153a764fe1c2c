"""The archive as it was said, for asking what another way of judging would have made of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.judgements.listening import conversations
from models import Idea, Member, Message


@dataclass(frozen=True)
class Told:
    """What somebody said, with what they added below it."""

    text: str
    kept_as: str | None
    """idea, problem, question or praise, where it is an idea by now; None where it is none."""


def archive(tx: Session, *, workspace_id: int) -> list[Told]:
    """Everything that people said where the app listened, the oldest first; without what they added to their own
    message, which is read with it, and without what was deleted."""
    rows = tx.execute(
        select(Message, Idea.kind)
        .join(Member, Member.id == Message.author_id)
        .outerjoin(Idea, (Idea.message_id == Message.id) & (Idea.state != "withdrawn"))
        .where(
            Message.workspace_id == workspace_id,
            Message.deleted_at.is_(None),
            Message.text != "",
            Member.is_bot.is_(False),
        )
        .order_by(Message.posted_at, Message.id)
    ).all()
    said: list[tuple[Message, str | None]] = [(row[0], row[1]) for row in rows]
    begun = {(message.channel_id, message.ts, message.author_id) for message, _ in said}
    found = [
        (message, kind)
        for message, kind in said
        if kind is not None or (message.channel_id, message.thread_ts, message.author_id) not in begun
    ]
    texts = conversations(tx, found=[message for message, _ in found])
    return [Told(texts[message.id], kind) for message, kind in found]
