"""How long a manager waits for the pages about money when the ledger is long, and how long it takes to walk its chain.

    make bench                     # with the other figures
    python -m tests.money 100000   # these alone

On SQLite and on PostgreSQL, next to a baseline in the same run: the same pages with a ledger that is all but empty.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import create_engine, insert, text, update

from feedback import database, ideas, members, messages, rewards, sealing, verifying, workspaces
from feedback.database import connect
from feedback.hub import Hub
from handlers import slack, web
from handlers.web import pages
from models import Budget, LedgerTransaction, Member, Posting, Reward, migrations
from tests import postgres
from tests.conftest import START, Clock, make_hub, make_sqlite

POSTINGS, TIMES, CENTS, PEOPLE, WAITING = 100_000, 5, 2500, 2000, 30
STEPS = (("reserve", "budget", "reserved"), ("commit", "reserved", "committed"), ("settle", "committed", "paid"))
PATHS = (
    *("/rewards", "/rewards?state=over", "/rewards/budgets", "/rewards/ledger"),
    *("/rewards/ledger?budget=1", "/rewards/ledger?budget=2", "/rewards/ledger?budget=1&month=2026-05"),
    *("/rewards/members/7", "/rewards/months/2026-11", "/rewards/months/2025-12"),
)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else POSTINGS
    lines: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory(prefix="roundtrip-money-") as name:
        lines += _measured("SQLite", lambda part: _sqlite(Path(name), part), count)
    found = postgres.programs()
    assert found is not None, postgres.MISSING
    with postgres.server(found) as url:
        lines += _measured("PostgreSQL", lambda part: _postgres(url, part), count)
    print(
        f"\n| money, {count:,} postings | |\n|---|---|\n" + "\n".join(f"| {what} | {value} |" for what, value in lines)
    )


def _sqlite(folder: Path, part: str) -> str:
    (folder / part).mkdir()
    return make_sqlite(folder / part)


def _postgres(url: str, part: str) -> str:
    driver = url.replace("postgresql://", "postgresql+psycopg://")
    admin = create_engine(driver, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE money_{part}"))
    admin.dispose()
    made = driver.replace("/postgres", f"/money_{part}")
    engine = connect(made)
    migrations.upgrade(engine)
    engine.dispose()
    return made


def _measured(name: str, make: Callable[[str], str], count: int) -> list[tuple[str, str]]:
    short, long = (_hub(make(part)) for part in ("short", "long"))
    fill(short, 6)
    fill(long, count)
    doors = [_manager(hub) for hub in (short, long)]
    lines = []
    for path in PATHS:
        before, after = (_told(_times(door, path)) for door in doors)
        lines.append((f"{name}: {path}", f"{after}; with an empty ledger {before}"))
    lines.append((f"{name}: an approval, sealed", _told(_approving(long))))
    began = _now()
    with long.reading() as tx:
        verdict = verifying.verify(tx, workspace_id=1)
    assert not verdict.wrong, verdict.wrong
    lines.append((f"{name}: audit verify, {verdict.links:,} links", _told([_since(began)])))
    for hub in (short, long):
        hub.engine.dispose()
    return lines


def _hub(url: str) -> Hub:
    return make_hub(database.connect(url), Clock())


def fill(hub: Hub, postings: int) -> None:
    """So many, six to a reward that was paid, over a year; and some rewards that wait. The chain holds them all."""
    now = hub.clock()
    with hub.transaction() as tx:
        workspace = workspaces.get(tx, workspace_id=1)
        di = tx.get_one(Member, 4)
        rewards.open_budget(tx, workspace_id=1, name="Rare", currency="USD", cents=100, by=di, now=now - timedelta(400))
        count = postings // 6
        rewards.move_money(tx, budget_id=1, manager=di, cents=CENTS * count, note="", now=now - timedelta(days=399))
        said = messages.Said("C0IDEAS", "1.000001", None, "U0ANA", "Please make a refill for the pump.")
        message = messages.hear(tx, workspace=workspace, said=said, now=now)
        ana = tx.get_one(Member, 1)
        idea, _ = ideas.capture(
            tx, workspace=workspace, message=message, captured_by=ana, captured_with="reaction", now=now
        )
        facts: dict[str, Any] = {"workspace_id": 1, "idea_id": idea.id, "currency": "USD", "provider": "tremendous"}
        facts |= {"proposed_by_id": 3, "amount_cents": CENTS, "budget_id": 1}
        rows = [
            {**facts, "member_id": 7 + number % PEOPLE, "reason": f"call {number}", "state": "paid", "proposed_at": now}
            for number in range(count)
        ]
        waiting = [
            {**facts, "member_id": 7 + PEOPLE + number, "reason": "waits", "state": "vesting", "proposed_at": now}
            for number in range(WAITING)  # each for somebody else: several for one person would be held
        ]
        person = {"workspace_id": 1, "name": "P", "handle": "p", "role": "customer", "joined_at": now}
        tx.execute(insert(Member), [{**person, "slack_id": f"U{number}"} for number in range(PEOPLE + WAITING)])
        tx.execute(insert(Reward), rows)
        tx.execute(insert(Reward), [{**row, "vests_at": now, "budget_id": None} for row in waiting])
        tx.execute(update(Budget).where(Budget.id == 1).values(made_at=now - timedelta(days=400)))
        _post(tx, count, now)
        sealing.seal_strangers(tx, workspace_id=1)


def _post(tx: Any, count: int, now: Any) -> None:
    """As the ledger does, all at once."""
    first = max(row.id for row in tx.query(LedgerTransaction).all()) + 1
    moves: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    for number in range(count):
        for step, (kind, take, give) in enumerate(STEPS):
            row_id = first + number * 3 + step
            at = now - timedelta(days=365) + timedelta(days=365) * (number * 3 + step) / (count * 3)
            key = f"{kind}:{number + 1}:1"
            moves.append(
                {"id": row_id, "workspace_id": 1, "key": key, "kind": kind, "reward_id": number + 1, "posted_at": at}
            )
            for account, cents in ((take, -CENTS), (give, CENTS)):
                moved.append(
                    {
                        "transaction_id": row_id,
                        "account": account,
                        "budget_id": 1,
                        "amount_cents": cents,
                        "currency": "USD",
                    }
                )
    tx.execute(insert(LedgerTransaction), moves)
    tx.execute(insert(Posting), moved)
    paid = CENTS * count
    tx.execute(
        update(Budget)
        .where(Budget.id == 1)
        .values(available_cents=Budget.available_cents - paid, spent_cents=Budget.spent_cents + paid)
    )
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(text("SELECT setval('ledger_transactions_id_seq', (SELECT max(id) FROM ledger_transactions))"))


def _manager(hub: Hub) -> FlaskClient:
    with hub.transaction() as tx:
        token = members.begin_session(tx, member=tx.get_one(Member, 4), now=hub.clock())
    client = web.create_app(hub, slack.build(hub)).test_client()
    client.set_cookie(pages.COOKIE, token)
    return client


Seconds = tuple[float, float]
"""On the clock, and of this process at work: on a machine that others use too, the second says more."""


def _now() -> Seconds:
    return time.perf_counter(), time.process_time()


def _since(began: Seconds) -> Seconds:
    now = _now()
    return now[0] - began[0], now[1] - began[1]


def _told(found: Sequence[Seconds]) -> str:
    """The medians."""
    clock, work = (statistics.median(times) * 1000 for times in zip(*found, strict=True))
    return f"{clock:,.0f} ms ({work:,.0f} at work)"


def _times(client: FlaskClient, path: str) -> Sequence[Seconds]:
    """The first time is not counted."""
    found = []
    for _ in range(TIMES + 1):
        began = _now()
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        found.append(_since(began))
    return found[1:]


def _approving(hub: Hub) -> Sequence[Seconds]:
    """Twenty, one after the other."""
    with hub.reading() as tx:
        ids = [reward.id for reward in tx.query(Reward).where(Reward.state == "vesting").limit(20)]
    found = []
    for reward_id in ids:
        began = _now()
        with hub.transaction() as tx:
            di = tx.get_one(Member, 4)
            rewards.approve(tx, reward_id=reward_id, manager=di, cipher=hub.cipher, now=hub.clock())
        found.append(_since(began))
    return found


if __name__ == "__main__":
    assert START.year == 2026, "the months that are looked at are those of the tests' clock"
    main()
