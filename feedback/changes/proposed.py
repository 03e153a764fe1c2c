"""Something happened that probably answers ideas: it waits until a person says so."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from feedback import once
from models import ProposedAnswer, ProposedChange


def propose(
    tx: Session,
    *,
    workspace_id: int,
    key: str,
    kind: str,
    title: str,
    text: str = "",
    url: str = "",
    work_item_id: int | None = None,
    idea_ids: Iterable[int] = (),
    theme_ids: Iterable[int] = (),
    happened_at: datetime,
    now: datetime,
) -> int | None:
    """Its id; None where it was proposed before under this key. `idea_ids` and `theme_ids`: what somebody linked."""
    proposed_id = once.insert(
        tx,
        ProposedChange,
        workspace_id=workspace_id,
        key=key,
        kind=kind,
        title=title,
        text=text,
        url=url,
        work_item_id=work_item_id,
        happened_at=happened_at,
        proposed_at=now,
    )
    if proposed_id is None:
        return None
    for idea_id in sorted(set(idea_ids)):
        once.insert(tx, ProposedAnswer, proposed_id=proposed_id, idea_id=idea_id, how="link")
    for theme_id in sorted(set(theme_ids)):
        once.insert(tx, ProposedAnswer, proposed_id=proposed_id, theme_id=theme_id, how="link")
    return proposed_id
