"""Somebody on the team said in a customer's thread that they would do something: shall it be noted?

Asked is they alone, once, right after they said it. What they answer nobody else sees.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, loop, once, outbox
from feedback.promises import wording
from models import Idea, Member, Message, Promise

FRESH = timedelta(hours=1)
"""So long after they said it they may be asked; what is read up later is old talk."""
USUAL_DAYS = 14
"""Where no day was named."""


def listen(tx: Session, *, message: Message, now: datetime) -> None:
    """Owes the question where a reply of the team below an idea reads as a promise. Twice is once."""
    author = message.author
    if message.thread_ts is None or author is None or author.is_bot or not access.may_review(author):
        return
    if message.posted_at <= now - FRESH or not wording.promises(message.text):
        return
    idea_id = _idea_in_thread(tx, message)
    if idea_id is None:
        return
    today = today_of(author, message.posted_at)
    promise_id = once.insert(
        tx,
        Promise,
        workspace_id=message.workspace_id,
        message_id=message.id,
        idea_id=idea_id,
        member_id=author.id,
        words=message.text,
        state="asking",
        asked_at=now,
        due_on=wording.due_on(message.text, today=today) or today + timedelta(days=USUAL_DAYS),
    )
    if promise_id is not None:
        ids = {"promise_id": promise_id, "member_id": author.id}
        key = f"promise.ask:{promise_id}"
        outbox.owe(tx, workspace_id=message.workspace_id, kind="promise.ask", key=key, now=now, **ids)


def _idea_in_thread(tx: Session, message: Message) -> int | None:
    """What began the thread before what was said in it."""
    return tx.scalars(
        select(Idea.id)
        .join(Message, Message.id == Idea.message_id)
        .where(
            Message.workspace_id == message.workspace_id,
            Message.channel_id == message.channel_id,
            (Message.ts == message.thread_ts) | (Message.thread_ts == message.thread_ts),
            Idea.state != "withdrawn",
            Idea.author_id != message.author_id,
        )
        .order_by(Message.ts)
        .limit(1)
    ).first()


def today_of(member: Member, at: datetime) -> date:
    """Which day it is where they are."""
    return at.astimezone(loop.zone(member.tz)).date()


def get(tx: Session, *, promise_id: int) -> Promise:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Promise, promise_id)


def question_stands(promise: Promise, *, now: datetime) -> bool:
    """Whether they may still be asked."""
    is_fresh = promise.message.posted_at > now - FRESH and promise.message.deleted_at is None
    is_about_something = promise.idea.state != "withdrawn"
    return promise.state == "asking" and is_fresh and is_about_something and access.may_review(promise.member)


def asked(tx: Session, *, promise_id: int) -> None:
    """The question stands where they see it."""
    found = tx.get_one(Promise, promise_id, with_for_update=True)
    if found.state == "asking":
        found.state = "asked"


def leave(tx: Session, *, promise_id: int) -> None:
    """They could not be asked, or it is not sure that they saw it. Nobody is asked twice, so nothing is noted."""
    found = tx.get_one(Promise, promise_id, with_for_update=True)
    if found.state == "asking":
        found.state = "no"
