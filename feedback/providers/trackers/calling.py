"""What every tracker can be asked, and one call over HTTP with its failures sorted."""

from __future__ import annotations

import http.client
import json
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from feedback.providers import CALL_SECONDS, Impossible, NotDone, Unknown
from feedback.work.facts import Fact

MOST_BYTES = 8_000_000
"""Of one answer. A hundred issues with the longest texts that GitHub takes are about six."""
PAUSE_SECONDS = 60.0
"""Where a tracker is too busy and does not say for how long."""
LONGEST_PAUSE_SECONDS = 3600.0


@dataclass(frozen=True)
class Made:
    """What was written there. `fact` is None for a comment."""

    ref: str
    fact: Fact | None = None


@dataclass(frozen=True)
class Read:
    """One page of what came to an end."""

    facts: tuple[Fact, ...]
    has_more: bool
    last_at: datetime
    """When something last happened to the last of them."""


class Tracker(Protocol):
    """Each method raises NotDone, Unknown or Impossible (see feedback.providers).

    `mark`: 32 hexadecimal digits, derived from what is to be written, by which it is found again.
    """

    def check(self) -> str:
        """Whether we are let in, and the place is there. What the tracker calls it."""

    def read(self, key: str) -> Fact: ...

    def create(self, *, place: str, title: str, body: str, mark: str) -> Made: ...

    def find_created(self, *, place: str, mark: str, since: datetime) -> Made | None: ...

    def comment(self, *, key: str, body: str, mark: str) -> Made: ...

    def find_comment(self, *, key: str, mark: str, since: datetime) -> Made | None: ...


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    """Names in lower case."""
    data: Any


def call(method: str, url: str, *, headers: dict[str, str], body: Any = None) -> Answer:
    """Whatever the status. No redirects: the token goes to that address and to no other."""
    at = urlsplit(url)
    make = http.client.HTTPSConnection if at.scheme == "https" else http.client.HTTPConnection
    connection = make(at.netloc, timeout=CALL_SECONDS)
    path = at.path + (f"?{at.query}" if at.query else "")
    given = {"User-Agent": "Roundtrip", "Accept": "application/json", **headers}
    content = None if body is None else json.dumps(body).encode()
    if content is not None:
        given["Content-Type"] = "application/json"
    try:
        connection.request(method, path or "/", content, given)
        answer = connection.getresponse()
        found = {name.lower(): value for name, value in answer.getheaders()}
        raw = answer.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise Impossible("too_long", "the answer is longer than it should be")
        return Answer(answer.status, found, _data(answer.status, raw))
    except (ConnectionRefusedError, socket.gaierror) as error:
        raise NotDone(str(error)) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise Unknown(str(error) or type(error).__name__) from error
    finally:
        connection.close()


def _data(status: int, raw: bytes) -> Any:
    """A proxy's page of HTML is no news of its own where the status says enough."""
    try:
        return json.loads(raw or b"{}")
    except ValueError:
        if status < 400:
            raise
        return {}


def pause(answer: Answer) -> float:
    """For how long the tracker wants to be left alone: so many seconds, or until a time, by its own clock. Source:
    docs.github.com, "Rate limits for the REST API"."""
    after, reset = answer.headers.get("retry-after", ""), answer.headers.get("x-ratelimit-reset", "")
    seconds = PAUSE_SECONDS
    if after.isascii() and after.isdigit():
        seconds = float(after)
    elif reset.isascii() and reset.isdigit() and "date" in answer.headers:
        with suppress(ValueError):  # of a clock that cannot be read: then as if it had not said
            seconds = float(reset) - parsedate_to_datetime(answer.headers["date"]).timestamp()
    return min(max(seconds, 1.0), LONGEST_PAUSE_SECONDS)
