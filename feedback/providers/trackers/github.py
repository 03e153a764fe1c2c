"""GitHub's REST API, at github.com or on a server of one's own. Source: docs.github.com/rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from feedback.providers import Impossible, NotDone, Unknown
from feedback.providers.trackers.calling import Made, Read, call, pause
from feedback.work.accounts import Account
from feedback.work.closing import closes, named
from feedback.work.facts import Fact

Json = dict[str, Any]
PAGE = 50
MOST_PAGES = 5
"""So far back something of ours is looked for: it was made minutes ago."""
CLOCKS_DIFFER = timedelta(minutes=2)
KEY = re.compile(r"(?P<repository>[^#%@]+)(?P<sign>[#%@])(?P<which>.+)")


class GitHub:
    def __init__(self, account: Account) -> None:
        self._account, self._url = account, account.api_url.rstrip("/")

    def check(self) -> str:
        if not self._account.place:
            self._get("/rate_limit")  # the one that any kind of token may ask
            return "GitHub"
        found = self._get(f"/repos/{self._account.place}")
        if found.get("has_issues") is False:
            raise Impossible("no_issues", "that repository takes no issues")
        return str(found["full_name"])

    def read(self, key: str) -> Fact:
        at = KEY.fullmatch(key)
        if at is None:
            raise Impossible("not_found", key)
        repository, which = at["repository"], at["which"]
        if at["sign"] == "%":
            return milestone_fact(repository, self._get(f"/repos/{repository}/milestones/{which}"))
        if at["sign"] == "@":
            return release_fact(repository, self._get(f"/repos/{repository}/releases/tags/{quote(which, safe='')}"))
        found = self._get(f"/repos/{repository}/issues/{which}")
        if "pull_request" in found:
            return pull_fact(repository, self._get(f"/repos/{repository}/pulls/{which}"))
        return issue_fact(repository, found)

    def create(self, *, place: str, title: str, body: str, mark: str) -> Made:
        sent = {"title": title, "body": _marked(body, mark)}
        found = self._ask("POST", f"/repos/{place}/issues", sent, wanted=201)
        return Made(str(found["id"]), issue_fact(place, found))

    def find_created(self, *, place: str, mark: str, since: datetime) -> Made | None:
        newest = {"state": "all", "sort": "created", "direction": "desc", "since": _text(since - CLOCKS_DIFFER)}
        for found in self._every(f"/repos/{place}/issues", newest):
            if _sign(mark) in str(found.get("body") or ""):
                return Made(str(found["id"]), issue_fact(place, found))
        return None

    def comment(self, *, key: str, body: str, mark: str) -> Made:
        found = self._ask("POST", f"{self._issue(key)}/comments", {"body": _marked(body, mark)}, wanted=201)
        return Made(str(found["id"]))

    def find_comment(self, *, key: str, mark: str, since: datetime) -> Made | None:
        for found in self._every(f"{self._issue(key)}/comments", {"since": _text(since - CLOCKS_DIFFER)}):
            if _sign(mark) in str(found.get("body") or ""):
                return Made(str(found["id"]))
        return None

    def closed_issues(self, repository: str, *, since: datetime, page: int) -> Read:
        """Those that something happened to since then, the longest ago first. Whoever goes on from `last_at` of a page
        passes nothing over: what is changed meanwhile comes to the end, and moves what stands behind it."""
        asked = {"state": "closed", "sort": "updated", "direction": "asc", "since": _text(since)}
        found = self._page(f"/repos/{repository}/issues", asked, page)
        facts = tuple(issue_fact(repository, each) for each in found if "pull_request" not in each)
        return Read(facts, len(found) == PAGE, _time(found[-1]["updated_at"]) if found else since)

    def merged_pulls(self, repository: str, *, since: datetime, page: int) -> Read:
        """The newest first: GitHub takes no `since` here."""
        found = self._page(
            f"/repos/{repository}/pulls", {"state": "closed", "sort": "updated", "direction": "desc"}, page
        )
        news = [each for each in found if _time(each["updated_at"]) >= since]
        facts = [pull_fact(repository, each) for each in news if each.get("merged_at")]
        return Read(
            tuple(fact for fact in facts if fact.state == "done" and fact.at >= since),
            len(news) == PAGE,
            since,
        )

    def releases(self, repository: str, *, since: datetime, page: int) -> Read:
        found = self._page(f"/repos/{repository}/releases", {}, page)
        told = [each for each in found if not each["draft"] and not each["prerelease"] and each.get("published_at")]
        facts = [release_fact(repository, each) for each in told]
        return Read(
            tuple(fact for fact in facts if fact.at >= since),
            len(found) == PAGE and any(_time(each["created_at"]) >= since for each in found),
            since,
        )

    def _issue(self, key: str) -> str:
        at = KEY.fullmatch(key)
        if at is None or at["sign"] != "#":
            raise Impossible("not_found", "only issues and pull requests take comments")
        return f"/repos/{at['repository']}/issues/{at['which']}"

    def _every(self, path: str, asked: dict[str, str]) -> Iterator[Json]:
        for page in range(1, MOST_PAGES + 1):
            found = self._page(path, asked, page)
            yield from found
            if len(found) < PAGE:
                return

    def _page(self, path: str, asked: dict[str, str], page: int) -> list[Json]:
        found: list[Json] = self._get(f"{path}?{urlencode({**asked, 'per_page': PAGE, 'page': page})}")
        return found

    def _get(self, path: str) -> Any:
        return self._ask("GET", path, None, wanted=200)

    def _ask(self, method: str, path: str, body: Json | None, *, wanted: int) -> Any:
        headers = {
            "Authorization": f"Bearer {self._account.token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        answer = call(method, self._url + path, headers=headers, body=body)
        if answer.status == wanted:
            return answer.data
        why = str(answer.data.get("message", "")) if isinstance(answer.data, dict) else ""
        is_busy = "retry-after" in answer.headers or answer.headers.get("x-ratelimit-remaining") == "0"
        if answer.status == 429 or (answer.status == 403 and (is_busy or "rate limit" in why.lower())):
            raise NotDone("rate limited", pause(answer))
        if answer.status >= 500:
            raise Unknown(f"http_{answer.status}")
        raise Impossible(f"http_{answer.status}", why)


def issue_fact(repository: str, found: Json) -> Fact:
    is_closed = found["state"] == "closed"
    reason = str(found.get("state_reason") or "")
    is_assigned = bool(found.get("assignees") or found.get("assignee"))
    ended = "not_planned" if reason in ("not_planned", "duplicate") else "done"
    state = ended if is_closed else "started" if is_assigned else "open"
    milestone = found.get("milestone") or {}
    return Fact(
        source="github",
        kind="issue",
        key=f"{repository}#{found['number']}".lower(),
        state=state,
        at=_time(found.get("closed_at") if is_closed else found["updated_at"]),
        ref=str(found.get("node_id") or ""),
        title=str(found["title"]),
        text=str(found.get("body") or ""),
        url=str(found["html_url"]),
        part_of=f"{repository}%{milestone['number']}".lower() if milestone else None,
    )


def pull_fact(repository: str, found: Json) -> Fact:
    """Done when it is merged into the branch that the repository is known by; merged elsewhere, it is on its way."""
    base = found["base"]
    is_merged = bool(found.get("merged_at"))
    is_default = base["ref"] == base["repo"]["default_branch"]
    is_given_up = found["state"] == "closed" and not is_merged
    state = "done" if is_merged and is_default else "not_planned" if is_given_up else "started"
    milestone, text = found.get("milestone") or {}, str(found.get("body") or "")
    said = f"{found['title']}\n\n{text}"
    return Fact(
        source="github",
        kind="pull_request",
        key=f"{repository}#{found['number']}".lower(),
        state=state,
        at=_time(found.get("merged_at") or found.get("closed_at") or found["updated_at"]),
        ref=str(found.get("node_id") or ""),
        title=str(found["title"]),
        text=text,
        url=str(found["html_url"]),
        part_of=f"{repository}%{milestone['number']}".lower() if milestone else None,
        closes=closes(said, dialect="github", repository=repository) if is_default else (),
    )


def milestone_fact(repository: str, found: Json) -> Fact:
    is_closed = found["state"] == "closed"
    return Fact(
        source="github",
        kind="milestone",
        key=f"{repository}%{found['number']}".lower(),
        state="done" if is_closed else "open",
        at=_time(found.get("closed_at") if is_closed else found["updated_at"]),
        ref=str(found.get("node_id") or ""),
        title=str(found["title"]),
        text=str(found.get("description") or ""),
        url=str(found["html_url"]),
    )


def release_fact(repository: str, found: Json) -> Fact:
    text = str(found.get("body") or "")
    is_out = not found["draft"] and not found["prerelease"]
    return Fact(
        source="github",
        kind="release",
        key=f"{repository}@{found['tag_name']}".lower(),
        state="done" if is_out else "started",
        at=_time(found.get("published_at") or found["created_at"]),
        ref=str(found.get("node_id") or ""),
        title=str(found.get("name") or found["tag_name"]),
        text=text,
        url=str(found["html_url"]),
        closes=named(text, repository=repository),
    )


def _sign(mark: str) -> str:
    return f"<!-- roundtrip:{mark} -->"


def _marked(body: str, mark: str) -> str:
    """GitHub has no key by which a repeat is the same call, so what we write carries one that readers do not see."""
    return f"{body}\n\n{_sign(mark)}"


def _time(text: str | None) -> datetime:
    return datetime.fromisoformat(str(text)).astimezone(UTC)


def _text(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
