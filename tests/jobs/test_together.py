"""A post that several share, when things change between one try and the next: each is told once, and nobody never."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from feedback import changes, ideas, loop
from feedback.hub import Hub
from jobs import outbox as relay
from jobs import plans
from jobs.drain import drain
from models import Member, Notice, NoticePost, Stop
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene
from tests.jobs.test_telling import act, posts, settle, untold
from tests.slack_stand_in import RememberingSlack

EVENING = datetime(2026, 11, 2, 16, 0, tzinfo=UTC)
"""In Tokyo it is night; elsewhere it is day."""


@pytest.fixture
def slack(hub: Hub) -> RememberingSlack:
    assert isinstance(hub.slack, RememberingSlack)
    return hub.slack


def move(scene: Scene, who: str, zone: str) -> None:
    with scene.tx() as tx:
        scene.member(tx, who).tz = zone


@pytest.fixture
def thread(scene: Scene, hub: Hub, clock: Clock) -> int:
    """Ana said something in #ideas, Flo and Gus wrote below it. The idea, with nothing else left to do."""
    said = scene.say("Ana", "The pump leaks.")
    for who in ("Ana", "Flo", "Gus"):
        move(scene, who, "Europe/London")
    for who in ("Flo", "Gus"):
        scene.say(who, "Indeed.", thread_ts=said.ts, ts=f"{int(clock().timestamp()) + 5}.{scene.said:06}")
    idea_id = scene.capture(said, "Ana")
    settle(hub, clock)
    return idea_id


def choose(scene: Scene, who: str, hears: str) -> None:
    with scene.tx() as tx:
        loop.choose(tx, member=scene.member(tx, who), hears=hears, now=scene.hub.clock())


@contextmanager
def killed(monkeypatch: pytest.MonkeyPatch, *, is_posted: bool = True) -> Iterator[None]:
    """Between the post and the line that says so, or right before the post."""
    where, name = (relay, "_record") if is_posted else (plans.Post, "carry_out")
    do = getattr(where, name)

    def die(one: Any, other: Any, *more: Any) -> Any:
        if any(getattr(each, "kind", "") == "loop.post" for each in (one, other, *more)):
            raise SystemExit
        return do(one, other, *more)

    with monkeypatch.context() as patched:
        patched.setattr(where, name, die)
        with pytest.raises(SystemExit):
            yield


def read_by(slack: RememberingSlack) -> dict[str, int]:
    """How many posts name each of them, or reached them alone."""
    told = [f"{post['channel']} {post['blocks']}" for post in posts(slack, "notice", "digest")]
    return {who: sum(f"U0{who.upper()}" in post for post in told) for who in ("Ana", "Flo", "Gus")}


@pytest.mark.parametrize("what", ["night", "digest", "nothing", "moved and back"])
def test_who_may_have_read_it_is_not_told_again(
    hub: Hub,
    scene: Scene,
    slack: RememberingSlack,
    clock: Clock,
    thread: int,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    scene.ship(thread)
    with killed(monkeypatch):
        drain(hub)
    assert read_by(slack) == {"Ana": 1, "Flo": 1, "Gus": 1}
    if what in ("digest", "nothing"):
        choose(scene, "Flo", what)
    else:
        move(scene, "Flo", "Asia/Tokyo")
        clock.now = EVENING
    settle(hub, clock)
    if what == "moved and back":
        move(scene, "Flo", "Europe/London")
    clock.now = datetime(2026, 11, 6, 9, 0, 1, tzinfo=UTC)
    with scene.tx() as tx:
        assert loop.open_digests(tx, workspace_id=workspace_of(tx).id, now=clock()) == 0
    settle(hub, clock)
    assert read_by(slack) == {"Ana": 1, "Flo": 1, "Gus": 1}
    assert untold(hub) == []


def test_who_was_left_out_of_it_is_told_though_nobody_lived_to_say_so(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, thread: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.ship(thread)
    move(scene, "Flo", "Asia/Tokyo")
    clock.now = EVENING
    with killed(monkeypatch):
        drain(hub)
    assert read_by(slack) == {"Ana": 1, "Flo": 0, "Gus": 1}
    clock.move(hours=7)
    settle(hub, clock)
    assert read_by(slack) == {"Ana": 1, "Flo": 1, "Gus": 1}
    assert untold(hub) == []


def test_where_it_was_not_posted_after_all_each_hears_as_they_can_by_now(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, thread: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.ship(thread)
    with killed(monkeypatch, is_posted=False):
        drain(hub)
    assert posts(slack) == []
    choose(scene, "Flo", "digest")
    settle(hub, clock)
    assert read_by(slack) == {"Ana": 1, "Flo": 0, "Gus": 1}
    clock.now = datetime(2026, 11, 6, 9, 0, 1, tzinfo=UTC)
    with scene.tx() as tx:
        assert loop.open_digests(tx, workspace_id=workspace_of(tx).id, now=clock()) == 1
    settle(hub, clock)
    assert read_by(slack) == {"Ana": 1, "Flo": 1, "Gus": 1}
    assert untold(hub) == []


def test_when_night_falls_over_all_of_them_it_is_still_one_post(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, thread: int
) -> None:
    scene.ship(thread)
    clock.now = datetime(2026, 11, 2, 21, 30, tzinfo=UTC)
    settle(hub, clock)
    assert posts(slack) == []
    clock.now = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
    settle(hub, clock)
    [post] = posts(slack)
    assert all(f"<@U0{who}>" in str(post["blocks"]) for who in ("ANA", "FLO", "GUS"))
    assert untold(hub) == []


@pytest.mark.parametrize("how", ["withdrew", "left"])
def test_whom_it_does_not_name_it_never_names(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, thread: int, how: str
) -> None:
    """Not when it is shown anew, either: neither a name nor words that were taken back."""
    below = scene.say("Gus", "My address is Elm Street.", thread_ts=scene_ts(hub, thread))
    own = scene.capture(below, "Gus")
    settle(hub, clock)
    slack.updates.clear()
    scene.ship(thread, own)
    with scene.tx() as tx:
        gus = scene.member(tx, "Gus")
        if how == "withdrew":
            ideas.withdraw(tx, workspace=workspace_of(tx), idea_id=own, member=gus, now=clock())
        else:
            gus.left_at = clock()
    settle(hub, clock)
    with scene.tx() as tx:
        ana = tx.scalars(select(Notice.id).join(Member).where(Member.name == "Ana")).one()
    scene.answer(ana, "Ana")
    settle(hub, clock)
    [post] = posts(slack, "notice_post")
    shown = str([post, *(update for update in slack.updates if update["ts"] == post["ts"])])
    assert "U0FLO" in shown
    assert ("U0GUS" in shown, "Elm" in shown) == (False, False)


def scene_ts(hub: Hub, idea_id: int) -> str:
    with hub.reading() as tx:
        message = ideas.get(tx, idea_id=idea_id).message
        assert message is not None
        return message.ts


def test_stopped_and_going_on_at_once_where_the_first_of_them_left(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, thread: int
) -> None:
    change_id = scene.ship(thread)
    act(scene, changes.stop, change_id)
    with scene.tx() as tx:
        scene.member(tx, "Ana").left_at = clock()
        post_id = tx.scalars(select(NoticePost.id)).one()
    settle(hub, clock)
    with scene.tx() as tx:  # in the moment in which the row is done and not written down
        tx.execute(update(Stop).values(ended_at=clock()))
        loop.not_told_together(tx, post_id=post_id, now=clock())
    settle(hub, clock)
    assert read_by(slack) == {"Ana": 0, "Flo": 1, "Gus": 1}
    assert untold(hub) == ["Ana"]


def test_what_was_stopped_is_not_in_the_message_of_the_week(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    choose(scene, "Ana", "digest")
    made = [scene.ship(scene.idea("Ana", text), summary=f"News of {text}") for text in ("one", "two", "three")]
    settle(hub, clock)
    act(scene, changes.stop, made[0])
    clock.now = datetime(2026, 11, 6, 9, 0, 1, tzinfo=UTC)

    def strike() -> None:
        with scene.tx() as tx:
            loop.open_digests(tx, workspace_id=workspace_of(tx).id, now=clock())

    strike()
    act(scene, changes.stop, made[1])
    settle(hub, clock)
    for change_id in made[:2]:
        act(scene, changes.go_on, change_id)
    clock.move(days=7)
    strike()
    settle(hub, clock)
    first, second = (str(post["blocks"]) for post in posts(slack, "digest"))
    assert ["News of one" in first, "News of two" in first, "News of three" in first] == [False, False, True]
    assert ["News of one" in second, "News of two" in second, "News of three" in second] == [True, True, False]
    assert untold(hub) == []


def test_what_was_stopped_or_is_for_another_day_uses_up_nothing_of_a_week(hub: Hub, scene: Scene, clock: Clock) -> None:
    made = [scene.idea("Ana", f"Number {number}.") for number in range(8)]
    with scene.tx() as tx:
        for idea_id in made[:3]:
            telling = changes.Telling(tell_at=clock() + timedelta(days=30))
            facts: dict[str, Any] = {"summary": "Here.", "idea_ids": [idea_id], "telling": telling}
            changes.ship(tx, by=scene.member(tx, "Cy"), **facts, now=clock())
    wrong = scene.ship(made[3])
    act(scene, changes.stop, wrong)
    for idea_id in made[4:]:
        scene.ship(idea_id)
    with hub.reading() as tx:
        hows = [notice.how for notice in tx.scalars(select(Notice).order_by(Notice.id))]
    assert hows == ["now"] * 7 + ["digest"]


def test_who_only_backed_what_is_left_hears_alone(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, thread: int
) -> None:
    """Flo wrote below the one, and only backed the other, wherever that was said."""
    other = scene.idea("Bo", "A refill.")
    scene.vote(other, "Flo")
    settle(hub, clock)
    scene.ship(thread, other)
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        ideas.withdraw(tx, workspace=workspace_of(tx), idea_id=thread, member=ana, now=clock())
    settle(hub, clock)
    [told] = [post for post in posts(slack) if "A refill." in str(post["blocks"]) and "U0FLO" in str(post)]
    assert told["channel"] == "DU0FLO"
    assert "you backed it" in str(told["blocks"])
