"""Orders, gifts and money in the form of the API. Amounts leave as numbers with two decimals at most."""

from playground.records import Doc
from playground.tremendous.book import Book
from playground.tremendous.products import ACCOUNT_CURRENCY, FUNDING_SOURCE
from playground.tremendous.records import CANCELED, EXECUTED, Order, Transaction, Webhook, moment


def order_json(order: Order, reward: Doc) -> Doc:
    """Answer an order with its gift."""
    doc: Doc = {"id": order.id}
    if order.external_id is not None:
        doc["external_id"] = order.external_id
    if order.campaign_id is not None:
        doc["campaign_id"] = order.campaign_id
    doc |= {"created_at": moment(order.at), "status": order.status, "channel": "API"}
    if order.status == EXECUTED:
        doc["payment"] = _payment(order)
    return doc | {"rewards": [reward]}


def _payment(order: Order) -> Doc:
    """Answer what an order cost, and what came back of it."""
    amount = order.paid_cents / 100
    doc: Doc = {"subtotal": amount, "total": amount, "fees": 0, "discount": 0, "currency_code": ACCOUNT_CURRENCY}
    if order.status == CANCELED:
        doc["refund"] = {"total": amount, "currency_code": ACCOUNT_CURRENCY}
    return doc


def reward_json(order: Order) -> Doc:
    """Answer a gift, without its link."""
    return {
        "id": order.reward_id,
        "order_id": order.id,
        "created_at": moment(order.at),
        "expires_at": moment(order.expires_at),
        "value": {"denomination": order.cents / 100, "currency_code": order.currency},
        "recipient": order.recipient,
        "delivery": {"method": order.method, "status": order.delivery_status},
    }


def reward_with_link(order: Order, book: Book) -> Doc:
    """Answer a gift as only whoever places its order is told of it: with the first link, where a link delivers it."""
    doc = reward_json(order)
    if order.method == "LINK" and order.tokens:
        doc["delivery"]["link"] = book.link_of(order.tokens[0])
    return doc


def transaction_json(move: Transaction, order: Order | None) -> Doc:
    """Answer a change of the balance."""
    doc: Doc = {
        "created_at": moment(move.at),
        "amount": move.cents / 100,
        "currency_code": ACCOUNT_CURRENCY,
        "balance": move.balance_cents / 100,
        "action": move.action,
        "description": f"{move.action} {move.order_id}" if move.order_id else move.action,
    }
    if order is not None:
        named = {"external_id": order.external_id} if order.external_id is not None else {}
        doc["order"] = {"id": order.id} | named | {"payment": _payment(order)}
    return doc


def funding_source_json(balance_cents: int) -> Doc:
    """Answer the balance, which is the only source here."""
    meta = {
        "available_cents": balance_cents,
        "available_amount": balance_cents / 100,
        "pending_cents": 0,
        "pending_amount": 0,
        "currency_code": ACCOUNT_CURRENCY,
    }
    usable = {"usage_permissions": ["api_orders", "dashboard_orders"], "status": "active", "type": "COMMERCIAL"}
    return {"id": FUNDING_SOURCE, "method": "balance"} | usable | {"meta": meta}


def webhook_json(webhook: Webhook) -> Doc:
    """Answer a webhook."""
    return vars(webhook).copy()
