"""Reading a Slack export, as a ZIP file or unpacked."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from feedback import exports
from feedback.errors import Refused
from feedback.settings import ROOT
from tests.conftest import in_ci

REAL = ROOT.parent / "shared" / "contracts" / "importexport" / "slack-export.hfaran.testarchive.zip"

DAYS: dict[str, Any] = {
    "channels.json": [{"id": "C1", "name": "feedback"}],
    "users.json": [{"id": "U1", "name": "ana"}],
    "feedback/2026-03-02.json": [
        {"type": "message", "user": "U1", "text": "A dark mode please", "ts": "1772442000.000200"},
        {"type": "message", "subtype": "channel_join", "user": "U2", "text": "joined", "ts": "1772442001.000200"},
        {"type": "message", "subtype": "bot_message", "bot_id": "B1", "text": "Deployed", "ts": "1772442002.000200"},
        {"type": "message", "user": "U2", "text": "me too", "ts": "1772442003.1", "thread_ts": "1772442000.000200"},
        {"type": "message", "user": "U2", "ts": "not a time", "text": "?"},
        "not a message",
    ],
    "D0ANABO123/2026-03-02.json": [
        {"type": "message", "user": "U1", "text": "between you and me", "ts": "1772442009.0"},
    ],
    "old/2016-03-01.json": [
        {
            "type": "message",
            "subtype": "file_share",
            "user": "U1",
            "text": "As it was",
            "ts": "1456819200.0",
            "file": {"name": "old.png"},
        },
    ],
    "help/2026-03-01.json": [
        {
            "type": "message",
            "subtype": "file_share",
            "user": "U3",
            "text": "It leaks",
            "ts": "1772355600.0",
            "files": [{"name": "leak.png"}],
        },
    ],
}


def unpacked(folder: Path) -> Path:
    for name, content in DAYS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content))
    return folder


def packed(folder: Path) -> Path:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as made:
        for name, content in DAYS.items():
            made.writestr(name, json.dumps(content))
    return path


@pytest.mark.parametrize("make", [unpacked, packed])
def test_what_people_said_comes_the_oldest_first(tmp_path: Path, make: Any) -> None:
    found = exports.read(make(tmp_path))
    assert [(said.channel_id, said.author_id, said.text) for said in found] == [
        ("old", "U1", "As it was"),
        ("help", "U3", "It leaks"),
        ("feedback", "U1", "A dark mode please"),
        ("feedback", "U2", "me too"),
    ]
    assert [said.files for said in found[:2]] == [("old.png",), ("leak.png",)]
    assert found[3].thread_ts == found[2].ts


def broken_day(folder: Path) -> Path:
    (folder / "feedback").mkdir()
    (folder / "feedback" / "2026-03-02.json").write_text('[{"ts": ')
    return folder


def no_zip(folder: Path) -> Path:
    (folder / "export.zip").write_bytes(b"PK but no more")
    return folder / "export.zip"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (broken_day, "feedback/2026-03-02.json is not JSON"),
        (no_zip, "cannot be read as a Slack export"),
        (lambda folder: folder / "nothing.zip", "No such file"),
        (lambda folder: folder, "Nobody says anything"),
    ],
)
def test_what_is_none_is_refused_with_a_reason(tmp_path: Path, make: Any, says: str) -> None:
    with pytest.raises(Refused) as refused:
        exports.read(make(tmp_path))
    assert says in refused.value.say


def test_a_file_that_unpacks_to_more_than_a_day_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_BYTES", 100)
    with pytest.raises(Refused) as refused:
        exports.read(packed(tmp_path))
    assert "no day in a Slack export" in refused.value.say


def test_a_real_one_is_read() -> None:
    """A public workspace of 2016: two channels, four people, none of whom wrote in a thread yet."""
    if not REAL.exists():
        assert not in_ci(), "CI has ../shared"
        pytest.skip("../shared/contracts is not beside this checkout")
    found = exports.read(REAL)
    assert {said.channel_id for said in found} == {"enrique", "traveling-sailor"}
    assert len(found) == 49
    assert all(said.author_id.startswith("U") and said.text for said in found)
