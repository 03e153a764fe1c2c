"""Every number that decides what belongs together. Change one here and the whole package follows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameters:
    """Cosines run from 0 (no word and no letter sequence shared) to 1 (the same); sizes count different texts.

    closeness: themes are cut at this share of the corpus's mean nearest-neighbour cosine, so that chatty and terse
        communities need no other number. Other vectors may.
    floor: the least mean cosine inside a theme, whatever the corpus says. Among few texts the nearest neighbour is a
        stranger, and a share of nearly nothing would put all together. Of unrelated sentences 95 % stay below 0.1.
    doubt: where several themes pass, one of n texts counts with n / (n + doubt): the mean over a single text is
        high by chance more often than the mean over many.
    letters: shortest and longest letter sequence that is counted.
    characters: of a longer text only so many are read, lest a pasted log outweighs the rest and costs seconds.
    all_pairs: up to this size every pair is compared at once, with a peak of about 25 * n * n bytes.
    batch: above it so many are compared at a time.
    sample: the mean nearest-neighbour cosine is taken over at most so many texts, each against all.
    """

    closeness: float = 0.3
    floor: float = 0.1
    doubt: float = 0.5
    letters: tuple[int, int] = (3, 5)
    characters: int = 2_000
    all_pairs: int = 5_000
    batch: int = 3_000
    sample: int = 1_000


DEFAULT = Parameters()
