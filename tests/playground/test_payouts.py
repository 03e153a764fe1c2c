"""One external_id is one payment, whatever goes wrong around it."""

import json
import urllib.error
import urllib.request
from http.client import RemoteDisconnected
from typing import Any

import pytest

from playground.client import Client
from playground.server import Playground

ORDER: dict[str, Any] = {"external_id": "pay-1", "amount_cents": 5000, "currency": "USD", "recipient": {"id": "U0ANA"}}
KEY = "Bearer payouts-playground"


def ask(playground: Playground, body: Any = None, *, key: str = KEY, query: str = "") -> tuple[int, dict[str, Any]]:
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    headers = {"Authorization": key, "Content-Type": "application/json"}
    request = urllib.request.Request(f"{playground.url}/payouts/orders{query}", data=data, headers=headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_the_same_order_twice_is_one_payment(playground: Playground, client: Client) -> None:
    status, first = ask(playground, ORDER)
    assert (status, first["order"]["status"], first["order"]["amount_cents"]) == (200, "EXECUTED", 5000)
    assert first["order"]["link"].startswith(playground.url)
    reordered = dict(reversed(ORDER.items()))
    assert ask(playground, reordered) == (201, first)
    status, refused = ask(playground, ORDER | {"amount_cents": 6000})
    assert (status, refused["error"]) == (409, "external_id_taken")
    assert ask(playground, query="?external_id=pay-1") == (200, {"orders": [first["order"]]})
    assert ask(playground, query="?external_id=pay-2") == (200, {"orders": []})
    assert client.orders() == [first["order"]]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        ([], 400),
        ({}, 422),
        (ORDER | {"amount_cents": 0}, 422),
        (ORDER | {"amount_cents": 12.5}, 422),
        (ORDER | {"currency": "dollars"}, 422),
        (ORDER | {"recipient": "U0ANA"}, 422),
    ],
)
def test_bad_orders(playground: Playground, client: Client, body: Any, status: int) -> None:
    assert ask(playground, body)[0] == status
    assert client.orders() == []


def test_a_wrong_key(playground: Playground) -> None:
    assert ask(playground, ORDER, key="Bearer else")[0] == 401
    assert ask(playground, key="")[0] == 401


def test_a_payment_whose_answer_is_lost_is_found_again(playground: Playground, client: Client) -> None:
    client.faults([{"on": "payout", "match": "POST", "do": "cut_after", "times": 1}])
    with pytest.raises(RemoteDisconnected):
        ask(playground, ORDER)
    assert ask(playground, ORDER)[0] == 201
    client.faults([{"on": "payout", "do": "rate_limit", "times": 1}, {"on": "payout", "do": "error", "error": 500}])
    assert ask(playground, ORDER)[0] == 429
    assert ask(playground, ORDER)[0] == 500
    assert len(client.orders()) == 1
