"""Curves over time as paths and labels with their places, for a template to write down as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEFT, RIGHT, TOP, BOTTOM = 58, 26, 14, 30
"""Around the curve, where its labels stand."""
LINES = 4
"""Across the picture, besides the lowest one: at most so many, and none between whole numbers."""
STEPS = (1, 2, 5, 10)
"""How far apart they are: one of these, times a power of ten."""


@dataclass(frozen=True)
class Format:
    """A picture for screens of one kind. All lengths are in its own units."""

    name: str
    width: int
    height: int
    dates: int
    """Labels below it: at most so many."""


FORMATS = (Format("desk", 760, 260, dates=7), Format("phone", 358, 230, dates=4))


@dataclass(frozen=True)
class Label:
    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Chart:
    format: Format
    line: str
    """What an SVG path's `d` takes."""
    area: str
    """Below the line, or between its bounds."""
    lines: Sequence[float]
    """Heights of those that go across."""
    rows: Sequence[Label]
    columns: Sequence[Label]

    @property
    def left(self) -> int:
        return LEFT

    @property
    def right(self) -> int:
        return self.format.width - RIGHT


def over_time(values: Sequence[float], labels: Sequence[str], form: Format) -> Chart:
    """One value for each of the labels, at equal distances, joined by straight lines; from nothing upwards."""
    top, rows = scale(max(values, default=0.0))
    places = [_place(number / max(1, len(values) - 1), value / top, form) for number, value in enumerate(values)]
    line = _path(places)
    floor = form.height - BOTTOM
    area = f"{line} L{places[-1][0]} {floor} L{places[0][0]} {floor} Z" if places else ""
    shown = _spread(len(labels), form.dates)
    columns = [Label(labels[number], places[number][0], form.height - 8.0) for number in shown]
    return Chart(form, line, area, *_across(rows, top, [f"{row:,.0f}" for row in rows], form), columns)


def falling(steps: Sequence[tuple[float, float, float, float]], form: Format, *, until: float) -> Chart:
    """A share of all that falls by steps: of each its day, the share and its two bounds. The picture ends after `until`
    days."""
    last, _ = scale(until)
    seen = {round(form.width * step[0] / last): step for step in steps if step[0] <= last}  # finer, and nobody sees it
    days = [0.0, *(step[0] for step in seen.values())]
    drawn = [(1.0, 1.0, 1.0), *((share, low, high) for _, share, low, high in seen.values())]
    line, low, high = (
        _stairs([(day / last, row[column]) for day, row in zip(days, drawn, strict=True)], until / last, form)
        for column in range(3)
    )
    area = f"{_path(high)} L{_path(low[::-1])[1:]} Z"
    shares = [0.0, 0.25, 0.5, 0.75, 1.0]
    lines, rows = _across(shares, 1.0, [f"{100 * share:g} %" for share in shares], form)
    _, ticks = scale(until, form.dates)
    columns = [Label(f"{tick:g}", _place(tick / last, 0, form)[0], form.height - 8.0) for tick in ticks if tick <= last]
    return Chart(form, _path(line), area, lines, rows, columns)


def scale(largest: float, lines: int = LINES) -> tuple[float, list[float]]:
    """A round number that is no smaller, and the round ones from nothing up to it."""
    if largest <= 1:
        return 1.0, [0.0, 1.0]
    rough = largest / lines
    power = 10.0 ** math.floor(math.log10(rough))
    step = max(1.0, next(each * power for each in STEPS if each * power >= rough * (1 - 1e-9)))
    count = math.ceil(largest / step - 1e-9)
    return count * step, [number * step for number in range(count + 1)]


def _place(x: float, y: float, form: Format) -> tuple[float, float]:
    """Of a point within the picture, from 0 to 1 rightwards and upwards."""
    width, height = form.width - LEFT - RIGHT, form.height - TOP - BOTTOM
    return round(LEFT + x * width, 1), round(TOP + (1 - y) * height, 1)


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x} {y}" for x, y in places) if places else ""


def _stairs(points: Sequence[tuple[float, float]], end: float, form: Format) -> list[tuple[float, float]]:
    """Each goes on as far as the next, and then falls."""
    found = []
    for number, (x, y) in enumerate(points):
        until = points[number + 1][0] if number + 1 < len(points) else max(end, x)
        found += [_place(x, y, form), _place(until, y, form)]
    return found


def _across(rows: Sequence[float], top: float, texts: Sequence[str], form: Format) -> tuple[list[float], list[Label]]:
    heights = [_place(0, row / top, form)[1] for row in rows]
    return heights, [Label(text, LEFT - 8.0, y + 4) for text, y in zip(texts, heights, strict=True)]


def _spread(count: int, most: int) -> list[int]:
    """Which of so many are labelled: the last one, and others as far apart as there is room."""
    every = max(1, -(-count // most))
    return sorted(range(count - 1, -1, -every))
