"""Linear's GraphQL API. Source: linear.app/developers, and the schema that @linear/sdk ships."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from feedback.providers import Impossible, NotDone, Unknown
from feedback.providers.trackers.calling import PAUSE_SECONDS, Made, call, pause
from feedback.work.accounts import Account
from feedback.work.facts import Fact

Json = dict[str, Any]
ISSUE = "id identifier title description url createdAt startedAt completedAt canceledAt state { name type }"
STATES = {"started": "started", "completed": "done", "canceled": "not_planned", "duplicate": "not_planned"}
"""By the type of a state, which teams name as they like; every other type is open."""
OWN_KEY = "lin_api_"
NOT_FOUND = "Entity not found"


class Linear:
    def __init__(self, account: Account) -> None:
        self._account = account

    def check(self) -> str:
        if not self._account.place:
            return str(self._ask("query { viewer { name } }")["viewer"]["name"])
        return str(self._team(self._account.place)["name"])

    def read(self, key: str) -> Fact:
        return _fact(self._ask(f"query($id: String!) {{ issue(id: $id) {{ {ISSUE} }} }}", id=key.upper())["issue"])

    def create(self, *, place: str, title: str, body: str, mark: str) -> Made:
        team = self._team(place)
        asked = {"id": _id(mark), "teamId": team["id"], "title": title, "description": body}
        said = self._ask(
            "mutation($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { " + ISSUE + " } } }",
            input=asked,
        )["issueCreate"]
        if not said["success"]:
            raise Impossible("not_made", "Linear did not make the issue")
        return Made(said["issue"]["id"], _fact(said["issue"]))

    def find_created(self, *, place: str, mark: str, since: datetime) -> Made | None:
        """Under the id that we chose for it."""
        found = self._find(f"query($id: String!) {{ issue(id: $id) {{ {ISSUE} }} }}", "issue", mark)
        return Made(found["id"], _fact(found)) if found else None

    def comment(self, *, key: str, body: str, mark: str) -> Made:
        issue = self._ask("query($id: String!) { issue(id: $id) { id } }", id=key.upper())["issue"]
        asked = {"id": _id(mark), "issueId": issue["id"], "body": body}
        said = self._ask(
            "mutation($input: CommentCreateInput!) { commentCreate(input: $input) { success comment { id } } }",
            input=asked,
        )["commentCreate"]
        if not said["success"]:
            raise Impossible("not_made", "Linear did not take the comment")
        return Made(said["comment"]["id"])

    def find_comment(self, *, key: str, mark: str, since: datetime) -> Made | None:
        found = self._find("query($id: String!) { comment(id: $id) { id } }", "comment", mark)
        return Made(found["id"]) if found else None

    def _team(self, key: str) -> Json:
        asked = "query($key: String!) { teams(filter: { key: { eq: $key } }) { nodes { id key name } } }"
        teams: list[Json] = self._ask(asked, key=key.upper())["teams"]["nodes"]
        if not teams:
            raise Impossible("http_404", f"there is no team {key.upper()}")
        return teams[0]

    def _find(self, query: str, name: str, mark: str) -> Json | None:
        """None where there is none: Linear calls that an error."""
        try:
            found: Json | None = self._ask(query, id=_id(mark))[name]
        except Impossible as error:
            if NOT_FOUND.lower() in str(error).lower():
                return None
            raise
        return found

    def _ask(self, query: str, **variables: Any) -> Json:
        token = self._account.token
        headers = {"Authorization": token if token.startswith(OWN_KEY) else f"Bearer {token}"}
        answer = call("POST", self._account.api_url, headers=headers, body={"query": query, "variables": variables})
        errors = answer.data.get("errors") or [] if isinstance(answer.data, dict) else []
        code = str(((errors or [{}])[0].get("extensions") or {}).get("code", "")).upper()
        why = "; ".join(str(error.get("message", "")) for error in errors)
        if answer.status == 429 or code == "RATELIMITED":
            raise NotDone("rate limited", pause(answer) if answer.headers.get("retry-after") else PAUSE_SECONDS)
        if answer.status >= 500 or code == "INTERNAL_SERVER_ERROR":
            raise Unknown(f"http_{answer.status} {why}".strip())
        if answer.status == 401 or code in ("AUTHENTICATION_ERROR", "UNAUTHENTICATED"):
            raise Impossible("http_401", why)
        if answer.status != 200 or errors:
            raise Impossible("http_403" if code == "FORBIDDEN" else f"http_{max(answer.status, 400)}", why)
        data: Json = answer.data["data"]
        return data


def _fact(found: Json) -> Fact:
    state = STATES.get(found["state"]["type"], "open")
    ended = {
        "done": found.get("completedAt"),
        "not_planned": found.get("canceledAt"),
        "started": found.get("startedAt"),
    }
    return Fact(
        source="linear",
        kind="issue",
        key=str(found["identifier"]).lower(),
        state=state,
        at=datetime.fromisoformat(ended.get(state) or found["createdAt"]).astimezone(UTC),
        status=str(found["state"]["name"]),
        ref=str(found["id"]),
        title=str(found["title"]),
        text=str(found.get("description") or ""),
        url=str(found["url"]),
    )


def _id(mark: str) -> str:
    """Linear takes an id of ours, if it looks like a random UUID; asked twice under one id, it makes one issue."""
    return str(uuid.UUID(hex=mark, version=4))
