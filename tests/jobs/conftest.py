"""Somebody who says and keeps things, for work that follows from it."""

import pytest

from feedback.hub import Hub
from jobs.drain import drain
from tests.feedback.scene import Scene


@pytest.fixture
def scene(hub: Hub) -> Scene:
    """With nothing left to do of what the workspace's beginning owed."""
    drain(hub)
    return Scene(hub)
