"""What Alembic runs: on the engine it is handed, on SQLite with foreign keys off while tables are copied."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, Engine, text

from models import Base

MIGRATION_LOCK = 7_346_001
"""Two processes that upgrade one PostgreSQL at once take turns."""


def run(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=is_sqlite,
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if is_sqlite:
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration left rows that point nowhere: {broken[:5]}")
    else:
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
        connection.commit()


def main() -> None:
    engine = context.config.attributes["engine"]
    assert isinstance(engine, Engine)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # A batch migration copies a parent table and drops the old one; with foreign keys on, that would
            # delete every child row through its cascade. The pragma is ignored inside a transaction.
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys=OFF")
            try:
                run(connection)
            finally:
                connection.rollback()
                driver.execute("PRAGMA foreign_keys=ON")
        else:
            run(connection)


main()
