"""What can be given through the payout service, for managers: where, in which currency, how much; and when we asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from feedback import rewards
from feedback.blocks import money
from feedback.overview import Page, paged, undelivered
from models import Outbox, PayoutProduct

KINDS = {
    "ach": "Bank transfer",
    "cash_app": "Cash App",
    "charity": "Gift to a charity",
    "instant_debit_transfer": "Transfer to a debit card",
    "international_bank": "Bank transfer abroad",
    "merchant_card": "Gift card of a shop",
    "paypal": "PayPal",
    "venmo": "Venmo",
    "visa_card": "Prepaid card",
    "wallet": "Wallet on a phone",
}
"""By the service's own word."""
MOST_BANDS = 4
"""Stretches of amounts in one line."""
MOST_COUNTRIES = 6


@dataclass(frozen=True)
class Sieve:
    """Empty: any."""

    country: str = ""
    currency: str = ""


@dataclass(frozen=True)
class Choices:
    """What there is to sieve by."""

    countries: Sequence[str]
    currencies: Sequence[str]


@dataclass(frozen=True)
class Shown:
    product: PayoutProduct
    kind: str
    countries: Sequence[str]
    currencies: Sequence[str]
    amounts: Sequence[str]
    """From which to which; empty: any."""
    more: int
    """Stretches that are not named."""

    @property
    def has_many_countries(self) -> bool:
        return len(self.countries) > MOST_COUNTRIES


@dataclass(frozen=True)
class Asked:
    """When we last heard what there is, and how it goes with asking anew."""

    at: datetime | None
    """None: never yet."""
    products: int
    balance: str
    """What orders could be paid with then; empty where the service did not say."""
    is_going: bool
    """It is being asked, or will be in a moment."""
    trouble: str
    """Why nobody knows anything newer; empty where all is well."""


def choices(tx: Session, *, workspace_id: int) -> Choices:
    """Of everything that can be given."""
    rows = tx.execute(
        select(PayoutProduct.countries, PayoutProduct.currencies).where(
            PayoutProduct.workspace_id == workspace_id, PayoutProduct.gone_at.is_(None)
        )
    ).all()
    return Choices(
        countries=sorted({code for row in rows for code in row.countries.split()}),
        currencies=sorted({code for row in rows for code in row.currencies.split()}),
    )


def listed(tx: Session, *, workspace_id: int, sieve: Sieve, number: int) -> Page[Shown]:
    """By name; what is gone stands behind everything else."""
    wanted: list[ColumnElement[bool]] = [PayoutProduct.workspace_id == workspace_id]
    for column, code in ((PayoutProduct.countries, sieve.country), (PayoutProduct.currencies, sieve.currency)):
        if code:
            wanted.append(column.contains(f" {code} ", autoescape=True))
    is_gone = PayoutProduct.gone_at.is_not(None).label("is_gone")
    statement = select(PayoutProduct).where(*wanted).order_by(is_gone, PayoutProduct.name, PayoutProduct.id)
    page = paged(tx, statement, number=number)
    return Page([_shown(row.PayoutProduct, sieve) for row in page.rows], page.number, page.total, page.size)


def _shown(product: PayoutProduct, sieve: Sieve) -> Shown:
    """Where one currency is asked for, its own amounts."""
    own = [band for band in product.bands if band["currency"] == sieve.currency]
    bands = own or product.bands
    said = [_stretch(band["least_cents"], band["most_cents"], band["currency"]) for band in bands]
    return Shown(
        product=product,
        kind=KINDS.get(product.kind, product.kind.replace("_", " ").capitalize()),
        countries=product.countries.split(),
        currencies=product.currencies.split(),
        amounts=said[:MOST_BANDS],
        more=len(said[MOST_BANDS:]),
    )


def _stretch(least: int, most: int, currency: str) -> str:
    if least == most:
        return money(least, currency)
    return f"{money(least, currency)} to {money(most, currency)}"


def asked(tx: Session, *, workspace_id: int) -> Asked:
    last = rewards.products.last_read(tx, workspace_id=workspace_id)
    row = tx.scalars(select(Outbox).where(Outbox.key == rewards.products.key_of(workspace_id))).one_or_none()
    detail = last.detail if last else {}
    has_balance = "balance_cents" in detail
    return Asked(
        at=last.at if last else None,
        products=detail.get("products", 0),
        balance=money(detail["balance_cents"], detail["balance_currency"]) if has_balance else "",
        is_going=row is not None and row.state in ("new", "sending"),
        trouble=undelivered.why(row) if row is not None and row.error else "",
    )
