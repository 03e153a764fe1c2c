"""The map of themes as circles and labels with their places, for a template to write down as SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feedback.blocks import shorten
from feedback.overview.mapping import Spot

LETTERS = {"reopened": "C", "new": "N", "planned": "P", "shipped": "S", "declined": "D"}
"""Inside the circles, for whoever does not tell the colours apart."""
MOST_COVERED = 0.12
"""Of the picture, by all circles together."""
LABELS = (26, 14)
"""Characters of a label: at most, and where so many find no room."""
LETTER_WIDTH = 0.58
"""Of the size of the type, on average and a little more."""
ROUNDS = 12
STEP = 0.25
"""The picture's frame grows in steps, so that one theme farther out does not move all the others."""


@dataclass(frozen=True)
class Format:
    """A picture for screens of one kind. All lengths are in its own units."""

    name: str
    width: int
    height: int
    most: int
    """Circles. More would lie on each other."""
    smallest: float
    largest: float
    """Radii."""
    type_size: int


FORMATS = (
    Format("desk", 760, 620, most=150, smallest=8, largest=46, type_size=13),
    Format("phone", 358, 420, most=60, smallest=7, largest=30, type_size=13),
)


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True)
class Circle:
    spot: Spot
    x: float
    y: float
    radius: float

    @property
    def letter(self) -> str:
        return LETTERS[self.spot.state]

    @property
    def box(self) -> Box:
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


@dataclass(frozen=True)
class Label:
    text: str
    box: Box

    @property
    def x(self) -> float:
        """Of its middle."""
        return round((self.box.left + self.box.right) / 2, 1)

    @property
    def y(self) -> float:
        """Of the line that its letters stand on, somewhat above the lower edge."""
        return round(self.box.bottom - 4, 1)


@dataclass(frozen=True)
class Picture:
    format: Format
    circles: Sequence[Circle]
    """The largest first, so that smaller ones lie on top."""
    labels: Sequence[Label]


def draw(spots: Sequence[Spot], form: Format) -> Picture:
    """`spots`: the one with most people first; those without a place are left out."""
    placed = [spot for spot in spots if spot.point is not None]
    drawn = placed[: form.most]
    if not drawn:
        return Picture(form, [], [])
    reach = max(max(abs(each) for each in spot.point or ()) for spot in placed)
    frame = max(STEP, math.ceil(reach / STEP) * STEP)
    radius = _unit(drawn, form)
    scale = (min(form.width, form.height) / 2 - form.largest - 4) / frame
    discs = []
    for spot in drawn:
        x, y = spot.point or (0.0, 0.0)
        size = max(form.smallest, radius * math.sqrt(spot.people))
        discs.append([form.width / 2 + x * scale, form.height / 2 - y * scale, size])
    _part(discs, form)
    circles = [Circle(spot, *(round(each, 1) for each in disc)) for spot, disc in zip(drawn, discs, strict=True)]
    return Picture(form, circles, _labels(circles, form))


def _part(discs: list[list[float]], form: Format) -> None:
    """Moves those that lie on each other apart, a little at a time, so that each can be seen and pressed. A disc is its
    x, y and radius."""
    for _ in range(ROUNDS):
        has_moved = False
        for number, one in enumerate(discs):
            for other in discs[:number]:
                dx, dy = one[0] - other[0], one[1] - other[1]
                least = one[2] + other[2] + 1
                if abs(dx) >= least or abs(dy) >= least:
                    continue
                distance = math.hypot(dx, dy)
                if distance >= least:
                    continue
                has_moved = True
                # Two in one place part to the sides. The smaller one goes the longer way.
                dx, dy = (dx / distance, dy / distance) if distance else (1.0, 0.0)
                by, share = least - distance, other[2] / (one[2] + other[2])
                one[0], one[1] = one[0] + dx * by * share, one[1] + dy * by * share
                other[0], other[1] = other[0] - dx * by * (1 - share), other[1] - dy * by * (1 - share)
        if not has_moved:
            break
    for disc in discs:
        disc[0] = min(max(disc[0], disc[2] + 2), form.width - disc[2] - 2)
        disc[1] = min(max(disc[1], disc[2] + 2), form.height - disc[2] - 2)


def _unit(drawn: Sequence[Spot], form: Format) -> float:
    """The radius of a circle for one person: areas are as numbers of people, but for the smallest ones."""
    people = [max(spot.people, 1) for spot in drawn]
    covered = math.sqrt(MOST_COVERED * form.width * form.height / (math.pi * sum(people)))
    return min(covered, form.largest / math.sqrt(max(people)))


def _labels(circles: Sequence[Circle], form: Format) -> list[Label]:
    """The largest first, each below, above or beside its circle where it lies on nothing; else it has none."""
    taken = [circle.box for circle in circles]
    found = []
    for circle in circles:
        for label in _places(circle, form.type_size):
            box = label.box
            inside = box.left >= 0 and box.top >= 0 and box.right <= form.width and box.bottom <= form.height
            if inside and not any(box.meets(other) for other in taken):
                taken.append(box)
                found.append(label)
                break
    return found


def _places(circle: Circle, type_size: int) -> Iterator[Label]:
    """Below and above, in the middle or to one side, and then to the left and right; the long label first."""
    height, gap = type_size + 4, circle.radius + 1
    for most in LABELS:
        text = shorten(circle.spot.name, most)
        width = len(text) * LETTER_WIDTH * type_size
        for top in (circle.y + gap, circle.y - gap - height):
            for left in (circle.x - width / 2, circle.x - 6, circle.x - width + 6):
                yield Label(text, Box(left, top, left + width, top + height))
        for left in (circle.x + gap + 3, circle.x - gap - 3 - width):
            yield Label(text, Box(left, circle.y - height / 2, left + width, circle.y + height / 2))
