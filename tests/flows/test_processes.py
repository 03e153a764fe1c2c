"""The loop with the processes as they run in production: web, workers, Redis; by HTTP and by Socket Mode."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from feedback import changes
from models import Idea, Member, Reward
from tests.stack import Stack, open_stack

PATIENCE_SECONDS = 40.0


@pytest.fixture(params=["http, sqlite, embedded redis", "sockets, postgresql, redis server"])
def stack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stack]:
    is_small = request.param.startswith("http")
    database = request.getfixturevalue("sqlite_database" if is_small else "postgres_database")
    with open_stack(database, tmp_path, sockets=not is_small, redis_server=not is_small) as found:
        yield found


def test_one_message_goes_all_the_way_round(stack: Stack) -> None:
    ana, cy, flo, di = (stack.client.as_(user) for user in ("U0ANA", "U0CY", "U0FLO", "U0DI"))
    ts = ana.post("#ideas", "The pump leaks in my bag")
    stack.client.quiet()
    cy.react("#ideas", ts, "bulb")
    receipt = wait_for_reply(stack, ts, "idea_vote")
    flo.click("idea_vote", channel="#ideas", ts=receipt["ts"])
    wait_for(stack, lambda: "Vote · 1" in str(thread(stack, ts)[1]["blocks"]), "the vote on the receipt")
    wait_for(stack, lambda: one(stack, Idea).theme_id, "a theme")

    with stack.hub.transaction() as tx:
        by = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        changes.ship(tx, by=by, summary="It locks now.", idea_ids=[one(stack, Idea).id], now=stack.hub.clock())
    notice = wait_for_reply(stack, ts, "loop_better")
    ana.click("loop_better", channel="#ideas", ts=notice["ts"])
    wait_for(stack, lambda: "loop_better" not in str(thread(stack, ts)), "the thanks in place of the question")

    stack.try_out()
    card = wait_for(stack, lambda: cards(stack, "reward_approve")[0], "the managers' card")
    di.click("reward_approve", channel="C0MANAGERS", ts=card["ts"])
    gift = wait_for(stack, lambda: gifts(stack)[0], "the gift")
    assert stack.client.orders()[0]["link"] in str(gift["blocks"])
    assert one(stack, Reward).state == "paid"
    assert len(stack.client.orders()) == 1
    stack.wait_until_done(PATIENCE_SECONDS)


def wait_for_reply(stack: Stack, ts: str, action_id: str) -> dict[str, Any]:
    found = wait_for(
        stack, lambda: [reply for reply in thread(stack, ts) if action_id in str(reply.get("blocks"))][-1], action_id
    )
    assert isinstance(found, dict)
    return found


def wait_for(stack: Stack, look: Any, what: str) -> Any:
    return stack.wait_for(look, PATIENCE_SECONDS, what)


def thread(stack: Stack, ts: str) -> list[dict[str, Any]]:
    return stack.client.thread("#ideas", ts)


def gifts(stack: Stack) -> list[dict[str, Any]]:
    return [said for said in stack.client.dm("U0ANA") if "Open your gift" in str(said)]


def cards(stack: Stack, action_id: str) -> list[dict[str, Any]]:
    return [card for card in stack.client.messages("C0MANAGERS") if action_id in str(card.get("blocks"))]


def one(stack: Stack, model: Any) -> Any:
    with stack.hub.reading() as tx:
        return tx.scalars(select(model)).one()
