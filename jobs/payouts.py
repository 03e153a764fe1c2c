"""Paying: a code is taken from the list, or the service is asked for a gift under one derived id, however often that
takes; and how it stands there is asked whenever there is news, and every night of everything."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from feedback import rewards
from feedback.errors import Refused
from feedback.hub import Hub
from feedback.providers import Impossible, NotDone, Unknown
from feedback.providers.payouts import Books, Gift, Order, PayoutService
from jobs.plans import Later, Plan, Tx, Work

CODES_AGAIN = timedelta(days=1)
"""An upload has it done at once; this is for codes that become free another way."""
FOR_A_PERSON = ("conflict", "ineligible", "not_recorded")
NO_SERVICE = ("no_payout_service", "PAYOUTS_URL is not set")


def pay(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | Later | None:
    payout_id = ids["payout_id"]
    why = rewards.why_not_pay(tx, payout_id=payout_id, now=now)
    if why:
        return _refused(payout_id, Impossible("ineligible", why))
    if rewards.get_payout(tx, payout_id=payout_id).provider == "codes":
        is_done = rewards.pay_with_code(tx, payout_id=payout_id, cipher=hub.cipher, now=now)
        return None if is_done else Later(now + CODES_AGAIN)
    service = hub.payouts
    if service is None:
        return _refused(payout_id, Impossible(*NO_SERVICE))
    order = rewards.order_of(tx, payout_id=payout_id, write=service.write, now=now)
    if order is None:
        return None
    return Work(lambda: _take(hub, payout_id, _order(service, order)), _when_refused(payout_id))


def _order(service: PayoutService, order: Order) -> Gift:
    """Where the service knows another order by this id, that one is looked at: after a restored backup it is the same
    payment, in words that were others then. Never is it asked for under another id. Where it may not be looked at,
    there is an order all the same."""
    try:
        return service.order(order)
    except Impossible as error:
        found = _found(service, order.external_id) if error.code == "conflict" else None
        if found is None or found.amount_cents is None:
            raise
        return found


def _found(service: PayoutService, external_id: str) -> Gift | None:
    try:
        return service.find(external_id)
    except Impossible:
        return None


def _take(hub: Hub, payout_id: int, gift: Gift) -> None:
    """What was thought to be refused may turn out to be made when its money is used for something else. Then it stays
    as it is, and the managers read what is missing; it is asked for again by them, or in the night."""
    try:
        with hub.transaction() as tx:
            now = hub.clock()
            if not rewards.answered(tx, payout_id=payout_id, gift=gift, cipher=hub.cipher, now=now):
                rewards.ask_later(tx, payout_id=payout_id, now=now)
    except Refused as error:
        raise Impossible("not_recorded", error.say) from error


def _refused(payout_id: int, error: Impossible) -> Work:
    """Without asking anybody."""

    def run() -> None:
        raise error

    return Work(run, _when_refused(payout_id))


def _when_refused(payout_id: int) -> Any:
    def record(tx: Tx, error: Impossible, now: datetime) -> None:
        state = "human" if error.code in FOR_A_PERSON else "failed"
        rewards.unpayable(tx, payout_id=payout_id, state=state, error=str(error), now=now)

    return record


def ask(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """How a payment stands at the service."""
    payout_id, service = ids["payout_id"], hub.payouts
    external_id = rewards.key_to_ask(tx, payout_id=payout_id)
    if service is None or external_id is None:
        return None

    def run() -> None:
        found = service.find(external_id)
        if found is not None:
            _take(hub, payout_id, found)
            return
        with hub.transaction() as tx:
            rewards.gone(tx, payout_id=payout_id, now=hub.clock())

    return Work(run)


def reconcile(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """Everything that both sides have since the last time, page by page. Killed in the middle, it begins again where
    the last one that came to its end had ended."""
    service, workspace_id = hub.payouts, ids["workspace_id"]
    if service is None:
        return None
    span = rewards.span_to_compare(tx, workspace_id=workspace_id, now=now)

    def run() -> None:
        seen: set[str] = set()
        for read in (service.orders_since, service.money_since):
            offset, has_more = 0, True
            while has_more:
                books: Books = read(span.since, until=span.until, offset=offset)
                with hub.transaction() as tx:
                    seen |= rewards.compare(tx, workspace_id=workspace_id, lines=books.lines, now=hub.clock())
                offset, has_more = offset + books.size, books.has_more
        with hub.reading() as tx:
            unseen = rewards.unseen(tx, workspace_id=workspace_id, seen=seen, span=span)
        for payout_id, external_id in unseen:
            if service.find(external_id) is None:
                with hub.transaction() as tx:
                    rewards.missing_there(tx, payout_id=payout_id, now=hub.clock())
        balance = _balance(hub, service)
        with hub.transaction() as tx:
            rewards.compared(
                tx, workspace_id=workspace_id, span=span, orders=len(seen), balance=balance, now=hub.clock()
            )

    return Work(run)


def _balance(hub: Hub, service: PayoutService) -> tuple[int, str] | None:
    """Good to know, and no reason to compare everything once more."""
    try:
        return service.balance()
    except (NotDone, Unknown, Impossible) as error:
        hub.log.warning("reconcile.no_balance", error=str(error))
        return None
