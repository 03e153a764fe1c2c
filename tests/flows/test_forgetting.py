"""Somebody wants to be forgotten, and afterwards nothing of theirs is anywhere that is ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from feedback import changes, privacy, sealing, verifying
from models import Audit, Base, Idea, Member, Notice, Reward, Seal, Vote, Workspace
from tests.world import World, open_world

THEIRS = re.compile(r"marzipan|\bFlo\b", re.IGNORECASE)
"""A word that nobody else says, and their name."""


@pytest.fixture
def world(on_both: str) -> Iterator[World]:
    with open_world(on_both) as found:
        yield found


def live(world: World) -> dict[str, str]:
    """A community in which Flo did everything that a member can do."""
    said = {"lid": world.flo.post("#ideas", "The marzipan lid does not close")}
    world.flo.react("#ideas", said["lid"], "bulb")
    said["pump"] = world.ana.post("#ideas", "The pump leaks in my bag")
    world.flo.react("#ideas", said["pump"], "bulb")
    world.settle()
    world.flo.react("#ideas", said["pump"], "+1")
    world.flo.post("#ideas", "Mine leaks marzipan as well", thread_ts=said["pump"])
    world.gus.react("#ideas", said["lid"], "+1")
    world.flo.shortcut("share_idea")
    view = world.client.views("U0FLO")[-1]["id"]
    assert world.flo.submit(view, what="A marzipan refill", why="I love marzipan so much", kind="idea") == {}
    world.flo.open_home()
    world.settle()
    tell(world, "ship", "lid", "It closes now.")
    notice = world.client.thread("#ideas", said["lid"])[-1]
    view = world.form(world.flo, "loop_not_yet", channel="#ideas", ts=notice["ts"])
    assert world.flo.submit(view, why="The marzipan lid is still open.") == {}
    world.settle()
    tell(world, "decline", "refill", "We make no food.", reason="purpose")
    dm = world.client.dm("U0FLO")[-1]
    view = world.form(world.flo, "appeal_open", channel="@U0ROUNDTRIP", ts=dm["ts"])
    assert world.flo.submit(view, words="But marzipan sells so well") == {}
    world.settle()
    return said


def tell(world: World, act: str, which: str, summary: str, **more: str) -> None:
    idea = next(idea for idea in world.all(select(Idea)) if which in idea.text)
    with world.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        getattr(changes, act)(tx, by=cy, summary=summary, idea_ids=[idea.id], now=world.clock(), **more)
    world.settle()


def seal(world: World) -> None:
    with world.hub.transaction() as tx:
        workspace_id = tx.scalars(select(Workspace.id)).one()
        sealing.seal(tx, workspace_id=workspace_id, audit_ids=sealing.waiting(tx, workspace_id=workspace_id))


def forget_me(world: World) -> None:
    world.flo.open_home()
    world.settle()
    view = world.form(world.flo, "erase_open")
    assert world.flo.submit(view) == {}
    world.settle()


def stored(world: World) -> list[tuple[str, Any]]:
    """Every value of every row in which something of theirs stands."""
    with world.hub.reading() as tx:
        rows = [(table.name, tuple(row)) for table in Base.metadata.sorted_tables for row in tx.execute(select(table))]
    return [(name, row) for name, row in rows if THEIRS.search(str(row))]


def shown(world: World) -> list[str]:
    """Whatever the app says where others read it."""
    channels = ("#ideas", "#general", "#help", "C0TRIAGE", "C0MANAGERS")
    found = [(channel, message) for channel in channels for message in world.client.messages(channel)]
    threads = [reply for channel, message in found for reply in world.client.thread(channel, message["ts"])]
    return [str(each) for each in threads if each.get("bot_id") and THEIRS.search(str(each))]


def test_nothing_of_theirs_is_left(world: World) -> None:
    live(world)
    seal(world)
    assert stored(world)
    assert shown(world)
    forget_me(world)
    assert stored(world) == []
    assert shown(world) == []
    votes = select(Vote).join(Member, Member.id == Vote.member_id).where(Member.slack_id == "U0FLO")
    assert world.all(votes) == []
    assert "forgotten what you said here" in str(world.client.home("U0FLO"))


def test_what_others_did_stays_and_the_record_still_fits(world: World) -> None:
    live(world)
    seal(world)
    before = len(world.all(select(Audit)))
    forget_me(world)
    seal(world)
    assert world.all(select(Idea).where(Idea.text == "The pump leaks in my bag"))[0].state == "new"
    assert len(world.all(select(Audit))) > before
    assert [seal.audit_id for seal in world.all(select(Seal).where(Seal.erased_at.is_not(None)))]
    with world.hub.reading() as tx:
        verdict = verifying.verify(tx, workspace_id=tx.scalars(select(Workspace.id)).one())
    assert (list(verdict.wrong), verdict.waiting) == ([], 0)
    assert verdict.emptied > 0


def test_a_row_that_no_act_names_is_a_change_like_any_other(world: World) -> None:
    live(world)
    seal(world)
    with world.hub.transaction() as tx:
        link = tx.scalars(select(Seal).join(Audit, Audit.id == Seal.audit_id).where(Audit.act == "captured")).first()
        assert link is not None
        link.erased_at = world.clock()
        tx.get_one(Audit, link.audit_id).detail = {}
    with world.hub.reading() as tx:
        verdict = verifying.verify(tx, workspace_id=tx.scalars(select(Workspace.id)).one())
    assert "is not what link" in verdict.wrong[0]


def test_the_next_reading_of_the_workspace_passes_them_over_until_they_speak(world: World) -> None:
    live(world)
    forget_me(world)
    world.client.change_user("U0FLO", real_name="Flo Marzipan")
    world.settle()
    assert stored(world) == []
    world.bo.react("#ideas", world.client.messages("#ideas")[0]["ts"], "bulb")  # what they said once, by somebody else
    world.settle()
    assert stored(world) == []
    ts = world.flo.post("#ideas", "Hello, a new wish of mine")
    world.flo.react("#ideas", ts, "bulb")
    world.settle()
    flo = world.all(select(Member).where(Member.slack_id == "U0FLO"))[0]
    assert (flo.name, flo.erased_at, flo.left_at) == ("Flo", None, None)
    assert world.all(select(Idea).where(Idea.text == "Hello, a new wish of mine"))[0].author_id == flo.id
    assert "Hello, a new wish" in str(world.client.thread("#ideas", ts)[-1])


def test_asked_twice_and_cut_off_in_between_it_is_done_once(world: World) -> None:
    live(world)
    with world.hub.transaction() as tx:
        flo, di = (tx.scalars(select(Member).where(Member.slack_id == each)).one() for each in ("U0FLO", "U0DI"))
        privacy.ask(tx, member_id=flo.id, by=flo, now=world.clock())
    with world.hub.transaction() as tx:
        privacy.ask(tx, member_id=flo.id, by=di, now=world.clock())
        privacy.begin(tx, member_id=flo.id, now=world.clock())
    with world.hub.transaction() as tx:
        assert privacy.forget_next(tx, member_id=flo.id, now=world.clock())
    world.settle()
    asked = [row for row in world.all(select(Audit)) if row.act == "asked to be forgotten"]
    assert len(asked) == 1
    assert stored(world) == []


def test_in_mid_send_they_are_told_nothing_more(world: World) -> None:
    """A change answers what they said; they are gone before their turn comes."""
    said = live(world)
    idea = next(idea for idea in world.all(select(Idea)) if "pump" in idea.text)
    world.client.clear_calls()
    with world.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        changes.ship(tx, by=cy, summary="It holds now.", idea_ids=[idea.id], now=world.clock())
    view = world.form(world.flo, "erase_open")
    assert world.flo.submit(view) == {}
    world.settle()
    assert stored(world) == []
    told = select(Notice.told_at).join(Member, Member.id == Notice.member_id).where(Member.slack_id == "U0ANA")
    assert all(world.all(told))
    assert "It holds now." in str(world.client.thread("#ideas", said["pump"]))


def test_their_open_reward_comes_to_nothing_and_a_paid_one_stays_in_the_books(world: World) -> None:
    ts = world.flo.post("#ideas", "The marzipan lid does not close")
    world.flo.react("#ideas", ts, "bulb")
    world.settle()
    tell(world, "ship", "lid", "It closes now.")
    world.flo.click("loop_better", channel="#ideas", ts=world.client.thread("#ideas", ts)[-1]["ts"])
    world.settle()
    world.try_out()
    assert [reward.state for reward in world.all(select(Reward))] == ["vesting"]
    forget_me(world)
    assert [reward.state for reward in world.all(select(Reward))] == ["cancelled"]
    assert shown(world) == []
