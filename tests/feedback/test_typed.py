"""Numbers and days as people type them: what is meant, or refused below its field."""

from __future__ import annotations

from datetime import date

import pytest

from feedback.errors import Refused
from feedback.typed import day_of, number_of


@pytest.mark.parametrize(("text", "number"), [("7", 7), (" 30 ", 30), ("0", 0), ("007", 7), ("90", 90)])
def test_a_whole_number_is_read(text: str, number: int) -> None:
    assert number_of(text, "days", least=0, most=90) == number


@pytest.mark.parametrize(
    "text", ["", " ", "-1", "91", "1.5", "1,000", "+7", "1e1", "seven", "²", "٨", "７", "9" * 5000]
)
def test_what_is_none_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(Refused) as refused:
        number_of(text, "days", least=0, most=90)
    assert (refused.value.say, refused.value.field) == ("Write a whole number between 0 and 90.", "days")


def test_what_is_asked_for_has_its_name() -> None:
    with pytest.raises(Refused) as refused:
        number_of("26", "year", least=2000, most=2027, what="a year")
    assert refused.value.say == "Write a year between 2000 and 2027."


def test_a_day_is_read_and_may_be_left_empty() -> None:
    assert day_of(" 2026-12-31 ", "ends_on") == date(2026, 12, 31)
    assert day_of(" ", "ends_on") is None


@pytest.mark.parametrize(
    "text", ["soon", "31.12.2026", "2026-02-30", "2026-13-01", "２０２６-12-31", "2026-12-31T10:00"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        day_of(text, "ends_on")
    assert (refused.value.say, refused.value.field) == ("Write a day like 2026-12-31.", "ends_on")
