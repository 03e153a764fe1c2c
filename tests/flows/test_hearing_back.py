"""What people answer, do not answer, and do not accept, through Slack's own door; and what the team promises there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback import changes
from jobs import schedule
from models import Appeal, Idea, Member, Notice, Promise, Reminder, Workspace
from tests.world import World, open_world


@pytest.fixture
def world(sqlite_database: str) -> Iterator[World]:
    with open_world(sqlite_database) as found:
        yield found


def kept(world: World, *behind: str) -> str:
    """Ana says it, Bo keeps it, and these back it. The message's ts."""
    ts = world.ana.post("#ideas", "The pump leaks in my bag")
    world.bo.react("#ideas", ts, "bulb")
    for name in behind:
        getattr(world, name).react("#ideas", ts, "+1")
    world.settle()
    return ts


def decide(world: World, what: str, summary: str) -> None:
    with world.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        facts: dict[str, Any] = {
            "by": cy,
            "summary": summary,
            "idea_ids": [tx.scalars(select(Idea.id)).one()],
            "now": world.clock(),
        }
        if what == "ship":
            changes.ship(tx, **facts)
        else:
            changes.decline(tx, reason="few", **facts)
    world.settle()


def answer(world: World, name: str, verdict: str, channel: str, ts: str, why: str) -> dict[str, str]:
    person = getattr(world, name)
    found = person.submit(world.form(person, f"loop_{verdict}", channel=channel, ts=ts), why=why)
    world.settle()
    return dict(found)


def dm(world: World, name: str) -> dict[str, str]:
    """The newest message that the app wrote to this person alone."""
    found: dict[str, str] = world.client.dm(f"U0{name.upper()}")[-1]
    return found


def test_partly_not_yet_and_who_is_asked_first(world: World) -> None:
    ts = kept(world, "flo", "gus")
    decide(world, "ship", "The pump locks now.")
    assert answer(world, "flo", "partly", "@U0ROUNDTRIP", dm(world, "flo")["ts"], "") == {}
    assert "You said: partly." in str(dm(world, "flo")["blocks"])
    notice = world.client.thread("#ideas", ts)[-1]
    assert "why" in answer(world, "ana", "not_yet", "#ideas", notice["ts"], "  ")
    assert answer(world, "ana", "not_yet", "#ideas", notice["ts"], "It still drips.") == {}
    card = str(world.client.messages("C0TRIAGE")[-1]["blocks"])
    assert "It still drips." in card
    assert "For <@U0CY>, who said that it shipped." in card

    decide(world, "ship", "A new seal.")
    notice = world.client.thread("#ideas", ts)[-1]
    assert "A new seal." in str(notice["blocks"])
    assert "A new seal." not in str(world.client.dm("U0GUS")), "Ana is asked first"
    world.ana.click("loop_better", channel="#ideas", ts=notice["ts"])
    world.settle()
    assert "A new seal." in str(dm(world, "gus")["blocks"])
    assert world.all(select(Idea.state)) == ["verified"]


def test_a_second_not_yet_is_told_to_nobody_else(world: World) -> None:
    ts = kept(world, "gus")
    for summary in ("The pump locks now.", "A new seal."):
        decide(world, "ship", summary)
        last = world.client.thread("#ideas", ts)[-1]
        answer(world, "ana", "not_yet", "#ideas", last["ts"], "It still drips.")
    world.clock.ahead += timedelta(days=4)
    world.settle()
    assert "A new seal." not in str(world.client.dm("U0GUS"))
    assert world.count(Notice) == 4


def test_whoever_says_nothing_is_asked_once_more_below_their_words(world: World) -> None:
    ts = kept(world)
    decide(world, "ship", "The pump locks now.")
    for _ in range(3):
        world.clock.ahead += timedelta(days=7, hours=1)
        schedule.tick(world.hub)
        world.settle()
    asked = [message for message in world.client.thread("#ideas", ts) if message["text"] == "Did this help?"]
    assert len(asked) == 1
    world.ana.click("loop_better", channel="#ideas", ts=asked[0]["ts"])
    world.settle()
    again = [message for message in world.client.thread("#ideas", ts) if message["ts"] == asked[0]["ts"]]
    assert "You said: better now." in str(again[0]["blocks"])
    assert world.all(select(Idea.state)) == ["verified"]
    assert world.count(Reminder) == 1


def test_an_honest_no_can_be_asked_again_once(world: World) -> None:
    ts = kept(world)
    with world.hub.transaction() as tx:
        tx.scalars(select(Workspace)).one().appeal_supporters = 2
    decide(world, "decline", "Almost nobody carries it in a bag.")
    notice = world.client.thread("#ideas", ts)[-1]
    assert "Too few people need it. Almost nobody" in str(notice["blocks"])
    view_id = world.form(world.ana, "appeal_open", channel="#ideas", ts=notice["ts"])
    assert "words" in world.ana.submit(view_id, words=" ")
    assert world.ana.submit(view_id, words="Everybody at the gym does.") == {}
    world.settle()
    assert "0 of 2 new people" in str(world.client.thread("#ideas", ts)[-1]["blocks"])
    for name in ("flo", "gus"):
        assert world.all(select(Idea.state)) == ["declined"]
        getattr(world, name).react("#ideas", ts, "+1")
        world.settle()
    assert world.all(select(Idea.state)) == ["new"]
    assert "Everybody at the gym does." in str(world.client.messages("C0TRIAGE")[-1]["blocks"])
    assert "looks at it anew" in str(world.client.thread("#ideas", ts)[-1]["blocks"])
    assert world.all(select(Appeal))[0].told_at is not None


def test_a_promise_is_offered_to_whoever_made_it_and_reminded_of(world: World) -> None:
    ts = kept(world)
    world.cy.post("#ideas", "Sorry, we'll fix that in two days.", thread_ts=ts)
    world.settle()

    def seen(by: str) -> list[dict[str, str]]:
        return [each for each in world.client.thread("#ideas", ts, as_=by) if "promise_note_open" in str(each)]

    assert [len(seen(by)) for by in ("U0CY", "U0ANA", "U0BO")] == [1, 0, 0]
    view_id = world.form(world.cy, "promise_note_open", channel="#ideas", ts=seen("U0CY")[0]["ts"])
    assert "due" in world.cy.submit(view_id, due="2001-01-01")
    on = (world.clock() + timedelta(days=2)).date().isoformat()
    assert world.cy.submit(view_id, due=on) == {}
    world.clock.ahead += timedelta(days=2)
    world.settle()
    reminder = dm(world, "cy")
    assert "You promised something by" in reminder["text"]
    view_id = world.form(world.cy, "promise_give_up_open", channel="@U0ROUNDTRIP", ts=reminder["ts"])
    assert world.cy.submit(view_id, why="The supplier is late.") == {}
    world.settle()
    assert "The supplier is late." in str(dm(world, "cy")["blocks"])
    assert [each.state for each in world.all(select(Promise))] == ["given_up"]
    assert "promise" not in str(world.client.thread("#ideas", ts, as_="U0ANA")).lower()
