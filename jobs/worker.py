"""One process for one queue: RQ runs the jobs, a sweeper beside it finds what was owed and never rung for."""

from __future__ import annotations

import os
import threading
import time
from types import FrameType

from redis import Redis
from redis.exceptions import RedisError
from rq import SimpleWorker

from feedback import outbox
from feedback.hub import Hub
from jobs import doorbell, themes
from jobs import outbox as relay

SWEEP_SECONDS = (0.25, 2.0)
"""Between two sweeps: at least, and where so much waits that looking takes its time, at most."""
SWEEP_ROWS = 50

_hub: Hub | None = None
"""The wired hub of this process. RQ calls jobs by name, so there is no other way to hand it to them."""


class Worker(SimpleWorker):
    """Jobs run in this process, with RQ's time limit. One queue only: RQ loses jobs of workers that listen to two."""

    max_connection_wait_time = 1.0
    """Seconds between two tries to reach Redis again; RQ's own minute would be everybody's wait."""
    asked_to_stop = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def run(hub: Hub, queue: str, url: str) -> None:
    """Until SIGTERM or SIGINT, or until the process that started it is gone. `url` is that of Redis."""
    use(hub)
    if queue == "themes":
        themes.load(hub)
    connection = doorbell.connect_patiently(url)
    threading.Thread(target=sweep_for_ever, args=(hub, queue, connection, os.getppid()), daemon=True).start()
    probe = doorbell.connect_once(url)
    while not _work(hub, queue, connection, probe):
        hub.log.warning("worker.again", queue=queue)  # RQ's worker ends when Redis dies in the middle of a job


def _work(hub: Hub, queue: str, connection: Redis, probe: Redis) -> bool:
    """True where somebody asked it to stop."""
    wait_for_redis(hub, queue, probe)
    worker = None
    try:
        worker = Worker(  # asks Redis itself, which may have died since it answered
            [doorbell.queue(queue, connection)],
            connection=connection,
            serializer="json",
            worker_ttl=30,
            maintenance_interval=15,
            job_monitoring_interval=5,
            log_job_description=False,
        )
        worker.work(logging_level="WARNING")
    except (RedisError, OSError) as error:
        hub.log.warning("worker.lost_redis", queue=queue, error=str(error))
    return worker is not None and worker.asked_to_stop


def use(hub: Hub) -> None:
    """Makes this process's jobs work with `hub`."""
    global _hub  # noqa: PLW0603 - see _hub
    _hub = hub


def deliver(outbox_id: int) -> None:
    """The one job of every queue."""
    assert _hub is not None, "use() comes first"
    relay.deliver(_hub, outbox_id)


def wait_for_redis(hub: Hub, queue: str, probe: Redis) -> None:
    """RQ registers its worker before it can wait by itself. A wait is told once, and its end too."""
    is_waiting = False
    while True:
        try:
            probe.ping()
        except RedisError as error:
            if not is_waiting:
                note = "REDIS_URL does not answer; waiting until it does, and nothing is done meanwhile"
                hub.log.warning("worker.waiting", queue=queue, error=str(error), note=note)
            is_waiting = True
            time.sleep(0.5)
        else:
            if is_waiting:
                hub.log.info("worker.waited", queue=queue)
            return


def sweep_for_ever(hub: Hub, queue: str, connection: Redis, parent: int) -> None:
    """Rings for whatever is due and has no ring waiting: it was postponed, was never rung for, or its ring was lost."""
    while True:
        began = time.monotonic()
        if os.getppid() != parent:
            os._exit(0)  # nobody would stop us any more
        try:
            sweep(hub, queue, connection)
        except RedisError:
            pass  # the doorbell has said so in the log; there is nobody to ring for
        except Exception:
            # Whatever it is, a database that is away or a fault of ours: this thread is the only one that finds what
            # was never rung for, and nobody would notice that it had ended.
            hub.log.exception("sweeper.failed", queue=queue)
        shortest, longest = SWEEP_SECONDS
        time.sleep(min(max(shortest, 9 * (time.monotonic() - began)), longest))


def sweep(hub: Hub, queue: str, connection: Redis) -> int:
    """Rings once for each that is due and has no ring waiting, the longest waiting first. Returns how many.

    So however slowly the queue drains, it gets no longer by sweeping it again.
    """
    waiting = doorbell.waiting(queue, connection)
    with hub.reading() as tx:
        due = outbox.due(tx, now=hub.clock(), queue=queue, limit=len(waiting) + SWEEP_ROWS)
    rings = [ring for ring in due if ring.outbox_id not in waiting][:SWEEP_ROWS]
    hub.nudge(rings)
    return len(rings)
