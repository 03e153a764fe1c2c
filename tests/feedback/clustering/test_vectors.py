"""Texts as numbers: the same for the same, near for what means the same."""

import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from feedback import clustering
from feedback.clustering import Rows, Vectors, pack, unpack
from feedback.clustering import vectors as vectors_package
from feedback.clustering.vectors import minilm as sentence_model
from feedback.clustering.vectors.static import TABLE
from tests.feedback.clustering.sentences import COFFEE, CYCLING

TEXTS = [text for themes in (COFFEE, CYCLING) for texts in themes.values() for text in texts]


def test_rows_have_length_one_and_no_words_have_none(vectors: Vectors) -> None:
    rows = vectors.embed(["dark mode", "", "refund"])
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 0, 1], atol=2e-3)
    assert vectors.embed([]).shape == (0, rows.shape[1])


def test_the_order_of_the_texts_changes_nothing(vectors: Vectors) -> None:
    shuffled = random.Random(3).sample(range(len(TEXTS)), len(TEXTS))
    assert np.array_equal(vectors.embed([TEXTS[row] for row in shuffled]), vectors.embed(TEXTS)[shuffled])


def test_a_text_by_itself_means_nearly_the_same(vectors: Vectors) -> None:
    """The sentence model rounds by what is beside a text; what was kept once stays as it was kept."""
    assert cosines(np.concatenate([vectors.embed([text]) for text in TEXTS[:20]]), vectors.embed(TEXTS)[:20]) > 0.999


def test_what_is_kept_is_what_was_made(vectors: Vectors) -> None:
    rows = vectors.embed(TEXTS[:5])
    assert np.array_equal(unpack(pack(rows)), rows)
    assert {len(each) for each in pack(rows)} == {2 * rows.shape[1]}


def test_the_table_is_small_and_the_best_kind_is_taken() -> None:
    assert TABLE.stat().st_size <= 8_000_000
    assert clustering.load("auto") is clustering.load("minilm")


def test_other_scripts_do_not_all_mean_the_same(vectors: Vectors) -> None:
    texts = ["ขอโหมดมืด", "ถูกเรียกเก็บเงินสองครั้ง", "x" * 300, "y" * 300]
    assert not vectors.embed(texts).any()


def test_the_table_is_taken_where_the_model_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors_package, "_loaded", {})
    monkeypatch.setitem(sys.modules, "feedback.clustering.vectors.minilm", None)
    assert clustering.load("auto").version.startswith("static-")
    with pytest.raises(ImportError):
        clustering.load("minilm")


def test_other_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "model.onnx"
    other.write_bytes(b"other weights")
    monkeypatch.setattr(sentence_model, "model_path", lambda: other)
    with pytest.raises(sentence_model.OtherWeightsError, match="Install it again"):
        sentence_model.weights()


def cosines(left: Rows, right: Rows) -> float:
    return float(np.min(np.sum(left * right, axis=1)))


def test_versions_tell_the_kinds_apart() -> None:
    versions: Sequence[str] = [clustering.load(kind).version for kind in clustering.KINDS]
    assert len(set(versions)) == len(versions)
