"""Nobody is here while people talk. Afterwards everything is as if nothing had been lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from feedback import catch_up, changes, ideas, workspaces
from feedback.providers import slack
from models import Audit, Channel, Idea, Member, Message, Notice, Outbox, Reaction, Vote, Workspace
from tests.conftest import make_sqlite
from tests.stack import open_stack
from tests.world import World, open_world

APP = "<@U0ROUNDTRIP>"
Said = dict[str, str]


@pytest.fixture
def world(on_both: str) -> Iterator[World]:
    with open_world(on_both) as found:
        yield found


@contextmanager
def away(world: World) -> Iterator[None]:
    """Slack tells of everything that happens, and nobody takes it."""
    world.client.quiet()
    world.client.faults([{"on": "event", "do": "drop"}])
    yield
    world.client.quiet()
    world.client.clear_faults()


def catch_up_now(world: World) -> None:
    """As at a start or in the next hour."""
    world.clock.ahead += catch_up.SETTLED + timedelta(minutes=1)
    with world.hub.transaction() as tx:
        workspaces.read_soon(tx, workspace=tx.scalars(select(Workspace)).one(), now=world.clock())
    world.settle()


def talk(world: World) -> Said:
    """What is heard in any case."""
    said = {
        "leak": world.ana.post("#ideas", "The pump leaks in my bag"),
        "lid": world.flo.post("#ideas", "The lid is too tight"),
        "typo": world.gus.post("#help", "How do I opne it?"),
        "slip": world.gus.post("#ideas", "Sorry, wrong channel"),
        "asked": world.flo.post("#help", "Who knows this?"),
    }
    said["answer"] = world.gus.post("#help", "I thought I did", thread_ts=said["asked"])
    said["doubt"] = world.ana.post("#help", "I doubt it", thread_ts=said["asked"])
    world.client.quiet()
    world.bo.react("#ideas", said["leak"], "bulb")
    world.flo.react("#ideas", said["leak"], "+1")
    world.settle()
    return said


def talk_on(world: World, said: Said) -> None:
    """Everything that people can do in a channel."""
    world.ana.post("#ideas", f"{APP} a travel size, please")
    world.flo.post("#ideas", "A label", files=[{"name": "label.png", "mimetype": "image/png"}])
    refill = world.flo.post("#general", "I would love a refill")
    cap = world.gus.post("#ideas", "A smaler cap")
    gone = world.ana.post("#ideas", "Only thinking aloud")
    world.client.quiet()
    world.bo.react("#general", refill, "bulb")
    world.gus.react("#general", refill, "thumbsup")
    world.gus.edit("#ideas", cap, "A smaller cap")
    world.ana.edit("#ideas", said["leak"], "The pump leaks in my bag, every day")
    world.gus.edit("#help", said["typo"], "How do I open it?")
    world.gus.delete("#ideas", said["slip"])
    world.flo.delete("#help", said["asked"])
    world.ana.delete("#help", said["doubt"])
    world.gus.post("#help", "Never mind", thread_ts=said["answer"])
    world.ana.react("#ideas", said["lid"], "heart")
    world.gus.react("#ideas", said["leak"], "+1::skin-tone-3")
    world.flo.unreact("#ideas", said["leak"], "+1")
    world.cy.post("#ideas", f"{APP}", thread_ts=said["lid"])
    world.flo.post("#ideas", "Mine too", thread_ts=gone)
    world.client.quiet()
    world.ana.delete("#ideas", gone)


def rows(world: World) -> dict[str, Any]:
    """All that people would miss. What was deleted before anybody here heard of it leaves nothing."""
    with world.hub.reading() as tx:
        return {
            "messages": sorted(
                (said.channel_id, said.text, said.author.name, tuple(said.files), bool(said.thread_ts))
                for said in tx.scalars(select(Message).where(Message.deleted_at.is_(None)))
                if said.author
            ),
            "edited": sorted(tx.scalars(select(Message.text).where(Message.edited_at.is_not(None)))),
            "ideas": sorted(
                (idea.text, idea.author.name, idea.captured_by.name, idea.captured_with, idea.state)
                for idea in tx.scalars(select(Idea))
            ),
            "votes": sorted(
                (tx.get_one(Idea, vote.idea_id).text, vote.member.name) for vote in tx.scalars(select(Vote))
            ),
            "reactions": sorted((one.name, one.member_id, one.stands) for one in tx.scalars(select(Reaction))),
        }


def everything(world: World) -> dict[str, Any]:
    """Every row that a second reading could change, and what Slack shows."""
    with world.hub.reading() as tx:
        found: dict[str, Any] = {
            model.__name__: [
                {name: value for name, value in vars(row).items() if name not in ("_sa_instance_state", "event_ts")}
                for row in tx.scalars(select(model).order_by(model.id))
            ]
            for model in (Message, Idea, Vote, Reaction, Audit)
        }
    return found | {name: world.client.messages(name) for name in ("#general", "#ideas", "#help", "C0TRIAGE")}


def test_what_happened_meanwhile_is_as_if_it_had_been_heard(world: World, tmp_path: Path) -> None:
    said = talk(world)
    with away(world):
        talk_on(world, said)
    before = rows(world)
    catch_up_now(world)
    with open_world(make_sqlite(tmp_path)) as other:
        said = talk(other)
        talk_on(other, said)
        other.settle()
        heard = rows(other)
    assert rows(world) == heard != before


def test_a_second_reading_and_events_that_come_late_change_nothing(world: World) -> None:
    said = talk(world)
    world.client.clear_deliveries()
    with away(world):
        talk_on(world, said)
    catch_up_now(world)
    done = everything(world)
    catch_up_now(world)
    assert everything(world) == done
    late = [attempt["body"] for attempt in world.client.deliveries("event") if attempt["error"] == "dropped"]
    assert len(late) > 20
    for body in reversed(late):
        assert world.client.sign_event(body["event"], event_id=body["event_id"]) == 200
    world.settle()
    told_of = {event["deleted_ts"] for body in late if "deleted_ts" in (event := body["event"])}
    now = everything(world)
    now["Message"] = [row for row in now["Message"] if row["ts"] not in told_of or row["author_id"]]
    assert now == done


def test_what_its_author_took_back_stays_so(world: World) -> None:
    """Neither the mention nor the bulb is a new one."""
    with away(world):
        mention = world.ana.post("#ideas", f"{APP} a travel size, please")
        bulb = world.ana.post("#ideas", "A smaller cap, please")
        world.ana.react("#ideas", bulb, "bulb")
    catch_up_now(world)
    for ts in (mention, bulb):
        receipt = world.client.thread("#ideas", ts)[1]
        world.ana.click("idea_withdraw", channel="#ideas", ts=receipt["ts"])
    catch_up_now(world)
    for attempt in world.client.deliveries("event"):  # which come after all
        world.client.sign_event(attempt["body"]["event"], event_id=attempt["body"]["event_id"])
    world.settle()
    assert [idea.state for idea in world.all(select(Idea))] == ["withdrawn", "withdrawn"]


def test_a_mention_is_taken_though_only_the_message_was_heard(world: World) -> None:
    world.client.faults([{"on": "event", "match": "app_mention", "do": "drop", "times": 1}])
    world.ana.post("#ideas", f"{APP} a travel size, please")
    world.settle()
    assert (world.count(Message), world.count(Idea)) == (1, 0)
    catch_up_now(world)
    assert [idea.captured_with for idea in world.all(select(Idea))] == ["mention"]


def test_limits_and_cuts_cost_time_and_lose_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack, "HISTORY_PAGE", 3)
    said = talk(world)
    with away(world):
        talk_on(world, said)
        for number in range(8):
            world.gus.post("#help", f"Step {number}", thread_ts=said["typo"])
            world.gus.post("#help", f"Thought {number}")
    world.client.faults(
        [
            {"on": "api", "match": method, "do": fault, "chance": 0.3, "seconds": 7, "seed": seed}
            for seed, method in enumerate(("conversations.history", "conversations.replies"))
            for fault in ("rate_limit", "cut")
        ]
    )
    world.client.clear_calls()
    catch_up_now(world)
    heard = [message.text for message in world.all(select(Message))]
    assert {text for text in heard if text.startswith(("Step", "Thought"))} == {
        f"{word} {number}" for word in ("Step", "Thought") for number in range(8)
    }
    assert {row.state for row in world.all(select(Outbox).where(Outbox.kind == "channel.catch_up"))} == {"done"}
    pages = [str(call["args"]) for call in world.client.calls() if call["ok"] and "latest" in call["args"]]
    assert len(pages) > 12
    assert len(set(pages)) == len(pages)  # what was read once is not read again for a limit


def test_nothing_is_read_from_before_the_app_came(world: World) -> None:
    with away(world):
        world.ana.post("#lounge", "Among ourselves")
        world.client.invite_app("#lounge")
        world.ana.post("#lounge", "Welcome")
        world.ana.post("#ideas", "Of long ago", ts="1760000000.000100")
        world.ana.post("#ideas", "Of just now")
    catch_up_now(world)
    assert sorted(message.text for message in world.all(select(Message))) == ["Of just now", "Welcome"]


def test_where_its_coming_was_heard_of_it_is_read_from_then_on(world: World) -> None:
    world.ana.post("#lounge", "Among ourselves")
    world.client.invite_app("#lounge")
    world.client.quiet()
    with away(world):
        world.ana.post("#lounge", "Welcome")
    catch_up_now(world)
    assert [message.text for message in world.all(select(Message))] == ["Welcome"]


def test_what_was_said_while_the_app_was_away_stays_unread(world: World) -> None:
    """It was removed and invited again, and nobody heard of either."""
    world.ana.post("#ideas", "Heard")
    world.settle()
    catch_up_now(world)
    with away(world):
        world.client.remove_app("#ideas")
        world.ana.post("#ideas", "Among ourselves")
        world.client.invite_app("#ideas")
        world.ana.post("#ideas", "Welcome back")
    for _ in range(2):
        catch_up_now(world)
        assert [said.text for said in world.all(select(Message).order_by(Message.ts))] == ["Heard", "Welcome back"]


def test_whoever_left_the_channel_meanwhile_hears_alone(world: World) -> None:
    """And whoever came back, in the thread again."""
    for person in (world.ana, world.flo):
        world.bo.react("#ideas", person.post("#ideas", f"{person.id} wants a refill"), "bulb")
    world.settle()
    with away(world):
        world.client.leave("U0ANA", "#ideas")
        world.client.leave("U0FLO", "#ideas")
        world.client.join("U0FLO", "#ideas")
    catch_up_now(world)
    with world.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        changes.ship(tx, by=cy, summary="It is here.", idea_ids=[1, 2], now=world.clock())
    world.settle()
    told = {notice.member_id: notice.channel_id for notice in world.all(select(Notice))}
    where = {member.slack_id: told.get(member.id) for member in world.all(select(Member))}
    assert where["U0FLO"] == "C0IDEAS"
    assert str(where["U0ANA"]).startswith("D")


def test_what_is_done_to_ideas_in_quiet_threads_is_not_missed(world: World) -> None:
    parent = world.ana.post("#ideas", "Hello all")
    wish = world.ana.post("#ideas", "A travel size, please")
    reply = world.flo.post("#ideas", "Send refills to Secret Street 1", thread_ts=parent)
    world.client.quiet()
    for ts in (reply, wish):
        world.bo.react("#ideas", ts, "bulb")
    world.settle()
    world.clock.ahead += timedelta(hours=3)
    catch_up_now(world)
    with away(world):
        world.gus.react("#ideas", world.client.thread("#ideas", wish)[1]["ts"], "+1")
        world.flo.delete("#ideas", reply)
    catch_up_now(world)
    assert not [said for said in world.all(select(Message)) if "Secret" in said.text]
    assert [vote.idea_id for vote in world.all(select(Vote))] == [
        idea.id for idea in world.all(select(Idea)) if idea.text == "A travel size, please"
    ]


def test_a_reaction_in_somebodys_own_conversation_makes_no_channel_of_it(world: World) -> None:
    with world.hub.transaction() as tx:
        ana = tx.scalars(select(Member).where(Member.slack_id == "U0ANA")).one()
        workspace = tx.scalars(select(Workspace)).one()
        ideas.share(tx, workspace=workspace, author=ana, text="A wish", why="", kind="idea", now=world.clock())
    world.settle()
    receipt = world.client.dm("U0ANA")[-1]
    world.ana.react(world.all(select(Idea))[0].receipt_channel_id, receipt["ts"], "heart")
    catch_up_now(world)
    assert [one.slack_id for one in world.all(select(Channel)) if one.slack_id.startswith("D")] == []
    assert [one.name for one in world.all(select(Reaction))] == ["heart"]


def test_where_its_coming_is_long_ago_it_is_read_from_now_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack, "HISTORY_PAGE", 3)
    with away(world):
        world.client.invite_app("#lounge")
        for number in range(4):
            world.ana.post("#lounge", f"Among ourselves {number}")
    catch_up_now(world)
    assert world.count(Message) == 0
    world.ana.post("#lounge", "Hello")
    catch_up_now(world)
    assert [message.text for message in world.all(select(Message))] == ["Hello"]


def test_what_was_said_while_nobody_listened_stays_unread(world: World) -> None:
    listen(world, "C0IDEAS", False)
    world.ana.post("#ideas", "Among ourselves")
    catch_up_now(world)
    listen(world, "C0IDEAS", True)
    catch_up_now(world)
    assert world.count(Message) == 0


def listen(world: World, channel_id: str, wanted: bool) -> None:
    with world.hub.transaction() as tx:
        di = tx.scalars(select(Member).where(Member.slack_id == "U0DI")).one()
        heard = {"C0GENERAL", "C0IDEAS", "C0HELP"} - {channel_id} | ({channel_id} if wanted else set())
        workspaces.configure(
            tx,
            manager=di,
            triage_channel_id="C0TRIAGE",
            managers_channel_id="C0MANAGERS",
            themes_follow=False,
            listening_to=heard,
            now=world.clock(),
        )


def test_a_channel_that_the_app_is_not_in_any_more_is_let_go(world: World) -> None:
    with away(world):
        world.client.remove_app("#ideas")
    with world.hub.transaction() as tx:
        catch_up.soon(tx, workspace=tx.scalars(select(Workspace)).one(), now=world.clock())
    world.settle()
    assert {row.state for row in world.all(select(Outbox).where(Outbox.kind == "channel.catch_up"))} == {"done"}
    assert [one.app_is_in for one in world.all(select(Channel).where(Channel.slack_id == "C0IDEAS"))] == [False]


def test_a_web_process_that_was_killed_leaves_nothing_unheard(sqlite_database: str, tmp_path: Path) -> None:
    with open_stack(sqlite_database, tmp_path, queues=("slack", "reading"), retry_after_seconds=()) as stack:
        stack.wait_until_done(40)
        stack.kill("web")
        ts = stack.client.as_("U0ANA").post("#ideas", "Is anybody here")
        stack.client.as_("U0CY").react("#ideas", ts, "bulb")
        stack.client.quiet()
        stack.start("web")
        receipt = stack.wait_for(lambda: stack.client.thread("#ideas", ts)[1], 40, "the receipt")
        assert "kept this as an idea" in receipt["text"]
