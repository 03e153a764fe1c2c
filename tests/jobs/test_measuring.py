"""Measuring as the worker does it: some minutes after something changed and every night, from the words as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from feedback import hearing, themes
from feedback.hub import Hub
from feedback.overview import trust
from jobs import schedule
from jobs import themes as grouping
from jobs.drain import drain
from models import Outbox, TextVector, Theme, ThemeReading
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack

PUMPS = ["The pump leaks in my bag", "My pump leaks all over my bag", "the pump leaked again, my bag is wet"]
POUCHES = ["Please offer a refill pouch for the cleanser", "Would love refill pouches for the cleanser"]


def readings(hub: Hub) -> Sequence[ThemeReading]:
    with hub.reading() as tx:
        return tx.scalars(select(ThemeReading).order_by(ThemeReading.people.desc(), ThemeReading.id)).all()


def measure(hub: Hub, clock: Clock) -> Sequence[ThemeReading]:
    """Ten minutes later."""
    clock.move(minutes=10)
    drain(hub)
    return readings(hub)


def test_themes_are_measured_once_for_all_that_happened_within_some_minutes(
    hub: Hub, scene: Scene, clock: Clock
) -> None:
    for text in (*PUMPS, *POUCHES):
        scene.idea("Ana", text)
        drain(hub)
        clock.move(minutes=1)
    assert readings(hub) == []
    pumps, pouches = measure(hub, clock)
    with hub.reading() as tx:
        (row,) = tx.scalars(select(Outbox).where(Outbox.kind == "theme.measure"))
        assert (row.state, row.attempt) == ("done", 1)
    assert (pumps.ideas, pumps.people, pouches.ideas) == (3, 1, 2)
    assert pumps.cohesion is not None
    assert pumps.cohesion > pumps.least
    assert 0 < pumps.same_runs <= pumps.runs <= 20
    assert sorted(pumps.central) == [1, 2, 3]
    assert pumps.borderline == []
    assert "pump" in pumps.phrases[0].lower()
    assert pumps.x is not None
    assert (pumps.x, pumps.y) != (pouches.x, pouches.y)


def test_what_went_into_another_idea_is_no_news_every_day(hub: Hub, scene: Scene, clock: Clock) -> None:
    for text in PUMPS:
        scene.idea("Ana", text)
        drain(hub)
    scene.merge(2, 1)
    (first,) = measure(hub, clock)
    clock.move(days=1)
    with hub.transaction() as tx:
        themes.measure_now(tx, workspace_id=workspace_of(tx).id, now=clock())
    drain(hub)
    assert (first.ideas, first.central) == (3, [1, 3])
    with hub.reading() as tx:
        card = trust.card(tx, theme=tx.get_one(Theme, first.theme_id))
    assert trust.changes(card) == "nothing changed"


def test_measuring_again_finds_the_same_numbers_and_places(hub: Hub, scene: Scene, clock: Clock) -> None:
    for text in (*PUMPS, *POUCHES, "The lid is too tight", "Dark mode please"):
        scene.idea("Ana", text)
    drain(hub)
    before = {row.theme_id: row for row in measure(hub, clock)}
    with hub.transaction() as tx:
        themes.measure_now(tx, workspace_id=workspace_of(tx).id, now=clock())
    drain(hub)
    for row in readings(hub):
        same = before[row.theme_id]
        assert (row.cohesion, row.same_runs, row.central) == (same.cohesion, same.same_runs, same.central)
        assert row.x == pytest.approx(same.x, abs=0.02)
        assert row.y == pytest.approx(same.y, abs=0.02)


def test_words_that_were_deleted_are_measured_no_longer(hub: Hub, scene: Scene, clock: Clock) -> None:
    said = scene.say("Ana", "Only I ever ask for a blue lid")
    scene.capture(said, "Ana")
    for text in PUMPS:
        scene.idea("Flo", text)
    drain(hub)
    assert len(measure(hub, clock)) == 2
    with hub.transaction() as tx:
        hearing.deleted(tx, workspace=workspace_of(tx), channel_id=said.channel_id, ts=said.ts, now=clock())
    drain(hub)
    (left,) = measure(hub, clock)
    assert left.ideas == 3


def test_everything_taken_back_leaves_nothing_measured(hub: Hub, scene: Scene, clock: Clock) -> None:
    said = scene.say("Ana", PUMPS[0])
    scene.capture(said, "Ana")
    drain(hub)
    assert len(measure(hub, clock)) == 1
    with hub.transaction() as tx:
        hearing.deleted(tx, workspace=workspace_of(tx), channel_id=said.channel_id, ts=said.ts, now=clock())
    drain(hub)
    assert measure(hub, clock) == []


def test_a_theme_that_people_merged_is_measured_as_they_made_it(hub: Hub, scene: Scene, clock: Clock) -> None:
    for text in (*PUMPS, *POUCHES):
        scene.idea("Ana", text)
    drain(hub)
    apart = measure(hub, clock)
    with hub.transaction() as tx:
        first, second = (row.theme_id for row in apart)
        themes.merge(tx, by=scene.member(tx, "Bo"), theme_id=second, into_id=first, now=clock())
    (merged,) = measure(hub, clock)
    assert (merged.theme_id, merged.ideas) == (first, 5)
    assert merged.cohesion is not None
    assert merged.cohesion < min(row.cohesion or 0 for row in apart)


def test_texts_that_have_no_numbers_yet_get_them_first(
    hub: Hub, scene: Scene, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "TEXTS_AT_ONCE", 2)
    for text in (*PUMPS, *POUCHES):
        scene.idea("Ana", text)
    drain(hub)
    with hub.transaction() as tx:
        for row in tx.scalars(select(TextVector)):
            tx.delete(row)
    assert len(measure(hub, clock)) == 2


def test_every_night_a_day_is_added_though_nothing_changed(hub: Hub, scene: Scene, clock: Clock) -> None:
    scene.idea("Ana", PUMPS[0])
    drain(hub)
    assert len(measure(hub, clock)) == 1
    clock.now = datetime(2026, 11, 3, 3, 51, tzinfo=UTC)
    schedule.tick(hub)
    drain(hub)
    assert [row.measured_on.day for row in readings(hub)] == [2, 3]


def test_the_triage_channel_gets_the_largest_themes_in_words(hub: Hub, scene: Scene, clock: Clock) -> None:
    for number, who in enumerate(("Ana", "Flo", "Gus")):
        scene.idea(who, PUMPS[number])
    scene.idea("Ana", "<!channel> & a lid")
    drain(hub)
    with hub.transaction() as tx:
        themes.post_map(tx, by=scene.member(tx, "Bo"), now=clock())
    clock.move(seconds=5)
    drain(hub)
    assert isinstance(hub.slack, RememberingSlack)
    (post,) = [post for post in hub.slack.posts if post["key"].startswith("map:")]
    assert post["channel"] == "C0TRIAGE"
    lines = post["blocks"][0]["text"]["text"].split("\n")
    assert lines[0] == "*The themes with most people behind them*"
    assert "3 people, 3 ideas, new, <http://hub.example/themes/" in lines[1]
    assert "<!channel>" not in str(post)
    assert "http://hub.example/themes/map" in str(post["blocks"][1])
