"""Showing the map of themes where the team reads along."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit, once, outbox
from feedback.errors import Refused
from models import Audit, Member, Workspace

POSTED = "posted the map"
ONCE_IN = timedelta(minutes=1)
"""Whoever presses twice, or two who press at once, want it once."""


def post_map(tx: Session, *, by: Member, now: datetime) -> bool:
    """Owes the triage channel the map as it will be then. False where somebody just had it posted."""
    access.check_review(by)
    workspace = tx.get_one(Workspace, by.workspace_id)
    if workspace.triage_channel_id is None:
        raise Refused("There is no triage channel yet. A manager chooses one in Settings.")
    once.take_turn(tx, f"map:{workspace.id}")
    just_now = select(Audit.id).where(
        Audit.workspace_id == workspace.id,
        Audit.subject == "workspace",
        Audit.subject_id == workspace.id,
        Audit.act == POSTED,
        Audit.at > now - ONCE_IN,
    )
    if tx.scalars(just_now).first() is not None:
        return False
    audit.record(
        tx, workspace_id=workspace.id, by=by, act=POSTED, subject="workspace", subject_id=workspace.id, now=now
    )
    key = f"map:{workspace.id}:{int(now.timestamp())}"
    outbox.owe(tx, workspace_id=workspace.id, kind="theme.map", key=key, now=now, member_id=by.id)
    return True
