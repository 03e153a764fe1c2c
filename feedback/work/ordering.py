"""An issue that is to be made of an idea or a theme: how it would read, and what became of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, ideas, outbox, themes
from feedback.blocks import shorten
from feedback.errors import Refused
from feedback.work.accounts import API_URLS, checked_place, find_account
from feedback.work.facts import Fact
from feedback.work.linking import add_link
from feedback.work.taking import hear
from feedback.work.unnaming import in_markdown, without_names
from models import Idea, Member, Theme, WorkItem, WorkOrder, Workspace

LONGEST_TITLE = 200
LONGEST_BODY = 20_000
MOST_QUOTES = 5
QUOTE_CHARACTERS = 400


@dataclass(frozen=True)
class Draft:
    title: str
    body: str


def draft(tx: Session, *, subject: Idea | Theme, names: bool, hub_url: str) -> Draft:
    """Quotes, counts and a link back. `names`: with who said what; else without anybody's, also in what was said."""
    if isinstance(subject, Idea):
        said, name = (
            [subject, *(merge.idea for merge in ideas.merged_into(tx, idea_ids=[subject.id]).get(subject.id, []))],
            "",
        )
        back = f"{hub_url}/ideas/{subject.id}"
    else:
        said, name = themes.shown_in(tx, theme_id=subject.id), subject.name
        back = f"{hub_url}/themes/{subject.id}"
    votes = ideas.vote_counts(tx, idea_ids=[idea.id for idea in said])
    said = sorted(
        (idea for idea in said if idea.text and idea.state != "withdrawn"), key=lambda idea: (-votes[idea.id], idea.id)
    )
    shown = said[:MOST_QUOTES]
    texts = [idea.text for idea in shown] + [name]
    if not names:
        texts = without_names(tx, workspace_id=subject.workspace_id, texts=texts)
    title = shorten(texts[-1] or (texts[0] if shown else ""), 80)
    lines = [_how_many(tx, subject), ""]
    for idea, text in zip(shown, texts, strict=False):
        who = f" ({in_markdown(idea.author.name)})" if names else ""
        lines += [f"> {in_markdown(shorten(text, QUOTE_CHARACTERS))}{who}", ""]
    if len(said) > len(shown):
        lines += [f"And {len(said) - len(shown)} more.", ""]
    return Draft(title, "\n".join([*lines, f"All of it: {back}"]))


def _how_many(tx: Session, subject: Idea | Theme) -> str:
    which = ideas.kept_in([subject.id]) if isinstance(subject, Idea) else (Idea.theme_id == subject.id)
    behind = ideas.people(Idea.workspace_id == subject.workspace_id, which).subquery()
    people = len(set(tx.scalars(select(behind.c.member_id))))
    return f"{people} {'person' if people == 1 else 'people'} in our customer community asked for this:"


def order(
    tx: Session,
    *,
    by: Member,
    source: str,
    place: str,
    title: str,
    body: str,
    idea_id: int | None = None,
    theme_id: int | None = None,
    now: datetime,
) -> WorkOrder:
    """One of the two ids. It is made by a job, and then linked in the name of whoever ordered it."""
    access.check_decide(by)
    if source not in API_URLS or find_account(tx, workspace_id=by.workspace_id, source=source) is None:
        raise Refused("There is no account for that. A manager adds one in Settings, Trackers.", "source")
    place, title, body = checked_place(source, place, is_needed=True), " ".join(title.split()), body.strip()
    if not title:
        raise Refused("Give it a title.", "title")
    if len(title) > LONGEST_TITLE:
        raise Refused(f"Please keep it under {LONGEST_TITLE} characters.", "title")
    if len(body) > LONGEST_BODY:
        raise Refused(f"Please keep it under {LONGEST_BODY:,} characters.", "body")
    if idea_id is not None:
        access.access_idea(tx, member=by, idea_id=idea_id)
    else:
        access.access_themes(tx, member=by, theme_ids=[theme_id or 0])
    row = WorkOrder(
        workspace_id=by.workspace_id,
        source=source,
        place=place,
        title=title,
        body=body,
        idea_id=idea_id,
        theme_id=theme_id,
        ordered_by_id=by.id,
        ordered_at=now,
    )
    tx.add(row)
    tx.flush()  # the row below speaks of its id
    outbox.owe(
        tx, workspace_id=by.workspace_id, kind="work.create", key=f"work.create:{row.id}", now=now, order_id=row.id
    )
    return row


def to_make(tx: Session, *, order_id: int) -> WorkOrder | None:
    """None where it was made."""
    row = tx.get_one(WorkOrder, order_id)
    return row if row.made_at is None else None


def made(tx: Session, *, order_id: int, fact: Fact, now: datetime) -> None:
    """It is there, and linked. A second time is no news; that it was thought to be refused is overtaken by it."""
    row = tx.get_one(WorkOrder, order_id, with_for_update=True)
    if row.made_at is not None:
        return
    hear(tx, workspace=tx.get_one(Workspace, row.workspace_id), facts=[fact], now=now)
    item = tx.scalars(
        select(WorkItem).where(
            WorkItem.workspace_id == row.workspace_id, WorkItem.source == fact.source, WorkItem.key == fact.key
        )
    ).one()
    row.made_at, row.work_item_id, row.error = now, item.id, ""
    subject = tx.get_one(Idea, row.idea_id) if row.idea_id else tx.get_one(Theme, row.theme_id)
    add_link(tx, item=item, subject=subject, by=row.ordered_by, now=now)


def not_made(tx: Session, *, order_id: int, error: str) -> None:
    """The tracker refused it. A manager may have it tried again."""
    row = tx.get_one(WorkOrder, order_id, with_for_update=True)
    if row.made_at is None:
        row.error = error


def mark_of(tx: Session, *, workspace_id: int, key: str) -> str:
    """By which what we write in a tracker is found again: derived from what it is for, and told from what another
    installation writes in the same place."""
    workspace = tx.get_one(Workspace, workspace_id)
    return hashlib.sha256(f"{workspace.team_id}|{key}".encode()).hexdigest()[:32]
