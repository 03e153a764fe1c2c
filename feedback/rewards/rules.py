"""What is given for what, in each workspace. A rule is never changed: another row takes over from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Member, RewardRule, TaxLine, Workspace

TRIGGERS = {
    "verified": "an idea that shipped and was verified",
    "first_report": "the first clear report of a confirmed problem",
    "evidence": "evidence that changed a decision",
    "supported": "a theme that enough people backed, and that shipped",
    "call": "a call",
    "tested": "an answer from somebody who tried it first",
}
"""Each is a contribution that shipped or changed a decision, or help that was asked for: never a message, a reaction, a
vote, or what somebody thought of us."""
PROVIDERS = ("manual", "codes", "tremendous", "booking")
US_LINES = ((2025, 60_000), (2026, 200_000))
"""From which sum on rewards of a year are reported: Public Law 119-21, section 70433, for payments after 2025."""


def install(tx: Session, *, workspace: Workspace, now: datetime) -> None:
    """What a new workspace begins with."""
    tx.add(
        RewardRule(
            workspace_id=workspace.id,
            trigger="verified",
            points=10,
            amount_cents=workspace.reward_cents,
            currency=workspace.reward_currency,
            provider="manual" if workspace.pays_by_hand else "tremendous",
            made_at=now,
        )
    )
    for year, cents in US_LINES:
        tx.add(
            TaxLine(workspace_id=workspace.id, country="US", year=year, line_cents=cents, currency="USD", set_at=now)
        )


def in_force(tx: Session, *, workspace_id: int) -> Sequence[RewardRule]:
    """The oldest first."""
    return tx.scalars(
        select(RewardRule)
        .where(RewardRule.workspace_id == workspace_id, RewardRule.ended_at.is_(None))
        .order_by(RewardRule.id)
    ).all()


def of_trigger(tx: Session, *, workspace_id: int, trigger: str) -> RewardRule | None:
    """None where nothing is given for it."""
    return next((rule for rule in in_force(tx, workspace_id=workspace_id) if rule.trigger == trigger), None)


def give_usual(tx: Session, *, workspace: Workspace, by: Member, now: datetime) -> None:
    """What the workspace's settings say is given for an idea that was verified takes over from what was given so far.
    What was proposed keeps what it was proposed with."""
    old = of_trigger(tx, workspace_id=workspace.id, trigger="verified")
    provider = "manual" if workspace.pays_by_hand else "tremendous"
    wanted = (workspace.reward_cents, workspace.reward_currency, provider)
    if old is None or (old.amount_cents, old.currency, old.provider) == wanted:
        return
    old.ended_at = now
    tx.add(
        RewardRule(
            workspace_id=workspace.id,
            trigger="verified",
            points=old.points,
            amount_cents=workspace.reward_cents,
            currency=workspace.reward_currency,
            provider=provider,
            words=old.words,
            vesting_days=old.vesting_days,
            made_by_id=by.id,
            made_at=now,
        )
    )
