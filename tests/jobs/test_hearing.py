"""Asking once more: not at night, not by name in a thread that several share, and not of who chose otherwise since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from feedback.hub import Hub
from jobs import schedule
from jobs.drain import drain_until
from models import Idea
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack

WEEK = timedelta(days=7)


@pytest.fixture
def slack(hub: Hub) -> RememberingSlack:
    assert isinstance(hub.slack, RememberingSlack)
    return hub.slack


def settle(hub: Hub, clock: Clock, seconds: float = 30) -> None:
    drain_until(hub, lambda at: setattr(clock, "now", max(clock.now, datetime.fromtimestamp(at, UTC))), seconds=seconds)


def remind(hub: Hub, clock: Clock) -> None:
    """The schedule's own line, and what follows at once."""
    (job,) = [job for job in schedule.PERIODIC if job.name == "remind"]
    with hub.transaction() as tx:
        job.run(tx, clock())
    settle(hub, clock)


def reminders(slack: RememberingSlack) -> list[dict[str, Any]]:
    return [post for post in slack.posts if post["key"].startswith("reminder:")]


@pytest.fixture
def told(hub: Hub, scene: Scene, clock: Clock) -> int:
    """Ana's idea shipped, she was told at nine in the morning, and a week has gone by. It is night where she lives."""
    idea_id = scene.idea("Ana")
    scene.ship(idea_id)
    settle(hub, clock)
    clock.move(days=7)
    with scene.tx() as tx:
        scene.member(tx, "Ana").tz = "Pacific/Kiritimati"  # fourteen hours ahead: 23 o'clock
    return idea_id


def test_nobody_is_asked_once_more_at_night(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, told: int
) -> None:
    remind(hub, clock)
    assert reminders(slack) == []
    clock.now = clock.now.replace(hour=18, minute=1)  # eight in the morning, there
    remind(hub, clock)
    remind(hub, clock)
    assert [post["channel"] for post in reminders(slack)] == ["C0IDEAS"]
    assert scene.get_idea(told).state == "shipped"


@pytest.mark.parametrize("what", ["nothing", "digest", "off", "reopened"])
def test_what_they_chose_during_the_night_counts(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, told: int, what: str
) -> None:
    remind(hub, clock)
    with scene.tx() as tx:
        if what == "off":
            workspace_of(tx).remind_after_days = 0
        elif what == "reopened":
            tx.get_one(Idea, told).state = "reopened"
        else:
            scene.member(tx, "Ana").hears = what
    clock.now = clock.now.replace(hour=18, minute=1)
    remind(hub, clock)
    assert reminders(slack) == []


def test_who_shares_a_post_is_asked_once_more_alone(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    """Ana said it and Flo wrote below it; both read one post in the thread."""
    said = scene.say("Ana", "The pump leaks.")
    scene.say("Flo", "Indeed.", thread_ts=said.ts)
    scene.ship(scene.capture(said, "Ana"))
    settle(hub, clock)
    assert [post["key"].partition(":")[0] for post in slack.posts if "notice" in post["key"]] == ["notice_post"]
    clock.move(days=7)
    remind(hub, clock)
    found = {post["channel"]: str(post["blocks"]) for post in reminders(slack)}
    assert sorted(found) == ["DU0ANA", "DU0FLO"]
    assert "you asked for it" in found["DU0ANA"]
    assert "You wrote below it" in found["DU0FLO"]
