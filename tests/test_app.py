"""`python app.py …` as people start it: one line where a setting is wrong, and nothing half-started."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from feedback import settings as configuration
from feedback.hub import Hub
from feedback.settings import ROOT, Settings
from models import Member
from playground.server import Options, Playground

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
    """Runs it in `folder`, with these settings and none that the machine has."""
    given = {name.upper(): "" for name in Settings.model_fields} | {"SLACK_API_URL": NOWHERE} | settings
    return subprocess.run(
        [sys.executable, str(ROOT / "app.py"), *words],
        cwd=folder,
        env=configuration.child_environment(**given),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


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


@pytest.mark.parametrize(("name", "value"), [("PORT", "http"), ("DATABASE_URL", "mysql://localhost/roundtrip")])
def test_a_malformed_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    assert_one_line(app(tmp_path, "web", **{**ENOUGH, name: value}), name)
    assert list(tmp_path.iterdir()) == []


def test_with_socket_mode_no_signing_secret_is_needed(tmp_path: Path) -> None:
    given = {**SECRETS, "SLACK_SIGNING_SECRET": ""}
    assert_one_line(app(tmp_path, "web", **given), "DATABASE_URL has an old schema, or none. Run `python app.py db up")


@pytest.mark.parametrize("command", ["schedule", "worker slack"])
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


def test_a_slack_that_does_not_answer_is_named_where_nothing_is_known_of_it(
    tmp_path: Path, sqlite_database: str
) -> None:
    done = app(tmp_path, "web", **ENOUGH, DATABASE_URL=sqlite_database, PORT=str(free_port()))
    assert_one_line(done, "SLACK_API_URL does not answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_database_is_checked_and_upgraded(tmp_path: Path) -> None:
    before = app(tmp_path, "db", "check")
    assert (before.returncode, before.stderr) == (
        *(1, "Error: The schema is not the newest: run `python app.py db upgrade`.\n"),
    )
    assert app(tmp_path, "db", "upgrade").returncode == 0
    assert (tmp_path / "var" / "roundtrip.sqlite3").exists()
    assert app(tmp_path, "db", "check").returncode == 0


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
