"""Cursors, as Slack pages: opaque, and only good for what they were given for."""

import base64
import binascii
from typing import TypeVar

from playground.errors import SlackError
from playground.records import Doc
from playground.web_api.call import Call

ItemT = TypeVar("ItemT")


def cursor_of(word: str, value: str) -> str:
    """Answer an opaque cursor."""
    return base64.b64encode(f"{word}:{value}".encode()).decode()


def read_cursor(call: Call, word: str) -> str | None:
    """Answer what the call's cursor holds, None without one. Refuses invalid_cursor."""
    cursor = call.text("cursor", "")
    if not cursor:
        return None
    try:
        found, _, value = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise SlackError("invalid_cursor") from None
    if found != word or not value:
        raise SlackError("invalid_cursor")
    return value


def limit_of(call: Call, default: int = 100, most: int = 1000) -> int:
    """Answer how many things one page may hold. Refuses invalid_limit."""
    limit = call.number("limit", default)
    if not 1 <= limit <= most:
        raise SlackError("invalid_limit")
    return limit


def page(call: Call, items: list[ItemT], word: str, default: int = 100) -> tuple[list[ItemT], Doc]:
    """Answer one page of a list, and the response_metadata with the next page's cursor."""
    limit = limit_of(call, default)
    start = read_cursor(call, word)
    if start is not None and not start.isdecimal():
        raise SlackError("invalid_cursor")
    first = int(start or 0)
    after = first + limit
    following = cursor_of(word, str(after)) if after < len(items) else ""
    return items[first:after], {"next_cursor": following}
