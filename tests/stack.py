"""The product as it runs: real processes for web, workers and Redis, which a test may kill as it likes."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from feedback import members, workspaces
from feedback import settings as configuration
from feedback.database import connect
from feedback.hub import Hub
from feedback.outbox import QUEUES
from feedback.providers.payouts.tremendous import Tremendous
from feedback.providers.slack import WebApiSlack
from feedback.settings import ROOT, Settings
from jobs.doorbell import SilentDoorbell
from jobs.valkey import Valkey, program
from models import Member, Outbox, Workspace
from playground.client import Client
from playground.server import Options, Playground
from tests.conftest import CAST, give_by, make_settings, thank_at_once, try_out

START_SECONDS = 40.0


class RedisServer(Valkey):
    """The same server as an operator runs it: on a TCP port, by Redis's own program where that is installed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def ensure(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        command = [shutil.which("redis-server") or program(), "--port", str(self.port), "--dir", str(self.folder)]
        self._process = subprocess.Popen([*command, "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL)


@dataclass
class Stack:
    client: Client
    hub: Hub
    """In the test's own process, on the same database."""
    url: str
    redis: Valkey
    environment: dict[str, str]
    queues: tuple[str, ...] = QUEUES
    """Those that somebody works on. A worker takes seconds to start; where a test owes it nothing, none is needed."""
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return ["web", *(f"worker {queue}" for queue in self.queues), "redis"]

    def start(self, name: str) -> None:
        if name == "redis":
            self.redis.ensure()
            return
        command = [sys.executable, str(ROOT / "app.py"), *name.split()]
        self.running[name] = subprocess.Popen(command, env=self.environment, cwd=ROOT)

    def kill(self, name: str) -> None:
        """SIGKILL: nothing is finished, nothing is said."""
        if name == "redis":
            process = self.redis._process
            assert process is not None
        else:
            process = self.running[name]
        process.send_signal(signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        self.redis.stop()

    def wait_for_web(self) -> None:
        self.wait_for(lambda: answers(f"{self.url}/health"), START_SECONDS, "a web process that answers")

    def wait_for(self, look: Callable[[], Any], seconds: float, what: str) -> Any:
        return self.client.wait_for(look, seconds=seconds, what=what)

    def open_work(self) -> list[tuple[str, str]]:
        """What is still owed: (kind, state). Themes are measured some minutes after everything else, on purpose."""
        with self.hub.reading() as tx:
            rows = tx.execute(
                select(Outbox.kind, Outbox.state).where(Outbox.state != "done", Outbox.kind != "theme.measure")
            )
            return [(kind, state) for kind, state in rows]

    def try_out(self) -> None:
        """Somebody of the team finds that it works, so that rewards vest."""
        with self.hub.transaction() as tx:
            try_out(tx, now=self.hub.clock())
        cards = ("reward.card", "reward.card_refresh")
        self.wait_for(lambda: not [kind for kind, _ in self.open_work() if kind in cards], 60, "the managers' cards")

    def wait_until_done(self, seconds: float) -> None:
        self.wait_for(lambda: not self.open_work(), seconds, "an outbox with nothing left to do")


@contextmanager
def open_stack(
    database_url: str,
    folder: Path,
    *,
    sockets: bool = False,
    pays_by_hand: bool = False,
    redis_server: bool = False,
    queues: tuple[str, ...] = QUEUES,
    make: type[Stack] | None = None,
    **options: Any,
) -> Iterator[Stack]:
    """Everything started, roles given, the app connected. `make`: a Stack that starts in another way. `options` are
    the playground's."""
    with Playground(Options(port=0, **options)) as playground:
        port = free_port()
        redis = RedisServer(folder / "redis") if redis_server else Valkey(folder / "redis")
        settings = make_settings(
            slack_api_url=f"{playground.url}/api/",
            slack_app_token="xapp-playground" if sockets else "",
            database_url=database_url,
            redis_url=redis.url,
            public_url=f"http://127.0.0.1:{port}",
            port=port,
            payouts_url=f"{playground.url}/tremendous/api/v2",
            payouts_token="payouts-playground",
            demo=True,
        )
        hub = _hub(settings)
        client = Client(playground.url)
        _install(hub, pays_by_hand)
        if not sockets:
            client.settings(request_url=f"{settings.hub_url}/slack/events")
        # Not counted by coverage, which makes each of these processes start half as fast again.
        settings_of = configuration.as_environment(settings)
        environment = configuration.child_environment(**settings_of, COVERAGE_PROCESS_CONFIG="")
        stack = (make or Stack)(client, hub, settings.hub_url, redis, environment, queues)
        try:
            for name in ("redis", *stack.names[:-1]):
                stack.start(name)
            stack.wait_for_web()
            if sockets:
                stack.wait_for(client.sockets, START_SECONDS, "a connected socket")
            yield stack
        finally:
            stack.stop()
            hub.engine.dispose()


def _hub(settings: Settings) -> Hub:
    return Hub(
        settings=settings,
        engine=connect(settings.database_url),
        slack=WebApiSlack(token="xoxb-playground", base_url=settings.slack_api_url),
        payouts=Tremendous(
            url=settings.payouts_url, token="payouts-playground", funding_source="BALANCE", campaign="CAMPAIGN"
        ),
        doorbell=SilentDoorbell(),
    )


def _install(hub: Hub, pays_by_hand: bool) -> None:
    with hub.transaction() as tx:
        workspace = workspaces.install(tx, who_am_i=hub.slack.who_am_i(), now=hub.clock())
        workspaces.store_channels(tx, workspace=workspace, found=hub.slack.channels())
        members.store_profiles(tx, workspace=workspace, found=list(hub.slack.users()), now=hub.clock())
        workspace.triage_channel_id, workspace.managers_channel_id = "C0TRIAGE", "C0MANAGERS"
        thank_at_once(tx, workspace, now=hub.clock())
        give_by(tx, "manual" if pays_by_hand else "tremendous")
        workspace.has_quiet_hours = False  # the clock is the real one, and somewhere it is always night
        workspace.notices_a_week = 0  # Ana hears of more in a minute than anybody else in a week
    with hub.transaction() as tx:
        assert tx.scalars(select(Workspace)).one()
        for slack_id, (_, role) in CAST.items():
            tx.scalars(select(Member).where(Member.slack_id == slack_id)).one().role = role


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def pause(seconds: float) -> None:
    """For tests that wait on purpose."""
    time.sleep(seconds)
