"""Where people hear of something: under what they said, or alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback.database import among
from feedback.loop.audience import Hearer
from models import Absence, ChangeIdea, Channel, Idea, Message, Notice


@dataclass(frozen=True)
class Address:
    """A thread, or (channel None) the person's own conversation with the app."""

    channel_id: str | None
    thread_ts: str | None


ALONE = Address(None, None)


def address_of(tx: Session, idea: Idea) -> Address:
    """Where its author hears of it: the thread where they said it, as long as it, the channel and they are still
    there; else their own DM."""
    return addresses(tx, workspace_id=idea.workspace_id, hearers=[Hearer(idea.author, idea, True)])[idea.author_id]


def address_of_notice(tx: Session, notice: Notice) -> Address:
    hearer = Hearer(notice.member, notice.idea, notice.raised_it, notice.because)
    return addresses(tx, workspace_id=notice.workspace_id, hearers=[hearer])[notice.member_id]


def addresses(tx: Session, *, workspace_id: int, hearers: Sequence[Hearer]) -> dict[int, Address]:
    """By member: the thread for those who wrote in it, as long as it, its channel and they are there; else alone, as
    whoever only backed it hears. Three queries, however many they are."""
    spoke = [hearer for hearer in hearers if hearer.raised_it or hearer.because == "joined"]
    message_ids = {hearer.idea.message_id for hearer in spoke if hearer.idea.message_id is not None}
    said = {
        message.id: message
        for message in tx.scalars(
            select(Message).where(
                Message.id.in_(among(tx, message_ids)), Message.deleted_at.is_(None), Message.is_lost.is_(False)
            )
        )
    }
    open_ = set(
        tx.scalars(
            select(Channel.slack_id).where(
                Channel.workspace_id == workspace_id, Channel.app_is_in, Channel.is_archived.is_(False)
            )
        )
    )
    member_ids = among(tx, (hearer.member.id for hearer in spoke))
    gone = {
        (row.channel_id, row.member_id)
        for row in tx.execute(
            select(Absence.channel_id, Absence.member_id).where(
                Absence.workspace_id == workspace_id, Absence.member_id.in_(member_ids), Absence.is_back.is_(False)
            )
        )
    }
    found = {hearer.member.id: ALONE for hearer in hearers}
    for hearer in spoke:
        message = said.get(hearer.idea.message_id or 0)
        if message is None or message.channel_id not in open_ or hearer.member.left_at is not None:
            continue
        if (message.channel_id, hearer.member.id) not in gone:
            found[hearer.member.id] = thread_of(message)
    return found


def thread_of(message: Message) -> Address:
    """The thread where it was said, whether or not anybody is still there."""
    return Address(message.channel_id, message.thread_ts or message.ts)


def threads_of(tx: Session, notice: Notice) -> list[Address]:
    """Wherever this person said something that the change answers, and the thread of what is quoted to them: one of
    these is, or was, where they hear of it."""
    said = tx.scalars(
        select(Message)
        .join(Idea, Idea.message_id == Message.id)
        .join(ChangeIdea, ChangeIdea.idea_id == Idea.id)
        .where(
            ChangeIdea.change_id == notice.change_id,
            (Idea.author_id == notice.member_id) | (Idea.id == notice.idea_id),
        )
        .order_by(Idea.id)
    )
    return [thread_of(message) for message in said]
