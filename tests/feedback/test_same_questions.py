"""Do these two ask for the same thing? What is asked, and what follows from the answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from feedback import access, ideas, themes
from feedback.errors import Refused
from models import Idea, Theme, ThemeQuestion
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene


def single(scene: Scene, text: str, theme_id: int | None = None) -> tuple[int, int]:
    """An idea and its theme."""
    idea_id = scene.idea("Ana", text)
    with scene.tx() as tx:
        theme = themes.place(tx, idea_id=idea_id, theme_id=theme_id, name=text, now=scene.hub.clock())
        assert theme is not None
        return idea_id, theme.id


def ask(scene: Scene, *pairs: tuple[int, int]) -> list[int]:
    """The questions that wait now, the most helpful first."""
    with scene.tx() as tx:
        weights = {pair: 1.0 / (number + 1) for number, pair in enumerate(pairs)}
        themes.ask(tx, workspace_id=workspace_of(tx).id, weights=weights, now=scene.hub.clock())
    with scene.hub.reading() as tx:
        return [row[0].id for row in themes.waiting(tx, workspace_id=workspace_of(tx).id, most=10)]


def answer(scene: Scene, question_id: int, verdict: str, who: str = "Bo") -> ThemeQuestion:
    with scene.tx() as tx:
        now = scene.hub.clock()
        return themes.answer(tx, by=scene.member(tx, who), question_id=question_id, verdict=verdict, now=now)


def take_back(scene: Scene, question_id: int) -> None:
    with scene.tx() as tx:
        themes.take_back(tx, by=scene.member(tx, "Cy"), question_id=question_id, now=scene.hub.clock())


def theme_of(scene: Scene, idea_id: int) -> int | None:
    return scene.get_idea(idea_id).theme_id


def test_what_is_asked_is_replaced_and_what_was_answered_stays(scene: Scene) -> None:
    a, b, c = (single(scene, text)[0] for text in "abc")
    first, second = ask(scene, (a, b), (a, c))
    answer(scene, second, "unsure")
    third = ask(scene, (b, c), (a, b))
    assert third[1] == first
    with scene.hub.reading() as tx:
        assert {row.id for row in tx.scalars(select(ThemeQuestion))} == {first, second, third[0]}
    assert ask(scene, (a, c)) == []


def test_a_yes_about_two_that_stand_alone_puts_them_together_at_once(scene: Scene, clock: Clock) -> None:
    (a, one), (b, two) = single(scene, "a"), single(scene, "b")
    (asked,) = ask(scene, (a, b))
    answer(scene, asked, "yes")
    answer(scene, asked, "yes", "Cy")
    assert theme_of(scene, a) == theme_of(scene, b) == one
    assert scene.owed("theme.regroup") == []
    with pytest.raises(Refused, match="Bo has answered"):
        answer(scene, asked, "no", "Cy")
    take_back(scene, asked)
    take_back(scene, asked)
    assert (theme_of(scene, a), theme_of(scene, b)) == (one, two)
    assert scene.get_idea(a).placed_by_id is None
    assert ask(scene, (a, b)) == [asked]


def wait_until_somebody_waits(scene: Scene) -> None:
    """For a lock of PostgreSQL's; on SQLite whoever comes second waits from the beginning."""
    if scene.hub.engine.dialect.name == "postgresql":
        waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        with scene.hub.engine.connect() as connection:
            while not connection.scalar(waiting):
                connection.rollback()


def test_asking_locks_ideas_in_the_order_in_which_people_do(scene: Scene) -> None:
    a, b, c, d = (single(scene, each)[0] for each in "abcd")
    with ThreadPoolExecutor(1) as pool:
        with scene.tx() as tx:
            access.access_idea(tx, member=scene.member(tx, "Bo"), idea_id=b)
            asking = pool.submit(ask, scene, (a, d), (b, c))
            wait_until_somebody_waits(scene)
            access.access_idea(tx, member=scene.member(tx, "Bo"), idea_id=d)
        assert len(asking.result()) == 2


def test_an_idea_that_goes_out_of_a_theme_locks_no_other_idea_after_itself(scene: Scene) -> None:
    a, one = single(scene, "a")
    b, _ = single(scene, "b", theme_id=one)

    def place() -> None:
        with scene.tx() as tx:
            themes.place(tx, idea_id=b, theme_id=None, name="Its own", now=scene.hub.clock())

    with ThreadPoolExecutor(1) as pool:
        with scene.tx() as tx:
            access.access_idea(tx, member=scene.member(tx, "Bo"), idea_id=a)
            placing = pool.submit(place)
            if scene.hub.engine.dialect.name == "postgresql":
                placing.result(timeout=5)
        placing.result()
    assert theme_of(scene, b) != one


def test_who_undoes_what_an_answer_did_takes_the_answer_back(scene: Scene, clock: Clock) -> None:
    (a, one), (b, two) = single(scene, "a"), single(scene, "b")
    (asked,) = ask(scene, (a, b))
    event_id = answer(scene, asked, "yes").event_id
    assert event_id is not None
    clock.move(minutes=1)
    with scene.tx() as tx:
        workspace_of(tx).themes_follow = True
        themes.undo(tx, by=scene.member(tx, "Cy"), event_id=event_id, now=clock())
        assert themes.to_group(tx, workspace_id=workspace_of(tx).id).settled.together == []
    assert ask(scene, (a, b)) == [asked]
    assert (theme_of(scene, a), theme_of(scene, b)) == (one, two)
    assert answer(scene, asked, "no").verdict == "no"


def test_any_other_answer_is_weighed_by_the_grouping(scene: Scene) -> None:
    (a, one), (b, _) = single(scene, "a"), single(scene, "b")
    c, _ = single(scene, "c", theme_id=one)
    with_more, apart, within = ask(scene, (a, b), (b, c), (a, c))
    answer(scene, apart, "no")
    answer(scene, within, "unsure")
    assert scene.owed("theme.regroup") == []
    before = [theme_of(scene, each) for each in (a, b, c)]
    answer(scene, with_more, "yes")
    assert len(scene.owed("theme.regroup")) == 1
    assert [theme_of(scene, each) for each in (a, b, c)] == before


def test_a_theme_of_somebodys_is_not_merged_by_an_answer(scene: Scene) -> None:
    (a, one), (b, two) = single(scene, "a"), single(scene, "b")
    with scene.tx() as tx:
        themes.pin(tx, by=scene.member(tx, "Cy"), theme_id=two, now=scene.hub.clock())
    (asked,) = ask(scene, (a, b))
    answer(scene, asked, "yes")
    assert (theme_of(scene, a), theme_of(scene, b)) == (one, two)


def test_answers_reach_the_grouping_and_the_later_word_stands(scene: Scene, clock: Clock) -> None:
    (a, one), (b, _), (c, _) = single(scene, "a"), single(scene, "b"), single(scene, "c")
    single(scene, "d", theme_id=one)
    yes, no = ask(scene, (a, b), (b, c))
    answer(scene, yes, "yes")
    answer(scene, no, "no")

    def said() -> tuple[list[tuple[int, int]], list[tuple[int, int]], int]:
        with scene.tx() as tx:
            seen = themes.to_group(tx, workspace_id=workspace_of(tx).id)
            return seen.settled.together, seen.settled.apart, len(seen.asked)

    assert said() == ([(0, 1)], [(1, 2)], 2)
    clock.move(minutes=1)
    with scene.tx() as tx:
        themes.move(tx, by=scene.member(tx, "Cy"), idea_id=b, theme_id=None, name="Elsewhere", now=clock())
        themes.move(tx, by=scene.member(tx, "Cy"), idea_id=c, theme_id=None, name="Elsewhere", now=clock())
    assert said() == ([(2, 1)], [], 2)


def test_an_idea_whose_words_change_goes_where_an_answer_puts_it(scene: Scene) -> None:
    (a, one), (b, _), (c, three) = single(scene, "a"), single(scene, "b"), single(scene, "c")
    single(scene, "d", theme_id=one)
    yes, no = ask(scene, (a, b), (b, c))
    answer(scene, yes, "yes")
    answer(scene, no, "no")
    with scene.tx() as tx:
        wanted = themes.to_place(tx, idea_id=b)
    assert wanted is not None
    assert (wanted.belongs_in, wanted.barred) == (one, frozenset({three}))


def test_nobody_answers_for_others(scene: Scene, clock: Clock) -> None:
    (a, _), (b, _) = single(scene, "a"), single(scene, "b")
    (asked,) = ask(scene, (a, b))
    with pytest.raises(Refused, match="for the team"):
        answer(scene, asked, "yes", "Ana")
    with pytest.raises(Refused, match="not asked any more"):
        answer(scene, asked + 1, "yes")
    with pytest.raises(Refused, match="Choose yes, no"):
        answer(scene, asked, "perhaps")
    with scene.tx() as tx:
        ideas.withdraw(tx, workspace=workspace_of(tx), idea_id=a, member=scene.member(tx, "Ana"), now=clock())
    assert ask(scene, (a, b)) == []


def test_every_theme_ever_shown_leads_to_a_living_one(scene: Scene, clock: Clock) -> None:
    """Whatever is merged, undone and merged again."""
    found = [single(scene, text) for text in "abcde"]
    ids = [theme_id for _, theme_id in found]
    (asked,) = ask(scene, (found[0][0], found[1][0]))
    answer(scene, asked, "yes")
    for theme_id, into_id in ((ids[0], ids[2]), (ids[2], ids[3]), (ids[4], ids[3])):
        clock.move(seconds=1)
        with scene.tx() as tx:
            themes.merge(tx, by=scene.member(tx, "Bo"), theme_id=theme_id, into_id=into_id, now=clock())
    with scene.tx() as tx:
        last = themes.offered(tx, theme=tx.get_one(Theme, ids[3]), now=clock())
        themes.undo(tx, by=scene.member(tx, "Bo"), event_id=last[1].id, now=clock())
    with scene.tx() as tx:
        for theme in tx.scalars(select(Theme)):
            seen = {theme.id}
            while theme.merged_into_id is not None:
                assert theme.merged_into_id not in seen
                theme = tx.get_one(Theme, theme.merged_into_id)  # noqa: PLW2901
                seen.add(theme.id)
            assert tx.scalars(select(Idea).where(Idea.theme_id == theme.id)).first() is not None
