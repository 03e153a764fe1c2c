"""Themes keep their ids, people's decisions stand, and nothing is lost in between."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from feedback import themes
from feedback.errors import Refused
from models import Idea, Theme
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene


def open_theme(scene: Scene, *idea_ids: int, name: str = "refills") -> int:
    theme_id = None
    for idea_id in idea_ids:
        with scene.tx() as tx:
            theme = themes.place(tx, idea_id=idea_id, theme_id=theme_id, name=name, now=scene.hub.clock())
            assert theme is not None
            theme_id = theme.id
    assert theme_id is not None
    return theme_id


def members_of(scene: Scene, theme_id: int) -> list[int]:
    with scene.tx() as tx:
        return list(tx.scalars(select(Idea.id).where(Idea.theme_id == theme_id).order_by(Idea.id)))


def test_inherit_is_the_same_in_any_numbering() -> None:
    before = [1, 1, 1, 2, 2, None]
    assert themes.inherit(before, [5, 5, 7, 7, 7, 7]) == {5: 1, 7: 2}
    assert themes.inherit(before, [0, 0, 0, 0, 0, 0]) == {0: 1}
    assert themes.inherit([], []) == {}


def test_a_persons_name_wins_for_ever(scene: Scene) -> None:
    theme_id = open_theme(scene, scene.idea(text="a"))
    with scene.tx() as tx:
        assert themes.to_name(tx, theme_id=theme_id) == (["a"], [])
        themes.name_by_words(tx, theme_id=theme_id, name="from words", now=scene.hub.clock())
        themes.rename(
            tx, by=scene.member(tx, "Bo"), theme_id=theme_id, name="  Refill   pouches ", now=scene.hub.clock()
        )
        assert themes.to_name(tx, theme_id=theme_id) is None
        themes.name_by_words(tx, theme_id=theme_id, name="from words", now=scene.hub.clock())
        assert tx.get_one(Theme, theme_id).name == "Refill pouches"


def test_a_merge_moves_everything_and_the_old_address_leads_on(scene: Scene) -> None:
    a, b = scene.idea(text="a"), scene.idea(text="b")
    first, second = open_theme(scene, a), open_theme(scene, b)
    with scene.tx() as tx:
        themes.merge(tx, by=scene.member(tx, "Bo"), theme_id=first, into_id=second, now=scene.hub.clock())
    assert members_of(scene, second) == [a, b]
    with scene.tx() as tx:
        assert tx.get_one(Theme, first).merged_into_id == second
        with pytest.raises(Refused, match="merged into another"):
            themes.merge(tx, by=scene.member(tx, "Bo"), theme_id=first, into_id=second, now=scene.hub.clock())
        with pytest.raises(Refused, match="Choose another"):
            themes.merge(tx, by=scene.member(tx, "Bo"), theme_id=second, into_id=second, now=scene.hub.clock())


def test_a_split_by_hand_takes_some_but_not_all(scene: Scene) -> None:
    a, b = scene.idea(text="a"), scene.idea(text="b")
    theme_id = open_theme(scene, a, b)

    def split(idea_ids: list[int], name: str = "New") -> Theme:
        with scene.tx() as tx:
            by = scene.member(tx, "Bo")
            return themes.split(tx, by=by, theme_id=theme_id, idea_ids=idea_ids, name=name, now=scene.hub.clock())

    for idea_ids, name, field in (([], "New", "idea_ids"), ([a, b], "New", "idea_ids"), ([a], " ", "name")):
        with pytest.raises(Refused) as refused:
            split(idea_ids, name)
        assert refused.value.field == field
    new = split([b])
    assert members_of(scene, theme_id) == [a]
    assert members_of(scene, new.id) == [b]


def test_customers_sort_nothing(scene: Scene) -> None:
    theme_id = open_theme(scene, scene.idea(text="a"))
    with scene.tx() as tx, pytest.raises(Refused, match="for the team"):
        themes.rename(tx, by=scene.member(tx, "Ana"), theme_id=theme_id, name="mine", now=scene.hub.clock())


def test_the_theme_that_an_idea_came_into_last_stands_first(scene: Scene, clock: Clock) -> None:
    first = open_theme(scene, scene.idea(text="a"), name="first")
    clock.move(seconds=1)
    second = open_theme(scene, scene.idea(text="b"), name="second")
    clock.move(seconds=1)
    open_theme(scene, scene.idea(text="c"), name="merged away")
    merged = open_theme(scene, scene.idea(text="d"), name="emptied")
    clock.move(seconds=1)
    newest = scene.idea(text="e")
    with scene.tx() as tx:
        themes.merge(tx, by=scene.member(tx, "Cy"), theme_id=merged, into_id=first, now=clock())
        themes.place(tx, idea_id=newest, theme_id=second, name="", now=clock())
        found = [theme.name for theme in themes.latest(tx, workspace_id=workspace_of(tx).id)]
        living = [theme.name for theme in themes.living(tx, workspace_id=workspace_of(tx).id)]
    assert found == ["second", "merged away", "first"] or found == ["second", "first", "merged away"]
    assert sorted(found) == living
