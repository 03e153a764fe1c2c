"""Everything that goes out over a network, and the three ways in which a call can fail."""

from __future__ import annotations

CALL_SECONDS = 5
"""No call may take longer: it must end before the lease of the row it is made for."""


class NotDone(Exception):
    """It surely did not happen, and may be tried again after so many seconds (None: the caller's own pace)."""

    def __init__(self, why: str, after_seconds: float | None = None) -> None:
        super().__init__(why)
        self.after_seconds = after_seconds


class Unknown(Exception):
    """It may have happened or not: cut, timed out, or answered with a server error."""


class Impossible(Exception):
    """It did not happen and never will as it stands. `code` is what the other side called it."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
