"""What the team does in response: something shipped, was decided, or is asked. All of it is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit, ideas, loop, once, promises
from feedback.changes.answering import ANSWERABLE, answered
from feedback.changes.commenting import comment_soon
from feedback.changes.reasons import REASONS
from feedback.changes.sending import AS_USUAL, Telling, announcement_channel
from feedback.errors import Refused
from models import Change, ChangeIdea, Idea, Member

LONGEST_SUMMARY = 1000
LONGEST_URL = 1000

MISSING = {
    "shipped": "Say in a sentence what changed. People will read it.",
    "declined": "Say why in a sentence. People will read it.",
    "asked": "Write the question. People will read it.",
}
"""What is said where the words are missing."""


def ship(
    tx: Session,
    *,
    by: Member,
    summary: str,
    url: str = "",
    idea_ids: Sequence[int] = (),
    theme_ids: Sequence[int] = (),
    telling: Telling = AS_USUAL,
    now: datetime,
) -> Change:
    """Something changed for these ideas and for everything in these themes; whoever asked is told."""
    which: dict[str, Any] = {"idea_ids": idea_ids, "theme_ids": theme_ids}
    return tell(tx, by=by, kind="shipped", summary=summary, url=url, **which, telling=telling, now=now)


def tell(
    tx: Session,
    *,
    by: Member,
    kind: str,
    summary: str,
    reason: str | None = None,
    url: str = "",
    idea_ids: Sequence[int] = (),
    theme_ids: Sequence[int] = (),
    telling: Telling = AS_USUAL,
    now: datetime,
) -> Change:
    """Whichever of the four it is, with everything that can be said about how it is told."""
    check_said(kind, summary=summary, reason=reason)
    access.check_decide(by)
    summary, url = summary.strip(), url.strip()
    check_text(summary, url)
    words = words_of(tx, by, kind, telling)
    channel_id = announcement_channel(tx, workspace_id=by.workspace_id) if telling.announces else None
    ideas.take_turn(tx, workspace_id=by.workspace_id)
    found = answered(tx, by=by, kind=kind, idea_ids=idea_ids, theme_ids=theme_ids)
    change = Change(
        workspace_id=by.workspace_id,
        kind=kind,
        summary=summary,
        url=url,
        reason=reason if kind == "declined" else None,
        words=words,
        is_minor=telling.is_minor,
        tell_at=telling.tell_at,
        made_by_id=by.id,
        made_at=now,
    )
    tx.add(change)
    tx.flush()  # the rows below speak of its id
    rows = [{"change_id": change.id, "idea_id": idea.id} for idea in found]
    once.insert_all(tx, ChangeIdea, rows, returning=("id",))
    if kind != "asked":
        ideas.set_states(tx, ideas=found, state=kind, act=kind, by=by, now=now, why=summary)
    audit.record(
        tx,
        workspace_id=by.workspace_id,
        by=by,
        act=kind,
        subject="change",
        subject_id=change.id,
        now=now,
        idea_ids=[idea.id for idea in found],
        theme_ids=sorted(set(theme_ids)),
    )
    promises.follow_change(tx, change=change, now=now)
    if channel_id is not None:
        loop.announce(tx, change=change, channel_id=channel_id, now=now)
    loop.open_notices(tx, change=change, answered=found, now=now)
    if kind != "asked":  # a question decides nothing about the work
        comment_soon(tx, change=change, answered=found, theme_ids=theme_ids, now=now)
    return change


def check_said(kind: str, *, summary: str, reason: str | None = None) -> None:
    """Each kind needs its words: only that something is planned says enough by itself."""
    if kind not in ANSWERABLE:
        raise Refused("Choose one of the four: shipped, planned, declined or a question.")
    if kind == "declined" and reason not in REASONS:
        raise Refused("Choose the reason that comes closest. People will read it.", "reason")
    if kind in MISSING and not summary.strip():
        raise Refused(MISSING[kind], "summary")


def in_full(summary: str, reason: str | None) -> str:
    """What is told of it: of a decline the class of its reason first."""
    return f"{REASONS[reason]}. {summary.strip()}" if reason in REASONS else summary.strip()


def plan(
    tx: Session,
    *,
    by: Member,
    summary: str = "",
    idea_ids: Sequence[int] = (),
    theme_ids: Sequence[int] = (),
    now: datetime,
) -> Change:
    """It is going to be done. The words are optional: that it is planned says enough."""
    return tell(tx, by=by, kind="planned", summary=summary, idea_ids=idea_ids, theme_ids=theme_ids, now=now)


def decline(
    tx: Session,
    *,
    by: Member,
    reason: str,
    summary: str,
    idea_ids: Sequence[int] = (),
    theme_ids: Sequence[int] = (),
    now: datetime,
) -> Change:
    """It is not going to be done: the class of the reason (one of REASONS) and a sentence, which are both told."""
    which: dict[str, Any] = {"idea_ids": idea_ids, "theme_ids": theme_ids}
    return tell(tx, by=by, kind="declined", summary=summary, reason=reason, **which, now=now)


def ask(
    tx: Session,
    *,
    by: Member,
    summary: str,
    idea_ids: Sequence[int] = (),
    theme_ids: Sequence[int] = (),
    now: datetime,
) -> Change:
    """The team needs to know more, and `summary` is the question to everybody behind it. The ideas stay as they are."""
    return tell(tx, by=by, kind="asked", summary=summary, idea_ids=idea_ids, theme_ids=theme_ids, now=now)


def words_of(tx: Session, by: Member, kind: str, telling: Telling) -> str:
    """As they were edited for this once; else the workspace's own."""
    edited = loop.words.check(telling.words, "words")
    return edited or loop.words.of_workspace(tx, workspace_id=by.workspace_id)[kind]


def check_text(summary: str, url: str) -> None:
    if len(summary) > LONGEST_SUMMARY:
        raise Refused(f"Please keep it under {LONGEST_SUMMARY} characters.", "summary")
    if url and not _is_link(url):
        raise Refused("A link begins with https:// or http://. There are no spaces in it.", "url")


def _is_link(url: str) -> bool:
    """Of the characters, those that would end the link in Slack are refused."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_one = not any(sign.isspace() or sign in "<>|" for sign in url)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and is_one and len(url) <= LONGEST_URL


def reopen(tx: Session, *, by: Member, idea_id: int, now: datetime) -> Idea:
    """Takes a plan or a decline back: the idea waits for somebody again, with what was merged into it and stands as it
    does. Nobody is told; what was told was told."""
    access.check_decide(by)
    ideas.take_turn(tx, workspace_id=by.workspace_id)
    kept = tx.scalars(
        select(Idea)
        .where(Idea.workspace_id == by.workspace_id, ideas.kept_in([idea_id]))
        .order_by(Idea.id)
        .with_for_update()
    ).all()
    idea = access.access_idea(tx, member=by, idea_id=idea_id)
    if idea.state not in ("planned", "declined"):
        raise Refused("Only what is planned or declined can go back to the inbox.")
    if ideas.went_into(tx, idea_ids=[idea.id]):
        raise Refused("It was merged into another idea. Decide about that one.")
    for each in [each for each in kept if each.state == idea.state]:
        ideas.set_state(tx, idea=each, state="new", act="sent back to the inbox", by=by, now=now)
    return idea
