"""Composition root: reads the settings, wires the hub, starts a process by name. `python app.py --help` lists them.

Each command imports what its process needs and nothing else: the web process never loads scikit-learn.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import functools
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from feedback import settings as configuration
from feedback.settings import EMBEDDED_REDIS, VAR, Settings, SettingsError

if TYPE_CHECKING:
    from feedback.hub import Hub

WEB_THREADS = 16


def one_line_errors(command: Callable[..., None]) -> Callable[..., None]:
    """A setting that is missing or wrong, or a taken port, is one line that says what to do, and exit 2."""

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except SettingsError as error:
            click.echo(str(error), err=True)
            sys.exit(2)

    return run


@click.group(help="Roundtrip: a feedback hub inside a private customer Slack.")
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
def main(parent: int | None) -> None:
    _log()
    if parent is not None:
        from jobs.processes import end_with

        end_with(parent)


@main.command()
@one_line_errors
def web() -> None:
    """The hub's pages, and Slack's endpoint (or its socket)."""
    settings = _settings_for_slack()
    hub = wire(settings)
    _check_schema(hub)
    _check_port("HOST and PORT", settings.host, settings.port)
    _meet_slack(hub)
    serve_web(hub)


@main.command()
@click.argument("queue", required=False, type=click.Choice(("slack", "themes", "payouts")))
@one_line_errors
def worker(queue: str | None) -> None:
    """Background work: one process for QUEUE, or one for each queue."""
    settings = _settings_for_slack()
    if queue is None:
        _all_queues(settings)
        return
    configuration.calm_numpy()
    from jobs import doorbell
    from jobs import worker as rq_worker

    hub = wire(settings)
    _check_schema(hub)
    rq_worker.run(hub, queue, doorbell.connect(redis_url(settings)))


@main.command()
@one_line_errors
def schedule() -> None:
    """Everything periodic. One is enough; two do no harm."""
    from jobs import schedule as periodic

    hub = wire(_settings_for_slack())
    _check_schema(hub)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    periodic.run(hub, stop)


@main.command("settings")
@one_line_errors
def show_settings() -> None:
    """What can be set, what it means, and whether it is."""
    from handlers import cli

    cli.show_settings()


@main.group()
def db() -> None:
    """The database's schema."""


@db.command()
@one_line_errors
def upgrade() -> None:
    """Bring the schema up to date."""
    from handlers import cli

    cli.upgrade_database()


@db.command()
@one_line_errors
def check() -> None:
    """Say whether the schema is up to date and complete."""
    from handlers import cli

    cli.check_database()


@main.group()
def members() -> None:
    """People and their roles."""


@members.command()
@click.argument("who")
@click.argument("name", type=click.Choice(("customer", "moderator", "product", "manager")))
@one_line_errors
def role(who: str, name: str) -> None:
    """Give WHO (@name or Slack id) a role."""
    from handlers import cli

    hub = wire(configuration.read())
    _check_schema(hub)
    cli.give_role(hub, who, name)


def wire(settings: Settings) -> Hub:
    """Everything that a process is handed. Nothing is asked of the network yet."""
    from feedback.database import connect
    from feedback.hub import Hub
    from feedback.providers.payouts import HttpPayouts
    from feedback.providers.slack import WebApiSlack
    from jobs import doorbell

    payouts = HttpPayouts(url=settings.payouts_url, token=settings.payouts_token.get_secret_value())
    return Hub(
        settings=settings,
        engine=connect(settings.database_url),
        slack=WebApiSlack(token=settings.slack_bot_token.get_secret_value(), base_url=settings.slack_api_url),
        payouts=payouts if settings.payouts_url else None,
        doorbell=doorbell.RqDoorbell(doorbell.connect(redis_url(settings))),
    )


def redis_url(settings: Settings) -> str:
    from jobs.valkey import Valkey

    return Valkey(VAR).url if settings.redis_url == EMBEDDED_REDIS else settings.redis_url


def serve_web(hub: Hub) -> None:
    """Until SIGTERM or SIGINT. Requests that have begun are finished."""
    from waitress import serve

    from handlers import slack
    from handlers.web import create_app

    bolt = slack.build(hub)
    app = create_app(hub, bolt)
    if hub.settings.slack_app_token.get_secret_value():
        from slack_bolt.adapter.socket_mode import SocketModeHandler

        SocketModeHandler(bolt, hub.settings.slack_app_token.get_secret_value()).connect()  # type: ignore[no-untyped-call]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(
        app,
        host=hub.settings.host,
        port=hub.settings.port,
        threads=WEB_THREADS,
        max_request_body_size=2_000_000,
        clear_untrusted_proxy_headers=True,
        ident=None,
    )


def _all_queues(settings: Settings) -> None:
    from feedback.outbox import QUEUES
    from jobs.processes import Processes
    from jobs.valkey import Valkey

    server = Valkey(VAR) if settings.redis_url == EMBEDDED_REDIS else None
    if server:
        server.ensure()
    processes = Processes()
    for name in QUEUES:
        processes.start(f"worker {name}", "worker", name)
    processes.watch(server.watch if server else lambda: None)
    processes.stop()
    if server:
        server.stop()


def _settings_for_slack() -> Settings:
    settings = configuration.read()
    settings.require("slack_bot_token", "secret_key")
    if not settings.slack_app_token.get_secret_value():
        settings.require("slack_signing_secret")
    return settings


def _check_schema(hub: Hub) -> None:
    from feedback.database import DatabaseDown
    from models import migrations

    try:
        is_current = migrations.is_current(hub.engine)
    except DatabaseDown as error:
        raise SettingsError(f"DATABASE_URL does not answer: {error.orig}") from None
    if not is_current:
        raise SettingsError("The database at DATABASE_URL has an old schema, or none. Run `python app.py db upgrade`.")


def _check_port(name: str, host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(f"{name}: {host}:{port} cannot be used ({error.strerror}). Choose another.") from None


def _meet_slack(hub: Hub) -> None:
    """Which workspace the token belongs to. While Slack is away, what is known from before is enough."""
    from feedback import workspaces
    from feedback.providers import Impossible, NotDone, Unknown

    try:
        who = hub.slack.who_am_i()
    except Impossible as error:
        raise SettingsError(f"SLACK_BOT_TOKEN is not accepted by Slack: {error}.") from None
    except (NotDone, Unknown) as error:
        with hub.reading() as tx:
            if not workspaces.every(tx):
                raise SettingsError(f"SLACK_API_URL does not answer ({error}).") from None
        hub.log.warning("slack.away", error=str(error))
        return
    with hub.transaction() as tx:
        workspaces.install(tx, who_am_i=who, now=hub.clock())


def _log() -> None:
    """One line of key=value an event, to standard error."""
    import structlog

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    main()
