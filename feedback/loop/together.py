"""One post for several people in one thread, each of whom has a notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback.loop.addresses import Address, address_of_notice
from feedback.loop.stopping import take_turn
from feedback.loop.telling import is_owed, owe_again, stopped, told
from feedback.loop.ways import for_now
from models import Idea, Notice, NoticePost


def get_post(tx: Session, *, post_id: int) -> NoticePost:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(NoticePost, post_id)


def notices_of(tx: Session, post: NoticePost) -> Sequence[Notice]:
    """Of everybody who shares it."""
    return tx.scalars(
        select(Notice)
        .where(Notice.post_id == post.id)
        .options(joinedload(Notice.member), joinedload(Notice.idea), joinedload(Notice.answer))
        .order_by(Notice.id)
    ).all()


def who_hears_there(tx: Session, post: NoticePost, *, now: datetime) -> tuple[list[Notice], datetime | None]:
    """Those who are told there now. Where nobody is, because it is night for them by now or others are asked first:
    when the first of them can be.

    From here on the post is theirs alone, so that it is known whom it names even if nobody lives to write down that it
    was posted. Who left the thread's channel hears alone, and who has to wait for longer than the others too; and who
    wants to hear less by now does so.
    """
    named, until = for_now(tx, notices=_there(tx, post), now=now)
    stay = named or [each for each in _there(tx, post) if each.how == "now"]
    _leave_out(tx, [each for each in notices_of(tx, post) if each not in stay], now=now)
    return named, None if named else until


def who_still_hears_there(tx: Session, post: NoticePost, *, now: datetime) -> list[Notice]:
    """The same, where an earlier try may have posted it: everybody whom that named. Nobody, where one of them could not
    be told now; then somebody has to look first whether it stands there, and takes leave of that one only if not."""
    named, _ = for_now(tx, notices=_there(tx, post), now=now)
    return named if len(named) == len(notices_of(tx, post)) else []


def _there(tx: Session, post: NoticePost) -> list[Notice]:
    """Those who are to be told, and can be told there."""
    here = Address(post.channel_id, post.thread_ts)
    return [each for each in notices_of(tx, post) if is_owed(tx, each) and address_of_notice(tx, each) == here]


def _leave_out(tx: Session, notices: Sequence[Notice], *, now: datetime) -> None:
    for each in notices:
        each.post_id = None
    owe_again(tx, notices=[each for each in notices if each.how == "now" and is_owed(tx, each)], now=now)


def told_together(tx: Session, *, post_id: int, channel_id: str, ts: str, now: datetime) -> None:
    """Everybody whom it names."""
    post = tx.get_one(NoticePost, post_id, with_for_update=True)
    if post.told_at is None:
        post.ts, post.told_at = ts, now
    for each in _held(tx, post):
        told(tx, notice_id=each.id, channel_id=channel_id, ts=ts, now=now)


def _held(tx: Session, post: NoticePost) -> Sequence[Notice]:
    """All its notices, and then their ideas, locked in the order of their ids."""
    held = tx.scalars(select(Notice).where(Notice.post_id == post.id).order_by(Notice.id).with_for_update()).all()
    idea_ids = {each.idea_id for each in held}
    tx.scalars(select(Idea).where(Idea.id.in_(idea_ids)).order_by(Idea.id).with_for_update()).all()
    return held


def not_told_together(tx: Session, *, post_id: int, now: datetime) -> None:
    """Nothing was posted. Where it was stopped, it waits until somebody lets it go on; else it is owed anew for those
    who still hear there, and the others hear alone."""
    post = tx.get_one(NoticePost, post_id, with_for_update=True)
    take_turn(tx, change_id=post.change_id)
    if stopped(tx, change_id=post.change_id):
        return
    who_hears_there(tx, post, now=now)
    rest = sorted(notices_of(tx, post), key=lambda each: each.not_before or now)
    owe_again(tx, notices=rest[:1], now=now)
