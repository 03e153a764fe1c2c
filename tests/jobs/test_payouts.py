"""Paying, from the approval to the gift: by a service, with codes, with a link; in doubt, and against the books."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from feedback import audit, outbox, rewards, undelivered, workspaces
from feedback.errors import Refused
from feedback.hub import Hub
from feedback.providers import Impossible, NotDone, Unknown
from feedback.providers.payouts import Booked, Order
from feedback.rewards import codes, comparing
from feedback.verifying import verify
from jobs import outbox as relay
from jobs.drain import drain
from models import Budget, Discrepancy, GiftCode, Member, Outbox, Payout, Reward, RewardRule
from tests.conftest import Clock, RememberingPayouts, give_by, money, who_am_i, workspace_of
from tests.feedback.giving import give
from tests.feedback.scene import Scene
from tests.jobs.test_outbox import settle, states

STRANGER = "1f0a2f6e-0b6b-5c55-8b77-0f3d1d0d7a11"
LIST = "code,amount,currency,expires\nCOFFEE-1,25.00,USD,\nCOFFEE-2,25.00,USD,2027-01-01\n"


@pytest.fixture
def payouts(hub: Hub) -> RememberingPayouts:
    assert isinstance(hub.payouts, RememberingPayouts)
    return hub.payouts


def propose(scene: Scene, who: str = "Ana", by: str = "tremendous") -> int:
    """A reward that waits for a manager. Its id."""
    with scene.tx() as tx:
        give_by(tx, by)
    told = scene.tell_all(scene.ship(scene.idea(who, f"A refill for {who}’s pump.")))
    scene.answer(told[who], who)
    scene.try_out()
    with scene.tx() as tx:
        return max(tx.scalars(select(Reward.id)))


def approve(scene: Scene, reward_id: int) -> None:
    with scene.tx() as tx:
        by = scene.member(tx, "Di")
        rewards.approve(tx, reward_id=reward_id, manager=by, gift="", cipher=scene.hub.cipher, now=scene.hub.clock())


def approved(scene: Scene, by: str = "tremendous") -> int:
    reward_id = propose(scene, by=by)
    approve(scene, reward_id)
    return reward_id


def payout_of(scene: Scene) -> Payout:
    with scene.hub.reading() as tx:
        return tx.scalars(select(Payout)).one()


def acts(scene: Scene) -> list[str]:
    with scene.hub.reading() as tx:
        workspace_id = workspace_of(tx).id
        return [row.act for row in audit.history(tx, workspace_id=workspace_id, subject="reward", subject_id=1)]


def funds(scene: Scene) -> tuple[int, int, int]:
    with scene.tx() as tx:
        return money(tx)


def hear(scene: Scene, *refs: str) -> int:
    with scene.tx() as tx:
        news = [rewards.News(ref) for ref in refs]
        return rewards.hear(tx, workspace_id=workspace_of(tx).id, news=news, now=scene.hub.clock())


def upload(scene: Scene, text: str = LIST, by: str = "Di") -> int:
    hub = scene.hub
    keys: dict[str, Any] = {"key": hub.code_key, "cipher": hub.cipher, "now": hub.clock()}
    with scene.tx() as tx:
        manager = scene.member(tx, by)
        _, sealed = codes.look_through(tx, manager=manager, text=text, batch="Coffee", **keys)
        return codes.take_in(tx, manager=manager, sealed=sealed, **keys)


def try_again(scene: Scene) -> None:
    with scene.tx() as tx:
        row = tx.scalars(select(Outbox).where(Outbox.kind == "reward.pay")).one()
        by, now = scene.member(tx, "Di"), scene.hub.clock()
        undelivered.try_again(tx, outbox_id=row.id, attempt=row.attempt, manager=by, now=now)


def test_the_body_is_written_once_and_sent_as_it_was_for_ever(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts
) -> None:
    """The order was made, its answer was lost, and meanwhile she is called something else."""
    payouts.failures_after = [Unknown("cut"), Unknown("500")]
    approved(scene)
    drain(hub)
    first = payout_of(scene).body
    with scene.tx() as tx:
        scene.member(tx, "Ana").name = "Ana Maria"
    settle(hub, clock, seconds=60)
    assert payout_of(scene).body == first
    assert [order.body for order in payouts.orders.values()] == [first]
    assert scene.reward().state == "paid"
    assert (payout_of(scene).provider_ref, payout_of(scene).provider_state) == ("order-1", "EXECUTED")


def test_nothing_is_asked_while_a_transaction_is_open(
    hub: Hub, scene: Scene, payouts: RememberingPayouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another one can write at that moment, which SQLite allows only where none is open."""
    order = payouts.order

    def watched(asked: Any) -> Any:
        with hub.transaction() as tx:
            assert tx.scalars(select(Reward.state)).one() == "paying"
            tx.execute(update(Reward).values(note="written meanwhile"))
        return order(asked)

    monkeypatch.setattr(payouts, "order", watched)
    approved(scene)
    drain(hub)
    assert scene.reward().state == "paid"


def test_what_is_no_gift_yet_is_asked_for_again_and_told_sooner_by_a_webhook(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts
) -> None:
    reward_id = propose(scene)
    with scene.tx() as tx:
        reward = tx.get_one(Reward, reward_id)
        external_id = rewards.external_id(workspace_of(tx), reward)
    payouts.states[external_id] = "PENDING APPROVAL"
    approve(scene, reward_id)
    drain(hub)
    assert (scene.reward().state, payout_of(scene).provider_state) == ("paying", "PENDING APPROVAL")
    assert states(hub, "reward.pay") == ["done"]
    assert funds(scene) == (0, 2500, 0)
    clock.move(minutes=61)
    drain(hub)
    assert payouts.asked.count(f"find {external_id}") == 1
    payouts.states[external_id] = "EXECUTED"
    assert (hear(scene, "order-1"), hear(scene, "order-1"), hear(scene, f"gift-{external_id}")) == (1, 1, 1)
    assert hear(scene, "order-9", "") == 0
    drain(hub)
    assert payouts.asked.count(f"find {external_id}") == 2
    assert scene.reward().state == "paid"
    assert states(hub, "reward.gift") == ["done"]
    clock.move(hours=5)
    drain(hub)
    assert payouts.asked.count(f"find {external_id}") == 2


@pytest.mark.parametrize("state", ["FAILED", "CANCELED"])
def test_an_order_that_came_to_nothing_gives_the_money_back(
    hub: Hub, scene: Scene, payouts: RememberingPayouts, state: str
) -> None:
    reward_id = propose(scene)
    with scene.tx() as tx:
        external_id = rewards.external_id(workspace_of(tx), tx.get_one(Reward, reward_id))
    payouts.states[external_id] = state
    approve(scene, reward_id)
    drain(hub)
    assert (scene.reward().state, payout_of(scene).error) == ("failed", state)
    assert funds(scene) == (0, 0, 0)
    payouts.states[external_id] = "EXECUTED"
    hear(scene, "order-1")
    drain(hub)
    assert scene.reward().state == "paid"
    assert acts(scene)[-2:] == ["paid after all", "told"]
    assert funds(scene) == (0, 0, 2500)


def test_a_gift_that_was_taken_back_is_money_again_once(hub: Hub, scene: Scene, payouts: RememberingPayouts) -> None:
    approved(scene)
    drain(hub)
    payouts.cancel(payout_of(scene).provider_reward)
    for _ in range(2):
        hear(scene, "order-1")
        drain(hub)
    assert scene.reward().state == "cancelled"
    assert funds(scene) == (0, 0, 0)
    assert acts(scene).count("returned") == 1
    assert payout_of(scene).gift == ""
    payouts.states.clear()
    hear(scene, "order-1")
    drain(hub)
    assert scene.reward().state == "cancelled", "it only goes forward"


def test_after_a_restored_backup_the_order_that_is_there_is_the_payment(
    hub: Hub, scene: Scene, payouts: RememberingPayouts
) -> None:
    """It was made before the backup was lost, under her old name: the service answers 409."""
    reward_id = propose(scene)
    with scene.tx() as tx:
        external_id = rewards.external_id(workspace_of(tx), tx.get_one(Reward, reward_id))
    old = payouts.write(external_id=external_id, amount_cents=2500, currency="USD", name="Anna")
    payouts.order(Order(external_id, old))
    approve(scene, reward_id)
    drain(hub)
    assert len(payouts.orders) == 1
    assert scene.reward().state == "paid"
    assert not [asked for asked in payouts.asked if external_id not in asked]


def test_another_amount_under_our_id_is_for_a_person(hub: Hub, scene: Scene, payouts: RememberingPayouts) -> None:
    reward_id = propose(scene)
    with scene.tx() as tx:
        external_id = rewards.external_id(workspace_of(tx), tx.get_one(Reward, reward_id))
    old = payouts.write(external_id=external_id, amount_cents=5000, currency="USD", name="Ana")
    payouts.order(Order(external_id, old))
    approve(scene, reward_id)
    drain(hub)
    assert (scene.reward().state, payout_of(scene).error) == ("human", "amount_differs")
    assert funds(scene) == (0, 2500, 0)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"role": "moderator"}, "on the team"),
        ({"takes_rewards": False}, "asked to be given nothing"),
        ({"is_bot": True}, "an app"),
    ],
)
def test_whoever_may_not_have_it_any_more_waits_for_a_person_and_nobody_is_asked(
    hub: Hub, scene: Scene, payouts: RememberingPayouts, change: dict[str, Any], why: str
) -> None:
    approved(scene)
    with scene.tx() as tx:
        tx.execute(update(Member).where(Member.name == "Ana").values(**change))
    drain(hub)
    assert payouts.asked == []
    assert scene.reward().state == "human"
    assert why in payout_of(scene).error
    assert states(hub, "reward.pay") == ["failed"]
    undone = {name: getattr(Member, name).default.arg if name != "role" else "customer" for name in change}
    with scene.tx() as tx:
        tx.execute(update(Member).where(Member.name == "Ana").values(**undone))
        row = tx.scalars(select(Outbox).where(Outbox.kind == "reward.pay")).one()
        by = scene.member(tx, "Di")
        undelivered.try_again(tx, outbox_id=row.id, attempt=row.attempt, manager=by, now=hub.clock())
    drain(hub)
    assert scene.reward().state == "paid"


def test_whoever_left_after_it_may_have_been_paid_is_not_looked_at_again(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts
) -> None:
    payouts.failures_after = [Unknown("cut")]
    approved(scene)
    drain(hub)
    with scene.tx() as tx:
        scene.member(tx, "Ana").left_at = clock()
    settle(hub, clock, seconds=30)
    assert scene.reward().state == "paid"


def test_without_a_service_nothing_is_lost(hub: Hub, scene: Scene) -> None:
    object.__setattr__(hub, "payouts", None)
    approved(scene)
    drain(hub)
    assert scene.reward().state == "failed"
    assert funds(scene) == (0, 0, 0)


def test_a_code_is_taken_from_the_list_and_the_one_that_expires_first(hub: Hub, scene: Scene) -> None:
    assert upload(scene) == 2
    approved(scene, by="codes")
    drain(hub)
    payout = payout_of(scene)
    assert scene.reward().state == "paid"
    assert rewards.gift_of(payout, cipher=hub.cipher) == "COFFEE-2"
    assert payout.expires_at is not None
    assert funds(scene) == (0, 0, 2500)
    with hub.reading() as tx:
        given = tx.scalars(select(GiftCode).where(GiftCode.payout_id == payout.id)).one()
        assert given.given_at is not None
        assert "COFFEE" not in given.code
    assert states(hub, "reward.gift") == ["done"]


def test_where_no_code_is_left_it_waits_and_goes_on_by_itself(hub: Hub, scene: Scene, clock: Clock) -> None:
    upload(scene, "code,amount,currency,expires\nSMALL,5.00,USD,\nOLD,25.00,USD,2026-11-03\n")
    clock.move(days=2)
    approved(scene, by="codes")
    drain(hub)
    assert scene.reward().state == "approved"
    assert payout_of(scene).error == "No code of $25.00 is left: upload more."
    assert funds(scene) == (2500, 0, 0)
    assert states(hub, "reward.pay") == ["new"]
    upload(scene)
    drain(hub)
    assert (scene.reward().state, payout_of(scene).error) == ("paid", "")


def test_what_was_given_back_comes_out_of_another_budget_where_its_own_is_closed(
    hub: Hub, scene: Scene, payouts: RememberingPayouts
) -> None:
    payouts.failures = [Impossible("http_422", "No such campaign.")]
    approved(scene)
    drain(hub)
    assert scene.reward().state == "failed"
    with scene.tx() as tx:
        di, now = scene.member(tx, "Di"), hub.clock()
        facts: dict[str, Any] = {"workspace_id": workspace_of(tx).id, "currency": "USD", "cents": 50_000, "by": di}
        budget = tx.scalars(select(Budget)).one()
        rewards.move_money(tx, budget_id=budget.id, manager=di, cents=-budget.available_cents, note="", now=now)
        rewards.close_budget(tx, budget_id=budget.id, manager=di, now=now)
        other = rewards.open_budget(tx, name="Next year", **facts, now=now)
    try_again(scene)
    drain(hub)
    assert (scene.reward().state, scene.reward().budget_id) == ("paid", other.id)


def test_what_was_refused_is_above_a_limit_by_the_time_that_it_is_tried_again(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts
) -> None:
    payouts.failures = [Impossible("http_422", "No such campaign.")]
    approved(scene)
    drain(hub)
    with scene.tx() as tx:
        workspace_of(tx).most_rewards_a_month = 1
        give(tx, scene.member(tx, "Ana"), at=clock())
    with pytest.raises(Refused, match="has had 1 this month"):
        try_again(scene)
    assert funds(scene) == (0, 0, 0)


def test_an_order_that_the_service_forgot_is_for_a_person(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts
) -> None:
    reward_id = propose(scene)
    with scene.tx() as tx:
        external_id = rewards.external_id(workspace_of(tx), tx.get_one(Reward, reward_id))
    payouts.states[external_id] = "PENDING APPROVAL"
    approve(scene, reward_id)
    drain(hub)
    payouts.orders.clear()
    clock.move(minutes=61)
    drain(hub)
    assert scene.reward().state == "human"
    assert funds(scene) == (0, 2500, 0)
    with scene.tx() as tx:
        by = scene.member(tx, "Di")
        rewards.was_not_paid(tx, reward_id=reward_id, manager=by, why="It is not there.", now=clock())
    assert funds(scene) == (0, 0, 0)


def test_a_call_is_given_by_the_rules_link_and_costs_nothing(hub: Hub, scene: Scene) -> None:
    reward_id = propose(scene, by="booking")
    with scene.tx() as tx:
        tx.execute(update(RewardRule).values(link="https://cal.example/team"))
        tx.execute(update(Reward).values(amount_cents=0))
    approve(scene, reward_id)
    drain(hub)
    assert scene.reward().state == "paid"
    assert rewards.gift_of(payout_of(scene), cipher=hub.cipher) == "https://cal.example/team"
    assert funds(scene) == (0, 0, 0)
    assert states(hub, "reward.gift") == ["done"]


def test_points_alone_are_given_and_nobody_is_sent_an_empty_gift(hub: Hub, scene: Scene) -> None:
    reward_id = propose(scene, by="")
    with scene.tx() as tx:
        tx.execute(update(Reward).values(amount_cents=0, provider=""))
    approve(scene, reward_id)
    drain(hub)
    assert scene.reward().state == "paid"
    assert states(hub, "reward.gift") == []


def compare(hub: Hub, scene: Scene) -> list[tuple[str, str]]:
    """As every night. What does not add up: its kind, and by which id."""
    with scene.tx() as tx:
        rewards.reconcile_soon(tx, workspace_id=workspace_of(tx).id, now=hub.clock())
    drain(hub)
    with scene.hub.reading() as tx:
        return [(row.kind, row.external_id) for row in tx.scalars(select(Discrepancy).order_by(Discrepancy.id))]


def test_books_that_agree_find_nothing(hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts) -> None:
    approved(scene)
    drain(hub)
    payouts.books = [
        Booked("", "O-by-hand", "EXECUTED", 9900, "USD"),
        Booked("INV-7", "O-of-another-tool", "EXECUTED", 100, "USD"),
        Booked("7f3d1d0d-0b6b-4c55-8b77-0f3d1d0d7a11", "O-random", "EXECUTED", 100, "USD"),
        Booked(STRANGER, "O-failed", "FAILED", 100, "USD"),
    ]
    clock.move(hours=1)
    assert compare(hub, scene) == []
    assert compare(hub, scene) == []
    with hub.reading() as tx:
        last = rewards.last_compared(tx, workspace_id=workspace_of(tx).id)
        assert last is not None
        assert (last.detail["orders"], last.detail["balance_cents"]) == (1, 120_000)
        mark = rewards.mark_of(tx, workspace_id=workspace_of(tx).id, ids={}, now=clock())
        assert mark.since == (clock() - timedelta(days=3)).isoformat()


def test_what_is_there_and_not_here_is_said_once(hub: Hub, scene: Scene, payouts: RememberingPayouts) -> None:
    """One of a reward that nobody has approved since the backup, and one that nobody knows."""
    reward_id = propose(scene)
    with scene.tx() as tx:
        external_id = rewards.external_id(workspace_of(tx), tx.get_one(Reward, reward_id))
    payouts.books = [Booked(each, "O-1", "EXECUTED", 2500, "USD") for each in (external_id, STRANGER)]
    payouts.moved = [Booked(STRANGER, "O-1", "", 2500, "USD")]
    for _ in range(2):
        assert compare(hub, scene) == [("missing_here", external_id), ("missing_here", STRANGER)]
    with hub.reading() as tx:
        found = tx.scalars(select(Discrepancy).order_by(Discrepancy.id)).all()
        assert [row.detail["reward_id"] for row in found] == [reward_id, None]


def test_what_is_here_and_not_there_is_said_once(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts
) -> None:
    approved(scene)
    drain(hub)
    external_id = payout_of(scene).external_id
    payouts.orders.clear()
    assert compare(hub, scene) == [], "it may still be on its way between the two"
    clock.move(hours=1)
    for _ in range(2):
        assert compare(hub, scene) == [("missing_there", external_id)]
    assert payouts.asked.count(f"find {external_id}") == 1


@pytest.mark.parametrize("where", ["books", "moved"])
def test_another_amount_is_said(hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts, where: str) -> None:
    approved(scene)
    drain(hub)
    external_id = payout_of(scene).external_id
    state = "EXECUTED" if where == "books" else ""
    setattr(payouts, where, [Booked(external_id, "order-1", state, 5000, "USD")])
    assert compare(hub, scene) == [("amount_differs", external_id)]
    assert scene.reward().state == "paid"


def test_money_in_another_currency_says_nothing_of_the_gift(
    hub: Hub, scene: Scene, payouts: RememberingPayouts
) -> None:
    approved(scene)
    drain(hub)
    payouts.moved = [Booked(payout_of(scene).external_id, "order-1", "", 2310, "EUR")]
    assert compare(hub, scene) == []


def test_an_order_that_is_there_while_ours_is_refused_or_in_doubt_is_taken_as_paid(
    hub: Hub, scene: Scene, payouts: RememberingPayouts
) -> None:
    payouts.failures = [Impossible("http_422")]
    approved(scene)
    drain(hub)
    assert scene.reward().state == "failed"
    payout = payout_of(scene)
    payouts.order(Order(payout.external_id, payout.body))
    assert compare(hub, scene) == []
    assert scene.reward().state == "paid"
    assert "paid after all" in acts(scene)
    assert funds(scene) == (0, 0, 2500)


def test_a_night_that_was_broken_off_goes_on_at_its_page(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    payouts.books = [Booked(f"{STRANGER[:-1]}{digit}", f"O-{digit}", "EXECUTED", 100, "USD") for digit in range(5)]
    read, failures, offsets = payouts.orders_since, [NotDone("rate limited", 5), Unknown("cut")], []

    def broken(at: Any, *, until: Any, offset: int) -> Any:
        if offset and failures:
            raise failures.pop()
        offsets.append(offset)
        return read(at, until=until, offset=offset)

    monkeypatch.setattr(payouts, "orders_since", broken)
    assert len(compare(hub, scene)) == 2
    for _ in range(3):
        clock.move(minutes=20)
        drain(hub)
    assert failures == []
    assert offsets == [0, 2, 4]
    assert states(hub, "reward.reconcile") == ["done"]
    with hub.reading() as tx:
        assert len(tx.scalars(select(Discrepancy)).all()) == 5


def test_however_slow_the_service_is_no_piece_of_it_takes_longer_than_its_lease(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    payouts.books = [Booked(f"{STRANGER[:-1]}{digit}", f"O-{digit}", "EXECUTED", 100, "USD") for digit in range(9)]
    approved(scene)
    drain(hub)
    payouts.orders.clear()
    clock.move(hours=1)
    for slow in ("orders_since", "money_since", "find"):
        monkeypatch.setattr(payouts, slow, slowly(getattr(payouts, slow), clock))
    with scene.tx() as tx:
        rewards.reconcile_soon(tx, workspace_id=workspace_of(tx).id, now=clock())
    took = []
    while waiting := [row for row in rows(hub, "reward.reconcile") if row.state == "new"]:
        began = clock()
        relay.deliver(hub, waiting[0].id)
        took.append((clock() - began).total_seconds())
    assert max(took) < outbox.LEASE_SECONDS
    assert sum(took) > 60
    with hub.reading() as tx:
        assert len(tx.scalars(select(Discrepancy)).all()) == 10


def slowly(call: Any, clock: Clock) -> Any:
    def answer(*args: Any, **kwargs: Any) -> Any:
        clock.move(seconds=10)
        return call(*args, **kwargs)

    return answer


def rows(hub: Hub, kind: str) -> list[Outbox]:
    with hub.reading() as tx:
        return list(tx.scalars(select(Outbox).where(Outbox.kind == kind).order_by(Outbox.id)))


def test_many_payments_are_compared_a_stretch_at_a_time(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that what the row remembers does not grow with them; what is not there is found in each."""
    monkeypatch.setattr(comparing, "STRETCH", 1)
    ids = []
    for who in ("Ana", "Flo", "Gus"):
        approve(scene, propose(scene, who))
        drain(hub)
        clock.move(minutes=30)
        with hub.reading() as tx:
            ids.append(tx.scalars(select(Payout.external_id).order_by(Payout.id.desc())).first())
    for external_id in ids[:2]:
        del payouts.orders[str(external_id)]
    read, stretches = payouts.orders_since, []

    def remembering(at: Any, *, until: Any, offset: int) -> Any:
        stretches.append((at, until))
        return read(at, until=until, offset=offset)

    monkeypatch.setattr(payouts, "orders_since", remembering)
    assert compare(hub, scene) == [("missing_there", ids[0]), ("missing_there", ids[1])]
    assert len(stretches) == 4, "one for each payment, and the time after the last of them"
    assert [begins for begins, _ in stretches[1:]] == [ends for _, ends in stretches[:-1]]


def test_a_comparison_under_way_goes_on_where_it_is(hub: Hub, scene: Scene, payouts: RememberingPayouts) -> None:
    payouts.books = [Booked(f"{STRANGER[:-1]}{digit}", f"O-{digit}", "EXECUTED", 100, "USD") for digit in range(5)]
    for _ in range(2):
        with scene.tx() as tx:
            rewards.reconcile_soon(tx, workspace_id=workspace_of(tx).id, now=hub.clock())
        relay.deliver(hub, rows(hub, "reward.reconcile")[0].id)
    assert [row.payload["offset"] for row in rows(hub, "reward.reconcile")] == [4]


def test_orders_of_another_workspace_are_none_of_ours(hub: Hub, scene: Scene, payouts: RememberingPayouts) -> None:
    approved(scene)
    drain(hub)
    with scene.tx() as tx:
        other = workspaces.install(tx, who_am_i=who_am_i("T0OTHER"), now=hub.clock())
        news = [rewards.News("order-1")]
        assert rewards.hear(tx, workspace_id=other.id, news=news, now=hub.clock()) == 0
        rewards.reconcile_soon(tx, workspace_id=other.id, now=hub.clock())
    drain(hub)
    with hub.reading() as tx:
        assert tx.scalars(select(Discrepancy)).all() == []
    assert json.loads(payout_of(scene).body)["cents"] == 2500


def test_what_turns_out_to_be_paid_when_its_money_is_gone_waits_for_money_and_says_so(
    hub: Hub, scene: Scene, payouts: RememberingPayouts
) -> None:
    """Refused, so its money went back, and was taken out of the budget; then the service made it after all."""
    reward_id = propose(scene)
    with scene.tx() as tx:
        external_id = rewards.external_id(workspace_of(tx), tx.get_one(Reward, reward_id))
    payouts.states[external_id] = "FAILED"
    approve(scene, reward_id)
    drain(hub)
    move_money(scene, -1_000_000)
    payouts.states[external_id] = "EXECUTED"
    hear(scene, "order-1")
    drain(hub)
    assert scene.reward().state == "failed"
    assert funds(scene) == (0, 0, 0)
    with scene.tx() as tx:
        row = tx.scalars(select(Outbox).where(Outbox.kind == "reward.ask")).one()
        assert (row.state, row.error) == ("failed", "not_recorded There is not enough left in “Thanks”.")
    move_money(scene, 2500)
    with scene.tx() as tx:
        by = scene.member(tx, "Di")
        undelivered.try_again(tx, outbox_id=row.id, attempt=row.attempt, manager=by, now=hub.clock())
    drain(hub)
    assert scene.reward().state == "paid"
    assert funds(scene) == (0, 0, 2500)


def test_what_is_tried_again_when_its_budget_is_closed_comes_out_of_another(
    hub: Hub, scene: Scene, payouts: RememberingPayouts
) -> None:
    payouts.failures = [Impossible("http_422")]
    approved(scene)
    drain(hub)
    move_money(scene, -1_000_000)
    with scene.tx() as tx:
        by, now = scene.member(tx, "Di"), hub.clock()
        old = tx.scalars(select(Budget)).one()
        rewards.close_budget(tx, budget_id=old.id, manager=by, now=now)
        facts: dict[str, Any] = {"workspace_id": old.workspace_id, "currency": "USD", "cents": 5000, "by": by}
        new = rewards.open_budget(tx, name="More thanks", **facts, now=now)
        row = tx.scalars(select(Outbox).where(Outbox.kind == "reward.pay")).one()
        undelivered.try_again(tx, outbox_id=row.id, attempt=row.attempt, manager=by, now=now)
    drain(hub)
    assert scene.reward().state == "paid"
    with hub.reading() as tx:
        left = {each.id: (each.available_cents, each.spent_cents) for each in tx.scalars(select(Budget))}
        assert left == {old.id: (0, 0), new.id: (2500, 2500)}
        assert verify(tx, workspace_id=old.workspace_id).wrong == []


def move_money(scene: Scene, cents: int) -> None:
    with scene.tx() as tx:
        budget, by = tx.scalars(select(Budget)).one(), scene.member(tx, "Di")
        rewards.move_money(tx, budget_id=budget.id, manager=by, cents=cents, note="", now=scene.hub.clock())
