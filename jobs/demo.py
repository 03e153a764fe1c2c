"""The demo's processes: everything on this machine, with a playground for a Slack."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from feedback import settings as configuration
from feedback import work, workspaces
from feedback.hub import Hub
from feedback.settings import VAR, Settings, SettingsError
from jobs.ports import wait_for
from jobs.processes import Processes
from jobs.valkey import Valkey
from models import migrations

FOLDER = VAR / "demo"


def settings_for(playground_port: int) -> Settings:
    """HOST and PORT as given; everything else is the demo's own, whatever the environment or .env says."""
    host, port = configuration.host_and_port()
    if not configuration.is_loopback(host) and not configuration.is_everywhere(host):
        raise SettingsError(
            f"HOST is {host}, and the demo's processes meet at 127.0.0.1. "
            "Leave HOST out, or set it to 0.0.0.0: then others may enter too, as anybody."
        )
    reached = configuration.reached_at(host)
    playground = f"http://{reached}:{playground_port}"
    return configuration.read(
        _env_file=None,
        slack_bot_token="xoxb-playground",
        slack_signing_secret="playground-signing-secret",
        slack_app_token="",
        slack_api_url=f"{playground}/api/",
        database_url=f"sqlite:///{FOLDER / 'roundtrip.sqlite3'}",
        redis_url=Valkey(FOLDER).url,
        secret_key="only the demo knows this key, and only this machine",
        public_url=f"http://{reached}:{port}",
        payouts_url=f"{playground}/tremendous/api/v2",
        payouts_token="payouts-playground",
        payouts_campaign="PLAYGROUND",
        demo=True,
    )


def start(hub: Hub, processes: Processes, redis: Valkey) -> None:
    """Comes back when both addresses answer, and has said which they are."""
    settings = hub.settings
    playground_url = settings.slack_api_url.removesuffix("/api/")
    migrations.upgrade(hub.engine)  # the code may be newer than what it was filled with
    with hub.transaction() as tx:
        for workspace in workspaces.every(tx):
            account = work.find_account(tx, workspace_id=workspace.id, source="github")
            if account is not None and account.api_url.endswith("/tracker/api"):
                account.api_url = f"{playground_url}/tracker/api"  # the port may be another one than it was
    hub.engine.dispose()
    redis.ensure()
    at = ("--host", settings.host, "--port", str(urlsplit(playground_url).port))
    store, request_url = str(FOLDER / "playground.sqlite3"), f"{settings.hub_url}/slack/events"
    hooks_at = f"{settings.hub_url}/hooks"
    hooks = ("--hook-url", f"{hooks_at}/github", "--payout-hook-url", f"{hooks_at}/tremendous")
    processes.start("playground", "playground", "serve", *at, "--store", store, "--request-url", request_url, *hooks)
    wait_for(playground_url)
    processes.start("web", "web")
    wait_for(settings.hub_url)
    for name in ("worker", "schedule"):  # after what people look at first: their start keeps every core busy
        processes.start(name, name)
    click.echo(f"\n  The playground (be a customer):     {playground_url}/?as=U0ANA")
    click.echo(f"  The hub (be the team, or a manager): {settings.hub_url}/enter")
    click.echo(f"  The tracker (where the team works):  {playground_url}/tracker")
    click.echo(f"  The gift service (who is paid):      {playground_url}/tremendous")
    filled_at = (FOLDER / "filled").read_text(encoding="utf-8")
    if filled_at not in ("", settings.hub_url):
        click.echo(f"\n  Links to the hub in older messages lead to {filled_at}, where it was then.")
    if not configuration.is_loopback(settings.host):
        click.echo(f"\n  HOST is {settings.host}: whoever reaches this machine may enter both, as anybody.")
    click.echo("\n  Ctrl-C stops everything. `make demo RESET=1` starts from a clean slate.\n")
