"""The doorbell: each row rings in its own queue; a Redis that is away costs nobody their answer."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import Any

import pytest
from redis import Redis

from feedback.outbox import QUEUES, Ring
from jobs import doorbell
from jobs.doorbell import DEAF_SECONDS, JOB, JOB_SECONDS, RqDoorbell
from jobs.valkey import Valkey


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


def test_nobody_waits_for_a_redis_that_is_gone_and_it_rings_again_when_it_is_back(valkey: Valkey) -> None:
    bell = RqDoorbell(doorbell.connect(valkey.url))
    bell.ring([Ring(1, "slack", 0)])
    facts: Any = Redis.from_url(valkey.url).info("server")
    os.kill(facts["process_id"], signal.SIGKILL)
    began = time.monotonic()
    for number in range(2, 22):
        bell.ring([Ring(number, "slack", 0)])
    assert time.monotonic() - began < 2
    valkey.watch()
    time.sleep(max(0.0, began + DEAF_SECONDS + 0.2 - time.monotonic()))
    bell.ring([Ring(99, "slack", 0)])
    rung = [job.args for job in waiting(doorbell.connect(valkey.url), "slack")]
    assert (rung[0], rung[-1]) == ([1], [99])
