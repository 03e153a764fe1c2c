"""What can be given through the payout service, as managers see it, and rules that ask for something else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from feedback import outbox, rewards
from feedback.providers.payouts import Band, Product
from handlers import slack, web
from models import Member, Outbox, Reward, RewardRule
from tests.conftest import RememberingPayouts, give_by
from tests.web.conftest import House
from tests.web.test_rules import RULE

COFFEE = Product("COFFEE", "A <b>coffee</b> card", "merchant_card", ["USD"], ["US", "DE"], [Band("USD", 500, 20_000)])
BANK = Product("BANK", "To a bank", "ach", ["GBP"], ["GB"], [])
WIDE = Product(
    "WIDE",
    "Round the world",
    "tea_leaves",
    ["CAD", "EUR"],
    [f"A{letter}" for letter in "EFGILMO"],
    [Band("CAD", each * 1000, each * 1000) for each in range(1, 7)] + [Band("EUR", 100, 200)],
)


@pytest.fixture
def served(house: House) -> House:
    """With a payout service."""
    hub = replace(house.hub, payouts=RememberingPayouts())
    return replace(house, hub=hub, app=web.create_app(hub, slack.build(hub)))


def read(house: House, *products: Product, balance: tuple[int, str] | None = (123_400, "USD")) -> None:
    with house.hub.transaction() as tx:
        rewards.products.were_read(tx, workspace_id=1, products=products, balance=balance, now=house.clock())


def page(house: House, query: str = "", who: str = "Di") -> str:
    answer = house.browser(who).get(f"/rewards/products{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_manager_sees_what_there_is_where_and_when_it_was_read(served: House) -> None:
    assert "It has not been asked yet. Until then nothing is refused because of it." in page(served)
    read(served, COFFEE, BANK, WIDE)
    served.clock.go_on(hours=2)
    found = page(served)
    assert "A &lt;b&gt;coffee&lt;/b&gt; card" in found
    assert "$5.00 to $200.00" in found
    for words in (
        "3 products",
        "Gift card of a shop",
        "Bank transfer",
        "Tea leaves",
        "2 hours ago",
        "$1,234.00 was left",
    ):
        assert words in found, words
    assert "<summary>7 countries</summary>" in found
    assert "and 3 more" in found
    assert "A &lt;b&gt;coffee" not in page(served, who="Eve")


def test_it_is_sieved_by_country_and_currency(served: House) -> None:
    read(served, COFFEE, BANK, WIDE)
    assert "Round the world" not in page(served, "?country=DE")
    assert "coffee" in page(served, "?country=DE&currency=USD")
    only = page(served, "?currency=EUR")
    assert ("€1.00 to €2.00" in only, "CA$10.00" in only) == (True, False)
    nothing = page(served, "?country=GB&currency=USD")
    assert "Nothing is given in GB in USD." in nothing
    for odd in ("?country=%25", "?country=<b>&currency=de", "?page=99"):
        assert "3 products" in page(served, odd)


def test_what_is_gone_says_so_and_where_all_is_gone_too(served: House) -> None:
    read(served, COFFEE, BANK)
    read(served, BANK)
    found = page(served)
    assert found.index("To a bank") < found.index("coffee")
    assert "Not given any more since" in found
    read(served)
    assert "Not given any more since" in page(served)


def test_a_campaign_with_nothing_in_it_says_so(served: House) -> None:
    read(served, balance=None)
    found = page(served)
    assert "Nothing to choose from" in found
    assert "did not say how much was left" in found


def test_asking_again_is_owed_once(served: House) -> None:
    browser = served.browser("Di")
    for _ in range(2):
        assert browser.post("/rewards/products").location == "/rewards/products"
    assert [row.payload for row in served.all(Outbox) if row.kind == "reward.products"] == [{"v": 1}]
    assert "is being asked for the first time" in page(served)


def test_where_the_service_is_down_a_manager_reads_it_and_what_it_said_before(served: House) -> None:
    read(served, COFFEE)
    served.browser("Di").post("/rewards/products")
    with served.hub.transaction() as tx:
        row = next(row for row in served.all(Outbox) if row.kind == "reward.products")
        claim = outbox.claim(tx, outbox_id=row.id, now=served.clock())
        assert claim
        outbox.finish(tx, claim, now=served.clock(), state="failed", error="http_404 No such campaign")
    found = page(served)
    assert "The payout service did not take it as Roundtrip put it. Nobody asks again before the night" in found
    assert "Below is what it said the last time." in found
    assert "coffee" in found
    assert "Read what can be given through the payout service" in served.browser("Di").get("/undelivered").text


def test_without_a_service_the_page_says_what_else_there_is(house: House) -> None:
    found = page(house)
    assert "There is no payout service here." in found
    assert "Ask now" not in found


@pytest.mark.parametrize(
    ("typed", "field", "say"),
    [
        ({"currency": "EUR"}, "currency", "The payout service gives nothing in EUR, only in GBP and USD."),
        ({"amount": "4.99"}, "amount", "The payout service gives nothing of $4.99. The nearest is $5.00."),
        ({"amount": "200.01"}, "amount", "The payout service gives nothing of $200.01. The nearest is $200.00."),
    ],
)
def test_a_rule_that_nothing_can_be_given_for_is_refused_below_its_field(
    served: House, typed: dict[str, str], field: str, say: str
) -> None:
    sent: dict[str, Any] = {**RULE, "provider": "tremendous", **typed}
    browser = served.browser("Di")
    before = [row.id for row in served.all(RewardRule)]
    read(served, COFFEE, BANK)
    answer = browser.post("/settings/rewards/verified", sent)
    assert answer.status_code == 422
    assert f'id="rule-verified-{field}-help" class="wrong">{say}<' in answer.text
    assert [row.id for row in served.all(RewardRule)] == before
    for other in ({"provider": "manual"}, {"provider": "codes"}):
        assert browser.post("/settings/rewards/verified", {**sent, **other}).status_code == 303
    assert browser.post("/settings/rewards/call", {**RULE, "provider": "tremendous", "amount": "5"}).status_code == 303


@pytest.mark.parametrize("typed", [{"currency": "EUR"}, {"amount": "0.01"}])
def test_before_anything_was_read_no_rule_is_refused(served: House, typed: dict[str, str]) -> None:
    sent = {**RULE, "provider": "tremendous", **typed}
    assert served.browser("Di").post("/settings/rewards/verified", sent).status_code == 303


def test_a_yes_for_somebody_who_could_choose_nothing_is_refused_on_the_page(rewarded: House) -> None:
    read(rewarded, BANK)
    with rewarded.hub.transaction() as tx:
        give_by(tx, "tremendous")
        tx.get_one(Member, rewarded.people["Ana"].id).country = "US"
    why = "Where Ana is, the payout service gives nothing."
    browser = rewarded.browser("Di")
    assert why in browser.get("/rewards/1").text
    answer = browser.post("/rewards/1/approve", rewarded.seen())
    assert (answer.status_code, why in answer.text) == (422, True)
    assert rewarded.look(Reward, 1).state == "vesting"
