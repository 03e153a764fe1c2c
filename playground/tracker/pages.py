"""The tracker's pages, as people of the team use them: forms only, no JavaScript. /tracker leads to them."""

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler
from markupsafe import Markup

from playground.site import Site
from playground.tracker import html
from playground.tracker.errors import TrackerError, invalid
from playground.tracker.parts import BASE, Words, page, words_of
from playground.tracker.records import IN_PROGRESS, TEAM, Issue
from playground.tracker.tracker import Tracker

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:;"
    " base-uri 'none'; form-action 'self'",
}
_DONE = {
    "start": "Work has started.",
    "complete": "Closed as completed.",
    "drop": "Closed as not planned.",
    "reopen": "Open again.",
    "edit": "Saved.",
    "milestone": "Saved.",
    "comment": "Written.",
    "merge": "Merged.",
}
_CLOSINGS: dict[str, dict[str, object]] = {
    "complete": {"state": "closed", "state_reason": "completed"},
    "drop": {"state": "closed", "state_reason": "not_planned"},
    "reopen": {"state": "open"},
}


class Pages:
    """What a browser gets of the tracker."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def _tracker(self) -> Tracker:
        """Answer the tracker behind the pages."""
        return self._site.tracker

    def add(self, app: web.Application) -> None:
        """Add the pages' addresses."""
        number = "{number:[0-9]{1,9}}"
        for path, look in {
            "/issues": self._issues,
            "/issues/new": self._new_issue,
            f"/issues/{number}": self._issue,
            f"/pull/{number}": self._issue,
            "/milestones": self._milestones,
            f"/milestone/{number}": self._milestones,
            "/releases": self._releases,
            "/releases/tag/{tag:.+}": self._releases,
            "/hook": self._hook,
        }.items():
            app.router.add_get(BASE + path, _answering(look))
        for path, act in {
            "/issues": self._open_issue,
            f"/issues/{number}/{{act}}": self._act,
            f"/pull/{number}/{{act:comment}}": self._act,
            "/milestones": self._open_milestone,
            f"/milestones/{number}/close": self._close_milestone,
            "/releases": self._publish,
            "/hook": self._set_hook,
            f"/hook/{number}/redeliver": self._redeliver,
        }.items():
            app.router.add_post(BASE + path, _answering(act))
        for top in ("/tracker", "/tracker/", BASE, f"{BASE}/"):
            app.router.add_get(top, _answering(self._top))
        app.router.add_get(BASE + "/{rest:.*}", _answering(self._nothing))

    # looking

    async def _top(self, request: web.Request) -> web.Response:
        """Lead to the issues."""
        return _go(f"{BASE}/issues")

    async def _nothing(self, request: web.Request) -> web.Response:
        """Say that there is no such page."""
        return _shown("Sorry", html.missing("There is no such page."), place="", status=404)

    async def _issues(self, request: web.Request) -> web.Response:
        """Show the issues, newest first."""
        state = "closed" if request.query.get("state") == "closed" else "open"
        everything = list(reversed(self._tracker.issues.values()))
        counts = {word: sum(one.state == word for one in everything) for word in ("open", "closed")}
        found = [one for one in everything if one.state == state]
        return _shown("Issues", html.issues(found, state, counts), place="issues")

    async def _new_issue(self, request: web.Request) -> web.Response:
        """Show the form of a new issue."""
        return _shown("New issue", html.new_issue({}, {}), place="issues")

    async def _issue(self, request: web.Request) -> web.Response:
        """Show an issue or a pull request; each stands at its own address."""
        issue = self._tracker.issue(int(request.match_info["number"]))
        if request.path != html.path_of(issue):
            return _go(html.path_of(issue))
        return self._issue_page(issue, said=_DONE.get(request.query.get("done", ""), ""))

    def _issue_page(
        self, issue: Issue, *, said: str = "", values: Words | None = None, wrong: Words | None = None
    ) -> web.Response:
        """Show an issue, with what was wrong in a form on it."""
        milestones = list(self._tracker.milestones.values())
        body = html.issue(issue, self._tracker.comments_of(issue), milestones, values or {}, wrong or {})
        return _shown(issue.title, body, place="issues", said=said, status=422 if wrong else 200)

    async def _milestones(self, request: web.Request) -> web.Response:
        """Show the milestones."""
        return self._milestones_page({}, {})

    def _milestones_page(self, values: Words, wrong: Words) -> web.Response:
        """Show the milestones, with what was wrong in the form on the page."""
        docs = [(one, self._tracker.milestone_json(one)) for one in self._tracker.milestones.values()]
        found = [(one, int(doc["open_issues"]), int(doc["closed_issues"])) for one, doc in docs]
        body = html.milestones(found, values, wrong)
        return _shown("Milestones", body, place="milestones", status=422 if wrong else 200)

    async def _releases(self, request: web.Request) -> web.Response:
        """Show the releases; the form's text mentions the issue that the query names."""
        issue = self._tracker.issues.get(_number(request.query.get("mentions", "")) or 0)
        values = {"body": f"- {issue.title} (fixes #{issue.number})"} if issue else {}
        return self._releases_page(values, {})

    def _releases_page(self, values: Words, wrong: Words) -> web.Response:
        """Show the releases, with what was wrong in the form on the page."""
        body = html.releases(reversed(self._tracker.releases.values()), values, wrong)
        return _shown("Releases", body, place="releases", status=422 if wrong else 200)

    async def _hook(self, request: web.Request) -> web.Response:
        """Show the hook."""
        return self._hook_page(self._tracker.hooks.url or "", {})

    def _hook_page(self, url: str, wrong: Words) -> web.Response:
        """Show the hook, with what was wrong in the form on the page."""
        hooks = self._tracker.hooks
        body = html.hook(url, bool(hooks.secret), hooks.recent(), wrong)
        return _shown("Webhook", body, place="hook", status=422 if wrong else 200)

    # acting

    async def _open_issue(self, request: web.Request) -> web.Response:
        """Open an issue."""
        form = await _form_of(request)
        try:
            issue = self._tracker.open(form, TEAM)
        except TrackerError as refused:
            return _shown("New issue", html.new_issue(form, _wrong(refused)), place="issues", status=422)
        return _go(html.path_of(issue))

    async def _act(self, request: web.Request) -> web.Response:
        """Do with an issue what the address says."""
        issue, act = self._tracker.issue(int(request.match_info["number"])), request.match_info["act"]
        if act not in _DONE:
            return await self._nothing(request)
        form = await _form_of(request)
        try:
            self._do(issue, act, form)
        except TrackerError as refused:
            values = {f"{act}.{name}": value for name, value in form.items()}
            wrong = {f"{act}.{name}": words for name, words in _wrong(refused).items()}
            return self._issue_page(issue, values=values, wrong=wrong)
        return _go(f"{html.path_of(issue)}?done={act}")

    def _do(self, issue: Issue, act: str, form: Words) -> None:
        """Do one act. What has been done already is no news."""
        if act == "comment":
            self._tracker.comment(issue, dict(form), TEAM)
        elif act == "merge":
            self._tracker.merge(dict(form), TEAM)
        else:
            self._tracker.change(issue, _asked(issue, act, form), TEAM)

    async def _open_milestone(self, request: web.Request) -> web.Response:
        """Open a milestone."""
        form = await _form_of(request)
        try:
            self._tracker.open_milestone(form, TEAM)
        except TrackerError as refused:
            return self._milestones_page(form, _wrong(refused))
        return _go(f"{BASE}/milestones")

    async def _close_milestone(self, request: web.Request) -> web.Response:
        """Close a milestone."""
        self._tracker.close_milestone(self._tracker.milestone(int(request.match_info["number"])), TEAM)
        return _go(f"{BASE}/milestones")

    async def _publish(self, request: web.Request) -> web.Response:
        """Publish a release."""
        form = await _form_of(request)
        try:
            self._tracker.publish({name: form.get(name) for name in ("tag_name", "name", "body")}, TEAM)
        except TrackerError as refused:
            return self._releases_page(form, _wrong(refused))
        return _go(f"{BASE}/releases")

    async def _set_hook(self, request: web.Request) -> web.Response:
        """Tell another address from now on."""
        form = await _form_of(request)
        try:
            self._tracker.hooks.set(form.get("url", ""), form.get("secret") or None)
        except TrackerError as refused:
            return self._hook_page(form.get("url", ""), _wrong(refused))
        return _go(f"{BASE}/hook")

    async def _redeliver(self, request: web.Request) -> web.Response:
        """Send a delivery once more."""
        self._tracker.hooks.redeliver(int(request.match_info["number"]))
        return _go(f"{BASE}/hook")


def _asked(issue: Issue, act: str, form: Words) -> dict[str, object]:
    """Answer what an act changes, as the API would be asked for it."""
    if act in _CLOSINGS:
        # Whoever takes it up again presses "Start work" again, which is told again.
        return _CLOSINGS[act] | {"labels": [name for name in issue.labels if name != IN_PROGRESS]}
    if act == "start":
        if issue.state == "closed":
            return {}
        return {"assignees": [*issue.assignees, TEAM], "labels": [*issue.labels, IN_PROGRESS]}
    if act == "edit":
        return {name: form.get(name) for name in ("title", "body")}
    if form.get("milestone") and _number(form["milestone"]) is None:
        raise invalid("Issue", "milestone", "invalid")
    return {"milestone": _number(form.get("milestone", ""))}


def _number(text: str) -> int | None:
    """Answer the number of an issue or a milestone; None for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _answering(handler: Callable[[web.Request], Awaitable[web.Response]]) -> Handler:
    """Answer a handler that says on a page what is not there, or could not be read."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except TrackerError as refused:
            words = "There is no such page." if refused.status == 404 else "That could not be read."
            return _shown("Sorry", html.missing(words), place="", status=refused.status)

    return answer


async def _form_of(request: web.Request) -> dict[str, str]:
    """Answer the fields of a form. Refuses (400) what is no form."""
    try:
        form = await request.post()
    except ValueError:
        raise TrackerError("Problems parsing the form", 400) from None
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _wrong(refused: TrackerError) -> dict[str, str]:
    """Answer what is wrong with each field, for people."""
    return {error["field"]: words_of(error) for error in refused.errors}


def _shown(title: str, body: Markup, *, place: str, said: str = "", status: int = 200) -> web.Response:
    """Answer a page."""
    text = page(title, body, place=place, said=said)
    return web.Response(text=text, content_type="text/html", status=status, headers=_HEADERS)


def _go(path: str) -> web.Response:
    """Lead on to another page, so that a reload does not do the same again."""
    return web.Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})
