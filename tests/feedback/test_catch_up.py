"""Reading up: what Slack's answer proves, and what it does not."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback import catch_up, hearing, ideas, messages
from feedback.catch_up import Position
from feedback.messages import Said
from jobs import outbox as relay
from models import Channel, Idea, Message, Outbox, Reaction
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene


def at(clock: Clock, **changes: Any) -> Position:
    """A reading that begins now, of the last day."""
    begins = messages.ts_of(clock())
    oldest = messages.ts_of(clock() - catch_up.LOOK_BACK)
    return replace(Position("C0IDEAS", oldest=oldest, latest=begins, threads_after=oldest), **changes)


def take(scene: Scene, where: Position, *listed: dict[str, Any], next_cursor: str = "") -> None:
    now = scene.hub.clock()
    page: dict[str, Any] = {"at": where, "listed": listed, "next_cursor": next_cursor}
    with scene.tx() as tx:
        workspace = workspace_of(tx)
    for said in catch_up.to_take(workspace=workspace, at=where, listed=listed):
        with scene.tx() as tx:
            catch_up.take(tx, workspace=workspace, at=where, said=said, now=now)
    with scene.tx() as tx:
        gone = catch_up.missing(tx, workspace=workspace, **page)
    for ts in gone:
        with scene.tx() as tx:
            hearing.deleted(tx, workspace=workspace, channel_id=where.channel_id, ts=ts, now=now)
    with scene.tx() as tx:
        catch_up.end_page(tx, workspace=workspace, **page, now=now)


def listed(said: Said, **more: Any) -> dict[str, Any]:
    return {"type": "message", "user": said.author_id, "text": said.text, "ts": said.ts, **more}


def reaction(*users: str, name: str = "+1", count: int | None = None) -> dict[str, Any]:
    return {"name": name, "users": list(users), "count": len(users) if count is None else count}


def texts(scene: Scene) -> list[str]:
    with scene.tx() as tx:
        return list(tx.scalars(select(Message.text).where(Message.deleted_at.is_(None)).order_by(Message.ts)))


def standing(scene: Scene) -> list[tuple[str, bool]]:
    with scene.tx() as tx:
        return [(one.name, one.stands) for one in tx.scalars(select(Reaction).order_by(Reaction.id))]


@pytest.fixture
def earlier(scene: Scene, clock: Clock) -> list[Said]:
    """Four messages, an hour before the reading begins."""
    said = [scene.say("Ana", f"Wish {number}") for number in range(4)]
    clock.move(hours=1)
    return said


def test_what_slack_does_not_list_any_more_was_deleted(scene: Scene, clock: Clock, earlier: list[Said]) -> None:
    scene.capture(earlier[1], "Bo")
    take(scene, at(clock), *(listed(said) for said in (earlier[0], earlier[3])))
    assert texts(scene) == ["Wish 0", "Wish 3"]
    with scene.tx() as tx:
        assert tx.scalars(select(Idea.state)).all() == ["withdrawn"]


def test_what_was_said_a_moment_ago_may_not_be_listed_yet(scene: Scene, clock: Clock, earlier: list[Said]) -> None:
    scene.say("Ana", "Just now")
    clock.move(minutes=5)
    take(scene, at(clock), *(listed(said) for said in earlier))
    assert len(texts(scene)) == 5
    clock.move(minutes=6)
    take(scene, at(clock), *(listed(said) for said in earlier))
    assert len(texts(scene)) == 4


def test_what_is_older_than_the_reading_is_not_missed(scene: Scene, clock: Clock, earlier: list[Said]) -> None:
    take(scene, at(clock, oldest=earlier[1].ts), listed(earlier[2]), listed(earlier[3]))
    assert len(texts(scene)) == 4


@pytest.mark.parametrize("cursors", [("", "more"), ("more", "more"), ("more", "")])
def test_of_several_pages_each_proves_only_what_lies_between_its_own(
    scene: Scene, clock: Clock, earlier: list[Said], cursors: tuple[str, str]
) -> None:
    cursor, next_cursor = cursors
    take(scene, at(clock, cursor=cursor), listed(earlier[0]), listed(earlier[2]), next_cursor=next_cursor)
    assert texts(scene) == ["Wish 0", "Wish 2", "Wish 3"]
    take(scene, at(clock, cursor=cursor), next_cursor=next_cursor)
    assert len(texts(scene)) == 3


def test_replies_are_missed_in_their_thread_and_nowhere_else(scene: Scene, clock: Clock, earlier: list[Said]) -> None:
    replies = [scene.say("Flo", f"Me too {number}", thread_ts=earlier[0].ts) for number in range(2)]
    clock.move(hours=1)
    take(scene, at(clock), *(listed(said) for said in earlier))
    assert len(texts(scene)) == 6
    below = at(clock, threads=(earlier[0].ts,))
    take(scene, below)  # the thread is not there any more, which says nothing about it
    assert len(texts(scene)) == 6
    take(scene, below, listed(earlier[0]), listed(replies[1], thread_ts=earlier[0].ts))
    assert "Me too 0" not in texts(scene)
    assert len(texts(scene)) == 5


def test_a_reply_that_was_the_last_and_is_gone_is_missed(scene: Scene, clock: Clock, earlier: list[Said]) -> None:
    set_channel(scene, listens_since=clock() - timedelta(days=2), caught_up_to=clock())
    scene.say("Flo", "Me too", thread_ts=earlier[0].ts)
    clock.move(hours=2)
    take(scene, begin(scene), *(listed(said) for said in earlier))
    thread = begin(scene)
    assert thread.thread_ts == earlier[0].ts
    take(scene, thread, listed(earlier[0]))
    assert "Me too" not in texts(scene)
    assert caught_up_to(scene) == clock()


def test_a_reaction_that_is_listed_never_overrides_one_that_was_heard_of(
    scene: Scene, clock: Clock, earlier: list[Said]
) -> None:
    idea_id = scene.capture(earlier[0], "Bo")
    scene.react(earlier[0], "Flo", stands=False, event_ts=messages.ts_of(clock()))
    take(scene, at(clock), listed(earlier[0], reactions=[reaction("U0FLO", "U0GUS")]))
    assert scene.voters(idea_id) == ["Gus"]
    scene.react(earlier[0], "Gus", stands=False, event_ts=messages.ts_of(clock() - timedelta(minutes=50)))
    assert scene.voters(idea_id) == []


def test_the_late_event_of_a_reaction_that_was_seen_is_no_news(scene: Scene, clock: Clock, earlier: list[Said]) -> None:
    """Meanwhile they have taken their vote back with the button."""
    idea_id = scene.capture(earlier[0], "Bo")
    take(scene, at(clock), listed(earlier[0], reactions=[reaction("U0FLO")]))
    assert scene.voters(idea_id) == ["Flo"]
    clock.move(minutes=1)
    assert not scene.vote(idea_id, "Flo")
    scene.react(earlier[0], "Flo", event_ts=messages.ts_of(clock() - timedelta(minutes=30)))
    assert scene.voters(idea_id) == []
    scene.react(earlier[0], "Flo", stands=False, event_ts=messages.ts_of(clock()))
    scene.react(earlier[0], "Flo", event_ts=messages.ts_of(clock() + timedelta(seconds=1)))
    assert scene.voters(idea_id) == ["Flo"]


@pytest.mark.parametrize(
    ("reactions", "stands"),
    [
        ([], False),
        ([reaction("U0GUS")], False),
        ([reaction("U0FLO")], True),
        ([reaction("U0FLO", name="thumbsup::skin-tone-2")], True),
        ([reaction("U0GUS", count=51)], True),
        ([reaction("U0FLO", name="heart")], False),
    ],
    ids=["none", "others", "the same", "with a skin tone", "more than are named", "another one"],
)
def test_a_reaction_is_taken_back_where_slack_names_all_and_not_them(
    scene: Scene, clock: Clock, earlier: list[Said], reactions: list[dict[str, Any]], stands: bool
) -> None:
    scene.react(earlier[0], "Flo", event_ts=messages.ts_of(clock() - timedelta(minutes=30)))
    take(scene, at(clock), listed(earlier[0], reactions=reactions))
    assert standing(scene)[0] == ("+1", stands)


def test_a_reaction_of_a_moment_ago_may_not_be_listed_yet(scene: Scene, clock: Clock, earlier: list[Said]) -> None:
    scene.react(earlier[0], "Flo", event_ts=messages.ts_of(clock() - timedelta(minutes=5)))
    take(scene, at(clock), listed(earlier[0]))
    assert standing(scene) == [("+1", True)]


def test_a_reaction_that_was_taken_and_put_again_counts(scene: Scene, clock: Clock, earlier: list[Said]) -> None:
    """Its taking was heard, and its coming back was not."""
    idea_id = scene.capture(earlier[0], "Bo")
    scene.react(earlier[0], "Flo", event_ts=messages.ts_of(clock() - timedelta(minutes=50)))
    scene.react(earlier[0], "Flo", stands=False, event_ts=messages.ts_of(clock() - timedelta(minutes=5)))
    again = listed(earlier[0], reactions=[reaction("U0FLO")])
    take(scene, at(clock), again)
    assert scene.voters(idea_id) == []  # the answer may be a little behind
    clock.move(minutes=6)
    take(scene, at(clock), again)
    assert scene.voters(idea_id) == ["Flo"]


@pytest.mark.parametrize("how", ["mention", "bulb", "bulb again"])
def test_what_is_read_up_brings_nothing_back_that_its_author_took_back(scene: Scene, clock: Clock, how: str) -> None:
    """Somebody else's bulb was heard, and the author's own act is found only now."""
    said = scene.say("Ana", "<@U0ROUNDTRIP> a travel size" if how == "mention" else "A travel size")
    idea_id = scene.capture(said, "Bo")
    if how == "bulb again":
        scene.react(said, "Ana", "bulb", stands=False, event_ts=messages.ts_of(clock()))
    clock.move(minutes=20)
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        ideas.withdraw(tx, workspace=workspace_of(tx), idea_id=idea_id, member=ana, now=clock())
    clock.move(minutes=30)
    take(scene, at(clock), listed(said, reactions=[] if how == "mention" else [reaction("U0ANA", name="bulb")]))
    assert scene.get_idea(idea_id).state == "withdrawn"


def test_a_mention_that_somebody_edited_in_addresses_nobody(scene: Scene, clock: Clock, earlier: list[Said]) -> None:
    edited = {"edited": {"user": "U0ANA", "ts": messages.ts_of(clock())}}
    mention = replace(earlier[0], text="<@U0ROUNDTRIP> a wish")
    take(scene, at(clock), listed(mention, **edited))
    assert texts(scene)[0] == "a wish"
    with scene.tx() as tx:
        assert tx.scalars(select(Idea)).all() == []


@pytest.mark.parametrize(
    "said",
    [
        {"bot_id": "B0OTHER", "user": "U0OTHERBOT", "text": "<@U0ROUNDTRIP> a report"},
        {"user": "U0ANA", "subtype": "channel_topic", "text": "<@U0ANA> set the topic"},
        {"subtype": "bot_message", "bot_id": "B0OTHER", "text": "a report"},
        {"user": "U0ROUNDTRIP", "bot_id": "B0ROUNDTRIP", "text": "Kept"},
    ],
    ids=["app", "topic", "old app", "own post"],
)
def test_what_no_person_says_is_not_read(scene: Scene, clock: Clock, said: dict[str, Any]) -> None:
    take(scene, at(clock), {"type": "message", "ts": messages.ts_of(clock()), **said})
    assert texts(scene) == []
    with scene.tx() as tx:
        assert tx.scalars(select(Idea)).all() == []


def test_a_mention_without_any_words_is_refused_and_keeps_nobody_waiting(
    scene: Scene, clock: Clock, earlier: list[Said]
) -> None:
    empty = {"type": "message", "user": "U0ANA", "text": "<@U0ROUNDTRIP>", "ts": messages.ts_of(clock())}
    take(scene, at(clock), {**empty, "reactions": [reaction("U0FLO", name="bulb")]}, *(listed(one) for one in earlier))
    assert len(texts(scene)) == 5
    assert standing(scene) == [("bulb", True)]


def test_each_reading_begins_a_day_before_the_last_and_never_before_the_app_listened(
    scene: Scene, clock: Clock
) -> None:
    since = clock()
    set_channel(scene, listens_since=since)
    first = begin(scene)
    assert (first.oldest, first.latest) == (messages.ts_of(since), messages.ts_of(clock()))
    take(scene, first)
    clock.move(hours=5)
    assert begin(scene).oldest == messages.ts_of(since)
    clock.move(days=3)
    take(scene, begin(scene))
    again = begin(scene)
    assert again.oldest == messages.ts_of(clock() - catch_up.LOOK_BACK)
    assert again.threads_after == messages.ts_of(clock() - catch_up.OVERLAP)


def test_a_reading_goes_on_where_it_was(scene: Scene, clock: Clock, earlier: list[Said]) -> None:
    """Its threads come before its next page; owing it again meanwhile changes nothing."""
    set_channel(scene, listens_since=clock() - timedelta(hours=2))
    answered = listed(earlier[0], latest_reply=messages.ts_of(clock() - timedelta(minutes=1)), reply_count=1)
    old = listed(earlier[1], latest_reply=messages.ts_of(clock() - timedelta(days=2)), reply_count=1)
    start = begin(scene)
    take(scene, start, old, answered, next_cursor="second")
    with scene.tx() as tx:
        catch_up.soon(tx, workspace=workspace_of(tx), now=clock())
    thread = begin(scene)
    assert (thread.thread_ts, thread.cursor, thread.next_cursor) == (earlier[0].ts, "second", "")
    take(scene, thread, answered, next_cursor="more of it")
    thread = begin(scene)
    assert thread.next_cursor == "more of it"
    take(scene, thread, answered)
    channel = begin(scene)
    assert (channel.thread_ts, channel.next_cursor) == (None, "second")
    assert caught_up_to(scene) is None
    clock.move(minutes=1)
    take(scene, channel)
    assert caught_up_to(scene) == messages.time_of(start.latest)


def test_a_reading_goes_on_where_it_is_though_another_is_owed_meanwhile(
    scene: Scene, clock: Clock, earlier: list[Said]
) -> None:
    set_channel(scene, listens_since=clock() - timedelta(hours=2))
    take(scene, begin(scene), *(listed(said) for said in earlier), next_cursor="second")
    second = begin(scene)
    with scene.tx() as tx:
        catch_up.soon(tx, workspace=workspace_of(tx), now=clock())
    take(scene, second, next_cursor="third")
    assert begin(scene).cursor == "third"


def test_what_was_said_before_the_app_came_back_is_not_taken(scene: Scene, clock: Clock, earlier: list[Said]) -> None:
    """Neither its going nor its coming was heard of. The reading begins again there, and only once."""
    set_channel(scene, listens_since=clock() - timedelta(hours=2))
    among = {"type": "message", "user": "U0ANA", "text": "Among ourselves", "ts": messages.ts_of(clock())}
    came, clock.now = messages.ts_of(clock() + timedelta(minutes=1)), clock() + timedelta(minutes=20)
    arrival = {"type": "message", "subtype": "channel_join", "user": "U0ROUNDTRIP", "text": "…", "ts": came}
    take(scene, begin(scene), arrival, among, next_cursor="more")
    assert texts(scene) == [f"Wish {number}" for number in range(4)]
    again = begin(scene)
    assert (again.oldest, again.cursor) == (came, "")
    take(scene, again, arrival)
    assert caught_up_to(scene) == clock()


def test_a_quiet_thread_is_read_where_it_holds_an_idea_or_its_receipt(
    scene: Scene, clock: Clock, earlier: list[Said]
) -> None:
    set_channel(scene, listens_since=clock() - timedelta(days=3))
    reply = scene.say("Flo", "My address is secret", thread_ts=earlier[1].ts)
    scene.capture(earlier[0], "Bo")
    scene.capture(reply, "Bo")
    answered = messages.ts_of(clock())
    clock.move(hours=3)
    set_channel(scene, caught_up_to=clock())
    take(scene, begin(scene), *(listed(said, latest_reply=answered) for said in earlier[:3]), listed(earlier[3]))
    assert begin(scene).threads == (earlier[0].ts, earlier[1].ts)


def test_who_decides_on_several_ideas_and_a_reading_never_wait_for_each_other(
    scene: Scene, clock: Clock, earlier: list[Said]
) -> None:
    """A decision locks the ideas in the order of their ids, and a page is in the order in which they were said."""
    first, second = scene.capture(earlier[1], "Bo"), scene.capture(earlier[0], "Bo")
    set_channel(scene, listens_since=clock() - timedelta(hours=2))
    with scene.tx() as tx:
        catch_up.soon(tx, workspace=workspace_of(tx), now=clock())
    with scene.tx() as tx:
        key = f"catch_up:{workspace_of(tx).id}:C0IDEAS"
        row_id = tx.scalars(select(Outbox.id).where(Outbox.key == key)).one()
    with ThreadPoolExecutor(1) as pool:
        with scene.tx() as tx:
            tx.get_one(Idea, first, with_for_update=True)
            reading = pool.submit(relay.deliver, scene.hub, row_id)
            time.sleep(0.5)  # it has come to the first idea by then
            tx.get_one(Idea, second, with_for_update=True)
        reading.result()
    assert texts(scene) == []
    assert [scene.get_idea(idea_id).state for idea_id in (first, second)] == ["withdrawn"] * 2


def begin(scene: Scene) -> Position:
    """What the row asks for next. Whoever asks has begun it, as a worker would."""
    with scene.tx() as tx:
        workspace = workspace_of(tx)
        row = tx.scalars(select(Outbox).where(Outbox.key == f"catch_up:{workspace.id}:C0IDEAS")).one_or_none()
        ids = row.payload if row and "latest" in row.payload and row.state == "new" else {"channel_id": "C0IDEAS"}
        if row:
            row.state = "sending"
        found = catch_up.position(tx, workspace=workspace, ids=ids, now=scene.hub.clock())
        assert found is not None
        return found


def set_channel(scene: Scene, **facts: Any) -> None:
    with scene.tx() as tx:
        channel = tx.scalars(select(Channel).where(Channel.slack_id == "C0IDEAS")).one()
        for name, value in facts.items():
            setattr(channel, name, value)


def caught_up_to(scene: Scene) -> datetime | None:
    with scene.tx() as tx:
        return tx.scalars(select(Channel.caught_up_to).where(Channel.slack_id == "C0IDEAS")).one()
