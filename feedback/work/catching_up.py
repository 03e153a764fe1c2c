"""What came to an end at GitHub while no webhook told of it: GitHub delivers once, and never again by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from feedback import once, outbox
from feedback.work.accounts import find_account
from feedback.work.addresses import repository_of
from feedback.work.facts import Fact
from feedback.work.taking import hear
from models import RepositoryReading, TrackerAccount, WorkItem, WorkLink, Workspace

STAGES = ("issues", "pulls", "releases")
OVERLAP = timedelta(minutes=10)
"""Read twice rather than not at all: clocks differ, and GitHub's lists come a little after what they list."""
MOST_REPOSITORIES = 200
MOST_PAGES = 200
"""Of one kind in one reading. More than ten thousand closed issues since the last hour are no news but a mistake."""


@dataclass(frozen=True)
class Position:
    """Where a reading goes on."""

    repository: str
    stage: str
    page: int
    since: datetime
    """Everything since then is wanted."""
    at: datetime
    """From when on the next page of issues begins."""
    began_at: datetime


def soon(tx: Session, *, workspace_id: int, now: datetime) -> None:
    """Owes a reading of each repository that something is known of, or where issues are made."""
    account = find_account(tx, workspace_id=workspace_id, source="github")
    if account is None:
        return
    for repository in _repositories(tx, account):
        outbox.owe_again(
            tx,
            workspace_id=workspace_id,
            kind="work.catch_up",
            key=f"work.catch_up:{workspace_id}:{repository}",
            now=now,
            repository=repository,
        )


def _repositories(tx: Session, account: TrackerAccount) -> list[str]:
    """In the order in which they were met."""
    found = {account.place.lower(): None} if account.place else {}
    keys = tx.scalars(
        select(WorkItem.key)
        .where(WorkItem.workspace_id == account.workspace_id, WorkItem.source == "github")
        .order_by(WorkItem.id)
    )
    for key in keys:
        found.setdefault(repository_of(key), None)
    return list(found)[:MOST_REPOSITORIES]


def position(tx: Session, *, workspace_id: int, ids: dict[str, Any], now: datetime) -> Position | None:
    """Where the row in the outbox stands; at its beginning, since the last reading. The first one begins when the
    account was named, or when the repository was first met, if that was later: what had happened before is not asked
    about. None where there is no account any more."""
    account = find_account(tx, workspace_id=workspace_id, source="github")
    if account is None:
        return None
    repository = ids["repository"]
    if "stage" in ids:
        times = (datetime.fromisoformat(ids[name]) for name in ("since", "at", "began_at"))
        return Position(repository, ids["stage"], ids["page"], *times)
    once.insert(
        tx,
        RepositoryReading,
        workspace_id=workspace_id,
        repository=repository,
        read_to=_begins_at(tx, account, repository),
        error="",
    )
    since = _reading(tx, workspace_id, repository).read_to
    return Position(repository, STAGES[0], 1, since, since, now)


def _begins_at(tx: Session, account: TrackerAccount, repository: str) -> datetime:
    met_at = tx.scalar(select(func.min(WorkItem.seen_at)).where(*_in(account.workspace_id, repository)))
    is_chosen = repository == account.place.lower()
    return account.set_at if met_at is None or is_chosen else max(account.set_at, met_at)


def _in(workspace_id: int, repository: str) -> tuple[ColumnElement[bool], ...]:
    """For queries: work in that repository."""
    named = or_(*(WorkItem.key.startswith(f"{repository}{sign}", autoescape=True) for sign in "#%@"))
    return WorkItem.workspace_id == workspace_id, WorkItem.source == "github", named


def take_page(
    tx: Session,
    *,
    workspace_id: int,
    at: Position,
    facts: Sequence[Fact],
    has_more: bool,
    last_at: datetime,
    now: datetime,
) -> None:
    """As if its webhooks had come; then the row is owed anew for the next page, or the reading is over."""
    news = [each for each in facts if each.at >= at.since]
    if not _is_ours(tx, workspace_id, at.repository):
        known = set(tx.scalars(select(WorkItem.key).where(*_in(workspace_id, at.repository))))
        news = [each for each in news if each.key in known]
    hear(tx, workspace=tx.get_one(Workspace, workspace_id), facts=news, now=now)
    following = _next(at, has_more and at.page < MOST_PAGES, last_at)
    if following is None:
        row = _reading(tx, workspace_id, at.repository)
        row.read_to, row.error = max(row.read_to, at.began_at - OVERLAP), ""
        return
    outbox.owe_again(
        tx,
        workspace_id=workspace_id,
        kind="work.catch_up",
        key=f"work.catch_up:{workspace_id}:{at.repository}",
        now=now,
        repository=at.repository,
        stage=following.stage,
        page=following.page,
        since=at.since.isoformat(),
        at=following.at.isoformat(),
        began_at=at.began_at.isoformat(),
    )


def _is_ours(tx: Session, workspace_id: int, repository: str) -> bool:
    """The team makes issues there, or a webhook told of something that nobody had linked. Of a repository that is only
    known by its links, perhaps a stranger's, nothing else is wanted."""
    account = find_account(tx, workspace_id=workspace_id, source="github")
    if account is not None and repository == account.place.lower():
        return True
    is_linked = select(WorkLink.id).where(WorkLink.work_item_id == WorkItem.id).exists()
    told = select(WorkItem.id).where(*_in(workspace_id, repository), ~is_linked)
    return tx.scalars(told.limit(1)).first() is not None


def unreadable(tx: Session, *, workspace_id: int, repository: str, error: str) -> None:
    """The account may not read it, or it is gone. It is tried again in an hour, and the settings say so."""
    _reading(tx, workspace_id, repository).error = error


def _next(at: Position, has_more: bool, last_at: datetime) -> Position | None:
    if has_more and at.stage == "issues" and last_at > at.at:
        return Position(at.repository, at.stage, 1, at.since, last_at, at.began_at)
    if has_more:
        return Position(at.repository, at.stage, at.page + 1, at.since, at.at, at.began_at)
    later = STAGES[STAGES.index(at.stage) + 1 :]
    return Position(at.repository, later[0], 1, at.since, at.since, at.began_at) if later else None


def _reading(tx: Session, workspace_id: int, repository: str) -> RepositoryReading:
    return tx.scalars(
        select(RepositoryReading)
        .where(RepositoryReading.workspace_id == workspace_id, RepositoryReading.repository == repository)
        .with_for_update()
    ).one()
