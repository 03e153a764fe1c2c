"""Reads community.toml: what the invented community says, as plain tuples."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("community.toml")


@dataclass(frozen=True)
class Need:
    """One thing that several people ask for or suffer from.

    `kind` is "idea" or "problem"; `channel` is where it belongs, though people do not always post it there;
    `says` are whole messages; `built` are further ones, each put together from a beginning and an end.
    """

    name: str
    about: str
    kind: str
    channel: str
    says: tuple[str, ...]
    built: tuple[str, ...]


@dataclass(frozen=True)
class Talk:
    """A message that asks the brand for nothing, and the replies that fit it and no other."""

    sort: str
    channel: str
    text: str
    replies: tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """Everything in the file. `around`, `replies`, `fill` are lists by name; `names` are first names by time zone."""

    needs: tuple[Need, ...]
    talk: tuple[Talk, ...]
    replies: dict[str, tuple[str, ...]]
    around: dict[str, tuple[str, ...]]
    fill: dict[str, tuple[str, ...]]
    names: dict[str, tuple[str, ...]]


@functools.cache
def words() -> Words:
    """The file, read once in a process."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Words(
        needs=tuple(_need(item) for item in data["need"]),
        talk=tuple(talk for item in data["talk"] for talk in _talks(item)),
        replies={name: _lines(text) for name, text in data["replies"].items()},
        around={name: _lines(text) for name, text in data["around"].items()},
        fill={name: _listed(text) for name, text in data["fill"].items()},
        names={zone: _listed(text) for zone, text in data["names"].items()},
    )


def _need(item: dict[str, Any]) -> Need:
    built = product(_lines(item.get("opens", "")), _lines(item.get("asks", "")))
    return Need(
        name=item["name"],
        about=item["about"],
        kind=item["kind"],
        channel=item["channel"],
        says=_lines(item["says"]),
        built=tuple(" ".join(halves) for halves in built),
    )


def _talks(item: dict[str, Any]) -> list[Talk]:
    """The messages of one block; a line that starts with "> " belongs to the message above it."""
    found: list[tuple[str, list[str]]] = []
    for line in _lines(item["says"]):
        if line.startswith("> "):
            found[-1][1].append(line.removeprefix("> "))
        else:
            found.append((line, []))
    return [Talk(item["sort"], item["channel"], text, tuple(replies)) for text, replies in found]


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.replace("\\n", "\n") for line in text.strip().splitlines() if line)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))
