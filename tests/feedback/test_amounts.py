"""Money as people type it: exact, or refused below its field with what is wrong about it."""

from __future__ import annotations

import pytest

from feedback.errors import Refused
from feedback.rewards import amounts


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("25", 2500),
        ("12.50", 1250),
        ("12.5", 1250),
        (" 0.01 ", 1),
        ("0.29", 29),
        ("1.15", 115),
        ("1000000", 100_000_000),
    ],
)
def test_an_amount_is_read_exactly(text: str, cents: int) -> None:
    assert amounts.cents_of(text, "amount") == cents


WRONG = {
    "": "Write an amount like",
    "0": "more than zero",
    "0.00": "more than zero",
    "-5": "below zero",
    "-0.01": "below zero",
    "0.001": "two digits after the point",
    "1e9": "without an “e”",
    "1E-2": "without an “e”",
    "NaN": "not a number",
    "-Infinity": "not a number",
    "inf": "not a number",
    "5,00": "without commas",
    "1,000.00": "without commas",
    "9223372036854775808": "At most 1,000,000",
    "1000000.01": "At most 1,000,000",
    "9" * 5000: "too long",
    "٢٥": "digits 0 to 9",
    "２５": "digits 0 to 9",
    "²": "digits 0 to 9",
    "€5": "digits 0 to 9",
    "$5": "only the number",
    "5 EUR": "only the number",
    "0x10": "only the number",
    "1 000": "Write an amount like",
    "1_000": "Write an amount like",
    "+5": "Write an amount like",
    ".5": "Write an amount like",
    "5.": "Write an amount like",
    "1.2.3": "Write an amount like",
}


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_what_is_no_amount_is_refused_with_what_is_wrong_about_it(text: str) -> None:
    with pytest.raises(Refused, match=WRONG[text]) as refused:
        amounts.cents_of(text, "cents")
    assert refused.value.field == "cents"


def test_one_of_the_currencies_and_no_other() -> None:
    assert [amounts.currency_of(each) for each in amounts.CURRENCIES] == list(amounts.CURRENCIES)
    for other in ("", "JPY", "usd", "USD ", "＄", "XXX", "BTC"):
        with pytest.raises(Refused, match="Choose one of: USD") as refused:
            amounts.currency_of(other)
        assert refused.value.field == "currency"
