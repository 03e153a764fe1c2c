"""Periodic work happens once a tick, however many schedules run, and catches up once after a time off."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count

import pytest
from croniter import croniter
from sqlalchemy import Engine, func, select

from feedback.hub import Hub
from jobs import schedule
from jobs.plans import Tx
from jobs.schedule import PERIODIC, Periodic
from models import Outbox, Tick
from tests.conftest import Clock, engine_of


@pytest.fixture
def engine(on_both: str) -> Iterator[Engine]:
    found = engine_of(on_both)
    yield found
    found.dispose()


def ticks(hub: Hub, job: str) -> list[datetime]:
    with hub.reading() as tx:
        return list(tx.scalars(select(Tick.due_at).where(Tick.job == job).order_by(Tick.due_at)))


def owed(hub: Hub, kind: str) -> int:
    with hub.reading() as tx:
        return tx.scalar(select(func.count()).select_from(Outbox).where(Outbox.kind == kind)) or 0


def test_every_line_of_the_table_is_a_time_and_has_a_name_of_its_own() -> None:
    assert all(croniter.is_valid(job.cron) for job in PERIODIC)
    assert len({job.name for job in PERIODIC}) == len(PERIODIC)


HOURLY = sum(job.cron.endswith(" * * * *") for job in PERIODIC)


def test_a_tick_happens_once(hub: Hub, clock: Clock) -> None:
    assert schedule.tick(hub) == len(PERIODIC)
    assert schedule.tick(hub) == 0
    clock.now = datetime(2026, 11, 2, 9, 6, 59, tzinfo=UTC)
    quarters = sum(job.cron.startswith("*/15 ") for job in PERIODIC)
    assert schedule.tick(hub) == quarters, "at nine a quarter of an hour began"
    assert schedule.tick(hub) == 0
    clock.now = datetime(2026, 11, 2, 9, 7, 1, tzinfo=UTC)
    assert schedule.tick(hub) == sum(job.cron == "7 * * * *" for job in PERIODIC)
    assert ticks(hub, "read_workspace")[-1] == datetime(2026, 11, 2, 9, 7, tzinfo=UTC)


def test_many_schedules_at_once_are_as_good_as_one(hub: Hub, clock: Clock) -> None:
    with ThreadPoolExecutor(8) as pool:
        ran = sum(pool.map(lambda _: schedule.tick(hub), range(24)))
    assert ran == len(PERIODIC)
    assert all(len(ticks(hub, job.name)) == 1 for job in PERIODIC)
    assert owed(hub, "theme.regroup") == 1


def test_after_days_off_each_job_runs_once(hub: Hub, clock: Clock) -> None:
    schedule.tick(hub)
    clock.move(days=7)  # the longest that any of them waits
    assert schedule.tick(hub) == len(PERIODIC)
    assert schedule.tick(hub) == 0
    assert len(ticks(hub, "regroup")) == 2


def test_a_clock_that_is_put_back_repeats_nothing(hub: Hub, clock: Clock) -> None:
    schedule.tick(hub)
    clock.move(hours=2)
    assert schedule.tick(hub) == HOURLY
    clock.move(hours=-2)
    assert schedule.tick(hub) == 0


def test_a_job_that_fails_comes_again_and_keeps_no_other_waiting(
    hub: Hub, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = count()

    def fail_once(tx: Tx, now: datetime) -> None:
        if next(tries) == 0:
            raise RuntimeError("a fault of ours")

    ran: list[datetime] = []
    jobs = (Periodic("fails", "* * * * *", fail_once), Periodic("works", "* * * * *", lambda tx, now: ran.append(now)))
    monkeypatch.setattr(schedule, "PERIODIC", jobs)
    assert schedule.tick(hub) == 1
    assert (len(ran), ticks(hub, "fails")) == (1, [])
    assert schedule.tick(hub) == 1
    assert len(ticks(hub, "fails")) == 1
