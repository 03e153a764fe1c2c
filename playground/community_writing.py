"""How the members of the invented community write: each in their own way, and hardly twice the same."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playground.community_words import Talk, words

_SLOT = re.compile(r"\{(\w+)\}")
_PLAIN_WORD = re.compile(r"(?<![\w:/.<@{#])[a-z]{5,}(?![\w:/.>}])")


@dataclass
class Style:
    """How one member writes."""

    lower_case: bool
    no_full_stop: bool
    typos: float  # chance of one in a message


@dataclass(eq=False)
class Draft:
    """A message before it has an id. `meant` is the text without the typo, where there is one."""

    at: int
    member: str
    channel: str
    text: str
    meant: str
    kind: str = "other"
    need: str | None = None
    parent: Draft | None = None
    talk: Talk | None = None
    replies: list[Draft] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)


class Writer:
    """Turns wording into messages: fills slots, adds a line before or after, and writes as the member writes.

    It remembers what has been said, so that a text comes a second time only when eight tries gave nothing new.
    """

    def __init__(self, rng: random.Random, ids: Sequence[str]) -> None:
        self.rng = rng
        self.ids = ids
        self.said: set[str] = set()
        self.styles = {
            member: Style(rng.random() < 0.15, rng.random() < 0.3, rng.choice((0.0, 0.02, 0.05, 0.12)))
            for member in ids
        }

    def write(self, wording: Callable[[int], str], member: str, who: str | None = None) -> tuple[str, str]:
        """The text and the text as it was meant. `wording` is asked with the number of the try, 0 to 7."""
        for attempt in range(8):
            meant = self._in_style(self._filled(wording(attempt), member, who), member)
            if meant.lower() not in self.said:
                break
        self.said.add(meant.lower())
        return self._with_typo(meant, self.styles[member].typos), meant

    def _filled(self, text: str, member: str, who: str | None) -> str:
        def fill(slot: re.Match[str]) -> str:
            if slot[1] != "who":
                return self.rng.choice(words().fill[slot[1]])
            other = who if who not in (None, member) else self.rng.choice([one for one in self.ids if one != member])
            return f"<@{other}>"

        return _SLOT.sub(fill, text)

    def _in_style(self, text: str, member: str) -> str:
        style = self.styles[member]
        if style.lower_case:
            text = text.lower()
        if style.no_full_stop and text.endswith(".") and not text.endswith(".."):
            text = text[:-1]
        return text

    def _with_typo(self, text: str, chance: float) -> str:
        found = list(_PLAIN_WORD.finditer(text))
        if not found or self.rng.random() >= chance:
            return text
        word = self.rng.choice(found)
        at = word.start() + self.rng.randrange(1, len(word[0]) - 2)
        slip = self.rng.choice((text[at + 1] + text[at], text[at], text[at] + text[at] + text[at + 1]))
        return text[:at] + slip + text[at + 2 :]
