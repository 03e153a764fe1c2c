"""Paying: a code is taken from the list, or the service is asked for a gift under one derived id, however often that
takes; and how it stands there is asked whenever there is news, and every night of everything, with what it gives."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from feedback import rewards
from feedback.errors import Refused
from feedback.hub import Hub
from feedback.providers import Impossible, NotDone, Unknown
from feedback.providers.payouts import Gift, Order, PayoutService
from feedback.rewards import Mark
from jobs.plans import Later, Plan, Tx, Work

CODES_AGAIN = timedelta(days=1)
"""An upload has it done at once; this is for codes that become free another way."""
BUDGET_AGAIN = timedelta(hours=1)
"""Of what has none, until a manager opens one or puts something in."""
FOR_A_PERSON = ("conflict", "ineligible", "not_recorded")
NO_SERVICE = ("no_payout_service", "PAYOUTS_URL is not set")


def pay(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | Later | None:
    payout_id = ids["payout_id"]
    if not rewards.is_owed(tx, payout_id=payout_id):
        return None
    if not rewards.find_budget(tx, payout_id=payout_id, now=now):
        return Later(now + BUDGET_AGAIN)
    why = rewards.why_not_pay(tx, payout_id=payout_id, now=now)
    if why:
        return _refused(payout_id, Impossible("ineligible", why))
    if rewards.get_payout(tx, payout_id=payout_id).provider == "codes":
        is_done = rewards.pay_with_code(tx, payout_id=payout_id, cipher=hub.cipher, now=now)
        return None if is_done else Later(now + CODES_AGAIN)
    return _pay_by_service(hub, tx, payout_id, now)


def _pay_by_service(hub: Hub, tx: Tx, payout_id: int, now: datetime) -> Plan | None:
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
    """One page of the service's books, or one payment of ours that they do not have. Then the row is owed anew, for
    what comes after it."""
    service, workspace_id = hub.payouts, ids["workspace_id"]
    if service is None:
        return None
    mark = rewards.mark_of(tx, workspace_id=workspace_id, ids=ids, now=now)
    read = _look_up if mark.reads == "ours" else _read_page
    return Work(lambda: read(hub, service, workspace_id, mark))


def _read_page(hub: Hub, service: PayoutService, workspace_id: int, mark: Mark) -> None:
    begins, ends = datetime.fromisoformat(mark.begins), datetime.fromisoformat(mark.ends)
    listed = service.orders_since if mark.reads == "orders" else service.money_since
    books = listed(begins, until=ends, offset=mark.offset)
    with hub.transaction() as tx:
        now = hub.clock()
        seen = rewards.compare(tx, workspace_id=workspace_id, lines=books.lines, now=now)
        page: dict[str, Any] = {"seen": seen, "size": books.size, "has_more": books.has_more}
        rewards.end_page(tx, workspace_id=workspace_id, mark=mark, **page, now=now)


def _look_up(hub: Hub, service: PayoutService, workspace_id: int, mark: Mark) -> None:
    with hub.reading() as tx:
        found = rewards.next_unseen(tx, workspace_id=workspace_id, mark=mark)
    if found is None:
        _end_stretch(hub, service, workspace_id, mark)
        return
    payout_id, external_id = found
    is_missing = service.find(external_id) is None
    with hub.transaction() as tx:
        now = hub.clock()
        if is_missing:
            rewards.missing_there(tx, payout_id=payout_id, now=now)
        rewards.looked_up(tx, workspace_id=workspace_id, mark=mark, payout_id=payout_id, now=now)


def _end_stretch(hub: Hub, service: PayoutService, workspace_id: int, mark: Mark) -> None:
    is_last = rewards.is_last(mark)
    balance = _balance(hub, service) if is_last else None
    with hub.transaction() as tx:
        if is_last:
            rewards.compared(tx, workspace_id=workspace_id, mark=mark, balance=balance, now=hub.clock())
        else:
            rewards.next_stretch(tx, workspace_id=workspace_id, mark=mark, now=hub.clock())


def read_products(hub: Hub, tx: Tx, ids: dict[str, Any], now: datetime) -> Plan | None:
    """What can be given, and what it could be paid with."""
    service, workspace_id = hub.payouts, ids["workspace_id"]
    if service is None:
        return None

    def run() -> None:
        found = service.products()
        balance = _balance(hub, service)
        with hub.transaction() as tx:
            rewards.products.were_read(tx, workspace_id=workspace_id, products=found, balance=balance, now=hub.clock())

    return Work(run)


def _balance(hub: Hub, service: PayoutService) -> tuple[int, str] | None:
    """Good to know, and no reason to do everything else once more."""
    try:
        return service.balance()
    except (NotDone, Unknown, Impossible) as error:
        hub.log.warning("payouts.no_balance", error=str(error))
        return None
