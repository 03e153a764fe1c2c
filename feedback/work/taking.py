"""What a tracker tells is written down once, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import once
from feedback.work.facts import Fact
from models import WorkItem, Workspace


def hear(tx: Session, *, workspace: Workspace, facts: Iterable[Fact], now: datetime) -> list[WorkItem]:
    """What is news of it, as it stands then. However it was told: by a webhook, or read up later."""
    return [item for fact in facts if (item := _take(tx, workspace=workspace, fact=fact, now=now)) is not None]


def _take(tx: Session, *, workspace: Workspace, fact: Fact, now: datetime) -> WorkItem | None:
    """The work as it stands then; None where this says nothing new: heard before, or older than what is known. Locks
    its row."""
    row_id = once.insert(
        tx,
        WorkItem,
        workspace_id=workspace.id,
        source=fact.source,
        key=fact.key,
        kind=fact.kind,
        title=fact.title,
        url=fact.url,
        ref=fact.ref,
        state=fact.state,
        status=fact.status,
        state_at=fact.at,
        part_of=fact.part_of,
        seen_at=now,
    )
    item = tx.scalars(
        select(WorkItem)
        .where(WorkItem.workspace_id == workspace.id, WorkItem.source == fact.source, WorkItem.key == fact.key)
        .with_for_update()
    ).one()
    if row_id is not None:
        return item
    if fact.at < item.state_at:
        return None
    is_news = fact.state != item.state
    item.title, item.url, item.part_of = fact.title or item.title, fact.url or item.url, fact.part_of
    item.ref, item.status = fact.ref or item.ref, fact.status
    item.state, item.state_at = fact.state, fact.at
    return item if is_news else None
