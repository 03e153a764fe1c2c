"""What the gift service holds. Every field is plain JSON, so that a record is stored as it stands."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from playground.records import Doc

EXECUTED, CANCELED, PENDING = "EXECUTED", "CANCELED", "PENDING APPROVAL"
VALID_SECONDS = 365 * 86_400.0
"""A gift that nobody redeemed for so long is worth nothing any more."""


@dataclass
class Order:
    """An order of one gift. Amounts are hundredths; times are seconds since 1970."""

    id: str
    reward_id: str
    external_id: str | None
    asked: Doc
    """The body as it was sent first: whoever asks for something else under its external_id is refused."""
    at: float
    status: str
    cents: int
    currency: str
    paid_cents: int
    """What it costs in the currency of the account."""
    recipient: dict[str, str]
    method: str
    campaign_id: str | None = None
    tokens: list[str] = field(default_factory=list)
    """Each of them opens the gift."""
    redeemed_at: float | None = None
    canceled_at: float | None = None

    @property
    def delivery_status(self) -> str:
        """Answer how far the gift is on its way."""
        return {EXECUTED: "SUCCEEDED", CANCELED: "FAILED"}.get(self.status, "PENDING")

    @property
    def expires_at(self) -> float:
        """Answer when the gift ends."""
        return self.at + VALID_SECONDS


@dataclass
class Transaction:
    """One change of the balance; ``cents`` is negative where money left."""

    number: int
    at: float
    cents: int
    balance_cents: int
    action: str
    order_id: str | None = None


@dataclass
class Webhook:
    """Where events are told, and what signs them."""

    id: str
    url: str
    private_key: str


@dataclass
class Telling:
    """One attempt to tell of an event. ``status`` None: it is under way; 0: nobody answered."""

    id: int
    uuid: str
    event: str
    body: str
    at: float
    status: int | None = None
    reason: str = ""


def moment(seconds: float) -> str:
    """Answer a time as the API writes it, to the millisecond: 2026-11-21T15:00:00.000Z."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_of(text: str) -> float | None:
    """Answer a time that a query gives; None for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
