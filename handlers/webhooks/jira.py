"""What Jira tells, and how it signs: `X-Hub-Signature: sha256=` over the body, of webhooks that an admin saved with a
secret."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from werkzeug.datastructures import Headers

from feedback.work import Fact, Hint, Moved, Told
from handlers.webhooks.payload import NotNeeded, Odd, Part
from handlers.webhooks.signing import is_hmac

SOURCE = "jira"
STATES = {"undefined": "open", "new": "open", "indeterminate": "started", "done": "done"}
"""Jira's categories; the statuses in them are each team's own."""
PUT_AWAY = (
    "won't do",
    "won’t do",
    "won't fix",
    "won’t fix",
    "duplicate",
    "declined",
    "rejected",
    "invalid",
    "cannot reproduce",
    "not a bug",
    "incomplete",
    "obsolete",
    "abandoned",
    "cancelled",
    "canceled",
)
"""Resolutions, in Jira's and many teams' words, of what is closed without being done."""
ISSUE_EVENTS = ("jira:issue_created", "jira:issue_updated", "jira:issue_deleted")


def is_signed(secret: str, body: bytes, headers: Headers, now: datetime) -> bool:
    return is_hmac(secret, body, headers.get("X-Hub-Signature", ""), prefix="sha256=")


def delivery(payload: Part, headers: Headers) -> str:
    return headers.get("X-Atlassian-Webhook-Identifier", "")


def event(payload: Part, headers: Headers) -> str:
    return payload.words("webhookEvent")


def read(payload: Part, headers: Headers, now: datetime) -> Sequence[Told]:
    name = payload.name("webhookEvent")
    if name in ISSUE_EVENTS:
        return _issue(payload, name)
    if name == "jira:version_released":
        version = payload.part("version")
        released = Hint(
            source=SOURCE,
            at=payload.at("timestamp"),
            ref=_version_ref(version),
            kind="release",
            state="done",
            status="Released",
        )
        return [released]
    raise NotNeeded("Nothing is read from events of this kind.")


def _issue(payload: Part, name: str) -> Sequence[Told]:
    issue = payload.part("issue")
    fields, key = issue.part("fields"), issue.name("key").lower()
    stands = fields.part("status")
    state, status = STATES.get(stands.part("statusCategory").name("key")), stands.title("name")
    if state is None:
        raise Odd("issue.fields.status.statusCategory.key")
    resolution = fields.maybe("resolution")
    if state == "done" and resolution and resolution.words("name").strip().casefold() in PUT_AWAY:
        state, status = "not_planned", resolution.title("name")
    if name == "jira:issue_deleted":
        if state in ("done", "not_planned"):
            raise NotNeeded("It was closed before it was deleted.")
        state, status = "not_planned", "Deleted"
    versions = [_version(version, key, fields.at("updated")) for version in fields.parts("fixVersions")]
    unreleased = [version for version in versions if version.state == "open"]
    fact = Fact(
        source=SOURCE,
        kind="issue",
        key=key,
        state=state,
        at=fields.at("updated"),
        status=status,
        ref=issue.id("id"),
        title=fields.title("summary"),
        text=fields.words("description"),
        url=_page(issue),
        part_of=versions[0].key if versions else None,
    )
    return [*_moved(payload, key), *unreleased, fact]


def _version(version: Part, issue_key: str, at: datetime) -> Fact:
    """The event of its release names the version only by its number, and its project too: so it is learned here, from
    issues, before it is out. Of one that is out already it is too late to hear."""
    is_out, name = version.is_true("released"), version.name("name")
    return Fact(
        source=SOURCE,
        kind="release",
        key=f"{issue_key.rpartition('-')[0]}@{name.lower()}",
        state="done" if is_out else "open",
        at=at,
        status="Released" if is_out else "Unreleased",
        ref=_version_ref(version),
        title=name,
        text=version.words("description"),
    )


def _version_ref(version: Part) -> str:
    """Numbers of versions and of issues are counted apart."""
    found = version.id("id")
    if not found:
        raise Odd(version.named("id"))
    return f"version/{found}"


def _moved(payload: Part, key: str) -> Sequence[Told]:
    changed = payload.maybe("changelog")
    items = changed.parts("items") if changed else ()
    return [Moved(SOURCE, each.name("fromString").lower(), key) for each in items if each.words("field") == "Key"]


def _page(issue: Part) -> str:
    """The address for people; `self` is the one for programs."""
    home, rest, _ = issue.link("self").partition("/rest/")
    return f"{home}/browse/{quote(issue.name('key'))}" if rest else ""
