"""An honest no, and asking again for what was declined."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from feedback import appeals, changes, loop
from feedback.blocks import loop as loop_blocks
from feedback.errors import Refused
from feedback.overview import ideas as overview
from models import Appeal, Change, Member, Notice
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene

MISSED = "Half of us have small hands."


def decline(scene: Scene, *idea_ids: int, reason: str = "few", summary: str = "Too few of you.") -> dict[str, int]:
    """Returns the notices' ids by name, as posted."""
    with scene.tx() as tx:
        by, now = scene.member(tx, "Cy"), scene.hub.clock()
        change_id = changes.decline(tx, by=by, reason=reason, summary=summary, idea_ids=idea_ids, now=now).id
    return scene.tell_all(change_id)


def ask_again(scene: Scene, notice_id: int, who: str, words: str = MISSED) -> None:
    with scene.tx() as tx:
        member, now = scene.member(tx, who), scene.hub.clock()
        appeals.ask_again(tx, notice_id=notice_id, member=member, words=words, now=now)


def vote(scene: Scene, clock: Clock, idea_id: int, who: str) -> None:
    """With the work that follows from it."""
    clock.move(minutes=1)
    scene.vote(idea_id, who)
    for ids in scene.owed("appeal.weigh"):
        with scene.tx() as tx:
            appeals.weigh(tx, idea_id=ids["idea_id"], now=clock())


def shown(scene: Scene, notice_id: int) -> str:
    with scene.hub.reading() as tx:
        found = loop.get(tx, notice_id=notice_id)
        return str(loop_blocks.notice(found, appeal=appeals.standing(tx, notice=found)).blocks)


@pytest.fixture
def declined(scene: Scene, clock: Clock) -> tuple[int, dict[str, int]]:
    """Ana's idea, which Bo backs, was declined. Two new people are enough here."""
    with scene.tx() as tx:
        workspace_of(tx).appeal_supporters = 2
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Bo")
    clock.move(hours=1)
    return idea_id, decline(scene, idea_id)


def test_the_class_of_the_reason_and_the_sentence_are_both_told(
    scene: Scene, declined: tuple[int, dict[str, int]]
) -> None:
    _, told = declined
    assert "Too few people need it. Too few of you." in shown(scene, told["Ana"])
    assert "appeal_open" in shown(scene, told["Ana"])
    assert [change.reason for change in scene.changes()] == ["few"]


@pytest.mark.parametrize(
    ("reason", "summary", "field"), [("", "No.", "reason"), ("x", "No.", "reason"), ("few", " ", "summary")]
)
def test_a_no_needs_both(scene: Scene, reason: str, summary: str, field: str) -> None:
    idea_id = scene.idea()
    with pytest.raises(Refused) as refused:
        decline(scene, idea_id, reason=reason, summary=summary)
    assert refused.value.field == field
    assert scene.get_idea(idea_id).state == "new"


def test_a_decline_of_before_has_no_class_and_is_shown_as_it_was(scene: Scene) -> None:
    told = decline(scene, scene.idea())
    with scene.tx() as tx:
        tx.scalars(select(Change)).one().reason = None
    assert "*We decided not to do this.* Too few of you." in shown(scene, told["Ana"])


def test_enough_new_people_bring_it_back_with_the_words(
    scene: Scene, clock: Clock, declined: tuple[int, dict[str, int]]
) -> None:
    idea_id, told = declined
    ask_again(scene, told["Bo"], "Bo")
    ask_again(scene, told["Bo"], "Bo")
    assert "0 of 2 new people" in shown(scene, told["Ana"])
    vote(scene, clock, idea_id, "Flo")
    assert "1 of 2 new people" in shown(scene, told["Bo"])
    assert scene.get_idea(idea_id).state == "declined"
    other = scene.idea("Gus", "Something newer.")
    vote(scene, clock, idea_id, "Gus")
    assert scene.get_idea(idea_id).state == "new"
    assert list(scene.inbox()) == [idea_id, other], "on top, although it is older"
    assert len(scene.owed("appeal.heard")) == 1
    assert [row["idea_id"] for row in scene.owed("idea.card")] == [idea_id, other, idea_id]
    with scene.hub.reading() as tx:
        found = appeals.heard(tx, idea=scene.get_idea(idea_id))
        assert found is not None
        assert (found.words, found.member.name) == (MISSED, "Bo")
        rows = overview.inbox(tx, workspace_id=workspace_of(tx).id, number=1).rows
        assert [row.appeal is not None for row in rows] == [True, False]


def test_taking_a_vote_back_and_giving_it_again_is_no_new_person(
    scene: Scene, clock: Clock, declined: tuple[int, dict[str, int]]
) -> None:
    idea_id, told = declined
    ask_again(scene, told["Ana"], "Ana")
    for _ in "ab":
        vote(scene, clock, idea_id, "Bo")
    vote(scene, clock, idea_id, "Cy")
    vote(scene, clock, idea_id, "Flo")
    vote(scene, clock, idea_id, "Gus")
    with scene.tx() as tx:
        appeal = tx.scalars(select(Appeal)).one()
        assert appeals.supporters(tx, appeal=appeal) == 2, "neither who had heard of it nor who declined it"


def test_votes_that_came_before_anybody_asked_again_count(
    scene: Scene, clock: Clock, declined: tuple[int, dict[str, int]]
) -> None:
    idea_id, told = declined
    for name in ("Flo", "Gus"):
        vote(scene, clock, idea_id, name)
    ask_again(scene, told["Ana"], "Ana")
    assert scene.get_idea(idea_id).state == "new"


def test_one_asks_again_for_all(scene: Scene, declined: tuple[int, dict[str, int]]) -> None:
    _, told = declined
    ask_again(scene, told["Bo"], "Bo")
    with pytest.raises(Refused, match="Bo asked again already"):
        ask_again(scene, told["Ana"], "Ana")
    with scene.tx() as tx, pytest.raises(Refused, match="Bo asked again already"):
        appeals.check_may_ask(tx, notice_id=told["Ana"], member=scene.member(tx, "Ana"))
    with pytest.raises(Refused, match="for Ana"):
        ask_again(scene, told["Ana"], "Flo")


@pytest.mark.parametrize("words", ["", "  ", "x" * 1001])
def test_it_takes_a_sentence(scene: Scene, declined: tuple[int, dict[str, int]], words: str) -> None:
    with pytest.raises(Refused) as refused:
        ask_again(scene, declined[1]["Ana"], "Ana", words)
    assert refused.value.field == "words"


def test_a_second_no_stands(scene: Scene, clock: Clock, declined: tuple[int, dict[str, int]]) -> None:
    idea_id, told = declined
    ask_again(scene, told["Ana"], "Ana")
    for name in ("Flo", "Gus"):
        vote(scene, clock, idea_id, name)
    again = decline(scene, idea_id)
    assert "appeal_open" not in shown(scene, again["Ana"])
    with pytest.raises(Refused, match="their answer stands"):
        ask_again(scene, again["Ana"], "Ana")
    with pytest.raises(Refused, match="decided anew"):
        ask_again(scene, tell_plan(scene, idea_id), "Ana")


def tell_plan(scene: Scene, idea_id: int) -> int:
    """It is planned after all. The notice of that for Ana."""
    with scene.tx() as tx:
        change = changes.plan(tx, by=scene.member(tx, "Cy"), idea_ids=[idea_id], now=scene.hub.clock())
        ana: Member = scene.member(tx, "Ana")
        tx.flush()
        return tx.scalars(select(Notice.id).where(Notice.change_id == change.id, Notice.member_id == ana.id)).one()


def test_what_was_planned_meanwhile_is_not_brought_back(
    scene: Scene, clock: Clock, declined: tuple[int, dict[str, int]]
) -> None:
    idea_id, told = declined
    ask_again(scene, told["Ana"], "Ana")
    tell_plan(scene, idea_id)
    for name in ("Flo", "Gus"):
        vote(scene, clock, idea_id, name)
    assert scene.get_idea(idea_id).state == "planned"
