"""What the hub's pages read, one file a word. Each function asks the same number of queries however much there is.

Here: how a long list becomes pages. Everything takes the workspace it may look into, and finds nothing beyond it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

Row = TypeVar("Row")
ROWS = 25


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a longer list."""

    rows: Sequence[Row]
    number: int
    """From 1."""
    total: int
    """Of rows, on all pages."""
    size: int = ROWS

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))


def paged(tx: Session, statement: Select[*tuple[Any, ...]], *, number: int, size: int = ROWS) -> Page[Any]:
    """The rows as they come, in two queries. A page beyond the end is the last one."""
    total = tx.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    number = max(1, min(number, -(-total // size)))
    rows = tx.execute(statement.limit(size).offset((number - 1) * size)).all()
    return Page(rows, number, total, size)
