"""What a theme is called."""

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.clustering import Naming
from feedback.clustering.cleaning import WORD
from feedback.clustering.words import SILENT
from tests.feedback.clustering.sentences import COFFEE, CYCLING


def name(texts: Sequence[str], elsewhere: Sequence[str] = ()) -> str:
    return Naming(elsewhere).name(texts)


def others(themes: Mapping[str, Sequence[str]], theme: str) -> list[str]:
    return [text for each, texts in themes.items() if each != theme for text in texts]


@pytest.mark.parametrize(
    ("themes", "theme", "expected"),
    [
        (COFFEE, "dark mode", "Dark mode"),
        (COFFEE, "grinder noise", "Grinder noise"),
        (COFFEE, "pause subscription", "Pause my subscription"),
        (COFFEE, "crash on android", "App crashes"),
        (CYCLING, "offline maps", "Offline maps"),
        (CYCLING, "strava sync", "Strava sync"),
        (CYCLING, "import gpx", "Importing a GPX file"),
    ],
)
def test_themes_are_called_what_people_call_them(
    themes: Mapping[str, Sequence[str]], theme: str, expected: str
) -> None:
    assert name(themes[theme], others(themes, theme)) == expected


@pytest.mark.parametrize("themes", [COFFEE, CYCLING])
def test_names_are_peoples_own_words_and_mostly_short(themes: Mapping[str, Sequence[str]]) -> None:
    names = [name(texts, others(themes, theme)) for theme, texts in themes.items()]
    for called, texts in zip(names, themes.values(), strict=True):
        assert called[0].isupper()
        assert any(called.rstrip("…").casefold() in " ".join(text.split()).casefold() for text in texts), called
    phrases = [found for found in map(WORD.findall, names) if 2 <= len(found) <= 4]
    assert len(phrases) >= len(names) - 2
    assert not {each for found in phrases for each in (found[0].casefold(), found[-1].casefold())} & SILENT


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            ["I can't export my data", "cannot export the data!", "export data", "Can’t export data"],
            "Can't export data",
        ),
        (["Sync is not working", "sync isn't working", "Not working: sync"], "Sync isn't working"),
        (["top up failed", "My top-up didn't work", "top up fails again"], "Top up fails"),
        (["I can't log in", "cannot log in on my phone", "log in not possible"], "Can't log in"),
        (["stop removing the old editor", "Please stop removing the old editor"], "Stop removing the old"),
        (["no dark mode?", "There is no dark mode"], "No dark mode"),
    ],
)
def test_a_negation_stays_with_what_it_negates(texts: list[str], expected: str) -> None:
    assert name(texts) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["PLEASE ADD DARK MODE", "dark mode!!"], "Dark mode"),
        (["Support for Apple Pay", "apple pay please", "I want to pay with Apple Pay"], "Apple Pay"),
        (["My iPhone app crashes", "iPhone app crashes on opening"], "iPhone app crashes"),
    ],
)
def test_names_are_in_sentence_case_and_keep_proper_names(texts: list[str], expected: str) -> None:
    assert name(texts) == expected


def test_the_others_decide_what_is_telling() -> None:
    texts = ["Android app crashes", "Android app crashes at the start", "Android app is slow", "slow Android app"]
    assert name(texts) == "Android app"
    assert (
        name(texts, ["Android app in dark mode", "Android app login", "The Android app is blue"] * 5) != "Android app"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It would be great if I could have an offline mode, thanks!", "Offline mode"),
        ("Do you ship to Chile?", "Ship to Chile"),
        ("Anyone else's bottle leaking?", "Bottle leaking"),
        ("<@U1> my refund is *still* missing :cry:", "Refund is still missing"),
        ("Hello", "Hello"),
        ("What is this?", "What is this"),
        ("请增加深色模式", "请增加深色模式"),
        ("दर डार्क मोड", "दर डार्क मोड"),
    ],
)
def test_one_text_is_named_by_its_phrase_or_itself(text: str, expected: str) -> None:
    assert name([text]) == expected


@pytest.mark.parametrize("texts", [[], [""], [" \n"], ["🎉", ":tada:"], ["<https://example.com>"], ["???"], ["`x`"]])
def test_without_words_it_is_untitled(texts: list[str]) -> None:
    assert name(texts) == "Untitled"


@pytest.mark.parametrize("text", ["a" * 10_000, "深" * 10_000, "what is this and who are you " * 300])
def test_what_is_too_long_is_cut(text: str) -> None:
    called = name([text])
    assert 0 < len(called) <= 60
    assert called.endswith("…")


def test_repeating_a_text_is_no_argument() -> None:
    texts = ["dark mode", "a dark mode at night", "loud grinder"]
    assert name([*texts, *["loud grinder"] * 9]) == name(texts) == "Dark mode"


ANY_TEXTS = st.lists(st.text(max_size=80) | st.sampled_from(COFFEE["milk frother"]), max_size=6)


@settings(deadline=None, max_examples=40)
@given(texts=ANY_TEXTS, elsewhere=ANY_TEXTS, order=st.randoms(use_true_random=False))
def test_any_texts_have_a_short_name_in_any_order(texts: list[str], elsewhere: list[str], order: random.Random) -> None:
    called = name(texts, elsewhere)
    assert 0 < len(called) <= 60
    assert called == called.strip()
    assert called == name(order.sample(texts, len(texts)), order.sample(elsewhere, len(elsewhere)))


def test_what_people_say_is_told_in_a_few_different_phrases_of_theirs() -> None:
    groups = [list(texts) for texts in COFFEE.values()]
    naming = Naming([text for texts in groups for text in texts])
    found = [naming.phrases(texts, 3) for texts in groups]
    for phrases, texts in zip(found, groups, strict=True):
        assert len(phrases) <= 3
        assert len({phrase.casefold() for phrase in phrases}) == len(phrases)
        said = " ".join(" ".join(texts).split()).casefold()
        assert all(phrase.casefold() in said for phrase in phrases)
    first = dict(zip(COFFEE, found, strict=True))["dark mode"][0]
    assert first == "Dark mode"
    assert [naming.phrases(texts, 3) for texts in (["Only this is said"], [], ["", "..."])] == [[], [], []]
