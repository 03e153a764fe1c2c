"""How much a theme is wanted: counted, and told for those who say nothing."""

from __future__ import annotations

from collections import Counter

import pytest

from feedback.overview import demand
from feedback.overview.demand import Demand, Estimate, Part, estimate, thirds
from models import Member
from tests.conftest import workspace_of
from tests.feedback.scene import Scene
from tests.feedback.test_themes import open_theme


def told(**facts: int) -> Demand:
    given = {"ideas": 1, "votes": 0, "people": 1, "customers": 40, "heard": 12, "wanted": 1} | facts
    return Demand(**given, estimate=None)


def test_five_loud_people_are_not_the_demand() -> None:
    """They are half of those who spoke up among the loud, and the loud are a tenth of all."""
    naive = 5 / 30
    found = estimate([Part(90, 20, 0), Part(10, 10, 5)])
    assert found == Estimate(about=5, low=5, high=18)
    assert found.about < 100 * naive / 3


def test_whoever_asked_is_certain_and_the_rest_is_a_guess_that_is_wider_the_fewer_spoke_up() -> None:
    few, many = estimate([Part(100, 10, 5)]), estimate([Part(100, 80, 40)])
    assert few is not None
    assert many is not None
    assert few.about == many.about == 50
    assert few.low < many.low
    assert few.high - few.low > 3 * (many.high - many.low)
    assert many.low >= 40


def test_where_everybody_spoke_up_there_is_nothing_to_guess() -> None:
    assert estimate([Part(10, 10, 3), Part(10, 10, 5)]) == Estimate(40, 40, 40)


@pytest.mark.parametrize("parts", [[], [Part(50, 9, 9)], [Part(0, 0, 0)]])
def test_too_few_tell_nothing_of_the_rest(parts: list[Part]) -> None:
    assert estimate(parts) is None


def test_nobody_asked_is_not_the_same_as_nobody_wants_it() -> None:
    found = estimate([Part(100, 20, 0)])
    assert found is not None
    assert (found.about, found.low) == (0, 0)
    assert 5 < found.high < 20


def test_the_membership_falls_into_thirds_by_what_people_write() -> None:
    """Thirty who never wrote, thirty who wrote three times, thirty who wrote a lot."""
    customers = Counter({(0, False, False): 24, (0, True, True): 6, (3, False, False): 20, (3, True, False): 10})
    customers.update({(90, True, True): 20, (40, False, False): 10})
    assert thirds(customers) == [Part(30, 6, 6), Part(30, 10, 0), Part(30, 20, 20)]


def test_a_third_of_which_too_few_spoke_up_is_one_with_its_neighbour() -> None:
    customers = Counter({(0, False, False): 30, (3, True, False): 30, (9, True, True): 4, (9, False, False): 26})
    assert thirds(customers) == [Part(90, 34, 4)]
    assert thirds(Counter({(0, True, True): 5})) == [Part(5, 5, 5)]


def test_messages_members_and_the_membership_are_three_numbers(scene: Scene) -> None:
    ideas = [scene.idea("Ana", "Refills"), scene.idea("Ana", "Refills again"), scene.idea("Bo", "A refill")]
    theme_id = open_theme(scene, *ideas)
    elsewhere = scene.idea("Gus", "Dark mode")
    open_theme(scene, elsewhere, name="dark")
    for who, idea_id in (("Flo", ideas[0]), ("Flo", ideas[1]), ("Ana", elsewhere)):
        scene.vote(idea_id, who)
    with scene.tx() as tx:
        scene.member(tx, "Gus").left_at = scene.hub.clock()
    with scene.hub.reading() as tx:
        found = demand.of(tx, workspace_id=workspace_of(tx).id, theme_id=theme_id)
    assert (found.ideas, found.votes, found.people) == (3, 2, 3)
    assert (found.customers, found.heard, found.wanted) == (2, 2, 2)  # Gus left, Bo is of the team
    assert demand.sentences(found) == [
        "Said or backed 5 times: 3 ideas and 2 votes.",
        "3 people are behind it, 2 of them customers here now.",
        "Only 2 of 2 customers ever said or backed anything: too few to tell what all of them want.",
    ]


def test_the_silent_are_told_of_where_enough_spoke_up(scene: Scene) -> None:
    with scene.tx() as tx:
        for number in range(17):
            facts = {"slack_id": f"U0P{number}", "name": f"P{number}", "joined_at": scene.hub.clock()}
            tx.add(Member(workspace_id=workspace_of(tx).id, **facts))
    wanted = [scene.idea(f"P{number}", f"Refill {number}") for number in range(6)]
    for number in range(6, 12):
        scene.idea(f"P{number}", f"Other {number}")
    theme_id = open_theme(scene, *wanted)
    with scene.hub.reading() as tx:
        found = demand.of(tx, workspace_id=workspace_of(tx).id, theme_id=theme_id)
    assert (found.customers, found.heard, found.wanted) == (20, 12, 6)
    assert found.estimate is not None
    assert found.estimate.about == 50
    assert found.estimate.low >= 30
    assert demand.sentences(found)[2].startswith("About 50 of 100 customers may want it (")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "Said or backed 1 time: 1 idea and 0 votes."),
        ({}, "1 person is behind it."),
        ({"wanted": 0}, "1 person is behind it, none of them customers here now."),
        ({"people": 3}, "3 people are behind it, 1 of them a customer here now."),
        ({"heard": 0}, "No customer ever said or backed anything: too few to tell what all of them want."),
    ],
)
def test_numbers_are_told_in_sentences(facts: dict[str, int], sentence: str) -> None:
    assert sentence in demand.sentences(told(**facts))
