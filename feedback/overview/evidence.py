"""Everything that holds one idea's loop together, from the message to the thank-you: who did what, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from feedback import ideas, themes
from feedback.overview.history import Line, line_of
from feedback.overview.whole import Whole, one
from models import (
    Approval,
    Audit,
    Change,
    ChangeIdea,
    Idea,
    Member,
    ProposedChange,
    Reward,
    WorkItem,
    WorkLink,
)


@dataclass(frozen=True)
class Work:
    """Work that somebody linked to the idea or to its theme, or that led to a change which answers it."""

    item: WorkItem
    linked_by: str
    """Empty: nobody did; it is how the change came to be proposed."""
    linked_at: datetime | None
    ended_at: datetime | None
    """When the link was taken back."""


@dataclass(frozen=True)
class Act:
    subject: str
    """idea, change or reward."""
    subject_id: int
    line: Line


@dataclass(frozen=True)
class Chain:
    whole: Whole
    """Of the idea that is shown: what it went into, where it did."""
    works: Sequence[Work]
    changes: Sequence[Change]
    rewards: Sequence[Reward]
    history: Sequence[Act]
    """Of the idea, of what went into it, of the changes and the thank-yous; the oldest first."""


def chain(tx: Session, *, workspace_id: int, idea_id: int) -> Chain | None:
    """None where it is not in this workspace. As many queries for a thousand people as for one."""
    into = select(ideas.shown_as()).where(Idea.id == idea_id, Idea.workspace_id == workspace_id)
    shown_id = tx.scalars(into).one_or_none()
    whole = one(tx, workspace_id=workspace_id, idea_id=shown_id) if shown_id is not None else None
    if whole is None:
        return None
    kept_ids = [whole.idea.id, *(merge.idea_id for merge in whole.merged)]
    changes = _changes(tx, kept_ids)
    rewards = _rewards(tx, kept_ids)
    return Chain(
        whole=whole,
        works=_works(tx, workspace_id, kept_ids, whole.idea.theme_id, changes),
        changes=changes,
        rewards=rewards,
        history=_history(tx, workspace_id, kept_ids, changes, rewards),
    )


def _changes(tx: Session, kept_ids: Sequence[int]) -> Sequence[Change]:
    answering = select(ChangeIdea.change_id).where(ChangeIdea.idea_id.in_(kept_ids))
    statement = select(Change).where(Change.id.in_(answering)).options(joinedload(Change.made_by))
    return tx.scalars(statement.order_by(Change.id)).all()


def _rewards(tx: Session, kept_ids: Sequence[int]) -> Sequence[Reward]:
    statement = (
        select(Reward)
        .where(Reward.idea_id.in_(kept_ids))
        .options(
            joinedload(Reward.member),
            joinedload(Reward.proposed_by),
            selectinload(Reward.approvals).joinedload(Approval.manager),
            joinedload(Reward.payout),
        )
        .order_by(Reward.id)
    )
    return tx.scalars(statement).all()


def _works(
    tx: Session, workspace_id: int, kept_ids: Sequence[int], theme_id: int | None, changes: Sequence[Change]
) -> list[Work]:
    """What was linked, the first link first; then what was proposed by itself."""
    links = tx.execute(
        select(WorkItem, Member.name, WorkLink.linked_at, WorkLink.ended_at)
        .join(WorkLink, WorkLink.work_item_id == WorkItem.id)
        .join(Member, Member.id == WorkLink.linked_by_id)
        .where(
            WorkItem.workspace_id == workspace_id,
            WorkLink.idea_id.in_(kept_ids) | WorkLink.theme_id.in_(themes.kept_in([theme_id or 0])),
        )
        .order_by(WorkLink.id)
    )
    found = [Work(*row) for row in links]
    linked = {work.item.id for work in found}
    proposed = tx.scalars(
        select(WorkItem)
        .join(ProposedChange, ProposedChange.work_item_id == WorkItem.id)
        .where(ProposedChange.change_id.in_([change.id for change in changes]))
        .order_by(WorkItem.id)
    )
    return found + [Work(item, "", None, None) for item in proposed.unique() if item.id not in linked]


def _history(
    tx: Session, workspace_id: int, kept_ids: Sequence[int], changes: Sequence[Change], rewards: Sequence[Reward]
) -> list[Act]:
    about = (
        ((Audit.subject == "idea") & Audit.subject_id.in_(kept_ids))
        | ((Audit.subject == "change") & Audit.subject_id.in_([change.id for change in changes]))
        | ((Audit.subject == "reward") & Audit.subject_id.in_([reward.id for reward in rewards]))
    )
    rows = tx.scalars(
        select(Audit)
        .where(Audit.workspace_id == workspace_id, about)
        .options(joinedload(Audit.member))
        .order_by(Audit.at, Audit.id)
    )
    return [Act(row.subject, row.subject_id, line_of(row)) for row in rows]
