"""The managers' channel hears what stands when the line is posted, and nothing that was settled before."""

from __future__ import annotations

import pytest

from feedback.hub import Hub
from feedback.rewards import holds
from jobs.holds import held
from jobs.plans import Post
from models import Reward
from tests.conftest import START, workspace_of
from tests.feedback.giving import give, say
from tests.feedback.scene import Scene


@pytest.fixture
def reward(hub: Hub) -> Reward:
    """Three times the same text, of which the third waits for a look."""
    scene = Scene(hub)
    with scene.tx() as tx:
        ana, cy = scene.member(tx, "Ana"), scene.member(tx, "Cy")
        ideas = [say(tx, ana, "The <lid> leaks in my bag", at=START) for _ in range(3)]
        found = give(tx, ana, at=START, state="vesting", idea=ideas[2], proposed_by_id=cy.id)
        assert [hold.kind for hold in holds.look(tx, reward=found, now=START)] == ["burst"]
        return found


def planned(hub: Hub, reward: Reward) -> Post | None:
    with hub.transaction() as tx:
        plan = held(hub, tx, {"workspace_id": reward.workspace_id, "reward_id": reward.id}, START)
    assert plan is None or isinstance(plan, Post)
    return plan


def test_it_says_why_in_numbers_and_quotes_nobody(hub: Hub, reward: Reward) -> None:
    plan = planned(hub, reward)
    assert plan is not None
    assert (plan.channel_id, plan.thread_ts) == ("C0MANAGERS", None)
    assert plan.message is not None
    shown = str(plan.message.blocks)
    assert "2 other ideas within 7 days say almost the same" in shown
    assert f"/rewards/{reward.id}/holds" in shown
    assert "leaks" not in shown


@pytest.mark.parametrize("how", ["lifted", "decided"])
def test_what_was_settled_meanwhile_is_no_news(hub: Hub, reward: Reward, how: str) -> None:
    scene = Scene(hub)
    with scene.tx() as tx:
        if how == "decided":
            tx.get_one(Reward, reward.id).state = "declined"
        else:
            (hold,) = holds.of(tx, reward=tx.get_one(Reward, reward.id))
            holds.lift(tx, hold_id=hold.id, manager=scene.member(tx, "Di"), why="By mistake.", now=START)
    plan = planned(hub, reward)
    assert plan is not None
    assert plan.message is None


def test_without_a_channel_for_managers_nothing_is_posted(hub: Hub, reward: Reward) -> None:
    with hub.transaction() as tx:
        workspace_of(tx).managers_channel_id = None
    assert planned(hub, reward) is None
