"""The part of GitHub's REST API that the tracker speaks, below /tracker/api, with the faults that were asked for."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from aiohttp.typedefs import Handler

from playground.faults import Fault
from playground.json_text import parse
from playground.records import Doc
from playground.site import Site
from playground.tracker.errors import TrackerError, invalid, not_found
from playground.tracker.hooks import EVENTS
from playground.tracker.records import APP, REPOSITORY, Issue
from playground.tracker.times import read_moment
from playground.tracker.tracker import Tracker
from playground.web_api.dispatch import hang_up

PER_PAGE, MOST_PER_PAGE = 30, 100


@dataclass(frozen=True)
class Call:
    """A call with a good token: the tracker, the address without its query, the query, the JSON body, the numbers."""

    tracker: Tracker
    address: str
    query: dict[str, str]
    body: Doc
    number: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    def word(self, name: str, words: Sequence[str]) -> str:
        """Answer a word of the query, the first of the words where it is missing. Refuses others."""
        value = self.query.get(name, words[0])
        if value not in words:
            raise invalid("Query", name, "invalid")
        return value

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


def add_api(app: web.Application, site: Site) -> None:
    """Add the API's addresses; each other one below it is not there."""
    for (verb, path), (status, method) in _METHODS.items():
        app.router.add_route(verb, f"/tracker/api{path}", _answering(site, status, method))
    app.router.add_route("*", "/tracker/api/{rest:.*}", _answering(site, 200, _nothing))


def _answering(site: Site, status: int, method: Method) -> Handler:
    """Answer a handler that checks the token, reads the body and calls the method."""

    async def answer(request: web.Request) -> web.StreamResponse:
        fault = site.faults.take("tracker", request.method, request.path.removeprefix("/tracker/api"))
        if fault is not None and (broken := await _before(fault, request)) is not None:
            return broken
        headers: dict[str, str] = {"X-GitHub-Media-Type": "github.v3; format=json"}
        try:
            _check_token(request, site)
            body = await _body_of(request)
            number = int(request.match_info.get("number", "0"))
            where = f"{site.url}{request.path}"
            done = method(Call(site.tracker, where, dict(request.query), body, number, headers))
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


def _nothing(call: Call) -> Doc:
    """Refuse an address that is not there."""
    raise not_found()


def _who(call: Call) -> Doc:
    """Answer whose token it is."""
    return call.tracker.shapes.user(APP)


def _repository(call: Call) -> Doc:
    """Answer the repository."""
    return call.tracker.repository_json()


# issues


def _issues(call: Call) -> list[Doc]:
    """Answer a page of issues and pull requests. Query: state, since, milestone, sort, direction, per_page, page."""
    state = call.word("state", ("open", "closed", "all"))
    found: Iterable[Issue] = (one for one in call.tracker.issues.values() if state in (one.state, "all"))
    if "since" in call.query:
        since = read_moment(call.query["since"])
        if since is None:
            raise invalid("Query", "since", "invalid")
        found = (one for one in found if (at := read_moment(one.updated_at)) is not None and at >= since)
    if "milestone" in call.query:
        found = (one for one in found if str(one.milestone) == call.query["milestone"])
    sort = call.word("sort", ("created", "updated", "comments"))
    keys: dict[str, Callable[[Issue], Any]] = {
        "created": lambda one: one.number,
        "updated": lambda one: (one.updated_at, one.number),
        "comments": lambda one: (one.comments, one.number),
    }
    newest_first = call.word("direction", ("desc", "asc")) == "desc"
    page = call.page(sorted(found, key=keys[sort], reverse=newest_first))
    return [call.tracker.issue_json(one) for one in page]


def _open_issue(call: Call) -> Doc:
    """Open an issue."""
    return call.tracker.issue_json(call.tracker.open(call.body, APP))


def _issue(call: Call) -> Doc:
    """Answer an issue."""
    return call.tracker.issue_json(call.tracker.issue(call.number))


def _change_issue(call: Call) -> Doc:
    """Change an issue."""
    issue = call.tracker.issue(call.number)
    call.tracker.change(issue, call.body, APP)
    return call.tracker.issue_json(issue)


def _comments(call: Call) -> list[Doc]:
    """Answer a page of the comments on an issue, oldest first."""
    issue = call.tracker.issue(call.number)
    return [call.tracker.shapes.comment(one, issue) for one in call.page(call.tracker.comments_of(issue))]


def _write_comment(call: Call) -> Doc:
    """Write a comment."""
    issue = call.tracker.issue(call.number)
    return call.tracker.shapes.comment(call.tracker.comment(issue, call.body, APP), issue)


def _pull(call: Call) -> Doc:
    """Answer a pull request."""
    pull = call.tracker.issue(call.number)
    if not pull.is_pull:
        raise not_found()
    return call.tracker.pull_json(pull)


# milestones and releases


def _milestones(call: Call) -> list[Doc]:
    """Answer a page of milestones. Query: state, per_page, page."""
    state = call.word("state", ("open", "closed", "all"))
    found = [one for one in call.tracker.milestones.values() if state in (one.state, "all")]
    return [call.tracker.milestone_json(one) for one in call.page(found)]


def _open_milestone(call: Call) -> Doc:
    """Open a milestone."""
    return call.tracker.milestone_json(call.tracker.open_milestone(call.body, APP))


def _milestone(call: Call) -> Doc:
    """Answer a milestone."""
    return call.tracker.milestone_json(call.tracker.milestone(call.number))


def _releases(call: Call) -> list[Doc]:
    """Answer a page of releases, newest first."""
    return [call.tracker.shapes.release(one) for one in call.page(list(reversed(call.tracker.releases.values())))]


def _publish(call: Call) -> Doc:
    """Publish a release."""
    return call.tracker.shapes.release(call.tracker.publish(call.body, APP))


# the hook


def _hooks(call: Call) -> list[Doc]:
    """Answer the hook, if it has an address."""
    url = call.tracker.hooks.url
    return [] if url is None else [call.tracker.shapes.hook(url, EVENTS)]


def _deliveries(call: Call) -> list[Doc]:
    """Answer a page of the hook's deliveries, newest first, without what was sent."""
    return [call.tracker.shapes.delivery(one) for one in call.page(call.tracker.hooks.recent())]


def _delivery(call: Call) -> Doc:
    """Answer a delivery with what was sent."""
    delivery = call.tracker.hooks.delivery(call.number)
    return call.tracker.shapes.delivery(delivery) | {"request": {"payload": parse(delivery.body)}}


def _redeliver(call: Call) -> Doc:
    """Send a delivery once more."""
    call.tracker.hooks.redeliver(call.number)
    return {}


_REPO = f"/repos/{REPOSITORY}"
_ISSUE = f"{_REPO}/issues/{{number:[0-9]{{1,9}}}}"
_DELIVERY = f"{_REPO}/hooks/1/deliveries/{{number:[0-9]{{1,9}}}}"
_METHODS: dict[tuple[str, str], tuple[int, Method]] = {
    ("GET", "/user"): (200, _who),
    ("GET", _REPO): (200, _repository),
    ("GET", f"{_REPO}/issues"): (200, _issues),
    ("POST", f"{_REPO}/issues"): (201, _open_issue),
    ("GET", _ISSUE): (200, _issue),
    ("PATCH", _ISSUE): (200, _change_issue),
    ("GET", f"{_ISSUE}/comments"): (200, _comments),
    ("POST", f"{_ISSUE}/comments"): (201, _write_comment),
    ("GET", f"{_REPO}/pulls/{{number:[0-9]{{1,9}}}}"): (200, _pull),
    ("GET", f"{_REPO}/milestones"): (200, _milestones),
    ("POST", f"{_REPO}/milestones"): (201, _open_milestone),
    ("GET", f"{_REPO}/milestones/{{number:[0-9]{{1,9}}}}"): (200, _milestone),
    ("GET", f"{_REPO}/releases"): (200, _releases),
    ("POST", f"{_REPO}/releases"): (201, _publish),
    ("GET", f"{_REPO}/hooks"): (200, _hooks),
    ("GET", f"{_REPO}/hooks/1/deliveries"): (200, _deliveries),
    ("GET", _DELIVERY): (200, _delivery),
    ("POST", f"{_DELIVERY}/attempts"): (202, _redeliver),
}
