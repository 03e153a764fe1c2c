"""Telling people what became of what they said: ids in, a plan out; None where nothing is owed any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from feedback import appeals, loop
from feedback.blocks import Message
from feedback.blocks import digests as digest_blocks
from feedback.blocks import loop as loop_blocks
from feedback.hub import Hub
from feedback.overview import changes as overview
from feedback.providers import Impossible
from jobs.losing import LOST_CHANNEL, LOST_THREAD, losing
from jobs.plans import Later, Plan, Post, Tx
from jobs.slack import Ids, shown_anew


def notice(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | Later | None:
    """In the thread where they said it; whoever backed somebody else's idea hears alone."""
    found = loop.get(tx, notice_id=ids["notice_id"])
    if found.told_at is not None:
        return None
    is_owed = loop.is_owed(tx, found) and not loop.stopped(tx, change_id=found.change_id)
    owed, until = loop.for_now(tx, notices=[found] if is_owed else [], now=now)
    if until is not None and not ids["is_unknown"]:
        return Later(until)
    is_owed = bool(owed)
    if is_owed and loop.comes_first(tx, notices=[found], now=now):
        return Later(now + loop.AFTER_THE_OLDER)
    address = loop.address_of_notice(tx, found)
    return Post(
        message=_notice_message(tx, found.id) if is_owed else None,
        look_again=lambda tx: _notice_message(tx, found.id),
        user_id=found.member.slack_id,
        channel_id=address.channel_id,
        thread_ts=address.thread_ts,
        when_posted=lambda tx, posted, now: loop.told(
            tx, notice_id=found.id, channel_id=posted.channel_id, ts=posted.ts, now=now
        ),
        when_not_posted=lambda tx, now: loop.not_told(tx, notice_id=found.id, now=now),
        when_outdated=lambda tx, now: loop.refresh(tx, notice=loop.get(tx, notice_id=found.id), now=now),
        when_refused=losing(found.idea_id, address.channel_id),
        elsewhere=loop.threads_of(tx, found),
        is_one_of_many=True,
    )


def notice_refresh(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    found = loop.get(tx, notice_id=ids["notice_id"])
    if found.digest is not None:
        return shown_anew(_digest_message(hub, tx, found.digest.id), found.digest.channel_id, found.digest.ts)
    return shown_anew(_notice_message(tx, found.id), found.channel_id, found.ts)


def _notice_message(tx: Tx, notice_id: int) -> Message:
    found = loop.get(tx, notice_id=notice_id)
    return loop_blocks.notice(found, answer=found.answer, appeal=appeals.standing(tx, notice=found))


def post(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | Later | None:
    """To all who spoke in one thread. Where that is lost, each hears alone."""
    found = loop.get_post(tx, post_id=ids["post_id"])
    if found.told_at is not None:
        return None
    named, until = _named(tx, found, ids["is_unknown"], now)
    if until is not None:
        return Later(until)
    if loop.comes_first(tx, notices=named, now=now):
        return Later(now + loop.AFTER_THE_OLDER)
    return Post(
        message=_together(tx, found.change, named) if named else None,
        look_again=lambda tx: _post_message(tx, found.id),
        user_id="",
        channel_id=found.channel_id,
        thread_ts=found.thread_ts,
        when_posted=lambda tx, posted, now: loop.told_together(
            tx, post_id=found.id, channel_id=posted.channel_id, ts=posted.ts, now=now
        ),
        when_not_posted=lambda tx, now: loop.not_told_together(tx, post_id=found.id, now=now),
        when_outdated=lambda tx, now: loop.refresh_post(tx, workspace_id=found.workspace_id, post_id=found.id, now=now),
        when_refused=_losing_for_all([each.idea_id for each in named], found.channel_id),
        is_one_of_many=True,
    )


def _named(tx: Tx, found: Any, is_unknown: bool, now: datetime) -> tuple[list[Any], datetime | None]:
    """Whom it names, if it is to be posted now; and until when it waits."""
    if loop.stopped(tx, change_id=found.change_id):
        return [], None
    if is_unknown:
        return loop.who_still_hears_there(tx, found, now=now), None
    return loop.who_hears_there(tx, found, now=now)


def post_refresh(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    found = loop.get_post(tx, post_id=ids["post_id"])
    named = loop.notices_of(tx, found)
    return shown_anew(_together(tx, found.change, named), found.channel_id, found.ts) if named else None


def _post_message(tx: Tx, post_id: int) -> Message:
    found = loop.get_post(tx, post_id=post_id)
    return _together(tx, found.change, loop.notices_of(tx, found))


def _together(tx: Tx, change: Any, named: Any) -> Message:
    appeal = appeals.standing(tx, notice=named[0]) if named else None
    return loop_blocks.together(change, named, appeal=appeal)


def _losing_for_all(idea_ids: list[int], channel_id: str) -> Callable[[Tx, Impossible], bool]:
    """Whichever of the ideas it quotes: they stand in the same thread."""

    def when_refused(tx: Tx, error: Impossible) -> bool:
        if error.code not in LOST_CHANNEL | LOST_THREAD:
            return False
        for idea_id in sorted(set(idea_ids)):
            losing(idea_id, channel_id)(tx, error)
        return bool(idea_ids)

    return when_refused


def digest(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | Later | None:
    """Everything that waited for one person. Where nothing of it waits any more, nothing is sent."""
    found = loop.get_digest(tx, digest_id=ids["digest_id"])
    if found.told_at is not None:
        return None
    until = loop.quiet_until(tx, member=found.member, now=now)
    if until is not None:
        return Later(until)
    if not ids["is_unknown"]:
        loop.set_stopped_aside(tx, digest_id=found.id)
    is_owed = found.member.left_at is None and bool(loop.items(tx, digest_id=found.id))
    return Post(
        message=_digest_message(hub, tx, found.id) if is_owed else None,
        look_again=lambda tx: _digest_message(hub, tx, found.id),
        user_id=found.member.slack_id,
        channel_id=None,
        thread_ts=None,
        when_posted=lambda tx, posted, now: loop.digest_told(
            tx, digest_id=found.id, channel_id=posted.channel_id, ts=posted.ts, now=now
        ),
        when_outdated=lambda tx, now: loop.refresh_digest(tx, digest_id=found.id, now=now),
    )


def _digest_message(hub: Hub, tx: Tx, digest_id: int) -> Message:
    return digest_blocks.digest(loop.items(tx, digest_id=digest_id), hub_url=hub.settings.hub_url)


def announcement(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    found = loop.announcement_of(tx, change_id=ids["change_id"])
    if found.told_at is not None:
        return None
    change = found.change
    is_stopped = loop.stopped(tx, change_id=change.id)
    return Post(
        message=None if is_stopped else _announcement_message(tx, change.id),
        look_again=lambda tx: _announcement_message(tx, change.id),
        user_id="",
        channel_id=found.channel_id,
        thread_ts=None,
        when_posted=lambda tx, posted, now: loop.announced(tx, change_id=change.id, ts=posted.ts, now=now),
        when_not_posted=lambda tx, now: loop.not_announced(tx, change_id=change.id, now=now),
        when_outdated=lambda tx, now: loop.refresh_announcement(
            tx, workspace_id=ids["workspace_id"], change_id=change.id, now=now
        ),
    )


def announcement_refresh(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    found = loop.announcement_of(tx, change_id=ids["change_id"])
    return shown_anew(_announcement_message(tx, found.change_id), found.channel_id, found.ts)


def _announcement_message(tx: Tx, change_id: int) -> Message:
    change = loop.announcement_of(tx, change_id=change_id).change
    people = overview.people_behind(tx, change_id=change_id)
    return loop_blocks.announcement(change, people=people, helped=loop.helped(tx, change=change))


def rehearsal(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    found = loop.get_rehearsal(tx, rehearsal_id=ids["rehearsal_id"])
    if found.told_at is not None:
        return None
    return Post(
        message=loop_blocks.rehearsal(found),
        user_id=found.member.slack_id,
        channel_id=None,
        thread_ts=None,
        when_posted=lambda tx, posted, now: loop.rehearsed(tx, rehearsal_id=found.id, now=now),
    )
