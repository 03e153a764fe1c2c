"""Merging and undoing by many at once, and in any order: nobody is lost, and all of it can be taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from feedback import ideas, loop
from feedback.errors import Refused
from feedback.overview import whole
from models import Idea, IdeaMerge
from tests.conftest import workspace_of
from tests.feedback.scene import Scene


def test_two_people_who_merge_crosswise_at_once(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")

    def attempt(number: int) -> str:
        try:
            scene.merge(*((one, other) if number % 2 else (other, one)), by="Bo" if number % 2 else "Cy")
        except Refused:
            return "refused"
        return "merged"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(16)))
    assert answers.count("merged") == 8, "one way round it is done, or no news; the other way it is refused"
    with scene.hub.reading() as tx:
        assert len(tx.scalars(select(IdeaMerge)).all()) == 1


def test_merging_undoing_voting_and_shipping_at_once_end_in_good_order(scene: Scene) -> None:
    one, other, third = scene.idea("Ana", "A refill."), scene.idea("Flo", "Pouches."), scene.idea("Gus", "Refills.")

    def attempt(number: int) -> None:
        try:
            if number == 9:
                scene.ship(other)
            elif number % 3 == 0:
                scene.undo(scene.merge(one, other))
            elif number % 3 == 1:
                scene.merge(third, other)
            else:
                scene.vote(one, ("Di", "Bo", "Cy")[number % 9 // 3])
        except Refused:
            pass

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(attempt, range(18)))
    with scene.hub.reading() as tx:
        standing = tx.scalars(select(IdeaMerge).where(IdeaMerge.undone_at.is_(None))).all()
        # Whatever was merged into the shipped one has shipped with it: nobody waits for news that never come.
        assert {row.idea.state for row in standing if row.into_id == other} <= {"shipped"}


NAMES = ("Ana", "Flo", "Gus", "Di")


def standing(scene: Scene) -> dict[str, Any]:
    """All that a merge could disturb."""
    with scene.hub.reading() as tx:
        rows = tx.scalars(select(Idea).where(Idea.state != "withdrawn").order_by(Idea.id)).all()
        alone = {idea.id: loop.audience(tx, answered=[idea], made_by_id=0) for idea in rows}
        return {
            "states": {idea.id: (idea.state, idea.theme_id, idea.reviewed_at) for idea in rows},
            "votes": ideas.vote_counts(tx, idea_ids=[idea.id for idea in rows]),
            "voters": {idea.id: [member.name for member in ideas.votes(tx, idea_id=idea.id)] for idea in rows},
            "told": {
                idea_id: {(hearer.member.name, hearer.idea.id, hearer.raised_it) for hearer in hearers}
                for idea_id, hearers in alone.items()
            },
        }


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(st.sampled_from(NAMES), min_size=2, max_size=5),
    cast=st.lists(st.tuples(st.integers(0, 4), st.sampled_from(NAMES)), max_size=12),
    merges=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6),
)
def test_undoing_every_merge_restores_everything(
    scene: Scene, said: list[str], cast: list[tuple[int, str]], merges: list[tuple[int, int]]
) -> None:
    made = [scene.idea(who, f"Number {number}.") for number, who in enumerate(said)]
    voted = {(made[number % len(made)], who) for number, who in cast}
    for idea_id, who in sorted(voted):
        if who != said[made.index(idea_id)]:
            scene.vote(idea_id, who)
    before, shown_before = standing(scene), scene.inbox()
    done = []
    for one, other in merges:
        try:
            done.append(scene.merge(made[one % len(made)], made[other % len(made)]))
        except Refused:
            continue
    shown = scene.inbox()
    assert sorted([*shown, *(each for below in shown.values() for each in below)]) == sorted(shown_before)
    for idea_id in made:
        with scene.hub.reading() as tx:
            found = whole.one(tx, workspace_id=workspace_of(tx).id, idea_id=idea_id)
            assert found is not None, "every idea has its page"
            assert len(found.backers) == ideas.vote_count(tx, idea_id=idea_id)
    for merge_id in done:
        scene.undo(merge_id)
    assert standing(scene) == before
    assert scene.inbox() == shown_before
    with scene.tx() as tx:  # the next example begins with an empty inbox
        for idea in tx.scalars(select(Idea)):
            idea.state = "withdrawn"
