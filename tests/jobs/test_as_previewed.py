"""What a preview shows is what then happens: who is told, how, where, with whom, when, and nobody else."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select, update

from feedback import changes, loop, members
from feedback.database import connect
from feedback.hub import Hub
from feedback.overview import telling
from feedback.providers.slack import Posted
from jobs.drain import drain_until
from models import Change, Member, Notice, Outbox
from tests.conftest import Clock, make_hub, workspace_of
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack

MONDAY = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
NEWS = "The pump locks now."
NAMES = ("Ana", "Flo", "Gus", "Hal", "Ivy")
SOON = timedelta(minutes=2)
"""How long it takes until all of so few are told."""


@dataclass(frozen=True)
class Person:
    part: str
    """own: said it in a thread of their own. there: in Ana's thread. below: wrote below her words. backed: her idea."""
    hears: str
    zone: str | None
    told: int
    """How often they were told something this week."""
    is_gone: bool
    """From the channel."""


PEOPLE = st.builds(
    Person,
    part=st.sampled_from(("own", "there", "below", "below", "backed", "nothing")),
    hears=st.sampled_from(("everything", "everything", "everything", *loop.HEARS)),
    zone=st.sampled_from((None, "Europe/London", "Europe/London", "Asia/Tokyo", "America/Los_Angeles", "Mars/Base")),
    told=st.sampled_from((0, 0, 2, 3)),
    is_gone=st.sampled_from((False, False, False, True)),
)


@contextmanager
def community(template: Path, now: datetime) -> Iterator[tuple[Scene, RememberingSlack, dict[int, datetime]]]:
    """And when each post was taken, by its place among them."""
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{shutil.copy(template, Path(folder) / 'roundtrip.sqlite3')}")
        clock = Clock(now)
        hub = make_hub(engine, clock)
        with hub.transaction() as tx:
            for name in NAMES[3:]:
                facts = {"name": name, "handle": name.lower(), "joined_at": now}
                tx.add(Member(workspace_id=workspace_of(tx).id, slack_id=f"U0{name.upper()}", **facts))
        times: dict[int, datetime] = {}
        assert isinstance(hub.slack, RememberingSlack)
        post = hub.slack.post

        def timed(**call: Any) -> Posted:
            times[len(hub.slack.posts)] = clock()  # type: ignore[attr-defined]
            return post(**call)

        hub.slack.post = timed  # type: ignore[method-assign]
        yield Scene(hub), hub.slack, times
        engine.dispose()


def settle_in(scene: Scene, cast: dict[str, Person], came_back: bool) -> list[int]:
    """What they said and did before. The ideas that the change is going to answer."""
    said = scene.say("Ana", "The pump leaks.")
    first = scene.capture(said, "Ana")
    made = [first]
    for number, (name, person) in enumerate(cast.items()):
        if name == "Ana":
            continue
        below = {"thread_ts": said.ts, "ts": f"{int(MONDAY.timestamp()) + number}.000100"}
        if person.part == "own":
            made.append(scene.idea(name, f"{name} wants a lock."))
        if person.part == "there":
            made.append(scene.capture(scene.say(name, f"{name} wants a lock.", **below), name))
        if person.part == "below":
            scene.say(name, "Indeed.", **below)
        if person.part == "backed":
            scene.vote(first, name)
    if came_back:
        scene.hub.clock.now = MONDAY - timedelta(days=20)  # type: ignore[attr-defined]
        told = scene.tell_all(scene.ship(first))
        scene.answer(told["Ana"], "Ana", "not_yet", "It leaks still.")
        scene.hub.clock.now = MONDAY  # type: ignore[attr-defined]
    with scene.tx() as tx:
        home, cy = workspace_of(tx), scene.member(tx, "Cy")
        for number in range(3):
            older = Change(workspace_id=home.id, kind="planned", summary="", url="", made_by_id=cy.id, made_at=MONDAY)
            tx.add(older)
            tx.flush()
            for name, person in cast.items():
                if number < person.told:
                    facts = {"idea_id": first, "raised_it": name == "Ana", "opened_at": MONDAY, "told_at": MONDAY}
                    which = {"change_id": older.id, "member_id": scene.member(tx, name).id}
                    tx.execute(insert(Notice).values(workspace_id=home.id, **which, **facts))
        for name, person in cast.items():
            member = scene.member(tx, name)
            member.hears, member.tz = person.hears, person.zone
            if person.is_gone:
                gone: dict[str, Any] = {"channel_id": "C0IDEAS", "at": MONDAY, "is_back": False}
                members.left_channel(tx, workspace=home, member=member, **gone)
    with scene.tx() as tx:
        tx.execute(update(Outbox).values(state="done"))
    return made


def let_time_pass(hub: Hub) -> None:
    """Two Fridays go by, with everything that falls due until then, and the schedule's digests."""
    clock = hub.clock
    assert isinstance(clock, Clock)
    end = clock() + timedelta(days=13)

    def move_to(at: float) -> None:
        clock.now = max(clock.now, datetime.fromtimestamp(at, UTC))

    while clock() < end:
        until = clock() + timedelta(hours=20)
        drain_until(hub, move_to, seconds=20 * 3600)
        clock.now = max(clock.now, until)
        with hub.transaction() as tx:
            loop.open_digests(tx, workspace_id=workspace_of(tx).id, now=clock())


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    people=st.tuples(*[PEOPLE] * len(NAMES)),
    hour=st.sampled_from((0, 0, 8, 11, 18)),
    hours_ahead=st.sampled_from((0, 0, 5, 60)),
    is_minor=st.sampled_from((False, False, False, True)),
    came_back=st.booleans(),
)
def test_what_is_previewed_is_what_happens(
    sqlite_template: Path,
    people: tuple[Person, ...],
    hour: int,
    hours_ahead: int,
    is_minor: bool,
    came_back: bool,
) -> None:
    cast = dict(zip(NAMES, people, strict=True))
    with community(sqlite_template, MONDAY) as (scene, slack, times):
        made = settle_in(scene, cast, came_back)
        now = MONDAY + timedelta(hours=hour)
        scene.hub.clock.now = now  # type: ignore[attr-defined]
        tell_at = now + timedelta(hours=hours_ahead) if hours_ahead else None
        facts: dict[str, Any] = {
            "summary": NEWS,
            "idea_ids": made,
            "telling": changes.Telling(is_minor=is_minor, tell_at=tell_at),
            "now": now,
        }
        with scene.hub.reading() as tx:
            shown = changes.preview(tx, by=scene.member(tx, "Cy"), **facts).people
            expected = {
                each.hearer.member.slack_id: (each.way, each.address, each.group, each.hearer.idea.text)
                for each in shown
            }
        before = len(slack.posts)
        with scene.tx() as tx:
            change_id = changes.ship(tx, by=scene.member(tx, "Cy"), **facts).id
        let_time_pass(scene.hub)
        told = [(place, post) for place, post in enumerate(slack.posts) if place >= before]
        reads = {each: [(place, post) for place, post in told if _reads(post, each)] for each in expected}
        groups: dict[int, set[str]] = {}
        for slack_id, (way, address, group, words) in expected.items():
            if way is None:
                assert reads[slack_id] == []
                continue
            [(place, post)] = reads[slack_id]
            assert words in str(post["blocks"])
            if way.how == "digest":
                assert (post["key"].split(":")[0], post["channel"]) == ("digest", f"D{slack_id}")
                assert times[place] >= (way.not_before or tell_at or now)
                continue
            due = way.not_before or tell_at or now
            assert due <= times[place] <= due + SOON
            assert post["key"].split(":")[0] == ("notice" if group is None else "notice_post")
            where = (address.channel_id or f"D{slack_id}", address.thread_ts)
            assert (post["channel"], post["thread_ts"]) == where
            if group is not None:
                groups.setdefault(group, set()).add(post["key"])
        assert all(len(keys) == 1 for keys in groups.values())
        assert {place for place, _ in told} == {place for each in reads.values() for place, _ in each}, "nobody else"
        with scene.hub.reading() as tx:
            sending = telling.sending(tx, change=tx.get_one(Change, change_id))
            left = tx.scalars(select(Outbox.key).where(Outbox.state != "done", Outbox.kind.startswith("loop."))).all()
        people_told = sum(way is not None for way, *_ in expected.values())
        assert (sending.told, sending.waiting, sending.in_digest, sending.dropped) == (people_told, 0, 0, 0)
        assert list(left) == []


def _reads(post: dict[str, Any], slack_id: str) -> bool:
    """Alone, or named in a thread."""
    return bool(post["channel"] == f"D{slack_id}" or f"<@{slack_id}>" in str(post["blocks"]))
