"""Thanks in words: where they wrote, by day, once; and what came to nothing before a manager was asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from feedback import rewards
from feedback.hub import Hub
from jobs import schedule
from jobs.drain import drain_until
from models import RewardRule
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack


@pytest.fixture
def slack(hub: Hub) -> RememberingSlack:
    assert isinstance(hub.slack, RememberingSlack)
    return hub.slack


def settle(hub: Hub, clock: Clock) -> None:
    drain_until(hub, lambda at: setattr(clock, "now", max(clock.now, datetime.fromtimestamp(at, UTC))), seconds=30)


def thanks(slack: RememberingSlack) -> list[dict[str, Any]]:
    return [post for post in slack.posts if post["key"].startswith("reward.thanks:")]


def rule(scene: Scene, trigger: str, **facts: Any) -> None:
    with scene.tx() as tx:
        known = {"points": 5, "amount_cents": 0, "currency": "USD", "provider": "", "vesting_days": 0}
        made = {"workspace_id": workspace_of(tx).id, "trigger": trigger, "made_at": scene.hub.clock()}
        tx.add(RewardRule(**{**known, **made, **facts}))


def thank(scene: Scene, idea_id: int, to: str) -> None:
    """Cy thanks somebody for evidence, and Bo confirms it."""
    with scene.tx() as tx:
        cy, bo, now = scene.member(tx, "Cy"), scene.member(tx, "Bo"), scene.hub.clock()
        facts = {"member_id": scene.member(tx, to).id, "trigger": "evidence", "note": "A film of it."}
        made = rewards.thank(tx, idea_id=idea_id, by=cy, **facts, now=now)  # type: ignore[arg-type]
        rewards.check(tx, reward_id=made.id, by=bo, now=now)


def test_whoever_wrote_there_is_thanked_there_and_whoever_only_backed_it_alone(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    rule(scene, "evidence", words="You saved us a week.")
    said = scene.say("Ana", "The pump leaks.")
    idea_id = scene.capture(said, "Ana")
    scene.say("Flo", "Here is a film of it.", thread_ts=said.ts)
    for name in ("Flo", "Gus"):
        scene.vote(idea_id, name)
    told = scene.tell_all(scene.ship(idea_id))
    scene.answer(told["Gus"], "Gus")
    for name in ("Flo", "Gus"):
        thank(scene, idea_id, name)
    for _ in range(2):
        settle(hub, clock)
    assert len(thanks(slack)) == 3
    by_name = {name: post for name in ("ANA", "FLO", "GUS") for post in thanks(slack) if f"<@U0{name}>" in str(post)}
    places = {name: (post["channel"], post["thread_ts"]) for name, post in by_name.items()}
    here = ("C0IDEAS", said.ts)
    assert places == {"ANA": here, "FLO": here, "GUS": (slack.open_dm("U0GUS"), None)}
    assert [by_name[name]["text"] for name in ("FLO", "GUS")] == ["You saved us a week."] * 2
    assert by_name["ANA"]["text"].startswith("Thank you.")
    assert all("25" not in str(post["blocks"]) for post in thanks(slack)), "never how much"


def test_nobody_is_thanked_at_night_nor_for_what_came_to_nothing_by_morning(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    for name in ("Ana", "Flo"):
        with scene.tx() as tx:
            scene.member(tx, name).tz = "UTC"
    clock.now = clock.now.replace(hour=23)
    made = [scene.idea(name, f"{name} asks for a pump that locks.") for name in ("Ana", "Flo")]
    for idea_id in made:
        scene.vote(idea_id, "Gus")
    told = scene.tell_all(scene.ship(*made))
    scene.answer(told["Gus"], "Gus")
    scene.try_out()
    settle(hub, clock)
    assert thanks(slack) == []
    scene.answer(told["Flo"], "Flo", "not_yet", "It drips.")
    clock.move(hours=10)
    settle(hub, clock)
    assert ["U0ANA" in str(post["blocks"]) for post in thanks(slack)] == [True]


def test_what_most_find_not_to_help_by_then_is_shown_to_no_manager(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    with scene.tx() as tx:
        workspace_of(tx).reopen_after = 100
        for found in rewards.in_force(tx, workspace_id=workspace_of(tx).id):
            found.vesting_days = 7
    idea_id = scene.idea("Ana")
    for name in ("Flo", "Gus"):
        scene.vote(idea_id, name)
    told = scene.tell_all(scene.ship(idea_id))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    for name in ("Flo", "Gus"):
        scene.answer(told[name], name, "not_yet", "It drips.")
    settle(hub, clock)
    clock.move(days=8)
    settle(hub, clock)
    assert scene.reward().state == "cancelled"
    assert [post for post in slack.posts if post["key"].startswith("reward.card:")] == []


def test_the_night_proposes_for_a_theme_that_many_stood_behind(hub: Hub, scene: Scene, clock: Clock) -> None:
    rule(scene, "supported", supporters=2)
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    settle(hub, clock)
    scene.ship(idea_id)
    with scene.tx() as tx:
        assert scene.get_idea(idea_id).theme_id is not None
        (job,) = [job for job in schedule.PERIODIC if job.name == "reward_supported"]
        job.run(tx, clock())
    assert scene.reward().reason == "supported"
