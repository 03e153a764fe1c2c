"""A thousand people to tell, and a sender that is killed again and again: each must read it exactly once.

The children are forked from a process that has loaded everything, so that one lives and dies in a tenth of a second.
"""

from __future__ import annotations

import json
import os
import random
import signal
import warnings
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select, update

from feedback import changes
from feedback.database import connect
from feedback.hub import Hub
from feedback.providers.slack import Posted
from jobs.drain import drain_until
from models import Idea, Member, Message, Notice, Outbox, Workspace
from tests.conftest import START, Clock, RememberingDoorbell, make_hub, make_settings
from tests.slack_stand_in import RememberingSlack

SENT = ("loop.notice", "loop.post")
STEPS_A_NOTICE = 16
"""Statements and posts that telling one person takes, or a little fewer: so many pass before a child is killed."""
A_LIFE = timedelta(hours=1)
"""Later than every lease and every second in line of the one before."""


@dataclass
class FileSlack(RememberingSlack):
    """What it took stands in a file, and outlives whoever sent it."""

    file: Path = Path()
    step: Any = None

    def post(self, **call: Any) -> Posted:
        self.step()
        posted = Posted(call["channel_id"], f"1700000000.{random.randrange(10**6):06}")
        line = {"key": call["key"], "channel": posted.channel_id, "thread_ts": call.get("thread_ts"), "ts": posted.ts}
        with self.file.open("a") as out:
            out.write(json.dumps(line) + "\n")
        self.step()
        return posted

    def find_posted(self, *, channel_id: str, thread_ts: str | None, key: str, since: datetime) -> Posted | None:
        for line in taken(self.file):
            if (line["key"], line["thread_ts"]) == (key, thread_ts):
                return Posted(line["channel"], line["ts"], is_old=True)
        return None


def taken(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def community(hub: Hub, people: int) -> list[int]:
    """Each said something of their own; every fifth below what somebody else said. The ideas' ids."""
    with hub.transaction() as tx:
        workspace = tx.scalars(select(Workspace)).one()
        workspace.has_quiet_hours = False  # fifty lives of an hour each go through three nights
        workspace_id = workspace.id
        members = [
            Member(workspace_id=workspace_id, slack_id=f"U1{number:05}", name=f"P{number}", joined_at=START)
            for number in range(people)
        ]
        tx.add_all(members)
        tx.flush()
        said = [
            Message(
                workspace_id=workspace_id,
                channel_id="C0IDEAS",
                ts=f"1700000000.{number:06}",
                thread_ts=f"1700000000.{number - 1:06}" if number % 5 == 4 else None,
                author_id=member.id,
                text=f"Thing {number}",
                files=[],
                permalink="",
                posted_at=START + timedelta(seconds=number),
            )
            for number, member in enumerate(members)
        ]
        tx.add_all(said)
        tx.flush()
        ideas = [
            Idea(
                workspace_id=workspace_id,
                message_id=message.id,
                author_id=member.id,
                captured_by_id=member.id,
                captured_with="reaction",
                kind="idea",
                text=message.text,
                created_at=message.posted_at,
                captured_at=START,
            )
            for message, member in zip(said, members, strict=True)
        ]
        tx.add_all(ideas)
        tx.flush()
        return [idea.id for idea in ideas]


def owe(url: str, people: int) -> None:
    """Ships something for so many people. Only that they are told is left to do."""
    engine = connect(url)
    hub = make_hub(engine, Clock())
    idea_ids = community(hub, people)
    with hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        changes.ship(tx, by=cy, summary="It is here.", idea_ids=idea_ids, now=START)
    with hub.transaction() as tx:
        tx.execute(update(Outbox).where(Outbox.kind.not_in(SENT)).values(state="done"))
    engine.dispose()


def kill_again_and_again(url: str, file: Path, *, people: int, kills: int, seed: int) -> int:
    """Returns how many were killed; the last one lives until everybody is told."""
    rng, killed = random.Random(seed), 0
    for life in range(kills):
        steps = rng.randint(1, 2 * people * STEPS_A_NOTICE // kills)
        killed += _live(url, file, START + life * A_LIFE, steps)
    _live(url, file, START + kills * A_LIFE, None)
    return killed


def _live(url: str, file: Path, start: datetime, steps: int | None) -> bool:
    """A child that sends until so many steps are done, and is killed there. True where it did not get to the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads: ours holds none of theirs
        child = os.fork()
    if child == 0:
        try:
            _send(url, file, start, steps)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFEXITED(status) or os.WTERMSIG(status) == signal.SIGKILL
    return os.WIFSIGNALED(status)


def _send(url: str, file: Path, start: datetime, steps: int | None) -> None:
    left, clock = [steps], Clock(start)

    def step(*_: object) -> None:
        if left[0] is not None:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def move_to(at: float) -> None:
        clock.now = datetime.fromtimestamp(at, UTC)

    engine = connect(url)
    for moment in ("before_cursor_execute", "commit"):
        event.listen(engine, moment, step)
    hub = _hub(engine, clock, FileSlack(file=file, step=step))
    drain_until(hub, move_to, seconds=60)


def _hub(engine: Any, clock: Clock, slack: FileSlack) -> Hub:
    return Hub(
        settings=make_settings(), engine=engine, slack=slack, payouts=None, doorbell=RememberingDoorbell(), clock=clock
    )


def everybody_was_told_once(url: str, file: Path, people: int) -> None:
    engine = connect(url)
    with engine.connect() as tx:
        told = tx.scalar(select(func.count()).select_from(Notice).where(Notice.told_at.is_not(None)))
        owed = set(tx.scalars(select(Outbox.key).where(Outbox.kind.in_(SENT))))
        states = set(tx.scalars(select(Outbox.state).where(Outbox.kind.in_(SENT))))
    engine.dispose()
    times = Counter(line["key"] for line in taken(file))
    assert {key: count for key, count in times.items() if count != 1} == {}
    assert (set(times), told, states) == (owed, people, {"done"})
