"""A table of vectors of word pieces, distilled from MiniLM: numpy and a vocabulary are all that it needs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from feedback.clustering.cleaning import words
from feedback.clustering.parameters import STATIC
from feedback.clustering.vectors import Rows, rounded
from feedback.clustering.vectors.tokens import DATA, pieces_of
from feedback.clustering.words import content

TABLE = DATA / "static.npz"
"""Made by distil.py: int8 numbers of shape (pieces, d), and by how much each row is to be multiplied."""
FIRST_PIECE = 999
"""The vocabulary begins with 999 that stand for no text."""
MOST_PIECES = 512


class Static:
    parameters = STATIC

    def __init__(self) -> None:
        with np.load(TABLE) as table:
            pieces, scale = table["pieces"], table["scale"]
        self._rows = pieces.astype(np.float32) * scale[:, None]
        self.version = f"static-{hashlib.sha256(pieces.tobytes() + scale.tobytes()).hexdigest()[:12]}-2"

    def embed(self, texts: Sequence[str]) -> Rows:
        """The mean over the pieces of a text's words of content: a table cannot tell from the words around it that
        "would be great" says nothing about the subject."""
        spoken = [" ".join(content(words(text))) for text in texts]
        found = np.zeros((len(texts), self._rows.shape[1]), dtype=np.float32)
        for row, pieces in enumerate(pieces_of(spoken, most=MOST_PIECES)):
            known = [piece - FIRST_PIECE for piece in pieces if piece >= FIRST_PIECE]
            if known:
                found[row] = self._rows[known].mean(axis=0)
        return rounded(found)
