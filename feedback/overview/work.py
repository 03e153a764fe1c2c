"""What is linked to an idea or a theme, what is being made for it, and the accounts with the trackers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, literal, select, union_all
from sqlalchemy.orm import Session, joinedload

from feedback import ideas, themes, work
from models import Idea, RepositoryReading, TrackerAccount, WorkItem, WorkLink, WorkOrder

MOST_READINGS = 50


@dataclass(frozen=True)
class Linked:
    links: Sequence[WorkLink]
    """The first one first, each with its work and who linked it."""
    orders: Sequence[WorkOrder]
    """Issues that are not made yet."""
    can_order: bool
    """There is an account with a tracker where one could be made."""


@dataclass(frozen=True)
class Trackers:
    accounts: dict[str, TrackerAccount]
    """By the tracker's name."""
    unreadable: Sequence[RepositoryReading]
    """Repositories that we are not let into."""


def linked(tx: Session, *, workspace_id: int, idea_id: int | None = None, theme_id: int | None = None) -> Linked:
    """Of one idea or one theme, with what was merged into it. In one query, because the pages ask many others."""
    its_link, its_order = [_is_for(each, idea_id, theme_id) for each in (WorkLink, WorkOrder)]
    of_links = (
        select(literal("link").label("what"), WorkLink.id.label("row_id"))
        .join(WorkItem, WorkItem.id == WorkLink.work_item_id)
        .where(its_link, WorkLink.ended_at.is_(None), WorkItem.workspace_id == workspace_id)
    )
    of_orders = select(literal("order"), WorkOrder.id).where(
        its_order, WorkOrder.made_at.is_(None), WorkOrder.workspace_id == workspace_id
    )
    of_accounts = select(literal("account"), TrackerAccount.id).where(TrackerAccount.workspace_id == workspace_id)
    which = union_all(of_links, of_orders, of_accounts).subquery("which")
    rows = tx.execute(
        select(which.c.what, WorkLink, WorkOrder)
        .select_from(which)
        .outerjoin(WorkLink, (which.c.what == "link") & (WorkLink.id == which.c.row_id))
        .outerjoin(WorkOrder, (which.c.what == "order") & (WorkOrder.id == which.c.row_id))
        .options(joinedload(WorkLink.work_item), joinedload(WorkLink.linked_by), joinedload(WorkOrder.ordered_by))
        .order_by(which.c.row_id)
    ).all()
    return Linked(
        links=[row.WorkLink for row in rows if row.WorkLink],
        orders=[row.WorkOrder for row in rows if row.WorkOrder],
        can_order=any(row.what == "account" for row in rows),
    )


def _is_for(of: type[WorkLink | WorkOrder], idea_id: int | None, theme_id: int | None) -> ColumnElement[bool]:
    """Also for what was merged into it."""
    if idea_id is not None:
        return of.idea_id.in_(select(Idea.id).where(ideas.kept_in([idea_id])))
    return of.theme_id.in_(themes.kept_in([theme_id or 0]))


def trackers(tx: Session, *, workspace_id: int) -> Trackers:
    rows = tx.scalars(
        select(TrackerAccount)
        .where(TrackerAccount.workspace_id == workspace_id)
        .options(joinedload(TrackerAccount.set_by))
    )
    refused = tx.scalars(
        select(RepositoryReading)
        .where(RepositoryReading.workspace_id == workspace_id, RepositoryReading.error != "")
        .order_by(RepositoryReading.repository)
        .limit(MOST_READINGS)
    ).all()
    return Trackers({row.source: row for row in rows}, refused)


def written(statuses: dict[str, str]) -> str:
    """As a manager types them, a line each."""
    return "\n".join(f"{status} = {then}" for status, then in sorted(statuses.items()))


def is_heard(item: WorkItem) -> bool:
    """Whether its tracker has told of it."""
    return item.state_at != work.UNHEARD
