"""A code or link is for one pair of eyes: it stands in no page, table, log, error or message but the one to its
receiver, whichever way it is given and whatever fails on the way."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from feedback import rewards
from feedback.providers import Impossible, Unknown
from feedback.providers.payouts import Gift, Order
from feedback.providers.slack import Posted
from handlers import slack, web
from jobs import schedule
from jobs.drain import drain
from models import Base, Outbox, Payout, Reward
from tests.conftest import RememberingPayouts, give_by
from tests.slack_stand_in import RememberingSlack
from tests.web.conftest import House
from tests.web.test_ways_in import PAGES

SECRET = "S3NTINEL-7Q2X"
LINK = f"https://gifts.example/{SECRET}"


@dataclass
class SecretPayouts(RememberingPayouts):
    def order(self, order: Order) -> Gift:
        return replace(super().order(order), link=LINK)

    def new_link(self, reward_ref: str) -> str:
        return f"{super().new_link(reward_ref)}/{SECRET}"


@dataclass
class FailingSlack(RememberingSlack):
    on_gifts: list[Exception] = field(default_factory=list)
    """Raised one after the other, where a gift is posted."""

    def post(self, **call: Any) -> Posted:
        if self.on_gifts and SECRET in str(call):
            raise self.on_gifts.pop(0)
        return super().post(**call)


@dataclass
class Watched:
    house: House
    slack: FailingSlack
    payouts: SecretPayouts
    faults: list[str] = field(default_factory=list)
    """What was raised, as whoever logs it would write it down."""

    def work(self, seconds: int = 60) -> None:
        """Everything that falls due; a fault of ours is written down, and the work goes on."""
        for _ in range(0, seconds, 3):
            try:
                drain(self.house.hub)
            except RuntimeError as error:
                self.faults.append("".join(traceback.format_exception(error)))
            self.house.clock.go_on(seconds=3)

    def change(self, **facts: object) -> None:
        with self.house.hub.transaction() as tx:
            payout = tx.scalars(select(Payout)).one()
            for name, value in facts.items():
                setattr(payout, name, value)


@pytest.fixture
def watched(rewarded: House) -> Watched:
    payouts = SecretPayouts()
    hub = replace(rewarded.hub, slack=FailingSlack(), payouts=payouts)
    rewarded.hub, rewarded.app = hub, web.create_app(hub, slack.build(hub))
    assert isinstance(hub.slack, FailingSlack)
    found = Watched(rewarded, hub.slack, payouts)
    found.work(3)
    return found


def approve(watched: Watched, gift: str = "") -> TestResponse:
    """As somebody does who has just looked at the page."""
    said = {"version": str(watched.house.look(Reward, 1).version), "gift": gift}
    return watched.house.browser("Di").post("/rewards/1/approve", said)


def by_hand(watched: Watched) -> None:
    """At the second try: at the first one, something was typed after the code."""
    refused = approve(watched, f"{SECRET} and more")
    assert refused.status_code == 422
    assert SECRET not in refused.get_data(as_text=True)
    assert approve(watched, SECRET).status_code == 303


def by_service(watched: Watched) -> None:
    with watched.house.hub.transaction() as tx:
        give_by(tx, "tremendous")
    assert approve(watched).status_code == 303
    watched.payouts.failures = [Unknown("cut")]


WAYS: dict[str, Callable[[Watched], None]] = {"manual": by_hand, "tremendous": by_service}
"""Every way in which a gift comes to us."""


@pytest.mark.parametrize("way", WAYS)
def test_what_is_in_a_gift_is_read_by_its_receiver_alone(
    watched: Watched, way: str, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    WAYS[way](watched)
    watched.slack.on_gifts = [RuntimeError("a fault of ours"), Unknown("cut")]
    watched.work(30)
    assert watched.faults, "it failed while the gift was on its way"
    pages_are_silent(watched)
    watched.work()
    assert told(watched) == ["gift"]

    watched.house.clock.go_on(hours=1)
    assert watched.house.browser("Di").post("/rewards/1/gift/again").status_code == 303
    watched.work()
    watched.change(expires_at=watched.house.clock() + timedelta(days=8), provider_reward="R1")
    watched.house.clock.go_on(days=2)
    schedule.tick(watched.house.hub)
    watched.work()
    assert told(watched) == ["gift", "reward.gift_again", "reward.expiring"]
    if way == "tremendous":
        watched.house.clock.go_on(days=7)
        assert watched.house.browser("Di").post("/rewards/1/gift/again").status_code == 303
        watched.work()
        assert told(watched)[3:] == ["reward.gift_again"]
    pages_are_silent(watched)

    watched.house.clock.go_on(days=40)
    back = watched.house.browser("Di").post("/rewards/1/gift/back", {"why": "It was never opened."})
    assert back.status_code == 303
    watched.work()
    assert watched.house.look(Reward, 1).state == "cancelled"
    assert watched.house.look(Payout, 1).gift == ""
    assert SECRET not in str(watched.slack.posts[-1]), "what was taken back is not sent once more"

    assert SECRET not in "".join(watched.faults)
    printed = capsys.readouterr()
    assert SECRET not in printed.out + printed.err + caplog.text


def told(watched: Watched) -> list[str]:
    """What Ana was sent with the gift in it. Nobody else was, in any way."""
    slack = watched.slack
    found = [post for post in slack.posts if SECRET in str(post)]
    assert {post["channel"] for post in found} == {"DUANA"}
    assert all(SECRET not in post["text"] for post in found), "notifications are read over shoulders"
    assert SECRET not in str((slack.updates, slack.whispers, slack.homes))
    return [str(post["key"]).split(":")[0] for post in found]


def pages_are_silent(watched: Watched) -> None:
    """Every page, of everybody who may see it; and every table, where a gift is sealed."""
    house = watched.house
    for name in ("Ana", "Bo", "Cy", "Di", "Eve"):
        browser = house.browser(name)
        for path, who in PAGES.items():
            if name in who or name == "Eve":
                assert SECRET not in browser.get(path).get_data(as_text=True), (name, path)
    with house.hub.reading() as tx:
        for table in Base.metadata.sorted_tables:
            for row in tx.execute(select(table)).mappings():
                assert SECRET not in str(dict(row)), table.name


def test_a_gift_that_did_not_get_through_is_listed_without_it(watched: Watched) -> None:
    by_hand(watched)
    watched.slack.on_gifts = [Impossible("user_disabled")]
    watched.work(5)
    page = watched.house.browser("Di").get("/undelivered").get_data(as_text=True)
    assert "Send Ana the gift of $25.00" in page
    pages_are_silent(watched)
    with watched.house.hub.reading() as tx:
        row = tx.scalars(select(Outbox).where(Outbox.kind == "reward.gift")).one()
        assert (row.state, set(row.payload)) == ("failed", {"v", "payout_id"})


def test_what_holds_a_gift_does_not_spell_it_out() -> None:
    assert SECRET not in repr(Gift("R1", LINK))


def test_without_the_key_a_sealed_gift_is_nothing(watched: Watched) -> None:
    by_hand(watched)
    payout = watched.house.look(Payout, 1)
    assert rewards.gift_of(payout, cipher=watched.house.hub.cipher) == SECRET
    assert SECRET not in payout.gift
