"""Files for whoever keeps the books: CSV that a spreadsheet opens, and JSON, written row by row as they are read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from flask import Response

from handlers.web.pages import hub

VERSION = 1
"""Of the shape of the JSON. It grows when a name in it goes or means something else, not when one is added."""
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""A cell that begins so is a formula to a spreadsheet, which then does what somebody wrote into their name."""
CENTS = "_cents"
Rows = Callable[[Any], Iterator[dict[str, Any]]]
"""Given a session: the rows, each with the same names."""


def sheet(name: str, form: str, columns: tuple[str, ...], rows: Rows) -> Response:
    """A file to keep. `form`: csv or json. Amounts are whole hundredths in JSON, and in CSV as people write them."""
    opened = hub()

    def written() -> Iterator[str]:
        with opened.reading() as tx:
            yield from (_as_csv if form == "csv" else _as_json)(columns, rows(tx))

    kind = "text/csv; charset=utf-8; header=present" if form == "csv" else "application/json"
    answer = Response(written(), content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="roundtrip-{name}.{form}"'
    return answer


def _as_csv(columns: tuple[str, ...], rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow([name.removesuffix(CENTS) for name in columns])
    for row in rows:
        writer.writerow([cell(name, row[name]) for name in columns])
        yield line.getvalue()
        line.seek(0)
        line.truncate()
    yield line.getvalue()


def cell(name: str, value: Any) -> str:
    """As it stands in a spreadsheet: nothing that people wrote is a formula there."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, int):
        sign = "-" if value < 0 else ""
        return f"{sign}{abs(value) // 100}.{abs(value) % 100:02}" if name.endswith(CENTS) else f"{value}"
    return f"'{value}" if str(value).lstrip(" \u00a0").startswith(FORMULA) else str(value)


def _as_json(columns: tuple[str, ...], rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield f'{{"version": {VERSION}, "rows": ['
    before = "\n"
    for row in rows:
        yield before + json.dumps({name: row[name] for name in columns}, default=datetime.isoformat)
        before = ",\n"
    yield "\n]}\n"
