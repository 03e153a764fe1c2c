"""What people and programs ask of the tracker, checked before anything happens: all of it is done, or nothing."""

import re
from collections.abc import Collection
from typing import Any

from playground.records import Doc
from playground.tracker.errors import invalid
from playground.tracker.records import LOGINS

MOST_TITLE, MOST_BODY = 256, 65_536  # characters, GitHub's own
MOST_TAG = 100
REASONS = (None, "completed", "not_planned", "duplicate", "reopened")
_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]*")
_REF = r"(?:demo/shop)?#(\d{1,9})\b"
_UNREAD = re.compile(r"<!--.*?(?:-->|\Z)|```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)  # comments and code
_CLOSING = re.compile(rf"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+{_REF}", re.IGNORECASE)


def issue(asked: Doc, *, is_new: bool, milestones: Collection[int]) -> Doc:
    """Answer what is to be of an issue: title, body, labels, assignees, milestone, state, state_reason, where given.

    Refuses with 422 and the field.
    """
    facts: Doc = {}
    if is_new or "title" in asked:
        facts["title"] = _title("Issue", asked.get("title"))
    if is_new or "body" in asked:
        facts["body"] = long_text("Issue", "body", asked.get("body"))
    if asked.get("labels") is not None:
        facts["labels"] = _labels(asked["labels"])
    if asked.get("assignees") is not None:
        facts["assignees"] = _assignees(asked["assignees"])
    if "milestone" in asked:
        facts["milestone"] = _milestone(asked["milestone"], milestones)
    return facts if is_new else facts | _state(asked)


def comment(asked: Doc) -> str:
    """Answer what a comment says."""
    body = long_text("IssueComment", "body", asked.get("body"))
    if not body.strip():
        raise invalid("IssueComment", "body", "missing_field")
    return body


def pull_request(asked: Doc) -> Doc:
    """Answer title and body of a pull request."""
    body = long_text("PullRequest", "body", asked.get("body"))
    return {"title": _title("PullRequest", asked.get("title")), "body": body}


def milestone(asked: Doc) -> Doc:
    """Answer title and description of a milestone."""
    description = long_text("Milestone", "description", asked.get("description"))
    return {"title": _title("Milestone", asked.get("title")), "description": description}


def release(asked: Doc, *, tags: Collection[str]) -> Doc:
    """Answer tag, name, body, draft and prerelease of a release. Refuses a tag that there is already."""
    tag = _given("Release", "tag_name", asked.get("tag_name"))
    if len(tag) > MOST_TAG or not _TAG.fullmatch(tag) or ".." in tag:
        raise invalid("Release", "tag_name", "custom", "tag_name is not a valid tag")
    if tag in tags:
        raise invalid("Release", "tag_name", "already_exists")
    name = long_text("Release", "name", asked.get("name")).strip()
    flags = {word: asked.get(word) or False for word in ("draft", "prerelease")}
    for word, value in flags.items():
        if not isinstance(value, bool):
            raise invalid("Release", word, "invalid")
    return {"tag": tag, "name": name or tag, "body": long_text("Release", "body", asked.get("body"))} | flags


def closed_by(text: str) -> list[int]:
    """Answer the numbers of the issues that a text says it closes, as GitHub reads a pull request's."""
    return list(dict.fromkeys(int(number) for number in _CLOSING.findall(_UNREAD.sub(" ", text))))


def long_text(resource: str, field: str, value: Any) -> str:
    """Answer a text of several lines; nothing is an empty one."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise invalid(resource, field, "invalid")
    if len(value) > MOST_BODY:
        raise invalid(resource, field, "custom", f"{field} is too long (maximum is {MOST_BODY} characters)")
    return value.replace("\r\n", "\n")


def _title(resource: str, value: Any) -> str:
    """Answer a title: one line, and not an empty one."""
    title = " ".join(_given(resource, "title", value).split())
    if len(title) > MOST_TITLE:
        raise invalid(resource, "title", "custom", f"title is too long (maximum is {MOST_TITLE} characters)")
    return title


def _given(resource: str, field: str, value: Any) -> str:
    """Answer a text that must be there."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise invalid(resource, field, "missing_field")
    if not isinstance(value, str):
        raise invalid(resource, field, "invalid")
    return value.strip()


def _labels(value: Any) -> list[str]:
    """Answer the names of labels, given as names or as objects with one."""
    names = [one.get("name") if isinstance(one, dict) else one for one in value] if isinstance(value, list) else [None]
    found = [name.strip() for name in names if isinstance(name, str)]
    if len(found) < len(names) or not all(0 < len(name) <= 50 for name in found):
        raise invalid("Issue", "labels", "invalid")
    return list(dict.fromkeys(found))


def _assignees(value: Any) -> list[str]:
    """Answer the logins of those who are to work on it."""
    if not isinstance(value, list) or not all(isinstance(login, str) and login in LOGINS for login in value):
        raise invalid("Issue", "assignees", "invalid")
    return list(dict.fromkeys(value))


def _milestone(value: Any, milestones: Collection[int]) -> int | None:
    """Answer the number of a milestone, or none."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value not in milestones:
        raise invalid("Issue", "milestone", "invalid")
    return value


def _state(asked: Doc) -> Doc:
    """Answer whether it is to be open or closed, and why."""
    if asked.get("state") not in (None, "open", "closed"):
        raise invalid("Issue", "state", "invalid")
    if asked.get("state_reason") not in REASONS:
        raise invalid("Issue", "state_reason", "invalid")
    return {name: asked[name] for name in ("state", "state_reason") if asked.get(name) is not None}
