"""The part of Tremendous' API that the stand-in speaks, below /tremendous/api/v2."""

from aiohttp import web

from playground.records import Doc
from playground.site import Site
from playground.tremendous import shapes
from playground.tremendous.calling import BASE, Call, Method, answering
from playground.tremendous.errors import not_found
from playground.tremendous.hooks import EVENTS
from playground.tremendous.products import CAMPAIGNS, KNOWN, PRODUCTS, campaign_json
from playground.tremendous.records import Order


def add_api(app: web.Application, site: Site) -> None:
    """Add the API's addresses; each other one below it is not there."""
    for (verb, path), method in _METHODS.items():
        app.router.add_route(verb, BASE + path, answering(site, method))
    app.router.add_route("*", BASE + "/{rest:.*}", answering(site, _nothing))


def _nothing(call: Call) -> tuple[int, Doc]:
    """Refuse an address that is not there."""
    raise not_found()


# orders


def _place(call: Call) -> tuple[int, Doc]:
    """Place an order: 200 for a new one, 201 for one that was placed before."""
    order, is_new = call.book.place(call.body, pends=call.pends)
    doc = shapes.order_json(order, shapes.reward_with_link(order, call.book))
    return 200 if is_new else 201, {"order": doc}


def _orders(call: Call) -> tuple[int, Doc]:
    """Answer a page of orders, newest first. Query: external_id, campaign_id, created_at, offset, limit."""
    book = call.book
    if "external_id" in call.query:
        found = book.of_external_id(call.query["external_id"])
    else:
        found = list(reversed(book.orders.values()))
    found = call.between(found, lambda one: one.at)
    if "campaign_id" in call.query:
        found = [one for one in found if one.campaign_id == call.query["campaign_id"]]
    return 200, {"orders": [_shown(one) for one in call.page(found, 10)], "total_count": len(found)}


def _order(call: Call) -> tuple[int, Doc]:
    """Answer an order by its id or its external_id."""
    return 200, {"order": _shown(call.book.order(call.reference))}


def _approve(call: Call) -> tuple[int, Doc]:
    """Let an order through that waited."""
    order = call.book.order(call.reference)
    call.book.approve(order)
    return 200, {"order": _shown(order)}


def _reject(call: Call) -> tuple[int, Doc]:
    """Turn an order away that waited."""
    order = call.book.order(call.reference)
    call.book.reject(order)
    return 200, {"order": _shown(order)}


def _shown(order: Order) -> Doc:
    """Answer an order as it is looked up: without the link."""
    return shapes.order_json(order, shapes.reward_json(order))


# gifts


def _rewards(call: Call) -> tuple[int, Doc]:
    """Answer a page of gifts, newest first."""
    found = list(reversed(call.book.orders.values()))
    return 200, {"rewards": [shapes.reward_json(one) for one in call.page(found, 100)], "total_count": len(found)}


def _reward(call: Call) -> tuple[int, Doc]:
    """Answer a gift."""
    return 200, {"reward": shapes.reward_json(call.book.of_reward(call.reference))}


def _cancel(call: Call) -> tuple[int, Doc]:
    """Take a gift back."""
    call.book.cancel(call.book.of_reward(call.reference))
    return 200, {}


def _resend(call: Call) -> tuple[int, Doc]:
    """Deliver a gift once more."""
    call.book.resend(call.book.of_reward(call.reference))
    return 200, {}


def _new_link(call: Call) -> tuple[int, Doc]:
    """Answer another link to a gift."""
    order = call.book.of_reward(call.reference)
    return 200, {"reward": {"id": order.reward_id, "link": call.book.new_link(order)}}


# what there is


def _products(call: Call) -> tuple[int, Doc]:
    """Answer what a gift can be turned into. Query: id, country, currency."""
    names, countries, currencies = call.words("id"), call.words("country"), call.words("currency")
    found = [
        one
        for one in PRODUCTS
        if (not names or one["id"] in names or "ALL_FEE_FREE" in names)
        and (not countries or countries & {country["abbr"] for country in one["countries"]})
        and (not currencies or currencies & set(one["currency_codes"]))
    ]
    return 200, {"products": found}


def _product(call: Call) -> tuple[int, Doc]:
    """Answer one of them by its id."""
    if call.reference not in KNOWN:
        raise not_found()
    return 200, {"product": KNOWN[call.reference]}


def _campaign(call: Call) -> tuple[int, Doc]:
    """Answer which of them a campaign lets people choose from."""
    if call.reference not in CAMPAIGNS:
        raise not_found()
    return 200, {"campaign": campaign_json(call.reference)}


def _funding_sources(call: Call) -> tuple[int, Doc]:
    """Answer the balance."""
    return 200, {"funding_sources": [shapes.funding_source_json(call.book.balance_cents)]}


def _transactions(call: Call) -> tuple[int, Doc]:
    """Answer a page of the balance's changes, newest first. Query: created_at, offset, limit."""
    found = call.between(list(reversed(call.book.transactions)), lambda one: one.at)
    orders = call.book.orders
    docs = [shapes.transaction_json(one, orders.get(one.order_id or "")) for one in call.page(found, 10)]
    return 200, {"transactions": docs}


# the webhook


def _set_webhook(call: Call) -> tuple[int, Doc]:
    """Tell another address from now on."""
    return 200, {"webhook": shapes.webhook_json(call.book.hooks.set(call.body))}


def _webhooks(call: Call) -> tuple[int, Doc]:
    """Answer the webhook, if there is one."""
    webhook = call.book.hooks.webhook
    return 200, {"webhooks": [] if webhook is None else [shapes.webhook_json(webhook)]}


def _webhook(call: Call) -> tuple[int, Doc]:
    """Answer the webhook."""
    return 200, {"webhook": shapes.webhook_json(call.book.hooks.known(call.reference))}


def _end_webhook(call: Call) -> tuple[int, None]:
    """Tell nobody any more."""
    call.book.hooks.end(call.reference)
    return 204, None


def _events(call: Call) -> tuple[int, Doc]:
    """Answer what is told."""
    call.book.hooks.known(call.reference)
    return 200, {"events": list(EVENTS)}


def _simulate(call: Call) -> tuple[int, Doc]:
    """Tell of an event that never happened."""
    call.book.hooks.known(call.reference)
    call.book.hooks.simulate(call.body)
    return 200, {}


_METHODS: dict[tuple[str, str], Method] = {
    ("POST", "/orders"): _place,
    ("GET", "/orders"): _orders,
    ("GET", "/orders/{reference}"): _order,
    ("POST", "/order_approvals/{reference}/approve"): _approve,
    ("POST", "/order_approvals/{reference}/reject"): _reject,
    ("GET", "/rewards"): _rewards,
    ("GET", "/rewards/{reference}"): _reward,
    ("POST", "/rewards/{reference}/cancel"): _cancel,
    ("POST", "/rewards/{reference}/resend"): _resend,
    ("POST", "/rewards/{reference}/generate_link"): _new_link,
    ("GET", "/products"): _products,
    ("GET", "/products/{reference}"): _product,
    ("GET", "/campaigns/{reference}"): _campaign,
    ("GET", "/funding_sources"): _funding_sources,
    ("GET", "/balance_transactions"): _transactions,
    ("POST", "/webhooks"): _set_webhook,
    ("GET", "/webhooks"): _webhooks,
    ("GET", "/webhooks/{reference}"): _webhook,
    ("DELETE", "/webhooks/{reference}"): _end_webhook,
    ("GET", "/webhooks/{reference}/events"): _events,
    ("POST", "/webhooks/{reference}/simulate"): _simulate,
}
