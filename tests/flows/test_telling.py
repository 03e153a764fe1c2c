"""Several people who spoke in one thread, as they live it: one post, the buttons for each of them, a question."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from feedback import changes
from feedback.overview import telling
from models import Answer, Idea, Member, Notice, Reply
from tests.world import World, open_world


@pytest.fixture
def world(sqlite_database: str) -> Iterator[World]:
    with open_world(sqlite_database) as found:
        yield found


def cy(world: World, tx: object) -> Member:
    return tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()  # type: ignore[attr-defined, no-any-return]


def said_in_a_thread(world: World) -> tuple[str, int]:
    ts = world.ana.post("#ideas", "The pump leaks in my bag")
    world.flo.post("#ideas", "Mine leaks in the car", thread_ts=ts)
    world.cy.react("#ideas", ts, "bulb")
    world.settle()
    return ts, world.all(select(Idea.id))[0]


def told(world: World) -> list[str]:
    return sorted(notice.member.slack_id for notice in world.all(select(Notice)) if notice.told_at)


def test_one_post_for_both_and_each_answers_for_themself(world: World) -> None:
    ts, idea_id = said_in_a_thread(world)
    with world.hub.transaction() as tx:
        changes.ship(tx, by=cy(world, tx), summary="The pump locks now.", idea_ids=[idea_id], now=world.clock())
    world.settle()
    notice = world.client.thread("#ideas", ts)[-1]
    assert "<@U0ANA> and <@U0FLO>" in str(notice["blocks"])
    world.gus.click("loop_better", channel="#ideas", ts=notice["ts"])  # the question is not his
    world.settle()
    assert world.count(Answer) == 0
    world.flo.click("loop_better", channel="#ideas", ts=notice["ts"])
    world.flo.click("loop_better", channel="#ideas", ts=notice["ts"])
    view_id = world.form(world.ana, "loop_not_yet", channel="#ideas", ts=notice["ts"])
    assert world.ana.submit(view_id, why="Not when it lies.") == {}
    world.settle()
    assert sorted(answer.verdict for answer in world.all(select(Answer))) == ["better", "not_yet"]
    shown = str(world.client.thread("#ideas", ts))
    assert "1 said: better now" in shown
    assert "1 said: not yet" in shown
    assert "loop_better" not in shown


def test_a_question_is_answered_with_a_form_or_below_it(world: World) -> None:
    ts, idea_id = said_in_a_thread(world)
    with world.hub.transaction() as tx:
        changes.ask(tx, by=cy(world, tx), summary="Only when it is full?", idea_ids=[idea_id], now=world.clock())
    world.settle()
    asked = world.client.thread("#ideas", ts)[-1]
    assert "Only when it is full?" in str(asked["blocks"])
    view_id = world.form(world.ana, "loop_reply", channel="#ideas", ts=asked["ts"])
    assert world.ana.submit(view_id, text="  ") == {"text": "Write a sentence, and the team reads it."}
    assert world.ana.submit(view_id, text="Only when it lies.") == {}
    world.flo.post("#ideas", "Mine always does", thread_ts=ts)
    world.settle()
    assert [reply.text for reply in world.all(select(Reply))] == ["Only when it lies."]
    with world.hub.reading() as tx:
        found = [said.text for said in telling.replies(tx, idea_ids=[idea_id])]
    assert sorted(found) == ["Mine always does", "Only when it lies."]


def dm_of(world: World, slack_id: str) -> str:
    """The id of their conversation with the app."""
    return world.hub.slack.open_dm(slack_id)


def test_a_test_has_buttons_that_do_nothing(world: World) -> None:
    _, idea_id = said_in_a_thread(world)
    with world.hub.transaction() as tx:
        changes.rehearse(tx, by=cy(world, tx), summary="It locks.", idea_ids=[idea_id], nonce="n", now=world.clock())
    world.settle()
    test = world.client.dm("U0CY")[-1]
    assert "This is a test" in str(test["blocks"])
    world.cy.click("loop_rehearsed", channel=dm_of(world, "U0CY"), ts=test["ts"])
    world.settle()
    assert (world.count(Answer), told(world)) == (0, [])
