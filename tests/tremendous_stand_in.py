"""Tremendous on loopback, as far as we use it: it keeps what is ordered, and fails as it is told to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.serving import Answering, Failure, served

TOKEN = "TEST_good"
ABOUT = {"description": "…", "disclosure": "<p>Not for cash.</p>", "images": []}
AT = "2026-11-02T09:00:00Z"
Json = dict[str, Any]


@dataclass
class Provider:
    url: str = ""
    orders: dict[str, Json] = field(default_factory=dict)
    """By their external ids."""
    bodies: dict[str, bytes] = field(default_factory=dict)
    state: str = "EXECUTED"
    """Of the orders to come."""
    failures: list[Failure] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    """Method and path of every call."""
    answers: list[tuple[str, str, int, Any]] = field(default_factory=list)
    """Method, path as the specification has it, status and body."""
    links: int = 0
    makes_links: bool = True
    products: list[Json] = field(default_factory=list)
    """Each with what its maker says of it besides; the campaign holds all but those whose ids begin with X."""

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, Any]:
        at = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(at.query).items()}
        words = at.path.removeprefix("/api/v2/").split("/")
        match method, words:
            case "POST", ["orders"]:
                return self._order(body)
            case "GET", ["orders"]:
                found = [self._listed(each) for each in self.orders.values()]
                ours = [each for each in found if asked.get("external_id") in (None, each["external_id"])]
                return 200, {"orders": self._paged(ours, asked), "total_count": len(ours)}
            case "GET", ["balance_transactions"]:
                return 200, {"transactions": self._paged([self._booked(each) for each in self.orders.values()], asked)}
            case "GET", ["funding_sources"]:
                meta = {"available_cents": 120_000, "currency_code": "USD"}
                source: Json = {
                    "id": "F1",
                    "method": "balance",
                    "usage_permissions": [],
                    "status": "active",
                    "type": "COMMERCIAL",
                }
                return 200, {"funding_sources": [{**source, "meta": meta}]}
            case "GET", ["campaigns", "CAMPAIGN"]:
                held = [each["id"] for each in self.products if not each["id"].startswith("X")]
                return 200, {"campaign": {"name": "Thanks", "description": "", "products": held}}
            case "GET", ["products"]:
                wanted = asked["id"].split(",")
                return 200, {"products": [{**ABOUT, **each} for each in self.products if each["id"] in wanted]}
            case "POST", ["rewards", reward_id, "generate_link"] if self.makes_links:
                self.links += 1
                return 200, {"reward": {"id": reward_id, "link": f"https://gifts.example/{reward_id}/{self.links}"}}
            case "POST", ["rewards", _, "resend" | "cancel"]:
                return 200, {}
        return 404, {"errors": {"message": "Not found"}}

    def _order(self, body: bytes) -> tuple[int, Any]:
        sent = json.loads(body)
        external_id = sent["external_id"]
        if external_id in self.orders:
            if self.bodies[external_id] != body:
                return 409, {"errors": {"message": "Another order has this external_id"}}
            return 201, {"order": self.orders[external_id]}
        number = len(self.orders) + 1
        reward = {**sent["reward"], "id": f"R{number}", "order_id": f"O{number}", "created_at": AT}
        reward["delivery"] = {"method": "LINK", "status": "SUCCEEDED", "link": f"https://gifts.example/R{number}"}
        reward["expires_at"] = "2027-05-02T09:00:00Z"
        made = {"id": f"O{number}", "external_id": external_id, "created_at": AT, "status": self.state}
        made["rewards"] = [reward]
        self.orders[external_id], self.bodies[external_id] = made, body
        return 200, {"order": made}

    def _listed(self, order: Json) -> Json:
        """In lists there are no links."""
        reward = {**order["rewards"][0], "delivery": {"method": "LINK", "status": "SUCCEEDED"}}
        return {**order, "rewards": [reward]}

    def _booked(self, order: Json) -> Json:
        price = order["rewards"][0]["value"]["denomination"]
        payment = {"subtotal": price, "total": price, "fees": 0, "discount": 0, "currency_code": "USD"}
        return {
            "created_at": AT,
            "amount": -price,
            "currency_code": "USD",
            "balance": 1200.0,
            "action": "Order",
            "description": "A reward",
            "order": {"id": order["id"], "external_id": order["external_id"], "payment": payment},
        }

    def _paged(self, found: list[Json], asked: dict[str, str]) -> list[Json]:
        offset = int(asked.get("offset", 0))
        return found[offset : offset + int(asked.get("limit", 10))]


@contextmanager
def serve() -> Iterator[Provider]:
    provider = Provider()

    class Handler(Answering):
        def take(self, method: str) -> None:
            body = self.body()
            provider.asked.append(f"{method} {self.path}")
            if self.headers["Authorization"] != f"Bearer {TOKEN}":
                return self.say(401, {"errors": {"message": "Invalid API key"}})
            failure = provider.failures.pop(0) if provider.failures else None
            if failure is None or failure.is_done:
                status, data = provider.answer(method, self.path, body)
                path = urlsplit(self.path).path.removeprefix("/api/v2")
                words = path.split("/")
                known = path if len(words) < 3 else "/".join(["", words[1], "{id}", *words[3:]])
                provider.answers.append((method.lower(), known, status, data))
            if failure is not None:
                return self.fail(failure, {"errors": {"message": "as it was told to"}})
            return self.say(status, data)

    with served(Handler) as url:
        provider.url = f"{url}/api/v2"
        yield provider
