"""`python app.py …` as people start it: one line where a setting is wrong, and nothing half-started."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from app import worker as worker_command
from feedback import settings as configuration
from feedback.hub import Hub
from feedback.outbox import QUEUES
from feedback.providers.slack import WebApiSlack
from feedback.settings import ROOT, Settings
from jobs.drain import drain
from jobs.meeting import meet_slack
from jobs.valkey import Valkey
from models import Member, Outbox
from playground.client import Client
from playground.server import Options, Playground
from tests.stack import answers, free_port

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-very-secret-token",
    "SLACK_SIGNING_SECRET": "very-secret-signature",
    "SLACK_APP_TOKEN": "xapp-very-secret-socket",
    "SECRET_KEY": "very-secret-key-very-secret-key-very-secret-key",
    "PAYOUTS_TOKEN": "very-secret-payouts",
}
ENOUGH = {name: SECRETS[name] for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SECRET_KEY")}
NOWHERE = "http://127.0.0.1:1/api/"
SECONDS = 60


def app(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs it in `folder`, with these settings, none that the machine has, and a database that nobody else has."""
    return subprocess.run(
        [sys.executable, str(ROOT / "app.py"), *words],
        cwd=folder,
        env=environment({"DATABASE_URL": f"sqlite:///{folder}/roundtrip.sqlite3"} | settings),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def environment(settings: dict[str, str]) -> dict[str, str]:
    given = {name.upper(): "" for name in Settings.model_fields} | {"SLACK_API_URL": NOWHERE} | settings
    return configuration.child_environment(**given)


@contextmanager
def running(*words: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """It as it runs, with what it says to its log; ended at the end."""
    command = [sys.executable, str(ROOT / "app.py"), *words]
    with subprocess.Popen(command, env=environment(settings), stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def checkout(folder: Path) -> Path:
    """A copy of the sources there, whose var/ is its own. Returns its app.py."""
    for name in ("feedback", "handlers", "jobs", "models", "playground"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manifest.yml", folder)
    return Path(shutil.copy(ROOT / "app.py", folder))


def assert_one_line(done: subprocess.CompletedProcess[str], names: str) -> None:
    """Says on one line what is wrong, and ends with 2."""
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert names in done.stderr
    assert done.stdout == ""


def test_settings_are_shown_with_their_meaning_and_without_secrets(tmp_path: Path) -> None:
    url = "postgresql://roundtrip:very-secret-password@db.example/roundtrip"
    done = app(tmp_path, "settings", **SECRETS, DATABASE_URL=url, PORT="8123")
    assert done.returncode == 0, done.stderr
    assert "very-secret" not in done.stdout + done.stderr
    asked = "postgresql://db.example/roundtrip?user=roundtrip&password=very-secret-password"
    elsewhere = app(tmp_path, "settings", DATABASE_URL=asked, REDIS_URL="redis://redis.example?password=very-secret")
    assert "very-secret" not in elsewhere.stdout
    assert state(elsewhere.stdout.splitlines(), "DATABASE_URL").startswith("postgresql+psycopg://db.example/roundtrip?")
    for name, field in Settings.model_fields.items():
        assert name.upper() in done.stdout
        assert str(field.description) in done.stdout
    lines = done.stdout.splitlines()
    assert state(lines, "PORT") == "8123"
    assert state(lines, "HOST") == "default"
    assert state(lines, "SLACK_BOT_TOKEN") == "set"
    assert "db.example" in state(lines, "DATABASE_URL")
    assert list(tmp_path.iterdir()) == []


def state(lines: list[str], name: str) -> str:
    return next(line.split(maxsplit=1)[1] for line in lines if line.startswith(name + " "))


@pytest.mark.parametrize("command", ["web", "worker"])
def test_without_any_setting_the_first_one_is_named(tmp_path: Path, command: str) -> None:
    assert_one_line(app(tmp_path, command), "SLACK_BOT_TOKEN is missing")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("missing", ["SLACK_SIGNING_SECRET", "SECRET_KEY"])
def test_a_missing_setting_is_named(tmp_path: Path, missing: str) -> None:
    given = {name: value for name, value in ENOUGH.items() if name != missing}
    assert_one_line(app(tmp_path, "web", **given), f"{missing} is missing")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("DATABASE_URL", "mysql://localhost/roundtrip"),
        ("DATABASE_URL", "postgresql://localhost/roundtrip?colour=red"),
        ("DATABASE_URL", "sqlite:////dev/null"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://localhost:6379/0?colour=red"),
        ("REDIS_URL", f"unix:///{'deep/' * 30}redis.sock"),
    ],
)
@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_malformed_setting_is_named(tmp_path: Path, command: str, name: str, value: str) -> None:
    assert_one_line(app(tmp_path, command, **{**ENOUGH, name: value}), name)
    assert list(tmp_path.iterdir()) == []


def test_with_socket_mode_no_signing_secret_is_needed(tmp_path: Path) -> None:
    given = {**SECRETS, "SLACK_SIGNING_SECRET": ""}
    assert_one_line(app(tmp_path, "web", **given), "DATABASE_URL has an old schema, or none. Run `python app.py db up")


def test_every_queue_can_have_a_worker() -> None:
    assert tuple(worker_command.params[0].type.choices) == QUEUES  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", ["schedule", "worker", "worker slack"])
def test_on_a_database_without_our_schema_nothing_starts(tmp_path: Path, command: str) -> None:
    assert_one_line(app(tmp_path, *command.split(), **ENOUGH), "Run `python app.py db upgrade`")


def test_a_taken_port_is_named(tmp_path: Path, sqlite_database: str) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        assert_one_line(
            app(tmp_path, "web", **ENOUGH, DATABASE_URL=sqlite_database, PORT=port), f"{port} cannot be used"
        )


@pytest.fixture
def playground() -> Iterator[Playground]:
    with Playground(Options(port=0)) as found:
        yield found


def test_a_token_that_slack_does_not_know_is_named(
    tmp_path: Path, sqlite_database: str, playground: Playground
) -> None:
    where = {"DATABASE_URL": sqlite_database, "SLACK_API_URL": f"{playground.url}/api/"}
    done = app(tmp_path, "web", **ENOUGH, **where, PORT=str(free_port()))
    assert_one_line(done, "SLACK_BOT_TOKEN is not accepted by Slack: invalid_auth")
    assert "very-secret" not in done.stderr


def test_an_app_token_that_slack_does_not_know_is_named(
    tmp_path: Path, sqlite_database: str, playground: Playground
) -> None:
    where = {"DATABASE_URL": sqlite_database, "SLACK_API_URL": f"{playground.url}/api/"}
    tokens = {"SLACK_BOT_TOKEN": "xoxb-playground", "SLACK_APP_TOKEN": SECRETS["SLACK_APP_TOKEN"]}
    done = app(tmp_path, "web", **ENOUGH | where | tokens, PORT=str(free_port()))
    assert_one_line(done, "SLACK_APP_TOKEN is not accepted by Slack: invalid_auth")
    assert "very-secret" not in done.stderr


def test_while_slack_is_away_the_pages_are_there_and_when_it_comes_it_is_heard(hub: Hub, sqlite_database: str) -> None:
    pages, slack = free_port(), free_port()
    tokens = {"SLACK_BOT_TOKEN": "xoxb-playground", "SLACK_APP_TOKEN": "xapp-playground"}
    where = {"DATABASE_URL": sqlite_database, "SLACK_API_URL": f"http://127.0.0.1:{slack}/api/", "PORT": str(pages)}
    with running("web", **ENOUGH | tokens | where) as web:
        assert web.stderr is not None
        said = [web.stderr.readline() for _ in range(2)]
        assert ("slack.socket_away" in said[0], "slack.away" in said[1]) == (True, True)
        client = Client(f"http://127.0.0.1:{slack}")
        client.wait_for(lambda: answers(f"http://127.0.0.1:{pages}/health"), SECONDS, "the pages")
        with Playground(Options(port=slack)):
            client.wait_for(client.sockets, SECONDS, "a connected socket")
            web.terminate()


def test_a_slack_that_does_not_answer_is_named_where_nothing_is_known_of_it(
    tmp_path: Path, sqlite_database: str
) -> None:
    done = app(tmp_path, "web", **ENOUGH, DATABASE_URL=sqlite_database, PORT=str(free_port()))
    assert_one_line(done, "SLACK_API_URL does not answer")


def test_a_worker_says_at_once_that_it_waits_for_redis(valkey: Valkey, sqlite_database: str) -> None:
    valkey.stop()
    with running("worker", "slack", **ENOUGH, DATABASE_URL=sqlite_database, REDIS_URL=valkey.url) as worker:
        assert worker.stderr is not None
        said = worker.stderr.readline()
        assert "worker.waiting" in said
        assert "REDIS_URL does not answer; waiting until it does" in said
        valkey.ensure()
        assert "worker.waited" in worker.stderr.readline()


@pytest.mark.parametrize("command", ["worker", "worker slack"])
def test_a_redis_that_will_not_have_us_is_named(
    tmp_path: Path, valkey: Valkey, sqlite_database: str, command: str
) -> None:
    for url in (f"unix://nobody:very-secret@{valkey.socket}", f"{valkey.url}?db=99"):
        done = app(tmp_path, *command.split(), **ENOUGH, DATABASE_URL=sqlite_database, REDIS_URL=url)
        assert_one_line(done, "REDIS_URL is not accepted by Redis")
        assert "very-secret" not in done.stderr


def test_a_checkout_that_is_too_deep_for_the_embedded_redis_is_named(tmp_path: Path) -> None:
    deep = tmp_path / "deep" / ("x" * 80)
    command = [sys.executable, str(checkout(deep)), "demo"]
    for words in (command, [*command[:2], "worker"]):
        done = subprocess.run(
            words, env=environment(ENOUGH), capture_output=True, text=True, timeout=SECONDS, check=False
        )
        assert_one_line(done, "is too long for the embedded Redis's socket")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "::1", "localhost", "127.0.0.1"])
def test_the_demo_takes_every_host_on_which_it_reaches_itself(tmp_path: Path, host: str) -> None:
    """As far as its port, which is taken. What else is set, is set for something else."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as holder:
        try:
            holder.bind((host, 0))
        except OSError:
            pytest.skip("this machine has no IPv6")
        holder.listen()
        port = str(holder.getsockname()[1])
        strange = {"DATABASE_URL": "mysql://localhost/other", "SECRET_KEY": "short", "REDIS_URL": "localhost"}
        done = app(tmp_path, "demo", HOST=host, PORT=port, **strange)
        assert_one_line(done, f"{host}:{port} cannot be used")
        done = app(tmp_path, "demo", HOST=host, PORT=str(free_port()), PLAYGROUND_PORT=port)
        assert_one_line(done, f"{host}:{port} cannot be used")
        assert "Set PLAYGROUND_PORT" in done.stderr


def test_the_demo_refuses_a_host_on_which_it_does_not_reach_itself(tmp_path: Path) -> None:
    assert_one_line(app(tmp_path, "demo", HOST="192.0.2.1"), "HOST is 192.0.2.1, and the demo's processes meet at")


def test_the_demo_can_be_stopped_while_it_fills(folder: Path) -> None:
    ports = {"PORT": str(free_port()), "PLAYGROUND_PORT": str(free_port())}
    command = [sys.executable, str(checkout(folder)), "demo"]
    with subprocess.Popen(
        command, env=environment(ports), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as demo:
        assert demo.stdout is not None
        assert demo.stdout.readline().startswith("Filling the community")
        assert "people arrive" in demo.stdout.readline()
        demo.send_signal(signal.SIGINT)
        said, complained = demo.communicate(timeout=SECONDS)
    assert (demo.returncode, complained) == (130, "")
    assert "Stopping before everything was there" in said


def test_where_slack_is_away_at_the_start_what_was_said_is_read_when_it_is_back(hub: Hub) -> None:
    drain(hub)
    meet_slack(replace(hub, slack=WebApiSlack(token="xoxb-1", base_url=NOWHERE)))
    with hub.reading() as tx:
        rows = tx.scalars(select(Outbox).where(Outbox.kind == "workspace.read"))
        assert [row.state for row in rows] == ["new"]


def test_the_database_is_checked_and_upgraded(tmp_path: Path) -> None:
    where = {"DATABASE_URL": f"sqlite:///{tmp_path}/new/roundtrip.sqlite3"}
    before = app(tmp_path, "db", "check", **where)
    assert (before.returncode, before.stderr) == (
        *(1, "Error: The schema is not the newest: run `python app.py db upgrade`.\n"),
    )
    assert app(tmp_path, "db", "upgrade", **where).returncode == 0
    assert app(tmp_path, "db", "check", **where).returncode == 0


@pytest.mark.parametrize("url", ["", "sqlite:///var/roundtrip.sqlite3"])
def test_a_relative_database_is_below_the_checkout_wherever_one_stands(tmp_path: Path, url: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    command = [sys.executable, str(checkout(tmp_path / "checkout")), "db", "upgrade"]
    subprocess.run(command, cwd=elsewhere, env=environment({"DATABASE_URL": url}), check=True, capture_output=True)
    assert (tmp_path / "checkout" / "var" / "roundtrip.sqlite3").exists()
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "url"),
    [
        ("check", "postgresql://127.0.0.1:1/roundtrip"),
        ("upgrade", "postgresql://127.0.0.1:1/roundtrip"),
        ("upgrade", "sqlite:////dev/null/roundtrip.sqlite3"),
    ],
)
def test_a_database_that_cannot_be_reached_is_named(tmp_path: Path, command: str, url: str) -> None:
    assert_one_line(app(tmp_path, "db", command, DATABASE_URL=url), "DATABASE_URL")


def test_settings_are_read_from_a_file_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('SLACK_BOT_TOKEN=xoxb-from-file\nPORT=8001\nHOST="::1"\nOTHER=1\n', encoding="utf-8")
    lines = app(tmp_path, "settings", PORT="8002").stdout.splitlines()
    assert state(lines, "SLACK_BOT_TOKEN") == "set"
    assert (state(lines, "HOST"), state(lines, "PORT")) == ("::1", "8002")


def test_a_person_is_given_a_role_at_the_terminal(tmp_path: Path, hub: Hub, sqlite_database: str) -> None:
    done = app(tmp_path, "members", "role", "@ana", "manager", DATABASE_URL=sqlite_database)
    assert (done.returncode, done.stdout) == (0, "Ana is a manager now.\n"), done.stderr
    assert roles(hub)["U0ANA"] == "manager"


@pytest.mark.parametrize(
    ("words", "says", "code"),
    [
        (("@nobody", "manager"), "Nobody here is called @nobody", 1),
        (("@ana", "boss"), "'boss' is not one of", 2),
        (("@ana",), "Missing argument", 2),
    ],
)
def test_a_role_that_cannot_be_given_is_not(
    tmp_path: Path, hub: Hub, sqlite_database: str, words: tuple[str, ...], says: str, code: int
) -> None:
    before = roles(hub)
    done = app(tmp_path, "members", "role", *words, DATABASE_URL=sqlite_database)
    assert (done.returncode, says in done.stderr, done.stdout) == (code, True, ""), done.stderr
    assert roles(hub) == before


def roles(hub: Hub) -> dict[str, str]:
    with hub.reading() as tx:
        return {member.slack_id: member.role for member in tx.scalars(select(Member))}


def test_another_way_can_be_tried_only_where_something_was_said(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'here.sqlite3'}"
    assert app(tmp_path, "db", "upgrade", DATABASE_URL=url).returncode == 0
    done = app(tmp_path, "replay-model", "--vectors", "static", **SECRETS, DATABASE_URL=url)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith("Error: No workspace is here yet.")
