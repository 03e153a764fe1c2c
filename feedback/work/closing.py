"""Which work a text says that it finishes, or names: closing words of a pull request, the notes of a release."""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST_TEXT = 70_000
"""GitHub's longest description has 65,536 characters. Strangers write these texts, and somebody waits."""

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1|\Z)", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"(?<!`)(`{1,9}+)[^`].*?(?<!`)\1(?!`)", re.DOTALL)

SEGMENT = r"[\w.-]++"
PATH = rf"(?<![\w./-]){SEGMENT}(?:/{SEGMENT})*+"
"""A repository: a whole run of such signs, so that a long one is read once and not from each of its letters."""
HOST = r"https?://[^\s/]{1,255}"
DEEPEST = 20
"""GitLab's groups can stand in each other."""
LINK_PATH = rf"{SEGMENT}(?:/{SEGMENT}){{1,{DEEPEST}}}"
LINK = rf"{HOST}/(?P<link_path>{LINK_PATH})/(?:issues|pull|merge_requests|work_items)/(?P<link_number>\d+)\b"
SHORT = rf"(?:(?P<path>{PATH})|(?<![\w&/-]))(?P<sign>#|!|\bGH-)(?P<number>\d+)\b"
GITHUB_REF = rf"(?:{LINK}|{SHORT})"
"""What stands before the sign is a repository, or nothing that belongs to a word."""
REFERENCE = re.compile(GITHUB_REF)

GITHUB = re.compile(
    rf"(?<![\w-])(?:close[sd]?|fix(?:es|ed)?|resolve[sd]?):?[ \t]+{GITHUB_REF}",
    re.IGNORECASE,
)
"""Nine keywords, and each issue has its own: of "Resolves #10, #123" only the first is closed."""

GITLAB_REF = rf"(?:issues? +)?(?:{HOST}/{LINK_PATH}/(?:issues|work_items)/\d+\b|(?:{PATH})?#\d+\b)"
GITLAB = re.compile(
    r"\b(?:[Cc]los(?:e[sd]?|ing)|[Ff]ix(?:e[sd]|ing)?|[Rr]esolv(?:e[sd]?|ing)|[Ii]mplement(?:s|ed|ing)?):? +"
    rf"((?:{GITLAB_REF}(?: *,? +and +| *, *| +)?)+)"
)
"""Lists are closed as a whole: "fixes #18, #19 and #20"."""


def closes(text: str, *, dialect: str, repository: str) -> tuple[str, ...]:
    """The keys of what this text closes, in the order in which it says so. `dialect`: github or gitlab. `repository`:
    what a bare number is of."""
    plain = _without_code(text)
    if dialect == "gitlab":
        return _keys((ref for listed in GITLAB.finditer(plain) for ref in REFERENCE.finditer(listed[1])), repository)
    return _keys(GITHUB.finditer(plain), repository)


def named(text: str, *, repository: str) -> tuple[str, ...]:
    """The keys of everything that this text names, with closing words or without."""
    return _keys(REFERENCE.finditer(_without_code(text)), repository)


def _without_code(text: str) -> str:
    """What is shown as code, or not shown at all, closes nothing."""
    plain = text[:LONGEST_TEXT].replace("\r\n", "\n")
    for hidden in (COMMENT, FENCE, SPAN):
        plain = hidden.sub(" ", plain)
    return plain


def _keys(found: Iterator[re.Match[str]], repository: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for ref in found if (key := _key(ref, repository.lower()))))


def _key(ref: re.Match[str], repository: str) -> str:
    """As models.WorkItem has it; empty where the number cannot be one."""
    number = (ref["link_number"] or ref["number"]).lstrip("0")
    if not number or len(number) > 12 or not number.isascii():
        return ""
    if ref["link_path"]:
        sign = "!" if "/merge_requests/" in ref[0] else "#"
        return f"{ref['link_path'].lower().removesuffix('/-')}{sign}{number}"
    sign = "!" if ref["sign"] == "!" else "#"
    return f"{_path(ref['path'], repository)}{sign}{number}"


def _path(said: str | None, repository: str) -> str:
    """Beside a repository of the same owner its bare name is enough."""
    if not said:
        return repository
    return said.lower() if "/" in said else f"{repository.rpartition('/')[0]}/{said.lower()}"
