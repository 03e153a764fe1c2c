"""Amounts as people type them, in whole hundredths: read in one place."""

from __future__ import annotations

import re

from feedback.errors import Refused

AMOUNT = re.compile(r"([0-9]{1,6})(?:\.([0-9]{1,2}))?")
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD")


def cents_of(text: str, field: str = "") -> int:
    """ "25", "12.50" or "12.5". Refused with the reason, below that field."""
    found = AMOUNT.fullmatch(text.strip())
    if found is None:
        raise Refused("Write an amount like 25 or 12.50.", field)
    cents = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    if cents == 0:
        raise Refused("An amount is more than nothing.", field)
    return cents


def currency_of(text: str, field: str = "") -> str:
    if text.strip() not in CURRENCIES:
        raise Refused(f"A currency is one of {', '.join(CURRENCIES)}.", field)
    return text.strip()
