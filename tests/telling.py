"""How long it takes to plan telling a thousand people, and whether a sender that is killed tells each once.

    make bench                    # with the other figures
    python -m tests.telling 1000  # these alone

Planning is measured on PostgreSQL, next to a baseline in the same run: writing the rows that it cannot do without (a
notice and an outbox row for each person), with nothing looked up.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert, select, text

from feedback import changes
from feedback.database import connect
from feedback.hub import Hub
from models import Change, Member, Notice, Outbox, migrations
from tests import killing, postgres
from tests.conftest import START, Clock, make_hub, make_sqlite

PEOPLE, KILLS, TIMES = 1000, 50, 5


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    found = postgres.programs()
    assert found is not None, postgres.MISSING
    with postgres.server(found) as url:
        planned = _planning(url, people)
    with tempfile.TemporaryDirectory(prefix="roundtrip-telling-") as name:
        killed, seconds = _killing(Path(name), people)
    lines = [
        (f"planned for {people:,} people, on PostgreSQL: previewed", planned["preview"]),
        ("… shipped: audience, notices, outbox, states", planned["ship"]),
        ("… baseline: only those rows written", planned["baseline"]),
        (f"killed in mid-send, {people:,} people", f"{killed} times of {KILLS}; each told once; {seconds:.0f} s"),
    ]
    print("\n| telling | |\n|---|---|\n" + "\n".join(f"| {what} | {value} |" for what, value in lines))


def _planning(url: str, people: int) -> dict[str, str]:
    admin = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    times: dict[str, list[tuple[float, float]]] = {"preview": [], "ship": [], "baseline": []}
    for number in range(TIMES):
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE telling_{number}"))
        engine = connect(
            url.replace("postgresql://", "postgresql+psycopg://").replace("/postgres", f"/telling_{number}")
        )
        migrations.upgrade(engine)
        hub = make_hub(engine, Clock())
        idea_ids = killing.community(hub, people)
        which: dict[str, Any] = {"summary": "It is here.", "idea_ids": idea_ids, "now": START}
        times["preview"].append(_timed(hub, lambda tx, cy, which=which: changes.preview(tx, by=cy, **which)))
        times["ship"].append(_timed(hub, lambda tx, cy, which=which: changes.ship(tx, by=cy, **which)))
        times["baseline"].append(_timed(hub, _only_rows(hub)))
        engine.dispose()
    admin.dispose()
    return {what: _in_words(each) for what, each in times.items()}


def _in_words(times: list[tuple[float, float]]) -> str:
    seconds, computed = [each[0] for each in times], [each[1] for each in times]
    spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
    return f"{statistics.median(seconds):.2f} s ({spread}), {statistics.median(computed):.2f} s of it computing"


def _timed(hub: Hub, do: Callable[..., object]) -> tuple[float, float]:
    """Seconds that went by, and those of them in which this process computed."""
    began, computed = time.perf_counter(), time.process_time()
    with hub.transaction() as tx:
        do(tx, tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one())
    return time.perf_counter() - began, time.process_time() - computed


def _only_rows(hub: Hub) -> Callable[..., None]:
    """The same rows again, for a change that nobody decided."""
    with hub.reading() as tx:
        notices = [_values(row) for row in tx.scalars(select(Notice))]
        owed = [_values(row) for row in tx.scalars(select(Outbox).where(Outbox.kind.in_(killing.SENT)))]

    def write(tx: Any, cy: Member) -> None:
        change = Change(
            workspace_id=cy.workspace_id, kind="shipped", summary="", url="", made_by_id=cy.id, made_at=START
        )
        tx.add(change)
        tx.flush()
        tx.execute(insert(Notice), [{**row, "change_id": change.id} for row in notices])
        tx.execute(insert(Outbox), [{**row, "key": f"again:{row['key']}"} for row in owed])

    return write


def _values(row: Any) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns if column.name != "id"}


def _killing(folder: Path, people: int) -> tuple[int, float]:
    url, file = make_sqlite(folder), folder / "taken.jsonl"
    killing.owe(url, people)
    began = time.perf_counter()
    killed = killing.kill_again_and_again(url, file, people=people, kills=KILLS, seed=3)
    killing.everybody_was_told_once(url, file, people)
    return killed, time.perf_counter() - began


if __name__ == "__main__":
    main()
