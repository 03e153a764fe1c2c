"""One contribution earns one thing, whoever of several that said it has it, and whenever they became one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from feedback import rewards
from feedback.errors import Refused
from feedback.rewards import sharing
from models import Idea, Reward
from tests.feedback.scene import Scene
from tests.feedback.test_earning import earned, give, set_idea, theme

MONEY = {"amount": "25", "provider": "manual"}


@pytest.fixture
def said(scene: Scene) -> tuple[int, int]:
    """Ana said it first, and then Flo. Gus backs what Flo said."""
    first, second = scene.idea("Ana", "A lock for the pump."), scene.idea("Flo", "The pump needs a lock.")
    scene.vote(second, "Gus")
    return first, second


def report(scene: Scene, idea_id: int, **values: Any) -> None:
    """Something is proposed for whoever said it, because it was planned."""
    with scene.tx() as tx:
        cy, now = scene.member(tx, "Cy"), scene.hub.clock()
        idea = tx.get_one(Idea, idea_id)
        rule = next(each for each in rewards.in_force(tx, workspace_id=cy.workspace_id) if each.trigger == "verified")
        made = rewards.propose(tx, idea=idea, member=idea.author, rule=rule, change=None, by_id=cy.id, now=now)
        assert made is not None
        for name, value in values.items():
            setattr(made, name, value)


@pytest.mark.parametrize("is_into_first", [True, False])
def test_whoever_said_it_first_has_it_whichever_is_shown(
    scene: Scene, said: tuple[int, int], is_into_first: bool
) -> None:
    first, second = said
    shown = first if is_into_first else second
    merge_id = scene.merge(second if is_into_first else first, shown)
    told = scene.tell_all(scene.ship(shown))
    scene.answer(told["Flo"], "Flo")
    scene.answer(told["Ana"], "Ana")
    assert [row[:2] for row in earned(scene)] == [("Ana", "verified")]
    with scene.hub.reading() as tx:
        assert tx.scalars(select(Reward.idea_id)).one() == first, "it is for her own words"
    scene.undo(merge_id)
    scene.answer(told["Gus"], "Gus")
    assert [row[:2] for row in earned(scene)] == [("Ana", "verified"), ("Flo", "verified")], "they are two again"


def test_where_the_first_may_have_nothing_the_next_one_was_first(scene: Scene, said: tuple[int, int]) -> None:
    first, second = said
    with scene.tx() as tx:
        scene.member(tx, "Ana").takes_rewards = False
    scene.merge(second, first)
    told = scene.tell_all(scene.ship(first))
    scene.answer(told["Gus"], "Gus")
    assert [row[:2] for row in earned(scene)] == [("Flo", "verified")]


@pytest.mark.parametrize("state", ["proposed", "approved", "paid"])
@pytest.mark.parametrize("has_it", [0, 1])
def test_what_one_of_them_has_already_is_not_given_for_the_other(
    scene: Scene, said: tuple[int, int], state: str, has_it: int
) -> None:
    """Whether it was the first or not, and whichever is shown when it ships."""
    report(scene, said[has_it], state=state)
    scene.merge(said[has_it], said[1 - has_it])
    before = earned(scene)
    told = scene.tell_all(scene.ship(said[1 - has_it]))
    for name in ("Ana", "Flo", "Gus"):
        scene.answer(told[name], name)
    assert [row[:2] for row in earned(scene)] == [row[:2] for row in before]


@pytest.mark.parametrize(
    ("ana", "flo", "left"),
    [
        ("proposed", "proposed", ["Ana"]),
        ("vesting", "proposed", ["Ana"]),
        ("proposed", "vesting", ["Ana"]),
        ("proposed", "paid", ["Flo"]),
        ("paid", "proposed", ["Ana"]),
        ("paid", "paid", ["Ana", "Flo"]),
        ("declined", "proposed", ["Flo"]),
    ],
)
@pytest.mark.parametrize("is_into_first", [True, False])
def test_of_two_that_turn_out_to_say_the_same_one_has_it(
    scene: Scene, said: tuple[int, int], ana: str, flo: str, left: list[str], is_into_first: bool
) -> None:
    """What has come further, or else what was for the first of them. What was paid stays paid."""
    for idea_id, state in zip(said, (ana, flo), strict=True):
        report(scene, idea_id, state=state)
    merge_id = scene.merge(*(reversed(said) if is_into_first else said))
    after = earned(scene)
    assert [name for name, _, state in after if state not in ("declined", "cancelled")] == left
    scene.undo(merge_id)
    assert earned(scene) == after, "an undo brings nothing back"


def share(scene: Scene, theme_id: int, *idea_ids: int) -> None:
    with scene.tx() as tx:
        by, now = scene.member(tx, "Di"), scene.hub.clock()
        sharing.share(tx, by=by, theme_id=theme_id, trigger="first_report", idea_ids=idea_ids, now=now)


def test_parts_of_one_pot_are_one_thing(scene: Scene, said: tuple[int, int]) -> None:
    give(scene, "first_report", **MONEY)
    for idea_id in said:
        set_idea(scene, idea_id, kind="problem")
    theme_id = theme(scene, *said)
    scene.ship(*said)
    share(scene, theme_id, *said)
    for idea_id in said:
        set_idea(scene, idea_id, state="reopened")
    scene.merge(said[1], said[0])
    assert earned(scene) == [("Ana", "first_report", "proposed"), ("Flo", "first_report", "proposed")]


def test_what_was_thanked_for_by_itself_has_no_part_in_a_pot(scene: Scene, said: tuple[int, int]) -> None:
    """Nor has anybody else who said the same."""
    give(scene, "first_report", **MONEY)
    theme_id = theme(scene, *said)
    scene.merge(said[1], said[0])
    told = scene.tell_all(scene.ship(said[0]))
    scene.answer(told["Gus"], "Gus")
    with scene.tx() as tx:
        tx.execute(update(Reward).values(state="paid"))
    with pytest.raises(Refused, match="Flo was thanked for that already, or who said the same was"):
        share(scene, theme_id, said[1])
