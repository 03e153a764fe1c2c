"""What a tracker tells is written down once, in the order in which it happened, and what follows from it follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import once
from feedback.work.completing import keep_row, take_turn
from feedback.work.facts import UNFINISHED, Fact
from feedback.work.following import ENDS, follow, say_reopened
from feedback.work.rules import outcome, rules_of
from models import WorkItem, WorkRules, Workspace


@dataclass(frozen=True)
class Taken:
    item: WorkItem
    text: str
    asks_for_more: bool
    """It asks the team for something else than it did before."""


def hear(tx: Session, *, workspace: Workspace, facts: Iterable[Fact], now: datetime) -> list[WorkItem]:
    """What is news of it, as it stands then. However it was told: by a webhook, or read up later.

    All of them are written down before anything follows, in the order of their keys, and nobody holds an idea while
    they wait for work. Where the team would be asked the same as before (another column of the board, another word for
    the same end), nothing follows: somebody may have said already that people are not to hear of it.
    """
    take_turn(tx, workspace_id=workspace.id)
    rules = rules_of(tx, workspace_id=workspace.id)
    in_order = sorted(facts, key=lambda fact: (fact.source, fact.key, fact.at))
    news = [
        taken
        for fact in in_order
        if (taken := _take(tx, workspace=workspace, fact=fact, rules=rules, now=now)) is not None
    ]
    last = {each.item.id: each for each in news if each.asks_for_more}
    for each in sorted(last.values(), key=lambda each: each.item.kind == "issue"):
        follow(tx, item=each.item, text=each.text, now=now)  # what closes issues comes before them
    return [each.item for each in news]


def _take(tx: Session, *, workspace: Workspace, fact: Fact, rules: WorkRules, now: datetime) -> Taken | None:
    """None where this says nothing new: heard before, or older than what is known. Locks the row of the work."""
    fact = keep_row(tx, workspace=workspace, fact=fact, now=now)
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
        closes=None if fact.closes is None else list(fact.closes),
    )
    item = tx.scalars(
        select(WorkItem)
        .where(WorkItem.workspace_id == workspace.id, WorkItem.source == fact.source, WorkItem.key == fact.key)
        .with_for_update()
    ).one()
    if row_id is not None:
        return Taken(item, fact.text, asks_for_more=True)
    if fact.at < item.state_at:
        return None
    fact, before = _as_far_as_it_was(item, fact), outcome(rules, item)
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
    if fact.closes is not None:
        item.closes = list(fact.closes)
    return Taken(item, fact.text, asks_for_more=outcome(rules, item) != before) if is_news else None


def _as_far_as_it_was(item: WorkItem, fact: Fact) -> Fact:
    """A fact that has no word for where unfinished work stands (a new title, say) does not take back how far it had
    come. Only of work of which nothing else is known it says enough."""
    if fact.status or fact.state not in UNFINISHED or item.state not in UNFINISHED:
        return fact
    if fact.state == "started" and item.state == "open" and not item.status:
        return fact
    return replace(fact, state=item.state, status=item.status)


def get(tx: Session, *, work_item_id: int) -> WorkItem:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(WorkItem, work_item_id)
