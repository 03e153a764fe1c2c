"""What the triage channel hears of those who wait: on Mondays, and when too many wait too long."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from croniter import croniter
from sqlalchemy import select

from feedback.hub import Hub
from feedback.messages import Said
from jobs import schedule
from jobs.drain import drain_until
from models import Idea, Promise
from tests.conftest import START, Clock, workspace_of
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack

WEEK = timedelta(weeks=1)


def heard(hub: Hub, clock: Clock, kind: str) -> list[str]:
    """Everything that was posted so far by this kind of work, once the schedule's two lines and the workers had their
    turn. Not its other lines: they would read in Slack that nobody is there."""
    for job in schedule.PERIODIC:
        if job.name in ("tell_of_the_week", "tell_of_late_answers"):
            with hub.transaction() as tx:
                job.run(tx, clock())
    drain_until(hub, lambda at: setattr(clock, "now", datetime.fromtimestamp(at, UTC)), seconds=60)
    assert isinstance(hub.slack, RememberingSlack)
    posts = [post for post in hub.slack.posts if post["key"].startswith(f"{kind}:")]
    assert {post["channel"] for post in posts} <= {"C0TRIAGE"}
    return [str(post["blocks"]) for post in posts]


def test_on_mondays_the_team_reads_who_waits_and_what_closed(hub: Hub, scene: Scene, clock: Clock) -> None:
    assert heard(hub, clock, "loop.week") == [], "nobody has been here for a week"
    first = scene.idea("Ana", "A refill <!channel> & a pump")
    shipped = scene.idea("Gus", "A lid that holds")
    clock.now = START + 5 * WEEK - timedelta(days=3)
    scene.tell_all(scene.ship(shipped))
    clock.now = START + 5 * WEEK
    (told,) = heard(hub, clock, "loop.week")
    assert "1 person waits for an answer*, 1 of them for more than 30 days. A week ago: 2, 0 of them too long." in told
    assert "1 person got an answer, and 0 people said “not yet”" in told
    assert "A refill @channel &amp; a pump" in told
    assert f"http://hub.example/ideas/{first}|in the hub" in told
    assert "http://hub.example/loop/debt" in told
    clock.move(hours=3)
    assert len(heard(hub, clock, "loop.week")) == 1
    clock.now = START + 6 * WEEK
    assert len(heard(hub, clock, "loop.week")) == 2


def test_the_week_is_told_on_mondays_and_warnings_are_for_every_day() -> None:
    cron = {job.name: job.cron for job in schedule.PERIODIC}
    assert croniter(cron["tell_of_the_week"], START).get_prev(datetime).weekday() == 0
    assert cron["tell_of_late_answers"].endswith("* * *")


def test_where_nothing_happens_nothing_is_said(hub: Hub, clock: Clock) -> None:
    clock.now = START + 5 * WEEK
    assert heard(hub, clock, "loop.week") == []


def test_too_many_who_wait_too_long_are_told_of_once_a_week(hub: Hub, scene: Scene, clock: Clock) -> None:
    for who in ("Ana", "Flo", "Gus"):
        scene.idea(who, f"Something that {who} wants")
    clock.now = START + timedelta(days=29)
    assert heard(hub, clock, "loop.alert") == [], "their time is not up"
    clock.now = START + timedelta(days=31)
    (warned,) = heard(hub, clock, "loop.alert")
    assert (
        "In the last 28 days 3 people were to get one within 30 days, and 3 did not; in the last 7 it was 3 of 3."
        in warned
    )
    clock.move(days=3)
    assert len(heard(hub, clock, "loop.alert")) == 1
    with hub.transaction() as tx:
        workspace_of(tx).late_percent = 50
        for idea in tx.scalars(select(Idea)):
            idea.created_at += timedelta(days=10)
    clock.now = START + timedelta(days=41)
    assert len(heard(hub, clock, "loop.alert")) == 2, "twice as many as may, again"
    with hub.transaction() as tx:
        workspace_of(tx).tells_late = False
    clock.move(days=3)
    assert len(heard(hub, clock, "loop.alert")) == 2


def promised(scene: Scene, said: Said, words: str, due_on: date, **ended: Any) -> None:
    """Cy's, below what somebody said."""
    reply = scene.say("Cy", words, thread_ts=said.ts)
    with scene.tx() as tx:
        message, idea = scene.message(tx, reply), tx.scalars(select(Idea)).one()
        facts = {"state": "open", **ended, "asked_at": START, "noted_at": START, "due_on": due_on}
        ids = {"workspace_id": idea.workspace_id, "idea_id": idea.id, "member_id": scene.member(tx, "Cy").id}
        tx.add(Promise(message_id=message.id, words=message.text, **ids, **facts))


def test_on_mondays_the_team_reads_what_it_promised(hub: Hub, scene: Scene, clock: Clock) -> None:
    said = scene.say("Bo", "The pump leaks.")
    scene.capture(said, "Bo")
    now = START + 5 * WEEK
    soon, later, over = ((now + timedelta(days=days)).date() for days in (2, 8, -2))
    promised(scene, said, "We will fix <!channel> it", soon)
    promised(scene, said, "We will do it later", later)
    promised(scene, said, "It will be out", over, state="kept", ended_at=now - timedelta(days=2), ended_by="member")
    promised(scene, said, "I will check", over, state="broken", ended_at=now - timedelta(days=1), ended_by="day")
    promised(scene, said, "I will ask", over, state="broken", ended_at=now - timedelta(days=9), ended_by="day")
    clock.now = now
    (told,) = heard(hub, clock, "loop.week")
    assert "0 people wait for an answer" in told
    assert "In the last seven days: 1 kept, 1 not kept. 1 is due in the next seven." in told
    assert "We will fix @channel it" in told
    assert "Cy by Wednesday, 9 December" in told
    assert "We will do it later" not in told
