"""What became of a promise: noted, kept, moved to another day once, given up with a reason, or broken.

It is between whoever made it and the team: customers see nothing of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import audit, loop, messages, outbox
from feedback.errors import Refused
from feedback.promises import wording
from feedback.promises.offering import today_of
from feedback.typed import day_of
from models import Change, ChangeIdea, Idea, Member, Message, Promise

LONGEST_WHY = 1000
MOST_DAYS = 365
MORNING, AFTERNOON = time(9), time(16)
"""Where they are."""
ANSWERS = ("shipped", "declined")
"""A plan is a promise itself, so it keeps none."""


def check_mine(tx: Session, *, promise_id: int, member: Member) -> Promise:
    """Locked. Before a form is shown, too."""
    found = tx.scalars(
        select(Promise)
        .where(Promise.id == promise_id, Promise.workspace_id == member.workspace_id)
        .with_for_update(of=Promise)
    ).one_or_none()
    if found is None:
        raise Refused("That promise is not here any more.")
    if found.member_id != member.id:
        raise Refused(f"That promise is {found.member.name}’s.")
    return found


def note(tx: Session, *, promise_id: int, member: Member, due: str, now: datetime) -> Promise:
    """They mean it, by this day (as the form writes it, 2026-11-27). A second time is no news."""
    promise = check_mine(tx, promise_id=promise_id, member=member)
    if promise.noted_at is not None:
        return promise
    if promise.message.deleted_at is not None:
        raise Refused("You deleted that message meanwhile, so there is nothing to note.")
    promise.due_on, promise.state, promise.noted_at = _day(promise, due, now), "open", now
    _record(tx, promise, "promised", member, now)
    _remind_later(tx, promise, now)
    return promise


def say_no(tx: Session, *, promise_id: int, member: Member) -> None:
    """It was no promise."""
    promise = check_mine(tx, promise_id=promise_id, member=member)
    if promise.state in ("asking", "asked"):
        promise.state = "no"


def keep(tx: Session, *, promise_id: int, member: Member, now: datetime) -> Promise:
    promise = check_mine(tx, promise_id=promise_id, member=member)
    if promise.state != "kept":
        _check_open(promise)
        _end(tx, promise, state="kept", ended_by="member", by=member, now=now)
    return promise


def check_may_move(tx: Session, *, promise_id: int, member: Member) -> Promise:
    """Before the form is shown that asks for another day."""
    promise = check_mine(tx, promise_id=promise_id, member=member)
    _check_open(promise)
    if promise.moved_at is not None:
        raise Refused("It was given another day once already. Keep it, or say that it cannot be kept.")
    return promise


def move(tx: Session, *, promise_id: int, member: Member, due: str, now: datetime) -> Promise:
    """Another day, once. The same day sent twice is no news."""
    promise = check_mine(tx, promise_id=promise_id, member=member)
    if promise.state == "open" and promise.moved_at is not None and due == promise.due_on.isoformat():
        return promise
    check_may_move(tx, promise_id=promise_id, member=member)
    promise.due_on, promise.moved_at = _day(promise, due, now), now
    _record(tx, promise, "promise moved", member, now)
    _remind_later(tx, promise, now)
    _refresh(tx, promise, now)
    return promise


def check_open(tx: Session, *, promise_id: int, member: Member) -> Promise:
    """Before the form is shown that asks why it cannot be kept."""
    promise = check_mine(tx, promise_id=promise_id, member=member)
    _check_open(promise)
    return promise


def give_up(tx: Session, *, promise_id: int, member: Member, why: str, now: datetime) -> Promise:
    """It cannot be kept, and the team reads why."""
    why = messages.storable(why.strip())
    if not why:
        raise Refused("Say in a sentence why it cannot be kept.", "why")
    if len(why) > LONGEST_WHY:
        raise Refused(f"Please keep it under {LONGEST_WHY} characters.", "why")
    promise = check_mine(tx, promise_id=promise_id, member=member)
    if promise.state == "given_up":
        return promise
    _check_open(promise)
    promise.why = why
    _end(tx, promise, state="given_up", ended_by="member", by=member, now=now)
    return promise


def follow_change(tx: Session, *, change: Change, now: datetime) -> None:
    """People are told what became of it: whoever promised something about it kept their word by that."""
    if change.kind not in ANSWERS:
        return
    answered = select(ChangeIdea.idea_id).where(ChangeIdea.change_id == change.id)
    for promise in _open(tx, Promise.idea_id.in_(answered)):
        _end(tx, promise, state="kept", ended_by="change", by=None, now=now)


def end_overdue(tx: Session, *, workspace_id: int, now: datetime) -> None:
    """Where the day has gone by, in the promiser's own zone, and they said nothing. What is about something that was
    taken back is neither kept nor broken: nobody waits for it."""
    taken_back = select(Idea.id).where(Idea.workspace_id == workspace_id, Idea.state == "withdrawn")
    for promise in _open(tx, Promise.workspace_id == workspace_id, Promise.idea_id.in_(taken_back)):
        _end(tx, promise, state="lapsed", ended_by="idea", by=None, now=now)
    latest = (now + timedelta(days=1)).date()
    for promise in _open(tx, Promise.workspace_id == workspace_id, Promise.due_on < latest):
        if promise.due_on < today_of(promise.member, now):
            _end(tx, promise, state="broken", ended_by="day", by=None, now=now)


def follow_edit(tx: Session, *, message: Message, now: datetime) -> None:
    """What is kept are the words as they stand. Where they promise nothing any more, nobody asks whether to note it."""
    promise = tx.scalars(select(Promise).where(Promise.message_id == message.id).with_for_update()).one_or_none()
    if promise is None or promise.words == message.text:
        return
    promise.words = message.text
    if promise.state in ("asking", "asked") and not wording.promises(message.text):
        promise.state = "no"
    _refresh(tx, promise, now)


def follow_deletion(tx: Session, *, message: Message, now: datetime) -> None:
    """Words that somebody took out of Slack are not kept here. What they noted stays noted."""
    promise = tx.scalars(select(Promise).where(Promise.message_id == message.id).with_for_update()).one_or_none()
    if promise is None:
        return
    promise.words = ""
    if promise.state in ("asking", "asked"):
        promise.state = "no"
    _refresh(tx, promise, now)


def is_reminder_owed(promise: Promise, *, due_on: str) -> bool:
    """`due_on`: the day that the reminder is for; they may have given it another one since."""
    is_about_something = promise.idea.state != "withdrawn" and promise.member.left_at is None
    return promise.state == "open" and promise.due_on.isoformat() == due_on and is_about_something


def reminded(tx: Session, *, promise_id: int, channel_id: str, ts: str, now: datetime) -> None:
    promise = tx.get_one(Promise, promise_id, with_for_update=True)
    promise.channel_id, promise.ts, promise.reminded_at = channel_id, ts, now


def refresh(tx: Session, *, promise_id: int, now: datetime) -> None:
    """Owes its reminder a fresh look."""
    _refresh(tx, tx.get_one(Promise, promise_id), now)


def _open(tx: Session, *which: object) -> Sequence[Promise]:
    """Locked, in the order of ids."""
    return tx.scalars(
        select(Promise).where(Promise.state == "open", *which).order_by(Promise.id).with_for_update()  # type: ignore[arg-type]
    ).all()


def _check_open(promise: Promise) -> None:
    if promise.state == "broken":
        raise Refused("Its day has gone by, so it counts as not kept.")
    if promise.state != "open":
        raise Refused("That was settled already.")


def _day(promise: Promise, text: str, now: datetime) -> date:
    today = today_of(promise.member, now)
    found = day_of(text, "due")
    if found is None:
        raise Refused("Choose a day.", "due")
    if not today <= found <= today + timedelta(days=MOST_DAYS):
        raise Refused("Choose a day from today on, within a year.", "due")
    return found


def _remind_later(tx: Session, promise: Promise, now: datetime) -> None:
    """On the morning of the day before; where that is over, on the morning or in the afternoon of the day itself."""
    zone = loop.zone(promise.member.tz)
    moments = [
        datetime.combine(promise.due_on - timedelta(days=1), MORNING, zone),
        datetime.combine(promise.due_on, MORNING, zone),
        datetime.combine(promise.due_on, AFTERNOON, zone),
    ]
    ahead = [moment for moment in moments if moment > now]
    if ahead:
        key = f"promise.remind:{promise.id}:{promise.due_on}"
        ids = {"promise_id": promise.id, "member_id": promise.member_id, "due_on": promise.due_on.isoformat()}
        outbox.owe_each(
            tx,
            workspace_id=promise.workspace_id,
            kind="promise.remind",
            ids_of={key: ids},
            now=now,
            not_before={key: ahead[0]},
        )


def _end(tx: Session, promise: Promise, *, state: str, ended_by: str, by: Member | None, now: datetime) -> None:
    promise.state, promise.ended_by, promise.ended_at = state, ended_by, now
    why = {"why": promise.why} if promise.why else {}
    name = {} if by else {"name": promise.member.name}
    _record(tx, promise, f"promise {state}", by, now, **name, **why)
    _refresh(tx, promise, now)


def _refresh(tx: Session, promise: Promise, now: datetime) -> None:
    if promise.ts is None:
        return
    key = f"promise.remind_refresh:{promise.id}"
    ids: dict[str, Any] = {"promise_id": promise.id, "member_id": promise.member_id}
    outbox.owe_again(tx, workspace_id=promise.workspace_id, kind="promise.remind_refresh", key=key, now=now, **ids)


def _record(tx: Session, promise: Promise, act: str, by: Member | None, now: datetime, **detail: str) -> None:
    audit.record(
        tx,
        workspace_id=promise.workspace_id,
        by=by,
        act=act,
        subject="idea",
        subject_id=promise.idea_id,
        now=now,
        due_on=promise.due_on.isoformat(),
        **detail,
    )
