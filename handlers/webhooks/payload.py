"""Reading a stranger's JSON: each fact by its name, and a clear word where it is missing or is something else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

LONGEST_NAME = 300
"""Of whatever becomes part of a key: PostgreSQL's indexes hold 2,700 bytes."""
LONGEST_TITLE = 500
LARGEST_NUMBER = 10**12
EARLIEST, LATEST = 1990, 9000


class Odd(Exception):
    """A field is missing, or is not what it should be."""

    def __init__(self, field: str) -> None:
        super().__init__(f"{field} is missing, or is not what it should be.")


class NotNeeded(Exception):
    """It is as it should be, and says nothing that we need. Its words say why."""


class Part:
    """An object in it, which knows where it stands."""

    def __init__(self, facts: dict[str, Any], path: str = "") -> None:
        self._facts, self._path = facts, path

    def named(self, name: str) -> str:
        return f"{self._path}{name}"

    def part(self, name: str) -> Part:
        found = self.maybe(name)
        if found is None:
            raise Odd(self.named(name))
        return found

    def maybe(self, name: str) -> Part | None:
        """None where it is missing or null."""
        found = self._facts.get(name)
        if found is None:
            return None
        if not isinstance(found, dict):
            raise Odd(self.named(name))
        return Part(found, f"{self.named(name)}.")

    def parts(self, name: str) -> Iterator[Part]:
        """The objects of a list; a missing one has none."""
        found = self._facts.get(name) or []
        if not isinstance(found, list):
            raise Odd(self.named(name))
        for number, each in enumerate(found):
            if not isinstance(each, dict):
                raise Odd(f"{self.named(name)}.{number}")
            yield Part(each, f"{self.named(name)}.{number}.")

    def texts(self, name: str) -> list[str]:
        """Those of a list that are texts of a reasonable length."""
        found = self._facts.get(name)
        every = found if isinstance(found, list) else []
        return [clean(each) for each in every if isinstance(each, str) and 0 < len(each) <= LONGEST_NAME]

    def words(self, name: str) -> str:
        """Empty where they are missing, null, or of a form of their own. What no database takes is left out."""
        found = self._facts.get(name)
        return clean(found) if isinstance(found, str) else ""

    def title(self, name: str) -> str:
        return self.words(name)[:LONGEST_TITLE].strip()

    def name(self, name: str) -> str:
        found = self.words(name).strip()
        if not found or len(found) > LONGEST_NAME:
            raise Odd(self.named(name))
        return found

    def link(self, name: str) -> str:
        """Empty where it is none that a browser should follow."""
        found = self.words(name)
        return found if found.startswith(("https://", "http://")) and len(found) < 2000 else ""

    def number(self, name: str) -> int:
        found = self._facts.get(name)
        if not isinstance(found, int) or isinstance(found, bool) or not 0 < found < LARGEST_NUMBER:
            raise Odd(self.named(name))
        return found

    def id(self, name: str) -> str:
        """What the tracker calls something by itself, a number or a text; empty where it does not say."""
        found = self._facts.get(name)
        is_number = isinstance(found, int) and not isinstance(found, bool)
        return str(self.number(name)) if is_number else self.words(name)[:LONGEST_NAME]

    def is_true(self, name: str) -> bool:
        return self._facts.get(name) is True

    def has(self, name: str) -> bool:
        """Whether it says anything there: not null, not empty."""
        return bool(self._facts.get(name))

    def at(self, *names: str) -> datetime:
        """The first of these times that is there; aware."""
        for name in names:
            found = self._facts.get(name)
            if isinstance(found, str) and found:
                return self._checked(name, _read(clean(found)))
            if isinstance(found, int) and not isinstance(found, bool):
                return self._checked(name, since_1970(found))
        raise Odd(self.named(names[0]))

    def _checked(self, name: str, found: datetime | None) -> datetime:
        if found is None:
            raise Odd(self.named(name))
        return found


def since_1970(found: int) -> datetime | None:
    """Of seconds or milliseconds; the two lie far apart."""
    seconds = found / 1000 if found > 10**11 else float(found)
    return _sound(datetime.fromtimestamp(seconds, UTC)) if 0 < seconds < 2 * 10**11 else None


def _read(text: str) -> datetime | None:
    """ISO 8601, or GitLab's "2017-12-10 16:41:28 UTC"."""
    try:
        found = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        return None
    return _sound(found if found.tzinfo else found.replace(tzinfo=UTC))


def _sound(found: datetime) -> datetime | None:
    """One that the databases take, in whichever zone."""
    return found if EARLIEST <= found.year <= LATEST else None


def clean(text: str) -> str:
    """PostgreSQL takes no NUL, and nothing takes half a character."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
