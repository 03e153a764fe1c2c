"""What a change would do and how it would be told, shown before anybody hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback import access, loop
from feedback.changes.answering import answered
from feedback.changes.deciding import check_said, check_text, in_full, words_of
from feedback.changes.sending import AS_USUAL, Telling, announcement_channel
from models import Idea, Member


@dataclass(frozen=True)
class Preview:
    """Which ideas a change would answer, and who would hear of it."""

    ideas: list[Idea]
    people: list[loop.Planned]
    """Everybody who could hear of it, in the order in which they would be told."""
    words: str


def preview(
    tx: Session,
    *,
    by: Member,
    kind: str = "shipped",
    summary: str,
    reason: str | None = None,
    url: str = "",
    idea_ids: Sequence[int] = (),
    theme_ids: Sequence[int] = (),
    telling: Telling = AS_USUAL,
    now: datetime,
) -> Preview:
    """What `tell` would do with the same facts, refused where it would be refused. Writes nothing."""
    access.check_decide(by)
    check_said(kind, summary=summary, reason=reason)
    check_text(summary.strip(), url.strip())
    words = words_of(tx, by, kind, telling)
    if telling.announces:
        announcement_channel(tx, workspace_id=by.workspace_id)
    which: dict[str, Any] = {"idea_ids": idea_ids, "theme_ids": theme_ids}
    found, people = who_hears(tx, by=by, kind=kind, **which, telling=telling, now=now)
    return Preview(found, people, words)


def who_hears(
    tx: Session,
    *,
    by: Member,
    kind: str,
    idea_ids: Sequence[int] = (),
    theme_ids: Sequence[int] = (),
    telling: Telling = AS_USUAL,
    now: datetime,
) -> tuple[list[Idea], list[loop.Planned]]:
    """What it would answer, and everybody who could hear of it, before there are words for it."""
    access.check_decide(by)
    found = answered(tx, by=by, kind=kind, idea_ids=idea_ids, theme_ids=theme_ids)
    people = loop.plan(
        tx,
        workspace_id=by.workspace_id,
        answered=found,
        made_by_id=by.id,
        kind=kind,
        is_minor=telling.is_minor,
        tell_at=telling.tell_at or now,
    )
    return found, people


def rehearse(
    tx: Session,
    *,
    by: Member,
    kind: str = "shipped",
    summary: str,
    reason: str | None = None,
    url: str = "",
    idea_ids: Sequence[int] = (),
    theme_ids: Sequence[int] = (),
    telling: Telling = AS_USUAL,
    nonce: str,
    now: datetime,
) -> bool:
    """Sends whoever asks for it what the first of those people would read. False where they have it already."""
    which: dict[str, Any] = {"idea_ids": idea_ids, "theme_ids": theme_ids}
    said: dict[str, Any] = {"kind": kind, "summary": summary, "reason": reason, "url": url}
    shown = preview(tx, by=by, **said, **which, telling=telling, now=now)
    idea = shown.people[0].hearer.idea if shown.people else shown.ideas[0]
    told = {"kind": kind, "summary": in_full(summary, reason), "url": url.strip(), "words": shown.words}
    return loop.rehearse(tx, by=by, idea=idea, **told, nonce=nonce, now=now)
