"""A worker as it runs: rung for or not, with its Redis or after it died, what is owed gets done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import select

from feedback import members, outbox
from feedback import settings as configuration
from feedback.hub import Hub, wall_clock
from feedback.outbox import Ring
from feedback.settings import ROOT
from jobs import doorbell
from jobs import worker as worker_module
from jobs.doorbell import RqDoorbell, SilentDoorbell
from jobs.valkey import Valkey
from models import Member, Outbox
from playground.client import Client
from playground.server import Options, Playground
from tests.conftest import RememberingDoorbell, make_settings

PATIENCE_SECONDS = 40.0
"""For processes that start, and for what they do; on a busy machine too."""


@dataclass
class Bench:
    """A worker for the queue `slack`, and a hub in this process that owes it something."""

    hub: Hub
    valkey: Valkey
    slack: Client
    process: subprocess.Popen[bytes]

    def owe(self, who: str, *, rung: bool) -> int:
        """Somebody opens their App Home: the row that owes it."""
        bell = RqDoorbell(doorbell.connect(self.valkey.url)) if rung else SilentDoorbell()
        with replace(self.hub, doorbell=bell).transaction() as tx:
            member = tx.scalars(select(Member).where(Member.slack_id == who)).one()
            members.open_home(tx, member=member, now=wall_clock())
            key = f"home:{member.id}"
        return int(self.ask(select(Outbox.id).where(Outbox.key == key)))

    def state(self, outbox_id: int) -> str:
        return str(self.ask(select(Outbox.state).where(Outbox.id == outbox_id)))

    def ask(self, statement: Any) -> Any:
        with self.hub.reading() as tx:
            return tx.scalars(statement).one()

    def wait_until_done(self, outbox_id: int, seconds: float = PATIENCE_SECONDS) -> None:
        wait_for(lambda: self.state(outbox_id) == "done", seconds)


@pytest.fixture
def bench(hub: Hub, sqlite_database: str, valkey: Valkey) -> Iterator[Bench]:
    with Playground(Options(port=0)) as playground:
        settings = make_settings(
            slack_api_url=f"{playground.url}/api/", database_url=sqlite_database, redis_url=valkey.url
        )
        environment = configuration.child_environment(**configuration.as_environment(settings))
        with hub.transaction() as tx:  # what the hub owed before is not what these tests are about
            for row in tx.scalars(select(Outbox)):
                row.state = "done"
        command = [sys.executable, str(ROOT / "app.py"), "worker", "slack"]
        process = subprocess.Popen(command, env=environment, cwd=ROOT)
        found = Bench(replace(hub, clock=wall_clock), valkey, Client(playground.url), process)
        try:
            yield found
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def wait_for(look: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        time.sleep(0.02)


def test_a_worker_does_what_it_is_rung_for_and_finds_what_nobody_rang_for(bench: Bench) -> None:
    bench.wait_until_done(bench.owe("U0ANA", rung=True))
    assert "What you said" in str(bench.slack.home("U0ANA"))
    bench.wait_until_done(bench.owe("U0FLO", rung=False))
    assert "What you said" in str(bench.slack.home("U0FLO"))

    facts: Any = Redis.from_url(bench.valkey.url).info("server")
    os.kill(facts["process_id"], signal.SIGKILL)
    while_dead = bench.owe("U0GUS", rung=True)
    time.sleep(0.5)
    assert bench.state(while_dead) == "new"
    bench.valkey.watch()
    bench.wait_until_done(while_dead)
    bench.wait_until_done(bench.owe("U0BO", rung=True))
    assert bench.process.poll() is None
    assert [call["ok"] for call in bench.slack.calls("views.publish")] == [True] * 4

    bench.process.terminate()
    assert bench.process.wait(PATIENCE_SECONDS) == 0


def test_a_sweep_rings_for_what_is_due_in_its_own_queue(hub: Hub, valkey: Valkey) -> None:
    bell = hub.doorbell
    assert isinstance(bell, RememberingDoorbell)
    redis = doorbell.connect(valkey.url)
    owe_many(hub, 3)
    due_by_now = {name: due(hub, name) for name in outbox.QUEUES}
    assert due_by_now["slack"]
    assert due_by_now["reading"]
    for name, ids in due_by_now.items():
        bell.rings.clear()
        assert worker_module.sweep(hub, name, redis) == len(ids)
        assert [ring.outbox_id for ring in bell.rings] == ids


def test_however_many_rings_wait_a_sweep_rings_for_each_row_that_has_none_and_once(hub: Hub, valkey: Valkey) -> None:
    """What was postponed has no ring any more, and whatever else is going on, it does not wait until that is over."""
    redis = doorbell.connect(valkey.url)
    owe_many(hub, 3000)
    hub = replace(hub, doorbell=RqDoorbell(redis))
    rung = due(hub, "slack", 3000)
    hub.nudge([Ring(outbox_id, "slack", 0) for outbox_id in rung[:-3]])
    assert worker_module.sweep(hub, "slack", redis) == 3
    assert worker_module.sweep(hub, "slack", redis) == 0
    assert doorbell.waiting("slack", redis) == set(rung)
    assert doorbell.queue("slack", redis).count == 3000


def test_where_every_ring_was_lost_they_are_rung_for_anew_bit_by_bit(hub: Hub, valkey: Valkey) -> None:
    redis = doorbell.connect(valkey.url)
    owe_many(hub, 120)
    hub = replace(hub, doorbell=RqDoorbell(redis))
    rows = due(hub, "slack", 1000)
    swept = [worker_module.sweep(hub, "slack", redis) for _ in range(4)]
    assert swept == [50, 50, len(rows) - 100, 0]
    assert [job.args[0] for job in doorbell.queue("slack", redis).get_jobs()] == rows


def owe_many(hub: Hub, count: int) -> None:
    with hub.transaction() as tx:
        ids_of = {f"home:many:{number}": {"member_id": 1} for number in range(count)}
        outbox.owe_each(tx, workspace_id=1, kind="home.publish", ids_of=ids_of, now=hub.clock())


def due(hub: Hub, name: str, limit: int = 100) -> list[int]:
    with hub.reading() as tx:
        return [ring.outbox_id for ring in outbox.due(tx, now=hub.clock(), queue=name, limit=limit)]


def test_a_ring_for_what_is_done_already_does_nothing(hub: Hub) -> None:
    """Two rings for one row are usual: the doorbell's and the sweeper's."""
    worker_module.use(hub)
    owe_many(hub, 1)
    outbox_id = due(hub, "slack")[0]
    worker_module.deliver(outbox_id)
    before = attempt(hub, outbox_id)
    worker_module.deliver(outbox_id)
    assert attempt(hub, outbox_id) == before


def attempt(hub: Hub, outbox_id: int) -> tuple[str, int]:
    with hub.reading() as tx:
        row = tx.get_one(Outbox, outbox_id)
        return row.state, row.attempt


def test_a_redis_that_dies_right_after_it_answered_is_waited_for_again(hub: Hub, valkey: Valkey, folder: Path) -> None:
    gone = doorbell.connect_once(f"unix://{folder / 'nobody.sock'}")
    assert not worker_module._work(hub, "payouts", gone, doorbell.connect_once(valkey.url))


def test_a_worker_ends_with_whoever_started_it(hub: Hub, sqlite_database: str, valkey: Valkey, tmp_path: Path) -> None:
    """A demo that was killed outright leaves nobody behind."""
    settings = make_settings(database_url=sqlite_database, redis_url=valkey.url)
    starter = (
        "import subprocess, sys, time, os\n"
        "child = subprocess.Popen([sys.executable, 'app.py', '--parent', str(os.getpid()), 'worker', 'slack'])\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", starter],
        cwd=ROOT,
        env=configuration.child_environment(**configuration.as_environment(settings)),
        stdout=subprocess.PIPE,
    )
    assert parent.stdout is not None
    with parent:
        child = int(parent.stdout.readline())
        wait_for(lambda: bool(Redis.from_url(valkey.url).smembers("rq:workers")), PATIENCE_SECONDS)
        parent.kill()
    wait_for(lambda: not is_running(child), PATIENCE_SECONDS)


def is_running(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split(")")[-1]
    except FileNotFoundError:
        return False
