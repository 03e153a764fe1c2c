"""What Linear tells, and how it signs: `Linear-Signature` over the body, in which it also says when it sent it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from werkzeug.datastructures import Headers

from feedback.work import Fact, Moved, Told
from handlers.webhooks.payload import NotNeeded, Odd, Part, since_1970
from handlers.webhooks.signing import is_hmac

SOURCE = "linear"
FRESH_SECONDS = 60
STATES = {
    "triage": "open",
    "backlog": "open",
    "unstarted": "open",
    "started": "started",
    "completed": "done",
    "canceled": "not_planned",
    "duplicate": "not_planned",
}


def is_signed(secret: str, body: bytes, headers: Headers, now: datetime) -> bool:
    """Only the time in the body counts: the one in the headers is not signed."""
    return is_hmac(secret, body, headers.get("Linear-Signature", "")) and _is_fresh(body, now)


def _is_fresh(body: bytes, now: datetime) -> bool:
    """What cannot be read is not old: its sender hears what is wrong with it."""
    try:
        facts = json.loads(body)
    except (ValueError, RecursionError):
        return True
    sent = facts.get("webhookTimestamp") if isinstance(facts, dict) else None
    at = since_1970(sent) if isinstance(sent, int) else None
    return at is not None and abs((now - at).total_seconds()) <= FRESH_SECONDS


def delivery(payload: Part, headers: Headers) -> str:
    return headers.get("Linear-Delivery", "")


def event(payload: Part, headers: Headers) -> str:
    return f"{payload.words('type')} {payload.words('action')}".strip()


def read(payload: Part, headers: Headers, now: datetime) -> Sequence[Told]:
    kind, action = payload.name("type"), payload.name("action")
    if kind != "Issue" or action not in ("create", "update", "remove"):
        raise NotNeeded("Only issues are read here.")
    return _issue(payload, payload.part("data"), action)


def _issue(payload: Part, issue: Part, action: str) -> Sequence[Told]:
    stands = issue.part("state")
    state, status, at = STATES.get(stands.name("type")), stands.title("name"), issue.at("updatedAt", "createdAt")
    if state is None:
        raise Odd("data.state.type")
    if action == "remove":
        if state in ("done", "not_planned"):
            raise NotNeeded("It was closed before it was deleted.")
        state, status = "not_planned", "Deleted"
    elif state == "done":
        at = issue.at("completedAt", "updatedAt")
    elif state == "not_planned":
        at = issue.at("canceledAt", "updatedAt")
    fact = Fact(
        source=SOURCE,
        kind="issue",
        key=_key(issue),
        state=state,
        at=at,
        status=status,
        ref=issue.id("id"),
        title=issue.title("title"),
        text=issue.words("description"),
        url=issue.link("url") or payload.link("url"),
    )
    before = payload.maybe("updatedFrom")
    if before is None or not (before.has("teamId") or before.has("identifier")):
        return [fact]
    return [*(Moved(SOURCE, old.lower(), fact.key) for old in issue.texts("previousIdentifiers")), fact]


def _key(issue: Part) -> str:
    if issue.has("identifier"):
        return issue.name("identifier").lower()
    return f"{issue.part('team').name('key')}-{issue.number('number')}".lower()
