"""What every test may ask for: a database, a hub, a clock that can be moved, and a cast of people.

Ana is a customer, Bo a moderator, Cy is in product, Di a manager; Flo and Gus are customers too; Eve is a stranger
from another workspace.
"""

from __future__ import annotations

import json
import shutil
import signal
import tempfile
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import coverage
import pytest
import structlog
from sqlalchemy import Engine, Table, func, select, text, update
from sqlalchemy.orm import Session

from feedback import rewards, workspaces
from feedback import settings as configuration
from feedback.database import connect
from feedback.hub import Hub
from feedback.outbox import Ring
from feedback.providers import Impossible
from feedback.providers.payouts import Booked, Books, Gift, Order
from feedback.settings import Settings
from jobs.valkey import Valkey
from models import Base, Budget, Member, Posting, Reward, RewardRule, Workspace, migrations
from tests import postgres
from tests.slack_stand_in import RememberingSlack

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
CAST = {
    "U0ANA": ("Ana", "customer"),
    "U0BO": ("Bo", "moderator"),
    "U0CY": ("Cy", "product"),
    "U0DI": ("Di", "manager"),
    "U0FLO": ("Flo", "customer"),
    "U0GUS": ("Gus", "customer"),
}


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass
class RememberingDoorbell:
    rings: list[Ring] = field(default_factory=list)

    def ring(self, rings: Sequence[Ring]) -> None:
        self.rings += rings


@dataclass
class RememberingPayouts:
    """Behaves as a payout service should: one external id is one payment."""

    orders: dict[str, Order] = field(default_factory=dict)
    """By their external ids, as they were first asked for."""
    states: dict[str, str] = field(default_factory=dict)
    """How an order stands; EXECUTED where nobody said otherwise."""
    books: list[Booked] = field(default_factory=list)
    """What else stands there: orders of others, and such as nobody here remembers."""
    moved: list[Booked] = field(default_factory=list)
    """Its balance transactions."""
    failures: list[Exception] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    """The gifts that another link was made to."""
    cancelled: list[str] = field(default_factory=list)
    failures_after: list[Exception] = field(default_factory=list)
    """Raised when the order is made already: its answer is lost."""
    asked: list[str] = field(default_factory=list)
    """Every call that would go over the network."""

    def write(self, *, external_id: str, amount_cents: int, currency: str, name: str) -> str:
        return json.dumps({"external_id": external_id, "cents": amount_cents, "currency": currency, "name": name})

    def order(self, order: Order) -> Gift:
        self.asked.append(f"order {order.external_id}")
        self._fail()
        made = self.orders.setdefault(order.external_id, order)
        if made.body != order.body:
            raise Impossible("conflict")
        if self.failures_after:
            raise self.failures_after.pop(0)
        return self._gift(made)

    def find(self, external_id: str) -> Gift | None:
        self.asked.append(f"find {external_id}")
        found = self.orders.get(external_id)
        return self._gift(found) if found else None

    def resend(self, reward_ref: str) -> None:
        self.asked.append(f"resend {reward_ref}")

    def cancel(self, reward_ref: str) -> None:
        self.asked.append(f"cancel {reward_ref}")
        self._fail()
        self.cancelled.append(reward_ref)
        self.states[reward_ref.removeprefix("gift-")] = "CANCELED"

    def new_link(self, reward_ref: str) -> str:
        self.asked.append(f"new_link {reward_ref}")
        self._fail()
        self.links.append(reward_ref)
        return f"https://gifts.example/{reward_ref}/{len(self.links)}"

    def orders_since(self, at: datetime, *, until: datetime, offset: int) -> Books:
        every = [*self.books, *(self._line(order) for order in self.orders.values())]
        return Books(every[offset : offset + 2], 2, len(every) > offset + 2)

    def money_since(self, at: datetime, *, until: datetime, offset: int) -> Books:
        return Books(self.moved[offset : offset + 2], 2, len(self.moved) > offset + 2)

    def balance(self) -> tuple[int, str] | None:
        return 1_200_00, "USD"

    def _fail(self) -> None:
        if self.failures:
            raise self.failures.pop(0)

    def _gift(self, order: Order) -> Gift:
        line, facts = self._line(order), json.loads(order.body)
        link = f"https://gifts.example/{order.external_id}" if line.state == "EXECUTED" else ""
        reward_ref = f"gift-{order.external_id}"
        return Gift(line.ref, link, reward_ref, None, line.state, facts["cents"], facts["currency"])

    def _line(self, order: Order) -> Booked:
        facts, number = json.loads(order.body), list(self.orders).index(order.external_id) + 1
        state = self.states.get(order.external_id, "EXECUTED")
        return Booked(order.external_id, f"order-{number}", state, facts["cents"], facts["currency"])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Lines are not counted while a test runs that goes over ground which another has covered: the same one on the
    second kind of database. Counting takes two fifths as long again."""
    counting = coverage.Coverage.current()
    if counting is None or not _goes_over_ground_again(item):
        return (yield)
    counting.stop()
    try:
        return (yield)
    finally:
        counting.start()


def _goes_over_ground_again(item: pytest.Item) -> bool:
    return "postgresql" in item.nodeid.partition("[")[2]


@pytest.fixture(scope="session", autouse=True)
def heard_ctrl_c() -> None:
    """A shell that starts us in the background has us ignore Ctrl-C, and so would the processes that tests start."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def plain_log() -> None:
    """structlog's own way draws a fault with all its variables, which takes seconds that somebody waits for."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["level", "event"]),
        ]
    )


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    found = postgres.programs()
    if found is None:
        assert not in_ci(), postgres.MISSING
        pytest.skip(postgres.MISSING)
    with postgres.server(found) as url:
        yield url


@pytest.fixture(scope="session")
def one_postgres(postgres_url: str) -> Iterator[postgres.Database]:
    found = postgres.Database(_driver(postgres_url))
    yield found
    found.close()


@pytest.fixture
def postgres_database(one_postgres: postgres.Database) -> str:
    """The URL of an empty database with our schema."""
    return one_postgres.empty()


def make_sqlite(folder: Path) -> str:
    """The URL of an empty database with our schema, in a new file there."""
    url = f"sqlite:///{folder}/roundtrip.sqlite3"
    engine = connect(url)
    migrations.upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our schema, to copy for each test."""
    path = tmp_path_factory.mktemp("template") / "roundtrip.sqlite3"
    engine = connect(f"sqlite:///{path}")
    migrations.upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_database(sqlite_template: Path) -> str:
    """The URL of an empty database with our schema, the same one in each test."""
    return f"sqlite:///{put_anew(sqlite_template, sqlite_template.with_name('used.sqlite3'))}"


def put_anew(template: Path, file: Path) -> Path:
    """A copy of the template, where nobody who still has the old file open meets the new one."""
    for suffix in ("", "-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    return Path(shutil.copy(template, file))


@cache
def engine_of(url: str) -> Engine:
    """One for each database of this process: what it compiled for one test, it knows in the next. Whoever is done with
    it disposes of its connections."""
    return connect(url)


@pytest.fixture
def database_url(sqlite_database: str) -> str:
    """SQLite, unless a test asks for `on_both`."""
    return sqlite_database


@pytest.fixture(params=["sqlite", "postgresql"])
def on_both(request: pytest.FixtureRequest) -> str:
    """The URL of a database: the test runs once on each kind."""
    url = request.getfixturevalue(f"{'sqlite' if request.param == 'sqlite' else 'postgres'}_database")
    assert isinstance(url, str)
    return url


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short one: the path of a socket has at most 107 characters."""
    found = Path(tempfile.mkdtemp(prefix="rt-"))
    yield found
    shutil.rmtree(found, ignore_errors=True)


@pytest.fixture
def valkey(folder: Path) -> Iterator[Valkey]:
    """Running; stopped at the end, whoever started it last."""
    found = Valkey(folder)
    found.ensure()
    yield found
    found.stop()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    found = engine_of(database_url)
    yield found
    found.dispose()


@pytest.fixture
def hub(engine: Engine, clock: Clock) -> Hub:
    """A hub whose network only remembers, with the cast in its workspace."""
    return make_hub(engine, clock)


def make_hub(engine: Engine, clock: Clock) -> Hub:
    hub = Hub(
        settings=make_settings(),
        engine=engine,
        slack=RememberingSlack(),
        payouts=RememberingPayouts(),
        doorbell=RememberingDoorbell(),
        clock=clock,
    )
    settled = (engine.dialect.name, clock())
    if settled in _settled:
        _pour(engine, _settled[settled])
    else:
        _settle(hub)
        with engine.connect() as connection:
            found = ((table, connection.execute(select(table)).mappings().all()) for table in TABLES)
            _settled[settled] = [(table, [dict(row) for row in rows]) for table, rows in found if rows]
    return hub


TABLES = Base.metadata.sorted_tables
Rows = list[tuple[Table, list[dict[str, Any]]]]
_settled: dict[tuple[str, datetime], Rows] = {}
"""What there is once the cast has come, by kind of database and time: the same in most tests, and slow to come to."""


def _pour(engine: Engine, settled: Rows) -> None:
    with engine.begin() as connection:
        for table, rows in settled:
            connection.execute(table.insert(), rows)
        if engine.dialect.name == "postgresql":
            ahead = [
                f"setval(pg_get_serial_sequence('{table.name}', 'id'), {max(row['id'] for row in rows)})"
                for table, rows in settled
            ]
            connection.execute(text(f"SELECT {', '.join(ahead)}"))


def _settle(hub: Hub) -> None:
    with hub.transaction() as tx:
        workspace = workspaces.install(tx, who_am_i=who_am_i("T0PLAYGRND"), now=hub.clock())
        workspace.triage_channel_id, workspace.managers_channel_id = "C0TRIAGE", "C0MANAGERS"
        for slack_id, (name, role) in CAST.items():
            tx.add(
                Member(
                    workspace_id=workspace.id,
                    slack_id=slack_id,
                    name=name,
                    handle=name.lower(),
                    role=role,
                    joined_at=hub.clock(),
                )
            )
        thank_at_once(tx, workspace, now=hub.clock())
        for channel_id in ("C0GENERAL", "C0IDEAS", "C0HELP", "C0TRIAGE", "C0MANAGERS"):
            workspaces.channel_of(tx, workspace=workspace, channel_id=channel_id).app_is_in = True


def thank_at_once(tx: Session, workspace: Workspace, *, now: datetime) -> None:
    """There is money, nothing has to vest, and nobody is too new: what most tests are about."""
    workspace.reward_after_days = 0
    if tx.scalars(select(Budget).where(Budget.workspace_id == workspace.id)).first() is None:
        where = workspace.id
        rewards.open_budget(tx, workspace_id=where, name="Thanks", currency="USD", cents=1_000_000, by=None, now=now)
    for rule in rewards.in_force(tx, workspace_id=workspace.id):
        rule.vesting_days = 0
    workspace.reward_after_days = 0


def try_out(tx: Session, *, now: datetime) -> None:
    """A moderator tries whatever nobody but its receiver has confirmed, and it works."""
    by = tx.scalars(select(Member).where(Member.role == "moderator").order_by(Member.id)).first()
    assert by is not None
    for reward_id in tx.scalars(select(Reward.id).where(Reward.state == "proposed").order_by(Reward.id)).all():
        rewards.check(tx, reward_id=reward_id, by=by, now=now)


def money(tx: Session) -> tuple[int, int, int]:
    """Reserved, committed and paid, in cents; the ledger adds up, and the budget says what the ledger says."""
    sums = tx.execute(select(func.sum(Posting.amount_cents)).group_by(Posting.transaction_id)).scalars().all()
    assert set(sums) == {0}
    budget = tx.scalars(select(Budget)).one()
    posted = rewards.balances(tx, workspace_id=budget.workspace_id)
    kept = (budget.available_cents, budget.reserved_cents, budget.committed_cents, budget.spent_cents)
    assert tuple(posted.get((account, "USD"), 0) for account in ("budget", "reserved", "committed", "paid")) == kept
    return kept[1:]


def give_by(tx: Session, provider: str) -> None:
    """What was proposed, and what will be."""
    tx.execute(update(RewardRule).values(provider=provider))
    tx.execute(update(Reward).values(provider=provider))
    tx.expire_all()


def make_settings(**given: object) -> Settings:
    facts = {
        "slack_bot_token": "xoxb-playground",
        "slack_signing_secret": "playground-signing-secret",
        "secret_key": "a key that is long enough for the tests",
        "slack_api_url": "http://127.0.0.1:9/api/",
        "public_url": "http://hub.example",
        "payouts_campaign": "CAMPAIGN",
        "_env_file": None,
    }
    return configuration.read(**{**facts, **given})


def who_am_i(team_id: str) -> dict[str, str]:
    return {
        "team_id": team_id,
        "team": "Fieldnotes",
        "url": "https://fieldnotes.slack.example/",
        "user_id": "U0ROUNDTRIP",
    }


def workspace_of(tx: object, team_id: str = "T0PLAYGRND") -> Workspace:
    found = workspaces.find(tx, team_id=team_id)  # type: ignore[arg-type]
    assert found is not None
    return found


def in_ci() -> bool:
    """There nothing that is missing may be skipped."""
    return bool(configuration.child_environment().get("CI"))


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")
