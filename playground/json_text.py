"""JSON from outside, read so that nothing in it can break what happens to it later."""

import json
from typing import Any, NoReturn

DEEPEST = 60  # far below where copying and writing it again would end in a RecursionError


def parse(text: str | bytes) -> Any:
    """Answer the value of a JSON text. Raises ValueError also for NaN, half a surrogate pair, and absurd nesting."""
    try:
        value = json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if len(text) > DEEPEST:
        _check_depth(value, DEEPEST)
    # Half a surrogate pair can be written in JSON but not in UTF-8, which this finds out (UnicodeEncodeError).
    json.dumps(value, ensure_ascii=False).encode()
    return value


def _no_number(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which JSON does not have."""
    raise ValueError(f"{name} is not JSON")


def _check_depth(value: Any, left: int) -> None:
    """Raise ValueError for what is nested more than ``left`` deep."""
    if left == 0:
        raise ValueError("nested too deeply")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(inner, dict | list):
            _check_depth(inner, left - 1)
