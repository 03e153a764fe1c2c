"""What a person pastes from a browser, as the work that it stands for."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from feedback.errors import Refused

LONGEST_URL = 1000
PUBLIC_GITHUB = frozenset({"github.com", "www.github.com"})
REPOSITORY = r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}"
NUMBER = r"[1-9][0-9]{0,9}"
ISSUE_KEY = r"[A-Za-z][A-Za-z0-9_]{0,19}-[1-9][0-9]{0,9}"
AT_GITHUB = re.compile(rf"/({REPOSITORY})/(issues|pull|milestone|releases/tag)/([^/]{{1,200}})(?:/.*)?")
AT_GITLAB = re.compile(
    r"/([\w.-]+(?:/[\w.-]+)+)/-/(issues|work_items|merge_requests|milestones|releases)/([^/]{1,200})/?.*"
)
AT_LINEAR = re.compile(rf"/[^/]+/issue/({ISSUE_KEY})(?:/.*)?")
AT_JIRA = re.compile(rf"(?:/[^/]+)?/browse/({ISSUE_KEY})/?")
KINDS = {
    "issues": ("issue", "#"),
    "work_items": ("issue", "#"),
    "pull": ("pull_request", "#"),
    "merge_requests": ("pull_request", "!"),
    "milestone": ("milestone", "%"),
    "milestones": ("milestone", "%"),
    "releases": ("release", "@"),
    "releases/tag": ("release", "@"),
}
"""How trackers call things in an address: our kind, and the sign in its key."""
UNKNOWN = (
    "That is no issue, pull request, milestone or release at GitHub, GitLab, Linear or Jira. "
    "For a GitHub of your own, a manager names it in Settings, Trackers."
)


@dataclass(frozen=True)
class Address:
    source: str
    kind: str
    key: str
    """As models.WorkItem has it."""
    url: str
    """Without what a browser added."""


def parse(text: str, *, github_hosts: Collection[str]) -> Address:
    """`github_hosts`: where GitHub is, beside github.com. Refused below the field where it is no such address."""
    plain = text.strip()
    if not plain:
        raise Refused("Paste the address of an issue or a pull request.", "url")
    at = _split(plain)
    found = _at_github(at, github_hosts) or _at_gitlab(at) or _at_linear(at) or _at_jira(at)
    if found is None:
        raise Refused(UNKNOWN, "url")
    return found


def github_host(api_url: str) -> str:
    """Where people read what that API serves: api.github.com is github.com, and https://git.example/api/v3 is
    git.example."""
    return urlsplit(api_url).netloc.lower().removeprefix("api.")


def repository_of(key: str) -> str:
    """owner/repo of a key at GitHub."""
    return re.split(r"[#%@]", key, maxsplit=1)[0]


def _split(plain: str) -> SplitResult:
    wrong = Refused("An address begins with https:// and has no spaces in it.", "url")
    if len(plain) > LONGEST_URL or any(sign.isspace() or sign in '<>"|\\' for sign in plain):
        raise wrong
    try:
        at = urlsplit(plain)
        at.port  # noqa: B018 - asked for, because one that is no number is only noticed then
    except ValueError:
        raise wrong from None
    if at.scheme not in ("https", "http") or not at.hostname or at.username or at.password:
        raise wrong
    return at


def _at_github(at: SplitResult, hosts: Collection[str]) -> Address | None:
    found = AT_GITHUB.fullmatch(at.path)
    return (
        _in_repository("github", at, *found.groups())
        if found and at.netloc.lower() in {*PUBLIC_GITHUB, *hosts}
        else None
    )


def _at_gitlab(at: SplitResult) -> Address | None:
    found = AT_GITLAB.fullmatch(at.path)
    return _in_repository("gitlab", at, *found.groups()) if found else None


def _in_repository(source: str, at: SplitResult, repository: str, what: str, which: str) -> Address | None:
    kind, sign = KINDS[what]
    if kind != "release" and not re.fullmatch(NUMBER, which):
        return None
    between = "/-/" if source == "gitlab" else "/"
    url = f"{at.scheme}://{at.netloc}/{repository}{between}{what}/{which}"
    return Address(source, kind, f"{repository}{sign}{unquote(which)}".lower(), url)


def _at_linear(at: SplitResult) -> Address | None:
    found = AT_LINEAR.fullmatch(at.path)
    if found is None or at.netloc.lower() != "linear.app":
        return None
    return Address("linear", "issue", found[1].lower(), f"https://linear.app{at.path[: found.end(1)]}")


def _at_jira(at: SplitResult) -> Address | None:
    found = AT_JIRA.fullmatch(at.path)
    return (
        Address("jira", "issue", found[1].lower(), f"{at.scheme}://{at.netloc}{at.path.rstrip('/')}") if found else None
    )
