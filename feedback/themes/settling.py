"""What people said about which ideas belong together, made consistent: where they contradict each other, directly or
through others, the later word stands and the earlier one is left out.

So the grouping, which takes no contradictions, can always be given the whole of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

Pair = tuple[int, int]
HELD, PLACED, ANSWER = range(3)
"""Of words of the same time the last of these stands."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Placed:
    """Where one row is, and since when a person wants it there."""

    theme_id: int | None
    by_person: bool
    at: datetime | None
    """None: before anybody kept count."""


@dataclass(frozen=True)
class Answered:
    """Do these two rows ask for the same?"""

    left: int
    right: int
    is_same: bool
    at: datetime


@dataclass(frozen=True)
class Settled:
    together: list[Pair]
    apart: list[Pair]
    anchors: list[int]
    """One row of each theme that people placed something in: no two of them come together."""
    homes: list[int | None]
    """Of each row the theme that it has to be in; None where the grouping may choose."""
    answers: list[Answered]
    """Those that stand."""


def settle(rows: Sequence[Placed], answers: Sequence[Answered], held: Collection[int] = ()) -> Settled:
    """`held`: themes that only gain, so that all rows in them are as if placed there, before anything was said."""
    known = _Known(len(rows))
    words: list[tuple[datetime, int, int]] = []
    for number, answer in enumerate(answers):
        if not _overtaken(answer, rows):
            words.append((answer.at, ANSWER, number))
    for number, row in enumerate(rows):
        if row.theme_id is not None and row.by_person:
            words.append((row.at or LONG_AGO, PLACED, number))
        elif row.theme_id in held:
            words.append((LONG_AGO, HELD, number))
    for _, what, number in sorted(words, reverse=True):
        theme_id = rows[number].theme_id if what != ANSWER else None
        if theme_id is not None:
            known.home(number, theme_id)
        else:
            known.answer(answers[number])
    return known.settled()


def _overtaken(answer: Answered, rows: Sequence[Placed]) -> bool:
    """Somebody placed one of the two later, and where they are now says the opposite."""
    pair = rows[answer.left], rows[answer.right]
    placed_later = any(row.by_person and row.at is not None and row.at > answer.at for row in pair)
    return placed_later and (pair[0].theme_id == pair[1].theme_id) is not answer.is_same


@dataclass
class _Known:
    """Words are taken in one by one, the latest first; one that contradicts what is known already is left out."""

    count: int
    root: list[int] = field(init=False)
    home_of: dict[int, int] = field(default_factory=dict)
    """By the top of a group of rows, its theme."""
    anchor: dict[int, int] = field(default_factory=dict)
    """By theme, one of its rows."""
    parted: dict[int, set[int]] = field(default_factory=dict)
    """By the top of a group, the tops of those that it is apart from."""
    together: list[Pair] = field(default_factory=list)
    apart: list[Pair] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root = list(range(self.count))

    def answer(self, said: Answered) -> None:
        if self._join(said.left, said.right) if said.is_same else self._part(said.left, said.right):
            self.answers.append(said)

    def home(self, row: int, theme_id: int) -> None:
        top = self._top(row)
        if theme_id in self.anchor:
            self._join(self.anchor[theme_id], row)
        elif top not in self.home_of:
            self.home_of[top] = theme_id
            self.anchor[theme_id] = row

    def settled(self) -> Settled:
        homes = [self.home_of.get(self._top(row)) for row in range(self.count)]
        return Settled(self.together, self.apart, sorted(self.anchor.values()), homes, self.answers)

    def _join(self, left: int, right: int) -> bool:
        a, b = self._top(left), self._top(right)
        if a == b:
            return True
        if b in self.parted.get(a, ()) or (a in self.home_of and b in self.home_of):
            return False
        self.root[b] = a
        if b in self.home_of:
            self.home_of[a] = self.home_of.pop(b)
        for other in self.parted.pop(b, set()):
            self.parted[other].discard(b)
            self._keep_apart(a, other)
        self.together.append((left, right))
        return True

    def _part(self, left: int, right: int) -> bool:
        a, b = self._top(left), self._top(right)
        if a == b:
            return False
        self._keep_apart(a, b)
        self.apart.append((left, right))
        return True

    def _keep_apart(self, a: int, b: int) -> None:
        self.parted.setdefault(a, set()).add(b)
        self.parted.setdefault(b, set()).add(a)

    def _top(self, row: int) -> int:
        while self.root[row] != row:
            self.root[row] = self.root[self.root[row]]
            row = self.root[row]
        return row
