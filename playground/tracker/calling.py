"""One call of the tracker's API: its token, its body, its faults, and the pages in which lists are answered."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.typedefs import Handler

from playground.faults import Fault
from playground.json_text import parse
from playground.records import Doc
from playground.site import Site
from playground.tracker.errors import TrackerError, invalid
from playground.tracker.times import read_moment
from playground.tracker.tracker import Tracker
from playground.web_api.dispatch import hang_up

ItemT = TypeVar("ItemT")
PER_PAGE, MOST_PER_PAGE = 30, 100


@dataclass(frozen=True)
class Call:
    """A call with a good token. ``address`` is without the query; ``number`` and ``tag`` stand in its path."""

    tracker: Tracker
    address: str
    query: dict[str, str]
    body: Doc
    number: int = 0
    tag: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def word(self, name: str, words: Sequence[str]) -> str:
        """Answer a word of the query, the first of the words where it is missing. Refuses others."""
        value = self.query.get(name, words[0])
        if value not in words:
            raise invalid("Query", name, "invalid")
        return value

    def since(self, items: Iterable[ItemT], at: Callable[[ItemT], str]) -> list[ItemT]:
        """Answer what something happened to since the time that the query gives; everything where it gives none."""
        if "since" not in self.query:
            return list(items)
        since = read_moment(self.query["since"])
        if since is None:
            raise invalid("Query", "since", "invalid")
        return [one for one in items if datetime.fromisoformat(at(one)) >= since]

    def page(self, items: Sequence[Any]) -> Sequence[Any]:
        """Answer the page that the query asks for, and say in the Link header where the others are."""
        size = min(self._count("per_page", PER_PAGE), MOST_PER_PAGE)
        number, last = self._count("page", 1), max(1, -(-len(items) // size))
        pages = {"prev": number - 1, "next": number + 1, "last": last, "first": 1}
        apart = {"prev", "first"} if number > 1 else set()
        apart |= {"next", "last"} if number < last else set()
        links = [f'<{self._link(page)}>; rel="{rel}"' for rel, page in pages.items() if rel in apart]
        if links:
            self.headers["Link"] = ", ".join(links)
        return items[(number - 1) * size : number * size]

    def _count(self, name: str, default: int) -> int:
        """Answer a number of the query; what is none counts as the default, as at GitHub."""
        value = self.query.get(name, "")
        return max(1, int(value)) if value.isascii() and value.isdecimal() and len(value) < 9 else default

    def _link(self, page: int) -> str:
        """Answer the address of another page of the same list."""
        return f"{self.address}?{urlencode(self.query | {'page': str(page)})}"


Method = Callable[[Call], Any]


def answering(site: Site, status: int, method: Method) -> Handler:
    """Answer a handler that checks the token, reads the body and calls the method."""

    async def answer(request: web.Request) -> web.StreamResponse:
        fault = site.faults.take("tracker", request.method, request.path.removeprefix("/tracker/api"))
        if fault is not None and (broken := await _before(fault, request)) is not None:
            return broken
        headers: dict[str, str] = {"X-GitHub-Media-Type": "github.v3; format=json"}
        try:
            _check_token(request, site)
            body = await _body_of(request)
            where, named = f"{site.url}{request.path}", request.match_info
            number, tag = int(named.get("number", "0")), named.get("tag", "")
            done = method(Call(site.tracker, where, dict(request.query), body, number, tag, headers))
            response = web.json_response(done, status=status, headers=headers)
        except TrackerError as refused:
            response = web.json_response(refused.as_json(), status=refused.status, headers=headers)
        return _after(fault, request) or response

    return answer


async def _before(fault: Fault, request: web.Request) -> web.Response | None:
    """Let a fault happen before the effect; None means that the call goes on."""
    if fault.do in {"drop", "cut"}:
        hang_up(request)
        return web.Response(status=500)
    if fault.do == "delay":
        await asyncio.sleep(fault.seconds)
    if fault.do == "rate_limit":
        refused = TrackerError("You have exceeded a secondary rate limit. Please wait before you try again.", 429)
        wait = str(max(1, round(fault.seconds)))
        return web.json_response(refused.as_json(), status=429, headers={"Retry-After": wait})
    if fault.do == "error":
        return _broken(fault.error if isinstance(fault.error, int) else 500)
    return None


def _after(fault: Fault | None, request: web.Request) -> web.Response | None:
    """Let a fault happen after the effect; None means that the answer goes out."""
    if fault is not None and fault.do == "cut_after":
        hang_up(request)
        return web.Response(status=500)
    if fault is not None and fault.do == "error_after":
        return _broken(500)
    return None


def _broken(status: int) -> web.Response:
    """Answer an error that was asked for."""
    return web.json_response(TrackerError("Server Error", status).as_json(), status=status)


def _check_token(request: web.Request, site: Site) -> None:
    """Refuse (401) without the token."""
    given = request.headers.get("Authorization", "")
    if not given:
        raise TrackerError("Requires authentication", 401)
    scheme, _, token = given.partition(" ")
    if scheme.lower() not in {"bearer", "token"} or token.strip() != site.options.tracker_token:
        raise TrackerError("Bad credentials", 401)


async def _body_of(request: web.Request) -> Doc:
    """Answer the JSON body, an empty object where there is none. Refuses (400) what is no JSON object."""
    raw = await request.read()
    try:
        body = parse(raw) if raw.strip() else {}
    except ValueError:
        raise TrackerError("Problems parsing JSON", 400) from None
    if not isinstance(body, dict):
        raise TrackerError("Body should be a JSON object", 400)
    return body
