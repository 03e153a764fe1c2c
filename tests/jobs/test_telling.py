"""Telling many: together where they spoke together, stopped and gone on with, in order, each exactly once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from feedback import changes, hearing, ideas, loop, members, themes, workspaces
from feedback.hub import Hub
from feedback.providers import Impossible, Unknown
from feedback.providers.slack import Posted
from jobs import outbox as relay
from jobs.drain import drain, drain_until
from models import Announcement, Change, Notice, NoticePost, Outbox
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack


@pytest.fixture
def slack(hub: Hub) -> RememberingSlack:
    assert isinstance(hub.slack, RememberingSlack)
    return hub.slack


@pytest.fixture
def thread(scene: Scene) -> tuple[int, str]:
    """Ana said something in #ideas, Flo and Gus wrote below it, Bo of the team too. The idea and its thread."""
    said = scene.say("Ana", "The pump leaks.")
    for who in ("Flo", "Gus", "Bo"):
        scene.say(who, "Indeed.", thread_ts=said.ts, ts=f"{int(scene.hub.clock().timestamp()) + 5}.{scene.said:06}")
    return scene.capture(said, "Ana"), said.ts


def settle(hub: Hub, clock: Clock, seconds: float = 30) -> None:
    """Does everything that falls due in so many seconds, which are over then."""
    end = clock() + timedelta(seconds=seconds)

    def move_to(at: float) -> None:
        clock.now = max(clock.now, datetime.fromtimestamp(at, UTC))

    drain_until(hub, move_to, seconds=seconds)
    clock.now = max(clock.now, end)


def posts(slack: RememberingSlack, *keys: str) -> list[dict[str, Any]]:
    return [post for post in slack.posts if str(post["key"]).startswith(keys or ("notice",))]


def untold(hub: Hub) -> list[str]:
    with hub.reading() as tx:
        return [each.member.name for each in tx.scalars(select(Notice).where(Notice.told_at.is_(None)))]


def states(hub: Hub) -> set[str]:
    with hub.reading() as tx:
        return set(tx.scalars(select(Outbox.state).where(Outbox.kind.in_(("loop.notice", "loop.post")))))


def act(scene: Scene, do: Callable[..., Any], change_id: int, who: str = "Cy") -> None:
    with scene.tx() as tx:
        do(tx, by=scene.member(tx, who), change_id=change_id, now=scene.hub.clock())


def test_who_spoke_in_one_thread_reads_one_post(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, thread: tuple[int, str]
) -> None:
    idea_id, ts = thread
    scene.vote(idea_id, "Di")
    scene.ship(idea_id)
    settle(hub, clock)
    together, alone = sorted(posts(slack), key=lambda post: post["channel"])
    assert (together["channel"], together["thread_ts"], alone["channel"]) == ("C0IDEAS", ts, "DU0DI")
    shown = str(together["blocks"])
    assert [f"<@U0{who}>" in shown for who in ("ANA", "FLO", "GUS", "BO")] == [True, True, True, False]
    assert "The pump leaks." in shown
    assert untold(hub) == []


def test_a_button_for_several_answers_for_whoever_presses_it(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, thread: tuple[int, str]
) -> None:
    change_id = scene.ship(thread[0])
    settle(hub, clock)
    with hub.reading() as tx:
        own = {each.member.name: each.id for each in tx.scalars(select(Notice))}
    scene.answer(own["Flo"], "Flo")
    settle(hub, clock, 3)
    assert any("1 said: better now" in str(each["blocks"]) for each in slack.updates)
    assert any(f"all-{change_id}" in str(each["blocks"]) for each in slack.updates)
    for who in ("Ana", "Gus"):
        scene.answer(own[who], who)
    settle(hub, clock, 3)
    assert "3 said: better now" in str(slack.updates[-1]["blocks"])
    assert "loop_better" not in str(slack.updates[-1]["blocks"])


@pytest.mark.parametrize("how", ["archived before", "refused", "thread refused"])
def test_where_the_thread_is_lost_each_hears_alone(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, thread: tuple[int, str], how: str
) -> None:
    settle(hub, clock)
    scene.ship(thread[0])
    if how == "archived before":
        with scene.tx() as tx:
            workspaces.archive_channel(tx, workspace=workspace_of(tx), channel_id="C0IDEAS", is_archived=True)
    else:
        code = "is_archived" if how == "refused" else "thread_not_found"
        post = slack.post

        def refuse(**call: Any) -> Posted:
            if call["key"].startswith("notice_post"):
                raise Impossible(code)
            return post(**call)

        slack.post = refuse  # type: ignore[method-assign]
    settle(hub, clock)
    assert sorted(post["channel"] for post in posts(slack)) == ["DU0ANA", "DU0FLO", "DU0GUS"]
    assert (untold(hub), states(hub)) == ([], {"done"})


def test_who_left_the_channel_meanwhile_hears_alone_and_who_left_slack_not_at_all(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, thread: tuple[int, str]
) -> None:
    scene.ship(thread[0])
    with scene.tx() as tx:
        gone: dict[str, Any] = {"workspace": workspace_of(tx), "channel_id": "C0IDEAS", "at": clock(), "is_back": False}
        members.left_channel(tx, member=scene.member(tx, "Flo"), **gone)
        scene.member(tx, "Gus").left_at = clock()
    settle(hub, clock)
    assert sorted((post["channel"], "U0GUS" in str(post)) for post in posts(slack)) == [
        ("C0IDEAS", False),
        ("DU0FLO", False),
    ]
    assert untold(hub) == ["Gus"]


def test_a_post_whose_answer_was_lost_is_found_and_nobody_is_told_twice(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, thread: tuple[int, str]
) -> None:
    settle(hub, clock)
    slack.posts.clear()
    post = slack.post

    def lose(**call: Any) -> Posted:
        post(**call)
        slack.post = post  # type: ignore[method-assign]
        with scene.tx() as tx:
            workspaces.archive_channel(tx, workspace=workspace_of(tx), channel_id="C0IDEAS", is_archived=True)
        raise Unknown("timed out")

    slack.post = lose  # type: ignore[method-assign]
    scene.ship(thread[0])
    settle(hub, clock)
    assert [post["key"].split(":")[0] for post in slack.posts] == ["notice_post"]
    assert untold(hub) == []


@pytest.mark.parametrize("what", ["withdrawn", "deleted", "edited", "merged", "erased"])
def test_what_happens_to_the_words_in_mid_send(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, what: str
) -> None:
    """Ana and Flo each said it in a thread of their own; what becomes of Ana's words before anybody was told."""
    said = scene.say("Ana", "My street is Elm Street.")
    one, other = scene.capture(said, "Ana"), scene.idea("Flo", "A refill, please.")
    settle(hub, clock)
    with scene.tx() as tx:
        change_id = changes.plan(tx, by=scene.member(tx, "Cy"), idea_ids=[one, other], now=clock()).id
    with scene.tx() as tx:
        here, now = workspace_of(tx), clock()
        if what == "withdrawn":
            ideas.withdraw(tx, workspace=here, idea_id=one, member=scene.member(tx, "Ana"), now=now)
        if what in ("deleted", "erased"):
            hearing.deleted(tx, workspace=here, channel_id=said.channel_id, ts=said.ts, now=now)
        if what == "erased":
            scene.member(tx, "Ana").left_at = now
        if what == "edited":
            ideas.get(tx, idea_id=one).text = "My street is nobody’s business."
        if what == "merged":
            ideas.merge(tx, by=scene.member(tx, "Bo"), idea_id=one, into_id=other, now=now)
    settle(hub, clock)
    told = posts(slack)
    assert ("Elm" in str(told)) == (what == "merged")
    assert len(told) == (2 if what in ("edited", "merged") else 1)
    with hub.reading() as tx:
        assert len(tx.scalars(select(Notice).where(Notice.change_id == change_id)).all()) == 2
    assert states(hub) == {"done"}


def test_a_theme_split_in_mid_send_leaves_what_is_told_as_it_is(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    settle(hub, clock)
    with scene.tx() as tx:
        bo = scene.member(tx, "Bo")
        themes.move(tx, by=bo, idea_id=one, theme_id=None, name="Refills", now=clock())
        themes.move(tx, by=bo, idea_id=other, theme_id=None, name="Refills", now=clock())
        theme_id = ideas.get(tx, idea_id=other).theme_id or 0
    with scene.tx() as tx:
        changes.ship(tx, by=scene.member(tx, "Cy"), summary="Here.", theme_ids=[theme_id], now=clock())
    with scene.tx() as tx:
        themes.split(tx, by=scene.member(tx, "Bo"), theme_id=theme_id, idea_ids=[other], name="Pouches", now=clock())
    settle(hub, clock)
    assert len(posts(slack)) == 2
    assert untold(hub) == []


def test_stopped_in_mid_send_the_rest_is_not_sent_until_it_goes_on(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    made = [scene.idea(who, f"Something of {who}.") for who in ("Ana", "Flo", "Gus", "Bo")]
    settle(hub, clock)
    change_id = scene.ship(*made)
    drain(hub)  # one leaves, the others wait for their second
    assert len(posts(slack)) == 1
    for _ in "ab":
        act(scene, changes.stop, change_id)
    settle(hub, clock)
    assert len(posts(slack)) == 1
    assert len(untold(hub)) == 3
    for _ in "ab":
        act(scene, changes.go_on, change_id, "Di")
    settle(hub, clock)
    assert sorted({post["thread_ts"] for post in posts(slack)}) == sorted(post["thread_ts"] for post in posts(slack))
    assert len(posts(slack)) == 4
    assert (untold(hub), states(hub)) == ([], {"done"})


def test_stopped_while_the_answer_is_unknown_it_is_found_all_the_same(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    idea_id = scene.idea("Ana")
    settle(hub, clock)
    slack.failures_after = [Unknown("timed out")]
    change_id = scene.ship(idea_id)
    drain(hub)
    act(scene, changes.stop, change_id)
    settle(hub, clock)
    assert untold(hub) == []
    act(scene, changes.go_on, change_id)
    settle(hub, clock)
    assert len(posts(slack)) == 1


def test_nobody_is_told_before_it_is_time_and_it_can_be_stopped_before(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    one = scene.idea("Ana")
    settle(hub, clock)
    at = clock() + timedelta(hours=2)
    with scene.tx() as tx:
        workspace_of(tx).announcement_channel_id = "C0GENERAL"
        telling = changes.Telling(tell_at=at, announces=True)
        cy = scene.member(tx, "Cy")
        change_id = changes.ship(tx, by=cy, summary="Here.", idea_ids=[one], telling=telling, now=clock()).id
    assert scene.get_idea(one).state == "shipped"
    settle(hub, clock)
    assert posts(slack, "notice", "announcement") == []
    act(scene, changes.stop, change_id)
    clock.move(hours=2)
    settle(hub, clock)
    assert posts(slack, "notice", "announcement") == []
    act(scene, changes.go_on, change_id)
    settle(hub, clock)
    assert sorted(post["channel"] for post in posts(slack, "notice", "announcement")) == ["C0GENERAL", "C0IDEAS"]
    with hub.reading() as tx:
        assert tx.scalars(select(Announcement)).one().told_at is not None


def test_the_older_of_two_changes_is_read_first(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, thread: tuple[int, str]
) -> None:
    other = scene.idea("Ana", "A refill.")
    settle(hub, clock)
    first, second = scene.ship(thread[0], summary="One."), scene.ship(other, summary="Two.")
    with hub.reading() as tx:
        newer = tx.scalars(select(Notice).where(Notice.change_id == second)).one()
        older = tx.scalars(select(NoticePost).where(NoticePost.change_id == first)).one()
        rows = {row.key: row.id for row in tx.scalars(select(Outbox))}
    relay.deliver(hub, rows[f"notice:{newer.id}"])
    assert posts(slack) == []
    relay.deliver(hub, rows[f"notice_post:{older.id}"])
    settle(hub, clock)
    assert [post["key"].split(":")[0] for post in posts(slack)] == ["notice_post", "notice"]


def test_what_did_not_get_through_keeps_nothing_newer_waiting(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Ana", "Pouches.")
    settle(hub, clock)
    post = slack.post

    def refuse_the_first(**call: Any) -> Posted:
        slack.post = post  # type: ignore[method-assign]
        raise Impossible("invalid_blocks")

    slack.post = refuse_the_first  # type: ignore[method-assign]
    scene.ship(one)
    scene.ship(other)
    settle(hub, clock)
    assert states(hub) == {"failed", "done"}
    assert len(posts(slack)) == 1


def test_a_test_goes_to_whoever_asks_and_to_nobody_else(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    idea_id = scene.idea("Ana", "The pump leaks.")
    settle(hub, clock)
    before = len(slack.posts)
    with scene.tx() as tx:
        facts: dict[str, Any] = {"by": scene.member(tx, "Cy"), "summary": "It locks.", "idea_ids": [idea_id]}
        assert changes.rehearse(tx, **facts, nonce="n", now=clock())
        assert not changes.rehearse(tx, **facts, nonce="n", now=clock())
    settle(hub, clock)
    [post] = slack.posts[before:]
    assert post["channel"] == "DU0CY"
    assert "This is a test" in str(post["blocks"])
    assert "The pump leaks." in str(post["blocks"])
    with hub.reading() as tx:
        assert tx.scalars(select(Change)).all() == []


def test_a_question_is_asked_answered_and_changes_no_state(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    idea_id = scene.idea("Ana", "The pump leaks.")
    settle(hub, clock)
    with scene.tx() as tx:
        changes.ask(tx, by=scene.member(tx, "Cy"), summary="Also when it is full?", idea_ids=[idea_id], now=clock())
    settle(hub, clock)
    assert scene.get_idea(idea_id).state == "new"
    assert "Also when it is full?" in str(posts(slack)[0]["blocks"])
    with scene.tx() as tx:
        ana, notice_id = scene.member(tx, "Ana"), tx.scalars(select(Notice.id)).one()
        for _ in "ab":
            loop.reply(tx, notice_id=notice_id, member=ana, text="Only when it lies.", now=clock())
    settle(hub, clock, 3)
    assert "Only when it lies." in str(slack.updates[-1]["blocks"])
    assert "loop_reply" not in str(slack.updates[-1]["blocks"])


def test_all_of_them_keep_to_one_a_second(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To different people, too: Slack has a limit for the workspace."""
    idea_id = scene.idea("Ana")
    for who in ("Flo", "Gus", "Di", "Bo"):
        scene.vote(idea_id, who)
    settle(hub, clock)
    times, post = [], slack.post

    def timed(**call: Any) -> Posted:
        times.append(clock())
        return post(**call)

    monkeypatch.setattr(slack, "post", timed)
    scene.ship(idea_id)
    settle(hub, clock)
    assert len(times) == 5
    assert all(later - earlier >= timedelta(seconds=1) for earlier, later in pairwise(times))
