"""How what was approved reaches its receiver: one payment each, the codes there are, and what did not add up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Key
from models.members import Member
from models.rewards import Reward


class Payout(Base):
    """The one payment of a reward. Its external id is derived, so a repeat is the same payment."""

    __tablename__ = "payouts"
    __table_args__ = (UniqueConstraint("reward_id"),)

    id: Mapped[Key]
    reward_id: Mapped[int] = mapped_column(ForeignKey("rewards.id"))
    external_id: Mapped[str] = mapped_column(unique=True)
    provider: Mapped[str]
    """manual, codes, tremendous or booking; service of those of before there were several."""
    body: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """What the provider is asked, as it was first asked, so that every try is equal to the byte."""
    gift: Mapped[str] = mapped_column(default="")
    """The code or link, encrypted; empty until there is one."""
    provider_ref: Mapped[str] = mapped_column(default="")
    """The provider's own id of the order."""
    provider_reward: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """The provider's own id of the gift in it, which is what is sent again or cancelled."""
    provider_state: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """What the provider last said of the order."""
    error: Mapped[str] = mapped_column(default="")
    paid_at: Mapped[datetime | None]
    gift_told_at: Mapped[datetime | None]
    gift_channel_id: Mapped[str | None]
    gift_ts: Mapped[str | None]
    """Where its receiver was told."""
    expires_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    redeemed_at: Mapped[datetime | None]
    """When its receiver used it, as far as anybody tells us."""
    resent_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    """When the money came back, unclaimed or cancelled."""

    reward: Mapped[Reward] = relationship(back_populates="payout")


class GiftCode(Base):
    """One coupon code of a list that a manager uploaded. Given once."""

    __tablename__ = "gift_codes"
    __table_args__ = (
        UniqueConstraint("workspace_id", "digest"),
        UniqueConstraint("payout_id"),
        Index("ix_gift_codes_free", "workspace_id", "currency", "amount_cents", "payout_id"),
    )

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    batch: Mapped[str]
    """The name of the list."""
    code: Mapped[str]
    """Encrypted."""
    digest: Mapped[str]
    """Keyed, so that the same code is found again and nobody can try codes against it."""
    amount_cents: Mapped[int]
    currency: Mapped[str]
    expires_on: Mapped[date | None]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    uploaded_at: Mapped[datetime]
    payout_id: Mapped[int | None] = mapped_column(ForeignKey("payouts.id"))
    """What it was given for. None: it is free."""
    given_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    """Taken out of the list by a manager before it was given."""

    uploaded_by: Mapped[Member] = relationship()


class PayoutProduct(Base):
    """A way in which the payout service gives, and where. As it was listed when we last asked."""

    __tablename__ = "payout_products"
    __table_args__ = (UniqueConstraint("workspace_id", "product_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    product_id: Mapped[str]
    """The service's own."""
    name: Mapped[str]
    kind: Mapped[str]
    """In the service's words: merchant_card, charity, ach …"""
    currencies: Mapped[str]
    """ISO 4217, each with a blank before and after it, so that one is found by itself: " EUR USD "."""
    countries: Mapped[str]
    """ISO 3166-1, two letters, in the same way."""
    bands: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Which amounts: currency, least_cents and most_cents of each stretch. None of them: any amount."""
    read_at: Mapped[datetime]
    """When it was last listed."""
    gone_at: Mapped[datetime | None]
    """Since when it is not listed any more. None: it is."""


class Discrepancy(Base):
    """Where the provider's books and ours differ. Settled by a person, with a word why."""

    __tablename__ = "discrepancies"
    __table_args__ = (UniqueConstraint("workspace_id", "kind", "external_id"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    kind: Mapped[str]
    """missing_here, missing_there or amount_differs."""
    external_id: Mapped[str]
    """Of the payment; the provider's own id where it has none of ours."""
    payout_id: Mapped[int | None] = mapped_column(ForeignKey("payouts.id"))
    detail: Mapped[dict[str, Any]]
    """Amounts, currencies, states, ids; no link and no code."""
    found_at: Mapped[datetime]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    settled_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="", server_default=text("''"))

    settled_by: Mapped[Member | None] = relationship()


class TaxLine(Base):
    """From which sum a year on somebody's rewards have to be reported there. Data, because it changes."""

    __tablename__ = "tax_lines"
    __table_args__ = (UniqueConstraint("workspace_id", "country", "year"),)

    id: Mapped[Key]
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspaces.id"))
    country: Mapped[str]
    """Two letters, ISO 3166-1."""
    year: Mapped[int]
    line_cents: Mapped[int]
    currency: Mapped[str]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    """None: it came with the product."""
    set_at: Mapped[datetime]

    set_by: Mapped[Member | None] = relationship()
