"""A changelog becomes changes that wait for a person: each version once, and of an edited one only what is new."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, once
from feedback.changes import changelog
from feedback.changes.changelog import Entry, Version
from feedback.changes.comparing import record
from feedback.changes.proposed import propose
from feedback.database import in_pieces
from feedback.errors import Refused
from models import Member, ProposedChange, WorkItem, WorkLink

REPOSITORY = re.compile(
    r"https?://[^/\s]+/((?:[\w.-]+/)+?[\w.-]+)/(-/)?(?:compare|commits?|issues|pull|merge_requests|releases)\b"
)
ISSUE = re.compile(
    r"https?://[^/\s]+/((?:[\w.-]+/)+?[\w.-]+)/(?:-/)?(issues|pull|merge_requests)/(\d+)|"
    r"(?<![\w./&-])((?:[\w.-]+/)*[\w.-]+)?([#!])(\d+)\b|\b([A-Z][A-Z0-9]+-\d+)\b"
)


@dataclass(frozen=True)
class Found:
    """A version of the file, beside what was taken from it before."""

    version: Version
    new: tuple[Entry, ...]
    """Its entries that were not taken yet."""
    is_to_come: bool
    """Its date is yet to come."""

    @property
    def key(self) -> str:
        """Names the version and the words, so that what is ticked is what was read."""
        return f"changelog:{self.version.name}:{_hash(_text(self.new))}"

    @property
    def may_be_taken(self) -> bool:
        return bool(self.new) and self.version.is_out and not self.is_to_come


def look_through(tx: Session, *, by: Member, text: str, now: datetime) -> list[Found]:
    """What a changelog holds, and what of it is new here. Writes nothing."""
    access.check_decide(by)
    versions = changelog.read(text)
    known = _known(tx, by.workspace_id, {version.name for version in versions})
    today = now.date()
    return [
        Found(
            version=version,
            new=tuple(entry for entry in version.entries if _line(entry) not in known.get(version.name, ())),
            is_to_come=version.on is not None and version.on > today,
        )
        for version in versions
    ]


def take_in(tx: Session, *, by: Member, text: str, keys: Collection[str], now: datetime) -> int:
    """Proposes these versions of it, by the keys of what was found. Returns how many; what was taken before is no news.
    What a linked piece of work is for is linked here, too."""
    once.take_turn(tx, f"changelog:{by.workspace_id}")
    found = look_through(tx, by=by, text=text, now=now)
    if not keys:
        raise Refused("Tick the versions that people may have been waiting for.", "versions")
    repository = _repository(found)
    taken = 0
    for each in [each for each in found if each.key in keys and each.may_be_taken]:
        idea_ids, theme_ids = _linked(tx, by.workspace_id, set(_references(each, repository)))
        on = each.version.on
        proposed_id = propose(
            tx,
            workspace_id=by.workspace_id,
            key=each.key,
            kind="shipped",
            title=each.version.name,
            text=_text(each.new),
            url=each.version.url,
            idea_ids=idea_ids,
            theme_ids=theme_ids,
            happened_at=datetime.combine(on, time(), UTC) if on else now,
            now=now,
        )
        if proposed_id is not None:
            record(tx, proposed=tx.get_one(ProposedChange, proposed_id), by=by, act="imported", now=now)
            taken += 1
    return taken


def _known(tx: Session, workspace_id: int, names: Collection[str]) -> dict[str, set[str]]:
    """The entries that were taken before, as lines, by the names of their versions."""
    rows = tx.execute(
        select(ProposedChange.title, ProposedChange.text).where(
            ProposedChange.workspace_id == workspace_id, ProposedChange.key.startswith("changelog:")
        )
    )
    known: dict[str, set[str]] = {}
    for title, text in rows:
        if title in names:
            known.setdefault(title, set()).update(text.split("\n"))
    return known


def _text(entries: Sequence[Entry]) -> str:
    """As a changelog of its own."""
    lines, section = list[str](), ""
    for entry in entries:
        if entry.section != section:
            lines.append(f"### {entry.section}")
            section = entry.section
        lines.append(_line(entry))
    return "\n".join(lines)


def _line(entry: Entry) -> str:
    return f"- {entry.text}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _repository(found: Sequence[Found]) -> str:
    """Of which the file speaks: as its links say; empty where there are none."""
    texts = [each.version.url for each in found]
    texts += [entry.text for each in found for entry in each.version.entries]
    return next((link[1] for text in texts if (link := REPOSITORY.search(text))), "")


def _references(found: Found, repository: str) -> Iterator[str]:
    """The keys of the work that its new entries name, as models.WorkItem has them. `repository`: whose numbers those
    without a name are."""
    for entry in found.new:
        for link in ISSUE.finditer(entry.text):
            path, what, number, name, sign, short, ticket = link.groups()
            if ticket:
                yield ticket.lower()
            elif number:
                yield f"{path}{'!' if what == 'merge_requests' else '#'}{number}".lower()
            elif name or repository:
                yield f"{name or repository}{sign}{short}".lower()


def _linked(tx: Session, workspace_id: int, keys: Collection[str]) -> tuple[set[int], set[int]]:
    """The ideas and themes that this work is for."""
    idea_ids, theme_ids = set[int](), set[int]()
    for some in in_pieces(sorted(keys)):
        rows = tx.execute(
            select(WorkLink.idea_id, WorkLink.theme_id)
            .join(WorkItem, WorkItem.id == WorkLink.work_item_id)
            .where(
                WorkItem.workspace_id == workspace_id,
                WorkItem.key.in_(some),
                WorkLink.ended_at.is_(None),
            )
        )
        for idea_id, theme_id in rows:
            if idea_id is not None:
                idea_ids.add(idea_id)
            if theme_id is not None:
                theme_ids.add(theme_id)
    return idea_ids, theme_ids
