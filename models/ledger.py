"""Where the money is: budgets, and the ledger that they add up in. Whole hundredths, each with its currency."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.members import Member


class Budget(Base):
    """Money for a purpose. The four sums are what the postings of the ledger add up to, kept beside them so that nobody
    has to add them up to see whether there is enough."""

    __tablename__ = "budgets"
    __table_args__ = (
        Index("ix_budgets_workspace_id", "workspace_id"),
        CheckConstraint("available_cents >= 0", name="ck_budgets_available"),
        CheckConstraint("reserved_cents >= 0", name="ck_budgets_reserved"),
        CheckConstraint("committed_cents >= 0", name="ck_budgets_committed"),
        CheckConstraint("spent_cents >= 0", name="ck_budgets_spent"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    name: Mapped[str]
    currency: Mapped[str]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    """The last day on which anything may be approved out of it. None: there is none."""
    available_cents: Mapped[int] = mapped_column(default=0)
    reserved_cents: Mapped[int] = mapped_column(default=0)
    """Approved."""
    committed_cents: Mapped[int] = mapped_column(default=0)
    """On its way: a provider was asked, or may have been."""
    spent_cents: Mapped[int] = mapped_column(default=0)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    made_by: Mapped[Member | None] = relationship()


class LedgerTransaction(Base):
    """Postings that sum to zero. Never changed, never deleted; a mistake is answered with its reverse."""

    __tablename__ = "ledger_transactions"
    __table_args__ = (
        Index("ix_ledger_transactions_workspace_id_posted_at", "workspace_id", "posted_at"),
        Index("ix_ledger_transactions_reward_id", "reward_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """fund, withdraw, reserve, commit, settle, release, void or refund; empty of those of before there were kinds."""
    reward_id: Mapped[int | None] = mapped_column(ForeignKey("rewards.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """Who moved it by hand; None: it followed from something else."""
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_transactions.id"))
    note: Mapped[str] = mapped_column(default="", server_default=text("''"))
    posted_at: Mapped[datetime]

    postings: Mapped[list[Posting]] = relationship(back_populates="transaction", order_by="Posting.id")
    by: Mapped[Member | None] = relationship()


class Posting(Base):
    __tablename__ = "postings"
    __table_args__ = (
        Index("ix_postings_transaction_id", "transaction_id"),
        Index("ix_postings_budget_id", "budget_id"),
    )

    id: Mapped[Key]
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transactions.id"))
    account: Mapped[str]
    """outside (where money comes from), budget, reserved, committed or paid."""
    budget_id: Mapped[int | None] = mapped_column(ForeignKey("budgets.id"))
    """Whose budget, reserved, committed or paid. None of outside."""
    amount_cents: Mapped[int]
    currency: Mapped[str]

    transaction: Mapped[LedgerTransaction] = relationship(back_populates="postings")
