"""The gift service answers as its specification says, keeps what it made, and fails in every way that is asked for."""

import json
import re
import urllib.error
import urllib.request
from http.client import RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest

from feedback.settings import ROOT
from playground.client import Client
from playground.server import Options, Playground
from playground.tremendous.hooks import signed_headers
from tests.conftest import in_ci
from tests.playground.receiver import Receiver
from tests.playground.schema import complaints

CONTRACTS = ROOT.parent / "shared" / "contracts"
SPECIFICATION = CONTRACTS / "tremendous" / "openapi.json"
VECTORS = CONTRACTS / "webhook_signature_vectors.json"
KEY = "Bearer payouts-playground"
ORDER: dict[str, Any] = {
    "external_id": "pay-1",
    "payment": {"funding_source_id": "BALANCE"},
    "reward": {
        "campaign_id": "PLAYGROUND",
        "value": {"denomination": 25, "currency_code": "USD"},
        "recipient": {"name": "Ana"},
        "delivery": {"method": "LINK"},
    },
}
Answer = tuple[int, Any]


def call(playground: Playground, verb: str, path: str, body: Any = None, key: str = KEY) -> Answer:
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    headers = {"Authorization": key, "Content-Type": "application/json"} if key else {}
    address = f"{playground.url}/tremendous/api/v2{path}"
    request = urllib.request.Request(address, data=data, headers=headers, method=verb)
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def ordered(playground: Playground, external_id: str = "pay-1", **reward: Any) -> dict[str, Any]:
    status, answer = call(playground, "POST", "/orders", order(external_id, **reward))
    assert status == 200, answer
    return dict(answer["order"])


def order(external_id: str = "pay-1", **reward: Any) -> dict[str, Any]:
    return ORDER | {"external_id": external_id, "reward": ORDER["reward"] | reward}


def look(url: str, form: bool = False) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, data=b"" if form else None) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def balance(playground: Playground) -> int:
    source = call(playground, "GET", "/funding_sources")[1]["funding_sources"][0]
    return int(source["meta"]["available_cents"])


def test_the_same_order_twice_is_one_payment(playground: Playground, client: Client) -> None:
    before = balance(playground)
    status, first = call(playground, "POST", "/orders", ORDER)
    assert (status, first["order"]["status"]) == (200, "EXECUTED")
    assert first["order"]["rewards"][0]["delivery"]["link"].startswith(f"{playground.url}/tremendous/gifts/")
    assert call(playground, "POST", "/orders", dict(reversed(ORDER.items()))) == (201, first)
    assert call(playground, "POST", "/orders", order(value={"denomination": 26}))[0] == 409
    assert before - balance(playground) == 2500
    assert [one["external_id"] for one in client.orders()] == ["pay-1"]


def test_without_an_external_id_each_order_is_another_one(playground: Playground, client: Client) -> None:
    body = {name: part for name, part in ORDER.items() if name != "external_id"}
    assert [call(playground, "POST", "/orders", body)[0] for _ in range(2)] == [200, 200]
    assert len(client.orders()) == 2


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"reward": NaN}', 400),
        ([], 400),
        ({}, 422),
        (order(value={}), 422),
        (order(value={"denomination": "25"}), 422),
        (order(value={"denomination": True}), 422),
        (order(value={"denomination": 0}), 422),
        (order(value={"denomination": -5}), 422),
        (order(value={"denomination": 0.001}), 422),
        (order(value={"denomination": 1e9}), 422),
        (order(value={"denomination": 5, "currency_code": "XYZ"}), 422),
        (order(recipient=None), 422),
        (order(delivery={"method": "PIGEON"}), 422),
        (order(delivery={"method": "EMAIL"}), 422),
        (order(delivery={"method": "PHONE"}), 422),
        (order(campaign_id="ELSE"), 422),
        (order(campaign_id=None), 422),
        (order(products=[]), 422),
        (order(products=["ELSE"]), 422),
        (ORDER | {"payment": {"funding_source_id": "ELSE"}}, 422),
        (ORDER | {"payment": {"funding_source_id": "INVOICE"}}, 422),
        (ORDER | {"payment": {}}, 422),
        (ORDER | {"external_id": 7}, 422),
        (ORDER | {"external_id": ""}, 422),
    ],
)
def test_bad_orders(playground: Playground, client: Client, body: Any, status: int) -> None:
    refused = call(playground, "POST", "/orders", body)
    assert (refused[0], refused[1]["status"]) == (status, status)
    assert client.orders() == []


def test_a_wrong_key(playground: Playground) -> None:
    assert call(playground, "POST", "/orders", ORDER, key="Bearer else")[0] == 401
    assert call(playground, "GET", "/orders", key="")[0] == 401
    assert call(playground, "GET", "/elsewhere")[0] == 404


def test_what_costs_more_than_there_is_waits_for_money(playground: Playground, client: Client) -> None:
    assert look(f"{playground.url}/tremendous/empty", form=True)[0] == 200
    assert call(playground, "POST", "/orders", ORDER)[0] == 402
    assert client.orders() == []
    assert look(f"{playground.url}/tremendous/top-up", form=True)[0] == 200
    assert call(playground, "POST", "/orders", ORDER)[0] == 200
    assert balance(playground) == 100_000 - 2500


def test_another_currency_costs_the_account_its_own(playground: Playground) -> None:
    made = ordered(playground, value={"denomination": 10.5, "currency_code": "EUR"})
    assert made["rewards"][0]["value"] == {"denomination": 10.5, "currency_code": "EUR"}
    assert made["payment"]["total"] == 12.08


def test_a_payment_whose_answer_is_lost_is_found_again(playground: Playground, client: Client) -> None:
    client.faults([{"on": "payout", "match": "POST /orders", "do": "cut_after", "times": 1}])
    with pytest.raises(RemoteDisconnected):
        call(playground, "POST", "/orders", ORDER)
    status, found = call(playground, "GET", "/orders?external_id=pay-1")
    assert (status, found["total_count"]) == (200, 1)
    assert call(playground, "GET", "/orders/pay-1")[1]["order"] == found["orders"][0]
    assert call(playground, "GET", f"/orders/{found['orders'][0]['id']}")[1]["order"] == found["orders"][0]
    assert "link" not in str(found)
    assert call(playground, "POST", "/orders", ORDER)[0] == 201
    assert call(playground, "GET", "/orders?external_id=pay-2")[1] == {"orders": [], "total_count": 0}


@pytest.mark.parametrize(
    ("do", "status", "is_made"),
    [
        ("error", 500, False),
        ("error_after", 500, True),
        ("rate_limit", 429, False),
        ("cut", None, False),
        ("cut_after", None, True),
        ("hang", None, False),
        ("hang_after", None, True),
        ("delay", 200, True),
    ],
)
def test_faults(playground: Playground, client: Client, do: str, status: int | None, is_made: bool) -> None:
    client.faults([{"on": "payout", "match": "/orders", "do": do, "seconds": 0.05, "times": 1}])
    if status is None:
        with pytest.raises(RemoteDisconnected):
            call(playground, "POST", "/orders", ORDER)
    else:
        assert call(playground, "POST", "/orders", ORDER)[0] == status
    assert [one["external_id"] for one in client.orders()] == (["pay-1"] if is_made else [])
    assert call(playground, "POST", "/orders", ORDER)[0] == (201 if is_made else 200)


def test_a_gift_is_opened_and_redeemed_once(playground: Playground) -> None:
    made = ordered(playground, recipient={"name": "<b>Ana</b>"})
    link = made["rewards"][0]["delivery"]["link"]
    status, page = look(link)
    assert (status, "This is a play gift card of $25" in page, "&lt;b&gt;Ana" in page) == (200, True, True)
    redeem = re.search(r'action="([^"]+)"', page)
    assert redeem
    for _ in range(2):
        assert "It was redeemed on" in look(f"{playground.url}{redeem[1]}", form=True)[1]
    reward_id = made["rewards"][0]["id"]
    assert call(playground, "POST", f"/rewards/{reward_id}/cancel")[0] == 422
    assert call(playground, "POST", f"/rewards/{reward_id}/resend", {})[0] == 422
    assert call(playground, "POST", f"/rewards/{reward_id}/generate_link")[0] == 403
    assert look(f"{playground.url}/tremendous/gifts/else")[0] == 404


def test_a_gift_is_taken_back_and_the_money_returns(playground: Playground) -> None:
    before = balance(playground)
    made = ordered(playground)
    reward_id, link = made["rewards"][0]["id"], made["rewards"][0]["delivery"]["link"]
    assert call(playground, "POST", f"/rewards/{reward_id}/resend", {})[0] == 200
    new = call(playground, "POST", f"/rewards/{reward_id}/generate_link")[1]["reward"]
    assert (new["id"], new["link"] != link) == (reward_id, True)
    assert call(playground, "POST", f"/rewards/{reward_id}/cancel") == (200, {})
    assert call(playground, "POST", f"/rewards/{reward_id}/cancel")[0] == 422
    assert call(playground, "GET", "/orders/pay-1")[1]["order"]["status"] == "CANCELED"
    assert balance(playground) == before
    for opened in (link, new["link"]):
        assert "It was taken back" in look(opened)[1]
    moves = call(playground, "GET", "/balance_transactions")[1]["transactions"]
    assert [(one["action"], one["amount"]) for one in moves[:2]] == [("Refund", 25), ("Order", -25)]
    assert call(playground, "POST", "/rewards/else/cancel")[0] == 404


def test_an_order_that_somebody_has_to_approve_first(playground: Playground, client: Client) -> None:
    client.faults([{"on": "payout", "match": "POST /orders", "do": "pend", "times": 2}])
    before = balance(playground)
    for external_id in ("pay-1", "pay-2"):
        made = ordered(playground, external_id)
        assert (made["status"], made["rewards"][0]["delivery"]) == (
            "PENDING APPROVAL",
            {"method": "LINK", "status": "PENDING"},
        )
    assert balance(playground) == before
    approved = call(playground, "POST", "/order_approvals/pay-1/approve")[1]["order"]
    assert (approved["status"], balance(playground)) == ("EXECUTED", before - 2500)
    assert call(playground, "POST", "/order_approvals/pay-1/reject")[0] == 422
    assert call(playground, "POST", "/order_approvals/pay-2/reject")[1]["order"]["status"] == "CANCELED"
    assert call(playground, "POST", "/orders", ORDER)[1]["order"]["rewards"][0]["delivery"]["link"]


def test_lists_come_in_pages_newest_first(playground: Playground) -> None:
    made = [ordered(playground, f"pay-{number}") for number in range(12)]
    ids = [one["id"] for one in reversed(made)]
    first = call(playground, "GET", "/orders")[1]
    assert ([one["id"] for one in first["orders"]], first["total_count"]) == (ids[:10], 12)
    rest = call(playground, "GET", "/orders?offset=10&limit=500")[1]["orders"]
    assert [one["id"] for one in rest] == ids[10:]
    since = made[5]["created_at"]
    late = call(playground, "GET", f"/orders?created_at[gte]={since}&limit=100")[1]["orders"]
    assert {one["external_id"] for one in late} >= {f"pay-{number}" for number in range(5, 12)}
    early = call(playground, "GET", f"/orders?created_at[lte]={since}&limit=100")[1]["orders"]
    assert {one["id"] for one in early} | {one["id"] for one in late} == set(ids)
    rewards = call(playground, "GET", "/rewards?limit=3")[1]
    assert ([one["order_id"] for one in rewards["rewards"]], rewards["total_count"]) == (ids[:3], 12)
    moves = call(playground, "GET", "/balance_transactions?limit=2&offset=1")[1]["transactions"]
    assert [one["order"]["external_id"] for one in moves] == ["pay-10", "pay-9"]
    for query in ("limit=x", "offset=-1", "created_at[gte]=yesterday"):
        assert call(playground, "GET", f"/orders?{query}")[0] == 422


def test_products_by_country_and_currency(playground: Playground) -> None:
    def names(query: str) -> set[str]:
        return {one["id"] for one in call(playground, "GET", f"/products?{query}")[1]["products"]}

    assert names("country=DE") == {"PLAYCOFFEE00", "PLAYCHARITY0"}
    assert names("currency=GBP&country=US") == {"PLAYCOFFEE00", "PLAYBOOKS000", "PLAYCHARITY0"}
    assert names("id=PLAYVISA0000,ELSE") == {"PLAYVISA0000"}


def test_events_are_told_signed(playground: Playground, client: Client, app: Receiver) -> None:
    set_up = {"url": app.url, "private_key": Options.payout_hook_key}
    webhook_id = call(playground, "POST", "/webhooks", set_up)[1]["webhook"]["id"]
    ordered(playground)
    client.quiet()
    assert sorted(told(app)) == ["ORDERS.CREATED", "REWARDS.DELIVERY.SUCCEEDED"]
    assert all(one["signed"] for one in app.requests)
    made_event = next(body for body in events(app) if body["event"] == "ORDERS.CREATED")
    assert made_event["payload"]["resource"] == {"id": client.orders()[0]["id"], "type": "orders"}
    assert call(playground, "POST", f"/webhooks/{webhook_id}/simulate", {"event": "ORDERS.FAILED"})[0] == 200
    assert call(playground, "POST", f"/webhooks/{webhook_id}/simulate", {"event": "ELSE"})[0] == 422
    client.quiet()
    assert told(app)[-1] == "ORDERS.FAILED"
    assert call(playground, "DELETE", f"/webhooks/{webhook_id}") == (204, None)
    assert call(playground, "GET", f"/webhooks/{webhook_id}")[0] == 404
    ordered(playground, "pay-2")
    client.quiet()
    assert len(app.requests) == 3


def test_events_come_late_twice_out_of_order_or_not_at_all(
    playground: Playground, client: Client, app: Receiver
) -> None:
    call(playground, "POST", "/webhooks", {"url": app.url})
    client.faults([{"on": "payout_hook", "match": "ORDERS.CREATED", "do": "reorder", "seconds": 5, "times": 1}])
    ordered(playground)
    client.quiet(10)
    assert told(app) == ["REWARDS.DELIVERY.SUCCEEDED", "ORDERS.CREATED"]
    client.faults(
        [
            {"on": "payout_hook", "match": "ORDERS.CREATED", "do": "duplicate", "times": 1},
            {"on": "payout_hook", "match": "REWARDS.DELIVERY.SUCCEEDED", "do": "drop", "times": 1},
        ]
    )
    ordered(playground, "pay-2")
    client.quiet()
    assert told(app)[2:] == ["ORDERS.CREATED"] * 2
    assert len({one["uuid"] for one in events(app)[2:]}) == 1
    page = look(f"{playground.url}/tremendous")[1]
    assert "a fault that was asked for" in page
    again = re.search(r'action="(/tremendous/told/\d+)"', page)
    assert again
    look(f"{playground.url}{again[1]}", form=True)
    client.quiet()
    assert len(app.requests) == 5


def told(app: Receiver) -> list[str]:
    return [one["event"] for one in events(app)]


def events(app: Receiver) -> list[dict[str, Any]]:
    return [one["payload"] for one in app.requests]


def test_it_signs_as_the_contract_does() -> None:
    if not VECTORS.exists():
        assert not in_ci(), VECTORS
        pytest.skip(f"{VECTORS} is not here")
    vector = next(one for one in json.loads(VECTORS.read_text()) if one["provider"] == "tremendous")
    ours = signed_headers(vector["secret"], vector["body"].encode())
    assert vector["headers"].items() <= ours.items()


def test_what_was_ordered_outlives_a_restart(tmp_path: Path) -> None:
    options = Options(port=0, store=tmp_path / "playground.sqlite3", payout_hook_url="http://127.0.0.1:9/")
    with Playground(options) as playground:
        made = ordered(playground)
        left = balance(playground)
    with Playground(options) as playground:
        assert call(playground, "POST", "/orders", ORDER)[1]["order"]["id"] == made["id"]
        assert balance(playground) == left
        token = made["rewards"][0]["delivery"]["link"].rpartition("/")[2]
        assert look(f"{playground.url}/tremendous/gifts/{token}")[0] == 200
        assert look(f"{playground.url}/tremendous")[0] == 200


def test_whoever_watches_is_told_how_far_a_call_is() -> None:
    seen: list[tuple[str, str]] = []
    with Playground(Options(port=0, on_payout=lambda call, stage: seen.append((call, stage)))) as playground:
        ordered(playground)
        assert [stage for _, stage in seen][:2] == ["arrived", "done"]
    assert seen == [("POST /orders", stage) for stage in ("arrived", "done", "answered")]


def test_every_answer_is_what_the_specification_says(playground: Playground, app: Receiver) -> None:
    if not SPECIFICATION.exists():
        assert not in_ci(), SPECIFICATION
        pytest.skip(f"{SPECIFICATION} is not here")
    specification = json.loads(SPECIFICATION.read_text())
    made = ordered(playground)
    reward = f"/rewards/{made['rewards'][0]['id']}"
    webhook = f"/webhooks/{call(playground, 'POST', '/webhooks', {'url': app.url})[1]['webhook']['id']}"
    other = ordered(playground, "pay-2")
    for verb, path, pattern, body in [
        ("POST", "/orders", "/orders", ORDER),
        (
            "POST",
            "/orders",
            "/orders",
            order("pay-3", delivery={"method": "EMAIL"}, recipient={"email": "a@b.example"}),
        ),
        ("POST", "/orders", "/orders", order(value={"denomination": 1})),
        ("POST", "/orders", "/orders", {}),
        ("GET", "/orders", "/orders", None),
        ("GET", "/orders/pay-1", "/orders/{id}", None),
        ("GET", "/orders/else", "/orders/{id}", None),
        ("GET", "/rewards", "/rewards", None),
        ("GET", reward, "/rewards/{id}", None),
        ("POST", f"{reward}/resend", "/rewards/{id}/resend", {}),
        ("POST", f"{reward}/generate_link", "/rewards/{id}/generate_link", None),
        ("POST", f"{reward}/cancel", "/rewards/{id}/cancel", None),
        ("POST", f"{reward}/cancel", "/rewards/{id}/cancel", None),
        ("POST", f"{reward}/generate_link", "/rewards/{id}/generate_link", None),
        ("POST", f"/order_approvals/{other['id']}/approve", "/order_approvals/{id}/approve", None),
        ("GET", "/orders", "/orders", None),
        ("GET", "/products", "/products", None),
        ("GET", "/products/PLAYCOFFEE00", "/products/{id}", None),
        ("GET", "/products/ELSE", "/products/{id}", None),
        ("GET", "/campaigns/PLAYGROUND", "/campaigns/{id}", None),
        ("GET", "/campaigns/ELSE", "/campaigns/{id}", None),
        ("GET", "/funding_sources", "/funding_sources", None),
        ("GET", "/balance_transactions", "/balance_transactions", None),
        ("GET", "/balance_transactions?created_at[gte]=x", "/balance_transactions", None),
        ("POST", "/webhooks", "/webhooks", {}),
        ("GET", "/webhooks", "/webhooks", None),
        ("GET", webhook, "/webhooks/{id}", None),
        ("GET", f"{webhook}/events", "/webhooks/{id}/events", None),
        ("POST", f"{webhook}/simulate", "/webhooks/{id}/simulate", {"event": "ORDERS.FAILED"}),
        ("DELETE", webhook, "/webhooks/{id}", None),
    ]:
        status, answer = call(playground, verb, path, body)
        responses = specification["paths"][pattern][verb.lower()]["responses"]
        assert str(status) in responses, (verb, path, status, answer)
        schema = responses[str(status)].get("content", {}).get("application/json", {}).get("schema", {})
        wrong = list(complaints(answer, schema, specification["components"]["schemas"]))
        assert wrong == [], (verb, path, status)
