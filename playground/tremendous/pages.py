"""The gift service's pages: all orders, for whoever looks behind the demo, and the gift itself. No JavaScript."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from playground.site import Site
from playground.tremendous import html
from playground.tremendous.book import Book
from playground.tremendous.errors import TremendousError, not_found
from playground.tremendous.html import BASE

TOP_UP_CENTS = 100_000
MOST_SHOWN = 200
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:;"
    " base-uri 'none'; form-action 'self'",
}


class Pages:
    """What a browser gets of the gift service."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def _book(self) -> Book:
        """Answer the orders behind the pages."""
        return self._site.book

    def add(self, app: web.Application) -> None:
        """Add the pages' addresses."""
        app.router.add_get(BASE, _answering(self._overview))
        app.router.add_get(BASE + "/gifts/{token}", _answering(self._gift))
        app.router.add_post(BASE + "/gifts/{token}/redeem", _answering(self._redeem))
        app.router.add_post(BASE + "/orders/{reference}/{act}", _answering(self._decide))
        app.router.add_post(BASE + "/told/{number:[0-9]{1,9}}", _answering(self._tell_again))
        app.router.add_post(BASE + "/{act:top-up|empty}", _answering(self._deposit))

    async def _overview(self, request: web.Request) -> web.Response:
        """Show every order, newest first."""
        book = self._book
        orders = list(reversed(book.orders.values()))[:MOST_SHOWN]
        body = html.overview(orders, book.balance_cents, book.hooks.webhook, book.hooks.recent())
        return _shown(html.own_page("Orders", body))

    async def _gift(self, request: web.Request) -> web.Response:
        """Show a gift to whoever has a link to it."""
        token = request.match_info["token"]
        order = self._book.of_token(token)
        has_ended = self._site.clock() >= order.expires_at
        return _shown(html.gift_page("A gift", html.gift(order, token, order.expires_at, has_ended=has_ended)))

    async def _redeem(self, request: web.Request) -> web.Response:
        """Use a gift."""
        token = request.match_info["token"]
        self._book.redeem(self._book.of_token(token))
        return _go(f"{BASE}/gifts/{token}")

    async def _decide(self, request: web.Request) -> web.Response:
        """Approve, reject or cancel an order."""
        book, order = self._book, self._book.order(request.match_info["reference"])
        acts = {"approve": book.approve, "reject": book.reject, "cancel": book.cancel}
        if request.match_info["act"] not in acts:
            raise not_found()
        acts[request.match_info["act"]](order)
        return _go(f"{BASE}#order-{order.id}")

    async def _tell_again(self, request: web.Request) -> web.Response:
        """Tell of an event once more."""
        self._book.hooks.tell_again(int(request.match_info["number"]))
        return _go(BASE)

    async def _deposit(self, request: web.Request) -> web.Response:
        """Bring money in, or take all of it out."""
        is_more = request.match_info["act"] == "top-up"
        self._book.deposit(TOP_UP_CENTS if is_more else -self._book.balance_cents)
        return _go(BASE)


def _answering(handler: Callable[[web.Request], Awaitable[web.Response]]) -> Handler:
    """Answer a handler that says on a page what is not there, or cannot be done."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except TremendousError as refused:
            words = "There is no such gift." if refused.status == 404 else f"That cannot be done: {refused.message}."
            return _shown(html.gift_page("Sorry", html.missing(words)), status=refused.status)

    return answer


def _shown(text: str, status: int = 200) -> web.Response:
    """Answer a page."""
    return web.Response(text=text, content_type="text/html", status=status, headers=_HEADERS)


def _go(path: str) -> web.Response:
    """Lead on to another page, so that a reload does not do the same again."""
    return web.Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})
