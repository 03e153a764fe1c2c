"""Starts and stops a playground."""

import asyncio
import contextlib
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType

from aiohttp import web

from playground.routes import application
from playground.site import Options, Site

__all__ = ["Options", "Playground", "serve"]

STOP_SECONDS = 10.0


class Playground:
    """A Slack workspace that runs in a thread of its own until it is stopped.

    ``clock`` gives the time of messages and events, seconds since 1970; signatures and time-outs use real time. Once
    started, ``url`` is its address; the Web API is at ``url + "/api/"``.
    """

    def __init__(self, options: Options | None = None, clock: Callable[[], float] = time.time) -> None:
        self.options = options or Options()
        self.url = ""
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> "Playground":
        """Start, and come back when it answers. Raises OSError for a taken port, sqlite3.Error for a bad store."""
        ready: Future[str] = Future()
        self._thread = threading.Thread(target=self._run, args=(ready,), name="playground", daemon=True)
        self._thread.start()
        self.url = ready.result()
        return self

    def stop(self) -> None:
        """Stop, and come back when everything is closed. Stopping twice is no news."""
        if self._loop is not None and self._stop is not None:
            # The loop may have ended by itself in between.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stop.set)
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)
            if self._thread.is_alive():
                raise TimeoutError("the playground does not stop")

    def __enter__(self) -> "Playground":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self, ready: "Future[str]") -> None:
        """Run the event loop of the thread. What goes wrong before it answers is whoever started it to know."""
        try:
            asyncio.run(self._serve(ready))
        except BaseException as error:
            if ready.done():
                raise
            ready.set_exception(error)

    async def _serve(self, ready: "Future[str]") -> None:
        """Serve until asked to stop."""
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        site = Site(self.options, self._clock)
        runner = web.AppRunner(application(site), access_log=None, shutdown_timeout=1.0)
        try:
            await runner.setup()
            server = web.TCPSite(runner, self.options.host, self.options.port)
            await server.start()
            site.url = _address(self.options.host, runner)
            await site.deliveries.open()
            ready.set_result(site.url)
            await self._stop.wait()
        finally:
            site.stream.close()
            await site.sockets.close()
            await site.deliveries.close()
            await runner.cleanup()
            site.store.close()


def _address(host: str, runner: web.AppRunner) -> str:
    """Answer the address under which the server is reached."""
    port = runner.addresses[0][1]
    here = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)  # everywhere is here too
    shown = f"[{here}]" if ":" in here else here
    return f"http://{shown}:{port}"


def serve(options: Options) -> None:
    """Run a playground until Ctrl-C or SIGTERM. Where the port is taken it says so in one line and exits with 2."""
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: done.set())
    try:
        playground = Playground(options).start()
    except OSError as error:
        print(
            f"The playground cannot start on {options.host}:{options.port}: {error.strerror or error}", file=sys.stderr
        )
        raise SystemExit(2) from None
    print(f"The playground is at {playground.url}/ (Web API {playground.url}/api/). Ctrl-C stops it.", flush=True)
    done.wait()
    playground.stop()
