"""Every number that decides what belongs together. Change one here and the whole package follows."""

from dataclasses import dataclass

SEED = 7
"""For what is drawn by chance above `in_cells`, so that equal input gives equal output."""


@dataclass(frozen=True)
class Parameters:
    """Cosines run from -1 to 1 (the same); sizes count different texts.

    closeness: themes are cut at this share of the corpus's mean nearest-neighbour cosine, so that chatty and terse
        communities need no other number.
    floor, strange: the least mean cosine inside a theme, whatever the corpus says, and what is added to it where there
        are hardly any texts: among those the nearest neighbour is a stranger, and a share of nearly nothing would put
        all together.
    few: of so many texts only half of what they have in common is taken out of them, because the mean of a handful
        is mostly what they are about; and half of `strange` is added.
    equal: texts whose cosine is at least this say the same but for a number or a name, and count once where a corpus
        is measured.
    alike: the least cosine of two texts that may be the same wish. In sentences written for the tests, 99 of 100
        neighbours that near were of the same group, and 87 of 100 texts had such a neighbour.
    same: the least cosine of two texts that the team is asked about, whether they are one wish. In those sentences all
        neighbours that near were of the same group.
    answers: the least cosine of an item of a change and an idea that it probably answers, which a person then says.
        In changes written for the tests 93 of 100 that near were answered indeed, and 83 of 100 answered ones were
        that near (86 and 81 by the table).
    wording: what standing out by the words is worth where standing out by the meaning is worth 1. Added in equal parts
        the words only mislead the sentence model, but they help the table, which knows less.
    in_cells: above this size texts are grouped within cells of about `cell` texts first, and then across them: the
        time that all pairs take grows with the square.
    sample: the mean nearest-neighbour cosine is taken among at most so many texts, evenly taken: among more texts the
        nearest is nearer, and an archive that grows would fall apart into ever smaller themes.
    """

    closeness: float
    floor: float
    strange: float
    wording: float
    equal: float = 0.95
    alike: float = 0.45
    same: float = 0.5
    answers: float = 0.3
    few: int = 20
    in_cells: int = 15_000
    cell: int = 3_000
    sample: int = 2_000


MINILM = Parameters(closeness=0.45, floor=0.2, strange=0.2, wording=0.25)
STATIC = Parameters(closeness=0.45, floor=0.15, strange=0.2, wording=0.75)
