"""Migrations of a database in which people have been: what stood there stands there afterwards, and the code of before
can still write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alembic import command
from sqlalchemy import Engine, MetaData, Table, insert, select

from feedback.database import connect
from models import migrations
from tests.conftest import START

BEFORE_JUDGING = "0004"
ROWS: Sequence[tuple[str, dict[str, Any]]] = (
    ("workspaces", {"team_id": "T", "name": "W", "url": "u", "bot_user_id": "B"}),
    ("channels", {"slack_id": "C", "name": "ideas"}),
    ("members", {"slack_id": "U", "name": "Ana", "handle": "ana", "role": "customer"}),
    ("themes", {"name": "Refills"}),
    ("messages", {"channel_id": "C", "ts": "1.0", "text": "A refill", "files": []}),
    ("ideas", {"message_id": 1, "author_id": 1, "captured_by_id": 1, "theme_id": 1, "text": "A refill"}),
    ("votes", {"idea_id": 1, "member_id": 1}),
)
"""In the order in which they refer to each other; what is not named gets any value."""
ANY: dict[type, Any] = {int: 1, bool: False, str: "new"}


def _write(engine: Engine, tables: dict[str, Table], **other: dict[str, Any]) -> None:
    """As the code of that time does, which names every column that it knows, and knows no others."""
    with engine.begin() as tx:
        for name, given in ROWS:
            known = [each for each in tables[name].columns if not each.nullable and not each.primary_key]
            row = {column.name: ANY.get(column.type.python_type, START) for column in known}
            tx.execute(insert(tables[name]).values({**row, **given, **other.get(name, {})}))


def _read(engine: Engine, tables: dict[str, Table]) -> dict[str, list[dict[str, Any]]]:
    with engine.begin() as tx:
        return {
            name: [dict(row) for row in tx.execute(select(tables[name]).order_by("id")).mappings()] for name, _ in ROWS
        }


def test_what_people_did_before_stays_and_the_code_of_before_goes_on(on_both: str) -> None:
    engine = connect(on_both)
    command.downgrade(migrations.config(engine), BEFORE_JUDGING)
    known = MetaData()
    known.reflect(engine)
    tables = dict(known.tables)
    _write(engine, tables)
    before = _read(engine, tables)
    migrations.upgrade(engine)
    assert _read(engine, tables) == before
    _write(
        engine,
        tables,
        workspaces={"team_id": "T2"},
        channels={"slack_id": "C2"},
        members={"slack_id": "U2"},
        messages={"ts": "2.0"},
        ideas={"message_id": 2},
        votes={"member_id": 2},
    )
    new = MetaData()
    new.reflect(engine)
    rows = _read(engine, dict(new.tables))
    assert [row["capture"] for row in rows["channels"]] == ["off", "off"], "nobody is bothered who has not chosen so"
    assert [row["capture_percent"] for row in rows["workspaces"]] == [80, 80]
    engine.dispose()
