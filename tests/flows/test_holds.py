"""What holds a thank-you, in Slack: found when somebody approves, looked at by one manager, approved by another."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from feedback import changes
from models import Hold, Idea, Member, Reward
from tests.world import World, open_world

TEXT = "The pump leaks in my bag"


def shipped_and_tried(world: World) -> None:
    """Ana said it once, Cy shipped it, and somebody found that it works."""
    world.client.join("U0GUS", "C0MANAGERS")
    ts = world.ana.post("#ideas", TEXT)
    world.cy.react("#ideas", ts, "bulb")
    world.settle()
    with world.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        idea = tx.scalars(select(Idea)).one()
        changes.ship(tx, by=cy, summary="The pump locks now.", idea_ids=[idea.id], now=world.clock())
        tx.scalars(select(Member).where(Member.slack_id == "U0GUS")).one().role = "manager"
    world.settle()
    world.ana.click("loop_better", channel="#ideas", ts=world.client.thread("#ideas", ts)[-1]["ts"])
    world.settle()
    world.try_out()


def posts(world: World) -> list[dict[str, Any]]:
    """The card and the line about it, without what somebody alone was told."""
    return [message for message in world.client.messages("C0MANAGERS") if "blocks" in message][-2:]


def test_one_manager_looks_and_another_approves(sqlite_database: str) -> None:
    with open_world(sqlite_database) as world:
        shipped_and_tried(world)
        for _ in range(2):
            world.cy.react("#ideas", world.ana.post("#ideas", TEXT), "bulb")
        world.settle()
        card = world.client.messages("C0MANAGERS")[-1]
        where = {"channel": "C0MANAGERS", "ts": card["ts"]}
        assert "hold_lift" not in str(card["blocks"])
        world.di.click("reward_approve", **where)
        assert "It is held" in world.client.messages("C0MANAGERS", as_="U0DI")[-1]["text"]
        world.settle()

        card, news = posts(world)
        assert "Several" not in str(card["blocks"])
        for said in (card, news):
            assert "2 other ideas within 7 days say almost the same" in str(said["blocks"])
        assert news["text"] == "Held: $25.00 for Ana"
        assert TEXT not in str(news)

        view_id = world.form(world.di, "hold_lift", **where)
        assert world.di.submit(view_id, why=" ") == {"why": "Say why it may go on, for the other managers."}
        assert world.di.submit(view_id, why="Posted by <!channel> mistake.") == {}
        world.settle()
        card, _ = posts(world)
        assert "Di looked: Posted by &lt;!channel&gt; mistake." in str(card["blocks"])
        assert "hold_lift" not in str(card["blocks"])

        world.di.click("reward_approve", **where)
        assert "another manager" in world.client.messages("C0MANAGERS", as_="U0DI")[-1]["text"]
        view_id = world.form(world.gus, "reward_approve", **where)
        assert world.gus.submit(view_id, gift="THANKS-ANA-25") == {}
        world.settle()
        assert [reward.state for reward in world.all(select(Reward))] == ["paid"]
        assert [hold.why for hold in world.all(select(Hold))] == ["Posted by <!channel> mistake."]
        told = str([world.client.dm("U0ANA"), world.client.home("U0ANA"), world.client.messages("#ideas")])
        assert "held" not in told.lower()
        assert "THANKS-ANA-25" in told
