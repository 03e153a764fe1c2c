"""Somebody says that this work is for this idea or theme, and takes it back."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit, ideas, once, outbox
from feedback.errors import Refused
from feedback.work.accounts import API_URLS, find_account, github_hosts
from feedback.work.addresses import Address, parse
from feedback.work.completing import take_turn
from feedback.work.following import follow_link
from models import Idea, Member, Theme, WorkItem, WorkLink

UNHEARD = datetime(1970, 1, 1, tzinfo=UTC)
"""When work came to its state that no tracker has told of: whatever one tells is newer."""


def link(
    tx: Session, *, by: Member, url: str, idea_id: int | None = None, theme_id: int | None = None, now: datetime
) -> WorkItem:
    """One of the two ids. The same twice is no news. Where we have an account, the tracker is asked how it stands.

    Locks the work before the idea, as whoever hears of work does.
    """
    access.check_review(by)
    take_turn(tx, workspace_id=by.workspace_id)
    address = parse(url, github_hosts=github_hosts(tx, workspace_id=by.workspace_id))
    item = _item(tx, workspace_id=by.workspace_id, address=address, now=now)
    subject = _subject(tx, by=by, idea_id=idea_id, theme_id=theme_id)
    add_link(tx, item=item, subject=subject, by=by, now=now)
    if item.source in API_URLS and find_account(tx, workspace_id=by.workspace_id, source=item.source):
        outbox.owe_again(
            tx,
            workspace_id=by.workspace_id,
            kind="work.read",
            key=f"work.read:{item.id}",
            now=now,
            work_item_id=item.id,
        )
    return item


def add_link(tx: Session, *, item: WorkItem, subject: Idea | Theme, by: Member, now: datetime) -> None:
    """What is known of the work follows for it, too: it may be done already."""
    which = {"idea_id": subject.id} if isinstance(subject, Idea) else {"theme_id": subject.id}
    link_id = once.insert(tx, WorkLink, work_item_id=item.id, linked_by_id=by.id, linked_at=now, **which)
    if link_id is None:
        return
    _record(tx, subject=subject, act="linked", item=item, by=by, now=now)
    follow_link(tx, item=item, link=tx.get_one(WorkLink, link_id), now=now)


def unlink(tx: Session, *, by: Member, link_id: int, now: datetime) -> WorkLink:
    """What was told in the meantime was told. Twice is no news."""
    access.check_review(by)
    found = tx.scalars(
        select(WorkLink)
        .join(WorkItem, WorkItem.id == WorkLink.work_item_id)
        .where(WorkLink.id == link_id, WorkItem.workspace_id == by.workspace_id)
        .with_for_update(of=WorkLink)
    ).one_or_none()
    if found is None:
        raise Refused("That link is not here any more.")
    if found.ended_at is None:
        found.ended_at, found.ended_by_id = now, by.id
        subject = found.idea or found.theme
        assert subject is not None, "a link is for an idea or a theme"
        _record(tx, subject=subject, act="unlinked", item=found.work_item, by=by, now=now)
    return found


def _item(tx: Session, *, workspace_id: int, address: Address, now: datetime) -> WorkItem:
    """Locked. Where no tracker has told of it yet, it is open until one does."""
    once.insert(
        tx,
        WorkItem,
        workspace_id=workspace_id,
        source=address.source,
        key=address.key,
        kind=address.kind,
        url=address.url,
        state_at=UNHEARD,
        seen_at=now,
    )
    return tx.scalars(
        select(WorkItem)
        .where(WorkItem.workspace_id == workspace_id, WorkItem.source == address.source, WorkItem.key == address.key)
        .with_for_update()
    ).one()


def _subject(tx: Session, *, by: Member, idea_id: int | None, theme_id: int | None) -> Idea | Theme:
    if idea_id is None:
        assert theme_id is not None, "an idea or a theme"
        return access.access_theme(tx, member=by, theme_id=theme_id)
    idea = access.access_idea(tx, member=by, idea_id=idea_id)
    if ideas.went_into(tx, idea_ids=[idea.id]):
        raise Refused("It was merged into another idea. Link that one.", "url")
    if idea.state == "withdrawn":
        raise Refused("Whoever said it took it back, so there is nobody to tell.", "url")
    return idea


def _record(tx: Session, *, subject: Idea | Theme, act: str, item: WorkItem, by: Member, now: datetime) -> None:
    audit.record(
        tx,
        workspace_id=item.workspace_id,
        by=by,
        act=act,
        subject="idea" if isinstance(subject, Idea) else "theme",
        subject_id=subject.id,
        now=now,
        source=item.source,
        key=item.key,
    )
