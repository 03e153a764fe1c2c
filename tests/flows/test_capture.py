"""Feedback found in what people say: asked about, kept, backed by a "+1", and looked through by the team."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback import catch_up, workspaces
from models import Channel, Idea, Judgement, Member, Message, Vote, Workspace
from tests.world import World, open_world

CRASH = "The app crashes every time I open the settings"


@pytest.fixture
def world(on_both: str) -> Iterator[World]:
    with open_world(on_both) as found:
        yield found


def choose(world: World, mode: str) -> None:
    with world.hub.transaction() as tx:
        tx.scalars(select(Channel).where(Channel.name == "ideas")).one().capture = mode


def whispered(world: World, who: str) -> list[dict[str, Any]]:
    return [said for said in world.client.messages("#ideas", as_=who) if said.get("is_ephemeral")]


def test_an_author_is_asked_alone_and_says_yes(world: World) -> None:
    choose(world, "author")
    ts = world.ana.post("#ideas", CRASH)
    world.flo.post("#ideas", "good morning")
    world.settle()
    assert whispered(world, "U0FLO") == []
    (question,) = whispered(world, "U0ANA")
    assert "Shall I keep this as a problem?" in question["text"]
    world.ana.click("judgement_yes", channel="#ideas", ts=question["ts"])
    world.settle()
    (idea,) = world.all(select(Idea))
    assert (idea.text, idea.kind, idea.captured_with) == (CRASH, "problem", "suggestion")
    assert "Kept as a problem" in world.client.thread("#ideas", ts)[1]["text"]
    assert "judgement_yes" not in str(whispered(world, "U0ANA"))

    world.gus.post("#ideas", "same here :raised_hands:", thread_ts=ts)
    world.settle()
    assert [vote.cast_with for vote in world.all(select(Vote))] == ["reply"]
    assert "Vote · 1" in str(world.client.thread("#ideas", ts)[1]["blocks"])
    assert len(world.all(select(Judgement))) == 2


def test_a_no_keeps_nothing_and_is_not_asked_again(world: World) -> None:
    choose(world, "author")
    ts = world.ana.post("#ideas", CRASH)
    world.settle()
    (question,) = whispered(world, "U0ANA")
    world.ana.click("judgement_no", channel="#ideas", ts=question["ts"])
    world.ana.edit("#ideas", ts, CRASH + ", on my phone")
    world.settle()
    assert world.all(select(Idea)) == []
    assert [found.decision for found in world.all(select(Judgement))] == ["nothing"]
    assert "judgement_yes" not in str(whispered(world, "U0ANA"))


def test_what_is_sure_is_kept_and_its_author_can_take_it_back(world: World) -> None:
    choose(world, "automatic")
    ts = world.ana.post("#ideas", CRASH + " since the last update")
    world.settle()
    receipt = world.client.thread("#ideas", ts)[1]
    assert "<@U0ROUNDTRIP> kept this as a problem" in receipt["text"]
    world.ana.click("idea_withdraw", channel="#ideas", ts=receipt["ts"])
    world.settle()
    assert [(found.state, found.decision) for found in world.all(select(Judgement))] == [("decided", "nothing")]
    assert "Taken back" in world.client.thread("#ideas", ts)[1]["text"]


def test_what_was_said_while_nobody_was_here_waits_for_the_team(world: World) -> None:
    """A question about something that old would come out of the blue."""
    choose(world, "author")
    ts = world.ana.post("#ideas", "hello everybody")
    world.settle()
    world.client.quiet()
    world.client.faults([{"on": "event", "do": "drop"}])
    world.flo.post("#ideas", CRASH)
    world.ana.post("#ideas", "and the pump is broken again", thread_ts=ts)
    world.client.quiet()
    world.client.clear_faults()
    world.clock.ahead += catch_up.SETTLED + timedelta(hours=1)
    with world.hub.transaction() as tx:
        workspaces.read_soon(tx, workspace=tx.scalars(select(Workspace)).one(), now=world.clock())
    world.settle()
    with world.hub.reading() as tx:
        found = tx.execute(
            select(Message.text, Judgement.state, Judgement.kind)
            .join(Judgement, Judgement.message_id == Message.id)
            .order_by(Message.ts)
        ).all()
        author = tx.scalars(select(Member.name).where(Member.slack_id == "U0FLO")).one()
    assert [(row.text, row.state) for row in found] == [("hello everybody", "waiting"), (CRASH, "waiting")]
    assert {row.kind for row in found} == {"problem"}
    assert author
    assert whispered(world, "U0FLO") == whispered(world, "U0ANA") == []
