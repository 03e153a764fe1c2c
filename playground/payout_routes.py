"""The gift service by an older door, /payouts/orders: amounts in hundredths, and nothing but the order and its link."""

from typing import Any

from aiohttp import web

from playground.records import Doc
from playground.site import Site
from playground.tremendous.calling import Call, answering
from playground.tremendous.errors import TremendousError, invalid
from playground.tremendous.products import CAMPAIGNS
from playground.tremendous.records import Order


def add_payouts(app: web.Application, site: Site) -> None:
    """Add the older door's addresses."""
    app.router.add_post("/payouts/orders", answering(site, _place))
    app.router.add_get("/payouts/orders", answering(site, _find))


def _place(call: Call) -> tuple[int, Doc]:
    """Place an order: 200 for a new one, 201 for one that was already there."""
    order, is_new = call.book.place(_translated(call.body))
    return 200 if is_new else 201, {"order": _shown(call, order)}


def _find(call: Call) -> tuple[int, Doc]:
    """Answer the orders with an external_id, or all."""
    if "external_id" in call.query:
        found = call.book.of_external_id(call.query["external_id"])
    else:
        found = list(call.book.orders.values())
    return 200, {"orders": [_shown(call, order) for order in found]}


def _translated(body: Any) -> Doc:
    """Answer {external_id, amount_cents, currency, recipient: {id}} as an order of the service."""
    if not isinstance(body, dict):
        raise TremendousError("The body is not a JSON object", 400)
    cents, recipient = body.get("amount_cents"), body.get("recipient")
    if not isinstance(cents, int) or isinstance(cents, bool):
        raise invalid("amount_cents", "is not a whole number")
    if not isinstance(recipient, dict) or not isinstance(recipient.get("id"), str):
        raise invalid("recipient.id", "is missing")
    return {
        "external_id": body.get("external_id"),
        "reward": {
            "campaign_id": CAMPAIGNS[0],
            "value": {"denomination": cents / 100, "currency_code": body.get("currency")},
            "recipient": {"name": recipient["id"]},
            "delivery": {"method": "LINK"},
        },
    }


def _shown(call: Call, order: Order) -> Doc:
    """Answer an order with its link."""
    doc: Doc = {"id": order.id, "status": order.status, "link": call.book.link_of(order.tokens[0])}
    return doc | {"external_id": order.external_id, "amount_cents": order.cents, "currency": order.currency}
