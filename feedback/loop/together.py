"""One post for several people in one thread, each of whom has a notice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from feedback.loop.addresses import Address, address_of_notice
from feedback.loop.stopping import take_turn
from feedback.loop.telling import is_owed, not_told, owe_again, stopped, told
from feedback.loop.ways import ask_again
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


def who_hears_there(tx: Session, post: NoticePost, *, now: datetime) -> list[Notice]:
    """Those who are to be told and can be told there: who left the thread's channel hears alone. Where it is night for
    somebody by now, or others are asked first, they hear alone later; and who wants to hear less by now does so."""
    here = Address(post.channel_id, post.thread_ts)
    named = []
    for each in notices_of(tx, post):
        if not is_owed(tx, each) or address_of_notice(tx, each) != here:
            continue
        way = ask_again(tx, notice=each, now=now)
        waits = way is not None and (way.not_before is not None or (each.not_before or now) > now)
        if way is not None and way.how == "now" and not waits:
            named.append(each)
            continue
        each.post_id = None
        if way is not None and way.how == "now":
            owe_again(tx, notices=[each], now=now)
    return named


def told_together(
    tx: Session, *, post_id: int, notice_ids: Collection[int] | None, channel_id: str, ts: str, now: datetime
) -> None:
    """`notice_ids`: whom it names; None where an earlier try posted it, which named everybody. Whoever it does not name
    hears alone."""
    post = tx.get_one(NoticePost, post_id, with_for_update=True)
    if post.told_at is None:
        post.ts, post.told_at = ts, now
    named = [each for each in _held(tx, post) if notice_ids is None or each.id in notice_ids]
    for each in named:
        told(tx, notice_id=each.id, channel_id=channel_id, ts=ts, now=now)
    _tell_alone(tx, post, now)


def _held(tx: Session, post: NoticePost) -> Sequence[Notice]:
    """All its notices, and then their ideas, locked in the order of their ids."""
    held = tx.scalars(select(Notice).where(Notice.post_id == post.id).order_by(Notice.id).with_for_update()).all()
    idea_ids = {each.idea_id for each in held}
    tx.scalars(select(Idea).where(Idea.id.in_(idea_ids)).order_by(Idea.id).with_for_update()).all()
    return held


def not_told_together(tx: Session, *, post_id: int, now: datetime) -> None:
    """Nothing was posted. Where it was stopped, it waits until somebody lets it go on; else the thread is lost, and
    each hears alone."""
    post = tx.get_one(NoticePost, post_id, with_for_update=True)
    take_turn(tx, change_id=post.change_id)
    if stopped(tx, change_id=post.change_id):
        return
    if who_hears_there(tx, post, now=now):
        for each in notices_of(tx, post)[:1]:
            not_told(tx, notice_id=each.id, now=now)
        return
    _tell_alone(tx, post, now)


def _tell_alone(tx: Session, post: NoticePost, now: datetime) -> None:
    rest = [each for each in notices_of(tx, post) if is_owed(tx, each)]
    for each in rest:
        each.post_id = None
    owe_again(tx, notices=rest, now=now)
