"""Whole numbers and days as people type them, read in one place, or refused with what would be right."""

from __future__ import annotations

import re
from datetime import date

from feedback.errors import Refused

DIGITS = re.compile(r"[0-9]{1,9}")
"""As amounts have them: other scripts' digits look like something else to whoever reads over it."""


def number_of(text: str, field: str, *, least: int, most: int, what: str = "a whole number") -> int:
    """`field`: below which it is refused."""
    plain = text.strip()
    if not DIGITS.fullmatch(plain) or not least <= int(plain) <= most:
        raise Refused(f"Write {what} between {least} and {most}.", field)
    return int(plain)


def day_of(text: str, field: str) -> date | None:
    """None where it is left empty."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise Refused("Write a day like 2026-12-31.", field) from None
