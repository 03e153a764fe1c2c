"""The doorbell: each row rings in its own queue; a Redis that is away costs nobody their answer."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import Any

import pytest
from redis import Redis
from structlog.testing import capture_logs

from feedback.outbox import QUEUES, Ring
from jobs import doorbell
from jobs.doorbell import JOB, JOB_SECONDS, RqDoorbell
from jobs.valkey import Valkey

PATIENCE_SECONDS = 30.0


@pytest.fixture
def redis(valkey: Valkey) -> Redis:
    return doorbell.connect(valkey.url)


def waiting(redis: Redis, name: str) -> list[Any]:
    return list(doorbell.queue(name, redis).get_jobs())


def test_every_queue_has_a_time_limit() -> None:
    assert set(JOB_SECONDS) == set(QUEUES)
    assert all(0 < seconds <= 600 for seconds in JOB_SECONDS.values())


def test_each_row_rings_in_its_queue_in_order_and_as_plain_json(redis: Redis) -> None:
    RqDoorbell(redis).ring([Ring(1, "slack", 0), Ring(7, "themes", 0), Ring(2, "slack", 3)])
    assert [job.args for job in waiting(redis, "slack")] == [[1], [2]]
    assert [job.args for job in waiting(redis, "themes")] == [[7]]
    assert waiting(redis, "payouts") == []
    for name in ("slack", "themes"):
        for job in waiting(redis, name):
            assert (job.func_name, job.timeout, job.result_ttl) == (JOB, JOB_SECONDS[name], 0)
            assert json.loads(job.data) == [JOB, None, job.args, {}]


def test_ringing_twice_for_one_row_does_no_harm(redis: Redis) -> None:
    """The row decides what is done, not the ring; so nobody has to remember what rang."""
    bell = RqDoorbell(redis)
    bell.ring([Ring(1, "slack", 0)])
    bell.ring([Ring(1, "slack", 0)])
    assert [job.args for job in waiting(redis, "slack")] == [[1], [1]]


def test_nobody_waits_for_a_redis_that_is_gone_and_it_rings_again_when_it_is_back(
    valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = RqDoorbell(doorbell.connect(valkey.url))
    bell.ring([Ring(1, "slack", 0)])
    facts: Any = Redis.from_url(valkey.url).info("server")
    os.kill(facts["process_id"], signal.SIGKILL)
    with capture_logs() as log, monkeypatch.context() as patched:
        patched.setattr(doorbell, "DEAF_SECONDS", 600)
        for number in range(2, 22):
            bell.ring([Ring(number, "slack", 0)])
    assert [line["event"] for line in log] == ["doorbell.deaf"]  # one of them tried, and the others knew

    again = RqDoorbell(doorbell.connect(valkey.url))
    again.ring([Ring(98, "slack", 0)])  # in vain
    valkey.watch()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while [99] not in (rung := [job.args for job in waiting(doorbell.connect(valkey.url), "slack")]):
        assert time.monotonic() < deadline
        again.ring([Ring(99, "slack", 0)])
        time.sleep(0.02)
    assert rung == [[1], [99]]
