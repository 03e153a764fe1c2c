"""Alembic, configured from here: no ini file, one way to reach it from the command line and from the tests."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

HERE = Path(__file__).resolve().parent


def config(engine: Engine) -> Config:
    found = Config()
    found.set_main_option("script_location", str(HERE))
    found.set_main_option("path_separator", "os")
    found.attributes["engine"] = engine
    return found


def upgrade(engine: Engine) -> None:
    """To the newest schema. Safe beside the code that runs now: migrations only add until nobody reads the old."""
    command.upgrade(config(engine), "head")


def is_current(engine: Engine) -> bool:
    with engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_revision()
    return here == ScriptDirectory.from_config(config(engine)).get_current_head()


def check(engine: Engine) -> None:
    """Raises alembic.util.CommandError where the models say more than the migrations do."""
    command.check(config(engine))
