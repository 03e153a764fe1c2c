"""Vectors of both kinds, loaded once."""

import pytest

from feedback import clustering
from feedback.clustering import Rows, Vectors


@pytest.fixture(scope="session", params=clustering.KINDS)
def vectors(request: pytest.FixtureRequest) -> Vectors:
    return clustering.load(request.param)


@pytest.fixture(scope="session")
def minilm() -> Vectors:
    return clustering.load("minilm")


def embedded(vectors: Vectors, texts: list[str]) -> Rows:
    return vectors.embed([clustering.clean(text) for text in texts])
