"""Two people say the same; the team makes one of it from the triage channel; both hear of it under their own words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from feedback import changes, ideas
from models import Idea, IdeaMerge, Member, Reward, SamePair
from tests.world import World, open_world


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    with open_world(database_url) as found:
        yield found


def test_two_who_say_the_same_are_merged_in_slack_and_each_hears_in_their_own_thread(world: World) -> None:
    threads = {}
    for person, text in (
        (world.flo, "Please offer a refill pouch for the cleanser"),
        (world.ana, "I would love refill pouches for the cleanser"),
        (world.gus, "The pump leaks in my bag"),
    ):
        threads[person.id] = person.post("#ideas", text)
        world.bo.react("#ideas", threads[person.id], "bulb")
        world.settle()
    first, second, third = world.all(select(Idea).order_by(Idea.id))
    (pair,) = world.all(select(SamePair))
    assert (pair.older_id, pair.newer_id) == (first.id, second.id)
    assert set(pair.words) == {"refill", "pouches", "cleanser"} or set(pair.words) == {"refill", "pouch", "cleanser"}

    cards = world.client.messages("C0TRIAGE")
    view_id = world.form(world.bo, "idea_more", channel="C0TRIAGE", ts=cards[2]["ts"], value=f"same:{third.id}")
    assert "Nothing that says nearly the same" in str(world.client.views("U0BO")[-1])
    view_id = world.form(world.bo, "idea_more", channel="C0TRIAGE", ts=cards[1]["ts"], value=f"same:{second.id}")
    assert "Flo: Please offer a refill pouch" in str(world.client.views("U0BO")[-1])
    assert world.bo.submit(view_id, into_id=str(first.id)) == {}
    world.settle()
    cards = world.client.messages("C0TRIAGE")
    assert "Also from Ana: “I would love refill pouches" in str(cards[0]["blocks"])
    assert "1 vote" in str(cards[0]["blocks"])
    assert "Into what Flo said" in str(cards[1]["blocks"])
    assert "idea_plan" not in str(cards[1]["blocks"])
    receipt = world.client.thread("#ideas", threads["U0ANA"])[1]
    assert "Kept together with what others asked for" in str(receipt["blocks"])
    assert "Please offer a refill pouch" in str(receipt["blocks"])
    assert "Is it one of these" not in str(receipt["blocks"])

    world.gus.react("#ideas", threads["U0ANA"], "+1")
    world.settle()
    assert "Vote · 2" in str(world.client.thread("#ideas", threads["U0FLO"])[1]["blocks"])
    assert "Vote · 2" in str(world.client.thread("#ideas", threads["U0ANA"])[1]["blocks"])

    with world.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        changes.ship(tx, by=cy, summary="Refill pouches are here.", idea_ids=[first.id], now=world.clock())
    world.settle()
    for user, words in (("U0FLO", "Please offer a refill pouch"), ("U0ANA", "I would love refill pouches")):
        notice = world.client.thread("#ideas", threads[user])[-1]
        assert "Refill pouches are here." in str(notice["blocks"])
        assert words in str(notice["blocks"])
    world.ana.click("loop_better", channel="#ideas", ts=world.client.thread("#ideas", threads["U0ANA"])[-1]["ts"])
    world.settle()
    assert [idea.state for idea in world.all(select(Idea).order_by(Idea.id))] == ["verified", "verified", "new"]
    (reward,) = world.all(select(Reward))
    assert reward.idea_id == first.id


def test_a_merge_that_cannot_be_is_said_below_its_field(world: World) -> None:
    for person, text in (
        (world.flo, "Please offer a refill pouch for the cleanser"),
        (world.ana, "I would love refill pouches for the cleanser"),
    ):
        world.bo.react("#ideas", person.post("#ideas", text), "bulb")
        world.settle()
    first, second = world.all(select(Idea).order_by(Idea.id))
    cards = world.client.messages("C0TRIAGE")
    view_id = world.form(world.bo, "idea_more", channel="C0TRIAGE", ts=cards[1]["ts"], value=f"same:{second.id}")
    with world.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        ideas.merge(tx, by=cy, idea_id=first.id, into_id=second.id, now=world.clock())
    refused = world.bo.submit(view_id, into_id=str(first.id))
    assert "was merged into" in refused["into_id"]
    assert len(world.all(select(IdeaMerge))) == 1
