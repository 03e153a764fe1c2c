"""Holding the payout service's books against ours, both ways. What differs is written down once, for a person; what is
only late here is asked for and settles by itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit, once
from feedback.database import in_pieces
from feedback.errors import Refused
from feedback.providers.payouts import MADE, REFUSED, Booked
from feedback.rewards import news, paying
from models import Discrepancy, Member, Payout, Reward, Workspace

KINDS = ("missing_here", "missing_there", "amount_differs")
LONGEST_WHY = 500


def compare(tx: Session, *, workspace_id: int, lines: Sequence[Booked], now: datetime) -> set[int]:
    """A page of the service's books. Returns the ids of our payments that stand on it. What has no id of ours was
    ordered by somebody else."""
    ids = sorted({line.external_id for line in lines if _is_ours(line.external_id)})
    payouts = _payouts(tx, ids)
    strangers = _derived(tx, workspace_id) if set(ids) - payouts.keys() else {}
    seen = set()
    for line in lines:
        if not _is_ours(line.external_id):
            continue
        payout = payouts.get(line.external_id)
        if payout is None:
            _missing_here(tx, workspace_id, line, strangers.get(line.external_id), now)
        elif payout.reward.workspace_id == workspace_id:
            seen.add(payout.id)
            _compare_one(tx, workspace_id, line, payout, now)
    return seen


def _is_ours(external_id: str) -> bool:
    """Whether it could be: all of ours are derived, which such an id says of itself."""
    try:
        return uuid.UUID(external_id).version == 5
    except ValueError:
        return False


def _payouts(tx: Session, ids: Sequence[str]) -> dict[str, Payout]:
    """By their external ids, of whichever workspace: those of another one are not missing."""
    found: dict[str, Payout] = {}
    for some in in_pieces(ids):
        asked = select(Payout).where(Payout.external_id.in_(some))
        found |= {payout.external_id: payout for payout in tx.scalars(asked)}
    return found


def _derived(tx: Session, workspace_id: int) -> dict[str, int]:
    """Rewards that have no payment here, by the id that theirs would have: where a backup was restored, an order that
    nobody here knows of is that of one of them."""
    workspace = tx.get_one(Workspace, workspace_id)
    unpaid = select(Reward).where(
        Reward.workspace_id == workspace_id, Reward.id.not_in(select(Payout.reward_id)), Reward.amount_cents > 0
    )
    return {paying.external_id(workspace, reward): reward.id for reward in tx.scalars(unpaid)}


def _missing_here(tx: Session, workspace_id: int, line: Booked, reward_id: int | None, now: datetime) -> None:
    """An order that came to nothing is no money that anybody would miss."""
    if line.state in REFUSED:
        return
    said = _said(line, reward_id=reward_id)
    _differs(tx, workspace_id, "missing_here", external_id=line.external_id, payout=None, detail=said, now=now)


def _compare_one(tx: Session, workspace_id: int, line: Booked, payout: Payout, now: datetime) -> None:
    reward = payout.reward
    if _is_news(line, payout):
        news.ask_soon(tx, payout=payout, workspace_id=workspace_id, now=now)
    kind = "amount_differs" if _is_another_amount(line, reward) else _missing(line, payout)
    if kind:
        said = _said(line, ours_cents=reward.amount_cents, ours_currency=reward.currency, reward_id=reward.id)
        _differs(tx, workspace_id, kind, external_id=line.external_id, payout=payout, detail=said, now=now)


def _is_news(line: Booked, payout: Payout) -> bool:
    """Whether it has to be asked how the order stands. Money that moved says only that there is one: that is news of
    what we call refused or in doubt, and its order may be too old to be in the list."""
    state = payout.reward.state
    if not line.state:
        return state in ("failed", "human")
    return line.state != payout.provider_state or (line.state == MADE and state in paying.OPEN_AT_SERVICE)


def _missing(line: Booked, payout: Payout) -> str:
    """On which side, where asking for it does not mend it, or did not; empty where it is on both, or on none."""
    state, is_made = payout.reward.state, line.state == MADE
    if is_made and state in ("cancelled", "declined") and payout.returned_at is None:
        return "missing_here"
    if is_made and state == "failed" and payout.provider_state == MADE:
        return "missing_here"
    if line.state in REFUSED and state == "paid" and payout.provider_state == line.state:
        return "missing_there"
    return ""


def _is_another_amount(line: Booked, reward: Reward) -> bool:
    """Money that moved is booked in the currency of the service's account, which says nothing of a gift in another."""
    if line.amount_cents is None or (not line.state and line.currency != reward.currency):
        return False
    return (line.amount_cents, line.currency) != (reward.amount_cents, reward.currency)


def missing_there(tx: Session, *, payout_id: int, now: datetime) -> None:
    """The service was asked for it by its id, and has none."""
    payout = tx.get_one(Payout, payout_id)
    reward = payout.reward
    detail = {
        "ref": payout.provider_ref,
        "reward_id": reward.id,
        "ours_cents": reward.amount_cents,
        "ours_currency": reward.currency,
    }
    key = payout.external_id
    _differs(tx, reward.workspace_id, "missing_there", external_id=key, payout=payout, detail=detail, now=now)


def _said(line: Booked, **ours: Any) -> dict[str, Any]:
    return {"ref": line.ref, "state": line.state, "cents": line.amount_cents, "currency": line.currency, **ours}


def _differs(
    tx: Session,
    workspace_id: int,
    kind: str,
    *,
    external_id: str,
    payout: Payout | None,
    detail: dict[str, Any],
    now: datetime,
) -> None:
    once.insert(
        tx,
        Discrepancy,
        workspace_id=workspace_id,
        kind=kind,
        external_id=external_id,
        payout_id=payout.id if payout else None,
        detail=detail,
        found_at=now,
    )


def settle(tx: Session, *, manager: Member, discrepancy_id: int, why: str, now: datetime) -> None:
    """A manager looked at both sides, and says what became of it. A second press is no news."""
    access.check_manage(manager)
    row = tx.scalars(
        select(Discrepancy)
        .where(Discrepancy.id == discrepancy_id, Discrepancy.workspace_id == manager.workspace_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise Refused("That is not here.")
    if row.settled_at is not None:
        return
    reason = why.strip()
    if not reason:
        raise Refused("Say what you found, for the other managers.", "why")
    if len(reason) > LONGEST_WHY:
        raise Refused(f"Please keep it under {LONGEST_WHY} characters.", "why")
    row.settled_by_id, row.settled_at, row.why = manager.id, now, reason
    audit.record(
        tx,
        workspace_id=manager.workspace_id,
        by=manager,
        act="difference settled",
        subject="workspace",
        subject_id=manager.workspace_id,
        now=now,
        kind=row.kind,
        external_id=row.external_id,
        why=reason,
    )
