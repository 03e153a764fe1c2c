"""What a tracker only hints at becomes a whole fact with what is known of that work already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback import once
from feedback.work.addresses import repository_of
from feedback.work.facts import UNFINISHED, Fact
from feedback.work.following import follow_link
from models import WorkItem, WorkLink, Workspace

NAMES_ARE_UNIQUE = ("github", "linear")
"""Where the tracker's own name for something is given once in all of the world, and not once on each server."""


@dataclass(frozen=True)
class Hint:
    """Work that somebody else described before, and what became of it: a card that was moved on a board, an issue that
    a commit closes. Of work that we never heard of it says nothing."""

    source: str
    at: datetime
    key: str = ""
    ref: str = ""
    kind: str = ""
    """Only of this kind, where the tracker's own names are unique only within one."""
    state: str | None = None
    """None: as it was."""
    status: str | None = None
    """None: as it was."""


@dataclass(frozen=True)
class Moved:
    """It is called otherwise now: an issue was put into another repository, team or project. Its links go with it."""

    source: str
    key: str
    to_key: str


@dataclass(frozen=True)
class InPart:
    """A whole fact but for its milestone, of which the tracker gives only its own name."""

    fact: Fact
    part_of_ref: str


Told = Fact | Hint | Moved | InPart


def take_turn(tx: Session, *, workspace_id: int) -> None:
    """Whoever hears of work in this workspace, or links it, waits for whoever does so already. A merge and the issue
    that it closes come at the same moment, and of the two that would ask the team the second has to see the first."""
    once.take_turn(tx, f"work:{workspace_id}")


def complete(tx: Session, *, workspace: Workspace, told: Iterable[Told], now: datetime) -> list[Fact]:
    """In the order of their keys. Takes its turn in the workspace first, so that what is known stays so meanwhile."""
    take_turn(tx, workspace_id=workspace.id)
    facts = []
    for each in told:
        if isinstance(each, Moved):
            _rename(tx, workspace=workspace, moved=each, now=now)
            continue
        fact = each if isinstance(each, Fact) else None
        if isinstance(each, Hint):
            fact = _filled(tx, workspace=workspace, hint=each)
        elif isinstance(each, InPart):
            known = _known(tx, workspace=workspace, source=each.fact.source, ref=each.part_of_ref, kind="milestone")
            fact = replace(each.fact, part_of=known.key if known else None)
        if fact is not None:
            facts.append(fact)
    return sorted(facts, key=lambda fact: fact.key)


def _known(
    tx: Session, *, workspace: Workspace, source: str, key: str = "", ref: str = "", kind: str = ""
) -> WorkItem | None:
    """By its key, or by the tracker's own name for it."""
    if not (key or ref):
        return None
    named = WorkItem.key == key if key else WorkItem.ref == ref
    found = select(WorkItem).where(WorkItem.workspace_id == workspace.id, WorkItem.source == source, named)
    return tx.scalars((found.where(WorkItem.kind == kind) if kind else found).order_by(WorkItem.id).limit(1)).first()


def _filled(tx: Session, *, workspace: Workspace, hint: Hint) -> Fact | None:
    item = _known(tx, workspace=workspace, source=hint.source, key=hint.key, ref=hint.ref, kind=hint.kind)
    if item is None:
        return None
    state = hint.state or item.state
    if item.state not in UNFINISHED and state in UNFINISHED:
        return None  # a card is moved, but only the tracker's own word reopens what was finished or put away
    return Fact(
        source=item.source,
        kind=item.kind,
        key=item.key,
        state=state,
        at=hint.at,
        status=item.status if hint.status is None else hint.status,
        part_of=item.part_of,
    )


def keep_row(tx: Session, *, workspace: Workspace, fact: Fact, now: datetime) -> Fact:
    """What the tracker itself calls the same as before keeps its row, if it is called otherwise by people: a repository
    got another name or owner, a team another short name. At GitHub everything else in that repository goes along.

    Returns the fact; one that is older than the new name under that one."""
    item = _known(tx, workspace=workspace, source=fact.source, ref=fact.ref, kind=fact.kind)
    if item is None or fact.source not in NAMES_ARE_UNIQUE or item.key == fact.key:
        return fact
    if fact.at < item.state_at:
        return replace(fact, key=item.key)
    was, called = repository_of(item.key), repository_of(fact.key)
    if fact.source != "github" or item.key.removeprefix(was) != fact.key.removeprefix(called):
        _rename(tx, workspace=workspace, moved=Moved(fact.source, item.key, fact.key), now=now)
        return fact
    here = (WorkItem.workspace_id == workspace.id, WorkItem.source == fact.source)
    every = tx.scalars(select(WorkItem.key).where(*here, WorkItem.key.startswith(was, autoescape=True))).all()
    for key in sorted(key for key in every if repository_of(key) == was):
        moved = Moved(fact.source, key, called + key.removeprefix(was))
        _rename(tx, workspace=workspace, moved=moved, now=now)
    return fact


def _rename(tx: Session, *, workspace: Workspace, moved: Moved, now: datetime) -> None:
    """Where its new name is known already, because it was told of first, both stay, and the links go to that one."""
    item = _known(tx, workspace=workspace, source=moved.source, key=moved.key)
    if item is None:
        return
    there = _known(tx, workspace=workspace, source=moved.source, key=moved.to_key)
    if there is not None:
        _hand_over(tx, item=item, to=there, now=now)
        return
    try:
        with tx.begin_nested():
            item.key = moved.to_key
    except IntegrityError:  # a process that takes no turns yet told of its new name, and was first
        tx.refresh(item)
        return
    here = (WorkItem.workspace_id == workspace.id, WorkItem.source == moved.source)
    tx.execute(update(WorkItem).where(*here, WorkItem.part_of == moved.key).values(part_of=moved.to_key))


def _hand_over(tx: Session, *, item: WorkItem, to: WorkItem, now: datetime) -> None:
    """What is known of the other follows for them: it may be finished already."""
    here = (WorkLink.ended_at.is_(None), WorkLink.work_item_id.in_((item.id, to.id)))
    links = tx.scalars(select(WorkLink).where(*here).order_by(WorkLink.id).with_for_update()).all()
    for link in [link for link in links if link.work_item_id == item.id]:
        subject = (link.idea_id, link.theme_id)
        if any(each.work_item_id == to.id and (each.idea_id, each.theme_id) == subject for each in links):
            link.ended_at = now
            continue
        link.work_item = to
        tx.flush()  # what follows looks for it there
        follow_link(tx, item=to, link=link, now=now)
