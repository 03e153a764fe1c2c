"""A real PostgreSQL for the tests: a server of their own, from the newest one installed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from feedback.database import connect
from models import migrations

END_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'roundtrip_test'"
EMPTY = """
DO $$
DECLARE found record; has_rows boolean;
BEGIN
  FOR found IN
    SELECT tables.relname AS name, counters.oid AS counter
    FROM pg_class tables
    LEFT JOIN pg_depend belongs ON belongs.refobjid = tables.oid AND belongs.deptype IN ('a', 'i')
    LEFT JOIN pg_class counters ON counters.oid = belongs.objid AND counters.relkind = 'S'
    WHERE tables.relkind = 'r' AND tables.relnamespace = 'public'::regnamespace AND tables.relname <> 'alembic_version'
  LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', found.name) INTO has_rows;
    IF has_rows THEN EXECUTE format('DELETE FROM %I', found.name); END IF;
    IF found.counter IS NOT NULL THEN PERFORM setval(found.counter::regclass, 1, false); END IF;
  END LOOP;
END $$
"""
"""No row and no number is left of what was there."""
MISSING = "no PostgreSQL server below /usr/lib/postgresql: install the package postgresql"


def programs() -> Path | None:
    """Where initdb and pg_ctl are; None where there is no server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def server(bin_folder: Path) -> Iterator[str]:
    """Yields the URL of its database `postgres`, on loopback. Not made for keeping anything: fsync is off."""
    folder = Path(tempfile.mkdtemp(prefix="roundtrip-pg-"))
    port = _free_port()
    try:
        _own(folder)
        data = folder / "data"
        _run([bin_folder / "initdb", "-D", data, "-U", "roundtrip", "-A", "trust", "-E", "UTF8", "--no-sync"])
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200"
        _run([bin_folder / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"])
        try:
            yield f"postgresql://roundtrip@127.0.0.1:{port}/postgres"
        finally:
            _run([bin_folder / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Database:
    """One for all tests of a process, emptied before each: to make one anew takes fifty times as long."""

    def __init__(self, url: str) -> None:
        """`url`: of the database `postgres`, with the driver."""
        self._url = url.replace("/postgres", "/roundtrip_test")
        self._admin = create_engine(url, isolation_level="AUTOCOMMIT")
        self._engine = connect(self._url)

    def empty(self) -> str:
        """Its URL, when whoever was connected is gone, no row is left, and the schema is the newest."""
        with self._admin.connect() as admin:
            admin.execute(text(END_OTHERS))
            is_there = admin.execute(text("SELECT 1 FROM pg_database WHERE datname = 'roundtrip_test'")).first()
            if is_there and self._is_emptied():
                return self._url
            admin.execute(text("DROP DATABASE IF EXISTS roundtrip_test WITH (FORCE)"))
            admin.execute(text("CREATE DATABASE roundtrip_test"))
        migrations.upgrade(self._engine)
        self._engine.dispose()
        return self._url

    def _is_emptied(self) -> bool:
        """False where a test left another schema behind."""
        try:
            with self._engine.begin() as tx:
                if tx.scalar(text("SELECT version_num FROM alembic_version")) != newest():
                    return False
                tx.execute(text("SET LOCAL session_replication_role = replica"))  # no foreign key is looked after
                tx.execute(text(EMPTY))
            return True
        except ProgrammingError:  # the table of versions is gone too
            return False
        finally:
            self._engine.dispose()

    def close(self) -> None:
        self._admin.dispose()


@cache
def newest() -> str | None:
    """The last migration's number. To read them all takes longer than most tests."""
    return ScriptDirectory(str(migrations.HERE)).get_current_head()


def _run(command: list[Path | str]) -> None:
    """PostgreSQL refuses to run as root, so root becomes somebody else for it."""
    prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
    done = subprocess.run([*prefix, *map(str, command)], capture_output=True, text=True, check=False, cwd="/")
    assert done.returncode == 0, done.stdout + done.stderr


def _own(folder: Path) -> None:
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
