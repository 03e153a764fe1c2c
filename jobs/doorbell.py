"""RQ as the doorbell: wakes a worker for a row of the outbox, and is allowed to fail."""

from __future__ import annotations

import secrets
import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, RedisError, ResponseError
from redis.retry import Retry
from rq import Queue
from rq.queue import EnqueueData

from feedback.outbox import Ring
from feedback.settings import SettingsError

JOB = "jobs.worker.deliver"
RING = "row"
"""How a job's name begins, which tells its row: `row-17-5f0c…`."""
JOB_SECONDS = {"slack": 60, "reading": 60, "themes": 600, "payouts": 60}
"""How long a job of each queue may run before RQ stops it."""
DEAF_SECONDS = 2.0
"""How long nobody tries again after Redis did not answer: a person's click must not wait for it each time."""


def connect(url: str) -> Redis:
    """`url` as Settings gives it. Gives up quickly: whoever rings has a customer waiting."""
    return _client(url, socket_connect_timeout=0.3, socket_timeout=1, health_check_interval=30)


def connect_patiently(url: str) -> Redis:
    """For workers, who wait for their next job longer than redis-py's own five seconds."""
    return _client(url, socket_connect_timeout=1, socket_timeout=60)


def connect_once(url: str) -> Redis:
    """Whoever asks it hears at once that nobody is there; redis-py's own retries take seconds to say so."""
    return _client(url, socket_connect_timeout=2, socket_timeout=2, retry=Retry(NoBackoff(), 0))


def check_accepts(url: str) -> None:
    """Raises SettingsError where a Redis answers that it will not have us. One that does not answer may come yet."""
    try:
        connect_once(url).ping()
    except (AuthenticationError, ResponseError) as error:
        raise SettingsError(f"REDIS_URL is not accepted by Redis: {str(error).rstrip('.')}.") from None
    except RedisError:
        pass  # whoever needs it waits for it, and says so


def _client(url: str, **options: Any) -> Redis:
    """A client that has not asked anything yet. Raises SettingsError for what can never be a connection."""
    try:
        found = Redis.from_url(url, **options)
        pool = found.connection_pool
        pool.connection_class(**pool.connection_kwargs)  # reads what stands after the `?`, which from_url does not
    except (TypeError, ValueError, RedisError):
        raise SettingsError(
            "REDIS_URL cannot be used: after its ? stands something that redis-py does not know."
        ) from None
    return found


def queue(name: str, connection: Redis) -> Queue:
    return Queue(name, connection=connection, serializer="json", default_timeout=JOB_SECONDS[name])


def waiting(name: str, connection: Redis) -> set[int]:
    """The rows for which a ring waits in this queue. Also of a long queue only the jobs' names are read."""
    names = (job_id.split("-") for job_id in queue(name, connection).get_job_ids())
    return {int(row_id) for word, row_id, *_ in names if word == RING}


class RqDoorbell:
    def __init__(self, connection: Redis) -> None:
        self._connection = connection
        self._queues = {name: queue(name, connection) for name in JOB_SECONDS}
        self._deaf_until = 0.0
        self._log = structlog.get_logger("roundtrip")

    def ring(self, rings: Sequence[Ring]) -> None:
        """The rows are in the database already: where Redis does not answer, the sweeper finds them."""
        if time.monotonic() < self._deaf_until:
            return
        try:
            for name, ids in _by_queue(rings).items():
                self._queues[name].enqueue_many([_job(outbox_id, name) for outbox_id in ids])
        except (RedisError, OSError) as error:
            self._deaf_until = time.monotonic() + DEAF_SECONDS
            self._log.warning("doorbell.deaf", error=str(error))


class SilentDoorbell:
    """For commands that write a row or two and end: the sweeper of the running worker finds them."""

    def ring(self, rings: Sequence[Ring]) -> None:
        """Nobody is woken."""


def _by_queue(rings: Sequence[Ring]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for ring in rings:
        found[ring.queue].append(ring.outbox_id)
    return found


def _job(outbox_id: int, name: str) -> EnqueueData:
    return Queue.prepare_data(
        JOB,
        args=(outbox_id,),
        job_id=f"{RING}-{outbox_id}-{secrets.token_hex(8)}",
        result_ttl=0,
        failure_ttl=3600,
        timeout=JOB_SECONDS[name],
    )
