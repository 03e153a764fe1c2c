"""Makes the table of `static` from the sentence model: `python -m feedback.clustering.vectors.distil`.

Each piece of the vocabulary goes through the model by itself, as a text of one piece (the way of model2vec, Minish Lab
2024). What all of them have in common is taken out, the main directions are kept, and a piece counts the less the
commoner it is: the vocabulary is sorted by how common its pieces are, and a rank tells by Zipf's law how often one
comes (the weights of Arora, Liang and Ma 2017). What is left is rounded to eight bits. Some 20 s on one core.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from feedback.clustering.vectors.minilm import MiniLm
from feedback.clustering.vectors.static import FIRST_PIECE, TABLE
from feedback.clustering.vectors.tokens import vocabulary

Numbers = npt.NDArray[np.floating[Any]]
DIMENSIONS = 256
SMOOTHING = 1e-3
"""The share of all pieces at which one counts half."""


def main() -> None:
    numbers = [(number,) for number in sorted(vocabulary().values()) if number >= FIRST_PIECE]
    model = MiniLm()
    rows = np.concatenate([model.mean(numbers[start : start + 32]) for start in range(0, len(numbers), 32)])
    rows -= rows.mean(axis=0)
    _, _, directions = np.linalg.svd(rows, full_matrices=False)
    kept = rows @ _same_signs(directions[:DIMENSIONS]).T * _weights(len(numbers))[:, None]
    scale = np.abs(kept).max(axis=1, keepdims=True) / 127
    np.savez(TABLE, pieces=np.round(kept / scale).astype(np.int8), scale=scale[:, 0].astype(np.float32))
    print(f"{TABLE.name}: {len(numbers)} pieces, {TABLE.stat().st_size:,} bytes")  # noqa: T201 - a script


def _same_signs(directions: Numbers) -> Numbers:
    """A direction and its opposite are the same to the decomposition, and should be the same file to us."""
    largest = directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)]
    found: Numbers = directions * np.sign(largest)[:, None]
    return found


def _weights(count: int) -> Numbers:
    shares = 1 / (np.arange(count) + 2.7) / np.log(count)
    found: Numbers = SMOOTHING / (SMOOTHING + shares)
    return found


if __name__ == "__main__":
    main()
