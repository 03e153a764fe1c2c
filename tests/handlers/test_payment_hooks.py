"""The payout service knocks: what it says makes us ask, once, and changes nothing by itself."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from feedback import rewards
from feedback.hub import Hub
from handlers.webhooks import tremendous
from jobs.drain import drain
from models import Inbox, Outbox, Payout, Reward
from tests.conftest import Clock, RememberingPayouts, give_by
from tests.feedback.scene import Scene
from tests.handlers.trackers import CONTRACTS, JSON, Trackers, needs_contracts, open_for, other_workspace

KEY = "jXjdU8dozx571TG6YzL4"
EVENTS = (
    "ORDERS.CREATED",
    "ORDERS.APPROVED",
    "ORDERS.FAILED",
    "ORDERS.CANCELED",
    "REWARDS.DELIVERY.SUCCEEDED",
    "REWARDS.DELIVERY.FAILED",
    "REWARDS.CANCELED",
)


@pytest.fixture
def desk(hub: Hub) -> Trackers:
    found = open_for(hub)
    found.connect("tremendous", secret=KEY)
    return found


@pytest.fixture
def payment(hub: Hub) -> Payout:
    """On its way, and waiting for somebody's yes over there."""
    scene = Scene(hub)
    with scene.tx() as tx:
        give_by(tx, "tremendous")
    told = scene.tell_all(scene.ship(scene.idea("Ana")))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    assert isinstance(hub.payouts, RememberingPayouts)
    with scene.tx() as tx:
        reward = tx.scalars(select(Reward)).one()
        rewards.approve(tx, reward_id=reward.id, manager=scene.member(tx, "Di"), cipher=hub.cipher, now=hub.clock())
        payout = tx.scalars(select(Payout)).one()
    hub.payouts.states[payout.external_id] = "PENDING APPROVAL"
    drain(hub)
    return payout


def send(desk: Trackers, name: str, ref: str, *, uuid: str = "", key: str = KEY, **more: Any) -> TestResponse:
    desk.sent += 1
    kind = "orders" if name.startswith("ORDERS") else "rewards"
    facts = {
        "event": name,
        "uuid": uuid or f"2dcb1b1a-{desk.sent}",
        "created_utc": "2026-11-20T10:00:00.000Z",
        "payload": {"resource": {"id": ref, "type": kind}},
        **more,
    }
    body = json.dumps(facts).encode()
    signature = "sha256=" + hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Tremendous-Webhook-Signature": signature}
    return desk.http.post("/hooks/tremendous", data=body, content_type=JSON, headers=headers)


def asks(hub: Hub) -> int:
    assert isinstance(hub.payouts, RememberingPayouts)
    return len([asked for asked in hub.payouts.asked if asked.startswith("find")])


def state(hub: Hub) -> str:
    with hub.reading() as tx:
        return tx.scalars(select(Reward.state)).one()


def test_the_signature_of_the_contracts_fits(clock: Clock) -> None:
    needs_contracts()
    vectors = json.loads((CONTRACTS / "webhook_signature_vectors.json").read_text(encoding="utf-8"))
    (vector,) = [each for each in vectors if each["provider"] == "tremendous"]
    body, headers = vector["body"].encode(), Headers(vector["headers"])
    assert tremendous.is_signed(vector["secret"], body, headers, clock())
    assert not tremendous.is_signed(vector["secret"], body + b" ", headers, clock())
    assert not tremendous.is_signed("another", body, headers, clock())
    assert not tremendous.is_signed(vector["secret"], body, Headers(), clock())


@pytest.mark.parametrize("event", EVENTS)
def test_any_news_makes_us_ask_once_and_what_is_answered_counts(
    hub: Hub, desk: Trackers, payment: Payout, event: str
) -> None:
    """Whatever the event says: the order waits there still."""
    for _ in range(2):
        answer = send(desk, event, "order-1", uuid="same")
        assert answer.status_code == 200
    assert answer.get_json() == {"ignored": "This delivery came before."}
    drain(hub)
    assert (asks(hub), state(hub)) == (1, "paying")


def test_out_of_order_and_doubled_it_only_goes_forward(hub: Hub, desk: Trackers, payment: Payout) -> None:
    assert isinstance(hub.payouts, RememberingPayouts)
    hub.payouts.states[payment.external_id] = "EXECUTED"
    for event in ("REWARDS.DELIVERY.SUCCEEDED", "ORDERS.CREATED", "ORDERS.APPROVED", "ORDERS.FAILED"):
        ref = f"gift-{payment.external_id}" if event.startswith("REWARDS") else "order-1"
        assert send(desk, event, ref).get_json() == {"taken": 1}
        drain(hub)
    assert state(hub) == "paid"
    hub.payouts.cancel(f"gift-{payment.external_id}")
    for _ in range(2):
        send(desk, "REWARDS.CANCELED", f"gift-{payment.external_id}")
        drain(hub)
    assert state(hub) == "cancelled"


def test_before_the_answer_of_the_order_it_is_no_harm(hub: Hub, desk: Trackers) -> None:
    """Nobody knows that id yet; whoever ordered it hears the same as an answer."""
    assert send(desk, "ORDERS.CREATED", "order-1").get_json() == {"taken": 0}
    with hub.reading() as tx:
        assert tx.scalars(select(Outbox).where(Outbox.kind == "reward.ask")).all() == []


def test_another_workspaces_payments_are_not_asked_about(hub: Hub, desk: Trackers, payment: Payout) -> None:
    with hub.transaction() as tx:
        other_workspace(tx, now=hub.clock())
    eve = open_for(hub, "U0EVE")
    eve.connect("tremendous", secret="another-private-key-of-eve")
    answer = send(eve, "ORDERS.FAILED", "order-1", key="another-private-key-of-eve")
    assert answer.get_json() == {"taken": 0}
    drain(hub)
    assert asks(hub) == 0


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"payload": {"resource": {"id": "I1", "type": "invoices"}}}, 200),
        ({"payload": {"resource": {"id": "", "type": "orders"}}}, 400),
        ({"payload": {}}, 400),
        ({"payload": None}, 400),
        ({"event": 7}, 400),
        ({"uuid": None}, 200),
    ],
)
def test_odd_ones_are_answered(desk: Trackers, more: dict[str, Any], status: int) -> None:
    assert send(desk, "ORDERS.CREATED", "order-1", **more).status_code == status


def test_who_has_no_key_is_not_heard(hub: Hub, desk: Trackers, payment: Payout) -> None:
    assert send(desk, "ORDERS.FAILED", "order-1", key="a-key-that-somebody-made-up").status_code == 401
    with hub.reading() as tx:
        assert tx.scalars(select(Inbox).where(Inbox.source == "hook:tremendous")).all() == []


def test_the_address_is_closed_until_a_manager_pastes_the_key(hub: Hub) -> None:
    closed = open_for(hub)
    assert send(closed, "ORDERS.FAILED", "order-1").status_code == 404
    answer = closed.press("/settings/hooks", source="tremendous")
    assert answer.status_code == 422
    assert "Tremendous makes the secret" in answer.get_data(as_text=True)
    closed.connect("tremendous", secret=KEY)
    assert send(closed, "ORDERS.FAILED", "order-1").status_code == 200
    page = closed.page()
    assert KEY not in page
    assert "ORDERS.FAILED" in page
