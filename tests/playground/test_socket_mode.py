"""Bolt's own Socket Mode client connects, acknowledges, and comes back when it is told to."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from playground.client import Client
from playground.server import Options, Playground
from tests.sockets import close


@pytest.fixture(scope="module")
def served() -> Iterator[Playground]:
    """A playground of this module's own: a socket that is closed here must not disturb the others."""
    manifest = Path(__file__).with_name("manifest.yml")
    with Playground(Options(port=0, manifest=manifest, ack_timeout_seconds=10.0)) as playground:
        yield playground


@pytest.fixture(scope="module")
def connected(served: Playground) -> Iterator[SocketModeHandler]:
    """Bolt over one socket. Its client waits 3 s in a read before it closes, unless the server ends first."""
    slack = WebClient(token="xoxb-playground", base_url=f"{served.url}/api/")
    handler = SocketModeHandler(App(client=slack, signing_secret="unused"), app_token="xapp-playground")
    handler.connect()  # type: ignore[no-untyped-call]
    yield handler
    handler.client.auto_reconnect_enabled = False
    served.stop()
    close(handler.client)


@pytest.fixture
def bolt(connected: SocketModeHandler) -> App:
    return connected.app


@pytest.fixture
def client(served: Playground, connected: SocketModeHandler) -> Client:
    client = Client(served.url)
    client.wait_for(lambda: client.sockets() == 1, what="the socket")
    client.reset()
    return client


def test_bolt_hears_events_and_answers(bolt: App, client: Client) -> None:
    heard: list[str] = []

    @bolt.event("message")
    def on_message(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    @bolt.command("/idea")
    def on_command(ack: Any, command: dict[str, Any]) -> None:
        ack(f"Heard: {command['text']}")

    client.as_("U0ANA").post("#ideas", "over the wire")
    client.wait_for(lambda: heard == ["over the wire"], what="the event")
    assert client.as_("U0ANA").command("#ideas", "/idea", "x")["body"] == {"text": "Heard: x"}
    client.quiet()
    assert [one["status"] for one in client.deliveries()] == [200, 200]


def test_bolt_shows_a_modal_and_takes_its_submission(bolt: App, client: Client) -> None:
    block = {"type": "input", "block_id": "b", "label": {"type": "plain_text", "text": "L"}}
    block["element"] = {"type": "plain_text_input", "action_id": "a"}
    words = {name: {"type": "plain_text", "text": name} for name in ("title", "submit")}
    view = {"type": "modal", "callback_id": "form", "blocks": [block], **words}

    @bolt.shortcut("share_idea")
    def on_shortcut(ack: Any, shortcut: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=shortcut["trigger_id"], view=view)

    @bolt.view("form")
    def on_view(ack: Any) -> None:
        ack(response_action="errors", errors={"b": "Not yet"})

    client.as_("U0ANA").shortcut("share_idea")
    [opened] = client.wait_for(lambda: client.views("U0ANA"), what="the modal")
    assert client.as_("U0ANA").submit(opened["id"], a="text") == {"b": "Not yet"}


def test_a_socket_that_is_told_to_go_comes_back(bolt: App, client: Client) -> None:
    @bolt.event("reaction_added")
    def on_reaction() -> None:
        """Only acknowledge."""

    ts = client.as_("U0ANA").post("#lounge", "nobody hears")
    client.invite_app("#lounge")
    assert client.refresh_sockets() == 1
    client.wait_for(lambda: client.sockets() == 1, what="a new socket")
    client.as_("U0BO").react("#lounge", ts, "bulb")
    client.wait_for(lambda: client.deliveries(event_type="reaction_added")[-1]["status"] == 200, what="the event")


def test_an_event_without_acknowledgement_is_sent_again() -> None:
    seen: list[SocketModeRequest] = []
    enough = threading.Event()

    def listen(socket: BaseSocketModeClient, request: SocketModeRequest) -> None:
        seen.append(request)
        asker.settings(ack_timeout_seconds=30.0)  # of the next one
        if len(seen) == 2:
            socket.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
            enough.set()

    with Playground(Options(port=0, ack_timeout_seconds=1.0)) as playground:
        asker = Client(playground.url)
        slack = WebClient(base_url=f"{playground.url}/api/")
        socket = SocketModeClient(app_token="xapp-playground", web_client=slack, auto_reconnect_enabled=False)
        socket.socket_mode_request_listeners.append(listen)
        socket.connect()
        asker.as_("U0ANA").post("#ideas", "hello")
        assert enough.wait(30)
        asker.quiet()
    close(socket)
    first, second = seen
    assert (first.retry_attempt, second.retry_attempt, second.retry_reason) == (0, 1, "timeout")
    assert first.payload["event_id"] == second.payload["event_id"]
    assert first.accepts_response_payload is False


def test_only_an_app_token_opens_connections(served: Playground) -> None:
    slack = WebClient(base_url=f"{served.url}/api/")
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        slack.apps_connections_open(app_token="xoxb-playground")
