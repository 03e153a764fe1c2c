"""One amount for one theme: who has which part of it, to the cent, and once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from feedback import themes
from feedback.errors import Refused
from feedback.rewards import recognition, sharing
from models import Idea, Member, Reward, RewardPot, RewardRule
from tests.conftest import workspace_of
from tests.feedback.scene import Scene
from tests.feedback.test_scoring import GOOD, POOR, score

WEIGHTS = st.dictionaries(
    st.integers(1, 50), st.fractions(min_value=1, max_value=9, max_denominator=6), min_size=1, max_size=20
)


@given(cents=st.integers(1, 10**12), weights=WEIGHTS, random=st.randoms(use_true_random=False), has_first=st.booleans())
@example(cents=1, weights={1: Fraction(1), 2: Fraction(1)}, random=None, has_first=True)
@settings(max_examples=150, deadline=None)
def test_parts_add_up_to_the_cent_in_any_order(
    cents: int, weights: dict[int, Fraction], random: object, has_first: bool
) -> None:
    first = min(weights) if has_first else None
    found = sharing.shares(cents, weights=weights, first=first)
    assert sum(found.values()) == cents
    assert found.keys() == weights.keys()
    assert all(part >= 0 for part in found.values())
    if first is not None:
        assert 2 * found[first] >= cents
    order = list(weights)
    if random is not None:
        random.shuffle(order)  # type: ignore[attr-defined]
    assert sharing.shares(cents, weights={each: weights[each] for each in order}, first=first) == found
    others = [each for each in weights if each != first]
    for one, other in pairwise(others):
        if weights[one] > weights[other]:
            assert found[one] >= found[other], "who helped better never has less"


def test_what_is_left_goes_to_the_largest_remainder() -> None:
    equal = {1: Fraction(1), 2: Fraction(1), 3: Fraction(1)}
    assert sharing.shares(100, weights=equal, first=None) == {1: 34, 2: 33, 3: 33}
    assert sharing.shares(101, weights=equal, first=3) == {1: 25, 2: 25, 3: 51}
    assert sharing.shares(100, weights={1: Fraction(9), 2: Fraction(1)}, first=1) == {1: 90, 2: 10}


@pytest.fixture
def theme_id(scene: Scene) -> int:
    """Ana and Flo report a problem, Gus has an idea about it; it shipped. Rules share 50.00 for both."""
    said = [("Ana", "It does not work."), ("Flo", "The pump leaks at the lid."), ("Gus", "A tighter lid would help.")]
    with scene.tx() as tx:
        workspace = workspace_of(tx)
        for trigger in ("first_report", "evidence"):
            facts = {"points": 5, "amount_cents": 5000, "currency": "USD", "provider": "manual"}
            tx.add(RewardRule(workspace_id=workspace.id, trigger=trigger, **facts, made_at=scene.hub.clock()))
        for member in tx.scalars(select(Member)):
            member.joined_at -= timedelta(days=30)
    ids = [scene.idea(who, text) for who, text in said]
    found = 0
    for row, idea_id in enumerate(ids):
        with scene.tx() as tx:
            idea = tx.get_one(Idea, idea_id)
            idea.kind = "problem" if row < 2 else "idea"
            idea.created_at += timedelta(minutes=row)
            themes.place(tx, idea_id=idea_id, theme_id=found or None, name="Leaks", now=scene.hub.clock())
            found = idea.theme_id or 0
    scene.ship(*ids)
    return found


def share(
    scene: Scene, theme_id: int, *idea_ids: int, by: str = "Cy", trigger: str = "first_report"
) -> tuple[RewardPot, bool]:
    with scene.tx() as tx:
        who, now = scene.member(tx, by), scene.hub.clock()
        return sharing.share(tx, by=who, theme_id=theme_id, trigger=trigger, idea_ids=idea_ids, now=now)


def parts(scene: Scene) -> dict[str, int]:
    with scene.hub.reading() as tx:
        return {reward.member.name: reward.amount_cents for reward in tx.scalars(select(Reward).order_by(Reward.id))}


def test_the_oldest_clear_report_comes_first_and_has_half(scene: Scene, theme_id: int) -> None:
    score(scene, 1, "Bo", POOR)
    score(scene, 2, "Bo", GOOD)
    pot, is_new = share(scene, theme_id, 1, 3)
    assert is_new
    assert parts(scene) == {"Ana": 1364, "Flo": 3182, "Gus": 454}, "weights 3, 7 and 1"
    with scene.hub.reading() as tx:
        rewards = tx.scalars(select(Reward)).all()
        assert {(reward.pot_id, reward.reason, reward.state) for reward in rewards} == {
            (pot.id, "first_report", "proposed")
        }
        assert all(reward.change_id is not None for reward in rewards)
        assert sum(reward.amount_cents for reward in rewards) == pot.amount_cents == 5000


def test_where_nothing_was_clear_the_oldest_report_is_the_first(scene: Scene, theme_id: int) -> None:
    share(scene, theme_id, 2, 3)
    assert parts(scene) == {"Ana": 2500, "Flo": 1250, "Gus": 1250}


def test_a_second_time_is_no_news_and_each_trigger_has_its_own(scene: Scene, theme_id: int) -> None:
    pot, _ = share(scene, theme_id, 2)
    again, is_new = share(scene, theme_id, 3, by="Di")
    assert (again.id, is_new) == (pot.id, False)
    assert parts(scene) == {"Ana": 2500, "Flo": 2500}
    share(scene, theme_id, 3, trigger="evidence")
    with scene.hub.reading() as tx:
        assert len(tx.scalars(select(RewardPot)).all()) == 2
        assert len(tx.scalars(select(Reward)).all()) == 4


def test_two_at_once_share_it_once(scene: Scene, theme_id: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda by: share(scene, theme_id, 3, by=by), ["Cy", "Di"]))
    assert sorted(is_new for _, is_new in found) == [False, True]
    assert parts(scene) == {"Ana": 2500, "Gus": 2500}


def test_somebody_with_several_ideas_is_in_it_once_with_the_best(scene: Scene, theme_id: int) -> None:
    other = scene.idea("Gus", "Here is a film of it.")
    with scene.tx() as tx:
        themes.place(tx, idea_id=other, theme_id=theme_id, name="", now=scene.hub.clock())
    score(scene, other, "Bo", GOOD)
    share(scene, theme_id, 3, other)
    assert parts(scene) == {"Ana": 2500, "Gus": 2500}
    with scene.hub.reading() as tx:
        assert tx.scalars(select(Reward.idea_id).where(Reward.idea_id != 1)).all() == [other]


def test_a_theme_that_took_in_another_has_what_that_one_had(scene: Scene, theme_id: int) -> None:
    share(scene, theme_id, 3)
    idea_id = scene.idea("Flo", "Also at the hinge.")
    with scene.tx() as tx:
        by, now = scene.member(tx, "Bo"), scene.hub.clock()
        themes.place(tx, idea_id=idea_id, theme_id=None, name="Hinges", now=now)
        into = tx.get_one(Idea, idea_id).theme_id
        assert into
        themes.merge(tx, by=by, theme_id=theme_id, into_id=into, now=now)
    _, is_new = share(scene, into, idea_id)
    assert not is_new
    assert set(parts(scene)) == {"Ana", "Gus"}


@pytest.mark.parametrize(
    ("name", "fact", "reason"),
    [("Gus", "left_at", "has left"), ("Gus", "takes_rewards", "to be given nothing"), ("Gus", "role", "on the team")],
)
def test_who_cannot_be_given_anything_is_refused_with_the_reason(
    scene: Scene, theme_id: int, name: str, fact: str, reason: str
) -> None:
    with scene.tx() as tx:
        value = {"left_at": scene.hub.clock(), "takes_rewards": False, "role": "moderator"}[fact]
        setattr(scene.member(tx, name), fact, value)
    with pytest.raises(Refused, match=reason) as refused:
        share(scene, theme_id, 3)
    assert refused.value.field == "idea_ids"
    assert parts(scene) == {}


def test_where_the_first_reporter_left_the_others_share_all_of_it(scene: Scene, theme_id: int) -> None:
    with scene.tx() as tx:
        scene.member(tx, "Ana").left_at = scene.hub.clock()
    with pytest.raises(Refused, match="can be shared as evidence"):
        share(scene, theme_id, 3)
    with scene.tx() as tx:
        scene.member(tx, "Ana").left_at = None
    share(scene, theme_id, 3)
    with scene.tx() as tx:
        scene.member(tx, "Ana").left_at = scene.hub.clock()
    share(scene, theme_id, 2, 3, trigger="evidence")
    with scene.hub.reading() as tx:
        found = tx.scalars(select(Reward).where(Reward.reason == "evidence").order_by(Reward.id)).all()
        assert {reward.member.name: reward.amount_cents for reward in found} == {"Flo": 2500, "Gus": 2500}


def test_only_the_first_of_them_is_known_as_the_first(scene: Scene, theme_id: int) -> None:
    score(scene, 2, "Bo", GOOD)
    share(scene, theme_id, 1, 3)
    with scene.tx() as tx:
        for reward in tx.scalars(select(Reward)):
            reward.state = "approved"
    with scene.hub.reading() as tx:
        ids = {name: scene.member(tx, name).id for name in ("Ana", "Flo", "Gus")}
        which = {"member_ids": list(ids.values()), "now": scene.hub.clock()}
        found = recognition.of_members(tx, workspace=workspace_of(tx), **which)  # type: ignore[arg-type]
    badges = {name: list(found[member_id].badges) for name, member_id in ids.items()}
    added = ["Brought evidence"]
    assert badges == {"Ana": added, "Flo": ["First to report a problem"], "Gus": added}


def test_whoever_was_thanked_for_it_has_no_part(scene: Scene, theme_id: int) -> None:
    share(scene, theme_id, 3)
    with scene.tx() as tx:
        for pot_id in tx.scalars(select(RewardPot.id)).all():
            for reward in tx.scalars(select(Reward).where(Reward.pot_id == pot_id)):
                reward.pot_id = None
            tx.delete(tx.get_one(RewardPot, pot_id))
    with pytest.raises(Refused, match="Gus was thanked for that already"):
        share(scene, theme_id, 3)


def test_what_is_refused(scene: Scene, theme_id: int) -> None:
    with pytest.raises(Refused, match="Product people and managers"):
        share(scene, theme_id, 3, by="Bo")
    with pytest.raises(Refused, match="Choose what it is for"):
        share(scene, theme_id, 3, trigger="verified")
    with pytest.raises(Refused, match="not in this theme"):
        share(scene, theme_id, scene.idea("Flo", "Something else."))
    with scene.tx() as tx:
        rule = tx.scalars(select(RewardRule).where(RewardRule.trigger == "evidence")).one()
        rule.proposed_by = "manager"
    with pytest.raises(Refused, match="only managers"):
        share(scene, theme_id, 3, trigger="evidence")
    with scene.tx() as tx:
        tx.scalars(select(RewardRule).where(RewardRule.trigger == "evidence")).one().amount_cents = 2
    with pytest.raises(Refused, match="less than a cent"):
        share(scene, theme_id, 2, 3, by="Di", trigger="evidence")
    assert parts(scene) == {}


def test_nothing_is_shared_before_anything_was_decided(scene: Scene, theme_id: int) -> None:
    idea_id = scene.idea("Gus", "The box is too big.")
    with scene.tx() as tx:
        themes.place(tx, idea_id=idea_id, theme_id=None, name="Boxes", now=scene.hub.clock())
        other = tx.get_one(Idea, idea_id).theme_id
    assert other
    with pytest.raises(Refused, match="Nothing was decided"):
        share(scene, other, idea_id)


def test_a_part_that_is_proposed_again_is_still_a_part(scene: Scene, theme_id: int) -> None:
    pot, _ = share(scene, theme_id, 2)
    before = parts(scene)
    assert sum(before.values()) == 5000
    told = scene.tell_all(scene.changes()[0].id)
    scene.answer(told["Ana"], "Ana", "not_yet", "It still leaks.")
    with scene.tx() as tx:
        assert tx.scalars(select(Reward.state).where(Reward.idea_id == 1)).one() == "cancelled"
    told = scene.tell_all(scene.ship(1, summary="A new lid."))
    scene.answer(told["Ana"], "Ana")
    with scene.tx() as tx:
        again = tx.scalars(select(Reward).where(Reward.idea_id == 1)).one()
        assert (again.state, again.pot_id, again.amount_cents) == ("proposed", pot.id, before["Ana"])
