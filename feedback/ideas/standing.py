"""How an idea stands, where it is shown, and who has looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit, members, outbox, rewards
from feedback.database import among
from feedback.ideas.backing import kept_together, kept_with
from models import Idea, Member

OPEN_STATES = ("new", "reopened")
"""Waiting for somebody on the team."""
MEASURE_AFTER = timedelta(minutes=10)
"""Whatever happens within this time is measured at once."""


def get(tx: Session, *, idea_id: int) -> Idea:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Idea, idea_id)


def review(tx: Session, *, idea_id: int, by: Member, now: datetime) -> Idea:
    """Somebody on the team has seen it and leaves it where it is."""
    idea = access.access_idea(tx, member=by, idea_id=idea_id)
    if idea.reviewed_at is None:
        idea.reviewed_at = now
        audit.record(
            tx, workspace_id=idea.workspace_id, by=by, act="reviewed", subject="idea", subject_id=idea.id, now=now
        )
        refresh(tx, idea=idea, now=now)
    return idea


def sort(tx: Session, *, idea: Idea, kind: str, by: Member, now: datetime) -> None:
    """The team says what kind it is. Rights are checked already, and the row is locked."""
    if idea.kind == kind:
        return
    audit.record(
        tx,
        workspace_id=idea.workspace_id,
        by=by,
        act="sorted",
        subject="idea",
        subject_id=idea.id,
        now=now,
        before=idea.kind,
        after=kind,
    )
    idea.kind = kind
    refresh(tx, idea=idea, now=now)


def set_state(
    tx: Session, *, idea: Idea, state: str, act: str, by: Member | None, now: datetime, why: str = ""
) -> None:
    """For every word that decides about ideas: rights are checked already, and the row is locked."""
    _set_states(tx, [idea], state=state, act=act, by=by, now=now, why=why)
    refresh(tx, idea=idea, now=now)


def set_states(
    tx: Session, *, ideas: Sequence[Idea], state: str, act: str, by: Member | None, now: datetime, why: str = ""
) -> None:
    """The same for many at once, in as many queries as for one."""
    _set_states(tx, ideas, state=state, act=act, by=by, now=now, why=why)
    for each in kept_together(tx, ideas=ideas):
        owe_again(tx, "idea.receipt_refresh", each, now)
        refresh_card(tx, idea=each, now=now)
    author_ids = among(tx, (idea.author_id for idea in ideas))
    for author in tx.scalars(select(Member).where(Member.id.in_(author_ids))):
        members.show_home(tx, member=author, now=now)


def _set_states(
    tx: Session, ideas: Sequence[Idea], *, state: str, act: str, by: Member | None, now: datetime, why: str
) -> None:
    details = {idea.id: {"before": idea.state, "after": state, **({"why": why} if why else {})} for idea in ideas}
    for idea in ideas:
        idea.state = state
        if state in OPEN_STATES:
            idea.reviewed_at = None
    if ideas:
        which: dict[str, Any] = {"workspace_id": ideas[0].workspace_id, "subject": "idea", "details": details}
        audit.record_each(tx, by=by, act=act, **which, now=now)
        rewards.follow_state(tx, ideas=ideas, state=state, by=by, now=now)


def refresh(tx: Session, *, idea: Idea, now: datetime) -> None:
    """Owes everything that shows this idea a fresh look: receipt, card, its author's home. What is kept together with
    it shows the same number of people."""
    for each in (idea, *kept_with(tx, idea=idea)):
        owe_again(tx, "idea.receipt_refresh", each, now)
        refresh_card(tx, idea=each, now=now)
    members.show_home(tx, member=tx.get_one(Member, idea.author_id), now=now)


def refresh_card(tx: Session, *, idea: Idea, now: datetime) -> None:
    """Owes the card in the triage channel a fresh look."""
    owe_again(tx, "idea.card_refresh", idea, now)


def owe_again(tx: Session, kind: str, idea: Idea, now: datetime) -> None:
    outbox.owe_again(tx, workspace_id=idea.workspace_id, kind=kind, key=f"{kind}:{idea.id}", now=now, idea_id=idea.id)


def measure_soon(tx: Session, *, workspace_id: int, now: datetime) -> None:
    """What a theme holds is other than it was, or says something else: what was measured of it is old."""
    key = f"measure:{workspace_id}"
    outbox.owe_again(tx, workspace_id=workspace_id, kind="theme.measure", key=key, now=now, wait=MEASURE_AFTER)


def name_soon(tx: Session, *, theme_id: int, workspace_id: int, now: datetime) -> None:
    """Words are other than they were, or gone, and its name may have been made of them."""
    key = f"theme.name:{theme_id}"
    outbox.owe_again(tx, workspace_id=workspace_id, kind="theme.name", key=key, now=now, theme_id=theme_id)


def card_posted(tx: Session, *, idea_id: int, channel_id: str, ts: str, now: datetime) -> None:
    """Remembers where the newest card stands. The one before it says so, and shows nothing that could be old."""
    idea = tx.get_one(Idea, idea_id, with_for_update=True)
    if idea.card_ts != ts:
        workspace_id, before = idea.workspace_id, idea.card_channel_id
        outbox.replace_card(tx, workspace_id=workspace_id, channel_id=before, ts=idea.card_ts, now=now)
    idea.card_channel_id, idea.card_ts = channel_id, ts


def lose_thread(tx: Session, *, idea: Idea) -> None:
    """Slack knows the message no more, and never told us so. Its author is answered in private from now on."""
    if idea.message is not None:
        idea.message.is_lost = True
