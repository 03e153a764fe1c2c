"""What the app kept, against what people called feedback: only where the file labels its messages.

The app is a stranger, so what it kept is read off what it says: a reply of its own below a message, which quotes the
words that it is about. The quote tells which message of the thread that is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from playground import ids

FEEDBACK = ("idea", "problem")
"""Kinds of the file that are feedback; all others are talk."""

Place = tuple[str, str]
"""A message's channel and ts."""

_QUOTED = re.compile(r"^(?:>|&gt;) ?(.+)$", re.MULTILINE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Kept:
    """How many messages are labelled as feedback, how many the app kept, and how many both."""

    labelled: int
    kept: int
    both: int

    def rows(self) -> list[tuple[str, str]]:
        """For the closing table."""
        return [
            ("labelled as feedback", str(self.labelled)),
            ("… of which kept (recall)", _share(self.both, self.labelled)),
            ("kept by the app", str(self.kept)),
            ("… labelled so (precision)", _share(self.both, self.kept)),
        ]


def compare(kinds: Mapping[Place, str], threads: Mapping[str, Sequence[Sequence[Mapping[str, Any]]]]) -> Kept:
    """`kinds` by place, of what still stands; `threads` by channel, each with its parent first."""
    labelled = {place for place, kind in kinds.items() if kind in FEEDBACK}
    kept = {(channel, ts) for channel, some in threads.items() for thread in some for ts in _answered(thread)}
    kept &= kinds.keys()
    return Kept(len(labelled), len(kept), len(labelled & kept))


def answers(threads: Mapping[str, Sequence[Sequence[Mapping[str, Any]]]]) -> int:
    """How often the app has replied so far."""
    return sum(len(_said_by_app(thread)) for some in threads.values() for thread in some)


def _answered(thread: Sequence[Mapping[str, Any]]) -> set[str]:
    """The ts of what the app replied to. Without a quote that is the parent."""
    people = [said for said in thread if said.get("user") != ids.BOT_USER_ID]
    return {_meant(people, _QUOTED.findall(_text(reply))) for reply in _said_by_app(thread)} if people else set()


def _said_by_app(thread: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [said for said in thread if said.get("user") == ids.BOT_USER_ID]


def _text(reply: Mapping[str, Any]) -> str:
    """The first section that quotes something; what follows may be about other messages."""
    sections = [block["text"]["text"] for block in reply.get("blocks") or [] if block.get("type") == "section"]
    return next((text for text in sections if _QUOTED.search(text)), "")


def _meant(people: Sequence[Mapping[str, Any]], quoted: Sequence[str]) -> str:
    """Where the words are that the quote begins with; mentions and emoji may be written otherwise there."""
    wanted = _WORD.findall(" ".join(quoted).casefold())

    def alike(said: Mapping[str, Any]) -> int:
        pairs = zip(_WORD.findall(str(said.get("text", "")).casefold()), wanted, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    return str(max(people, key=alike)["ts"])


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.2f})" if whole else f"{part} (-)"
