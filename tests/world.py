"""The whole product in one test: a playground, the web process and the relay, speaking over real HTTP or a socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from sqlalchemy import Select, select
from werkzeug.serving import make_server

from feedback import outbox, workspaces
from feedback.database import connect
from feedback.hub import Hub, wall_clock
from feedback.providers.payouts.tremendous import Tremendous
from feedback.providers.slack import WebApiSlack
from handlers import slack
from handlers.web import create_app
from jobs.doorbell import SilentDoorbell
from jobs.drain import drain
from models import Member, Workspace
from playground.client import Client, Person
from playground.server import Options, Playground
from tests.conftest import CAST, give_by, make_settings, thank_at_once, try_out
from tests.sockets import close

SETTLE_SECONDS = 30.0


@dataclass
class AheadClock:
    """The real time, and as much more as a test has skipped."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return wall_clock() + self.ahead

    def skip_to(self, seconds: float) -> None:
        behind = datetime.fromtimestamp(seconds, UTC) - self()
        self.ahead += max(behind, timedelta())


@dataclass
class World:
    client: Client
    hub: Hub
    clock: AheadClock
    bolt: App
    url: str
    """The hub's own address."""

    def __getattr__(self, name: str) -> Person:
        """world.ana, world.cy … act as these people."""
        slack_id = f"U0{name.upper()}"
        if slack_id not in CAST:
            raise AttributeError(name)
        return self.client.as_(slack_id)

    def try_out(self) -> None:
        """Somebody of the team finds that it works, so that rewards vest."""
        with self.hub.transaction() as tx:
            try_out(tx, now=self.clock())
        self.settle()

    def settle(self) -> None:
        """Until nothing is being delivered and nothing is due within half a minute, which is skipped."""
        self.client.quiet()
        while self._drain():
            self.client.quiet()

    def _drain(self) -> int:
        done = drain(self.hub)
        while True:
            with self.hub.reading() as tx:
                next_at = outbox.next_due(tx)
            if next_at is None or next_at > self.clock() + timedelta(seconds=SETTLE_SECONDS):
                return done
            self.clock.skip_to(next_at.timestamp())
            done += drain(self.hub)

    def form(self, person: Person, action_id: str, **where: Any) -> str:
        """Presses a button that opens a modal. The modal's id."""
        person.click(action_id, **where)
        return str(self.client.views(person.id)[-1]["id"])

    def all(self, statement: Select[Any]) -> list[Any]:
        with self.hub.reading() as tx:
            return list(tx.scalars(statement).unique())

    def count(self, model: type[Any]) -> int:
        return len(self.all(select(model)))


@contextmanager
def open_world(database_url: str, *, sockets: bool = False, pays_by_hand: bool = True) -> Iterator[World]:
    options = Options(port=0, posting_interval_seconds=0, retry_after_seconds=(0.05, 0.2, 0.5), ack_timeout_seconds=30)
    with Playground(options) as playground:
        clock = AheadClock()
        engine = connect(database_url)
        settings = make_settings(
            slack_api_url=f"{playground.url}/api/", database_url=database_url, public_url="http://127.0.0.1:1"
        )
        hub = Hub(
            settings=settings,
            engine=engine,
            slack=WebApiSlack(token="xoxb-playground", base_url=settings.slack_api_url),
            payouts=Tremendous(
                url=f"{playground.url}/tremendous/api/v2",
                token="payouts-playground",
                funding_source="BALANCE",
                campaign="CAMPAIGN",
            ),
            doorbell=SilentDoorbell(),
            clock=clock,
        )
        with hub.transaction() as tx:
            workspaces.install(tx, who_am_i=hub.slack.who_am_i(), now=clock())
        drain(hub)
        _give_roles(hub, pays_by_hand)
        with _served(hub) as (served, bolt, url):
            client = Client(playground.url)
            if sockets:
                handler = SocketModeHandler(bolt, "xapp-playground")
                handler.connect()  # type: ignore[no-untyped-call]
                client.wait_for(client.sockets, what="a connected socket")
                yield World(client, served, clock, bolt, url)
                handler.client.auto_reconnect_enabled = False
                playground.stop()
                close(handler.client)
            else:
                client.settings(request_url=f"{url}/slack/events")
                yield World(client, served, clock, bolt, url)
        engine.dispose()


@contextmanager
def _served(hub: Hub) -> Iterator[tuple[Hub, App, str]]:
    bolt = slack.build(hub)
    app = create_app(hub, bolt)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.port}"
    known = replace(hub, settings=hub.settings.model_copy(update={"public_url": url}))
    app.extensions["hub"] = known
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield known, bolt, url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _give_roles(hub: Hub, pays_by_hand: bool) -> None:
    with hub.transaction() as tx:
        workspace = tx.scalars(select(Workspace)).one()
        workspace.triage_channel_id, workspace.managers_channel_id = "C0TRIAGE", "C0MANAGERS"
        thank_at_once(tx, workspace, now=hub.clock())
        give_by(tx, "manual" if pays_by_hand else "tremendous")
        workspace.has_quiet_hours = False  # the clock is the real one, and somewhere it is always night
        for slack_id, (_, role) in CAST.items():
            tx.scalars(select(Member).where(Member.slack_id == slack_id)).one().role = role
