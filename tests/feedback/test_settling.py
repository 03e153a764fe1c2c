"""What people said is made consistent: the later word stands, and the grouping is never given a contradiction."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.clustering import SEED, cluster
from feedback.clustering.parameters import MINILM
from feedback.themes import Answered, Placed, Settled, compare, settle

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def placed(theme_id: int | None, minutes: int | None = None) -> Placed:
    return Placed(theme_id, minutes is not None, at(minutes) if minutes is not None else None)


def said(left: int, right: int, is_same: bool, minutes: int) -> Answered:
    return Answered(left, right, is_same, at(minutes))


def check(rows: list[Placed], answers: list[Answered], held: set[int]) -> tuple[Settled, list[int]]:
    """The grouping takes it, and breaks nothing of it."""
    settled = settle(rows, answers, held)
    chance = np.random.default_rng(len(rows))
    vectors = chance.normal(size=(len(rows), 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = cluster(
        vectors, MINILM, seed=SEED, together=settled.together, apart=settled.apart, anchors=settled.anchors
    )
    assert all(labels[left] == labels[right] for left, right in settled.together)
    assert all(labels[left] != labels[right] for left, right in settled.apart)
    assert len({labels[row] for row in settled.anchors}) == len(settled.anchors)
    return settled, labels


PLACES = st.builds(placed, st.integers(1, 4) | st.none(), st.integers(0, 9) | st.none())
ANSWERS = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.booleans(), st.integers(0, 9)), max_size=15)


@settings(deadline=None, max_examples=100)
@given(st.lists(PLACES, min_size=12, max_size=12), ANSWERS, st.sets(st.integers(1, 4)))
def test_whatever_people_said_the_grouping_takes_it_and_keeps_to_it(
    rows: list[Placed], answers: list[tuple[int, int, bool, int]], held: set[int]
) -> None:
    given = [said(*each) for each in answers if each[0] != each[1]]
    settled, labels = check(rows, given, held)
    homes = settled.homes
    if not given:
        assert all(homes[number] == row.theme_id for number, row in enumerate(rows) if row.by_person and row.theme_id)
    for change in compare([row.theme_id for row in rows], labels, homes, settled.answers):
        assert all(homes[row] != change.theme_id for row in change.rows)


@settings(deadline=None, max_examples=50)
@given(st.lists(PLACES, min_size=12, max_size=12), ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(
    rows: list[Placed], answers: list[tuple[int, int, bool, int]], chance: random.Random
) -> None:
    """Where no two words are of the same moment, which of them is later is clear."""
    distinct = [Placed(row.theme_id, row.by_person, at(100 + n)) for n, row in enumerate(rows)]
    given = [said(a, b, same, 10 * n) for n, (a, b, same, _) in enumerate(answers) if a != b]
    order = chance.sample(range(12), 12)
    place = {row: number for number, row in enumerate(order)}
    turned = [said(place[each.left], place[each.right], each.is_same, 0) for each in given]
    turned = [Answered(new.left, new.right, new.is_same, old.at) for new, old in zip(turned, given, strict=True)]
    one, other = settle(distinct, given), settle([distinct[row] for row in order], turned)
    assert [one.homes[row] for row in order] == other.homes
    assert len(one.together) == len(other.together)
    assert [each.at for each in one.answers] == [each.at for each in other.answers]


def test_the_later_word_stands() -> None:
    rows = [placed(None)] * 3
    yes_yes_no = [said(0, 1, True, 1), said(1, 2, True, 2), said(0, 2, False, 3)]
    assert settle(rows, yes_yes_no).answers == [yes_yes_no[2], yes_yes_no[1]]
    no_then_yes = [said(0, 1, False, 1), said(0, 1, True, 2)]
    assert settle(rows, no_then_yes).answers == [no_then_yes[1]]


def test_who_moves_an_idea_away_overtakes_an_earlier_yes() -> None:
    moved, stayed = placed(2, 5), placed(1)
    assert settle([moved, stayed], [said(0, 1, True, 1)]).answers == []
    assert settle([moved, stayed], [said(0, 1, True, 9)]).homes == [2, 2]


def test_who_puts_two_together_overtakes_an_earlier_no() -> None:
    rows = [placed(1, 5), placed(1)]
    assert settle(rows, [said(0, 1, False, 1)]).answers == []
    assert len(settle(rows, [said(0, 1, False, 9)]).answers) == 1


def test_a_later_yes_frees_what_was_placed_before() -> None:
    rows = [placed(1, 1), placed(2, 2), placed(2, 3)]
    settled, labels = check(rows, [said(0, 1, True, 9)], set())
    assert settled.homes == [2, 2, 2]
    assert labels == [0, 0, 0]


def test_a_theme_that_is_held_gives_way_to_what_people_said() -> None:
    rows = [placed(1), placed(1), placed(2)]
    settled, _ = check(rows, [said(0, 1, False, 1)], {1})
    assert settled.homes.count(1) == 1
    assert settle(rows, [], {1}).homes == [1, 1, None]


def test_as_many_themes_as_people_touched_take_as_many_words() -> None:
    rows = [placed(number, 1) for number in range(300)]
    settled = settle(rows, [])
    assert (len(settled.anchors), settled.apart, settled.together) == (300, [], [])
