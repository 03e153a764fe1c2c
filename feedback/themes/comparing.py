"""What a new grouping would change about the themes as they are: merges, splits and moves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from feedback.themes.settling import Answered

SAME_THEME_OVERLAP = 0.5
"""A group inherits the theme that it shares at least so much of the smaller of the two with."""
Side = list[int]


@dataclass(frozen=True)
class Found:
    """One change that would bring the themes nearer to the new grouping. Rows are numbers of ideas, in order."""

    kind: str
    """merge, split or move."""
    theme_id: int
    into_id: int | None
    """None: a new theme."""
    rows: Side
    """Those that would go."""
    beside: Side
    """Of a split those that would stay, else those that they would come to."""
    staying: Side
    """What the theme would keep."""
    is_asked_for: bool
    """A person's answer asks for it, whatever the numbers say."""

    @property
    def sides(self) -> list[tuple[Side, Side]]:
        """What has to be measured for `strength`."""
        return (
            [(self.rows, self.beside), (self.rows, self.staying)] if self.kind == "move" else [(self.rows, self.beside)]
        )

    def strength(self, margins: Sequence[float]) -> float:
        """`margins`: of the sides, how far their mean cosine lies above the cut. What is moved has to be nearer to its
        new theme than to its old one; 1 where somebody asked for it."""
        if self.is_asked_for:
            return 1.0
        if self.kind == "merge":
            return margins[0]
        return -margins[0] if self.kind == "split" else margins[0] - margins[1]


def inherit(
    before: Sequence[int | None], labels: Sequence[int], homes: Sequence[int | None] | None = None
) -> dict[int, int]:
    """Which group goes on under which theme's id: label -> theme id. Equal input gives equal output.

    A group with rows that have a home (where people placed them, or a theme that is held) is that theme. Of the others
    a pair must share half of the smaller of the two; the pairs that share most choose first, the older theme before
    the younger, and no theme is given twice.
    """
    heirs: dict[int, int] = {}
    taken = set[int]()
    for home, label in zip(homes or [None] * len(labels), labels, strict=True):
        if home is not None and home not in taken and label not in heirs:
            heirs[label] = home
            taken.add(home)
    shared = Counter((theme_id, label) for theme_id, label in zip(before, labels, strict=True) if theme_id is not None)
    theme_sizes = Counter(theme_id for theme_id in before if theme_id is not None)
    label_sizes = Counter(labels)
    for (theme_id, label), count in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0])):
        if label in heirs or theme_id in taken:
            continue
        if count >= SAME_THEME_OVERLAP * min(theme_sizes[theme_id], label_sizes[label]):
            heirs[label] = theme_id
            taken.add(theme_id)
    return heirs


def compare(
    before: Sequence[int | None],
    labels: Sequence[int],
    homes: Sequence[int | None],
    answers: Sequence[Answered] = (),
) -> list[Found]:
    """Every change, in the order of the themes. Rows that are where they have to be go nowhere; rows without a theme
    are no change."""
    heirs = inherit(before, labels, homes)
    rows_of: defaultdict[int, Side] = defaultdict(list)
    cells: defaultdict[tuple[int, int], Side] = defaultdict(list)
    for row, (theme_id, label) in enumerate(zip(before, labels, strict=True)):
        if theme_id is not None:
            rows_of[theme_id].append(row)
            cells[theme_id, label].append(row)
    found = []
    for (theme_id, label), its in sorted(cells.items()):
        into_id = heirs.get(label)
        rows = [row for row in its if homes[row] != theme_id]
        if into_id == theme_id or not rows:
            continue
        going = set(rows)
        staying = [row for row in rows_of[theme_id] if row not in going]
        if into_id is None:
            kind, beside = "split", staying
        else:
            kind, beside = "move" if staying else "merge", [row for row in rows_of[into_id] if labels[row] == label]
        if beside:
            asked_for = any(_asks_for(answer, kind, going, set(beside), set(staying)) for answer in answers)
            found.append(Found(kind, theme_id, into_id, rows, beside, staying, asked_for))
    return found


def _asks_for(answer: Answered, kind: str, going: set[int], beside: set[int], staying: set[int]) -> bool:
    pair = {answer.left, answer.right}
    if answer.is_same:
        return kind != "split" and bool(pair & going) and bool(pair & beside)
    return kind != "merge" and bool(pair & going) and bool(pair & staying)
