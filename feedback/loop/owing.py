"""How long people may wait for an answer, and when the team hears of those who wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit, outbox
from feedback.typed import number_of
from models import Member, Outbox, Workspace

MOST_DAYS = 365
MOST_PERCENT = 50
"""More, and waiting too long would be the rule."""
QUIET = timedelta(days=7)
"""Between two warnings, and before the first summary of a week."""


def set_limits(
    tx: Session,
    *,
    manager: Member,
    answer_days: str,
    late_percent: str,
    tells_week: bool,
    tells_late: bool,
    now: datetime,
) -> None:
    """The numbers as somebody typed them."""
    access.check_manage(manager)
    workspace = tx.scalars(select(Workspace).where(Workspace.id == manager.workspace_id).with_for_update()).one()
    workspace.answer_days = number_of(answer_days, "answer_days", least=1, most=MOST_DAYS)
    workspace.late_percent = number_of(late_percent, "late_percent", least=1, most=MOST_PERCENT)
    workspace.tells_week, workspace.tells_late = tells_week, tells_late
    audit.record(
        tx,
        workspace_id=workspace.id,
        by=manager,
        act="said how long people may wait",
        subject="workspace",
        subject_id=workspace.id,
        now=now,
        answer_days=workspace.answer_days,
        late_percent=workspace.late_percent,
        tells_week=tells_week,
        tells_late=tells_late,
    )


def tell_week_soon(tx: Session, *, workspace: Workspace, now: datetime) -> bool:
    """Owes the team's channel its summary, once for each week. Not in the first one, which is not over yet."""
    if not workspace.tells_week or workspace.triage_channel_id is None or now - workspace.joined_at < QUIET:
        return False
    year, week, _ = now.isocalendar()
    key = f"loop.week:{workspace.id}:{year}-{week:02}"
    return outbox.owe(tx, workspace_id=workspace.id, kind="loop.week", key=key, now=now)


def tell_late_soon(tx: Session, *, workspace: Workspace, now: datetime) -> bool:
    """Owes a warning that too many wait too long, unless there was one within the week. Whoever calls has counted."""
    if not workspace.tells_late or workspace.triage_channel_id is None:
        return False
    warned = select(Outbox.id).where(
        Outbox.workspace_id == workspace.id, Outbox.kind == "loop.alert", Outbox.owed_at > now - QUIET
    )
    if tx.scalars(warned.limit(1)).first() is not None:
        return False
    key = f"loop.alert:{workspace.id}:{now:%Y-%m-%d}"
    return outbox.owe(tx, workspace_id=workspace.id, kind="loop.alert", key=key, now=now)
