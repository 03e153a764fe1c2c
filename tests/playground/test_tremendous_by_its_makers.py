"""The gift service of the playground as the makers of the real one see it: their own client reads whatever it answers,
and what ours sends is what theirs would send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from tremendous import ApiClient, Configuration, TremendousApi
from tremendous.exceptions import ApiException
from tremendous.models.create_order200_response import CreateOrder200Response
from tremendous.models.create_order_request import CreateOrderRequest
from tremendous.models.list_orders200_response import ListOrders200Response

from feedback.providers.payouts import Order
from feedback.providers.payouts.tremendous import Tremendous, gift_of
from playground.server import Options, Playground

ID = "1f0a2f6e-0b6b-5c55-8b77-0f3d1d0d7a11"


@pytest.fixture
def playground() -> Iterator[Playground]:
    with Playground(Options(port=0)) as found:
        yield found


@pytest.fixture
def theirs(playground: Playground) -> Iterator[TremendousApi]:
    host = f"{playground.url}/tremendous/api/v2"
    with ApiClient(Configuration(host=host, access_token="payouts-playground")) as client:
        yield TremendousApi(client)


@pytest.fixture
def ours(playground: Playground) -> Tremendous:
    url = f"{playground.url}/tremendous/api/v2"
    return Tremendous(url=url, token="payouts-playground", funding_source="BALANCE", campaign="CAMPAIGN")


def order_by(client: Tremendous, cents: int = 2510) -> Order:
    return Order(ID, client.write(external_id=ID, amount_cents=cents, currency="USD", name="Ana & Co"))


def read(raw: str | bytes) -> Any:
    """As our client reads it: amounts digit by digit."""
    return json.loads(raw, parse_float=Decimal)


def test_what_we_send_is_a_request_of_theirs_and_nothing_is_lost_in_it(ours: Tremendous) -> None:
    body = order_by(ours).body
    request = CreateOrderRequest.from_json(body)
    assert request is not None
    assert request.to_dict() == json.loads(body)


def test_both_clients_order_the_same_and_it_is_made_once(theirs: TremendousApi, ours: Tremendous) -> None:
    order = order_by(ours)
    gift = ours.order(order)
    request = CreateOrderRequest.from_json(order.body)
    again = theirs.create_order_with_http_info(request)
    assert again.status_code == 201
    assert gift_of(read(again.raw_data)["order"]) == gift
    assert again.data.order.id == gift.ref
    assert [each.id for each in again.data.order.rewards or []] == [gift.reward_ref]
    assert [each.external_id for each in theirs.list_orders(external_id=ID).orders] == [ID]
    assert theirs.get_order(gift.ref).order.external_id == ID
    assert theirs.get_reward(gift.reward_ref).reward.order_id == gift.ref


def test_their_client_reads_what_ours_reads(theirs: TremendousApi, ours: Tremendous) -> None:
    gift = ours.order(order_by(ours))
    found = ours.find(ID)
    assert found is not None
    assert (found.ref, found.amount_cents) == (gift.ref, 2510)
    assert str(theirs.generate_reward_link(gift.reward_ref).reward.link).startswith("http")
    moved = theirs.list_balance_transactions().transactions
    assert [float(each.amount) for each in moved if each.order] == [-25.1]
    sources = theirs.list_funding_sources().funding_sources
    assert ours.balance() == (sources[0].meta.available_cents, "USD")
    ours.cancel(gift.reward_ref)
    after = ours.find(ID)
    assert after is not None
    assert after.state == "CANCELED"
    assert theirs.get_order(gift.ref).order.status == "CANCELED"


def test_what_is_refused_says_so_to_both(theirs: TremendousApi, ours: Tremendous) -> None:
    ours.order(order_by(ours))
    with pytest.raises(ApiException) as refused:
        theirs.create_order(CreateOrderRequest.from_json(order_by(ours, 900).body))
    assert refused.value.status == 409
    with pytest.raises(ApiException) as unknown:
        theirs.get_order("NOBODY-KNOWS")
    assert unknown.value.status == 404


def test_their_models_write_what_ours_read(ours: Tremendous, theirs: TremendousApi) -> None:
    """Read by their models and written anew by them, an answer is still the same gift."""
    gift = ours.order(order_by(ours))
    raw = theirs.create_order_with_http_info(CreateOrderRequest.from_json(order_by(ours).body)).raw_data
    theirs_of_it = CreateOrder200Response.from_json(raw.decode())
    assert theirs_of_it is not None
    assert gift_of(read(theirs_of_it.to_json())["order"]) == gift
    listed = theirs.list_orders_with_http_info(external_id=ID).raw_data
    again = ListOrders200Response.from_json(listed.decode())
    assert again is not None
    assert gift_of(read(again.to_json())["orders"][0]).ref == gift.ref
