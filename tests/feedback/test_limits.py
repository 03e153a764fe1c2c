"""The most that one person is given, and that one manager decides, each said with its numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from feedback import rewards
from feedback.errors import Refused
from feedback.rewards import limits
from models import Approval, Reward
from tests.conftest import START, money, workspace_of
from tests.feedback.giving import give, join, link, say
from tests.feedback.scene import Scene


def days(number: float) -> timedelta:
    return timedelta(days=number)


USUAL = {"most_rewards_a_month": 4, "most_cents_a_year": 30_000}


def limit(tx: Session, **limits: int) -> None:
    for name, value in limits.items():
        setattr(workspace_of(tx), name, value)


def refused(scene: Scene, *had: dict[str, Any], workspace: dict[str, int] | None = None, **facts: Any) -> str:
    """What is said to one more for Ana, who had these; empty where nothing is."""
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        limit(tx, **(workspace or USUAL))
        for each in had:
            give(tx, ana, **{"at": START, **each})
        one_more = give(tx, ana, at=START, state="vesting", **facts)
        try:
            limits.check(tx, reward=one_more, now=START)
        except Refused as error:
            return error.say
    return ""


@pytest.mark.parametrize(
    ("had", "say"),
    [
        ([{}, {}, {}], ""),
        ([{}, {}, {}, {}], "Ana has had 4 this month, which is the most."),
        ([{}, {}, {"state": "approved", "at": START - days(20)}, {"state": "human"}], "Ana has had 4"),
        ([{}, {}, {}, {"at": START - days(2)}], ""),
        ([{}, {}, {}, {"cents": 0}], ""),
        ([{}, {}, {}, {"state": "vesting"}], ""),
        ([{}, {}, {}, {"state": "failed"}], ""),
    ],
    ids=["three", "four", "on their way", "the month before", "points", "not decided", "not paid"],
)
def test_so_many_a_month(scene: Scene, had: list[dict[str, Any]], say: str) -> None:
    found = refused(scene, *had)
    assert found.startswith(say) and bool(found) == bool(say)  # noqa: PT018


def test_points_are_not_counted_as_money(scene: Scene) -> None:
    assert refused(scene, {}, {}, {}, {}, cents=0) == ""


def test_no_limit_where_a_manager_set_none(scene: Scene) -> None:
    free = {"most_rewards_a_month": 0, "most_cents_a_year": 0}
    assert refused(scene, *({"cents": 50_000} for _ in range(9)), workspace=free) == ""


@pytest.mark.parametrize(
    ("had", "say"),
    [
        ([{"cents": 27_500, "at": START - days(200)}], ""),
        (
            [{"cents": 27_501, "at": START - days(200)}],
            "Ana has had $275.01 this year. With this it would be $300.01, and $300.00 is the most.",
        ),
        ([{"cents": 27_500}, {"cents": 90_000, "currency": "EUR"}], ""),
        ([{"cents": 27_500}, {"cents": 90_000, "at": START - days(310)}], ""),
    ],
    ids=["just", "above", "another currency", "another year"],
)
def test_so_much_a_year_in_each_currency(scene: Scene, had: list[dict[str, Any]], say: str) -> None:
    assert refused(scene, *had) == say


def test_all_accounts_of_one_person_count_together(scene: Scene) -> None:
    with scene.tx() as tx:
        ana, flo, di = (scene.member(tx, name) for name in ("Ana", "Flo", "Di"))
        link(tx, ana, flo, by=di, at=START)
        for _ in range(2):
            give(tx, flo, at=START)
    assert refused(scene, {}, {}) == "Ana has had 4 this month, which is the most."


def test_so_many_by_one_rule_a_year(scene: Scene) -> None:
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        rule = rewards.in_force(tx, workspace_id=ana.workspace_id)[0]
        rule.most_a_year = 2
        give(tx, ana, at=START - days(100))
        give(tx, ana, at=START - days(310))
        give(tx, ana, at=START - days(10), reason="call")
        one_more = give(tx, ana, at=START, state="vesting", rule_id=rule.id)
        limits.check(tx, reward=one_more, now=START)
        give(tx, ana, 0, at=START - days(50))
        with pytest.raises(Refused, match="has had 2 this year for an idea that shipped and was verified, which is"):
            limits.check(tx, reward=one_more, now=START)


def test_so_many_one_manager_decides_a_day(scene: Scene) -> None:
    with scene.tx() as tx:
        ana, di, gus = (scene.member(tx, name) for name in ("Ana", "Di", "Gus"))
        idea = say(tx, ana, "One of many.", at=START)
        reward = give(tx, ana, at=START, state="vesting", idea=idea)
        for number in range(limits.MOST_A_DAY):
            other = give(tx, ana, 0, at=START, state="declined", idea=idea, reason=f"{number}")
            at = START - (days(0) if number else days(1))
            tx.add(Approval(reward_id=other.id, manager_id=di.id, verdict="declined", given_at=at))
        tx.flush()
        limits.check(tx, reward=reward, manager=di, now=START)
        other = give(tx, ana, 0, at=START, state="declined", idea=idea, reason="last")
        tx.add(Approval(reward_id=other.id, manager_id=di.id, verdict="declined", given_at=START))
        tx.flush()
        with pytest.raises(Refused, match=f"You have decided {limits.MOST_A_DAY} today, which is the most"):
            limits.check(tx, reward=reward, manager=di, now=START)
        limits.check(tx, reward=reward, manager=gus, now=START)


def test_ten_at_once_for_one_person_stop_at_the_limit(scene: Scene) -> None:
    """Of two accounts, proposed weeks apart, so that nothing else stops them."""
    with scene.tx() as tx:
        ana, flo, di = (scene.member(tx, name) for name in ("Ana", "Flo", "Di"))
        link(tx, ana, flo, by=di, at=START)
        limit(tx, **USUAL)
        cy = scene.member(tx, "Cy")
        ids = []
        for number in range(10):
            at = START - days(20 * number)
            facts: dict[str, Any] = {"state": "vesting", "vests_at": START, "proposed_by_id": cy.id}
            ids.append(give(tx, (ana, flo)[number % 2], at=at, **facts).id)
        join(tx, "Dora", now=START, role="manager")

    def attempt(reward_id: int) -> str:
        try:
            with scene.tx() as tx:
                rewards.approve(
                    tx,
                    reward_id=reward_id,
                    manager=scene.member(tx, "Dora" if reward_id % 3 else "Di"),
                    gift="CODE-1",
                    cipher=scene.hub.cipher,
                    now=START,
                )
        except Refused as error:
            return error.say
        return ""

    with ThreadPoolExecutor(5) as pool:
        said = list(pool.map(attempt, ids))
    assert said.count("") == 4
    assert all("has had 4 this month, which is the most." in each for each in said if each)
    with scene.tx() as tx:
        assert money(tx) == (0, 0, 10_000)
        states = [tx.get_one(Reward, each).state for each in ids]
        assert (states.count("paid"), states.count("vesting")) == (4, 6)
