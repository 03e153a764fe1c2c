"""Judging as the worker does it: once a message, at most one question, and better after a night of learning."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from feedback import hearing, judgements
from feedback.hub import Hub
from feedback.messages import Said
from feedback.providers import Impossible, NotDone, Unknown
from jobs import judgements as judging
from jobs import schedule
from jobs.drain import drain, drain_until
from models import Channel, Idea, Judgement, Message, Outbox, Refit
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack

CRASH = "The app crashes every time I open the settings since the last update"


@pytest.fixture
def slack(hub: Hub) -> RememberingSlack:
    assert isinstance(hub.slack, RememberingSlack)
    return hub.slack


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_judges", {})


def choose(hub: Hub, mode: str) -> None:
    with hub.transaction() as tx:
        for channel in tx.scalars(select(Channel)):
            channel.capture = mode


def say(hub: Hub, text: str, who: str = "U0ANA", number: int = 1, thread_ts: str | None = None) -> None:
    said = Said("C0IDEAS", f"{int(hub.clock().timestamp())}.{number:06}", thread_ts, who, text)
    with hub.transaction() as tx:
        hearing.heard(tx, workspace=workspace_of(tx), said=said, now=hub.clock())


def all_of(hub: Hub, model: Any) -> list[Any]:
    with hub.reading() as tx:
        return list(tx.scalars(select(model).order_by(model.id)))


def test_talk_becomes_what_the_channel_has_chosen(hub: Hub, scene: Scene) -> None:
    choose(hub, "automatic")
    texts = (CRASH, "good morning everyone", "Die App stürzt immer ab", "Could you ship to Canada?", "+1")
    for number, text in enumerate(texts):
        say(hub, text, number=number)
    drain(hub)
    states = [(found.state, found.kind) for found in all_of(hub, Judgement)]
    assert states[0] == ("kept", "problem")
    assert states[1][0] == "passed"
    assert states[2] == ("passed", None)
    assert states[3] == ("waiting", "idea")
    assert [idea.text for idea in all_of(hub, Idea)] == [CRASH]
    assert all(found.version for found in all_of(hub, Judgement))


def test_a_greeting_is_not_kept_for_what_is_said_below_it(hub: Hub, scene: Scene) -> None:
    choose(hub, "automatic")
    say(hub, "good morning everyone")
    say(hub, CRASH, number=2, thread_ts=all_of(hub, Message)[0].ts)
    drain(hub)
    (found,) = all_of(hub, Judgement)
    assert (found.state, found.kind) == ("waiting", "problem")
    assert all_of(hub, Idea) == []


def test_the_question_stands_where_its_author_sees_it(hub: Hub, scene: Scene, slack: RememberingSlack) -> None:
    choose(hub, "author")
    say(hub, CRASH + " &amp; &lt;more&gt;")
    drain(hub)
    parent = all_of(hub, Message)[0].ts
    say(hub, "Same for me, the app crashes after each update", who="U0FLO", number=2, thread_ts=parent)
    drain(hub)
    assert [(each["user"], each["thread_ts"]) for each in slack.whispers] == [("U0ANA", None), ("U0FLO", parent)]
    assert "Shall I keep this as a problem?" in slack.whispers[0]["text"]
    assert "&amp; &lt;more&gt;" in str(slack.whispers[0]["blocks"])
    assert [found.state for found in all_of(hub, Judgement)] == ["asked", "asked"]


@pytest.mark.parametrize(
    ("failure", "asked", "state"),
    [
        (NotDone("busy", 1), 1, "asked"),
        (Unknown("cut off"), 0, "waiting"),
        (Impossible("user_not_in_channel"), 0, "waiting"),
    ],
)
def test_a_question_that_may_be_lost_goes_to_the_team(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, failure: Exception, asked: int, state: str
) -> None:
    """Being asked twice is worse than not being asked."""
    choose(hub, "author")
    slack.failures = [failure]
    say(hub, CRASH)
    drain_until(hub, lambda at: setattr(clock, "now", datetime.fromtimestamp(at, UTC)), seconds=60)
    assert len(slack.whispers) == asked
    assert [found.state for found in all_of(hub, Judgement)] == [state]
    with hub.reading() as tx:
        assert tx.scalars(select(Outbox.state).where(Outbox.kind == "message.ask")).all() == ["done"]


def test_nobody_is_asked_about_what_was_kept_or_is_old_by_then(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    choose(hub, "author")
    slack.failures = [NotDone("busy", 7200)]
    say(hub, CRASH)
    drain(hub)
    clock.move(hours=2)
    drain(hub)
    assert slack.whispers == []
    assert [found.state for found in all_of(hub, Judgement)] == ["waiting"]


@pytest.mark.parametrize("mode", ["off", "team", "automatic"])
def test_nobody_is_asked_where_the_channel_has_chosen_otherwise_by_then(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, mode: str
) -> None:
    choose(hub, "author")
    slack.failures = [NotDone("busy", 60)]
    say(hub, CRASH)
    drain(hub)
    choose(hub, mode)
    clock.move(minutes=2)
    drain(hub)
    assert slack.whispers == []
    assert [found.state for found in all_of(hub, Judgement)] == ["waiting"]


def test_a_night_of_learning(hub: Hub, scene: Scene, clock: Clock) -> None:
    """What this team calls a problem, no pattern knows; what they said is enough to know the next one."""
    choose(hub, "team")
    things = ("lid", "strap", "zip", "pump", "lamp", "hinge", "tap", "box")
    for number in range(64):
        thing, round_ = things[number % 8], number // 8
        text = f"the {thing} has gone all woozy {round_}" if number % 2 else f"we walked with the {thing} {round_}"
        say(hub, text, number=number)
    drain(hub)
    with hub.transaction() as tx:
        bo = scene.member(tx, "Bo")
        for found in tx.scalars(select(Judgement)).all():
            found.state, found.decision = "decided", "problem" if "woozy" in found.message.text else "nothing"
            found.decided_by_id, found.decided_at = bo.id, hub.clock()
    clock.move(days=1)
    schedule.tick(hub)
    drain(hub)
    (refit,) = all_of(hub, Refit)
    assert refit.switched
    assert (refit.corrections + refit.held_out, refit.macro_f1_after) == (64, 1.0)
    assert refit.macro_f1_before < refit.macro_f1_after
    assert refit.brier_after < refit.brier_before
    say(hub, "my chair has gone all woozy", number=99)
    drain(hub)
    newest = all_of(hub, Judgement)[-1]
    assert (newest.state, newest.kind, newest.version) == ("waiting", "problem", refit.version)
    clock.move(days=1)
    schedule.tick(hub)
    drain(hub)
    assert len(all_of(hub, Refit)) == 1, "nobody has decided anything since"
    with hub.transaction() as tx:  # as if other numbers were shipped since
        tx.scalars(select(Refit)).one().version = "learned-older+1"
    say(hub, "my other chair has gone all woozy", number=98)
    drain(hub)
    assert all_of(hub, Judgement)[-1].version == refit.version.partition("+")[0]


def test_too_few_decisions_are_left_for_another_night(hub: Hub, scene: Scene) -> None:
    choose(hub, "team")
    say(hub, CRASH)
    drain(hub)
    with hub.transaction() as tx:
        found, bo = tx.scalars(select(Judgement)).one(), scene.member(tx, "Bo")
        judgements.review(tx, judgement_id=found.id, kind="problem", by=bo, now=hub.clock())
        judgements.refit_soon(tx, workspace_id=workspace_of(tx).id, now=hub.clock())
    drain(hub)
    assert all_of(hub, Refit) == []
