"""Whether an order can be read. What the specification leaves open is taken, what it names is held to."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from playground.records import Doc
from playground.tremendous.errors import TremendousError, invalid
from playground.tremendous.products import CAMPAIGNS, FUNDING_SOURCE, KNOWN, RATES

METHODS = ("EMAIL", "LINK", "PHONE")
LONGEST = 200
MOST_CENTS = 200_000
_OTHER_SOURCES = ("INVOICE", "INVOICE_THEN_BALANCE")


@dataclass(frozen=True)
class Wish:
    """An order as it was understood."""

    external_id: str | None
    cents: int
    currency: str
    recipient: dict[str, str]
    method: str
    campaign_id: str | None


def wish_of(body: Any) -> Wish:
    """Read an order. Refuses (400) what is no object and (422) what the schema does not allow."""
    if not isinstance(body, dict):
        raise TremendousError("The body is not a JSON object", 400)
    external_id = _text(body, "external_id")
    if external_id == "":
        raise invalid("external_id", "is empty")
    _check_payment(body.get("payment"))
    reward = _object(body, "reward", "reward")
    campaign_id = _campaign(reward)
    cents, currency = _value(_object(reward, "value", "reward.value"))
    recipient = _recipient(reward)
    return Wish(external_id, cents, currency, recipient, _method(reward, recipient), campaign_id)


def _check_payment(payment: Any) -> None:
    """Refuse another source than the account's balance; without one the balance is meant."""
    if payment is None:
        return
    if not isinstance(payment, dict) or not isinstance(payment.get("funding_source_id"), str):
        raise invalid("payment.funding_source_id", "is missing")
    source = payment["funding_source_id"]
    if source.upper() in _OTHER_SOURCES:
        raise invalid("payment.funding_source_id", "is not set up for this account")
    if source.upper() != "BALANCE" and source != FUNDING_SOURCE:
        raise invalid("payment.funding_source_id", "is not known")


def _campaign(reward: Doc) -> str | None:
    """Check what the receiver may choose from; answer the campaign, if one is named."""
    campaign_id, products = _text(reward, "campaign_id", "reward.campaign_id"), reward.get("products")
    if campaign_id is not None and campaign_id not in CAMPAIGNS:
        raise invalid("reward.campaign_id", "is not known")
    if products is None and campaign_id is None:
        raise invalid("reward", "needs products or campaign_id")
    if products is not None:
        if not isinstance(products, list) or not products:
            raise invalid("reward.products", "is a list of at least one id")
        if not all(isinstance(one, str) and one in KNOWN for one in products):
            raise invalid("reward.products", "names one that is not known")
    return campaign_id


def _value(value: Doc) -> tuple[int, str]:
    """Answer hundredths and the currency."""
    denomination, currency = value.get("denomination"), value.get("currency_code", "USD")
    if not isinstance(denomination, int | float) or isinstance(denomination, bool):
        raise invalid("reward.value.denomination", "is not a number")
    cents = Decimal(str(denomination)) * 100
    if cents != int(cents):
        raise invalid("reward.value.denomination", "has more than two decimals")
    if not 1 <= cents <= MOST_CENTS:
        raise invalid("reward.value.denomination", f"is not between 0.01 and {MOST_CENTS // 100}")
    if currency not in RATES:
        raise invalid("reward.value.currency_code", "is not one in which gifts are given here")
    return int(cents), currency


def _recipient(reward: Doc) -> dict[str, str]:
    """Answer what is known of the receiver."""
    recipient = _object(reward, "recipient", "reward.recipient")
    found = {name: _text(recipient, name, f"reward.recipient.{name}") for name in ("name", "email", "phone")}
    return {name: text for name, text in found.items() if text}


def _method(reward: Doc, recipient: dict[str, str]) -> str:
    """Answer how the gift gets to the receiver: by e-mail, unless the order says otherwise."""
    delivery = reward.get("delivery", {})
    method = delivery.get("method", "EMAIL") if isinstance(delivery, dict) else None
    if method not in METHODS:
        raise invalid("reward.delivery.method", f"is one of {', '.join(METHODS)}")
    needed = {"EMAIL": "email", "PHONE": "phone"}.get(method)
    if needed is not None and needed not in recipient:
        raise invalid(f"reward.recipient.{needed}", "is missing")
    return str(method)


def _object(holder: Doc, name: str, path: str) -> Doc:
    """Answer an object that has to be there."""
    found = holder.get(name)
    if not isinstance(found, dict):
        raise invalid(path, "is missing")
    return found


def _text(holder: Doc, name: str, path: str = "") -> str | None:
    """Answer a text that may be missing."""
    found = holder.get(name)
    if found is not None and (not isinstance(found, str) or len(found) > LONGEST):
        raise invalid(path or name, f"is a text of at most {LONGEST} characters")
    return found
