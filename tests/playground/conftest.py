"""A running playground, an app that takes its events, and the ways to talk to both."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_sdk import WebClient

from playground.client import Client
from playground.server import Options, Playground
from tests.playground.receiver import Receiver


@pytest.fixture(scope="session")
def shared_playground() -> Iterator[Playground]:
    manifest = Path(__file__).with_name("manifest.yml")
    with Playground(Options(port=0, manifest=manifest, posting_interval_seconds=0.0)) as playground:
        yield playground


@pytest.fixture
def playground(shared_playground: Playground) -> Playground:
    """The shared playground as if it had only just started, with no app behind it."""
    client = Client(shared_playground.url)
    client.clear_faults()
    client.settings(
        request_url=None,
        posting_interval_seconds=0.0,
        retry_after_seconds=[0.0, 0.05, 0.1],
        ack_timeout_seconds=30.0,  # a busy machine is none of what these tests are about
        method_tiers=False,
    )
    client.quiet()
    client.reset()
    return shared_playground


@pytest.fixture
def client(playground: Playground) -> Client:
    return Client(playground.url)


@pytest.fixture
def slack(playground: Playground) -> WebClient:
    """Slack's own client, as the product uses it."""
    return WebClient(token="xoxb-playground", base_url=f"{playground.url}/api/")


@pytest.fixture
def app(client: Client) -> Iterator[Receiver]:
    """An app behind the playground's request_url."""
    receiver = Receiver()
    client.settings(request_url=receiver.url)
    yield receiver
    client.settings(request_url=None)
    receiver.close()
