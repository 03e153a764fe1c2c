"""Gifts on their way to their receivers, and back: ids in, a plan out; None where nothing is owed any more.

This is the only place where a code or link is decrypted, for a message to one person. It goes into no log, no error and
no row.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedback import loop, rewards
from feedback.blocks import gifts as gift_blocks
from feedback.hub import Hub
from feedback.providers import Impossible
from feedback.providers.payouts import REFUSED, PayoutService
from jobs.plans import Later, Plan, Post, Tx, Work

Ids = dict[str, Any]


def gift(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    payout = rewards.get_payout(tx, payout_id=ids["payout_id"])
    if payout.gift_told_at is not None:
        return None
    given = rewards.gift_of(payout, cipher=hub.cipher)
    return Post(
        message=gift_blocks.gift(payout.reward, given=given) if given else None,
        user_id=payout.reward.member.slack_id,
        channel_id=None,
        thread_ts=None,
        when_posted=lambda tx, posted, now: rewards.gift_told(
            tx, payout_id=payout.id, channel_id=posted.channel_id, ts=posted.ts, now=now
        ),
    )


def gift_again(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    payout = rewards.get_payout(tx, payout_id=ids["payout_id"])
    given = rewards.gift_of(payout, cipher=hub.cipher)
    return Post(
        message=gift_blocks.again(payout.reward, given=given) if given else None,
        user_id=payout.reward.member.slack_id,
        channel_id=None,
        thread_ts=None,
        when_posted=lambda tx, posted, now: rewards.sent_again(
            tx, payout_id=payout.id, channel_id=posted.channel_id, ts=posted.ts, now=now
        ),
    )


def expiring(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | Later | None:
    """Not at night."""
    payout = rewards.get_payout(tx, payout_id=ids["payout_id"])
    is_owed = payout.reminded_at is None and rewards.is_reminder_owed(payout, now)
    until = loop.quiet_until(tx, member=payout.reward.member, now=now) if is_owed else None
    if until is not None:
        return Later(until)
    given = rewards.gift_of(payout, cipher=hub.cipher)
    return Post(
        message=gift_blocks.expiring(payout.reward, given=given) if is_owed else None,
        user_id=payout.reward.member.slack_id,
        channel_id=None,
        thread_ts=None,
        when_posted=lambda tx, posted, now: rewards.reminded(tx, payout_id=payout.id, now=now),
    )


def returned(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | Later | None:
    """Not at night: it is no news that anybody waits for."""
    reward = rewards.get_payout(tx, payout_id=ids["payout_id"]).reward
    until = loop.quiet_until(tx, member=reward.member, now=now)
    if until is not None:
        return Later(until)
    return Post(
        message=gift_blocks.returned(reward) if reward.member.left_at is None else None,
        user_id=reward.member.slack_id,
        channel_id=None,
        thread_ts=None,
        when_posted=lambda tx, posted, now: None,  # nobody changes it later
    )


def link(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """Another link to the same gift, where the one that was told has ended."""
    payout = rewards.get_payout(tx, payout_id=ids["payout_id"])
    payout_id, ref = payout.id, payout.provider_reward
    if not payout.gift:
        return None

    def run() -> None:
        made = _service(hub).new_link(ref)
        with hub.transaction() as tx:
            rewards.link_renewed(tx, payout_id=payout_id, link=made, cipher=hub.cipher, now=hub.clock())

    return Work(run)


def take_back(hub: Hub, tx: Tx, ids: Ids, now: datetime) -> Plan | None:
    """What a manager wants back: the provider makes it worthless first. Twice is the same as once."""
    payout = rewards.get_payout(tx, payout_id=ids["payout_id"])
    payout_id, ref, external_id = payout.id, payout.provider_reward, payout.external_id
    if payout.returned_at is not None:
        return None

    def run() -> None:
        _cancel(_service(hub), ref, external_id)
        with hub.transaction() as tx:
            rewards.returned(tx, payout_id=payout_id, now=hub.clock())

    def when_refused(tx: Tx, error: Impossible, now: datetime) -> None:
        rewards.not_taken_back(tx, payout_id=payout_id, error=error.code, now=now)

    return Work(run, when_refused)


def _cancel(service: PayoutService, ref: str, external_id: str) -> None:
    """Where the answer to an earlier try was lost, the service refuses to do once more what it did. How the order
    stands there says which it is."""
    try:
        service.cancel(ref)
    except Impossible:
        found = service.find(external_id)
        if found is None or found.state not in REFUSED:
            raise


def _service(hub: Hub) -> PayoutService:
    if hub.payouts is None:
        raise Impossible("no_payout_service", "PAYOUTS_URL is not set any more")
    return hub.payouts
