"""Comparing signatures, whatever somebody sends for one, in a time that says nothing of how much of it was right."""

from __future__ import annotations

import hashlib
import hmac


def is_hmac(secret: str, body: bytes, given: str, *, prefix: str = "") -> bool:
    """`given`: as the header has it, hexadecimal SHA-256 after the prefix."""
    wanted = prefix + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return is_same(wanted, given)


def is_same(wanted: str, given: str) -> bool:
    """An empty one is never the same: it would be a key that everybody has."""
    return bool(wanted) and hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace"))
