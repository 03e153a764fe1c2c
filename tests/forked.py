"""Processes of the product that are there in a moment: forked from one that has loaded everything and does nothing.

Loading takes a process some seconds, and tests that kill a hundred of them have not so much patience.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from typing import Any

import app
from feedback import log
from feedback.settings import Settings
from jobs import worker
from tests.stack import Stack

PRELOADED = ["tests.forked", "feedback.providers.slack", "handlers.slack", "handlers.web", "waitress"]


@dataclass
class Forked:
    """As far as a Stack uses a process of its own."""

    process: ForkServerProcess

    def send_signal(self, number: int) -> None:
        assert number == signal.SIGKILL
        self.process.kill()

    def wait(self, timeout: float | None = None) -> None:
        self.process.join(timeout)

    def terminate(self) -> None:
        self.process.terminate()

    def kill(self) -> None:
        self.process.kill()

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid


class ForkedStack(Stack):
    """A Stack whose processes live and die quickly. What they run is the same."""

    def start(self, name: str) -> None:
        if name == "redis":
            super().start(name)
            return
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        process = context.Process(target=_live, args=(name, self.hub.settings), daemon=True)
        process.start()
        running: dict[str, Any] = self.running
        running[name] = Forked(process)


def _live(name: str, settings: Settings) -> None:
    """What `python app.py NAME` does, once its settings are read."""
    log.configure(logging.CRITICAL)  # that the others are killed is what they would have to say
    hub = app.wire(settings)
    if name == "web":
        app.serve_web(hub)
    else:
        worker.run(hub, name.removeprefix("worker "), app.redis_url(settings))
