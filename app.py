"""Composition root: reads the settings, wires the hub, starts a process by name. `python app.py --help` lists them.

Each command imports what its process needs and nothing else: the web process never loads scikit-learn.
"""
# ruff: noqa: PLC0415

from __future__ import annotations

import functools
import logging
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from feedback import log
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
    log.configure()
    if parent is not None:
        from jobs.processes import end_with

        end_with(parent)


@main.command()
@one_line_errors
def web() -> None:
    """The hub's pages, and Slack's endpoint (or its socket)."""
    from jobs import ports

    settings = _settings_for_slack()
    hub = wire(settings)
    _check_schema(hub)
    ports.check_free(settings.host, settings.port)
    serve_web(hub)


@main.command()
@click.argument("queue", required=False, type=click.Choice(("slack", "reading", "themes", "payouts")))
@one_line_errors
def worker(queue: str | None) -> None:
    """Background work: one process for QUEUE, or one for each queue."""
    from jobs import doorbell

    settings = _settings_for_slack()
    hub = wire(settings)
    _check_schema(hub)
    doorbell.check_accepts(redis_url(settings))
    if queue is None:
        from jobs.processes import run_workers

        hub.engine.dispose()  # each worker has its own
        run_workers(redis_url=settings.redis_url)
        return
    configuration.calm_numpy()
    from jobs import worker as rq_worker

    rq_worker.run(hub, queue, redis_url(settings))


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


@main.command()
@click.option("--reset", is_flag=True, help="Start from a clean slate.")
@click.option(
    "--playground-port",
    envvar="PLAYGROUND_PORT",
    type=click.IntRange(1, 65535),
    default=8090,
    show_default=True,
    help="Where the playground listens; also PLAYGROUND_PORT.",
)
@one_line_errors
def demo(reset: bool, playground_port: int) -> None:
    """Everything on this machine, with a playground for a Slack and a community in it."""
    from jobs import ports
    from jobs.demo import FOLDER, settings_for, start
    from jobs.processes import Processes
    from jobs.valkey import Valkey

    settings = settings_for(playground_port)
    if settings.port == playground_port:
        raise SettingsError(f"PORT and PLAYGROUND_PORT are both {settings.port}. Choose another for one of them.")
    ports.check_free(settings.host, settings.port)
    ports.check_free(settings.host, playground_port, "PLAYGROUND_PORT")
    redis = Valkey(FOLDER)
    processes = Processes(configuration.as_environment(settings))
    try:
        if reset or not (FOLDER / "filled").exists():
            redis.stop_any()  # one that survived an earlier demo would lose its folder
            _fill_demo(settings, FOLDER)
        start(wire(settings), processes, redis)
        processes.watch(redis.watch)
        click.echo("Stopping …")
    except KeyboardInterrupt:
        click.echo("Stopping before everything was there …")
        sys.exit(130)
    finally:
        processes.stop()
        redis.stop_any()


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def playground(words: tuple[str, ...]) -> None:
    """A Slack of your own on this machine: `serve`, `replay FILE`, `community`."""
    from playground.terminal import main as playground_main

    sys.exit(playground_main(list(words)))


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


@members.command()
@click.argument("who")
@click.confirmation_option(prompt="Their words, their name and how to reach them will be gone for good. Go on?")
@one_line_errors
def erase(who: str) -> None:
    """Forget WHO (@name or Slack id), as they asked."""
    from handlers import cli

    hub = wire(configuration.read())
    _check_schema(hub)
    cli.erase_member(hub, who)


@main.group()
def audit() -> None:
    """Whether what is on record is as it was written."""


@audit.command()
@one_line_errors
def verify() -> None:
    """Walk each workspace's chain, and add up its ledger. Exit 1 where something does not fit."""
    from handlers import cli

    hub = wire(configuration.read())
    _check_schema(hub)
    cli.verify_audit(hub)


@audit.command("seal")
@one_line_errors
def seal_audit() -> None:
    """Seal what verify says has no link, after you looked at it."""
    from handlers import cli

    hub = wire(configuration.read())
    _check_schema(hub)
    cli.seal_audit(hub)


@main.command("replay-model")
@click.option("--vectors", type=click.Choice(("auto", "minilm", "static")), help="Another way to compare texts.")
@click.option("--closeness", type=click.FloatRange(0.05, 0.95), help="Another cut between themes; lower is coarser.")
@click.option("--percent", type=click.IntRange(50, 99), help="So sure it has to be to keep something without asking.")
@click.option(
    "--judge", type=click.Choice(("used", "shipped", "refit")), default="used", help="Who says what holds feedback."
)
@click.option("--export", type=click.Path(path_type=Path), help="A Slack export to try it on, instead of the archive.")
@click.option("--show", type=click.IntRange(0, 1000), default=10, show_default=True, help="So many examples of each.")
@one_line_errors
def replay_model(
    *, vectors: str | None, closeness: float | None, percent: int | None, judge: str, export: Path | None, show: int
) -> None:
    """What another setting would make of what was said, beside the one in use. Nothing is changed."""
    from feedback.errors import Refused
    from jobs import lab

    configuration.calm_numpy()
    hub = wire(configuration.read())
    _check_schema(hub)
    try:
        now = lab.in_use(hub)
        then = lab.Way(vectors or now.vectors, closeness, percent or now.percent, judge)
        for line in lab.replay(hub, then=then, export=export, most=show):
            click.echo(line)
    except Refused as refused:
        raise click.ClickException(refused.say) from None


def wire(settings: Settings) -> Hub:
    """Everything that a process is handed. Nothing is asked of the network yet."""
    from feedback.database import connect
    from feedback.hub import Hub
    from feedback.providers.payouts.tremendous import Tremendous
    from feedback.providers.slack import WebApiSlack
    from jobs import doorbell

    payouts = Tremendous(
        url=settings.payouts_url,
        token=settings.payouts_token.get_secret_value(),
        funding_source=settings.payouts_funding_source,
        campaign=settings.payouts_campaign,
    )
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
    from handlers.slack import socket_mode
    from handlers.web import create_app
    from jobs.meeting import meet_slack

    has_socket = bool(hub.settings.slack_app_token.get_secret_value())
    socket_url = socket_mode.first_url(hub) if has_socket else ""
    meet_slack(hub)
    bolt = slack.build(hub)
    app = create_app(hub, bolt)
    if has_socket:
        socket_mode.connect(hub, bolt, socket_url)
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


def _fill_demo(settings: Settings, folder: Path) -> None:
    """Plays three weeks of a community's life through the product itself, with the clock in the past."""
    from datetime import UTC, datetime

    from werkzeug.serving import make_server

    from feedback import workspaces
    from handlers import slack
    from handlers.web import create_app
    from jobs.doorbell import SilentDoorbell
    from jobs.drain import drain_until
    from jobs.meeting import meet_slack
    from jobs.schedule import tick
    from models import migrations
    from playground import story
    from playground.client import Client
    from playground.server import Options, Playground

    configuration.calm_numpy()
    log.configure(logging.WARNING)  # what three weeks of nights have to say is nobody's news today
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    click.echo("Filling the community: three weeks of talk in a minute or two …")
    clock = story.Clock(time.time() - story.WEEKS * 7 * story.DAY)
    hub = replace(wire(settings), doorbell=SilentDoorbell(), clock=lambda: datetime.fromtimestamp(clock.seconds, UTC))
    migrations.upgrade(hub.engine)
    options = Options(
        host=settings.host,
        port=urlsplit(settings.slack_api_url).port or 0,
        store=folder / "playground.sqlite3",
        posting_interval_seconds=0,
        hook_url=f"{settings.hub_url}/hooks/github",
        payout_hook_url=f"{settings.hub_url}/hooks/tremendous",
    )
    with Playground(options, clock) as playground:
        meet_slack(hub)
        with hub.transaction() as tx:
            for workspace in workspaces.every(tx):
                workspace.has_quiet_hours = False  # whoever tries it in the evening sees at once what it does
        server = make_server(settings.host, settings.port, create_app(hub, slack.build(hub)), threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        client = Client(playground.url)

        def settle() -> None:
            client.quiet()
            while drain_until(hub, clock.move_to, seconds=story.SETTLE_SECONDS):
                client.quiet()

        events_url = f"{settings.hub_url}/slack/events"
        try:
            story.Story(
                client=client,
                hub_url=settings.hub_url,
                request_url=events_url,
                clock=clock,
                settle=settle,
                pass_night=lambda: tick(hub),
                say=lambda text: click.echo(f"  {text}"),
            ).play()
        finally:
            server.shutdown()
            server.server_close()
    hub.engine.dispose()
    (folder / "filled").write_text(settings.hub_url, encoding="utf-8")


def _settings_for_slack() -> Settings:
    settings = configuration.read()
    settings.require("slack_bot_token", "secret_key")
    if not settings.slack_app_token.get_secret_value():
        settings.require("slack_signing_secret")
    if settings.payouts_url:
        settings.require("payouts_token", "payouts_campaign")
    return settings


def _check_schema(hub: Hub) -> None:
    from feedback.database import check_answers
    from models import migrations

    check_answers(hub.engine)
    if not migrations.is_current(hub.engine):
        raise SettingsError("The database at DATABASE_URL has an old schema, or none. Run `python app.py db upgrade`.")


if __name__ == "__main__":
    main()
