"""What is given for help: proposal, decision, payout, and the ledger that it all adds up in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.ideas import Idea
from models.members import Member


class Reward(Base):
    __tablename__ = "rewards"
    __table_args__ = (
        UniqueConstraint("workspace_id", "idea_id", "member_id", "reason"),
        Index("ix_rewards_workspace_id_state", "workspace_id", "state"),
        Index("ix_rewards_member_id", "member_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    idea_id: Mapped[int] = mapped_column(ForeignKey("ideas.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    """Who receives it."""
    reason: Mapped[str]
    amount_cents: Mapped[int]
    currency: Mapped[str]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    """Who recorded the change that was confirmed: they vouch for it, so they may not approve it."""
    state: Mapped[str] = mapped_column(default="proposed")
    """proposed, declined, approved, paid, failed or human (a person must look)."""
    proposed_at: Mapped[datetime]
    card_channel_id: Mapped[str | None]
    card_ts: Mapped[str | None]

    idea: Mapped[Idea] = relationship()
    member: Mapped[Member] = relationship(foreign_keys=member_id)
    proposed_by: Mapped[Member] = relationship(foreign_keys=proposed_by_id)
    approval: Mapped[Approval | None] = relationship(back_populates="reward")
    payout: Mapped[Payout | None] = relationship(back_populates="reward")


class Approval(Base):
    """A manager's word on a reward, once."""

    __tablename__ = "approvals"
    __table_args__ = (UniqueConstraint("reward_id"),)

    id: Mapped[Key]
    reward_id: Mapped[int] = mapped_column(ForeignKey("rewards.id"))
    manager_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    verdict: Mapped[str]
    """approved or declined."""
    why: Mapped[str] = mapped_column(default="")
    given_at: Mapped[datetime]

    reward: Mapped[Reward] = relationship(back_populates="approval")
    manager: Mapped[Member] = relationship()


class Payout(Base):
    """The one payment of a reward. Its external id is derived, so a repeat is the same payment."""

    __tablename__ = "payouts"
    __table_args__ = (UniqueConstraint("reward_id"),)

    id: Mapped[Key]
    reward_id: Mapped[int] = mapped_column(ForeignKey("rewards.id"))
    external_id: Mapped[str] = mapped_column(unique=True)
    provider: Mapped[str]
    """manual or service."""
    gift: Mapped[str] = mapped_column(default="")
    """The code or link, encrypted; empty until there is one."""
    provider_ref: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")
    paid_at: Mapped[datetime | None]
    gift_told_at: Mapped[datetime | None]

    reward: Mapped[Reward] = relationship(back_populates="payout")


class LedgerTransaction(Base):
    """Postings that sum to zero. Never changed, never deleted; a mistake is answered with its reverse."""

    __tablename__ = "ledger_transactions"

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    key: Mapped[str] = mapped_column(unique=True)
    reward_id: Mapped[int | None] = mapped_column(ForeignKey("rewards.id"))
    posted_at: Mapped[datetime]

    postings: Mapped[list[Posting]] = relationship(back_populates="transaction")


class Posting(Base):
    __tablename__ = "postings"
    __table_args__ = (Index("ix_postings_transaction_id", "transaction_id"),)

    id: Mapped[Key]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transactions.id"))
    account: Mapped[str]
    """budget, reserved or paid."""
    amount_cents: Mapped[int]
    currency: Mapped[str]

    transaction: Mapped[LedgerTransaction] = relationship(back_populates="postings")
