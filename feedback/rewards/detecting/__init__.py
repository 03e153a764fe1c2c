"""What a person should look at before it is paid. Each detector sees one reward and says what it found, in ids and
numbers and nobody's words, or None; each file begins with the numbers that decide, and why they are what they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from feedback.rewards.detecting import between, sums, texts

DETECTORS: dict[str, Callable[..., dict[str, Any] | None]] = {
    "burst": texts.burst,
    "praise": between.praise,
    "accounts": between.accounts,
    "often": sums.often,
    "share": sums.share,
    "tax_near": sums.near_the_line,
    "tax_over": sums.over_the_line,
}
"""By the kind of hold that it raises. Each takes the session, the reward, all accounts of whoever receives it, and the
time."""

__all__ = ["DETECTORS"]
