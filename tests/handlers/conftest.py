"""The web process without its server: Slack knocks, and a playground answers what Bolt asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from feedback.hub import Hub
from handlers import slack
from handlers.web import create_app
from playground.server import Options, Playground
from tests.handlers.knock import Door


@pytest.fixture(scope="session")
def playground() -> Iterator[Playground]:
    with Playground(Options(port=0)) as found:
        yield found


@pytest.fixture
def door(hub: Hub, playground: Playground) -> Door:
    return open_door(hub, playground)


def open_door(hub: Hub, playground: Playground, **changes: object) -> Door:
    """`changes` are settings."""
    settings = hub.settings.model_copy(update={"slack_api_url": f"{playground.url}/api/", **changes})
    known = replace(hub, settings=settings)
    app: Flask = create_app(known, slack.build(known))
    return Door(FlaskClient(app), known)
