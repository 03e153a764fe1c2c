"""A theme's name, in the words of the people who asked for it."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from feedback.clustering.cleaning import WORD, clean
from feedback.clustering.phrases import MOST_CHARACTERS, Phrase, Word, phrases, read, subjects
from feedback.clustering.vectors import Row, Rows, load

# What each word of a phrase has to be worth, as a share of the theme's weightiest word: keeps names short.
WORD_COST = 0.15
LEAST_NEAR = 0.65
"""Of the cosine that the most central text has with the mean of all."""
SAMPLE = 2_000
"""So many texts of the corpus are read, at least, where it has as many."""
SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n")


@dataclass(frozen=True)
class Shared:
    """A phrase that several texts have in common."""

    keys: frozenset[str]
    shown: str
    """In its commonest form."""
    voices: int
    """So many texts have these very words next to each other."""


class Naming:
    """Names themes of one corpus, whose words are counted once for all of them."""

    def __init__(self, texts: Sequence[str] = ()) -> None:
        """`texts`: those of all themes, or of the other ones. Of many, some evenly taken say how common a word is."""
        different = sorted(set(texts))
        chosen = different[:: max(1, len(different) // SAMPLE)]
        self._count = len(chosen)
        self._having = Counter(key for text in chosen for key in subjects(read(clean(text))))

    def name(self, texts: Sequence[str]) -> str:
        """A name of at most 60 characters for a theme of these texts, in sentence case; never empty.

        Two to four words that begin and end on a word of content, that many of the texts use and few of the corpus,
        and that mean what the texts mean. A negation stays with what it negates: "can't export" never becomes
        "export". Where no two texts share such a phrase it is the beginning of the most central one, as it was
        written; without any words "Untitled".
        """
        cleaned, ranked = self._ranked(texts)
        return _sentence_case(ranked[0].shown, cleaned) if ranked else _central_text(cleaned)

    def phrases(self, texts: Sequence[str], most: int) -> list[str]:
        """Up to `most` phrases as for `name`, the most telling first, none with most of its words in one before it.
        None for a single text, which is read as quickly itself."""
        cleaned, ranked = self._ranked(texts)
        found = _unlike(ranked, most) if len(cleaned) > 1 else []
        return [_sentence_case(phrase.shown, cleaned) for phrase in found]

    def _ranked(self, texts: Sequence[str]) -> tuple[list[str], list[Shared]]:
        """The texts as they are read, and their phrases."""
        cleaned = sorted({clean(text) for text in texts} - {""})
        words = [read(text) for text in cleaned]
        return cleaned, _ranked_phrases(cleaned, words, self._weights([subjects(each) for each in words]))

    def _weights(self, inside: Sequence[frozenset[str]]) -> dict[str, float]:
        """How telling each key is: its share of the theme's texts, times the logarithm of how far that exceeds its
        share of the corpus."""
        count = Counter(key for keys in inside for key in keys)
        # One in twenty is added, lest a word that nobody else happened to use yet is worth everything.
        expected = {key: self._having[key] / max(1, self._count) + 0.05 for key in count}
        return {key: n / len(inside) * math.log1p(n / len(inside) / expected[key]) for key, n in count.items()}


def _unlike(ranked: Sequence[Shared], most: int) -> list[Shared]:
    """The first, and those after it that several people put so."""
    chosen = list(ranked[:1])
    for phrase in ranked[1:]:
        is_new = all(2 * len(each.keys & phrase.keys) <= len(phrase.keys) for each in chosen)
        if len(chosen) < most and phrase.voices > 1 and is_new:
            chosen.append(phrase)
    return chosen


def _ranked_phrases(cleaned: Sequence[str], words: Sequence[Sequence[Word]], weights: dict[str, float]) -> list[Shared]:
    """The phrases that two of the texts have in common: first what is most telling, most used and nearest to what the
    texts mean."""
    said, mentioned = _said(cleaned, words), _mentioned(words)
    together = {keys: set.intersection(*(mentioned[key] for key in keys)) for keys in said}
    least = min(2, len(cleaned))
    shared = sorted(keys for keys in said if len(together[keys]) >= least)
    if not shared:
        return []
    shown = [_commonest([phrase.shown for phrase in said[keys]]) for keys in shared]
    nearness = _nearness([*shown, *cleaned], cleaned)
    cost = WORD_COST * max(weights.values())

    def score(row: int) -> float:
        keys = shared[row]
        worth = sum(weights[key] for key in dict.fromkeys(keys)) - cost * min(phrase.words for phrase in said[keys])
        # Half for those who use the very phrase, half for those who speak of the same in other words between.
        used = math.sqrt((len(said[keys]) + len(together[keys])) / (2 * len(cleaned)))
        return round(math.sqrt(max(worth, 0.0) * used) * nearness[row] ** 2, 6)

    # Of several texts, what only one puts so has to say nearly what their most central one says.
    least_near = LEAST_NEAR * max(nearness[len(shown) :]) if len(cleaned) > 1 else 0.0
    fit = [row for row in range(len(shared)) if len(said[shared[row]]) > 1 or nearness[row] >= least_near]
    order = sorted(fit, key=lambda row: (-score(row), shared[row]))
    return [Shared(frozenset(shared[row]), shown[row], len(said[shared[row]])) for row in order]


def _nearness(phrases: Sequence[str], texts: Sequence[str]) -> list[float]:
    """The cosine of each phrase with the mean of the texts, 0 at least. By the table, which is enough for this and
    takes a hundredth of the time."""
    vectors = load("static")
    found = vectors.embed(list(phrases)) @ _mean(vectors.embed(list(texts)))
    return [max(0.0, each) for each in found.tolist()]


def _mean(rows: Rows) -> Row:
    mean: Row = rows.mean(axis=0)
    return mean / max(float(np.linalg.norm(mean)), 1e-9)


def _mentioned(words: Sequence[Sequence[Word]]) -> dict[str, set[int]]:
    """For each key the rows of the texts that have it."""
    rows = defaultdict[str, set[int]](set)
    for row, of_text in enumerate(words):
        for key in subjects(of_text):
            rows[key].add(row)
    return rows


def _said(cleaned: Sequence[str], words: Sequence[Sequence[Word]]) -> dict[tuple[str, ...], list[Phrase]]:
    """The phrases that could be the name, by their keys: one of each text, because who repeats himself is one voice.

    What at least as many people deny as say is missing: a theme of "can't export my data" is not "Export my data".
    """
    said, denied = defaultdict[tuple[str, ...], list[Phrase]](list), Counter[tuple[str, ...]]()
    for text, of_text in zip(cleaned, words, strict=True):
        once = {(phrase.keys, phrase.denied): phrase for phrase in phrases(text, of_text)}
        for phrase in once.values():
            if phrase.denied:
                denied[phrase.keys] += 1
            else:
                said[phrase.keys].append(phrase)
    return {keys: found for keys, found in said.items() if len(found) > denied[keys]}


def _commonest(shown: Sequence[str]) -> str:
    """The commonest way to put it, whatever its case; of equally common ones the shortest."""
    count = Counter(each.casefold() for each in shown)
    return min(shown, key=lambda each: (-count[each.casefold()], len(each), each))


def _central_text(cleaned: Sequence[str]) -> str:
    """Of the text that is nearest to the mean of all the sentence that is."""
    if not cleaned:
        return "Untitled"
    nearness = _nearness(cleaned, cleaned)
    central = cleaned[min(range(len(cleaned)), key=lambda row: (-round(nearness[row], 6), cleaned[row]))]
    sentences = [each for each in SENTENCE.split(central) if len(subjects(read(each))) > 1]
    nearest = max(zip(_nearness(sentences, cleaned), sentences, strict=True))[1] if sentences else central
    shown = _shortened(nearest) or "Untitled"
    return shown[0].upper() + shown[1:]


def _shortened(text: str) -> str:
    """The first words of a text, at most as long as a name may be."""
    text = " ".join(text.split()).strip(" .,;:!?")
    if len(text) <= MOST_CHARACTERS:
        return text
    head = text[: MOST_CHARACTERS - 1]
    # A language without spaces, or one endless word, is cut where it has to be.
    return (head.rsplit(" ", 1)[0] if " " in head else head).rstrip(" .,;:!?") + "…"


def _sentence_case(chosen: str, cleaned: Sequence[str]) -> str:
    """The name with a capital first letter and each other word as people write it in mid-sentence."""
    forms = _forms(cleaned)
    shown = WORD.sub(lambda found: forms.get(found[0].casefold(), found[0].lower()), chosen)
    first = WORD.search(shown)
    if first is None:
        return "Untitled"
    if first[0] == first[0].lower():  # iPhone keeps its small letter
        shown = shown[: first.start()] + shown[first.start()].upper() + shown[first.start() + 1 :]
    return shown[:MOST_CHARACTERS].rstrip()


def _forms(cleaned: Sequence[str]) -> dict[str, str]:
    """How each word is mostly written, by its case-folded form. Capitals that only open a sentence, or shout, are no
    evidence; of equally common forms the one with capitals counts, because names are often typed small."""
    seen = Counter[str]()
    for text in cleaned:
        if text.isupper() and " " in text:
            continue
        for found in WORD.finditer(text):
            before = text[: found.start()].rstrip(" \"'(*_~-")
            opening = not before or before[-1] in ".!?:\n"
            if not opening or found[0][1:] != found[0][1:].lower():
                seen[found[0]] += 1
    # From the rarest to the commonest, so that the commonest is what stays; small letters sort after capitals.
    ranked = sorted(sorted(seen, reverse=True), key=lambda form: seen[form])
    return {form.casefold(): form for form in ranked}
