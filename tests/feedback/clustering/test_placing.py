"""Where a new text goes."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.clustering import Parameters, cluster, place
from tests.feedback.clustering.sentences import COFFEE, CYCLING

THEMES = dict(enumerate(COFFEE.values()))
NUMBER = {theme: number for number, theme in enumerate(COFFEE)}


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("dark mode for the app, please", "dark mode"),
        ("How can I make the grinder less loud in the morning?", "grinder noise"),
        ("My wifi connection fails since yesterday", "cannot connect to wifi"),
        ("The water tank is leaking again", "water tank leak"),
        ("Please let me pause the subscription", "pause subscription"),
        ("App crashes on my Android phone", "crash on android"),
    ],
)
def test_a_clear_case_is_placed_where_clustering_puts_it(text: str, theme: str) -> None:
    assert place(text, THEMES) == NUMBER[theme]
    texts = [*COFFEE[theme], text]
    labels = cluster([*texts, *(each for name, others in COFFEE.items() if name != theme for each in others)])
    assert labels[len(texts) - 1] in labels[: len(texts) - 1]


@pytest.mark.parametrize("text", ["My refund is missing", "Greetings from Lisbon", "xyzzy", "请增加深色模式"])
def test_what_nobody_said_opens_a_theme(text: str) -> None:
    assert place(text, THEMES) is None


# Seen: 67 of 73 and 63 of 66 texts find back to the others of their group.
@pytest.mark.parametrize(("themes", "bound"), [(COFFEE, 0.80), (CYCLING, 0.85)])
def test_most_texts_find_back_to_their_theme(themes: Mapping[str, Sequence[str]], bound: float) -> None:
    found = []
    for theme, texts in themes.items():
        for text in texts if len(texts) > 1 else []:
            others = {number: [each for each in of if each != text] for number, of in enumerate(themes.values())}
            found.append(place(text, others) == list(themes).index(theme))
    assert sum(found) / len(found) > bound


def test_the_same_text_is_placed_with_itself() -> None:
    themes = {1: ["dark mode", "grinder noise", "refund missing", "leaking tank"], 2: ["dark theme", "a dark screen"]}
    assert place("Dark mode!", themes) == 1


def test_texts_without_words_are_placed_only_with_themselves() -> None:
    themes = {3: ["dark mode"], 8: ["🎉"], 9: ["🎉"]}
    assert place(" 🎉", themes) == 8
    assert place(":tada:", themes) is None
    assert place("", themes) is None


def test_themes_without_texts_or_words_take_nothing() -> None:
    assert place("dark mode", {}) is None
    assert place("dark mode", {1: []}) is None
    assert place("dark mode", {1: ["🎉"], 2: [" "]}) is None
    assert place("dark mode", {1: ["🎉"], 2: ["a dark mode please"]}) == 2


def test_of_two_themes_that_fit_equally_the_smaller_id_is_taken() -> None:
    assert place("dark mode for the app", {5: ["dark mode"], 2: ["dark mode"]}) == 2


def test_a_single_text_that_is_a_little_closer_does_not_outweigh_a_theme_of_many() -> None:
    themes = {1: ["The noise of the fan is a joke"], 2: COFFEE["grinder noise"]}
    text = "noise of the grinder in the morning"
    assert place(text, themes) == 2
    assert place(text, themes, Parameters(doubt=0)) == 1
    assert place("the noise of this fan is such a joke", themes) == 1


def test_a_very_long_text_is_placed() -> None:
    assert place("dark mode " * 1_000, THEMES) == NUMBER["dark mode"]


@settings(deadline=None, max_examples=30)
@given(
    text=st.text(max_size=40) | st.sampled_from(COFFEE["dark mode"]),
    themes=st.dictionaries(st.integers(), st.lists(st.text(max_size=20), max_size=4), max_size=5),
)
def test_any_text_goes_to_a_given_theme_or_to_none_in_any_order(text: str, themes: dict[int, list[str]]) -> None:
    found = place(text, themes)
    assert found in {None, *themes}
    assert found == place(text, {theme: themes[theme][::-1] for theme in reversed(themes)})
