"""Pairs that are probably the same: asked about once, and only while there is something to ask."""

from __future__ import annotations

from sqlalchemy import select

from feedback import hearing, ideas
from models import SamePair
from tests.conftest import workspace_of
from tests.feedback.scene import Scene


def pair(scene: Scene, one: int, other: int) -> int:
    """The grouping found these two. Returns how many pairs are asked about then."""
    with scene.tx() as tx:
        texts = {each: ideas.get(tx, idea_id=each).text for each in (one, other)}
        found = ideas.Resemblance(one, other, closeness=0.8, score=5.0, words={"refill": ["refill"]})
        return ideas.propose(tx, found=[found], texts=texts, now=scene.hub.clock())


def test_a_pair_is_asked_about_once_whoever_finds_it(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    assert [pair(scene, other, one), pair(scene, one, other)] == [1, 0]
    with scene.tx() as tx:
        row = tx.scalars(select(SamePair)).one()
        assert (row.older_id, row.newer_id) == (one, other)
        ideas.say_they_differ(tx, by=scene.member(tx, "Bo"), pair_id=row.id, now=scene.hub.clock())
    with scene.tx() as tx:
        ideas.say_they_differ(tx, by=scene.member(tx, "Cy"), pair_id=row.id, now=scene.hub.clock())
    assert pair(scene, one, other) == 0
    with scene.hub.reading() as tx:
        row = tx.scalars(select(SamePair)).one()
        assert (row.decision, row.decided_by_id) == ("differ", scene.member(tx, "Bo").id)


def test_two_that_were_merged_once_are_not_asked_about_again(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    scene.undo(scene.merge(other, one))
    assert pair(scene, one, other) == 0


def test_a_pair_with_other_words_by_now_is_no_question(scene: Scene) -> None:
    said = scene.say("Ana", "A refill.")
    one, other = scene.capture(said, "Ana"), scene.idea("Flo", "Refill pouches.")
    pair(scene, one, other)
    with scene.tx() as tx:
        new = ideas.Resemblance(one, other, closeness=0.8, score=5.0, words={})
        assert ideas.propose(tx, found=[new], texts={one: "older", other: "words"}, now=scene.hub.clock()) == 0
        hearing.deleted(tx, workspace=workspace_of(tx), channel_id=said.channel_id, ts=said.ts, now=scene.hub.clock())
        assert tx.scalars(select(SamePair)).all() == []
