"""Amounts that people type, read in one place: exact, in hundredths, and refused with the reason."""

from __future__ import annotations

import re
from decimal import Decimal

from feedback.errors import Refused

CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD")
"""Those with a hundredth: amounts are kept in it, and 2500 yen are not 25.00."""
AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


def cents_of(text: str, field: str) -> int:
    """What a person typed ("25", "12.50") in hundredths, exactly. Never nothing."""
    plain = text.strip()
    if re.search(r"[^\x00-\x7f]", plain):
        raise Refused("Write it with the digits 0 to 9.", field)
    if plain.startswith("-"):
        raise Refused("An amount is more than nothing.", field)
    if "," in plain:
        raise Refused("Write it with a point and no comma, like 12.50.", field)
    if re.fullmatch(r"[0-9]+\.[0-9]{3,}", plain):
        raise Refused("There is nothing smaller than a hundredth: two digits after the point.", field)
    if re.fullmatch(r"[0-9]{10,}(\.[0-9]+)?", plain):
        raise Refused("That is too much for any amount here.", field)
    if not AMOUNT.fullmatch(plain):
        raise Refused("Write an amount like 25 or 12.50.", field)
    cents = int(Decimal(plain) * 100)
    if cents == 0:
        raise Refused("An amount is more than nothing.", field)
    return cents


def currency_of(text: str, field: str = "currency") -> str:
    """One that is here."""
    if text not in CURRENCIES:
        raise Refused("Choose one of the currencies in the list.", field)
    return text
