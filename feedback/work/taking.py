"""What a tracker tells is written down once, in the order in which it happened, and what follows from it follows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import once
from feedback.work.facts import Fact
from feedback.work.following import ENDS, follow, say_reopened
from models import WorkItem, Workspace


def hear(tx: Session, *, workspace: Workspace, facts: Iterable[Fact], now: datetime) -> list[WorkItem]:
    """What is news of it, as it stands then. However it was told: by a webhook, or read up later.

    All of them are written down before anything follows, in the order of their keys: two that hear of the same work at
    once lock it in the same order, and nobody holds an idea while they wait for work.
    """
    in_order = sorted(facts, key=lambda fact: (fact.source, fact.key, fact.at))
    news = [
        (item, fact.text)
        for fact in in_order
        if (item := _take(tx, workspace=workspace, fact=fact, now=now)) is not None
    ]
    last = {item.id: (item, text) for item, text in news}
    for item, text in sorted(last.values(), key=lambda each: each[0].kind == "issue"):
        follow(tx, item=item, text=text, now=now)  # what closes issues comes before them
    return [item for item, _ in news]


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
        closes=list(fact.closes),
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
    is_news = fact.state != item.state or (bool(fact.status) and fact.status != item.status)
    if item.state in ENDS and fact.state not in ENDS:
        item.reopened_at = fact.at
        say_reopened(tx, item=item, now=now)
    elif fact.state in ENDS:
        item.reopened_at = None
    item.status = fact.status if fact.state != item.state else fact.status or item.status
    item.title, item.url, item.part_of = fact.title or item.title, fact.url or item.url, fact.part_of
    item.ref, item.kind = fact.ref or item.ref, fact.kind
    item.state, item.state_at = fact.state, fact.at
    item.closes = list(fact.closes) or item.closes
    return item if is_news else None


def get(tx: Session, *, work_item_id: int) -> WorkItem:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(WorkItem, work_item_id)
