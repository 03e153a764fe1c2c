"""Themes change when a person says so: what is proposed, what is worth anybody's time, and what no longer fits."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from feedback import ideas, themes
from feedback.errors import Refused
from feedback.themes import Found
from models import ThemeEvent, Workspace
from tests.conftest import Clock, workspace_of
from tests.feedback.nights import (
    accept,
    decline,
    events,
    merge,
    night,
    places,
    proposal,
    theme_with,
    together,
    undo,
    waiting,
)
from tests.feedback.scene import Scene


def test_a_night_proposes_and_changes_nothing(scene: Scene) -> None:
    big, (a, b, c, d) = theme_with(scene, "a", "b", "c", "d")
    small, (e,) = theme_with(scene, "e")
    before = places(scene)
    (found,) = night(scene, {**together(a, b, e), c: 1, d: 1})[:1]
    kinds = {(each.kind, each.theme_id, each.into_id, tuple(each.idea_ids)) for each in waiting(scene)}
    assert kinds == {("merge", small, big, (e,)), ("split", big, None, (c, d))}
    assert places(scene) == before
    assert events(scene) == []
    assert proposal(scene, found).decision is None


def test_what_was_left_as_it_is_does_not_come_back_while_it_is_about_the_same_ideas(scene: Scene) -> None:
    one, (a, b) = theme_with(scene, "a", "b")
    two, (c,) = theme_with(scene, "c")
    (found,) = night(scene, together(a, b, c))
    decline(scene, found)
    decline(scene, found)
    assert night(scene, together(a, b, c)) == []
    d = scene.idea("Gus", "d")
    with scene.tx() as tx:
        themes.place(tx, idea_id=d, theme_id=one, name="", now=scene.hub.clock())
    assert night(scene, together(a, b, c, d)) == []
    more = [scene.idea("Gus", f"more {number}") for number in range(4)]
    for idea_id in more:
        with scene.tx() as tx:
            themes.place(tx, idea_id=idea_id, theme_id=two, name="", now=scene.hub.clock())
    assert len(night(scene, together(a, b, c, d, *more))) == 1
    with pytest.raises(Refused, match="leave that as it is"):
        accept(scene, found)


def test_what_no_longer_fits_is_not_shown_and_cannot_be_accepted(scene: Scene, clock: Clock) -> None:
    one, (a, b) = theme_with(scene, "a", "b")
    two, (c, d) = theme_with(scene, "c", "d")
    labels = together(a, b, c, d)
    (found,) = night(scene, labels)
    clock.move(minutes=1)
    with scene.tx() as tx:
        ideas.withdraw(tx, workspace=workspace_of(tx), idea_id=d, member=scene.member(tx, "Flo"), now=clock())
    assert waiting(scene) == []
    with pytest.raises(Refused, match="no longer fits"):
        accept(scene, found)
    assert proposal(scene, found).decision is None
    assert len(night(scene, labels)) == 1
    assert proposal(scene, found).decision == "outdated"
    decline(scene, found)
    assert proposal(scene, found).decision == "outdated"
    (newer,) = [each.id for each in waiting(scene)]
    merge(scene, two, one)
    with pytest.raises(Refused, match="no longer fits"):
        accept(scene, newer)
    assert night(scene, labels) == []


@pytest.mark.parametrize("hold", [themes.pin, themes.rename])
def test_a_theme_that_is_pinned_or_named_only_gains(scene: Scene, hold: object) -> None:
    held, (a, b, c, d) = theme_with(scene, "a", "b", "c", "d")
    other, more = theme_with(scene, "e", "f", "g", "h", "i", "j")
    (split, *_) = night(scene, {a: 0, b: 0, c: 1, d: 1})
    with scene.tx() as tx:
        more_facts = {"name": "Mine"} if hold is themes.rename else {}
        hold(tx, by=scene.member(tx, "Bo"), theme_id=held, now=scene.hub.clock(), **more_facts)  # type: ignore[operator]
    assert split not in [each.id for each in waiting(scene)]
    with pytest.raises(Refused, match="no longer fits"):
        accept(scene, split)
    night(scene, {**dict.fromkeys(more, 0), a: 0, b: 0, c: 1, d: 1})
    assert {each.theme_id for each in waiting(scene)} <= {other}
    night(scene, together(a, b, c, d, *more))
    assert [(each.kind, each.theme_id, each.into_id) for each in waiting(scene)] == [("merge", other, held)]
    with scene.tx() as tx:
        assert themes.to_place(tx, idea_id=a) is None


def test_what_can_only_be_done_the_other_way_round_by_now_is_proposed_so(scene: Scene, clock: Clock) -> None:
    one, (a, b, c) = theme_with(scene, "a", "b", "c")
    two, (d, e) = theme_with(scene, "d", "e")
    labels = together(a, b, c, d, e)
    (found,) = night(scene, labels)
    assert [(each.theme_id, each.into_id) for each in waiting(scene)] == [(two, one)]
    with scene.tx() as tx:
        themes.pin(tx, by=scene.member(tx, "Bo"), theme_id=two, now=clock())
    assert waiting(scene) == []
    clock.move(days=1)
    night(scene, labels)
    assert [(each.theme_id, each.into_id) for each in waiting(scene)] == [(one, two)]
    assert proposal(scene, found).decision == "outdated"


def test_what_is_found_again_after_somebody_did_a_part_of_it_can_be_accepted(scene: Scene, clock: Clock) -> None:
    one, (a, b) = theme_with(scene, "a", "b")
    _, (d, e) = theme_with(scene, "d", "e")
    labels = together(a, b, d, e)
    night(scene, labels)
    clock.move(minutes=1)
    with scene.tx() as tx:
        themes.move(tx, by=scene.member(tx, "Bo"), idea_id=e, theme_id=one, now=clock())
    assert waiting(scene) == []
    clock.move(days=1)
    (found,) = night(scene, labels)
    accept(scene, found)
    assert {row[0] for row in places(scene).values()} == {one}


def test_what_waits_says_what_the_latest_run_says(scene: Scene, clock: Clock) -> None:
    _, (a, b) = theme_with(scene, "a", "b")
    _, (c,) = theme_with(scene, "c")
    (found,) = night(scene, together(a, b, c), strength=1.0)
    clock.move(days=1)
    scene.vote(c, "Di")
    assert night(scene, together(a, b, c), strength=0.1) == [found]
    assert (proposal(scene, found).strength, proposal(scene, found).people) == (0.1, 2)
    assert proposal(scene, found).proposed_at == clock()


def test_what_was_pinned_while_an_idea_was_on_its_way_out_keeps_it(scene: Scene) -> None:
    held, (a, b) = theme_with(scene, "a", "b")
    other, _ = theme_with(scene, "c")
    with scene.tx() as tx:
        assert themes.to_place(tx, idea_id=b) is not None
        themes.pin(tx, by=scene.member(tx, "Bo"), theme_id=held, now=scene.hub.clock())
    for theme_id in (other, None):
        with scene.tx() as tx:
            found = themes.place(tx, idea_id=b, theme_id=theme_id, name="Elsewhere", now=scene.hub.clock())
            assert found is None
    assert [places(scene)[each][0] for each in (a, b)] == [held, held]


def test_taking_the_pin_off(scene: Scene) -> None:
    held, (a, b, c, d) = theme_with(scene, "a", "b", "c", "d")
    for act in (themes.pin, themes.pin, themes.unpin, themes.unpin):
        with scene.tx() as tx:
            act(tx, by=scene.member(tx, "Bo"), theme_id=held, now=scene.hub.clock())
    assert len(night(scene, {a: 0, b: 0, c: 1, d: 1})) == 1
    with scene.tx() as tx, pytest.raises(Refused, match="for the team"):
        themes.pin(tx, by=scene.member(tx, "Ana"), theme_id=held, now=scene.hub.clock())


def test_where_themes_may_follow_only_what_nobody_touched_does(scene: Scene, clock: Clock) -> None:
    one, (a, b) = theme_with(scene, "a", "b")
    two, (c,) = theme_with(scene, "c")
    three, (d, e) = theme_with(scene, "d", "e")
    four, (f,) = theme_with(scene, "f")
    with scene.tx() as tx:
        workspace_of(tx).themes_follow = True
        themes.rename(tx, by=scene.member(tx, "Bo"), theme_id=three, name="Mine", now=clock())
    left = night(scene, {**together(a, b, c), d: 1, e: 1, f: 1})
    assert [(each.theme_id, each.into_id) for each in waiting(scene)] == [(four, three)]
    assert len(left) == 1
    assert events(scene) == [("absorbed", two, one, 1)]
    assert places(scene)[c] == (one, None, None)
    with scene.hub.reading() as tx:
        event = tx.scalars(select(ThemeEvent).where(ThemeEvent.kind == "absorbed")).one()
    assert event.member_id is None
    undo(scene, event.id)
    assert places(scene)[c] == (two, None, None)
    night(scene, {**together(a, b, c), d: 1, e: 1, f: 1})
    assert places(scene)[c][0] == two


def test_following_does_not_touch_what_a_person_placed(scene: Scene) -> None:
    _, (a, b) = theme_with(scene, "a", "b")
    two, (c,) = theme_with(scene, "c")
    with scene.tx() as tx:
        workspace_of(tx).themes_follow = True
        themes.move(tx, by=scene.member(tx, "Bo"), idea_id=a, theme_id=two, now=scene.hub.clock())
    assert len(night(scene, together(a, b, c))) == 1
    assert events(scene)[1:] == []


def test_only_so_many_wait_and_those_with_most_people_first(scene: Scene) -> None:
    pairs = [(theme_with(scene, f"x{number}")[1][0], theme_with(scene, f"y{number}")[1][0]) for number in range(15)]
    for who in ("Bo", "Cy", "Di"):
        scene.vote(pairs[7][1], who)
    labels = {each: number for number, pair in enumerate(pairs) for each in pair}
    found = night(scene, labels)
    assert len(found) == themes.MOST_OPEN
    assert proposal(scene, found[0]).idea_ids == [pairs[7][1]]
    assert night(scene, labels) == found


@pytest.mark.parametrize(
    ("sizes", "strength", "is_worth_it"),
    [((4, 1), 0.05, False), ((4, 1), 0.1, True), ((4, 2), 0.05, True), ((4, 2), 0.01, False)],
)
def test_small_splits_are_not_worth_anybodys_time(
    scene: Scene, sizes: tuple[int, int], strength: float, is_worth_it: bool
) -> None:
    _, idea_ids = theme_with(scene, *(f"text {number}" for number in range(sum(sizes))))
    labels = {each: int(number >= sizes[0]) for number, each in enumerate(idea_ids)}
    assert bool(night(scene, labels, strength)) is is_worth_it


def test_two_single_ideas_are_worth_it_while_both_wait(scene: Scene) -> None:
    _, (a,) = theme_with(scene, "a")
    _, (b,) = theme_with(scene, "b")
    assert len(night(scene, together(a, b))) == 1
    scene.ship(b)
    assert night(scene, together(a, b)) == []


def test_nobody_decides_in_another_workspace(scene: Scene) -> None:
    _, (a, b) = theme_with(scene, "a", "b")
    _, (c,) = theme_with(scene, "c")
    (found,) = night(scene, together(a, b, c))
    with scene.tx() as tx:
        home = workspace_of(tx)
        other = Workspace(team_id="T2", name="x", url="https://x/", bot_user_id="U", joined_at=scene.hub.clock())
        tx.add(other)
        tx.flush()
        eve = scene.member(tx, "Di")
        eve.workspace_id = other.id
        with pytest.raises(Refused, match="not here any more"):
            themes.accept(tx, by=eve, proposal_id=found, now=scene.hub.clock())
        assert themes.standing(tx, workspace_id=other.id) == []
        eve.workspace_id = home.id
    with scene.tx() as tx, pytest.raises(Refused, match="for the team"):
        themes.accept(tx, by=scene.member(tx, "Ana"), proposal_id=found, now=scene.hub.clock())


def test_one_line_a_day_says_that_something_waits(scene: Scene, clock: Clock) -> None:
    _, (a, b) = theme_with(scene, "a", "b")
    _, (c,) = theme_with(scene, "c")

    def morning() -> int:
        with scene.tx() as tx:
            themes.tell_soon(tx, workspace_id=workspace_of(tx).id, now=clock())
        return len(scene.owed("theme.waiting"))

    assert morning() == 0
    night(scene, together(a, b, c))
    assert [morning(), morning()] == [1, 1]
    with scene.tx() as tx:
        themes.told(tx, workspace_id=workspace_of(tx).id, now=clock())
    clock.move(days=1)
    assert morning() == 1
    d = scene.idea("Gus", "one more of the same")
    home = places(scene)[a][0]
    with scene.tx() as tx:
        themes.place(tx, idea_id=d, theme_id=home, name="", now=clock())
    night(scene, together(a, b, c, d))
    assert morning() == 1
    _, (e,) = theme_with(scene, "e")
    _, (f, _) = theme_with(scene, "f", "g")
    night(scene, {**together(a, b, c, d), e: 1, f: 1, f + 1: 1})
    assert morning() == 2


def test_a_change_names_its_sides(scene: Scene) -> None:
    found = themes.compare([1, 1, 1, 2, 2, 3], [0, 0, 1, 1, 1, 0], [None] * 6)
    assert found == [
        Found("move", 1, 2, [2], [3, 4], [0, 1], False),
        Found("merge", 3, 1, [5], [0, 1], [], False),
    ]
    assert found[0].sides == [([2], [3, 4]), ([2], [0, 1])]
    assert found[0].strength([0.3, 0.1]) == pytest.approx(0.2)
