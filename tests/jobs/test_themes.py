"""Grouping as the worker does it: every text goes through the model once, and people's word stands."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select
from structlog.testing import capture_logs

from feedback import hearing, ideas, themes
from feedback.hub import Hub
from jobs import themes as grouping
from jobs.drain import drain
from models import Idea, SamePair, TextVector
from tests.conftest import workspace_of
from tests.feedback.scene import Scene

PUMPS = ["The pump leaks in my bag", "My pump leaks all over my bag", "the pump leaked again, my bag is wet"]
POUCHES = ["Please offer a refill pouch for the cleanser", "Would love refill pouches for the cleanser"]


@pytest.fixture
def scene(hub: Hub) -> Scene:
    drain(hub)
    return Scene(hub)


def regroup(hub: Hub) -> list[dict[str, Any]]:
    """Returns what the log told of its progress, where it could not be done at once."""
    with hub.transaction() as tx:
        themes.regroup_soon(tx, workspace_id=workspace_of(tx).id, now=hub.clock())
    with capture_logs() as logs:
        drain(hub)
    return [dict(line) for line in logs if line["event"] == "texts.embedded"]


def theme_of(hub: Hub, idea_id: int) -> int | None:
    with hub.reading() as tx:
        return tx.get_one(Idea, idea_id).theme_id


def kept(hub: Hub) -> list[TextVector]:
    with hub.reading() as tx:
        return list(tx.scalars(select(TextVector).order_by(TextVector.id)))


def test_no_text_goes_through_the_model_twice(hub: Hub, scene: Scene) -> None:
    for text in (*PUMPS, *POUCHES, PUMPS[0]):
        scene.idea("Ana", text)
        drain(hub)
    first = [row.id for row in kept(hub)]
    assert len(first) == 5
    regroup(hub)
    assert [row.id for row in kept(hub)] == first


def test_many_new_texts_are_taken_some_at_a_time(hub: Hub, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "TEXTS_AT_ONCE", 2)
    for text in (*PUMPS, *POUCHES):
        scene.idea("Ana", text)
    drain(hub)
    with hub.transaction() as tx:
        for row in tx.scalars(select(TextVector)):
            tx.delete(row)
    told = regroup(hub)
    assert [(line["texts"], line["left"]) for line in told] == [(2, 3), (2, 1)]
    assert len(kept(hub)) == 5
    assert all(theme_of(hub, idea_id) for idea_id in range(1, 6))


def test_another_model_means_all_texts_anew_and_the_old_numbers_go(hub: Hub, scene: Scene) -> None:
    for text in PUMPS:
        scene.idea("Ana", text)
    drain(hub)
    with hub.transaction() as tx:
        for row in tx.scalars(select(TextVector)):
            row.version = "older"
    regroup(hub)
    assert {row.version.partition("-")[0] for row in kept(hub)} == {"minilm"}
    assert len(kept(hub)) == 3


def test_what_deleted_words_meant_is_forgotten(hub: Hub, scene: Scene) -> None:
    said = scene.say("Ana", PUMPS[0])
    scene.capture(said, "Ana")
    scene.idea("Flo", PUMPS[1])
    drain(hub)
    with hub.transaction() as tx:
        where = {"channel_id": said.channel_id, "ts": said.ts}
        hearing.deleted(tx, workspace=workspace_of(tx), **where, now=hub.clock())
    assert len(kept(hub)) == 1
    with hub.transaction() as tx:
        for idea in tx.scalars(select(Idea)):
            idea.state = "withdrawn"
    regroup(hub)
    assert kept(hub) == []


def test_equal_words_that_people_put_into_different_themes_stay_there(hub: Hub, scene: Scene) -> None:
    first, second = scene.idea("Ana", "Dark mode please"), scene.idea("Flo", "Dark mode please")
    drain(hub)
    with hub.transaction() as tx:
        cy, now = scene.member(tx, "Cy"), hub.clock()
        themes.move(tx, by=cy, idea_id=first, theme_id=None, name="Phone app", now=now)
        themes.move(tx, by=cy, idea_id=second, theme_id=None, name="Web site", now=now)
    third = scene.idea("Gus", "Dark mode please")
    drain(hub)
    regroup(hub)
    assert len({theme_of(hub, first), theme_of(hub, second)}) == 2
    assert theme_of(hub, third) in {theme_of(hub, first), theme_of(hub, second)}


def test_one_idea_that_is_moved_takes_no_other_with_it(hub: Hub, scene: Scene) -> None:
    all_of_them = [scene.idea("Ana", f"The pump leaks in my bag, week {number}") for number in range(6)]
    drain(hub)
    theme = theme_of(hub, all_of_them[0])
    with hub.transaction() as tx:
        cy = scene.member(tx, "Cy")
        themes.move(tx, by=cy, idea_id=all_of_them[5], theme_id=None, name="Something else", now=hub.clock())
    regroup(hub)
    assert [theme_of(hub, each) for each in all_of_them[:5]] == [theme] * 5


def test_a_split_is_not_undone_at_night(hub: Hub, scene: Scene) -> None:
    all_of_them = [scene.idea("Ana", f"The pump leaks in my bag, week {number}") for number in range(6)]
    drain(hub)
    theme = theme_of(hub, all_of_them[0])
    assert theme is not None
    with hub.transaction() as tx:
        cy = scene.member(tx, "Cy")
        themes.split(tx, by=cy, theme_id=theme, idea_ids=all_of_them[:4], name="Most of them", now=hub.clock())
    regroup(hub)
    assert len({theme_of(hub, each) for each in all_of_them[:4]}) == 1
    assert [theme_of(hub, each) for each in all_of_them[4:]] == [theme] * 2


def test_what_a_person_put_together_or_apart_stays_so(hub: Hub, scene: Scene) -> None:
    first, second, _ = (scene.idea("Ana", text) for text in PUMPS)
    pouch = scene.idea("Flo", POUCHES[0])
    drain(hub)
    with hub.transaction() as tx:
        cy = scene.member(tx, "Cy")
        themes.move(tx, by=cy, idea_id=second, theme_id=None, name="Bags", now=hub.clock())
        themes.move(tx, by=cy, idea_id=pouch, theme_id=None, name="Bags", now=hub.clock())
        themes.move(tx, by=cy, idea_id=first, theme_id=None, name="Pumps", now=hub.clock())
    regroup(hub)
    assert theme_of(hub, second) == theme_of(hub, pouch) != theme_of(hub, first)


def test_the_table_groups_where_the_model_is_not_wanted(hub: Hub, scene: Scene) -> None:
    object.__setattr__(hub, "settings", hub.settings.model_copy(update={"text_vectors": "static"}))
    first, second, third = (scene.idea("Ana", text) for text in PUMPS)
    pouch = scene.idea("Flo", POUCHES[0])
    drain(hub)
    assert theme_of(hub, first) == theme_of(hub, second) == theme_of(hub, third) != theme_of(hub, pouch)
    assert {row.version.partition("-")[0] for row in kept(hub)} == {"static"}


def pairs(hub: Hub) -> list[tuple[int, int, list[str]]]:
    with hub.reading() as tx:
        found = tx.scalars(select(SamePair).order_by(SamePair.id))
        return [(pair.older_id, pair.newer_id, sorted(pair.words)) for pair in found]


def test_whoever_says_the_same_as_somebody_before_makes_a_question_for_the_team(hub: Hub, scene: Scene) -> None:
    first = scene.idea("Ana", POUCHES[0])
    drain(hub)
    assert pairs(hub) == []
    second = scene.idea("Flo", POUCHES[1])
    scene.idea("Gus", "Good morning to you all")
    drain(hub)
    assert [pair[:2] for pair in pairs(hub)] == [(first, second)]
    assert "cleanser" in pairs(hub)[0][2]


def test_the_nightly_run_asks_about_what_was_missed_and_about_nothing_twice(hub: Hub, scene: Scene) -> None:
    first, second = scene.idea("Ana", POUCHES[0]), scene.idea("Flo", POUCHES[1])
    drain(hub)
    with hub.transaction() as tx:
        tx.execute(delete(SamePair))
    regroup(hub)
    (asked,) = pairs(hub)
    assert asked[:2] == (first, second)
    with hub.transaction() as tx:
        pair = tx.scalars(select(SamePair)).one()
        ideas.say_they_differ(tx, by=scene.member(tx, "Bo"), pair_id=pair.id, now=hub.clock())
    regroup(hub)
    assert pairs(hub) == [asked]


def test_nobody_is_asked_about_what_is_merged_or_answered_already(hub: Hub, scene: Scene) -> None:
    first, second, third = scene.idea("Ana", POUCHES[0]), scene.idea("Flo", POUCHES[1]), scene.idea("Gus", PUMPS[0])
    fourth = scene.idea("Ana", PUMPS[1])
    drain(hub)
    with hub.transaction() as tx:
        tx.execute(delete(SamePair))
        ideas.merge(tx, by=scene.member(tx, "Bo"), idea_id=second, into_id=first, now=hub.clock())
    scene.ship(third)
    regroup(hub)
    assert pairs(hub) == []
    assert {theme_of(hub, each) for each in (third, fourth)} != {None}
