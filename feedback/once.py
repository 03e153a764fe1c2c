"""Inserting a row that may be there already, and taking turns where there is no row yet to lock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import Base

Values = dict[str, Any]


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
    statement = insert_into(table).on_conflict_do_nothing().returning(*columns)
    return list(tx.execute(statement, rows)) if rows else []


def take_turn(tx: Session, at: str) -> None:
    """Whoever else takes a turn at the same thing waits until this transaction ends, and then sees what it wrote.

    For two that would each look for a row which the other has not committed yet. SQLite lets only one write anyway.
    """
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(at, 0))))
