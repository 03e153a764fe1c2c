"""The whole loop, as people live it: said, kept, backed, grouped, shipped, told, confirmed, thanked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from feedback import changes, workspaces
from models import Answer, Idea, Member, Message, Notice, Payout, Reward, Vote, Workspace
from tests.world import World, open_world


@pytest.fixture(params=["http, sqlite", "sockets, postgresql"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Each way to be told of events and each database once: all four ways together take as long again."""
    events, _, database = request.param.partition(", ")
    url: str = request.getfixturevalue("sqlite_database" if database == "sqlite" else "postgres_database")
    with open_world(url, sockets=events == "sockets") as found:
        yield found


def button(message: dict[str, object], action_id: str) -> bool:
    return action_id in str(message.get("blocks"))


def test_one_message_goes_all_the_way_round(world: World) -> None:
    ts = world.ana.post("#ideas", "The pump leaks in my bag")
    world.cy.react("#ideas", ts, "bulb")
    world.settle()

    receipt = world.client.thread("#ideas", ts)[1]
    assert "kept this as an idea" in receipt["text"]
    world.flo.click("idea_vote", channel="#ideas", ts=receipt["ts"])
    world.gus.react("#ideas", ts, "+1")
    world.settle()
    assert button(world.client.thread("#ideas", ts)[1], "Vote · 2")
    idea = world.all(select(Idea))[0]
    assert idea.theme_id is not None

    with world.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        changes.ship(tx, by=cy, summary="The pump locks now.", idea_ids=[idea.id], now=world.clock())
    world.settle()

    notice = world.client.thread("#ideas", ts)[2]
    assert "<@U0ANA>" in str(notice["blocks"])
    assert "The pump leaks in my bag" in str(notice["blocks"])
    assert [button(world.client.dm(user)[-1], "loop_better") for user in ("U0FLO", "U0GUS")] == [True, True]
    assert len(world.all(select(Notice))) == 3

    world.flo.click("loop_better", channel="#ideas", ts=notice["ts"])  # the question is Ana's
    world.settle()
    assert world.count(Answer) == 0
    world.ana.click("loop_better", channel="#ideas", ts=notice["ts"])
    world.ana.click("loop_better", channel="#ideas", ts=notice["ts"])
    world.settle()
    assert [answer.verdict for answer in world.all(select(Answer))] == ["better"]
    assert not button(world.client.thread("#ideas", ts)[2], "loop_better")
    world.try_out()

    card = world.client.messages("C0MANAGERS")[-1]
    view_id = world.form(world.di, "reward_approve", channel="C0MANAGERS", ts=card["ts"])
    assert world.di.submit(view_id, gift="two words") == {"gift": "One code or link, without spaces."}
    assert world.di.submit(view_id, gift="THANKS-ANA-25") == {}
    world.settle()
    assert [reward.state for reward in world.all(select(Reward))] == ["paid"]
    told = world.client.dm("U0ANA")[-1]
    assert "THANKS-ANA-25" in str(told["blocks"])
    assert "THANKS-ANA-25" not in str([world.client.messages("C0MANAGERS"), world.client.thread("#ideas", ts)])
    assert world.count(Payout) == 1


def test_whoever_is_told_can_choose_to_be_told_less(world: World) -> None:
    """From under what they were told, where others read it too, and from App Home."""
    ts = world.ana.post("#ideas", "The pump leaks in my bag")
    world.ana.react("#ideas", ts, "bulb")
    world.settle()
    with world.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        changes.plan(tx, by=cy, idea_ids=[world.all(select(Idea))[0].id], now=world.clock())
    world.settle()
    notice = world.client.thread("#ideas", ts)[-1]
    for person in (world.ana, world.gus):
        view_id = world.form(person, "hears_less", channel="#ideas", ts=notice["ts"], value="less")
        assert person.submit(view_id, hears="own") == {}
    levels = {member.slack_id: member.hears for member in world.all(select(Member))}
    assert (levels["U0ANA"], levels["U0GUS"], levels["U0FLO"]) == ("own", "own", "everything")
    world.form(world.ana, "hears_less", channel="#ideas", ts=notice["ts"], value="less")
    assert "'value': 'own'" in str(world.client.views("U0ANA")[-1]["blocks"][0]["element"]["initial_option"])
    world.flo.open_home()
    world.settle()
    world.flo.click("hears_choose", value="digest")
    world.settle()
    assert "Everything together." in str(world.client.home("U0FLO"))
    assert {member.hears for member in world.all(select(Member).where(Member.slack_id == "U0FLO"))} == {"digest"}


def test_not_yet_brings_it_back_with_the_words(world: World) -> None:
    ts = world.ana.post("#help", "<@U0ROUNDTRIP> I cannot open the lid")
    world.settle()
    idea = world.all(select(Idea))[0]
    assert (idea.text, idea.captured_with) == ("I cannot open the lid", "mention")
    with world.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        changes.ship(tx, by=cy, summary="A bigger lid.", url="https://x.example", idea_ids=[idea.id], now=world.clock())
    world.settle()
    notice = world.client.thread("#help", ts)[-1]
    view_id = world.form(world.ana, "loop_not_yet", channel="#help", ts=notice["ts"])
    assert "why" in world.ana.submit(view_id, why="   ")
    assert world.ana.submit(view_id, why="Still too tight for me.") == {}
    world.settle()
    assert world.all(select(Idea))[0].state == "reopened"
    assert "Still too tight for me." in str(world.client.messages("C0TRIAGE")[-1]["blocks"])
    assert world.count(Reward) == 0


def test_the_four_ways_to_capture(world: World) -> None:
    world.flo.shortcut("share_idea")
    view = world.client.views("U0FLO")[-1]
    assert world.flo.submit(view["id"], what="  ", why="", kind="idea") == {"what": "Write a sentence about it."}
    assert world.flo.submit(view["id"], what="A travel size", why="I fly a lot", kind="idea") == {}
    world.gus.command("#general", "/idea", "smaller caps &amp; lids")
    view = world.client.views("U0GUS")[-1]
    world.gus.submit(view["id"], what="smaller caps", why="", kind="problem")
    ts = world.ana.post("#general", "It should be vegan", files=[{"name": "label.png", "mimetype": "image/png"}])
    world.settle()
    assert world.bo.shortcut("capture_feedback", channel="#general", ts=ts)["status"] == 200
    world.settle()
    found = {idea.text: idea for idea in world.all(select(Idea))}
    assert {idea.captured_with for idea in found.values()} == {"form", "shortcut"}
    vegan = found["It should be vegan"]
    with world.hub.reading() as tx:
        assert tx.get_one(Member, vegan.author_id).slack_id == "U0ANA"
        assert tx.get_one(Member, vegan.captured_by_id).slack_id == "U0BO"
        assert tx.get_one(Message, vegan.message_id).files == ["label.png"]
    assert "A travel size" in str(world.client.dm("U0FLO")[-1]["blocks"])
    assert not button(world.client.dm("U0FLO")[-1], "idea_vote")


def test_votes_follow_hands(world: World) -> None:
    ts = world.ana.post("#ideas", "A refill, please")
    world.flo.react("#ideas", ts, "+1")
    world.ana.react("#ideas", ts, "+1")
    world.bo.react("#ideas", ts, "bulb")
    world.settle()
    receipt = world.client.thread("#ideas", ts)[1]
    assert world.count(Vote) == 1
    world.flo.unreact("#ideas", ts, "+1")
    world.gus.react("#ideas", receipt["ts"], "+1")
    world.ana.click("idea_vote", channel="#ideas", ts=receipt["ts"])
    world.settle()
    with world.hub.reading() as tx:
        assert [vote.member.slack_id for vote in tx.scalars(select(Vote))] == ["U0GUS"]


def test_edits_and_deletions_are_followed(world: World) -> None:
    ts = world.ana.post("#ideas", "The lid is lose")
    world.bo.react("#ideas", ts, "bulb")
    world.settle()
    world.ana.edit("#ideas", ts, "The lid is loose")
    world.settle()
    assert world.all(select(Idea))[0].text == "The lid is loose"
    assert "The lid is loose" in str(world.client.thread("#ideas", ts)[1]["blocks"])
    world.ana.delete("#ideas", ts)
    world.settle()
    idea = world.all(select(Idea))[0]
    assert (idea.state, idea.text) == ("withdrawn", "")
    assert "loose" not in str([message.text for message in world.all(select(Message))])


def test_what_slack_says_in_their_name_is_nobodys_idea(world: World) -> None:
    world.client.leave("U0ANA", "#ideas")
    world.client.join("U0ANA", "#ideas")
    announced = world.client.messages("#ideas")[-1]
    assert announced["subtype"] == "channel_join"
    world.bo.react("#ideas", announced["ts"], "bulb")
    world.settle()
    assert (world.count(Message), world.count(Idea)) == (0, 0)


def test_its_author_takes_it_back(world: World) -> None:
    ts = world.ana.post("#ideas", "Only thinking aloud")
    world.bo.react("#ideas", ts, "bulb")
    world.settle()
    receipt = world.client.thread("#ideas", ts)[1]
    world.flo.click("idea_withdraw", channel="#ideas", ts=receipt["ts"])
    world.settle()
    assert world.all(select(Idea))[0].state == "new"
    world.ana.click("idea_withdraw", channel="#ideas", ts=receipt["ts"])
    world.settle()
    assert world.all(select(Idea))[0].state == "withdrawn"
    assert "Taken back" in world.client.thread("#ideas", ts)[1]["text"]


def test_the_team_sorts_from_the_triage_channel(world: World) -> None:
    texts = ("The pump leaks in my bag", "My pump leaks in my bag too", "Refill pouches for the balm, please")
    said = [world.ana.post("#ideas", text) for text in texts]
    for ts in said:
        world.bo.react("#ideas", ts, "bulb")
        world.settle()
    cards = world.client.messages("C0TRIAGE")
    ideas = world.all(select(Idea).order_by(Idea.id))

    world.bo.click("idea_plan", channel="C0TRIAGE", ts=cards[0]["ts"])
    world.settle()
    assert world.all(select(Idea).order_by(Idea.id))[0].state == "new"  # a moderator does not decide
    view_id = world.form(world.cy, "idea_plan", channel="C0TRIAGE", ts=cards[0]["ts"])
    form = str(world.client.views("U0CY")[-1])
    assert "Ana in the thread in #ideas" in form
    assert world.all(select(Notice)) == []
    assert world.cy.submit(view_id, summary="We try a new pump.") == {}
    view_id = world.form(world.cy, "idea_decline", channel="C0TRIAGE", ts=cards[1]["ts"])
    assert world.cy.submit(view_id, reason="cost", summary=" ") == {
        "summary": "Say why in a sentence. People will read it."
    }
    assert world.cy.submit(view_id, reason="cost", summary="It is how pumps work.") == {}
    view_id = world.form(world.bo, "idea_more", channel="C0TRIAGE", ts=cards[2]["ts"], value=f"move:{ideas[2].id}")
    assert "name" in world.bo.submit(view_id, name="")
    assert world.bo.submit(view_id, name="Refills") == {}
    world.settle()
    now = world.all(select(Idea).order_by(Idea.id))
    assert [idea.state for idea in now] == ["planned", "declined", "new"]
    assert now[2].placed_by_id is not None
    assert len(world.all(select(Notice))) == 2
    assert "We try a new pump." in str(world.client.thread("#ideas", said[0]))
    world.form(world.bo, "theme_about", channel="C0TRIAGE", ts=cards[1]["ts"])
    about = str(world.client.views("U0BO")[-1])
    assert "Said or backed 2 times: 2 ideas and 0 votes." in about
    assert "measured within minutes" in about
    assert "/themes/" in about
    view_id = world.form(world.bo, "idea_more", channel="C0TRIAGE", ts=cards[2]["ts"], value=f"merge:{ideas[2].id}")
    assert world.bo.submit(view_id, into_id=str(now[0].theme_id)) == {}
    view_id = world.form(world.bo, "idea_more", channel="C0TRIAGE", ts=cards[0]["ts"], value=f"split:{ideas[0].id}")
    assert world.bo.submit(view_id, idea_ids=[str(ideas[2].id)], name="Refills again") == {}
    view_id = world.form(world.bo, "idea_more", channel="C0TRIAGE", ts=cards[0]["ts"], value=f"rename:{ideas[0].id}")
    assert world.bo.submit(view_id, name="Leaking pumps") == {}
    world.settle()
    with world.hub.reading() as tx:
        names = [tx.get_one(Idea, idea.id).theme.name for idea in ideas]  # type: ignore[union-attr]
    assert names == ["Leaking pumps", "Leaking pumps", "Refills again"]


def test_app_home_shows_what_became_of_it_and_lets_the_team_in(world: World) -> None:
    world.ana.open_home()
    world.settle()
    assert "Nothing yet" in str(world.client.home("U0ANA"))
    assert "hub_open" not in str(world.client.home("U0ANA"))
    ts = world.ana.post("#ideas", "A refill, please")
    world.bo.react("#ideas", ts, "bulb")
    world.settle()
    assert "A refill, please" in str(world.client.home("U0ANA"))
    world.cy.open_home()
    world.settle()
    world.cy.click("hub_open")
    view = str(world.client.views("U0CY")[-1])
    assert re.search(r"/enter/([\w-]+)", view)
    world.cy.click("hub_link")
    view = str(world.client.views("U0CY")[-1])
    assert "/enter/" not in view
    assert "press “Open the hub” again" in view


def test_a_channel_that_nobody_listens_to_is_left_alone(world: World) -> None:
    world.client.invite_app("#lounge")
    world.settle()
    with world.hub.transaction() as tx:
        workspace = tx.scalars(select(Workspace)).one()
        workspaces.channel_of(tx, workspace=workspace, channel_id="C0LOUNGE").listens = False
    ts = world.ana.post("#lounge", "<@U0ROUNDTRIP> not for the team")
    world.bo.react("#lounge", ts, "bulb")
    world.settle()
    assert world.count(Message) == 0
    assert world.count(Idea) == 0
    seen = world.client.messages("C0LOUNGE", as_="U0ANA")
    assert "do not listen in this channel" in str(seen)
    assert "do not listen" not in str(world.client.messages("C0LOUNGE", as_="U0FLO"))


def test_whoever_says_the_same_as_somebody_before_sees_it_and_can_add_a_voice(world: World) -> None:
    first = world.flo.post("#ideas", "Please offer a refill pouch for the cleanser")
    world.flo.react("#ideas", first, "bulb")
    world.settle()
    again = world.ana.post("#ideas", "I would love refill pouches for the cleanser")
    world.ana.react("#ideas", again, "bulb")
    world.settle()
    receipt = world.client.thread("#ideas", again)[1]
    assert "Is it one of these?" in str(receipt["blocks"])
    assert "Please offer a refill pouch" in str(receipt["blocks"])
    world.ana.click("idea_vote_alike", channel="#ideas", ts=receipt["ts"])
    world.settle()
    assert button(world.client.thread("#ideas", first)[1], "Vote · 1")
    assert not button(world.client.thread("#ideas", first)[1], "idea_vote_alike")
