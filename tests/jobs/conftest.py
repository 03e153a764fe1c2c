"""Somebody who says and keeps things, for work that follows from it."""

import pytest

from feedback.hub import Hub
from tests.feedback.scene import Scene


@pytest.fixture
def scene(hub: Hub) -> Scene:
    return Scene(hub)
