"""What was measured of a theme is kept for a few days, and shown only as far as it still holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from feedback import hearing, themes
from feedback.errors import Refused
from feedback.ideas import follow_edit, withdraw
from feedback.overview import trust
from feedback.themes import Measured
from models import Audit, Theme, ThemeReading
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene
from tests.feedback.test_themes import open_theme


def measured(theme_id: int, **facts: object) -> Measured:
    given: dict[str, object] = {
        "ideas": 2,
        "people": 2,
        "cohesion": 0.5,
        "least": 0.3,
        "runs": 20,
        "same_runs": 18,
        "stability": 0.9,
        "central": [],
        "borderline": [],
        "phrases": ["Refill pouches"],
        "x": 0.1,
        "y": 0.2,
    }
    return Measured(theme_id=theme_id, **{**given, **facts})  # type: ignore[arg-type]


def keep(scene: Scene, *found: Measured) -> None:
    with scene.tx() as tx:
        themes.keep_readings(tx, workspace_id=workspace_of(tx).id, measured=found, now=scene.hub.clock())


def readings(scene: Scene) -> list[tuple[int, int, float | None]]:
    """Theme, day of the month and cohesion."""
    with scene.hub.reading() as tx:
        rows = tx.scalars(select(ThemeReading).order_by(ThemeReading.theme_id, ThemeReading.measured_on))
        return [(row.theme_id, row.measured_on.day, row.cohesion) for row in rows]


def card(scene: Scene, theme_id: int) -> trust.Card:
    with scene.hub.reading() as tx:
        return trust.card(tx, theme=tx.get_one(Theme, theme_id))


def test_a_day_has_one_reading_and_three_days_are_kept(scene: Scene, clock: Clock) -> None:
    theme_id = open_theme(scene, scene.idea())
    for day in range(5):
        keep(scene, measured(theme_id, cohesion=0.1))
        keep(scene, measured(theme_id, cohesion=0.1 * day))
        clock.move(days=1)
    assert [(day, round(cohesion or 0, 1)) for _, day, cohesion in readings(scene)] == [(4, 0.2), (5, 0.3), (6, 0.4)]


def test_of_earlier_days_no_words_are_kept(scene: Scene, clock: Clock) -> None:
    theme_id = open_theme(scene, scene.idea())
    for _ in range(2):
        keep(scene, measured(theme_id, phrases=["Call me back"]))
        clock.move(days=1)
    with scene.hub.reading() as tx:
        assert [row.phrases for row in tx.scalars(select(ThemeReading).order_by(ThemeReading.id))] == [
            [],
            ["Call me back"],
        ]


def test_what_holds_nothing_any_more_or_was_merged_away_is_forgotten(scene: Scene) -> None:
    first, second = open_theme(scene, scene.idea(text="a")), open_theme(scene, scene.idea(text="b"))
    keep(scene, measured(first), measured(second))
    with scene.tx() as tx:
        themes.merge(tx, by=scene.member(tx, "Bo"), theme_id=second, into_id=first, now=scene.hub.clock())
    keep(scene, measured(first), measured(second))
    assert [theme_id for theme_id, _, _ in readings(scene)] == [first]
    keep(scene)
    assert readings(scene) == []


def test_what_is_measured_is_what_is_in_themes_now(scene: Scene, clock: Clock) -> None:
    first, second = scene.idea("Ana", "a"), scene.idea("Flo", "b")
    theme_id = open_theme(scene, first, second)
    scene.idea("Gus", "not placed yet")
    gone = scene.idea("Gus", "taken back")
    open_theme(scene, gone, name="gone")
    scene.vote(first, "Gus")
    with scene.tx() as tx:
        withdraw(tx, workspace=workspace_of(tx), idea_id=gone, member=scene.member(tx, "Gus"), now=clock())
    keep(scene, measured(theme_id, x=1.0, y=2.0))
    clock.move(days=1)
    keep(scene, measured(theme_id, x=3.0, y=4.0))
    with scene.hub.reading() as tx:
        seen = themes.to_measure(tx, workspace_id=workspace_of(tx).id)
    assert (seen.idea_ids, seen.texts, seen.theme_ids) == ([first, second], ["a", "b"], [theme_id] * 2)
    assert (seen.people, seen.points) == ({theme_id: 3}, {theme_id: (3.0, 4.0)})


def test_quotes_are_shown_in_their_order_while_they_are_what_was_measured(scene: Scene, clock: Clock) -> None:
    said = [scene.say("Ana", f"Refill number {number}") for number in range(5)]
    ideas = [scene.capture(each, "Ana") for each in said]
    theme_id = open_theme(scene, *ideas)
    keep(scene, measured(theme_id, central=[ideas[4], ideas[0], ideas[1]], borderline=ideas[2:4]))
    assert [idea.id for idea in card(scene, theme_id).central] == [ideas[4], ideas[0], ideas[1]]
    clock.move(minutes=1)
    with scene.tx() as tx:
        hearing.deleted(tx, workspace=workspace_of(tx), channel_id="C0IDEAS", ts=said[0].ts, now=clock())
        bo = scene.member(tx, "Bo")
        themes.move(tx, by=bo, idea_id=ideas[1], theme_id=None, name="Elsewhere", now=clock())
    with scene.tx() as tx:
        edited = scene.message(tx, said[2])
        edited.text = "Something else"
        follow_edit(tx, message=edited, now=clock())
    found = card(scene, theme_id)
    assert [idea.id for idea in found.central] == [ideas[4]]
    assert [idea.id for idea in found.borderline] == [ideas[3]]


def test_what_changed_is_told_against_the_oldest_day(scene: Scene, clock: Clock) -> None:
    first = scene.idea("Ana", "a")
    theme_id = open_theme(scene, first)
    keep(scene, measured(theme_id, ideas=1, people=1, cohesion=None))
    assert (card(scene, theme_id).before, trust.changes(card(scene, theme_id))) == (None, "")
    clock.move(days=1)
    keep(scene, measured(theme_id, ideas=1, people=1, cohesion=0.5))
    assert trust.changes(card(scene, theme_id)) == "nothing changed"
    second = scene.idea("Flo", "b")
    with scene.tx() as tx:
        themes.place(tx, idea_id=second, theme_id=theme_id, name="", now=clock())
    scene.vote(first, "Gus")
    clock.move(days=1)
    keep(scene, measured(theme_id, ideas=2, people=3, cohesion=0.4))
    found = card(scene, theme_id)
    assert trust.changes(found) == "2 more people, 1 more idea"  # one idea had no cohesion to compare with
    assert [idea.id for idea in found.joined] == [second]
    clock.move(days=1)
    keep(scene, measured(theme_id, ideas=2, people=3, cohesion=0.4))
    assert trust.changes(card(scene, theme_id)) == "2 more people, 1 more idea, it holds together a little less well"
    clock.move(days=2)
    for _ in range(3):
        keep(scene, measured(theme_id, ideas=3, people=3, cohesion=0.4))
        clock.move(days=1)
    found = card(scene, theme_id)
    assert (trust.changes(found), found.joined) == ("1 fewer idea", [])


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"cohesion": None}, "One idea so far"),
        ({"cohesion": 0.29}, "Holds together loosely"),
        ({"cohesion": 0.3}, "Holds together: "),
        ({"cohesion": 0.54}, "Holds together well"),
    ],
)
def test_how_it_holds_together_is_told_in_words(facts: dict[str, float | None], words: str) -> None:
    assert trust.holds(ThemeReading(least=0.3, **facts)).startswith(words)


def test_trial_runs_are_told_where_there_were_any() -> None:
    assert trust.trials(ThemeReading(runs=0, same_runs=0)) == ""
    assert trust.trials(ThemeReading(runs=1, same_runs=1)).startswith("In 1 of 1 trial run ")
    assert trust.trials(ThemeReading(runs=20, same_runs=18)).startswith("In 18 of 20 trial runs ")


def test_the_map_is_posted_once_however_often_it_is_asked_for(scene: Scene, clock: Clock) -> None:
    def post(who: str = "Bo") -> bool:
        with scene.tx() as tx:
            return themes.post_map(tx, by=scene.member(tx, who), now=clock())

    assert [post(), post("Cy")] == [True, False]
    assert len(scene.owed("theme.map")) == 1
    clock.move(seconds=61)
    assert post("Cy")
    assert len(scene.owed("theme.map")) == 2
    with scene.hub.reading() as tx:
        rows = tx.scalars(select(Audit).where(Audit.act == "posted the map").order_by(Audit.id))
        assert [row.member.name for row in rows if row.member] == ["Bo", "Cy"]


def test_whoever_asks_at_the_same_moment_asks_for_the_same_post(scene: Scene, clock: Clock) -> None:
    def post(who: str) -> bool:
        with scene.tx() as tx:
            return themes.post_map(tx, by=scene.member(tx, who), now=clock())

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(post, ["Bo", "Cy", "Di", "Bo"])) == 1
    assert len(scene.owed("theme.map")) == 1


def test_the_map_is_posted_by_the_team_and_where_there_is_a_place_for_it(scene: Scene) -> None:
    with scene.tx() as tx, pytest.raises(Refused, match="for the team"):
        themes.post_map(tx, by=scene.member(tx, "Ana"), now=scene.hub.clock())
    with scene.tx() as tx:
        workspace_of(tx).triage_channel_id = None
    with scene.tx() as tx, pytest.raises(Refused, match="no triage channel yet"):
        themes.post_map(tx, by=scene.member(tx, "Bo"), now=scene.hub.clock() + timedelta(minutes=2))
    assert scene.owed("theme.map") == []
