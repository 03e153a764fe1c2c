"""What a person's yes does to themes, and that all of it can be undone, exactly and whoever else is at it."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from feedback import themes
from feedback.errors import Refused
from models import Idea, Theme, ThemeEvent
from tests.conftest import Clock
from tests.feedback.nights import (
    accept,
    decline,
    events,
    merge,
    night,
    places,
    proposal,
    theme,
    theme_with,
    together,
    undo,
)
from tests.feedback.scene import Scene


def test_accepting_a_merge_puts_two_themes_together_and_undo_parts_them_as_they_were(
    scene: Scene, clock: Clock
) -> None:
    big, (a, b) = theme_with(scene, "a", "b")
    small, (c, d) = theme_with(scene, "c", "d")
    x = scene.idea("Ana", "x")
    with scene.tx() as tx:
        themes.move(tx, by=scene.member(tx, "Di"), idea_id=x, theme_id=big, now=clock())
    before = places(scene)
    clock.move(hours=1)
    (found,) = night(scene, together(a, b, c, d, x))
    done = accept(scene, found)
    assert {row[0] for row in places(scene).values()} == {big}
    assert theme(scene, small).merged_into_id == big
    assert events(scene)[-1] == ("absorbed", small, big, 2)
    assert night(scene, {a: 0, b: 0, c: 1, d: 1, x: 0}) == []
    new = scene.idea("Gus", "came meanwhile")
    with scene.tx() as tx:
        themes.place(tx, idea_id=new, theme_id=big, name="", now=clock())
    clock.move(hours=1)
    undo(scene, done.event_id, who="Cy")
    assert places(scene) == {**before, new: (big, None, None)}
    assert theme(scene, small).merged_into_id is None
    assert proposal(scene, found).decision == "undone"
    assert night(scene, together(a, b, c, d, x, new)) == []


def test_accepting_a_split_opens_a_theme_and_undo_leads_its_address_back(scene: Scene, clock: Clock) -> None:
    big, (a, b, c, d) = theme_with(scene, "a", "b", "c", "d")
    before = places(scene)
    (found,) = night(scene, {a: 0, b: 0, c: 1, d: 1})
    done = accept(scene, found)
    new = places(scene)[c][0]
    assert new is not None
    assert (theme(scene, new).name, proposal(scene, found).name) == ("A new name", "")
    assert theme(scene, new).named_by_id is None
    assert [places(scene)[each][0] for each in (a, b, d)] == [big, big, new]
    assert night(scene, together(a, b, c, d)) == []
    undo(scene, done.event_id)
    assert places(scene) == before
    assert theme(scene, new).merged_into_id == big
    assert night(scene, {a: 0, b: 0, c: 1, d: 1}) == []


def test_accepting_a_move_and_what_it_leaves_behind(scene: Scene) -> None:
    one, (a, b) = theme_with(scene, "a", "b")
    two, (c, d, e) = theme_with(scene, "c", "d", "e")
    before = places(scene)
    (found,) = night(scene, {a: 0, **dict.fromkeys((b, c, d, e), 1)})
    done = accept(scene, found)
    assert places(scene)[b][0] == two
    assert places(scene)[c][1] is None
    assert events(scene)[-1] == ("survived", one, two, 1)
    undo(scene, done.event_id)
    assert places(scene) == before


def test_a_theme_whose_last_idea_moves_has_ended_and_its_page_stays(scene: Scene) -> None:
    one, (a,) = theme_with(scene, "a")
    two, _ = theme_with(scene, "b")
    with scene.tx() as tx:
        themes.move(tx, by=scene.member(tx, "Bo"), idea_id=a, theme_id=two, now=scene.hub.clock())
    assert events(scene) == [("ended", one, two, 1)]
    assert theme(scene, one).merged_into_id is None


def test_a_second_press_and_a_second_person_are_no_news(scene: Scene) -> None:
    _, (a, _) = theme_with(scene, "a", "b")
    _, (c,) = theme_with(scene, "c")
    (found,) = night(scene, together(a, a + 1, c))
    first = accept(scene, found, "Bo")
    again = accept(scene, found, "Cy")
    assert (again.decided_by_id, again.event_id) == (first.decided_by_id, first.event_id)
    assert [kind for kind, *_ in events(scene)] == ["absorbed"]
    with pytest.raises(Refused, match="accepted that meanwhile"):
        decline(scene, found)
    undo(scene, first.event_id)
    after = places(scene)
    undo(scene, first.event_id, "Cy")
    assert places(scene) == after
    with pytest.raises(Refused, match="undone it"):
        accept(scene, found)


def test_two_who_accept_at_once_do_it_once(scene: Scene) -> None:
    _, (a, b) = theme_with(scene, "a", "b")
    _, (c,) = theme_with(scene, "c")
    (found,) = night(scene, together(a, b, c))
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda who: accept(scene, found, who).event_id, ("Bo", "Cy", "Di", "Bo")))
    assert len(set(done)) == 1
    assert len(events(scene)) == 1


def test_merging_both_ways_at_once_makes_no_ring(scene: Scene) -> None:
    one, _ = theme_with(scene, "a")
    two, _ = theme_with(scene, "b")

    def try_it(pair: tuple[int, int]) -> bool:
        try:
            merge(scene, *pair)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(try_it, [(one, two), (two, one)])) == [False, True]
    assert [theme(scene, one).merged_into_id, theme(scene, two).merged_into_id].count(None) == 1


def test_undo_leaves_what_somebody_moved_on_and_is_refused_where_nothing_is_left(scene: Scene, clock: Clock) -> None:
    one, (a, b) = theme_with(scene, "a", "b")
    two, (c, d) = theme_with(scene, "c", "d")
    three, _ = theme_with(scene, "e")
    merged = merge(scene, two, one)
    clock.move(minutes=1)
    with scene.tx() as tx:
        themes.move(tx, by=scene.member(tx, "Bo"), idea_id=c, theme_id=three, now=clock())
    second = merge(scene, one, three)
    with pytest.raises(Refused, match="Undo that first"):
        undo(scene, merged)
    undo(scene, second)
    undo(scene, merged)
    assert [places(scene)[each][0] for each in (a, b, c, d)] == [one, one, three, two]


def test_a_merged_theme_that_lives_again_can_be_merged_again(scene: Scene, clock: Clock) -> None:
    one, _ = theme_with(scene, "a")
    two, (b,) = theme_with(scene, "b")
    undo(scene, merge(scene, one, two))
    clock.move(minutes=1)
    merge(scene, two, one)
    assert places(scene)[b][0] == one
    assert theme(scene, two).merged_into_id == one
    assert [kind for kind, *_ in events(scene)] == ["absorbed", "absorbed"]


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_people_do_at_once_every_theme_leads_to_a_living_one(scene: Scene, seed: int) -> None:
    """Merging, moving, splitting, accepting and undoing in several threads: some are refused, nobody waits for ever,
    no idea is lost and no address runs in a ring."""
    made = [theme_with(scene, f"{seed} {number}", f"also {number}") for number in range(6)]
    theme_ids, idea_ids = [theme_id for theme_id, _ in made], [each for _, its in made for each in its]
    asked = night(scene, {each: number // 4 for number, each in enumerate(idea_ids)})
    assert len(asked) == 3

    def act(number: int) -> bool:
        chance = random.Random(100 * seed + number)
        at = scene.hub.clock() + timedelta(seconds=number)
        try:
            with scene.tx() as tx:
                by, (one, other) = scene.member(tx, chance.choice(["Bo", "Cy"])), chance.sample(theme_ids, 2)
                what = chance.choice(["merge", "merge", "move", "split", "accept", "undo", "undo"])
                if what == "merge":
                    themes.merge(tx, by=by, theme_id=one, into_id=other, now=at)
                elif what == "move":
                    themes.move(tx, by=by, idea_id=chance.choice(idea_ids), theme_id=one, now=at)
                elif what == "split":
                    themes.split(tx, by=by, theme_id=one, idea_ids=chance.sample(idea_ids, 6), name="New", now=at)
                elif what == "accept":
                    themes.accept(tx, by=by, proposal_id=chance.choice(asked), now=at)
                else:
                    last = tx.scalars(select(ThemeEvent.id).order_by(ThemeEvent.id.desc()).limit(8)).all()
                    themes.undo(tx, by=by, event_id=chance.choice(last), now=at)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert 5 < sum(pool.map(act, range(40))) < 40
    with scene.hub.reading() as tx:
        into = {each.id: each.merged_into_id for each in tx.scalars(select(Theme))}
        homes = set(tx.scalars(select(Idea.theme_id)))
    for theme_id in into:
        seen, here = set[int](), theme_id
        while (there := into[here]) is not None:
            assert here not in seen
            seen.add(here)
            here = there
    assert all(each is not None and into[each] is None for each in homes)
