"""What the payout service says no to is not always unpaid: money goes back only where surely nobody has it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from feedback import rewards
from feedback.errors import Refused
from feedback.hub import Hub
from feedback.providers import Impossible, Unknown
from feedback.providers.payouts import Booked, Books, Gift, Order
from jobs.drain import drain
from models import Budget, Discrepancy, Outbox, Payout, Reward
from tests.conftest import Clock, RememberingPayouts, workspace_of
from tests.feedback.scene import Scene
from tests.jobs.test_outbox import settle
from tests.jobs.test_payouts import (
    approve,
    approved,
    funds,
    payout_of,
    payouts,
    propose,
    try_again,
)

__all__ = ["payouts"]


def without_link(payouts: RememberingPayouts, monkeypatch: pytest.MonkeyPatch) -> None:
    """The service makes the order, and no link to it."""
    gift_of = payouts._gift

    def bare(order: Any) -> Gift:
        return replace(gift_of(order), link="")

    monkeypatch.setattr(payouts, "_gift", bare)


def compare(scene: Scene) -> None:
    with scene.tx() as tx:
        rewards.reconcile_soon(tx, workspace_id=workspace_of(tx).id, now=scene.hub.clock())


def test_an_order_without_a_link_waits_for_a_person_with_its_money_aside(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the service has one, or a manager pastes it."""
    without_link(payouts, monkeypatch)
    reward_id = approved(scene)
    drain(hub)
    assert (scene.reward().state, payout_of(scene).error) == ("human", "no_link")
    assert funds(scene) == (0, 2500, 0)
    with scene.tx() as tx:
        assert tx.scalars(select(Outbox).where(Outbox.kind == "reward.ask")).all() == []
        facts: dict[str, Any] = {"why": "It stands there.", "gift": "https://gifts.example/1", "cipher": hub.cipher}
        rewards.was_paid(tx, reward_id=reward_id, manager=scene.member(tx, "Di"), **facts, now=clock())
    assert funds(scene) == (0, 0, 2500)


def test_what_was_called_unpaid_and_stands_there_without_a_link_is_said_once(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_link(payouts, monkeypatch)
    reward_id = approved(scene)
    drain(hub)
    with scene.tx() as tx:
        by = scene.member(tx, "Di")
        rewards.was_not_paid(tx, reward_id=reward_id, manager=by, why="I saw nothing.", now=clock())
    for _ in range(2):
        compare(scene)
        drain(hub)
    with hub.reading() as tx:
        found = tx.scalars(select(Discrepancy)).one()
        assert (found.kind, found.detail["reward_id"]) == ("missing_here", reward_id)


def test_an_order_that_may_not_be_looked_at_is_an_order_all_the_same(
    hub: Hub, scene: Scene, payouts: RememberingPayouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The service knows another one by this id, so that somebody may have been paid."""

    def refuse(external_id: str) -> Gift | None:
        raise Impossible("http_404")

    payouts.failures = [Impossible("conflict")]
    monkeypatch.setattr(payouts, "find", refuse)
    approved(scene)
    drain(hub)
    assert scene.reward().state == "human"
    assert funds(scene) == (0, 2500, 0)


def test_what_was_made_and_does_not_fit_our_books_is_for_a_person(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts
) -> None:
    """Somebody changed a sum by hand: nothing of it is moved, and nothing is tried without end."""
    reward_id = propose(scene)
    payouts.failures_after = [Unknown("cut")]
    approve(scene, reward_id)
    drain(hub)
    with scene.tx() as tx:
        tx.execute(update(Budget).values(committed_cents=0))
    settle(hub, clock, seconds=60)
    assert scene.reward().state == "human"
    with hub.reading() as tx:
        row = tx.scalars(select(Outbox).where(Outbox.kind == "reward.pay")).one()
        assert (row.state, row.error.split(" ")[0]) == ("failed", "not_recorded")
        assert tx.scalars(select(Budget.available_cents)).one() == 1_000_000 - 2500


def test_what_was_taken_back_while_its_answer_was_lost_is_back(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts
) -> None:
    """Asked once more, the service says no, because it is done."""
    reward_id = approved(scene)
    settle(hub, clock)
    clock.move(days=31)
    with scene.tx() as tx:
        by = scene.member(tx, "Di")
        rewards.take_back(tx, reward_id=reward_id, manager=by, why="It was never opened.", now=clock())
    payouts.failures = [Unknown("cut"), Impossible("http_422", "It is cancelled already")]
    payouts.states[payout_of(scene).external_id] = "CANCELED"
    settle(hub, clock, 60)
    assert (scene.reward().state, scene.reward().ended_why) == ("cancelled", "It was never opened.")
    assert funds(scene) == (0, 0, 0)


@pytest.mark.parametrize("why", ["opted out", "on the team"])
def test_what_was_refused_is_not_tried_again_for_who_may_not_have_it(
    hub: Hub, scene: Scene, payouts: RememberingPayouts, why: str
) -> None:
    payouts.failures = [Impossible("http_422")]
    approved(scene)
    drain(hub)
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        ana.takes_rewards, ana.role = (False, "customer") if why == "opted out" else (True, "product")
    with pytest.raises(Refused, match="asked to be given nothing" if why == "opted out" else "is on the team"):
        try_again(scene)
    drain(hub)
    assert scene.reward().state == "failed"
    assert (payouts.orders, funds(scene)) == ({}, (0, 0, 0))


def test_what_a_manager_gave_another_way_stays_paid_when_the_service_says_no(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts
) -> None:
    """It came to nothing there, and she has a card from a shop: both sides differ, and nothing is taken from her."""
    payouts.failures = [Impossible("conflict")]
    reward_id = approved(scene)
    drain(hub)
    with scene.tx() as tx:
        facts: dict[str, Any] = {"why": "I bought her one.", "gift": "CARD-1", "cipher": hub.cipher}
        rewards.was_paid(tx, reward_id=reward_id, manager=scene.member(tx, "Di"), **facts, now=clock())
    order = Order(payout_of(scene).external_id, payout_of(scene).body)
    payouts.orders[order.external_id], payouts.states[order.external_id] = order, "FAILED"
    for _ in range(2):
        compare(scene)
        settle(hub, clock)
    assert scene.reward().state == "paid"
    assert payout_of(scene).gift
    assert funds(scene) == (0, 0, 2500)
    with hub.reading() as tx:
        found = tx.scalars(select(Discrepancy)).one()
        assert (found.kind, found.detail["state"]) == ("missing_there", "FAILED")


def test_money_that_moved_for_an_old_order_is_asked_about(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order is made days after somebody wrote down that it was not paid, and is in no list of new ones."""
    payouts.failures = [Impossible("conflict")]
    reward_id = approved(scene)
    drain(hub)
    with scene.tx() as tx:
        by = scene.member(tx, "Di")
        rewards.was_not_paid(tx, reward_id=reward_id, manager=by, why="I saw nothing.", now=clock())
    assert funds(scene) == (0, 0, 0)
    external_id = payout_of(scene).external_id
    payouts.orders[external_id] = Order(external_id, payout_of(scene).body)
    payouts.moved = [Booked(external_id, "order-1", "", 2500, "USD")]
    monkeypatch.setattr(payouts, "orders_since", lambda at, *, until, offset: Books([], 0, has_more=False))
    compare(scene)
    drain(hub)
    assert scene.reward().state == "paid"
    assert funds(scene) == (0, 0, 2500)


def test_what_was_cancelled_since_it_was_read_is_not_set_off(hub: Hub, scene: Scene, clock: Clock) -> None:
    """She wants nothing any more, between our reading it and our turn."""
    approved(scene)
    with hub.transaction() as tx:
        payout = tx.scalars(select(Payout)).one()
        assert (payout.reward.state, payout.body) == ("approved", "")
        tx.execute(update(Reward).values(state="cancelled").execution_options(synchronize_session=False))
        asked: dict[str, Any] = {"write": lambda **facts: "", "now": clock()}
        assert rewards.order_of(tx, payout_id=payout.id, **asked) is None
