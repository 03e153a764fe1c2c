"""The payout service's client: what it sends and takes is as the specification says; each failure is one of ours."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from feedback.providers import Impossible, NotDone, Unknown
from feedback.providers.payouts import Band, Order, Product
from feedback.providers.payouts.tremendous import Tremendous, cents, gift_of
from tests import schemas
from tests.serving import Failure
from tests.tremendous_stand_in import TOKEN, Provider, serve

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ID = "1f0a2f6e-0b6b-5c55-8b77-0f3d1d0d7a11"
COFFEE: dict[str, Any] = {
    "id": "COFFEE",
    "name": "A coffee card",
    "category": "merchant_card",
    "skus": [{"min": 5, "max": 100.5, "currency_code": "USD"}, {"min": 0.011, "max": 0.019, "currency_code": "EUR"}],
    "currency_codes": ["USD", "EUR"],
    "countries": [{"abbr": "US"}, {"abbr": "DE"}],
}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serve() as found:
        yield found


def client_of(provider: Provider, token: str = TOKEN) -> Tremendous:
    return Tremendous(url=provider.url, token=token, funding_source="BALANCE", campaign="CAMPAIGN")


def order_of(amount_cents: int = 2500, name: str = "Ana", external_id: str = ID) -> Order:
    client = Tremendous(url="", token="", funding_source="BALANCE", campaign="CAMPAIGN")
    facts = {"external_id": external_id, "amount_cents": amount_cents, "currency": "USD", "name": name}
    return Order(external_id, client.write(**facts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount_cents", "written"), [(500, "5.00"), (1, "0.01"), (110, "1.10"), (29, "0.29"), (1234567890, "12345678.90")]
)
def test_amounts_are_written_and_read_digit_by_digit(amount_cents: int, written: str) -> None:
    body = order_of(amount_cents).body
    assert f'"denomination": {written},' in body
    read = json.loads(body, parse_float=Decimal)["reward"]["value"]["denomination"]
    assert cents(read) == amount_cents


def test_what_is_no_whole_cent_is_not_rounded() -> None:
    assert cents(Decimal("25.005")) is None
    assert cents(25) == 2500


def test_a_name_stays_a_name() -> None:
    name = '", "denomination": null, "x": "'
    sent = json.loads(order_of(500, name).body)
    assert sent["reward"]["recipient"]["name"] == name
    assert sent["reward"]["value"] == {"denomination": 5.0, "currency_code": "USD"}


def test_what_is_sent_and_what_is_answered_is_as_the_specification_says(provider: Provider) -> None:
    specification = schemas.tremendous()
    order, client = order_of(), client_of(provider)
    wanted = schemas.of_request(specification, "post", "/orders")
    assert schemas.faults(specification, wanted, json.loads(order.body)) == []
    wrong = json.loads(order.body.replace("LINK", "PIGEON").replace("funding_source_id", "source"))
    assert len(schemas.faults(specification, wanted, wrong)) == 2
    gift = client.order(order)
    client.order(order)
    assert client.find(ID) is not None
    client.resend(gift.reward_ref)
    client.cancel(gift.reward_ref)
    client.orders_since(NOW, until=NOW, offset=0)
    client.money_since(NOW, until=NOW, offset=0)
    provider.products = [COFFEE]
    assert client.products()
    client.balance()
    with pytest.raises(Impossible, match="conflict"):
        client.order(order_of(600))
    assert [status for _, path, status, _ in provider.answers if path == "/orders"] == [200, 201, 200, 200, 409]
    for method, path, status, data in provider.answers:
        schema = schemas.of_answer(specification, method, path, status)
        assert schemas.faults(specification, schema, data) == [], (method, path)
    assert {path for _, path, _, _ in provider.answers} <= specification["paths"].keys()


def test_an_order_is_one_gift_however_often_it_is_sent(provider: Provider) -> None:
    client, order = client_of(provider), order_of()
    first = client.order(order)
    assert (first.ref, first.reward_ref, first.state) == ("O1", "R1", "EXECUTED")
    assert (first.amount_cents, first.currency) == (2500, "USD")
    assert first.expires_at == datetime(2027, 5, 2, 9, 0, tzinfo=UTC)
    assert client.order(order) == first
    assert len(provider.orders) == 1
    assert provider.bodies[ID] == order.body.encode()
    assert first.link not in repr(first)


def test_what_is_found_again_gets_another_link_to_the_same_gift(provider: Provider) -> None:
    client = client_of(provider)
    client.order(order_of())
    found = client.find(ID)
    assert found is not None
    assert (found.ref, found.link) == ("O1", "https://gifts.example/R1/1")
    assert client.find("1f0a2f6e-0b6b-5c55-8b77-000000000000") is None


def test_what_was_made_was_made_where_a_link_is_refused(provider: Provider) -> None:
    client = client_of(provider)
    client.order(order_of())
    provider.makes_links = False
    provider.orders[ID]["rewards"][0]["delivery"].pop("link")
    for gift in (client.order(order_of()), client.find(ID)):
        assert gift is not None
        assert (gift.ref, gift.reward_ref, gift.state, gift.link) == ("O1", "R1", "EXECUTED", "")


def test_what_waits_there_is_no_gift_yet(provider: Provider) -> None:
    provider.state = "PENDING APPROVAL"
    client = client_of(provider)
    client.order(order_of())
    found = client.find(ID)
    assert found is not None
    assert (found.state, found.link, provider.links) == ("PENDING APPROVAL", "", 0)


def test_money_that_went_back_says_that_it_was_cancelled() -> None:
    payment = {"refund": {"total": 25.0, "currency_code": "USD"}}
    assert gift_of({"id": "O1", "status": "EXECUTED", "payment": payment}).state == "CANCELED"
    assert gift_of({"id": "O1", "status": "EXECUTED", "payment": {}}).state == "EXECUTED"


@pytest.mark.parametrize(
    ("failure", "kind", "says"),
    [
        (Failure(400), Impossible, "http_400"),
        (Failure(422), Impossible, "http_422"),
        (Failure(404), Impossible, "http_404"),
        (Failure(302), Impossible, "http_302"),
        (Failure(401), NotDone, "http_401"),
        (Failure(402), NotDone, "http_402"),
        (Failure(403), NotDone, "http_403"),
        (Failure(429), NotDone, "rate limited"),
        (Failure(500), Unknown, "http_500"),
        (Failure(502, raw=b"<html>"), Unknown, "http_502"),
        (Failure(500, is_done=True), Unknown, "http_500"),
        (Failure(408, is_done=True), Unknown, "http_408"),
        (Failure(202, is_done=True), Unknown, "http_202"),
        (Failure(is_cut=True), Unknown, "."),
        (Failure(is_cut=True, is_done=True), Unknown, "."),
        (Failure(200, raw=b"{"), Unknown, "."),
        (Failure(200, raw=b"[]"), Unknown, "holds no order"),
        (Failure(200, raw=b"{}"), Unknown, "holds no order"),
    ],
)
def test_each_failure_is_one_of_ours_and_then_it_is_one_order(
    provider: Provider, failure: Failure, kind: type[Exception], says: str
) -> None:
    provider.failures = [failure]
    client = client_of(provider)
    with pytest.raises(kind, match=says):
        client.order(order_of())
    assert client.order(order_of()).ref == "O1"
    assert len(provider.orders) == 1


@pytest.mark.parametrize(("given", "seconds"), [("7", 7), ("", 30), ("soon", 30), ("999999", 3600), ("0", 1)])
def test_it_is_left_alone_for_as_long_as_it_wants(provider: Provider, given: str, seconds: float) -> None:
    provider.failures = [Failure(429, headers={"Retry-After": given} if given else {})]
    with pytest.raises(NotDone) as raised:
        client_of(provider).order(order_of())
    assert raised.value.after_seconds == seconds


def test_a_wrong_token_is_something_to_mend(provider: Provider) -> None:
    with pytest.raises(NotDone, match="Invalid API key"):
        client_of(provider, "wrong").order(order_of())


def test_where_nobody_is_nothing_happened() -> None:
    client = Tremendous(url="http://127.0.0.1:9/api/v2", token=TOKEN, funding_source="BALANCE", campaign="C")
    with pytest.raises(NotDone):
        client.order(order_of())


def test_its_books_are_read_page_by_page(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback.providers.payouts.tremendous.PAGE", 2)
    client = client_of(provider)
    for number in range(3):
        client.order(order_of(100 + number, external_id=f"{ID[:-1]}{number}"))
    first = client.orders_since(NOW - timedelta(days=3), until=NOW, offset=0)
    second = client.orders_since(NOW - timedelta(days=3), until=NOW, offset=first.size)
    assert [line.amount_cents for line in (*first.lines, *second.lines)] == [100, 101, 102]
    assert (first.has_more, second.has_more) == (True, False)
    assert "created_at%5Bgte%5D=2026-10-30T09%3A00%3A00Z" in provider.asked[-1]
    moved = client.money_since(NOW, until=NOW, offset=2)
    assert [(line.external_id, line.amount_cents, line.state) for line in moved.lines] == [(f"{ID[:-1]}2", 102, "")]
    assert client.balance() == (120_000, "USD")


def test_products_are_those_of_our_campaign_in_pieces(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedback.providers.payouts.tremendous.PRODUCTS_AT_ONCE", 2)
    bank = {**COFFEE, "id": "BANK", "category": "ach", "skus": []}
    provider.products = [COFFEE, bank, {**COFFEE, "id": "XTRA"}, {**COFFEE, "id": "TEA"}]
    coffee, anything, tea = client_of(provider).products()
    bands = [Band("USD", 500, 10_050), Band("EUR", 2, 1)]
    assert coffee == Product("COFFEE", "A coffee card", "merchant_card", ["USD", "EUR"], ["US", "DE"], bands)
    assert (anything.kind, anything.bands, tea.id) == ("ach", [], "TEA")
    assert provider.asked == [
        "GET /api/v2/campaigns/CAMPAIGN",
        "GET /api/v2/products?id=COFFEE%2CBANK",
        "GET /api/v2/products?id=TEA",
    ]


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Failure(404), Impossible),
        (Failure(429), NotDone),
        (Failure(500), Unknown),
        (Failure(200, raw=b"{}"), Unknown),
        (Failure(is_cut=True), Unknown),
    ],
)
def test_where_products_cannot_be_read_that_is_said(
    provider: Provider, failure: Failure, kind: type[Exception]
) -> None:
    provider.failures = [failure]
    with pytest.raises(kind):
        client_of(provider).products()


def test_a_hang_leaves_open_what_happened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody takes the call, and never says anything."""
    monkeypatch.setattr("feedback.providers.payouts.tremendous.CALL_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api/v2"
        client = Tremendous(url=url, token=TOKEN, funding_source="BALANCE", campaign="CAMPAIGN")
        with pytest.raises(Unknown):
            client.order(order_of())
