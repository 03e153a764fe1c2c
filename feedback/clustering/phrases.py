"""The runs of words in a text that could name a theme, each with what negates it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feedback.clustering.cleaning import NEGATED, WORD
from feedback.clustering.words import ENTERING, NEGATIONS, PARTICLES, SILENT, TURNING, stem

MOST_WORDS = 4
MOST_CHARACTERS = 60
JOINTS = frozenset({" ", "-", "/", "&", " & ", "+"})  # what may stand between two words of one phrase


@dataclass(frozen=True)
class Word:
    """A word where it stands in a cleaned text."""

    start: int
    end: int
    shown: str
    key: str  # its stem; "not" for every negation; "" for a word that says nothing about the subject


@dataclass(frozen=True)
class Phrase:
    """Neighbouring words of one text, as they are written there."""

    keys: tuple[str, ...]  # of its words of content, in their order
    words: int
    shown: str
    denied: bool  # whether a negation before it governs it, so that alone it would say the opposite


def read(cleaned: str) -> list[Word]:
    """The words of a cleaned text, in their order."""
    return [Word(found.start(), found.end(), found[0], _key(found[0])) for found in WORD.finditer(cleaned)]


def subjects(words: Sequence[Word]) -> frozenset[str]:
    """The keys of all words of content, negations among them."""
    return frozenset(word.key for word in words) - {""}


def phrases(cleaned: str, words: Sequence[Word]) -> Iterator[Phrase]:
    """Every run of two to four words that begins and ends on a word of content and fits into a name."""
    for first in range(len(words)):
        if not words[first].key or words[first].shown.casefold() in PARTICLES:
            continue
        denied = _denied(cleaned, words, first)
        for last in range(first + 1, min(first + MOST_WORDS, len(words))):
            if not _joined(cleaned, words[last - 1], words[last]):
                break
            run = words[first : last + 1]
            shown = cleaned[run[0].start : run[-1].end]
            keys = tuple(word.key for word in run if word.key)
            if _ends_well(run) and set(keys) - {"not"} and len(shown) <= MOST_CHARACTERS:
                yield Phrase(keys, len(run), shown, denied)


def _key(shown: str) -> str:
    word = shown.casefold()
    if word in NEGATIONS or NEGATED.fullmatch(word):
        return "not"
    return "" if word.removesuffix("'s") in SILENT or word in SILENT else stem(word)


def _joined(cleaned: str, left: Word, right: Word) -> bool:
    return cleaned[left.end : right.start] in JOINTS


def _denied(cleaned: str, words: Sequence[Word], first: int) -> bool:
    """Whether a negation stands before the word with only silent words between: don't [sync], can't even [export],
    stop [removing]."""
    for right in range(first, 0, -1):
        left = words[right - 1]
        if not _joined(cleaned, left, words[right]):
            return False
        if left.key:
            return left.key in TURNING
    return False


def _ends_well(run: Sequence[Word]) -> bool:
    """Whether the last word is one to end on: one of content, or the particle of the verb before it."""
    before, last = run[-2], run[-1]
    particle = last.shown.casefold()
    if particle == "in":
        return before.shown.casefold() in ENTERING
    if particle in PARTICLES:
        return bool(before.key)
    return last.key not in {"", "not"}
