"""A file of community talk: what people did, one message a line, checked before anything is done with it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NEEDED = {"id": str, "at_seconds": (int, float), "member": str, "channel": str, "text": str}
_OPTIONAL = {
    "thread_of": str,
    "edited_to": str,
    "edited_after_seconds": (int, float),
    "deleted_after_seconds": (int, float),
    "reactions": list,
}
_REACTION = {"member": str, "name": str, "after_seconds": (int, float)}


class BadFileError(Exception):
    """The file cannot be replayed; the text names the line and what is wrong with it."""


@dataclass(frozen=True)
class Act:
    """One thing that one member does: `verb` is post, reply, react, edit or delete, `at` seconds since the start.

    `message` is the id in the file of the message that is posted or acted on; `parent` that of the first message of its
    thread. `said` is the text of a post, reply or edit, or the name of a reaction.
    """

    at: float
    verb: str
    message: str
    member: str
    channel: str
    said: str = ""
    parent: str | None = None


def read(file: Path) -> list[dict[str, Any]]:
    """The messages of the file in the order of time. Raises BadFileError for the first line that cannot be replayed."""
    lines = file.read_bytes().split(b"\n")
    numbered = [(number, _parsed(number, line)) for number, line in enumerate(lines, 1) if line.strip()]
    numbered.sort(key=lambda pair: float(pair[1]["at_seconds"]))
    posted: set[str] = set()
    for number, message in numbered:
        if message["id"] in posted:
            raise BadFileError(f"line {number}: a second message with the id {message['id']}")
        if "thread_of" in message and message["thread_of"] not in posted:
            raise BadFileError(f"line {number}: thread_of is {message['thread_of']}, which is not posted before it")
        posted.add(message["id"])
    return [message for _, message in numbered]


def acts(messages: Sequence[Mapping[str, Any]]) -> list[Act]:
    """Everything that happens, in the order of time; a message's post comes before anything done to it."""
    roots: dict[str, str] = {}
    found: list[Act] = []
    for message in messages:
        parent = message.get("thread_of")
        # A thread in Slack is flat: whoever answers a reply answers in the thread of its first message.
        root = roots[message["id"]] = roots[parent] if parent else message["id"]
        found += _acts_of(message, root)
    return sorted(found, key=lambda act: act.at)


def _parsed(number: int, line: bytes) -> dict[str, Any]:
    """One line as a message; a field that is null is not there. Raises BadFileError."""
    try:
        message = json.loads(line)
    except ValueError as problem:
        raise BadFileError(f"line {number}: not JSON ({problem})") from problem
    if not isinstance(message, dict):
        raise BadFileError(f"line {number}: not an object")
    message = {name: value for name, value in message.items() if value is not None}
    _check(number, message, _NEEDED, _OPTIONAL)
    for reaction in message.get("reactions", ()):
        if not isinstance(reaction, dict):
            raise BadFileError(f"line {number}: a reaction that is not an object")
        _check(number, reaction, _REACTION, {})
    if ("edited_to" in message) != ("edited_after_seconds" in message):
        raise BadFileError(f"line {number}: edited_to and edited_after_seconds belong together")
    return message


def _check(number: int, found: Mapping[str, Any], needed: Mapping[str, Any], optional: Mapping[str, Any]) -> None:
    """Hold fields against their types; numbers are finite and never negative, text is never empty."""
    for name, kind in {**needed, **optional}.items():
        if name not in found:
            if name in needed:
                raise BadFileError(f"line {number}: {name} is missing")
            continue
        value = found[name]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise BadFileError(f"line {number}: {name} is {json.dumps(value)[:40]}, not {_named(kind)}")
        if isinstance(value, int | float) and not 0 <= value < math.inf:
            raise BadFileError(f"line {number}: {name} is {value}, which is no time")
        if isinstance(value, str) and not value.strip():
            raise BadFileError(f"line {number}: {name} is empty")


def _named(kind: Any) -> str:
    return {str: "text", list: "a list"}.get(kind, "a number")


def _acts_of(message: Mapping[str, Any], root: str) -> list[Act]:
    """A message's post or reply, and what is done to it later; a deletion comes last of what has the same second."""
    at, author = float(message["at_seconds"]), message["member"]
    place = {"message": message["id"], "channel": message["channel"]}
    if root != message["id"]:
        found = [Act(at, "reply", member=author, said=message["text"], parent=root, **place)]
    else:
        found = [Act(at, "post", member=author, said=message["text"], **place)]
    for reaction in message.get("reactions", ()):
        found.append(
            Act(at + reaction["after_seconds"], "react", member=reaction["member"], said=reaction["name"], **place)
        )
    if "edited_to" in message:
        found.append(
            Act(at + message["edited_after_seconds"], "edit", member=author, said=message["edited_to"], **place)
        )
    if "deleted_after_seconds" in message:
        found.append(Act(at + message["deleted_after_seconds"], "delete", member=author, **place))
    return found
