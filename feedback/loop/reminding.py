"""Whoever was told that something shipped, and says nothing, is asked once more. Never a second time.

Asked is who still has something to say: nothing of it is open again, nothing newer shipped for it, and they did not
choose to hear less since. Whoever was told so long ago that the answer would be counted as none by now is left alone,
so that a workspace that begins with this does not wake up years of silence.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from feedback import once, outbox
from feedback.loop.addresses import ALONE, Address, address_of
from feedback.loop.refreshing import refresh
from feedback.loop.reopening import STANDS
from models import Answer, Change, ChangeIdea, Idea, Member, Notice, Reminder, Workspace

Newer = aliased(Change)


def remind_soon(tx: Session, *, workspace_id: int, now: datetime) -> int:
    """Owes a reminder to everybody who was told so many days ago. Returns how many they are."""
    days = timedelta(days=tx.get_one(Workspace, workspace_id).remind_after_days)
    if not days:
        return 0
    found = tx.scalars(
        select(Notice.id)
        .join(Change, Change.id == Notice.change_id)
        .join(Member, Member.id == Notice.member_id)
        .join(Idea, Idea.id == Notice.idea_id)
        .outerjoin(Answer, Answer.notice_id == Notice.id)
        .outerjoin(Reminder, Reminder.notice_id == Notice.id)
        .where(
            Notice.workspace_id == workspace_id,
            Notice.told_at <= now - days,
            Notice.told_at > now - 2 * days,
            Reminder.id.is_(None),
            *_has_something_to_say(),
        )
        .order_by(Notice.id)
    ).all()
    rows = [{"workspace_id": workspace_id, "notice_id": notice_id, "opened_at": now} for notice_id in found]
    opened = once.insert_all(tx, Reminder, rows, returning=("id",))
    ids_of = {f"reminder:{row.id}": {"reminder_id": row.id} for row in opened}
    outbox.owe_each(tx, workspace_id=workspace_id, kind="loop.reminder", ids_of=ids_of, now=now)
    return len(opened)


def _has_something_to_say() -> tuple[ColumnElement[bool], ...]:
    """For queries that join the notice with its change, member, idea and answer."""
    newer = (
        select(ChangeIdea.id)
        .join(Newer, Newer.id == ChangeIdea.change_id)
        .where(ChangeIdea.idea_id == Notice.idea_id, Newer.kind == "shipped", Newer.id > Notice.change_id)
    )
    return (
        Change.kind == "shipped",
        Notice.how == "now",
        Notice.told_at.is_not(None),
        Answer.id.is_(None),
        Member.left_at.is_(None),
        (Member.hears == "everything") | ((Member.hears == "own") & Notice.raised_it),
        Idea.state.in_(STANDS),
        ~newer.exists(),
    )


def is_reminder_owed(tx: Session, reminder: Reminder) -> bool:
    """Whether there is still a reason to ask, when it is their turn."""
    stands = (
        select(Notice.id)
        .join(Change, Change.id == Notice.change_id)
        .join(Member, Member.id == Notice.member_id)
        .join(Idea, Idea.id == Notice.idea_id)
        .outerjoin(Answer, Answer.notice_id == Notice.id)
        .where(Notice.id == reminder.notice_id, *_has_something_to_say())
    )
    is_wanted = tx.get_one(Workspace, reminder.workspace_id).remind_after_days > 0
    return is_wanted and reminder.told_at is None and tx.scalars(stands).first() is not None


def address_of_reminder(tx: Session, notice: Notice) -> Address:
    """In the thread where they said it. Alone, where they only backed it, or heard with others in one post: a question
    below that to each of them by name would fill the thread."""
    return address_of(tx, notice.idea) if notice.raised_it and notice.post_id is None else ALONE


def get_reminder(tx: Session, *, reminder_id: int) -> Reminder:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Reminder, reminder_id)


def reminded(tx: Session, *, reminder_id: int, channel_id: str, ts: str, now: datetime) -> None:
    """Where it stands. The notice is locked first, as by whoever answers it in this moment."""
    notice_id = tx.get_one(Reminder, reminder_id).notice_id
    notice = tx.get_one(Notice, notice_id, with_for_update=True)
    reminder = tx.get_one(Reminder, reminder_id, with_for_update=True)
    if reminder.told_at is None:
        reminder.channel_id, reminder.ts, reminder.told_at = channel_id, ts, now
        tx.flush()  # what is shown anew is looked up by it
        if notice.answer is not None:
            refresh(tx, notice=notice, now=now)
