"""What happens at the door while something behind it is down: nothing is lost, and people are told."""

from __future__ import annotations

import re
import socket
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, select, text
from structlog.testing import capture_logs

from feedback import database
from feedback.hub import Hub
from handlers import slack
from jobs import doorbell
from models import Idea
from playground.server import Playground
from tests.conftest import Clock, make_hub
from tests.handlers.conftest import open_door
from tests.handlers.knock import Door, said, share_form
from tests.world import open_world

APOLOGY = re.compile(r"Something went wrong on our side, and nothing was saved.*\(Reference [0-9a-f]{8}\)")
Outage = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A locked database is given up quickly, so that the tests are not all waiting."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)


@pytest.fixture
def outage(on_both: str, impatient: None) -> Outage:
    """Makes the database unusable for a while: another process holds SQLite's lock; PostgreSQL lets nobody in."""
    return (lambda: locked(on_both)) if on_both.startswith("sqlite") else (lambda: closed(on_both))


@contextmanager
def locked(url: str) -> Iterator[None]:
    holder = sqlite3.connect(str(make_url(url).database), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


@contextmanager
def closed(url: str) -> Iterator[None]:
    name = make_url(url).database
    admin = create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :n"), {"n": name}
        )
        try:
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    admin.dispose()


@pytest.fixture
def door_on_both(on_both: str, impatient: None, playground: Playground) -> Iterator[Door]:
    engine = database.connect(on_both)
    yield open_door(make_hub(engine, Clock()), playground)
    engine.dispose()


def test_an_event_that_finds_no_database_comes_back_and_is_kept(door_on_both: Door, outage: Outage) -> None:
    door = door_on_both
    with outage():
        assert door.event(said(), event_id="Ev0LOST").status_code >= 500
    assert door.messages() == []
    assert door.event(said(), event_id="Ev0LOST").status_code == 200
    assert door.messages() == ["A refill, please"]


def test_a_form_that_finds_no_database_stays_open_with_what_was_typed(door_on_both: Door, outage: Outage) -> None:
    door = door_on_both
    with outage():
        answer = door.interaction("view_submission", **share_form())
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["response_action"] == "errors"
    assert APOLOGY.fullmatch(answer.json["errors"]["what"])
    assert door.stored()["Idea"] == 0
    assert door.interaction("view_submission", **share_form()).status_code == 200
    assert door.interaction("view_submission", **share_form()).status_code == 200
    assert door.stored()["Idea"] == 1  # the same form twice is one idea


def test_whoever_presses_a_button_in_vain_reads_an_apology_alone(sqlite_database: str, impatient: None) -> None:
    with open_world(sqlite_database) as world:
        ts = world.ana.post("#ideas", "A refill, please")
        world.bo.react("#ideas", ts, "bulb")
        world.settle()
        receipt = world.client.thread("#ideas", ts)[1]
        with locked(sqlite_database):
            assert world.flo.click("idea_vote", channel="#ideas", ts=receipt["ts"])["status"] == 200
        seen = [str(message["text"]) for message in world.client.thread("#ideas", ts, as_="U0FLO")]
        assert APOLOGY.fullmatch(seen[-1])
        assert not APOLOGY.search(str(world.client.thread("#ideas", ts, as_="U0GUS")))


def test_a_refusal_quotes_nobody_into_markup(sqlite_database: str) -> None:
    """The words of a refusal may hold somebody's name or their idea."""
    with open_world(sqlite_database) as world:
        ts = world.ana.post("#ideas", "&lt;!channel&gt; wake up")
        world.bo.react("#ideas", ts, "bulb")
        world.settle()
        card = world.client.messages("C0TRIAGE")[-1]
        view_id = world.form(world.cy, "idea_plan", channel="C0TRIAGE", ts=card["ts"])
        assert world.cy.submit(view_id, summary="") == {}
        world.cy.click("idea_plan", channel="C0TRIAGE", ts=card["ts"])
        answered = world.client.messages("C0TRIAGE", as_="U0CY")[-1]
        assert "&lt;!channel&gt; wake up” is planned already" in answered["text"]


def test_events_are_taken_while_slack_itself_answers_nothing(sqlite_database: str) -> None:
    """By itself Bolt asks Slack who it is, at the first event of a process."""
    with open_world(sqlite_database) as world:
        world.client.faults([{"on": "api", "do": "error", "error": 503}])
        ts = world.ana.post("#ideas", "A refill, please")
        world.client.quiet()
        world.bo.react("#ideas", ts, "bulb")
        world.client.quiet()
        assert {(each["status"], each["retry"]) for each in world.client.deliveries("event")} == {(200, 0)}
        assert [idea.text for idea in world.all(select(Idea))] == ["A refill, please"]
        assert world.client.calls("auth.test")[1:] == []  # the first one installed the app


def test_bolt_does_not_warn_of_a_setting_that_is_right(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    slack.build(hub)
    assert caplog.messages == []


@pytest.fixture(params=["nobody there", "somebody who never answers"])
def dead_redis(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a Redis that is no use."""
    path = Path(tempfile.mkdtemp(prefix="rt-")) / "redis.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        if request.param != "nobody there":
            listener.bind(str(path))
            listener.listen(16)
        yield f"unix://{path}"


def test_slack_is_answered_while_redis_is_down(
    hub: Hub, playground: Playground, dead_redis: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one finds out that nobody answers, the others know; and the work is owed, for the sweeper to find."""
    monkeypatch.setattr(doorbell, "DEAF_SECONDS", 600)
    door = open_door(replace(hub, doorbell=doorbell.RqDoorbell(doorbell.connect(dead_redis))), playground)
    before = door.stored()["Outbox"]
    with capture_logs() as log:
        for number in range(3):
            event = said("<@U0ROUNDTRIP> idea " + str(number), ts=f"179360000{number}.000100")
            assert door.event({**event, "type": "app_mention"}).status_code == 200
    assert [line["event"] for line in log] == ["doorbell.deaf"]
    assert door.stored()["Idea"] == 3
    assert door.stored()["Outbox"] >= before + 9
