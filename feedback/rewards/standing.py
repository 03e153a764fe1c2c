"""What a thank-you is for, what was done with it, and where it is shown."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import audit, members, outbox
from models import Change, ChangeIdea, Member, Reward


def get(tx: Session, *, reward_id: int) -> Reward:
    """For jobs, which carry an id that the domain gave them."""
    return tx.get_one(Reward, reward_id)


def change_of(tx: Session, *, reward: Reward) -> Change | None:
    """The shipped change that it is a thank-you for."""
    if reward.change_id is not None:
        return reward.change
    return tx.scalars(
        select(Change)
        .join(ChangeIdea, ChangeIdea.change_id == Change.id)
        .where(ChangeIdea.idea_id == reward.idea_id, Change.kind == "shipped", Change.made_at <= reward.proposed_at)
        .order_by(Change.id.desc())
    ).first()


def record(tx: Session, *, reward: Reward, by: Member | None, act: str, now: datetime, **detail: object) -> None:
    audit.record(
        tx,
        workspace_id=reward.workspace_id,
        by=by,
        act=act,
        subject="reward",
        subject_id=reward.id,
        now=now,
        amount_cents=reward.amount_cents,
        currency=reward.currency,
        **detail,
    )


def show(tx: Session, *, reward: Reward, now: datetime) -> None:
    """Owes the managers' card and the member's home a fresh look."""
    refresh_card(tx, reward_id=reward.id, now=now)
    members.show_home(tx, member=reward.member, now=now)


def refresh_card(tx: Session, *, reward_id: int, now: datetime) -> None:
    """Owes the managers' card a fresh look."""
    outbox.owe_again(
        tx,
        workspace_id=tx.get_one(Reward, reward_id).workspace_id,
        kind="reward.card_refresh",
        key=f"reward.card_refresh:{reward_id}",
        now=now,
        reward_id=reward_id,
    )


def card_posted(tx: Session, *, reward_id: int, channel_id: str, ts: str, now: datetime) -> None:
    """Remembers where the newest card stands. The one before it says so, and shows nothing that could be old."""
    reward = tx.get_one(Reward, reward_id, with_for_update=True)
    if reward.card_ts != ts:
        workspace_id, before = reward.workspace_id, reward.card_channel_id
        outbox.replace_card(tx, workspace_id=workspace_id, channel_id=before, ts=reward.card_ts, now=now)
    reward.card_channel_id, reward.card_ts = channel_id, ts
