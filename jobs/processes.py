"""Starting our own processes, starting them again when they die, and stopping all of them together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from feedback.outbox import QUEUES
from feedback.settings import EMBEDDED_REDIS, ROOT, VAR, child_environment
from jobs.valkey import Valkey

STOP_SECONDS = 10.0
RESTART_SECONDS = 1.0
log = structlog.get_logger("roundtrip")


@dataclass
class Child:
    name: str
    words: Sequence[str]
    """What stands after `python app.py`."""
    process: subprocess.Popen[bytes]
    started_at: float


class Processes:
    """Children live in sessions of their own, so that a Ctrl-C reaches only us and we stop them in order."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = child_environment(**(environment or {}))
        self._children: list[Child] = []
        self.stopping = threading.Event()

    def start(self, name: str, *words: str) -> None:
        self._children.append(Child(name, words, self._spawn(words), time.monotonic()))

    def watch(self, beside: Callable[[], None] = lambda: None) -> None:
        """Until SIGTERM or SIGINT: starts again whoever died, and calls `beside` twice a second."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        while not self.stopping.wait(0.5):
            beside()
            for child in self._children:
                if child.process.poll() is not None and time.monotonic() - child.started_at > RESTART_SECONDS:
                    log.warning("process.died", name=child.name, exit_code=child.process.returncode)
                    child.process, child.started_at = self._spawn(child.words), time.monotonic()

    def stop(self) -> None:
        """Last started, first stopped; whoever does not end in time is killed."""
        for child in reversed(self._children):
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()

    def _spawn(self, words: Sequence[str]) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(Path(ROOT) / "app.py"), "--parent", str(os.getpid()), *words]
        return subprocess.Popen(command, env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True)


def run_workers(*, redis_url: str) -> None:
    """One process a queue, and the embedded Redis if that is the one, until SIGTERM or SIGINT."""
    server = Valkey(VAR) if redis_url == EMBEDDED_REDIS else None
    if server:
        server.ensure()
    processes = Processes()
    for queue in QUEUES:
        processes.start(f"worker {queue}", "worker", queue)
    processes.watch(server.watch if server else lambda: None)
    processes.stop()
    if server:
        server.stop()


def end_with(parent: int) -> None:
    """Ends this process when the one that started it is gone, however that ended."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
