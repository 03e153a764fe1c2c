"""What GitLab tells, and how it proves who it is: a token that it sends along, or a signature in the form of Standard
Webhooks, over id, time and body."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from werkzeug.datastructures import Headers

from feedback import work
from feedback.work import Fact, Hint, InPart, Told
from handlers.webhooks.payload import NotNeeded, Odd, Part
from handlers.webhooks.signing import is_same

SOURCE = "gitlab"
FRESH_SECONDS = 5 * 60
KEY_PREFIX = "whsec_"
ISSUE_ACTS = ("open", "close", "reopen", "update")
MERGE_REQUEST_ACTS = ("open", "close", "reopen", "update", "merge")


def is_signed(secret: str, body: bytes, headers: Headers, now: datetime) -> bool:
    """Where it is signed, the token does not count: whoever caught an old delivery has that too."""
    signature = headers.get("webhook-signature", "")
    if signature and secret.startswith(KEY_PREFIX):
        return _is_standard(secret, body, headers, signature, now)
    return is_same(secret, headers.get("X-Gitlab-Token", ""))


def _is_standard(secret: str, body: bytes, headers: Headers, signature: str, now: datetime) -> bool:
    """One header may hold several signatures, while the key is changed over there."""
    name, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (at.isascii() and at.isdigit() and len(at) < 12 and abs(now.timestamp() - int(at)) <= FRESH_SECONDS):
        return False
    try:
        key = b64decode(secret.removeprefix(KEY_PREFIX), validate=True)
    except Error:
        return False
    content = f"{name}.{at}.".encode("utf-8", "replace") + body
    wanted = "v1," + b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return bool(key) and any(is_same(wanted, each) for each in signature.split(" "))


def delivery(payload: Part, headers: Headers) -> str:
    return headers.get("Idempotency-Key", "") or headers.get("webhook-id", "")


def event(payload: Part, headers: Headers) -> str:
    about = payload.maybe("object_attributes")
    action = payload.words("action") or (about.words("action") if about else "")
    return f"{payload.words('object_kind')} {action}".strip()


def read(payload: Part, headers: Headers, now: datetime) -> Sequence[Told]:
    kind = payload.words("object_kind")
    if not kind:
        raise Odd("object_kind")
    reader = READERS.get(kind)
    if reader is None:
        raise NotNeeded("Nothing is read from events of this kind.")
    return reader(payload, now)


def _project(payload: Part) -> str:
    return payload.part("project").name("path_with_namespace").lower()


def _issue(payload: Part, now: datetime) -> Sequence[Told]:
    issue = payload.part("object_attributes")
    action = _one_of(issue, ISSUE_ACTS)
    if issue.has("moved_to_id"):
        raise NotNeeded("It was moved to another project, which tells of it under its new name.")
    state, status, at = "open", "Open" if action == "reopen" else "", issue.at("updated_at")
    if issue.words("state") == "closed":
        state, status, at = "done", "Closed", issue.at("closed_at", "updated_at")
    elif issue.has("assignee_ids") and action in ("open", "reopen", "update"):
        state, status = "started", "Assigned"
    fact = Fact(
        source=SOURCE,
        kind="issue",
        key=f"{_project(payload)}#{issue.number('iid')}",
        state=state,
        at=at,
        status=status,
        ref=issue.id("id"),
        title=issue.title("title"),
        text=issue.words("description"),
        url=issue.link("url"),
    )
    return [InPart(fact, issue.id("milestone_id"))]


def _merge_request(payload: Part, now: datetime) -> Sequence[Told]:
    """As a pull request: finished when it is merged into the default branch."""
    merge, project = payload.part("object_attributes"), payload.part("project")
    _one_of(merge, MERGE_REQUEST_ACTS)
    branch, path = merge.name("target_branch"), _project(payload)
    is_default = branch == project.name("default_branch")
    is_draft = merge.is_true("draft") or merge.is_true("work_in_progress")
    state, status = "started", "Draft" if is_draft else "Open"
    if merge.words("state") == "merged":
        state, status = ("done", "Merged") if is_default else ("started", f"Merged into {branch}")
    elif merge.words("state") == "closed":
        state, status = "not_planned", "Closed"
    said = f"{merge.words('title')}\n\n{merge.words('description')}"
    fact = Fact(
        source=SOURCE,
        kind="pull_request",
        key=f"{path}!{merge.number('iid')}",
        state=state,
        at=merge.at("updated_at"),
        status=status,
        ref=merge.id("id"),
        title=merge.title("title"),
        text=merge.words("description"),
        url=merge.link("url"),
        closes=work.closes(said, dialect=SOURCE, repository=path) if is_default else (),
    )
    return [InPart(fact, merge.id("milestone_id"))]


def _release(payload: Part, now: datetime) -> Sequence[Told]:
    _one_of(payload, ("create",))
    tag, path, at = payload.name("tag"), _project(payload), payload.at("released_at", "created_at")
    if at > now:
        raise NotNeeded("It is announced for later.")
    return [
        Fact(
            source=SOURCE,
            kind="release",
            key=f"{path}@{tag.lower()}",
            state="done",
            at=at,
            status="Released",
            ref=payload.id("id"),
            title=payload.title("name") or tag,
            text=payload.words("description"),
            url=payload.link("url"),
            closes=work.named(payload.words("description"), repository=path),
        )
    ]


def _milestone(payload: Part, now: datetime) -> Sequence[Told]:
    """Of a project, or of a group with all its projects."""
    action = _one_of(payload, ("create", "close", "reopen", "delete"))
    milestone, group = payload.part("object_attributes"), payload.maybe("group")
    path = _project(payload) if payload.maybe("project") else payload.part("group").name("full_path").lower()
    state, status = "open", "Open"
    if milestone.words("state") == "closed":
        state, status = "done", "Closed"
    if action == "delete":
        if state == "done":
            raise NotNeeded("It was closed before it was deleted.")
        state, status = "not_planned", "Deleted"
    fact = Fact(
        source=SOURCE,
        kind="milestone",
        key=f"{path}%{milestone.number('iid')}",
        state=state,
        at=milestone.at("updated_at", "created_at"),
        status=status,
        ref=milestone.id("id"),
        title=milestone.title("title"),
        text=milestone.words("description"),
    )
    home = payload.part("project").link("web_url") if group is None else ""
    return [replace(fact, url=f"{home}/-/milestones/{milestone.number('iid')}") if home else fact]


def _push(payload: Part, now: datetime) -> Sequence[Told]:
    """GitLab closes what commits to the default branch say that they fix, and names no time for it."""
    project = payload.part("project")
    if payload.words("ref") != f"refs/heads/{project.name('default_branch')}":
        raise NotNeeded("It is not to the default branch.")
    said = "\n\n".join(commit.words("message") for commit in payload.parts("commits"))
    keys = work.closes(said, dialect=SOURCE, repository=_project(payload))
    if not keys:
        raise NotNeeded("Its commits say of nothing that they close it.")
    return [Hint(source=SOURCE, at=now, key=key, state="done", status="Closed by a commit") for key in keys]


def _one_of(about: Part, acts: Sequence[str]) -> str:
    action = about.words("action")
    if not action:
        raise Odd(about.named("action"))
    if action not in acts:
        raise NotNeeded("It changes nothing that is read here.")
    return action


READERS: dict[str, Callable[[Part, datetime], Sequence[Told]]] = {
    "issue": _issue,
    "work_item": _issue,
    "merge_request": _merge_request,
    "release": _release,
    "milestone": _milestone,
    "push": _push,
}
