"""Where a new text goes."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from feedback import clustering
from feedback.clustering import Corpus, Vectors
from tests.feedback.clustering.conftest import embedded
from tests.feedback.clustering.sentences import COFFEE, CYCLING

Themes = Mapping[int, Sequence[str]]
THEMES: Themes = dict(enumerate(COFFEE.values()))
NUMBER = {theme: number for number, theme in enumerate(COFFEE)}


def placed(vectors: Vectors, text: str, themes: Themes) -> int | None:
    known = [(theme, each) for theme, texts in themes.items() for each in texts]
    rows = embedded(vectors, [text, *(each for _, each in known)])
    return Corpus(rows[1:], vectors.parameters).place(rows[0], [theme for theme, _ in known])


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
def test_a_clear_case_is_placed(vectors: Vectors, text: str, theme: str) -> None:
    assert placed(vectors, text, THEMES) == NUMBER[theme]


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("I'd like to skip my delivery while I am on holiday", "pause subscription"),
        ("The beans came ten days too late", "late subscription"),
        ("Internet on the machine is gone", "cannot connect to wifi"),
    ],
)
def test_other_words_for_the_same_are_understood(minilm: Vectors, text: str, theme: str) -> None:
    assert placed(minilm, text, THEMES) == NUMBER[theme]


@pytest.mark.parametrize("text", ["Greetings from Lisbon", "xyzzy", "Who won the match last night?"])
def test_what_nobody_said_opens_a_theme(vectors: Vectors, text: str) -> None:
    assert placed(vectors, text, THEMES) is None


@pytest.mark.parametrize(("kind", "bound"), [("minilm", 0.92), ("static", 0.80)])
@pytest.mark.parametrize("themes", [COFFEE, CYCLING])
def test_most_texts_find_back_to_their_theme(themes: Mapping[str, Sequence[str]], kind: str, bound: float) -> None:
    vectors = clustering.load(kind)
    rows = embedded(vectors, [text for texts in themes.values() for text in texts])
    home = [number for number, texts in enumerate(themes.values()) for _ in texts]
    found = []
    for row in range(len(rows)):
        if home.count(home[row]) > 1:
            others = Corpus(np.delete(rows, row, axis=0), vectors.parameters)
            found.append(others.place(rows[row], home[:row] + home[row + 1 :]) == home[row])
    assert sum(found) / len(found) > bound


def test_the_same_text_is_placed_with_itself(vectors: Vectors) -> None:
    themes = {1: ["dark mode!", "grinder noise", "refund missing", "leaking tank"], 2: ["dark theme", "a dark screen"]}
    assert placed(vectors, "Dark mode!", themes) == 1
    assert placed(vectors, "dark mode", {5: ["dark mode"], 2: ["dark mode"]}) == 2


def test_a_text_without_words_is_placed_nowhere(vectors: Vectors) -> None:
    assert placed(vectors, "🎉", {3: ["dark mode"], 8: ["🎉"]}) is None
    assert placed(vectors, "", {3: ["dark mode"]}) is None


def test_the_first_text_of_all(vectors: Vectors) -> None:
    assert placed(vectors, "dark mode", {}) is None
    assert placed(vectors, "dark mode", {1: ["🎉"], 2: ["a dark mode please"]}) == 2


def test_the_order_of_what_is_known_does_not_matter(vectors: Vectors) -> None:
    backwards = {theme: THEMES[theme][::-1] for theme in reversed(list(THEMES))}
    for text in ("A quieter grinder", "Colder milk", "Water on the floor"):
        assert placed(vectors, text, THEMES) == placed(vectors, text, backwards)
