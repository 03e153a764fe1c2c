"""Themes change when a person says so: what is proposed, what becomes of it, and that all of it can be undone."""

from __future__ import annotations

import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from feedback import ideas, themes
from feedback.errors import Refused
from feedback.themes import Found, Weighed
from models import Idea, Theme, ThemeEvent, ThemeProposal, Workspace
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene


def theme_with(scene: Scene, *texts: str, name: str = "") -> tuple[int, list[int]]:
    """A theme of these, as the grouping would have placed them one after the other."""
    theme_id: int | None = None
    idea_ids = [scene.idea(who, text) for who, text in zip(("Ana", "Flo", "Gus") * 9, texts, strict=False)]
    for idea_id in idea_ids:
        with scene.tx() as tx:
            now = scene.hub.clock()
            theme = themes.place(tx, idea_id=idea_id, theme_id=theme_id, name=name or texts[0], now=now)
            assert theme is not None
            theme_id = theme.id
    assert theme_id is not None
    return theme_id, idea_ids


def night(scene: Scene, labels: Mapping[int, int], strength: float = 0.2) -> list[int]:
    """A run whose grouping is given, by idea. Returns what waits after it; ideas that are not named stay alone."""
    now, fresh = scene.hub.clock(), count(1000)
    with scene.tx() as tx:
        seen = themes.to_group(tx, workspace_id=workspace_of(tx).id)
        wanted = [labels[each] if each in labels else next(fresh) for each in seen.idea_ids]
        found = themes.compare(seen.theme_ids, wanted, seen.settled.homes, seen.settled.answers)
        changes = [Weighed(each, 1.0 if each.is_asked_for else strength, "A new name") for each in found]
        _, free = themes.propose(tx, seen=seen, changes=changes, version="v", now=now)
    for proposal_id in free:
        with scene.tx() as tx:
            themes.follow(tx, workspace_id=workspace_of(tx).id, proposal_id=proposal_id, now=now)
    return [each.id for each in waiting(scene)]


def waiting(scene: Scene) -> list[ThemeProposal]:
    with scene.hub.reading() as tx:
        return themes.standing(tx, workspace_id=workspace_of(tx).id)


def proposal(scene: Scene, proposal_id: int) -> ThemeProposal:
    with scene.hub.reading() as tx:
        return tx.get_one(ThemeProposal, proposal_id)


def accept(scene: Scene, proposal_id: int, who: str = "Bo") -> ThemeProposal:
    with scene.tx() as tx:
        return themes.accept(tx, by=scene.member(tx, who), proposal_id=proposal_id, now=scene.hub.clock())


def decline(scene: Scene, proposal_id: int, who: str = "Bo") -> ThemeProposal:
    with scene.tx() as tx:
        return themes.decline(tx, by=scene.member(tx, who), proposal_id=proposal_id, now=scene.hub.clock())


def undo(scene: Scene, event_id: int | None, who: str = "Bo") -> None:
    assert event_id is not None
    with scene.tx() as tx:
        themes.undo(tx, by=scene.member(tx, who), event_id=event_id, now=scene.hub.clock())


def merge(scene: Scene, theme_id: int, into_id: int, who: str = "Cy") -> int:
    """Returns the event."""
    with scene.tx() as tx:
        themes.merge(tx, by=scene.member(tx, who), theme_id=theme_id, into_id=into_id, now=scene.hub.clock())
        return tx.scalars(select(ThemeEvent.id).order_by(ThemeEvent.id.desc()).limit(1)).one()


def places(scene: Scene) -> dict[int, tuple[int | None, int | None, object]]:
    """Of each idea its theme, who placed it there, and when."""
    with scene.hub.reading() as tx:
        found = tx.scalars(select(Idea).order_by(Idea.id))
        return {idea.id: (idea.theme_id, idea.placed_by_id, idea.placed_at) for idea in found}


def events(scene: Scene) -> list[tuple[str, int, int | None, int]]:
    with scene.hub.reading() as tx:
        found = tx.scalars(select(ThemeEvent).where(ThemeEvent.kind != "emerged").order_by(ThemeEvent.id))
        return [(event.kind, event.theme_id, event.other_id, event.idea_count) for event in found]


def theme(scene: Scene, theme_id: int) -> Theme:
    with scene.hub.reading() as tx:
        return tx.get_one(Theme, theme_id)


def together(*idea_ids: int) -> dict[int, int]:
    return dict.fromkeys(idea_ids, 0)


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
    assert theme(scene, new).name == "A new name"
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
