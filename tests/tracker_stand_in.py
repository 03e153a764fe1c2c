"""GitHub and Linear on loopback, as far as we use them: they keep what is made, and fail as they are told to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.serving import Answering, Failure, served

TOKEN = "ghp_good"
REPOSITORY = "acme/shop"
AT = "2026-11-02T09:00:00Z"
Json = dict[str, Any]


@dataclass
class Trackers:
    url: str = ""
    issues: list[Json] = field(default_factory=list)
    """At GitHub."""
    pulls: list[Json] = field(default_factory=list)
    releases: list[Json] = field(default_factory=list)
    comments: list[Json] = field(default_factory=list)
    linear: dict[str, Json] = field(default_factory=dict)
    """Issues by their id."""
    said: dict[str, Json] = field(default_factory=dict)
    """Comments at Linear, by their id."""
    failures: list[Failure] = field(default_factory=list)
    """What the next calls that write meet."""
    asked: list[str] = field(default_factory=list)
    """Method and path of every call."""

    @property
    def linear_url(self) -> str:
        return f"{self.url}/graphql"

    def issue(self, title: str = "Dark mode", *, closed_at: str = "", reason: str = "completed", **more: Any) -> Json:
        number = len(self.issues) + len(self.pulls) + 1
        made: Json = {
            "id": 1000 + number,
            "node_id": f"I_{number}",
            "number": number,
            "title": title,
            "body": "",
            "html_url": f"{self.url}/{REPOSITORY}/issues/{number}",
            "state": "closed" if closed_at else "open",
            "state_reason": reason if closed_at else None,
            "closed_at": closed_at or None,
            "updated_at": closed_at or AT,
            "created_at": AT,
            "milestone": None,
            **more,
        }
        self.issues.append(made)
        return made

    def pull(self, title: str, *, merged_at: str, base: str = "main") -> Json:
        made = self.issue(title, closed_at=merged_at, merged_at=merged_at)
        self.issues.remove(made)
        made["base"] = {"ref": base, "repo": {"default_branch": "main"}}
        self.pulls.append(made)
        return made

    def answer(self, method: str, path: str, body: Json) -> tuple[int, Any]:
        at = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(at.query).items()}
        if at.path == "/graphql":
            return 200, self._linear(body)
        if at.path == "/rate_limit":
            return 200, {"rate": {}}
        prefix = f"/repos/{REPOSITORY}"
        if not at.path.lower().startswith(prefix):
            return 404, {"message": "Not Found"}
        words = at.path[len(prefix) :].strip("/").split("/")
        match method, words:
            case "GET", [""]:
                return 200, {"full_name": "Acme/Shop", "has_issues": True}
            case "GET", ["issues"]:
                return 200, self._paged(self._issues_since(asked), asked)
            case "GET", ["pulls"]:
                newest = sorted(self.pulls, key=lambda each: str(each["updated_at"]), reverse=True)
                return 200, self._paged(newest, asked)
            case "GET", ["releases"]:
                return 200, self._paged(self.releases, asked)
            case "GET", ["issues" | "pulls", number]:
                found = [each for each in self.issues + self.pulls if each["number"] == int(number)]
                as_issue: Json = {"pull_request": {}} if words[0] == "issues" and found and "base" in found[0] else {}
                return (200, {**found[0], **as_issue}) if found else (404, {"message": "Not Found"})
            case "POST", ["issues"]:
                return (201, self.issue(**body)) if body.get("title") else (422, {"message": "Validation Failed"})
            case "GET", ["issues", number, "comments"]:
                return 200, self._paged([each for each in self.comments if each["number"] == int(number)], asked)
            case "POST", ["issues", number, "comments"]:
                self.comments.append({"id": len(self.comments) + 1, "number": int(number), **body})
                return 201, self.comments[-1]
        return 404, {"message": "Not Found"}

    def _issues_since(self, asked: dict[str, str]) -> list[Json]:
        since = datetime.fromisoformat(asked["since"])
        found = [
            each
            for each in self.issues
            if asked["state"] in ("all", each["state"]) and datetime.fromisoformat(each["updated_at"]) >= since
        ]
        by = "updated_at" if asked["sort"] == "updated" else "number"
        return sorted(found, key=lambda each: each[by], reverse=asked["direction"] == "desc")

    def _paged(self, found: list[Json], asked: dict[str, str]) -> list[Json]:
        size, page = int(asked["per_page"]), int(asked["page"])
        return found[(page - 1) * size : page * size]

    def _linear(self, body: Json) -> Json:
        query, given = body["query"], body["variables"]
        if "teams(" in query:
            return {
                "data": {"teams": {"nodes": [{"id": "T1", "name": "Engineering"}] if given["key"] == "ENG" else []}}
            }
        if "viewer" in query:
            return {"data": {"viewer": {"name": "Roundtrip"}}}
        made = given.get("input", {})
        if "issueCreate" in query:
            if made["id"] in self.linear:
                return {"errors": [{"message": "duplicate id", "extensions": {"code": "INVALID_INPUT"}}]}
            number = len(self.linear) + 1
            self.linear[made["id"]] = {
                "id": made["id"],
                "identifier": f"ENG-{number}",
                "title": made["title"],
                "description": made["description"],
                "url": f"https://linear.app/acme/issue/ENG-{number}",
                "createdAt": AT,
                "state": {"name": "Backlog", "type": "backlog"},
            }
            return {"data": {"issueCreate": {"success": True, "issue": self.linear[made["id"]]}}}
        if "commentCreate" in query:
            self.said[made["id"]] = made
            return {"data": {"commentCreate": {"success": True, "comment": {"id": made["id"]}}}}
        name = "comment" if "comment(" in query else "issue"
        held = self.said if name == "comment" else self.linear
        found = [each for key, each in held.items() if given["id"] in (key, each.get("identifier"))]
        if not found:
            return {"errors": [{"message": "Entity not found: Issue", "extensions": {"code": "INPUT_ERROR"}}]}
        return {"data": {name: found[0]}}


@contextmanager
def serve() -> Iterator[Trackers]:
    trackers = Trackers()

    class Handler(Answering):
        def take(self, method: str) -> None:
            body = json.loads(self.body() or b"{}")
            trackers.asked.append(f"{method} {self.path}")
            if self.headers["Authorization"] not in (f"Bearer {TOKEN}", "lin_api_good"):
                return self.say(401, {"message": "Bad credentials"})
            writes = method == "POST" and "mutation" in body.get("query", "mutation")
            failure = trackers.failures.pop(0) if writes and trackers.failures else None
            status, data = (0, None) if failure and not failure.is_done else trackers.answer(method, self.path, body)
            if failure is not None:
                return self.fail(failure, {"message": "as it was told to"})
            return self.say(status, data)

    with served(Handler) as trackers.url:
        yield trackers
