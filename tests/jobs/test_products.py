"""What can be given through the payout service is read every night, and nothing is approved that nobody could use."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from feedback import rewards, workspaces
from feedback.blocks import rewards as reward_blocks
from feedback.database import connect
from feedback.errors import Refused
from feedback.hub import Hub
from feedback.overview import deciding
from feedback.overview import products as overview
from feedback.providers import Impossible, NotDone, Unknown
from feedback.providers.payouts import Band, Product
from jobs import schedule
from jobs.drain import drain
from models import Audit, Outbox, Payout, PayoutProduct, Reward
from tests.conftest import Clock, RememberingPayouts, give_by, make_hub, who_am_i, workspace_of
from tests.feedback.scene import Scene

COFFEE = Product("COFFEE", "Coffee", "merchant_card", ["USD", "eur"], ["us", "DE"], [Band("USD", 500, 10_000)])
BANK = Product("BANK", "Bank", "ach", ["GBP"], ["GB"], [])
CARDS = Product("CARDS", "Cards", "visa_card", ["CAD"], ["CA"], [Band("CAD", 1000, 1000), Band("CAD", 2000, 2000)])


@pytest.fixture
def payouts(hub: Hub) -> RememberingPayouts:
    assert isinstance(hub.payouts, RememberingPayouts)
    hub.payouts.catalogue = [COFFEE, BANK, CARDS]
    return hub.payouts


def read(hub: Hub, scene: Scene) -> list[PayoutProduct]:
    """A manager asks for it. What stands here then, by the service's ids."""
    with scene.tx() as tx:
        rewards.products.read_now(tx, manager=scene.member(tx, "Di"), now=hub.clock())
    drain(hub)
    return stored(hub)


def stored(hub: Hub) -> list[PayoutProduct]:
    with hub.reading() as tx:
        return list(tx.scalars(select(PayoutProduct).order_by(PayoutProduct.product_id)))


def asked(hub: Hub) -> overview.Asked:
    with hub.reading() as tx:
        return overview.asked(tx, workspace_id=workspace_of(tx).id)


def proposed(scene: Scene, country: str, cents: int = 2500, currency: str = "USD", by: str = "tremendous") -> int:
    """A reward of Ana's that waits for a manager. Its id."""
    told = scene.tell_all(scene.ship(scene.idea("Ana")))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    with scene.tx() as tx:
        give_by(tx, by)
        reward = tx.scalars(select(Reward)).one()
        reward.amount_cents, reward.currency = cents, currency
        now = scene.hub.clock()
        where = reward.workspace_id
        for each in ("EUR", "GBP", "CAD"):
            rewards.open_budget(tx, workspace_id=where, name=each, currency=each, cents=100_000, by=None, now=now)
        say_country(scene, tx, country)
        return reward.id


def say_country(scene: Scene, tx: Any, country: str) -> None:
    hub, ana = scene.hub, scene.member(tx, "Ana")
    rewards.wish(tx, member=ana, takes_rewards=True, country=country, cipher=hub.cipher, now=hub.clock())


def approve(scene: Scene, reward_id: int) -> None:
    with scene.tx() as tx:
        di = scene.member(tx, "Di")
        rewards.approve(tx, reward_id=reward_id, manager=di, cipher=scene.hub.cipher, now=scene.hub.clock())


def test_products_are_read_at_night_and_what_is_gone_is_marked(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts
) -> None:
    schedule.tick(hub)
    drain(hub)
    bank, cards, coffee = stored(hub)
    assert (coffee.name, coffee.kind, coffee.currencies, coffee.countries) == (
        "Coffee",
        "merchant_card",
        " EUR USD ",
        " DE US ",
    )
    assert coffee.bands == [{"currency": "USD", "least_cents": 500, "most_cents": 10_000}]
    assert (bank.bands, cards.gone_at, bank.read_at) == ([], None, clock())
    assert (asked(hub).at, asked(hub).products, asked(hub).balance) == (clock(), 3, "$1,200.00")
    first = clock()
    payouts.catalogue = [Product("COFFEE", "Better coffee", "merchant_card", ["USD"], ["US"], [])]
    gone_at = clock.move(days=1)
    schedule.tick(hub)
    drain(hub)
    clock.move(days=1)
    schedule.tick(hub)
    drain(hub)
    bank, cards, coffee = stored(hub)
    assert (bank.gone_at, cards.gone_at, bank.read_at) == (gone_at, gone_at, first)
    assert (coffee.name, coffee.currencies, coffee.bands, coffee.read_at) == ("Better coffee", " USD ", [], clock())
    payouts.catalogue = [BANK, BANK]
    assert [row.gone_at is None for row in read(hub, scene)] == [True, False, False]


def test_products_are_kept_on_both_kinds_of_database(on_both: str, clock: Clock) -> None:
    """More than go in one by one."""
    engine = connect(on_both)
    hub = make_hub(engine, clock)
    many = [Product(f"P{number:03}", "Card", "visa_card", ["USD"], ["US"], [Band("USD", 1, 2)]) for number in range(60)]
    for _ in range(2):
        with hub.transaction() as tx:
            where = workspace_of(tx).id
            rewards.products.were_read(tx, workspace_id=where, products=many, balance=None, now=clock())
    with hub.reading() as tx:
        rows = tx.scalars(select(PayoutProduct)).all()
        assert len(rows) == 60
        assert {json.dumps(row.bands) for row in rows} == {json.dumps([vars(many[0].bands[0])])}
        found = overview.listed(tx, workspace_id=where, sieve=overview.Sieve("US", "USD"), number=1)
        assert (found.total, len(found.rows)) == (60, 25)
        assert overview.listed(tx, workspace_id=where, sieve=overview.Sieve("DE"), number=1).total == 0
    engine.dispose()


@pytest.mark.parametrize(
    ("failure", "says", "is_going"),
    [
        (NotDone("rate limited", 5), "was too busy", True),
        (Unknown("cut"), "did not answer, or not clearly", True),
        (Impossible("http_404", "No such campaign"), "did not take it as Roundtrip put it", False),
    ],
)
def test_a_service_that_is_down_leaves_what_was_read_and_is_said(
    hub: Hub, scene: Scene, clock: Clock, payouts: RememberingPayouts, failure: Exception, says: str, is_going: bool
) -> None:
    before = [(row.product_id, row.read_at, row.gone_at) for row in read(hub, scene)]
    first = clock()
    assert not asked(hub).trouble
    clock.move(hours=1)
    payouts.failures = [failure]
    assert [(row.product_id, row.read_at, row.gone_at) for row in read(hub, scene)] == before
    assert says in asked(hub).trouble
    assert (asked(hub).is_going, asked(hub).at) == (is_going, first)
    clock.move(minutes=5)
    read(hub, scene)
    assert (asked(hub).trouble, asked(hub).is_going, asked(hub).at) == ("", False, clock())


def test_a_balance_that_nobody_says_is_no_reason_to_know_no_products(
    hub: Hub, scene: Scene, payouts: RememberingPayouts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise Unknown("cut")

    monkeypatch.setattr(payouts, "balance", broken)
    assert len(read(hub, scene)) == 3
    assert (asked(hub).products, asked(hub).balance, asked(hub).trouble) == (3, "", "")


def test_where_no_service_is_nobody_is_asked(hub: Hub, scene: Scene, payouts: RememberingPayouts) -> None:
    assert read(replace(hub, payouts=None), scene) == []
    assert payouts.asked == []
    with hub.reading() as tx:
        assert tx.scalars(select(Outbox.state).where(Outbox.kind == "reward.products")).one() == "done"
        assert tx.scalars(select(Audit).where(Audit.act == "products read")).all() == []


@pytest.mark.parametrize(
    ("country", "cents", "currency", "why"),
    [
        ("FR", 2500, "USD", "Where Ana is, the payout service gives nothing."),
        ("GB", 2500, "USD", "Where Ana is, the payout service gives nothing in USD, only in GBP."),
        ("US", 2500, "GBP", "Where Ana is, the payout service gives nothing in GBP, only in EUR and USD."),
        ("US", 400, "USD", "Where Ana is, the payout service gives nothing of $4.00. The nearest is $5.00."),
        ("CA", 1500, "CAD", "gives nothing of CA$15.00. The nearest are CA$10.00 and CA$20.00."),
    ],
)
def test_nothing_is_approved_for_somebody_who_could_choose_nothing(
    hub: Hub, scene: Scene, payouts: RememberingPayouts, country: str, cents: int, currency: str, why: str
) -> None:
    reward_id = proposed(scene, country, cents, currency)
    read(hub, scene)
    with pytest.raises(Refused) as refused:
        approve(scene, reward_id)
    assert why in refused.value.say
    assert scene.reward().state == "vesting"
    with hub.transaction() as tx:
        reward = tx.get_one(Reward, reward_id)
        brief = deciding.brief(tx, reward=reward, now=hub.clock())
        card = reward_blocks.card(reward, brief=brief, hub_url="https://hub.example")
    assert why in brief.cannot
    assert why in json.dumps(card.blocks, ensure_ascii=False)
    with scene.tx() as tx:
        di = scene.member(tx, "Di")
        rewards.decline(tx, reward_id=reward_id, manager=di, why="Another way.", now=hub.clock())
    assert scene.reward().state == "declined"
    assert payouts.orders == {}


@pytest.mark.parametrize(
    ("country", "cents", "currency", "by"),
    [
        ("", 2500, "USD", "tremendous"),  # nobody knows where they are
        ("US", 2500, "USD", "tremendous"),
        ("US", 500, "USD", "tremendous"),
        ("DE", 1, "EUR", "tremendous"),  # what holds in dollars holds in euros, at a rate that nobody knows
        ("GB", 20_000, "GBP", "tremendous"),  # any amount
        ("FR", 2500, "USD", "codes"),  # not by the service
    ],
)
def test_who_could_choose_something_or_is_nowhere_gets_it(
    hub: Hub, scene: Scene, payouts: RememberingPayouts, country: str, cents: int, currency: str, by: str
) -> None:
    reward_id = proposed(scene, country, cents, currency, by)
    with scene.tx() as tx:
        workspace_of(tx).two_approve_above_cents = 1_000_000
    read(hub, scene)
    approve(scene, reward_id)
    assert scene.reward().state == "approved"


def test_before_they_were_read_and_where_there_are_none_nothing_is_refused(
    hub: Hub, scene: Scene, payouts: RememberingPayouts
) -> None:
    reward_id = proposed(scene, "FR")
    payouts.catalogue = []
    read(hub, scene)
    approve(scene, reward_id)
    drain(hub)
    assert scene.reward().state == "paid"
    assert [json.loads(order.body)["cents"] for order in payouts.orders.values()] == [2500]


def test_products_of_another_workspace_say_nothing_here(hub: Hub, scene: Scene, payouts: RememberingPayouts) -> None:
    reward_id = proposed(scene, "FR")
    with scene.tx() as tx:
        other = workspaces.install(tx, who_am_i=who_am_i("T0OTHER"), now=hub.clock())
        rewards.products.were_read(tx, workspace_id=other.id, products=[BANK], balance=None, now=hub.clock())
    approve(scene, reward_id)
    assert scene.reward().state == "approved"


def test_what_went_away_between_the_yes_and_the_payment_waits_for_a_manager(
    hub: Hub, scene: Scene, payouts: RememberingPayouts
) -> None:
    read(hub, scene)
    reward_id = proposed(scene, "US")
    approve(scene, reward_id)
    with scene.tx() as tx:
        where = workspace_of(tx).id
        rewards.products.were_read(tx, workspace_id=where, products=[BANK], balance=None, now=hub.clock())
    drain(hub)
    assert (scene.reward().state, payouts.orders) == ("human", {})
    with hub.reading() as tx:
        assert tx.scalars(select(Payout.error)).one() == "ineligible Where Ana is, the payout service gives nothing."


def test_the_card_is_drawn_anew_when_they_say_where_they_are(
    hub: Hub, scene: Scene, payouts: RememberingPayouts
) -> None:
    read(hub, scene)
    reward_id = proposed(scene, "")
    drain(hub)
    version = scene.reward().version
    with scene.tx() as tx:
        say_country(scene, tx, "FR")
    assert scene.reward().version == version, "a yes that was given stands"
    with hub.reading() as tx:
        row = tx.scalars(select(Outbox).where(Outbox.key == f"reward.card_refresh:{reward_id}")).one()
        assert row.state == "new"
        assert tx.scalars(select(Audit).where(Audit.act == "said a country")).one().detail == {}
