"""A service that turns an amount into a gift for one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

MADE = "EXECUTED"
REFUSED = ("FAILED", "CANCELED")
"""Of an order that will never be a gift, or is none any more. Every other word means that it may still become one."""


@dataclass(frozen=True)
class Order:
    """What we ask for: written once, and sent as it is on every try."""

    external_id: str
    body: str


@dataclass(frozen=True)
class Gift:
    """How an order stands."""

    ref: str
    """The service's own id of the order."""
    link: str = field(repr=False)
    """Empty where there is none yet."""
    reward_ref: str = ""
    """The service's own id of the gift in it."""
    expires_at: datetime | None = None
    state: str = MADE
    """In the service's words; see MADE and REFUSED."""
    amount_cents: int | None = None
    currency: str = ""
    """As the service has it. None and empty: it does not say."""


@dataclass(frozen=True)
class Booked:
    """A line of the service's books: an order, or money that moved for one."""

    external_id: str
    """Ours, where it was ordered with one; else empty."""
    ref: str
    state: str
    """Of an order, in the service's words; empty of money that moved."""
    amount_cents: int | None
    currency: str


@dataclass(frozen=True)
class Books:
    """A stretch of them, the newest first."""

    lines: Sequence[Booked]
    size: int
    """How far it reached: some of what it passed may be about no order."""
    has_more: bool


@dataclass(frozen=True)
class Band:
    """From which amount to which a product is given, both of them too."""

    currency: str
    least_cents: int
    most_cents: int


@dataclass(frozen=True)
class Product:
    """What a gift can be turned into."""

    id: str
    name: str
    kind: str
    """In the service's words: merchant_card, charity, ach …"""
    currencies: Sequence[str]
    countries: Sequence[str]
    """Where its receiver has to be."""
    bands: Sequence[Band]
    """None of them: any amount. They hold for orders in each of its currencies."""


class PayoutService(Protocol):
    """What goes over the network raises NotDone, Unknown or Impossible. The same `external_id` with the same body is
    the same payment."""

    def write(self, *, external_id: str, amount_cents: int, currency: str, name: str) -> str:
        """What an order says. Asks nobody."""

    def order(self, order: Order) -> Gift: ...

    def find(self, external_id: str) -> Gift | None:
        """None where it knows no order by this id."""

    def resend(self, reward_ref: str) -> None: ...

    def cancel(self, reward_ref: str) -> None: ...

    def new_link(self, reward_ref: str) -> str:
        """Another one to the same gift."""

    def orders_since(self, at: datetime, *, until: datetime, offset: int) -> Books: ...

    def money_since(self, at: datetime, *, until: datetime, offset: int) -> Books: ...

    def balance(self) -> tuple[int, str] | None:
        """What orders can still be paid with, in cents, and its currency. None where it does not say."""

    def products(self) -> Sequence[Product]:
        """Of which the receivers of our orders choose."""
