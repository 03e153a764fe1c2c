"""What the app hears over HTTP: signed, acknowledged, redelivered; and only what it may hear."""

import threading
from typing import Any

import pytest
from slack_sdk import WebClient

from playground.client import Client
from tests.playground.receiver import OK, Receiver


def test_a_message_arrives_signed_in_slacks_envelope(app: Receiver, client: Client) -> None:
    ts = client.as_("U0ANA").post("#ideas", "Tell @bo: <b> & https://notes.example/a?b=1.")
    client.quiet()
    [request] = app.requests
    assert request["signed"]
    assert "x-slack-retry-num" not in request["headers"]
    envelope = request["payload"]
    assert (envelope["type"], envelope["team_id"], envelope["api_app_id"]) == (
        "event_callback",
        "T0PLAYGRND",
        "A0ROUNDTRIP",
    )
    assert envelope["authorizations"][0]["user_id"] == "U0ROUNDTRIP"
    event = envelope["event"]
    assert (event["type"], event["user"], event["channel"], event["channel_type"]) == (
        "message",
        "U0ANA",
        "C0IDEAS",
        "channel",
    )
    assert event["ts"] == event["event_ts"] == ts
    assert event["text"] == "Tell <@U0BO>: &lt;b&gt; &amp; <https://notes.example/a?b=1>."


def test_only_subscribed_events_from_channels_where_the_app_is(app: Receiver, client: Client) -> None:
    ana, di = client.as_("U0ANA"), client.as_("U0DI")
    ana.post("#lounge", "not heard")
    ana.post("@U0BO", "nor this")
    client.rename("#lounge", "porch")
    client.quiet()
    assert app.requests == []
    di.post("#managers", "heard")
    ana.post("@U0ROUNDTRIP", "heard too")
    client.quiet()
    assert [one["event"]["channel_type"] for one in app.payloads()] == ["group", "im"]


def test_edits_deletions_and_tombstones(app: Receiver, client: Client) -> None:
    ana = client.as_("U0ANA")
    ts = ana.post("#ideas", "frist")
    ana.edit("#ideas", ts, "first")
    reply = client.as_("U0BO").post("#ideas", "reply", thread_ts=ts)
    ana.delete("#ideas", ts)
    client.as_("U0BO").delete("#ideas", reply)
    client.quiet()
    events = {one["event"]["event_ts"]: one["event"] for one in app.payloads("message")}
    said, edited, replied, buried, *removed = [events[key] for key in sorted(events)]
    assert (said["text"], replied["thread_ts"], replied["parent_user_id"]) == ("frist", ts, "U0ANA")
    assert (edited["subtype"], edited["message"]["text"], edited["previous_message"]["text"]) == (
        "message_changed",
        "first",
        "frist",
    )
    assert edited["message"]["edited"]["user"] == "U0ANA"
    assert (buried["subtype"], buried["message"]["subtype"]) == ("message_changed", "tombstone")
    assert [(one["subtype"], one["deleted_ts"]) for one in removed] == [
        ("message_deleted", reply),
        ("message_deleted", ts),
    ]
    assert client.messages("#ideas") == []


def test_mentions_reactions_members_and_people(app: Receiver, client: Client) -> None:
    ts = client.as_("U0ANA").post("#ideas", "<@U0ROUNDTRIP> hello")
    client.as_("U0BO").react("#ideas", ts, "bulb")
    client.as_("U0BO").unreact("#ideas", ts, "bulb")
    newcomer = client.add_user(name="hal", real_name="Hal Moreau", tz="Europe/Paris")
    client.change_user(newcomer, deleted=True)
    client.invite_app("#lounge")
    client.remove_app("#lounge")
    client.as_("U0ANA").open_home()
    client.quiet()
    [mention] = app.payloads("app_mention")
    assert mention["event"]["ts"] == ts
    [reaction] = app.payloads("reaction_added")
    assert reaction["event"]["item"] == {"type": "message", "channel": "C0IDEAS", "ts": ts}
    assert (reaction["event"]["user"], reaction["event"]["item_user"]) == ("U0BO", "U0ANA")
    assert len(app.payloads("reaction_removed")) == 1
    assert app.payloads("team_join")[0]["event"]["user"]["id"] == newcomer
    assert app.payloads("user_change")[0]["event"]["user"]["deleted"] is True
    joined = [(one["event"]["user"], one["event"]["channel"]) for one in app.payloads("member_joined_channel")]
    assert joined == [(newcomer, "C0GENERAL"), ("U0ROUNDTRIP", "C0LOUNGE")]
    assert app.payloads("member_left_channel")[0]["event"]["user"] == "U0ROUNDTRIP"
    [opened] = app.payloads("app_home_opened")
    assert (opened["event"]["tab"], opened["event"]["channel"]) == ("home", "D0ANA")


def test_the_apps_own_posts_come_back_to_it(app: Receiver, client: Client, slack: WebClient) -> None:
    ts = slack.chat_postMessage(channel="C0IDEAS", text="hello")["ts"]
    slack.chat_update(channel="C0IDEAS", ts=ts, text="hello again")
    slack.chat_delete(channel="C0IDEAS", ts=ts)
    client.quiet()
    events = sorted((one["event"] for one in app.payloads("message")), key=lambda event: str(event["event_ts"]))
    assert [event.get("subtype") for event in events] == [None, "message_changed", "message_deleted"]
    assert (events[0]["bot_id"], events[0]["app_id"]) == ("B0ROUNDTRIP", "A0ROUNDTRIP")


def test_redelivery_on_schedule_until_it_is_taken(app: Receiver, client: Client) -> None:
    answers = iter([(500, {}, b""), (503, {}, b""), OK])
    app.answer = lambda _: next(answers)
    client.as_("U0ANA").post("#ideas", "hello")
    client.quiet()
    heads = [
        (one["headers"].get("x-slack-retry-num"), one["headers"].get("x-slack-retry-reason")) for one in app.requests
    ]
    assert heads == [(None, None), ("1", "http_error"), ("2", "http_error")]
    assert len({one["payload"]["event_id"] for one in app.requests}) == 1
    log = client.deliveries(kind="event", event_type="message")
    assert [(one["retry"], one["status"]) for one in log] == [(0, 500), (1, 503), (2, 200)]


def test_the_schedule_ends(app: Receiver, client: Client) -> None:
    app.answer = lambda _: (500, {}, b"")
    client.as_("U0ANA").post("#ideas", "hello")
    client.quiet()
    assert len(app.requests) == 4


def test_the_app_may_forbid_redelivery(app: Receiver, client: Client) -> None:
    app.answer = lambda _: (500, {"X-Slack-No-Retry": "1"}, b"")
    client.as_("U0ANA").post("#ideas", "hello")
    client.quiet()
    assert len(app.requests) == 1


def test_whoever_does_not_answer_in_time_is_asked_again(app: Receiver, client: Client) -> None:
    client.settings(ack_timeout_seconds=0.5)
    release = threading.Event()

    def answer(request: dict[str, Any]) -> Any:
        if "x-slack-retry-num" not in request["headers"]:
            client.settings(ack_timeout_seconds=30.0)  # of the next one
            release.wait(30)
        return OK

    app.answer = answer
    client.as_("U0ANA").post("#ideas", "hello")
    client.quiet()
    release.set()
    assert [one["headers"].get("x-slack-retry-reason") for one in app.requests] == [None, "http_timeout"]


def test_nobody_at_the_address(client: Client) -> None:
    client.settings(request_url="http://127.0.0.1:9/slack/events", retry_after_seconds=[0.0])
    client.as_("U0ANA").post("#ideas", "hello")
    client.quiet()
    log = client.deliveries(event_type="message")
    assert [(one["status"], one["error"]) for one in log] == [(0, "connection_failed")] * 2


def test_an_event_of_ones_own_making(app: Receiver, client: Client) -> None:
    event = {"type": "message", "user": "U0EVE", "text": "hi", "channel": "C0ELSE", "ts": "1760000000.000100"}
    assert client.sign_event(event, team_id="T0OTHER") == 200
    [request] = app.requests
    assert request["signed"]
    assert (request["payload"]["team_id"], request["payload"]["event"]["user"]) == ("T0OTHER", "U0EVE")


def test_a_slow_app_holds_nothing_up(app: Receiver, client: Client, slack: WebClient) -> None:
    release = threading.Event()

    def answer(_: dict[str, Any]) -> Any:
        release.wait(30)
        return OK

    app.answer = answer
    client.as_("U0ANA").post("#ideas", "hello")
    assert slack.auth_test()["ok"]
    client.as_("U0ANA").post("#ideas", "hello again")
    with pytest.raises(TimeoutError, match="2 deliveries"):
        client.quiet(0.05)
    release.set()
    client.quiet()


def test_many_posts_are_delivered_side_by_side(app: Receiver, client: Client) -> None:
    for number in range(150):
        client.as_("U0ANA").post("#ideas", f"message {number}")
    client.quiet()
    assert len({one["payload"]["event_id"] for one in app.requests}) == 150
    assert {one["status"] for one in client.deliveries(kind="event")} == {200}
