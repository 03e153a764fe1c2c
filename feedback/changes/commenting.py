"""A decision is owed to the work that is linked to what it answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import outbox, themes
from feedback.database import among
from models import Change, Idea, WorkItem, WorkLink

WRITTEN_TO = ("github", "linear")


def comment_soon(
    tx: Session, *, change: Change, answered: Sequence[Idea], theme_ids: Iterable[int], now: datetime
) -> None:
    """Once for each piece of work, however many of the ideas it is for; not before people are told. Whether anything is
    said there, and what, is decided when it is written."""
    idea_ids = [idea.id for idea in answered]
    stands = (
        WorkLink.ended_at.is_(None),
        WorkItem.workspace_id == change.workspace_id,
        WorkItem.source.in_(WRITTEN_TO),
    )
    linked = select(WorkLink.work_item_id).join(WorkItem, WorkItem.id == WorkLink.work_item_id).where(*stands)
    found = set(tx.scalars(linked.where(WorkLink.theme_id.in_(themes.kept_in(set(theme_ids))))))
    found |= set(tx.scalars(linked.where(WorkLink.idea_id.in_(among(tx, idea_ids)))))
    keys = {f"work.comment:{change.id}:{item_id}": item_id for item_id in sorted(found)}
    outbox.owe_each(
        tx,
        workspace_id=change.workspace_id,
        kind="work.comment",
        ids_of={key: {"change_id": change.id, "work_item_id": item_id} for key, item_id in keys.items()},
        now=now,
        not_before=dict.fromkeys(keys, change.tell_at) if change.tell_at else None,
    )
