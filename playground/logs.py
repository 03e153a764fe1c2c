"""What was delivered to the app and what the app called, newest last; the tests read it, people debug with it."""

from collections import deque
from typing import Any

from playground.records import Doc

KEPT = 50_000
_SECRET_ARGS = {"token", "client_secret", "code", "refresh_token"}


class Logs:
    """The last deliveries and Web API calls."""

    def __init__(self) -> None:
        self.deliveries: deque[Doc] = deque(maxlen=KEPT)
        self.calls: deque[Doc] = deque(maxlen=KEPT)

    def delivered(
        self,
        *,
        kind: str,
        name: str,
        event_id: str,
        retry: int,
        status: int,
        seconds: float,
        at: float,
        body: Any,
        **more: Any,
    ) -> None:
        """Write down one attempt to deliver. ``status`` is HTTP's; 0 means that no answer came, ``error`` says why."""
        entry: Doc = {"kind": kind, "type": name, "event_id": event_id, "retry": retry, "status": status}
        self.deliveries.append(entry | {"seconds": round(seconds, 4), "at": at, "body": body} | more)

    def called(self, *, method: str, args: Doc, ok: bool, error: str | None, at: float) -> None:
        """Write down one call of the Web API, without its secrets."""
        shown = {name: value for name, value in args.items() if name not in _SECRET_ARGS}
        self.calls.append({"method": method, "args": shown, "ok": ok, "error": error, "at": at})
