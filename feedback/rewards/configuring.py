"""What a manager sets about rewards for the whole workspace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit
from feedback.errors import Refused
from feedback.rewards import amounts
from feedback.typed import number_of
from models import Member, Workspace

LIMITS = {
    "nearly_spent_percent": (1, 100),
    "reward_after_days": (0, 365),
    "most_rewards_a_month": (0, 100),
    "blind_percent": (0, 100),
    "half_life_days": (1, 3650),
}
"""By the workspace's column: the least and the most."""
MOST_CENTS = 10_000_000


def configure(
    tx: Session, *, manager: Member, typed: Mapping[str, str], rewards_guests: bool, has_board: bool, now: datetime
) -> None:
    """`typed`: a whole number for each of LIMITS, and the amounts `two_approve_above` and `most_a_year` (empty: any
    sum), as somebody wrote them. Refused below the first one that is wrong."""
    access.check_manage(manager)
    numbers = {
        name: number_of(typed.get(name, ""), name, least=least, most=most) for name, (least, most) in LIMITS.items()
    }
    numbers["two_approve_above_cents"] = _cents(typed.get("two_approve_above", ""), "two_approve_above")
    most = typed.get("most_a_year", "").strip()
    numbers["most_cents_a_year"] = _cents(most, "most_a_year") if most else 0
    workspace = tx.scalars(select(Workspace).where(Workspace.id == manager.workspace_id).with_for_update()).one()
    for name, number in numbers.items():
        setattr(workspace, name, number)
    workspace.rewards_guests, workspace.has_board = rewards_guests, has_board
    audit.record(
        tx,
        workspace_id=workspace.id,
        by=manager,
        act="configured rewards",
        subject="workspace",
        subject_id=workspace.id,
        now=now,
        rewards_guests=rewards_guests,
        has_board=has_board,
        **numbers,
    )


def _cents(text: str, field: str) -> int:
    cents = amounts.cents_of(text, field)
    if cents > MOST_CENTS:
        raise Refused(f"At most {MOST_CENTS // 100:,}.", field)
    return cents
