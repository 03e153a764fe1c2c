"""A Slack export: what was said in a workspace, as Slack gives it to its owners in a ZIP file."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from feedback import messages
from feedback.errors import Refused
from feedback.messages import Said

MOST_BYTES = 64_000_000
"""Of one day in one channel. Slack's own are far below; a file that unpacks to more is not one of them."""

PRIVATE = re.compile(r"[DG][A-Z0-9]{7,}")
"""Conversations of two or a few are named by their ids in an export of everything. They are nobody else's to read."""


def read(path: Path) -> list[Said]:
    """What people said, the oldest first. `path`: the ZIP file, or the folder that it was unpacked to.

    Slack writes a folder a channel with a file a day. Channels are named there and not numbered, so `channel_id` is the
    name. Messages of apps, joins and the like are left out, and direct messages. Raises Refused where it is something
    else.
    """
    found = {(said.channel_id, said.ts): said for channel, day in _days(path) for said in _said(channel, day)}
    if not found:
        raise Refused(f"Nobody says anything in {path}. A Slack export has a folder a channel with a file a day.")
    return sorted(found.values(), key=lambda said: (float(said.ts), said.channel_id))


def conversations(found: Sequence[Said]) -> list[str]:
    """Each message with what its own author added below it, which does not stand alone then."""
    began = {(said.channel_id, said.ts, said.author_id): [said.text] for said in found}
    for said in found:
        first = began.get((said.channel_id, said.thread_ts or "", said.author_id))
        if said.thread_ts != said.ts and first is not None:
            first.append(began.pop((said.channel_id, said.ts, said.author_id))[0])
    return ["\n".join(texts) for texts in began.values()]


def _days(path: Path) -> Iterator[tuple[str, Any]]:
    """The channel's name and the content of each of its files."""
    try:
        if path.is_dir():
            for file in sorted(path.glob("*/*.json")):
                yield file.parent.name, _loaded(file.relative_to(path).as_posix(), file.read_bytes())
            return
        with zipfile.ZipFile(path) as packed:
            for entry in sorted(packed.infolist(), key=lambda entry: entry.filename):
                name = PurePosixPath(entry.filename)
                if name.suffix == ".json" and len(name.parts) > 1 and "__MACOSX" not in name.parts:
                    with packed.open(entry) as day:
                        yield name.parent.name, _loaded(entry.filename, day.read(MOST_BYTES + 1))
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or error
        raise Refused(f"{path} cannot be read as a Slack export: {why}.") from None


def _loaded(name: str, content: bytes) -> Any:
    if len(content) > MOST_BYTES:
        raise Refused(f"{name} is larger than {MOST_BYTES:,} bytes, and no day in a Slack export is.")
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{name} is not JSON ({error}).") from None


def _said(channel: str, day: Any) -> Iterator[Said]:
    if PRIVATE.fullmatch(channel):
        return
    for message in day if isinstance(day, list) else []:
        if isinstance(message, dict) and _is_whole(message) and messages.is_by_a_person(message):
            old = [message["file"]] if isinstance(message.get("file"), dict) else []  # as it was until 2018
            yield messages.said_in({"files": old, **message}, channel)


def _is_whole(message: dict[str, Any]) -> bool:
    if message.get("type", "message") != "message" or not isinstance(message.get("text") or "", str):
        return False
    try:
        return 0 < float(message["ts"]) < 1e11
    except (KeyError, TypeError, ValueError):
        return False
