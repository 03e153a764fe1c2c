"""The domain is tested on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from feedback.hub import Hub
from tests.conftest import engine_of
from tests.feedback.scene import Scene
from tests.feedback.talking import Talk


@pytest.fixture
def engine(on_both: str) -> Iterator[Engine]:
    found = engine_of(on_both)
    yield found
    found.dispose()


@pytest.fixture
def scene(hub: Hub) -> Scene:
    return Scene(hub)


@pytest.fixture
def talk(scene: Scene) -> Talk:
    return Talk(scene.hub, scene)
