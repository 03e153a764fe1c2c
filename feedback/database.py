"""An engine that behaves the same on SQLite and PostgreSQL: nobody's write is lost, readers do not block writers."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Select,
    String,
    cast,
    create_engine,
    event,
    func,
    literal,
    make_url,
    select,
)
from sqlalchemy.dialects.postgresql import JSON as JSON_TEXT
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from feedback.settings import SettingsError

BUSY_SECONDS = 5
ASK_AGAIN_SECONDS = 0.001
KEYS_AT_ONCE = 500
"""In one question to the database: each is a parameter, and their number has a limit."""
Key = TypeVar("Key")
_turns: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

DatabaseDown = OperationalError
"""What every use of the database raises while it cannot be reached, or stays locked for too long."""


def connect(url: str, *, pool_size: int = 20) -> Engine:
    """`url` as Settings gives it; a SQLite file's folder is made if it is not there. What a fault of the database says
    holds no values: they are what people wrote, and what was sealed, and faults go into the log."""
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(
            url,
            pool_size=pool_size,
            max_overflow=20,
            pool_pre_ping=True,
            pool_timeout=BUSY_SECONDS,
            hide_parameters=True,
            connect_args={"connect_timeout": 3},
        )
    _make_folder(url)
    engine = create_engine(
        url, pool_size=pool_size, max_overflow=20, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS}
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def turn_to_write(engine: Engine) -> Iterator[None]:
    """SQLite lets one write at a time, and whoever comes meanwhile asks again and again, the unlucky for seconds.
    So the threads of a process queue up here, and only one of them asks. PostgreSQL needs none of this."""
    if engine.dialect.name == "sqlite":
        with _turns[str(engine.url)]:
            yield
    else:
        yield


def check_answers(engine: Engine) -> None:
    """Raises SettingsError where it does not. Before a process starts; later it comes and goes as it likes."""
    try:
        engine.connect().close()
    except DBAPIError as error:
        why = str(error.orig).splitlines()[0]
        raise SettingsError(f"DATABASE_URL does not answer: {why.rstrip('.')}.") from None


def among(tx: Session, ids: Iterable[int]) -> Select[int]:
    """These ids as a query, for `IN`: one parameter, however many they are, and so one question to the database."""
    listed = json.dumps(sorted(set(ids)))
    if tx.get_bind().dialect.name == "postgresql":
        each = func.json_array_elements_text(cast(literal(listed, String), JSON_TEXT)).table_valued("value")
        return select(cast(each.c.value, BigInteger))
    return select(cast(func.json_each(listed).table_valued("value").c.value, BigInteger))


def in_pieces(every: Sequence[Key], size: int = KEYS_AT_ONCE) -> Iterator[Sequence[Key]]:
    """One after the other, in their order; the last one may be shorter."""
    for start in range(0, len(every), size):
        yield every[start : start + size]


def _make_folder(url: str) -> None:
    file = make_url(url).database
    if file and file != ":memory:":
        try:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"DATABASE_URL: there can be no folder for {file} ({error.strerror}).") from None


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # or the driver begins by itself, too late and too weakly
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later would lose updates with a plain BEGIN; one that only reads
    # would keep every writer waiting with IMMEDIATE.
    if connection.get_execution_options().get("readonly", False):
        connection.exec_driver_sql("BEGIN")
    else:
        _begin_to_write(connection)


def _begin_to_write(connection: Connection) -> None:
    """By itself SQLite asks ever more rarely, in the end ten times a second, and so never gets its turn beside another
    process that writes one thing after another. Raises DatabaseDown after BUSY_SECONDS."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    until = time.monotonic() + BUSY_SECONDS
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while time.monotonic() < until:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    break
                time.sleep(ASK_AGAIN_SECONDS)
            else:
                return
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
