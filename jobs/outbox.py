"""The relay: takes one row of the outbox from owed to done.

Claim and say "sending" in one transaction; do it with none open; write the outcome in a second one, if the row is
still ours. Killed anywhere in between, the row is found again by the sweeper.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from feedback import outbox
from feedback.hub import Hub
from feedback.outbox import Claim
from feedback.providers import Impossible, NotDone, Unknown
from feedback.providers.slack import Posted
from jobs import (
    changes,
    deciding,
    earning,
    gifts,
    hearing,
    holds,
    judgements,
    measuring,
    owing,
    payouts,
    privacy,
    promises,
    sealing,
    slack,
    telling,
    themes,
    work,
)
from jobs.plans import Later, Plan, Post, Tx

PLANS: dict[str, Callable[[Hub, Tx, dict[str, Any], datetime], Plan | Later | None]] = {
    "appeal.heard": hearing.heard_again,
    "appeal.weigh": hearing.weigh,
    "audit.seal": sealing.seal,
    "change.compare": changes.compare,
    "card.replaced": slack.card_replaced,
    "channel.catch_up": slack.read_channel,
    "home.publish": slack.publish_home,
    "idea.card": slack.card,
    "idea.card_refresh": slack.card_refresh,
    "idea.place": themes.place,
    "idea.receipt": slack.receipt,
    "idea.receipt_refresh": slack.receipt_refresh,
    "kinds.refit": judgements.refit,
    "loop.alert": owing.late,
    "loop.announcement": telling.announcement,
    "loop.announcement_refresh": telling.announcement_refresh,
    "loop.digest": telling.digest,
    "loop.notice": telling.notice,
    "loop.notice_refresh": telling.notice_refresh,
    "loop.post": telling.post,
    "loop.post_refresh": telling.post_refresh,
    "loop.rehearsal": telling.rehearsal,
    "loop.week": owing.week,
    "loop.reminder": hearing.reminder,
    "loop.reminder_refresh": hearing.reminder_refresh,
    "member.erase": privacy.erase,
    "member.profile": slack.read_profile,
    "message.ask": judgements.ask,
    "message.fetch": slack.fetch_message,
    "message.judge": judgements.judge,
    "promise.ask": promises.ask,
    "promise.remind": promises.remind,
    "promise.remind_refresh": promises.remind_refresh,
    "reward.answered": deciding.answered,
    "reward.card": deciding.card,
    "reward.card_refresh": deciding.card_refresh,
    "reward.ask": payouts.ask,
    "reward.gift": gifts.gift,
    "reward.held": holds.held,
    "reward.pay": payouts.pay,
    "reward.question": deciding.question,
    "reward.thanks": earning.thanks,
    "reward.reconcile": payouts.reconcile,
    "reward.expiring": gifts.expiring,
    "reward.gift_again": gifts.gift_again,
    "reward.link": gifts.link,
    "reward.returned": gifts.returned,
    "reward.take_back": gifts.take_back,
    "theme.map": slack.theme_map,
    "theme.measure": measuring.measure,
    "theme.name": themes.name,
    "theme.regroup": themes.regroup,
    "theme.waiting": slack.suggestions,
    "work.catch_up": work.catch_up,
    "work.check": work.check,
    "work.comment": work.comment,
    "work.create": work.create,
    "work.read": work.read,
    "workspace.read": slack.read_workspace,
}
"""Every kind in feedback.outbox, and who knows what to do about it."""


def deliver(hub: Hub, outbox_id: int) -> None:
    """Does what the row asks for, if it is due and nobody else holds it."""
    now = hub.clock()
    try:
        with hub.transaction() as tx:
            claim = outbox.claim(tx, outbox_id=outbox_id, now=now)
            plan = _plan(hub, tx, claim, now) if claim else None
    except Exception as error:
        # Whatever went wrong while it was planned, the row stands as it did before, due at once. RQ logs the fault.
        _stumble(hub, outbox_id, error)
        raise
    if claim is None or plan is None:
        return
    log = hub.log.bind(kind=claim.kind, outbox=claim.outbox_id, attempt=claim.attempt)
    try:
        posted = plan.carry_out(hub, claim)
    except NotDone as error:
        wait = outbox.backoff(claim.tries) if error.after_seconds is None else timedelta(seconds=error.after_seconds)
        log.info("outbox.not_done", error=str(error), wait_seconds=wait.total_seconds())
        with hub.transaction() as tx:
            outbox.postpone(tx, claim, until=hub.clock() + wait, error=str(error))
    except Unknown as error:
        log.warning("outbox.unknown", error=str(error))
        _leave_unknown(hub, claim, str(error))
    except Impossible as error:
        log.warning("outbox.impossible", error=str(error))
        _give_up(hub, claim, plan, error)
    except Exception as error:
        # A fault of ours, or RQ's time limit: the call may have had its effect by then, or may not. RQ logs the fault.
        _leave_unknown(hub, claim, f"{type(error).__name__}: {error}")
        raise
    else:
        _record(hub, claim, plan, posted)


def _plan(hub: Hub, tx: Tx, claim: Claim, now: datetime) -> Plan | None:
    """What to do; None where there is nothing to do any more, or it is not yet this row's turn."""
    ids = {"workspace_id": claim.workspace_id, "is_unknown": claim.is_unknown, **claim.payload}
    plan = PLANS[claim.kind](hub, tx, ids, now)
    if plan is None:
        outbox.finish(tx, claim, now=now)
        return None
    if isinstance(plan, Later):
        outbox.postpone(tx, claim, until=plan.until, counts=False)
        return None
    for target in _lines(plan):
        slot = outbox.wait_for_turn(tx, claim, target=target, now=now)
        if slot is not None:
            outbox.postpone(tx, claim, until=slot, slot_at=slot, counts=False)
            return None
    return plan


def _lines(plan: Plan) -> list[str]:
    """Whose seconds it needs. The workspace's first: its line is the longer one."""
    if plan.target is None:
        return []
    is_one_of_many = isinstance(plan, Post) and plan.is_one_of_many
    return [*([outbox.EVERYBODY] if is_one_of_many else []), plan.target]


def _stumble(hub: Hub, outbox_id: int, error: Exception) -> None:
    """A fault of ours, before anything was done: without a pause the sweeper would ring for it without end."""
    now = hub.clock()
    with hub.transaction() as tx:
        claim = outbox.claim(tx, outbox_id=outbox_id, now=now)
        if claim:
            outbox.postpone(
                tx, claim, until=now + outbox.backoff(claim.tries), error=f"{type(error).__name__}: {error}"
            )


def _leave_unknown(hub: Hub, claim: Claim, error: str) -> None:
    with hub.transaction() as tx:
        outbox.leave_unknown(tx, claim, error=error, now=hub.clock())


def _record(hub: Hub, claim: Claim, plan: Plan, posted: Posted | None) -> None:
    now = hub.clock()
    with hub.transaction() as tx:
        if outbox.finish(tx, claim, now=now, ref=posted.ts if posted else ""):
            plan.record(tx, posted, now)


def _give_up(hub: Hub, claim: Claim, plan: Plan, error: Impossible) -> None:
    now = hub.clock()
    with hub.transaction() as tx:
        if plan.give_up(tx, error, now):
            outbox.postpone(tx, claim, until=now, error=str(error))
        else:
            outbox.finish(tx, claim, now=now, state="failed", error=str(error))
