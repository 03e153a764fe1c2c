"""What a manager sets about hearing back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit
from feedback.typed import number_of
from models import Member, Workspace

LIMITS = {
    "remind_after_days": (0, 90),
    "reopen_after": (1, 100),
    "ask_first_days": (0, 60),
    "appeal_supporters": (1, 100),
}
"""By the workspace's column: the least and the most."""


def configure(tx: Session, *, manager: Member, typed: Mapping[str, str], now: datetime) -> None:
    """`typed`: a whole number for each of LIMITS, as somebody wrote it. Refused below the first one that is none."""
    access.check_manage(manager)
    numbers = {
        name: number_of(typed.get(name, ""), name, least=least, most=most) for name, (least, most) in LIMITS.items()
    }
    workspace = tx.scalars(select(Workspace).where(Workspace.id == manager.workspace_id).with_for_update()).one()
    for name, number in numbers.items():
        setattr(workspace, name, number)
    audit.record(
        tx,
        workspace_id=workspace.id,
        by=manager,
        act="configured the loop",
        subject="workspace",
        subject_id=workspace.id,
        now=now,
        **numbers,
    )
