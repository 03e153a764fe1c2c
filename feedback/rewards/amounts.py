"""Money as people type it, read in one place: whole hundredths, exactly, or refused with what is wrong about it."""

from __future__ import annotations

import re

from feedback.errors import Refused

CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD")
"""Those with a hundredth: amounts are kept in it, and 2500 yen are not 25.00."""
MOST_CENTS = 100_000_000
"""Of any one field. Whoever needs more has a typing error, or another product in mind."""
PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
WRONG = (
    (re.compile(r".{21,}"), "That is too long for an amount."),
    (re.compile(r".*[^\x00-\x7F].*"), "Write it with the digits 0 to 9 and a point, like 12.50."),
    (re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE), "That is not a number."),
    (re.compile(r"-.*"), "An amount cannot be below zero."),
    (re.compile(r"[0-9.]+e[+-]?[0-9]+", re.IGNORECASE), "Write the amount out in full, without an “e”."),
    (re.compile(r"[0-9.,]*,[0-9.,]*"), "Write it with a point and without commas, like 12.50."),
    (re.compile(r".*[A-Za-z$].*"), "Write only the number, like 25 or 12.50."),
)
"""What is wrong with it, the first that fits. A comma is refused because "5,000" is five to some and five thousand to
others."""


def cents_of(text: str, field: str) -> int:
    """What somebody typed ("25", "12.50") in hundredths. `field`: below which it is refused."""
    plain = text.strip()
    if not PLAIN.fullmatch(plain) or len(plain) > 20:
        raise Refused(_wrong(plain), field)
    whole, _, part = plain.partition(".")
    if len(part) > 2:
        raise Refused("At most two digits after the point.", field)
    cents = int(whole) * 100 + int(f"{part:0<2}")
    if cents == 0:
        raise Refused("It has to be more than zero.", field)
    if cents > MOST_CENTS:
        raise Refused(f"At most {MOST_CENTS // 100:,}.", field)
    return cents


def currency_of(text: str, field: str = "currency") -> str:
    """One of CURRENCIES."""
    if text not in CURRENCIES:
        raise Refused(f"Choose one of: {', '.join(CURRENCIES)}.", field)
    return text


def _wrong(plain: str) -> str:
    return next((say for shape, say in WRONG if shape.fullmatch(plain)), "Write an amount like 25 or 12.50.")
