"""Inserting a row that may be there already, and taking turns where there is no row yet to lock."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import LargeBinary, Row, Select, String, Table, cast, column, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSON as JSON_TEXT
from sqlalchemy.orm import Session

from models import Base

Values = dict[str, Any]
MANY = 50
"""From so many rows on, PostgreSQL gets them as one parameter: taking a statement apart that has some for each row
costs the driver more than everything else about them."""


def insert(tx: Session, model: type[Base], **values: Any) -> int | None:
    """The new row's id; None where a unique key says that the row is there.

    Asked with RETURNING: `rowcount` is -1 on PostgreSQL whether or not the row was new.
    """
    found = insert_all(tx, model, [values], returning=("id",))
    return int(found[0].id) if found else None


def insert_all(tx: Session, model: type[Base], rows: Sequence[Values], *, returning: Sequence[str]) -> list[Row[Any]]:
    """These columns of the rows that are new, in any order. All rows name the same columns."""
    table = model.__table__
    assert isinstance(table, Table)
    dialect = tx.get_bind().dialect.name
    insert_into = postgresql.insert if dialect == "postgresql" else sqlite.insert
    columns = [table.c[name] for name in returning]
    if dialect == "postgresql" and len(rows) >= MANY and not _has_bytes(table):
        some = _as_one(table, rows)
        return list(tx.execute(insert_into(table).from_select(*some).on_conflict_do_nothing().returning(*columns)))
    statement = insert_into(table).on_conflict_do_nothing().returning(*columns)
    return list(tx.execute(statement, rows)) if rows else []


def _has_bytes(table: Table) -> bool:
    return any(isinstance(column.type, LargeBinary) for column in table.c)


def _as_one(table: Table, rows: Sequence[Values]) -> tuple[list[str], Select[Any]]:
    """The names of the columns, and all rows as one parameter, in their order."""
    typed = [column(name, table.c[name].type) for name in rows[0]]
    listed = cast(literal(json.dumps(rows, default=_written), String), JSON_TEXT)
    each = func.json_to_recordset(listed).table_valued(*typed, name="each").render_derived(with_types=True)
    return list(rows[0]), select(*each.c)


def _written(value: date) -> str:
    """A day, or a time, which has to say of which zone, as in models.base.Utc."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {value!r}")
    return value.isoformat()


def take_turn(tx: Session, at: str) -> None:
    """Whoever else takes a turn at the same thing waits until this transaction ends, and then sees what it wrote.

    For two that would each look for a row which the other has not committed yet. SQLite lets only one write anyway.
    """
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(at, 0))))
