"""A Valkey of the tests' own."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.valkey import Valkey


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short one: the path of a socket has at most 107 characters."""
    found = Path(tempfile.mkdtemp(prefix="rt-"))
    yield found
    shutil.rmtree(found, ignore_errors=True)


@pytest.fixture
def valkey(folder: Path) -> Iterator[Valkey]:
    """Running; stopped at the end, whoever started it last."""
    found = Valkey(folder)
    found.ensure()
    yield found
    found.stop()
