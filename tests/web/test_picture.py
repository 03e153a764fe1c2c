"""The map as a picture: circles where they were measured to be, and labels that lie on nothing."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from feedback.overview.mapping import Spot, state_of
from handlers.web.picture import FORMATS, Format, draw


def spots(count: int, people: int = 40) -> list[Spot]:
    chance = random.Random(5)
    return [
        Spot(
            theme_id=number + 1,
            name=f"Theme {number} about something",
            people=max(1, people - number),
            ideas=1,
            state="new",
            point=(chance.uniform(-1, 1), chance.uniform(-1, 1)),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("count", [1, 2, 20, 400])
def test_everything_is_inside_and_no_label_lies_on_anything(form: Format, count: int) -> None:
    picture = draw(spots(count), form)
    assert len(picture.circles) == min(count, form.most)
    for circle in picture.circles:
        assert circle.radius <= circle.x <= form.width - circle.radius
        assert circle.radius <= circle.y <= form.height - circle.radius
    assert picture.labels
    boxes = [label.box for label in picture.labels]
    assert all(box.left >= 0 and box.right <= form.width and box.bottom <= form.height for box in boxes)
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    assert not any(box.meets(circle.box) for box in boxes for circle in picture.circles)


def test_areas_are_as_numbers_of_people() -> None:
    (large, small) = draw([*spots(1, people=36), *spots(1, people=9)], FORMATS[0]).circles
    assert large.radius == pytest.approx(2 * small.radius, abs=0.1)


def test_circles_in_one_place_are_parted() -> None:
    one, other = (Spot(number, "Same", 5, 5, "new", (0.3, 0.3)) for number in (1, 2))
    (first, second) = draw([one, other], FORMATS[0]).circles
    assert abs(first.x - second.x) >= first.radius + second.radius


def test_one_theme_more_does_not_move_the_others() -> None:
    some = spots(12)
    before = {circle.spot.theme_id: (circle.x, circle.y) for circle in draw(some, FORMATS[0]).circles}
    new = Spot(99, "New", 1, 1, "new", (0.0, 1.0))
    for circle in draw([*some, new], FORMATS[0]).circles:
        if circle.spot.theme_id in before:
            x, y = before[circle.spot.theme_id]
            assert abs(circle.x - x) + abs(circle.y - y) < 40


def test_a_theme_without_a_place_is_not_drawn() -> None:
    assert draw([Spot(1, "New", 5, 5, "new", None)], FORMATS[0]).circles == []


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ({"new": 1, "planned": 1}, "new"),
        ({"new": 1, "planned": 2}, "planned"),
        ({"reopened": 1, "planned": 9}, "reopened"),
        ({"new": 2, "shipped": 2, "verified": 1}, "shipped"),
        ({"declined": 1}, "declined"),
    ],
)
def test_a_theme_stands_as_most_of_its_ideas_do_unless_something_came_back(states: dict[str, int], state: str) -> None:
    assert state_of(states) == state
