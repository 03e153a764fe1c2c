"""Where texts become vectors: two kinds with one vocabulary, of which the best that is installed is taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from feedback.clustering.parameters import Parameters

Rows: TypeAlias = npt.NDArray[np.float32]
"""Unit rows, shape (n, d); a row of zeros for a text without words."""

Row: TypeAlias = npt.NDArray[np.float32]
"""One of them, shape (d,)."""

KINDS = ("minilm", "static")
"""The best one first."""
STORED = np.dtype("<f2")
"""As vectors are kept: half precision, which changes a cosine by less than 0.001."""


class Vectors(Protocol):
    """One way of making them. The same texts give the same vectors, in whatever order they come."""

    @property
    def version(self) -> str:
        """Changes with everything that changes a vector: then all are to be made anew."""

    @property
    def parameters(self) -> Parameters:
        """What counts as close among vectors of this kind."""

    def embed(self, texts: Sequence[str]) -> Rows:
        """`texts` are results of `cleaning.clean`. The rows are what `unpack(pack(rows))` gives."""


def load(kind: str = "auto") -> Vectors:
    """`kind`: one of KINDS, or "auto" for the best one that can be loaded here. Loads what it needs, once.

    Raises ImportError where what was asked for by name cannot be loaded.
    """
    if kind not in _loaded:
        _loaded[kind] = _best() if kind == "auto" else _load(kind)
    return _loaded[kind]


_loaded: dict[str, Vectors] = {}


def _best() -> Vectors:
    """The table where onnxruntime is not installed, or not for this machine."""
    try:
        return load("minilm")
    except ImportError:
        return load("static")


def _load(kind: str) -> Vectors:
    if kind == "minilm":
        from feedback.clustering.vectors.minilm import MiniLm  # noqa: PLC0415 - onnxruntime may not be there

        return MiniLm()
    from feedback.clustering.vectors.static import Static  # noqa: PLC0415 - nobody needs both

    return Static()


def rounded(rows: npt.NDArray[Any]) -> Rows:
    """Unit rows, as precise as they are kept."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    found: Rows = (rows / np.maximum(lengths, 1e-9)).astype(STORED).astype(np.float32)
    return found


def pack(rows: Rows) -> list[bytes]:
    """Each row as it is kept in the database."""
    return [row.tobytes() for row in rows.astype(STORED)]


def unpack(packed: Sequence[bytes]) -> Rows:
    """The rows that `pack` was given. At least one, all of one kind."""
    return np.frombuffer(b"".join(packed), dtype=STORED).reshape(len(packed), -1).astype(np.float32)
