"""The client of the payout service against Prism, which answers as the specification says, and refuses what the
specification does not allow. It keeps nothing, so it shows shapes only.

python -m tests.prism      # needs npx, which fetches Prism the first time
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from feedback.providers import Impossible, NotDone, Unknown
from feedback.providers.payouts import Order
from feedback.providers.payouts.tremendous import Tremendous
from tests.schemas import TREMENDOUS

PRISM = "@stoplight/prism-cli@5.16.0"
START_SECONDS = 180.0
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ID = "1f0a2f6e-0b6b-5c55-8b77-0f3d1d0d7a11"
REFUSALS: dict[int, type[Exception]] = {
    400: Impossible,
    401: NotDone,
    402: NotDone,
    409: Impossible,
    422: Impossible,
    429: NotDone,
    500: Unknown,
}
"""What an order can be answered, and what that means to us."""


class Asking(Tremendous):
    """Says with each call which of the specified answers it wants."""

    code: int | None = None

    def _call(self, method: str, path: str, body: bytes | None) -> tuple[int, float, Any]:
        if self.code is not None:
            path += f"{'&' if '?' in path else '?'}__code={self.code}"
        return super()._call(method, path, body)


@contextmanager
def prism() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    npx = shutil.which("npx")
    assert npx, "npx is not installed"
    command = [npx, "--yes", PRISM, "mock", str(TREMENDOUS), "-h", "127.0.0.1", "-p", str(port), "--errors"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as door:
                if door.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    with prism() as url:
        client = Asking(url=url, token="TEST_any", funding_source="BALANCE", campaign="CAMPAIGN")
        facts: dict[str, Any] = {"external_id": ID, "amount_cents": 2510, "currency": "USD", "name": "Ana & Co"}
        order = Order(ID, client.write(**facts))
        until = AT + timedelta(days=1)
        calls: dict[str, Callable[[], object]] = {
            "order": lambda: client.order(order),
            "find": lambda: client.find(ID),
            "new_link": lambda: client.new_link("R1"),
            "resend": lambda: client.resend("R1"),
            "cancel": lambda: client.cancel("R1"),
            "orders_since": lambda: client.orders_since(AT, until=until, offset=0),
            "money_since": lambda: client.money_since(AT, until=until, offset=0),
            "balance": client.balance,
        }
        wrong = [f"{name}: {found}" for name, call in calls.items() if (found := _fault(call, None)) is not None]
        client.code = 201
        again = _fault(lambda: client.order(order), None)
        wrong += [f"order again: {again}"] if again else []
        for code, kind in REFUSALS.items():
            client.code = code
            found = _fault(lambda: client.order(order), kind)
            wrong += [f"order answered {code}: {found}"] if found else []
        client.code = None
        pigeon = Order(ID, order.body.replace("LINK", "PIGEON"))
        found = _fault(lambda: client.order(pigeon), Impossible)
        wrong += [f"an order that is not allowed: {found}"] if found else []
    print(
        f"| {len(calls)} calls, {len(REFUSALS) + 1} other answers, 1 that is not allowed | {len(wrong)} not as wanted |"
    )
    print("\n".join(wrong))
    sys.exit(bool(wrong))


def _fault(call: Callable[[], object], wanted: type[Exception] | None) -> str | None:
    """None where it went as wanted."""
    try:
        call()
    except (Impossible, NotDone, Unknown) as error:
        return None if wanted is type(error) else f"{type(error).__name__}: {error}"
    return None if wanted is None else f"was taken, and {wanted.__name__} was wanted"


if __name__ == "__main__":
    main()
