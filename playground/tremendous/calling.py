"""One call of the gift service's API: its key, its body, its faults, and the pages in which lists are answered."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web
from aiohttp.typedefs import Handler

from playground.faults import Fault
from playground.json_text import parse
from playground.records import Doc
from playground.site import Site
from playground.tremendous.book import Book
from playground.tremendous.errors import TremendousError, invalid
from playground.tremendous.records import seconds_of
from playground.web_api.dispatch import hang_up

ItemT = TypeVar("ItemT")
BASE = "/tremendous/api/v2"
MOST_PER_PAGE = 500


@dataclass(frozen=True)
class Call:
    """A call with a good key. ``reference`` stands in its path; ``pends`` is a fault: somebody has to approve it."""

    book: Book
    query: dict[str, str]
    body: Any
    reference: str = ""
    pends: bool = False

    def between(self, items: Iterable[ItemT], at: Callable[[ItemT], float]) -> list[ItemT]:
        """Answer what happened in the time that created_at[gte] and created_at[lte] give."""
        first, last = self._moment("created_at[gte]", 0.0), self._moment("created_at[lte]", float("inf"))
        return [one for one in items if first <= at(one) <= last]

    def _moment(self, name: str, default: float) -> float:
        """Answer a time of the query. Refuses (422) what is none."""
        found = seconds_of(self.query[name]) if name in self.query else default
        if found is None:
            raise invalid(name, "is not an ISO 8601 time")
        return found

    def page(self, items: Sequence[ItemT], default: int) -> Sequence[ItemT]:
        """Answer the part that offset and limit ask for."""
        offset = self._count("offset", 0)
        return items[offset : offset + min(self._count("limit", default), MOST_PER_PAGE)]

    def _count(self, name: str, default: int) -> int:
        """Answer a number of the query. Refuses (422) what is none."""
        value = self.query.get(name, str(default))
        if not (value.isascii() and value.isdecimal() and len(value) < 9):
            raise invalid(name, "is not a whole number")
        return int(value)

    def words(self, name: str) -> set[str]:
        """Answer the words of a list with commas; none where the query does not name it."""
        return set(filter(None, self.query.get(name, "").split(",")))


Method = Callable[[Call], tuple[int, Doc | None]]


def answering(site: Site, method: Method) -> Handler:
    """Answer a handler that checks the key, reads the body, calls the method, and fails as it was asked to."""

    async def answer(request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix(BASE)
        told = f"{request.method} {path}"
        site.watch(told, "arrived")
        fault = site.faults.take("payout", request.method, path, told)
        if fault is not None and (broken := await _before(fault, request)) is not None:
            return broken
        try:
            _check_key(request, site)
            reference = request.match_info.get("reference", "")
            pends = fault is not None and fault.do == "pend"
            call = Call(site.book, dict(request.query), await _body_of(request), reference, pends)
            status, doc = method(call)
            response = web.Response(status=status) if doc is None else web.json_response(doc, status=status)
        except TremendousError as refused:
            response = web.json_response(refused.as_json(), status=refused.status)
        site.watch(told, "done")
        if fault is not None and (broken := await _after(fault, request)) is not None:
            return broken
        with contextlib.suppress(ConnectionResetError):  # whoever asked has gone meanwhile, and will ask again
            await response.prepare(request)
            await response.write_eof()
        site.watch(told, "answered")
        return response

    return answer


async def _before(fault: Fault, request: web.Request) -> web.Response | None:
    """Let a fault happen before the effect; None means that the call goes on."""
    if fault.do in {"delay", "hang"}:
        await asyncio.sleep(fault.seconds)
    if fault.do in {"drop", "cut", "hang"}:
        hang_up(request)
        return web.Response(status=500)
    if fault.do == "rate_limit":
        refused = TremendousError("Too many requests", 429)
        wait = str(max(1, round(fault.seconds)))
        return web.json_response(refused.as_json(), status=429, headers={"Retry-After": wait})
    if fault.do == "error":
        return _broken(fault.error if isinstance(fault.error, int) else 500)
    return None


async def _after(fault: Fault, request: web.Request) -> web.Response | None:
    """Let a fault happen after the effect; None means that the answer goes out."""
    if fault.do == "hang_after":
        await asyncio.sleep(fault.seconds)
    if fault.do in {"cut_after", "hang_after"}:
        hang_up(request)
        return web.Response(status=500)
    return _broken(500) if fault.do == "error_after" else None


def _broken(status: int) -> web.Response:
    """Answer an error that was asked for."""
    return web.json_response(TremendousError("Internal error", status).as_json(), status=status)


def _check_key(request: web.Request, site: Site) -> None:
    """Refuse (401) without the key."""
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or key.strip() != site.options.payout_key:
        raise TremendousError("The API key is missing or not known", 401)


async def _body_of(request: web.Request) -> Any:
    """Answer the JSON body, an empty object where there is none. Refuses (400) what is no JSON, or not whole."""
    try:
        raw = await request.read()
        return parse(raw) if raw.strip() else {}
    except ConnectionResetError:
        raise TremendousError("The body ended too early", 400) from None
    except ValueError:
        raise TremendousError("The body is not JSON", 400) from None
