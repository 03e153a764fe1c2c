"""How much each person wants to be told, as they chose it themself."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from feedback import audit, members
from feedback.errors import Refused
from models import Member

HEARS = ("everything", "own", "digest", "nothing")
"""How much somebody wants to be told; own: of what they raised themself."""


def choose(tx: Session, *, member: Member, hears: str, now: datetime) -> None:
    """From now on. What is owed to them follows it when its turn comes; what is chosen already is no news."""
    if hears not in HEARS:
        raise Refused("Choose one of the four.", "hears")
    tx.refresh(member, with_for_update={"key_share": True})  # somebody who presses twice
    if member.hears == hears:
        return
    audit.record(
        tx,
        workspace_id=member.workspace_id,
        by=member,
        act="chose how much to hear",
        subject="member",
        subject_id=member.id,
        now=now,
        before=member.hears,
        after=hears,
    )
    member.hears = hears
    members.show_home(tx, member=member, now=now)


def wants(member: Member, *, raised_it: bool) -> bool:
    """Whether they want to hear what became of this at all, be it in their week's message."""
    return member.hears != "nothing" and (raised_it or member.hears != "own")
