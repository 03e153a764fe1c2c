"""A service that turns an amount into a gift for one person."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from feedback.providers import CALL_SECONDS, Impossible, NotDone, Unknown


@dataclass(frozen=True)
class Order:
    """What we ask for. Byte-equal on every try, because it holds nothing that changes."""

    external_id: str
    amount_cents: int
    currency: str
    recipient_id: str

    def body(self) -> bytes:
        return json.dumps(
            {
                "external_id": self.external_id,
                "amount_cents": self.amount_cents,
                "currency": self.currency,
                "recipient": {"id": self.recipient_id},
            },
            sort_keys=True,
        ).encode()


@dataclass(frozen=True)
class Gift:
    ref: str
    """The service's own id of the order."""
    link: str = field(repr=False)
    """Whoever has it has the gift, so no error spells it out."""


REPAIRABLE = (401, 402, 403)
"""A wrong token, or no money left: somebody mends that, and then the same payment goes through."""


class PayoutService(Protocol):
    """Raises NotDone, Unknown or Impossible. The same `external_id` with the same body is the same payment."""

    def order(self, order: Order) -> Gift: ...
    def new_link(self, reward_ref: str) -> str:
        """Another link to the same gift, where the first one has ended."""
        ...

    def cancel(self, reward_ref: str) -> None:
        """The gift is worth nothing from then on, and the money comes back. Impossible where it was opened."""
        ...


class HttpPayouts:
    """Speaks `POST {url}/orders`: 200 made, 201 made before, 409 another body under this id. And of a gift,
    `POST {url}/rewards/{ref}/generate_link` and `/cancel`."""

    def __init__(self, *, url: str, token: str) -> None:
        self._url, self._token = urlsplit(url.rstrip("/")), token

    def order(self, order: Order) -> Gift:
        made = self._done("/orders", order.body())["order"]
        return Gift(ref=str(made["id"]), link=str(made["link"]))

    def new_link(self, reward_ref: str) -> str:
        return str(self._done(f"/rewards/{quote(reward_ref, safe='')}/generate_link", b"{}")["reward"]["link"])

    def cancel(self, reward_ref: str) -> None:
        self._done(f"/rewards/{quote(reward_ref, safe='')}/cancel", b"{}")

    def _done(self, path: str, body: bytes) -> dict[str, Any]:
        status, data = self._post(path, body)
        if status in (200, 201):
            return data
        if status == 429:
            raise NotDone("rate limited", 30)
        if status in REPAIRABLE:
            raise NotDone(f"http_{status}: {data.get('error', '')}", 300)
        if status >= 500:
            raise Unknown(f"http_{status}")
        raise Impossible("conflict" if status == 409 else f"http_{status}", str(data.get("error", "")))

    def _post(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        make = http.client.HTTPSConnection if self._url.scheme == "https" else http.client.HTTPConnection
        connection = make(self._url.netloc, timeout=CALL_SECONDS)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            connection.request("POST", self._url.path + path, body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        except (ConnectionRefusedError, socket.gaierror) as error:
            raise NotDone(str(error)) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Unknown(str(error) or type(error).__name__) from error
        finally:
            connection.close()
