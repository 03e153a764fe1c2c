"""Faults happen where they were asked for, as often, and no longer."""

import time
from http.client import RemoteDisconnected
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.client import Client, RefusedError
from tests.playground.receiver import Receiver


def post(slack: WebClient, text: str = "x") -> Any:
    slack.retry_handlers.clear()
    return slack.chat_postMessage(channel="C0IDEAS", text=text)


def said(client: Client) -> list[str]:
    return [message["text"] for message in client.messages("#ideas")]


def test_a_cut_before_and_a_cut_after_the_effect(client: Client, slack: WebClient) -> None:
    client.faults([{"on": "api", "match": "chat.postMessage", "do": "cut", "times": 1}])
    with pytest.raises(RemoteDisconnected):
        post(slack, "lost")
    assert said(client) == []
    client.faults([{"on": "api", "match": "chat.postMessage", "do": "cut_after", "times": 1}])
    with pytest.raises(RemoteDisconnected):
        post(slack, "happened")
    assert said(client) == ["happened"]
    assert post(slack)["ok"]


def test_errors_before_and_after_the_effect(client: Client, slack: WebClient) -> None:
    client.faults(
        [
            {"on": "api", "match": "chat.postMessage", "do": "error", "error": "fatal_error", "times": 1},
            {"on": "api", "match": "chat.postMessage", "do": "error", "error": 503, "times": 1},
            {"on": "api", "match": "chat.postMessage", "do": "error_after", "times": 1},
            {"on": "api", "match": "chat.postMessage", "do": "rate_limit", "seconds": 7, "times": 1},
        ]
    )
    with pytest.raises(SlackApiError, match="fatal_error"):
        post(slack)
    for status in (503, 500):
        with pytest.raises(SlackApiError) as refused:
            post(slack, f"status {status}")
        assert refused.value.response.status_code == status
    with pytest.raises(SlackApiError) as limited:
        post(slack)
    assert limited.value.response.headers["Retry-After"] == "7"
    assert said(client) == ["status 500"]


def test_a_delay_and_clearing(client: Client, slack: WebClient) -> None:
    client.faults([{"on": "api", "match": "auth.test", "do": "delay", "seconds": 0.3}])
    began = time.monotonic()
    slack.auth_test()
    assert time.monotonic() - began >= 0.3
    client.faults([{"on": "api", "match": "auth.test", "do": "delay", "seconds": 600}])
    client.clear_faults()
    assert slack.auth_test()["ok"]


def test_events_are_dropped_doubled_delayed_and_overtaken(app: Receiver, client: Client) -> None:
    def text_of(fault: dict[str, Any]) -> list[str]:
        app.requests.clear()
        client.faults([{"on": "event", "match": "message", "times": 1} | fault])
        client.as_("U0ANA").post("#ideas", "first")
        client.as_("U0ANA").post("#ideas", "second")
        client.quiet()
        return [one["event"]["text"] for one in app.payloads("message")]

    assert text_of({"do": "drop"}) == ["second"]
    assert sorted(text_of({"do": "duplicate"})) == ["first", "first", "second"]
    assert len({one["payload"]["event_id"] for one in app.requests}) == 2
    assert text_of({"do": "delay", "seconds": 1}) == ["second", "first"]
    assert text_of({"do": "reorder", "seconds": 30}) == ["second", "first"]
    assert sorted(text_of({"do": "cut"})) == ["first", "second"]
    assert [one["headers"].get("x-slack-retry-reason") for one in app.requests if "x-slack-retry-num" in one["headers"]]


def test_interactions_go_wrong_by_their_callback_id(app: Receiver, client: Client) -> None:
    client.faults([{"on": "interaction", "match": "share_idea", "do": "drop", "times": 1}])
    assert client.as_("U0ANA").shortcut("share_idea")["status"] == 0
    assert client.as_("U0ANA").shortcut("share_idea")["status"] == 200
    client.faults([{"on": "interaction", "match": "/idea", "do": "error", "times": 1}])
    assert client.as_("U0ANA").command("#ideas", "/idea", "x")["status"] == 500
    assert len(app.requests) == 1


def test_equal_seeds_give_equal_luck(client: Client, slack: WebClient) -> None:
    def luck() -> list[bool]:
        client.clear_faults()
        client.faults([{"on": "api", "match": "auth.test", "do": "error", "chance": 0.5, "seed": 4}])
        results = []
        for _ in range(20):
            try:
                slack.auth_test()
            except SlackApiError:
                results.append(False)
            else:
                results.append(True)
        return results

    first = luck()
    assert first == luck()
    assert {True, False} == set(first)


@pytest.mark.parametrize(
    "wish",
    [
        {"on": "api", "do": "explode"},
        {"on": "moon", "do": "drop"},
        {"on": "api", "do": "drop", "often": 1},
        {"on": "api", "do": "drop", "times": "many"},
        {"on": "api", "do": "delay", "seconds": True},
        {"on": "api", "do": "error", "error": []},
    ],
)
def test_a_fault_that_cannot_be(client: Client, wish: dict[str, Any]) -> None:
    with pytest.raises(RefusedError, match="invalid_fault"):
        client.faults([wish])


def test_an_event_that_nothing_overtakes_is_not_lost(app: Receiver, client: Client) -> None:
    client.faults([{"on": "event", "match": "message", "do": "reorder", "seconds": 0.1}])
    client.as_("U0ANA").post("#ideas", "alone")
    client.quiet()
    assert [one["event"]["text"] for one in app.payloads("message")] == ["alone"]
