"""Gifts on their way: each message to one person, once, whatever fails in between; and back to the budget."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback import rewards
from feedback.hub import Hub
from feedback.providers import Impossible, NotDone, Unknown
from feedback.providers.slack import Posted
from jobs import schedule
from jobs.drain import drain
from models import Outbox, Payout, RewardRule
from tests.conftest import Clock, RememberingPayouts, give_by, money, workspace_of
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack

CODE = "CODE-7Q2X"


@pytest.fixture
def slack(hub: Hub) -> RememberingSlack:
    assert isinstance(hub.slack, RememberingSlack)
    return hub.slack


@pytest.fixture
def payouts(hub: Hub) -> RememberingPayouts:
    assert isinstance(hub.payouts, RememberingPayouts)
    return hub.payouts


@pytest.fixture
def reward_id(scene: Scene) -> int:
    """A manager may say yes to it."""
    told = scene.tell_all(scene.ship(scene.idea("Ana")))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    return scene.reward().id


def approve(scene: Scene, reward_id: int, *, by: str = "manual", gift: str = CODE) -> None:
    with scene.tx() as tx:
        give_by(tx, by)
    facts: dict[str, Any] = {"reward_id": reward_id, "gift": gift, "cipher": scene.hub.cipher}
    with scene.tx() as tx:
        rewards.approve(tx, manager=scene.member(tx, "Di"), **facts, now=scene.hub.clock())


def settle(hub: Hub, clock: Clock, seconds: float = 40) -> None:
    """Does everything that falls due in so many seconds."""
    for _ in range(int(seconds)):
        drain(hub)
        clock.move(seconds=1)


def change(scene: Scene, **facts: object) -> None:
    with scene.tx() as tx:
        payout = tx.scalars(select(Payout)).one()
        for name, value in facts.items():
            setattr(payout, name, value)


def payout_of(scene: Scene) -> Payout:
    with scene.hub.reading() as tx:
        found = tx.scalars(select(Payout)).one()
        assert found.reward
        return found


def again(scene: Scene, reward_id: int) -> None:
    with scene.tx() as tx:
        rewards.send_again(tx, reward_id=reward_id, manager=scene.member(tx, "Di"), now=scene.hub.clock())


def take_back(scene: Scene, reward_id: int) -> None:
    with scene.tx() as tx:
        facts: dict[str, Any] = {"reward_id": reward_id, "why": "It was never opened.", "now": scene.hub.clock()}
        rewards.take_back(tx, manager=scene.member(tx, "Di"), **facts)


def posts(slack: RememberingSlack, *kinds: str) -> list[dict[str, Any]]:
    return [post for post in slack.posts if str(post["key"]).startswith(kinds)]


def test_the_gift_is_told_to_its_receiver_alone_with_their_words_and_until_when(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, reward_id: int
) -> None:
    with scene.tx() as tx:
        tx.scalars(select(RewardRule)).one().words = "For your next <order>."
    approve(scene, reward_id)
    change(scene, expires_at=clock() + timedelta(days=90))
    settle(hub, clock)
    (told,) = posts(slack, "gift:")
    shown = str(told["blocks"])
    assert told["channel"] == "DU0ANA"
    for words in (
        "$25.00 for you",
        "refill for the pump",
        CODE,
        "next &lt;order&gt;",
        "Good until",
        "Only you see this",
    ):
        assert words in shown
    assert CODE not in told["text"]
    assert [post["channel"] for post in slack.posts if CODE in str(post)] == ["DU0ANA"]
    assert (payout_of(scene).gift_channel_id, payout_of(scene).gift_ts) == ("DU0ANA", told["ts"])


@pytest.mark.parametrize(
    ("provider", "given", "label"),
    [
        ("booking", "https://cal.example/team", "|Choose a time>"),
        ("manual", "https://gifts.example/1", "|Open your gift>"),
        ("manual", CODE, f"`{CODE}`"),
        ("manual", "You are in the group that tries things first.", "&gt; You are in"),
    ],
)
def test_each_kind_of_gift_is_told_in_its_way(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, reward_id: int, provider: str, given: str, label: str
) -> None:
    """Where nothing is paid, no amount is said."""
    with scene.tx() as tx:
        reward = rewards.get(tx, reward_id=reward_id)
        reward.amount_cents = 0
    approve(scene, reward_id)
    with scene.tx() as tx:
        reward = rewards.get(tx, reward_id=reward_id)
        assert reward.payout
        reward.provider, reward.payout.gift = provider, hub.cipher.encrypt(given.encode()).decode()
    settle(hub, clock)
    (told,) = posts(slack, "gift:")
    assert label.replace("&gt;", ">") in str(told["blocks"])
    assert "$" not in str(told)


def test_a_gift_whose_answer_was_lost_is_found_and_not_told_twice(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, reward_id: int
) -> None:
    settle(hub, clock)
    approve(scene, reward_id)
    slack.failures_after = [Unknown("cut")]
    settle(hub, clock, 90)
    assert len(posts(slack, "gift:")) == 1
    assert payout_of(scene).gift_told_at is not None
    assert payout_of(scene).gift_ts == posts(slack, "gift:")[0]["ts"]


@pytest.mark.parametrize("failure", [NotDone("rate limited", 1), Unknown("cut")])
def test_a_gift_sent_again_is_the_same_one_and_comes_once(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, reward_id: int, failure: Exception
) -> None:
    approve(scene, reward_id)
    settle(hub, clock)
    clock.move(hours=1)
    again(scene, reward_id)
    (slack.failures_after if isinstance(failure, Unknown) else slack.failures).append(failure)
    settle(hub, clock, 90)
    (told,) = posts(slack, "reward.gift_again:")
    assert told["channel"] == "DU0ANA"
    assert CODE in str(told["blocks"])
    assert "the same one" in told["text"]
    assert payout_of(scene).gift_ts == told["ts"]


def test_where_the_link_has_ended_another_one_is_asked_for_first(
    hub: Hub, scene: Scene, slack: RememberingSlack, payouts: RememberingPayouts, clock: Clock, reward_id: int
) -> None:
    approve(scene, reward_id, by="tremendous", gift="")
    settle(hub, clock)
    change(scene, provider_reward="R1", expires_at=clock())
    clock.move(days=1)
    again(scene, reward_id)
    payouts.failures = [NotDone("rate limited", 1), Unknown("500")]
    settle(hub, clock, 90)
    (told,) = posts(slack, "reward.gift_again:")
    assert "https://gifts.example/R1/1" in str(told["blocks"])
    assert payouts.links == ["R1"]
    assert len(payouts.orders) == 1


def test_the_reminder_comes_by_day_once_and_not_where_it_was_used_meanwhile(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, reward_id: int
) -> None:
    approve(scene, reward_id)
    settle(hub, clock)
    change(scene, expires_at=clock() + timedelta(days=8))
    for _ in range(3):
        clock.move(days=1)
        schedule.tick(hub)
        drain(hub)
    (told,) = posts(slack, "reward.expiring:")
    assert (told["channel"], CODE in str(told["blocks"])) == ("DU0ANA", True)
    assert payout_of(scene).reminded_at is not None
    change(scene, reminded_at=None, redeemed_at=clock())
    with scene.tx() as tx:
        row = tx.scalars(select(Outbox).where(Outbox.kind == "reward.expiring")).one()
        row.state, row.next_at = "new", clock()
    settle(hub, clock)
    assert len(posts(slack, "reward.expiring:")) == 1


def test_nobody_is_woken_for_a_reminder_or_for_what_went_back(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, reward_id: int
) -> None:
    approve(scene, reward_id)
    settle(hub, clock)
    change(scene, expires_at=clock() + timedelta(days=8))
    clock.move(days=2, hours=14)  # 23 o'clock
    with scene.tx() as tx:
        assert rewards.remind_soon(tx, workspace_id=workspace_of(tx).id, now=clock()) == 1
        rewards.returned(tx, payout_id=tx.scalars(select(Payout.id)).one(), now=clock())
    settle(hub, clock)
    assert posts(slack, "reward.expiring:", "reward.returned:") == []
    clock.move(hours=10)
    settle(hub, clock)
    (told,) = posts(slack, "reward.expiring:", "reward.returned:")
    assert str(told["key"]).startswith("reward.returned:"), "what went back is not remembered any more"
    assert "It was not opened in time." in str(told["blocks"])


def test_what_is_taken_back_is_cancelled_at_the_service_and_its_receiver_is_told_once(
    hub: Hub, scene: Scene, slack: RememberingSlack, payouts: RememberingPayouts, clock: Clock, reward_id: int
) -> None:
    approve(scene, reward_id, by="tremendous", gift="")
    settle(hub, clock)
    change(scene, provider_reward="R1")
    clock.move(days=30)
    take_back(scene, reward_id)
    payouts.failures = [Unknown("500"), NotDone("rate limited", 1)]
    settle(hub, clock, 90)
    assert payouts.cancelled == ["R1"]
    assert scene.reward().state == "cancelled"
    with scene.tx() as tx:
        assert money(tx) == (0, 0, 0)
        rewards.returned(tx, payout_id=tx.scalars(select(Payout.id)).one(), now=clock())
    settle(hub, clock)
    (told,) = posts(slack, "reward.returned:")
    assert (told["channel"], "It was never opened." in str(told["blocks"])) == ("DU0ANA", True)


def test_what_was_opened_meanwhile_stays_theirs(
    hub: Hub, scene: Scene, slack: RememberingSlack, payouts: RememberingPayouts, clock: Clock, reward_id: int
) -> None:
    approve(scene, reward_id, by="tremendous", gift="")
    settle(hub, clock)
    change(scene, provider_reward="R1")
    clock.move(days=30)
    take_back(scene, reward_id)
    payouts.failures = [Impossible("http_409", "already redeemed")]
    settle(hub, clock)
    assert (scene.reward().state, scene.reward().ended_why) == ("paid", "")
    assert posts(slack, "reward.returned:") == []
    take_back(scene, reward_id)
    settle(hub, clock)
    assert scene.reward().state == "cancelled", "asked again, the service agreed"


def test_a_gift_that_was_taken_back_before_it_was_told_is_not_told(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, reward_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = slack.post

    def refuse(**call: Any) -> Posted:
        if call["channel_id"] == "U0ANA":
            raise Impossible("user_disabled")
        return post(**call)

    monkeypatch.setattr(slack, "post", refuse)
    approve(scene, reward_id)
    settle(hub, clock, 3)
    monkeypatch.setattr(slack, "post", post)
    take_back(scene, reward_id)
    with scene.tx() as tx:
        row = tx.scalars(select(Outbox).where(Outbox.kind == "reward.gift")).one()
        row.state, row.lease_until = "sending", clock()
    settle(hub, clock)
    assert posts(slack, "gift:", "reward.returned:") == []


def test_what_went_back_is_gone_from_every_message_that_showed_it(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, reward_id: int
) -> None:
    """From the first one, from that of a later day, and from the reminder."""
    approve(scene, reward_id)
    settle(hub, clock)
    clock.move(days=2)
    again(scene, reward_id)
    settle(hub, clock)
    change(scene, expires_at=clock() + timedelta(days=5))
    with scene.tx() as tx:
        assert rewards.remind_soon(tx, workspace_id=workspace_of(tx).id, now=clock()) == 1
    clock.move(hours=6)
    settle(hub, clock)
    shown = {str(post["ts"]) for post in posts(slack, "gift:", "reward.gift_again:", "reward.expiring:")}
    assert len(shown) == 3
    assert all(CODE in str(post["blocks"]) for post in slack.posts if post["ts"] in shown)
    clock.move(days=40)
    take_back(scene, reward_id)
    settle(hub, clock)
    renewed = [update for update in slack.updates if update["ts"] in shown]
    assert {update["ts"] for update in renewed} == shown
    for update in renewed:
        assert update["channel"] == "DU0ANA"
        assert CODE not in str(update)
        assert "Your gift of $25.00 went back" in update["text"]


def test_what_went_back_while_it_was_being_sent_is_gone_from_the_message_too(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, reward_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(scene, reward_id, by="tremendous", gift="")
    post = slack.post

    def cancelled_meanwhile(**call: Any) -> Posted:
        if str(call["key"]).startswith("gift:"):
            with scene.tx() as tx:
                rewards.returned(tx, payout_id=tx.scalars(select(Payout.id)).one(), now=clock())
        return post(**call)

    monkeypatch.setattr(slack, "post", cancelled_meanwhile)
    settle(hub, clock)
    (told,) = posts(slack, "gift:")
    (renewed,) = [update for update in slack.updates if update["ts"] == told["ts"]]
    assert "https://" not in str(renewed)
