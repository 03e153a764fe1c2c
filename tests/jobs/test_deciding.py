"""What managers read in their channel, and how a question finds whoever knows."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from feedback import rewards
from feedback.hub import Hub
from jobs.drain import drain
from models import Outbox, Reward, RewardRule
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack

MANAGERS = "C0MANAGERS"


@pytest.fixture
def slack(hub: Hub, scene: Scene) -> RememberingSlack:
    """A thank-you for Ana waits, proposed by Cy; its card may not be posted yet."""
    told = scene.tell_all(scene.ship(scene.idea("Ana")))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    assert isinstance(hub.slack, RememberingSlack)
    return hub.slack


def settle(hub: Hub, clock: Clock) -> None:
    for _ in range(8):
        drain(hub)
        clock.move(seconds=5)


def ask(scene: Scene, question: str = "Was it *theirs*, or <!channel>?") -> int:
    with scene.tx() as tx:
        di = scene.member(tx, "Di")
        return rewards.ask(tx, reward_id=1, manager=di, question=question, now=scene.hub.clock()).id


def answer(scene: Scene, question_id: int) -> None:
    with scene.tx() as tx:
        cy = scene.member(tx, "Cy")
        rewards.answer(tx, question_id=question_id, member=cy, words="Theirs.", now=scene.hub.clock())


def posts(slack: RememberingSlack, kind: str) -> list[dict[str, Any]]:
    return [post for post in slack.posts if post["key"].startswith(f"{kind}:")]


def test_the_card_says_what_somebody_did_about_what_another_one_said(hub: Hub, scene: Scene, clock: Clock) -> None:
    """Otherwise a manager pays for evidence that they have not heard of, under somebody else's words."""
    said = scene.say("Ana", "The pump leaks.")
    idea_id = scene.capture(said, "Ana")
    scene.say("Flo", "Here is a film of it.", thread_ts=said.ts)
    scene.ship(idea_id)
    with scene.tx() as tx:
        facts: dict[str, Any] = {"trigger": "evidence", "provider": "manual", "points": 5, "made_at": clock()}
        tx.add(RewardRule(workspace_id=workspace_of(tx).id, currency="USD", amount_cents=500, vesting_days=0, **facts))
    with scene.tx() as tx:
        cy, flo, now = scene.member(tx, "Cy"), scene.member(tx, "Flo"), clock()
        about: dict[str, Any] = {"trigger": "evidence", "note": "She <filmed> it."}
        reward_id = rewards.thank(tx, idea_id=idea_id, by=cy, member_id=flo.id, **about, now=now).id
        rewards.check(tx, reward_id=reward_id, by=scene.member(tx, "Bo"), now=now)
    settle(hub, clock)
    assert isinstance(hub.slack, RememberingSlack)
    (card,) = posts(hub.slack, "reward.card")
    shown = str(card["blocks"])
    assert "About what Ana said:\\n> The pump leaks." in shown
    assert "*Cy wrote:* She &lt;filmed&gt; it." in shown
    assert "proposed by Cy, confirmed by Bo" in shown


def test_the_card_names_the_version_that_its_buttons_decide(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    settle(hub, clock)
    (card,) = posts(slack, "reward.card")
    assert card["channel"] == MANAGERS
    ask(scene)
    settle(hub, clock)
    shown = str(slack.updates[-1]["blocks"])
    assert f"'1:{scene.reward().version}'" in shown
    assert "Was it *theirs*, or &lt;!channel&gt;?" in shown
    assert "No answer yet" in shown


def test_a_question_goes_two_ways_and_its_answer_stands_below_the_card(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    settle(hub, clock)
    (card,) = posts(slack, "reward.card")
    question_id = ask(scene)
    settle(hub, clock)
    asked = posts(slack, "reward.question")
    assert {(post["channel"], post["thread_ts"]) for post in asked} == {
        (hub.slack.open_dm("U0CY"), None),
        (MANAGERS, card["ts"]),
    }
    assert all("'reward_answer'" in str(post["blocks"]) for post in asked)
    answer(scene, question_id)
    settle(hub, clock)
    (answered,) = posts(slack, "reward.answered")
    assert (answered["channel"], answered["thread_ts"]) == (MANAGERS, card["ts"])
    assert "<@U0DI>" in answered["text"]
    assert "Cy answered:* Theirs." in str(slack.updates[-1]["blocks"])


def test_without_a_card_whoever_asked_hears_alone(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    with scene.tx() as tx:
        workspace_of(tx).managers_channel_id = None
    settle(hub, clock)
    question_id = ask(scene)
    settle(hub, clock)
    assert [post["channel"] for post in posts(slack, "reward.question")] == [hub.slack.open_dm("U0CY")]
    answer(scene, question_id)
    settle(hub, clock)
    assert [post["channel"] for post in posts(slack, "reward.answered")] == [hub.slack.open_dm("U0DI")]


def test_what_is_answered_or_decided_meanwhile_is_not_asked(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    settle(hub, clock)
    answer(scene, ask(scene, "The first?"))
    ask(scene, "The second?")
    with scene.tx() as tx:
        di = scene.member(tx, "Di")
        rewards.decline(tx, reward_id=1, manager=di, why="Asked by us.", now=clock())
    settle(hub, clock)
    assert posts(slack, "reward.question") == []
    assert "Declined, by Di: Asked by us." in str(slack.updates[-1]["blocks"])
    with hub.reading() as tx:
        assert set(tx.scalars(select(Outbox.state).where(Outbox.kind.startswith("reward.")))) == {"done"}
        assert tx.scalars(select(Reward)).one().state == "declined"


def test_what_is_left_of_the_budget_is_drawn_anew_once_however_many_are_approved(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    for who in ("Flo", "Gus"):
        told = scene.tell_all(scene.ship(scene.idea(who, f"A refill for {who}.")))
        scene.answer(told[who], who)
        scene.try_out()
    settle(hub, clock)
    waiting = next(post for post in posts(slack, "reward.card") if "Gus" in post["text"])
    assert "*$9,975.00* left of Thanks after it" in str(waiting["blocks"])
    slack.updates.clear()
    with scene.hub.reading() as tx:
        version = tx.get_one(Reward, 3).version
    for reward_id in (1, 2):
        with scene.tx() as tx:
            facts: dict[str, Any] = {"reward_id": reward_id, "gift": "CODE-1", "cipher": hub.cipher}
            rewards.approve(tx, manager=scene.member(tx, "Di"), **facts, now=clock())
    settle(hub, clock)
    (update,) = [update for update in slack.updates if update["ts"] == waiting["ts"]]
    assert "*$9,925.00* left of Thanks after it" in str(update["blocks"])
    with scene.hub.reading() as tx:
        assert len(tx.scalars(select(Outbox).where(Outbox.kind == "reward.cards")).all()) == 1
        assert tx.get_one(Reward, 3).version == version, "what managers saw is still what they decide"
