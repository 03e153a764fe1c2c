"""Reading a CHANGELOG.md as people keep one by hand (Keep a Changelog) and as tools write it (release-please)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from feedback.errors import Refused

LONGEST_CHANGELOG = 300_000
"""Characters; about as much as ten years of one product."""
LONGEST_ENTRY = 2_000
LONGEST_HEADING = 300
FIELD = "text"

FENCE = re.compile(r"^ {0,3}(?:```|~~~)")
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
DEFINITION = re.compile(r"^ {0,3}\[([^\]]+)\]:\s*<?(\S+?)>?\s*$")
HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(\S.*)$")
ITEM = re.compile(r"^(\s*)(?:[-*+]|\d{1,3}[.)])\s+(.*)$")
# A number with dots, perhaps behind the product's name: 5.8.0, v1.1, app-v2.0.0-rc.1, @brand/app@1.2.3.
NUMBER = r"(?:[\w@./-]*[-@ ]v?|[vV])?\d+(?:\.\d+)+[\w.+-]*"
NAMED = re.compile(rf"^(?:\[({NUMBER}|unreleased)\](?:\((\S*?)\))?|({NUMBER}|unreleased)(?=\s|$))", re.IGNORECASE)
LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
YANKED = re.compile(r"\[?\byanked\b\]?", re.IGNORECASE)
AROUND = " \t-–—:()[],#"


@dataclass(frozen=True)
class Entry:
    section: str
    """Added, Features …; empty where there is none."""
    text: str
    """One line, in Markdown as it stands there."""

    @property
    def plain(self) -> str:
        """For reading: links by their labels."""
        return LINK.sub(r"\1", self.text).replace("**", "").replace("`", "")


@dataclass(frozen=True)
class Version:
    name: str
    on: date | None
    """None where the file does not say."""
    url: str
    """Of the comparison with the version before; empty where there is none."""
    is_yanked: bool
    entries: tuple[Entry, ...]

    @property
    def is_out(self) -> bool:
        """It was released, and not taken back."""
        return not self.is_yanked and self.name.casefold() != "unreleased"


def read(text: str) -> list[Version]:
    """In the order of the file, with what stands between the headings of two versions. Refused in words for whoever
    pasted it: what is too long, names no version, or has a date that is none."""
    if len(text) > LONGEST_CHANGELOG:
        raise Refused(f"Please paste at most {LONGEST_CHANGELOG:,} characters, the newest versions first.", FIELD)
    if not text.strip():
        raise Refused("Paste a changelog, or choose its file.", FIELD)
    lines = _blanked(text).split("\n")
    links = {found[1].casefold(): found[2] for line in lines if (found := DEFINITION.match(line))}
    starts = [number for number, line in enumerate(lines) if _version_in(line)]
    if not starts:
        raise Refused("No version was found. Each begins with a heading such as “## [1.2.0] - 2026-11-01”.", FIELD)
    ends = [*starts[1:], len(lines)]
    return [_version(lines[start:end], start + 1, links) for start, end in zip(starts, ends, strict=True)]


def _blanked(text: str) -> str:
    """Comments and code are no entries; their lines stay, so that a line keeps its number."""
    text = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text.replace("\r\n", "\n").replace("\r", "\n"))
    shown, is_code = list[str](), False
    for line in text.split("\n"):
        is_fence = bool(FENCE.match(line))
        shown.append("" if is_code or is_fence else line)
        is_code = is_code != is_fence
    return "\n".join(shown)


def _version_in(line: str) -> re.Match[str] | None:
    """Tools write major versions one level above minor ones."""
    heading = HEADING.match(line[:LONGEST_HEADING])
    return NAMED.match(heading[2]) if heading and len(heading[1]) <= 3 else None


def _version(lines: list[str], number: int, links: dict[str, str]) -> Version:
    heading, found = HEADING.match(lines[0][:LONGEST_HEADING]), _version_in(lines[0])
    assert heading
    assert found
    name = found[1] or found[3]
    rest = heading[2][found.end() :]
    url = found[2] or links.get(name.casefold(), "")
    return Version(
        name=name,
        on=_date(YANKED.sub(" ", rest), name, number),
        url=url if url.startswith(("https://", "http://")) else "",
        is_yanked=bool(YANKED.search(rest)),
        entries=tuple(dict.fromkeys(_entries(lines[1:]))),
    )


def _date(rest: str, name: str, number: int) -> date | None:
    """What stands behind a version: a date, or (without a digit) what they call it."""
    said = rest.strip(AROUND)
    if not any(sign.isdigit() for sign in said):
        return None
    try:
        return date.fromisoformat(said) if re.fullmatch(r"\d{4}-\d\d-\d\d", said, re.ASCII) else _no_date(said)
    except ValueError:
        say = f"Line {number}: “{said[:40]}”, behind {name[:40]}, is no date. Write it as 2026-11-01."
        raise Refused(say, FIELD) from None


def _no_date(said: str) -> date:
    raise ValueError(said)


def _entries(lines: list[str]) -> Iterator[Entry]:
    """Each item, with the lines that it goes on in; and what stands there as a paragraph."""
    section, open_ = "", ""
    for line in [*lines, ""]:
        heading, item = HEADING.match(line), ITEM.match(line)
        if heading or item or not line.strip() or DEFINITION.match(line):
            if open_:
                yield Entry(section, open_[:LONGEST_ENTRY])
            open_ = item[2].strip() if item else ""
            section = heading[2].rstrip("# \t")[:LONGEST_HEADING] if heading else section
        else:
            open_ = f"{open_} {line.strip()}".lstrip()
