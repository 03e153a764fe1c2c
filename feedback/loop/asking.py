"""The team would like to know more, and somebody tells it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from feedback import access, messages, once
from feedback.errors import Refused
from feedback.loop.refreshing import refresh
from models import Member, Notice, Reply

LONGEST_REPLY = 2000


def check_open(tx: Session, *, notice: Notice) -> Notice:
    """Before the form is shown that takes the answer."""
    if notice.change.kind != "asked":
        raise Refused("There is no question in it.")
    if notice.reply is not None:
        raise Refused("You answered this already, and the team reads it. Write more in the thread if you like.")
    return notice


def reply(tx: Session, *, notice_id: int, member: Member, text: str, now: datetime) -> None:
    """What they say stands on the idea's page, for the team. The first answer counts; a second press is no news."""
    notice = access.access_notice(tx, member=member, notice_id=notice_id)
    text = messages.storable(text).strip()
    if not text:
        raise Refused("Write a sentence, and the team reads it.", "text")
    if len(text) > LONGEST_REPLY:
        raise Refused(f"Please keep it under {LONGEST_REPLY} characters.", "text")
    if notice.reply is not None and notice.reply.text == text:
        return
    check_open(tx, notice=notice)
    once.insert(tx, Reply, notice_id=notice.id, text=text, given_at=now)
    tx.expire(notice, ["reply"])
    refresh(tx, notice=notice, now=now)
