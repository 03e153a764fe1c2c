"""POST and GET /payouts/orders, with the faults that were asked for."""

from aiohttp import web

from playground.errors import SlackError
from playground.payouts import body_of
from playground.site import Site
from playground.web_api.dispatch import after, before


def add_payouts(app: web.Application, site: Site) -> None:
    """Add the payout provider's addresses."""

    async def orders(request: web.Request) -> web.StreamResponse:
        fault = site.faults.take("payout", request.method)
        if fault is not None and (broken := await before(fault, request)) is not None:
            return broken
        answer = await _place(request, site) if request.method == "POST" else _find(request, site)
        return after(fault, request) or answer

    app.router.add_post("/payouts/orders", orders)
    app.router.add_get("/payouts/orders", orders)


async def _place(request: web.Request, site: Site) -> web.Response:
    """Place an order: 200 for a new one, 201 for one that was already there."""
    _check_key(request, site)
    order, is_new = site.payouts.place(await body_of(request), site.url, site.clock())
    return web.json_response({"order": order}, status=200 if is_new else 201)


def _find(request: web.Request, site: Site) -> web.Response:
    """Answer the orders with an external_id, or all."""
    _check_key(request, site)
    return web.json_response({"orders": site.payouts.find(request.query.get("external_id"))})


def _check_key(request: web.Request, site: Site) -> None:
    """Refuse unauthorized (401) without the key."""
    if request.headers.get("Authorization") != f"Bearer {site.options.payout_key}":
        raise SlackError("unauthorized", status=401)
