"""The part of GitHub's REST API that the tracker speaks, below /tracker/api."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from playground.json_text import parse
from playground.records import Doc
from playground.site import Site
from playground.tracker.calling import Call, Method, answering
from playground.tracker.errors import not_found
from playground.tracker.hooks import EVENTS
from playground.tracker.records import APP, REPOSITORY, Issue


def add_api(app: web.Application, site: Site) -> None:
    """Add the API's addresses; each other one below it is not there."""
    for (verb, path), (status, method) in _METHODS.items():
        app.router.add_route(verb, f"/tracker/api{path}", answering(site, status, method))
    app.router.add_route("*", "/tracker/api/{rest:.*}", answering(site, 200, _nothing))


def _nothing(call: Call) -> Doc:
    """Refuse an address that is not there."""
    raise not_found()


def _who(call: Call) -> Doc:
    """Answer whose token it is."""
    return call.tracker.shapes.user(APP)


def _rate_limit(call: Call) -> Doc:
    """Answer how many calls are left, of which there is no end here."""
    rate = {"limit": 5000, "used": 0, "remaining": 5000, "reset": 0}
    return {"resources": {"core": rate}, "rate": rate}


def _repository(call: Call) -> Doc:
    """Answer the repository."""
    return call.tracker.repository_json()


# issues


def _issues(call: Call) -> list[Doc]:
    """Answer a page of issues and pull requests. Query: state, since, milestone, sort, direction, per_page, page."""
    state = call.word("state", ("open", "closed", "all"))
    found = call.since(call.tracker.issues.values(), lambda one: one.updated_at)
    found = [one for one in found if state in (one.state, "all")]
    if "milestone" in call.query:
        found = [one for one in found if str(one.milestone) == call.query["milestone"]]
    return [call.tracker.issue_json(one) for one in call.page(_sorted(call, found))]


def _sorted(call: Call, found: list[Issue]) -> list[Issue]:
    """Answer issues in the order that the query asks for, newest first where it asks for none."""
    sort = call.word("sort", ("created", "updated", "comments"))
    keys: dict[str, Callable[[Issue], Any]] = {
        "created": lambda one: one.number,
        "updated": lambda one: (one.updated_at, one.number),
        "comments": lambda one: (one.comments, one.number),
    }
    newest_first = call.word("direction", ("desc", "asc")) == "desc"
    return sorted(found, key=keys[sort], reverse=newest_first)


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
    """Answer a page of the comments on an issue, oldest first. Query: since, per_page, page."""
    issue = call.tracker.issue(call.number)
    found = call.since(call.tracker.comments_of(issue), lambda one: one.created_at)
    return [call.tracker.shapes.comment(one, issue) for one in call.page(found)]


def _write_comment(call: Call) -> Doc:
    """Write a comment."""
    issue = call.tracker.issue(call.number)
    return call.tracker.shapes.comment(call.tracker.comment(issue, call.body, APP), issue)


def _pulls(call: Call) -> list[Doc]:
    """Answer a page of pull requests. Query: state, sort, direction, per_page, page."""
    state = call.word("state", ("open", "closed", "all"))
    found = [one for one in call.tracker.issues.values() if one.is_pull and state in (one.state, "all")]
    return [call.tracker.pull_json(one) for one in call.page(_sorted(call, found))]


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


def _release(call: Call) -> Doc:
    """Answer the release of a tag; a draft has none yet."""
    for one in call.tracker.releases.values():
        if one.tag == call.tag and one.published_at is not None:
            return call.tracker.shapes.release(one)
    raise not_found()


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
    ("GET", "/rate_limit"): (200, _rate_limit),
    ("GET", _REPO): (200, _repository),
    ("GET", f"{_REPO}/issues"): (200, _issues),
    ("POST", f"{_REPO}/issues"): (201, _open_issue),
    ("GET", _ISSUE): (200, _issue),
    ("PATCH", _ISSUE): (200, _change_issue),
    ("GET", f"{_ISSUE}/comments"): (200, _comments),
    ("POST", f"{_ISSUE}/comments"): (201, _write_comment),
    ("GET", f"{_REPO}/pulls"): (200, _pulls),
    ("GET", f"{_REPO}/pulls/{{number:[0-9]{{1,9}}}}"): (200, _pull),
    ("GET", f"{_REPO}/milestones"): (200, _milestones),
    ("POST", f"{_REPO}/milestones"): (201, _open_milestone),
    ("GET", f"{_REPO}/milestones/{{number:[0-9]{{1,9}}}}"): (200, _milestone),
    ("GET", f"{_REPO}/releases"): (200, _releases),
    ("POST", f"{_REPO}/releases"): (201, _publish),
    ("GET", f"{_REPO}/releases/tags/{{tag:.+}}"): (200, _release),
    ("GET", f"{_REPO}/hooks"): (200, _hooks),
    ("GET", f"{_REPO}/hooks/1/deliveries"): (200, _deliveries),
    ("GET", _DELIVERY): (200, _delivery),
    ("POST", f"{_DELIVERY}/attempts"): (202, _redeliver),
}
