"""Where the curves of a chart go: within their frame, with round numbers beside them."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.web import charts
from handlers.web.charts import FORMATS, Chart


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


def within(chart: Chart) -> bool:
    form = chart.format
    places = points(chart.line) + points(chart.area)
    return all(chart.left <= x <= chart.right and 0 <= y <= form.height - charts.BOTTOM for x, y in places)


@pytest.mark.parametrize(
    ("largest", "rows"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (3, [0, 1, 2, 3]),
        (7, [0, 2, 4, 6, 8]),
        (100, [0, 50, 100]),
        (18_287, [0, 5000, 10_000, 15_000, 20_000]),
    ],
)
def test_rows_are_round_numbers_up_to_the_largest(largest: float, rows: list[float]) -> None:
    assert charts.scale(largest) == (rows[-1], rows)


def test_a_line_goes_from_the_left_to_the_right() -> None:
    chart = charts.over_time([0, 5, 10], ["1 Mar", "8 Mar", "15 Mar"], FORMATS[0])
    assert points(chart.line) == [(58, 230), (396, 122), (734, 14)]
    assert [(label.text, label.x) for label in chart.columns] == [("1 Mar", 58), ("8 Mar", 396), ("15 Mar", 734)]
    assert [label.text for label in chart.rows] == ["0", "5", "10"]


def test_a_share_falls_by_steps_with_its_bounds_around_it() -> None:
    chart = charts.falling([(10, 0.5, 0.25, 0.75), (20, 0.0, 0.0, 0.0)], FORMATS[1], until=40)
    line = points(chart.line)
    assert [line[0], line[-1]] == [(58, 14), (332, 200)], "from all of them to none"
    assert all(before[0] == after[0] or before[1] == after[1] for before, after in pairwise(line))
    assert [label.text for label in chart.columns] == ["0", "10", "20", "30", "40"]


@settings(max_examples=40, deadline=None)
@given(values=st.lists(st.floats(0, 1e6), max_size=30), form=st.sampled_from(FORMATS))
def test_whatever_is_drawn_stays_within_its_frame(values: list[float], form: charts.Format) -> None:
    assert within(charts.over_time(values, [str(number) for number in range(len(values))], form))
    days = sorted(values)
    steps = [(day, 1 / (number + 2), 0.0, 1.0) for number, day in enumerate(days)]
    assert within(charts.falling(steps, form, until=max([1.0, *days])))
