"""Inserting a row that may be there already."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import Base


def insert(tx: Session, model: type[Base], **values: Any) -> int | None:
    """The new row's id; None where a unique key says that the row is there.

    Asked with RETURNING: `rowcount` is -1 on PostgreSQL whether or not the row was new.
    """
    table = model.__table__
    assert isinstance(table, Table)
    dialect = tx.get_bind().dialect.name
    insert_into = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = insert_into(table).values(**values).on_conflict_do_nothing().returning(table.c.id)
    found = tx.execute(statement).scalar_one_or_none()
    return None if found is None else int(found)
