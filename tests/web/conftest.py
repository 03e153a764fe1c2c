"""The hub's pages in process: Flask's test client, a database of its own for each test, and a cast.

Ana the customer, Bo the moderator, Cy of product, Di the manager; Eve is a manager of another workspace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select
from werkzeug.test import TestResponse

from feedback import changes, database, ideas, loop, members, messages, outbox, themes, workspaces
from feedback.hub import Hub
from feedback.providers.slack import WebApiSlack
from feedback.settings import read
from handlers import slack, web
from handlers.web import pages
from models import Member, Notice, Reward, Theme, Workspace
from models.migrations import upgrade
from tests.conftest import engine_of, put_anew, thank_at_once, try_out

CAST = {"Ana": "customer", "Bo": "moderator", "Cy": "product", "Di": "manager", "Dora": "manager"}
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Deaf:
    """Nobody works in these tests, so nobody is woken."""

    def ring(self, rings: Sequence[outbox.Ring]) -> None: ...


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Browser:
    """One person's browser."""

    client: FlaskClient

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, Any] | None = None) -> TestResponse:
        """As a form of ours would send it."""
        return self.client.post(path, data={**(data or {}), "csrf_token": self.token()})

    def token(self) -> str:
        page = self.client.get("/enter/nothing").get_data(as_text=True)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found
        return found[1]


@dataclass
class House:
    """The hub with its people and some of what they said."""

    hub: Hub
    app: Flask
    clock: Clock
    people: dict[str, Member] = field(default_factory=dict)

    def browser(self, name: str | None) -> Browser:
        client = self.app.test_client()
        if name is not None:
            with self.hub.transaction() as tx:
                token = members.begin_session(tx, member=self.people[name], now=self.clock())
            client.set_cookie(pages.COOKIE, token)
        return Browser(client)

    def settle(self, team_id: str) -> Workspace:
        who_am_i = {"team": f"Brand {team_id}", "url": "https://brand.slack.test/", "user_id": "UBOT"}
        with self.hub.transaction() as tx:
            workspace = workspaces.install(tx, who_am_i={**who_am_i, "team_id": team_id}, now=self.clock())
            thank_at_once(tx, workspace, now=self.clock())
            channel = workspaces.channel_of(tx, workspace=workspace, channel_id="C1")
            channel.name, channel.app_is_in = "feedback", True
        return workspace

    def join(self, workspace: Workspace, name: str, role: str) -> Member:
        with self.hub.transaction() as tx:
            facts = {"id": f"U{name.upper()}", "name": name.lower(), "profile": {"display_name": name}}
            member = members.store_profile(tx, workspace=workspace, facts=facts, now=self.clock())
            member.role = role
        self.people[name] = member
        return member

    def say(self, name: str, text: str, *, votes: Sequence[str] = (), theme: str = "") -> int:
        """A message in #feedback that was kept. Returns the idea's id."""
        self.clock.go_on(seconds=60)
        member, now = self.people[name], self.clock()
        with self.hub.transaction() as tx:
            workspace = tx.get_one(Workspace, member.workspace_id)
            said = messages.Said("C1", f"{now.timestamp():.6f}", None, member.slack_id, text)
            message = messages.hear(tx, workspace=workspace, said=said, now=now)
            idea, _ = ideas.capture(
                tx, workspace=workspace, message=message, captured_by=member, captured_with="reaction", now=now
            )
            for voter in votes:
                ideas.vote(tx, workspace=workspace, idea_id=idea.id, member=self.people[voter], now=now)
            if theme:
                found = tx.scalars(
                    select(Theme).where(Theme.name == theme, Theme.workspace_id == workspace.id)
                ).one_or_none()
                themes.place(tx, idea_id=idea.id, theme_id=found.id if found else None, name=theme, now=now)
        return idea.id

    def seen(self, reward_id: int = 1) -> dict[str, str]:
        """What the form of a reward carries along: as what it was shown."""
        return {"version": str(self.look(Reward, reward_id).version)}

    def try_out(self) -> None:
        """Somebody of the team finds that it works, so that rewards vest."""
        with self.hub.transaction() as tx:
            try_out(tx, now=self.clock())

    def tell_everybody(self) -> None:
        """What the worker would do with every notice that is owed."""
        with self.hub.transaction() as tx:
            for notice in tx.scalars(select(Notice).where(Notice.told_at.is_(None))).all():
                loop.told(tx, notice_id=notice.id, channel_id="C1", ts="1772442000.000100", now=self.clock())

    def answer(self, name: str, verdict: str, why: str = "") -> None:
        """To everything that this person was asked."""
        with self.hub.transaction() as tx:
            for notice in tx.scalars(select(Notice).where(Notice.member_id == self.people[name].id)).all():
                loop.answer(tx, notice_id=notice.id, member=notice.member, verdict=verdict, why=why, now=self.clock())

    def look(self, model: Any, row_id: int) -> Any:
        with self.hub.reading() as tx:
            return tx.get_one(model, row_id)

    def all(self, model: Any) -> Sequence[Any]:
        with self.hub.reading() as tx:
            return tx.scalars(select(model).order_by(model.id)).all()

    @property
    def theme_ids(self) -> dict[str, int]:
        return {theme.name: theme.id for theme in self.all(Theme)}


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with tables and nothing in them, to copy."""
    file = tmp_path_factory.mktemp("empty") / "hub.sqlite3"
    engine = database.connect(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    return file


def build(empty: Path, **given: Any) -> House:
    file = put_anew(empty, empty.with_name("used.sqlite3"))
    settings = read(
        _env_file=None,
        slack_bot_token="xoxb-1",
        slack_signing_secret="secret",
        slack_api_url="http://127.0.0.1:9/api/",
        secret_key="s" * 32,
        database_url=f"sqlite:///{file}",
        **given,
    )
    clock = Clock()
    hub = Hub(
        settings=settings,
        engine=engine_of(settings.database_url),
        slack=WebApiSlack(token="xoxb-1", base_url=settings.slack_api_url),
        payouts=None,
        doorbell=Deaf(),
        clock=clock,
    )
    return House(hub, app_of(hub), clock)


_apps: list[Flask] = []
"""One for each way that it is set up. To make it, and to read its templates, takes longer than most tests."""


def app_of(hub: Hub) -> Flask:
    app = next((each for each in _apps if each.extensions["hub"].settings == hub.settings), None)
    if app is None:
        app = web.create_app(hub, slack.build(hub))
        _apps.append(app)
    app.extensions["hub"] = hub
    return app


@pytest.fixture
def house(empty: Path) -> Iterator[House]:
    """Two workspaces with their people, and nothing said yet."""
    found = build(empty)
    workspace = found.settle("T1")
    for name, role in CAST.items():
        found.join(workspace, name, role)
    found.join(found.settle("T2"), "Eve", "manager")
    yield found
    found.hub.engine.dispose()


@pytest.fixture
def filled(house: House) -> House:
    """Ana and Bo said three things; two of them ask for the same."""
    house.say("Ana", "A dark mode would save my eyes", votes=["Bo"], theme="Dark mode")
    house.say("Bo", "Please make it dark at night", theme="Dark mode")
    house.say("Ana", "Export to a spreadsheet", theme="Export")
    return house


@pytest.fixture
def rewarded(filled: House) -> House:
    """Cy shipped the dark mode, Ana says that it helps: a thank-you waits."""
    with filled.hub.transaction() as tx:
        cy = tx.get_one(Member, filled.people["Cy"].id)
        changes.ship(
            tx,
            by=cy,
            summary="Dark mode is in the settings",
            theme_ids=[filled.theme_ids["Dark mode"]],
            now=filled.clock(),
        )
    filled.tell_everybody()
    filled.answer("Ana", "better")
    filled.try_out()
    return filled


class Counter:
    """Counts the statements that one engine is sent."""

    def __init__(self, engine: Engine) -> None:
        self.statements: list[str] = []
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, _c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.statements.append(statement)
