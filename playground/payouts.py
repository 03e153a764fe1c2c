"""A stand-in for the provider that pays rewards out. One external_id is one payment, however often it is asked for."""

import re
from typing import Any

from aiohttp import web

from playground import ids
from playground.errors import SlackError
from playground.json_text import parse
from playground.records import Doc
from playground.store import Store

MOST_CENTS = 10_000_000
_CURRENCY = re.compile(r"^[A-Z]{3}$")


class Payouts:
    """The orders by external_id, each with the body that was first asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._orders: dict[str, Doc] = dict(store.all("order"))

    def place(self, body: Any, link_base: str, at: float) -> tuple[Doc, bool]:
        """Place an order: {external_id, amount_cents, currency, recipient: {id}}.

        Answers it and whether it is new. Refuses external_id_taken (409) for another body, invalid (422) for a bad one.
        """
        asked = _checked(body)
        known = self._orders.get(asked["external_id"])
        if known is not None:
            if known["asked"] != asked:
                raise SlackError("external_id_taken", status=409)
            return known["order"], False
        order_id = ids.new_id("ORD")
        order = {"id": order_id, "status": "EXECUTED", "link": f"{link_base}/payouts/rewards/{order_id}"} | asked
        self._orders[asked["external_id"]] = {"asked": asked, "order": order, "at": at}
        self._store.put("order", asked["external_id"], self._orders[asked["external_id"]])
        return order, True

    def find(self, external_id: str | None = None) -> list[Doc]:
        """Answer the orders with an external_id, none or one; all of them without."""
        if external_id is None:
            return [one["order"] for one in self._orders.values()]
        return [self._orders[external_id]["order"]] if external_id in self._orders else []

    def clear(self) -> None:
        """Forget every order."""
        self._orders.clear()


def _checked(body: Any) -> Doc:
    """Check what is asked for and answer its meaning, so that two equal wishes compare equal."""
    if not isinstance(body, dict):
        raise SlackError("invalid", status=400, detail="the body is an object")
    external_id, cents, currency = body.get("external_id"), body.get("amount_cents"), body.get("currency")
    recipient = body.get("recipient")
    if not isinstance(external_id, str) or not 1 <= len(external_id) <= 200:
        raise SlackError("invalid", status=422, detail="external_id is a text of 1 to 200 characters")
    if not isinstance(cents, int) or isinstance(cents, bool) or not 1 <= cents <= MOST_CENTS:
        raise SlackError("invalid", status=422, detail=f"amount_cents is a whole number from 1 to {MOST_CENTS}")
    if not isinstance(currency, str) or not _CURRENCY.match(currency):
        raise SlackError("invalid", status=422, detail="currency is three capital letters")
    if not isinstance(recipient, dict) or not isinstance(recipient.get("id"), str) or not recipient["id"]:
        raise SlackError("invalid", status=422, detail="recipient has an id")
    return {"external_id": external_id, "amount_cents": cents, "currency": currency, "recipient": recipient}


async def body_of(request: web.Request) -> Any:
    """Answer the JSON body of a request. Refuses invalid (400)."""
    try:
        return parse(await request.read())
    except ValueError:
        raise SlackError("invalid", status=400, detail="the body is not JSON") from None
