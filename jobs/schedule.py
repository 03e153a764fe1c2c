"""Everything periodic, in one table. Any number of schedules may run: a tick is a row, and happens once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from croniter import croniter

from feedback import housekeeping, judgements, loop, outbox, privacy, promises, rewards, themes, work, workspaces
from feedback.hub import Hub
from jobs import owing
from jobs.plans import Tx


@dataclass(frozen=True)
class Periodic:
    name: str
    cron: str
    """Five fields, UTC."""
    run: Callable[[Tx, datetime], None]


def _each_workspace(owe: Callable[[Tx, int, datetime], None]) -> Callable[[Tx, datetime], None]:
    def run(tx: Tx, now: datetime) -> None:
        for workspace in workspaces.every(tx):
            owe(tx, workspace.id, now)

    return run


def _regroup(tx: Tx, workspace_id: int, now: datetime) -> None:
    themes.regroup_soon(tx, workspace_id=workspace_id, now=now)


def _refit(tx: Tx, workspace_id: int, now: datetime) -> None:
    judgements.refit_soon(tx, workspace_id=workspace_id, now=now)


def _measure(tx: Tx, workspace_id: int, now: datetime) -> None:
    themes.measure_now(tx, workspace_id=workspace_id, now=now)


def _tell(tx: Tx, workspace_id: int, now: datetime) -> None:
    themes.tell_soon(tx, workspace_id=workspace_id, now=now)


def _tell_the_week(tx: Tx, workspace_id: int, now: datetime) -> None:
    loop.open_digests(tx, workspace_id=workspace_id, now=now)


def _read(tx: Tx, workspace_id: int, now: datetime) -> None:
    workspaces.read_soon(tx, workspace=workspaces.get(tx, workspace_id=workspace_id), now=now)


def _catch_up(tx: Tx, workspace_id: int, now: datetime) -> None:
    work.soon(tx, workspace_id=workspace_id, now=now)


def _remind(tx: Tx, workspace_id: int, now: datetime) -> None:
    loop.remind_soon(tx, workspace_id=workspace_id, now=now)


def _remind_of_gifts(tx: Tx, workspace_id: int, now: datetime) -> None:
    rewards.remind_soon(tx, workspace_id=workspace_id, now=now)


def _end_promises(tx: Tx, workspace_id: int, now: datetime) -> None:
    promises.end_overdue(tx, workspace_id=workspace_id, now=now)


def _seal(tx: Tx, workspace_id: int, now: datetime) -> None:
    outbox.owe_again(tx, workspace_id=workspace_id, kind="audit.seal", key=f"seal:{workspace_id}", now=now)


def _reward_supported(tx: Tx, workspace_id: int, now: datetime) -> None:
    rewards.propose_supported(tx, workspace_id=workspace_id, now=now)


def _reconcile(tx: Tx, workspace_id: int, now: datetime) -> None:
    rewards.reconcile_soon(tx, workspace_id=workspace_id, now=now)


def _forget(tx: Tx, now: datetime) -> None:
    housekeeping.forget(tx, now=now)
    privacy.clean(tx)


PERIODIC = (
    Periodic("regroup", "20 3 * * *", _each_workspace(_regroup)),  # when few people write
    Periodic("refit", "50 3 * * *", _each_workspace(_refit)),
    Periodic("tell_of_suggestions", "30 7 * * *", _each_workspace(_tell)),  # before the team's morning
    Periodic("digests", "*/15 * * * *", _each_workspace(_tell_the_week)),  # zones differ by quarters of an hour
    Periodic("tell_of_the_week", "35 7 * * 1", _each_workspace(owing.owe_week)),
    Periodic("tell_of_late_answers", "40 7 * * *", _each_workspace(owing.owe_late)),
    Periodic("read_workspace", "7 * * * *", _each_workspace(_read)),  # whatever no event told of
    Periodic("read_trackers", "27 * * * *", _each_workspace(_catch_up)),  # whatever no webhook told of
    Periodic("remind", "7 * * * *", _each_workspace(_remind)),  # at about the time of day at which they were told
    Periodic("remind_of_gifts", "45 7 * * *", _each_workspace(_remind_of_gifts)),  # a week before they end
    Periodic("end_promises", "7 * * * *", _each_workspace(_end_promises)),  # a day ends somewhere every hour
    Periodic("reward_supported", "10 4 * * *", _each_workspace(_reward_supported)),  # a quarter begins in some night
    Periodic("measure", "50 3 * * *", _each_workspace(_measure)),  # whatever the grouping made of it
    Periodic("seal", "*/15 * * * *", _each_workspace(_seal)),  # what concerns money is sealed already
    Periodic("reconcile", "10 4 * * *", _each_workspace(_reconcile)),
    Periodic("forget", "40 3 * * *", _forget),
)


def run(hub: Hub, stop: threading.Event) -> None:
    """Once a second, until `stop`. After a time off, each job runs once for all the ticks that were missed."""
    while not stop.wait(1.0):
        tick(hub)


def tick(hub: Hub) -> int:
    """Runs whatever became due since its last tick. Returns how many ran."""
    now = hub.clock()
    ran = 0
    for job in PERIODIC:
        due_at = croniter(job.cron, now).get_prev(datetime)
        try:
            with hub.transaction() as tx:
                if housekeeping.begin_tick(tx, job=job.name, due_at=due_at):
                    job.run(tx, now)
                    ran += 1
        except Exception:
            # Whatever it is, the other jobs of the table get their turn, and this tick was rolled back: it comes again.
            hub.log.exception("schedule.failed", job=job.name)
    return ran
