"""Clicks, modals, shortcuts and commands: what the app is sent, and what its answers do."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.client import Client, RefusedError
from tests.playground.receiver import OK, Answer, Receiver, as_json

TITLE = {"type": "plain_text", "text": "An idea"}
IDEA: dict[str, Any] = {
    "type": "input",
    "block_id": "idea",
    "label": {"type": "plain_text", "text": "Your idea"},
    "element": {"type": "plain_text_input", "action_id": "text", "min_length": 3, "max_length": 20},
}
OPTIONS = [{"text": {"type": "plain_text", "text": word}, "value": word.lower()} for word in ("Bug", "Wish")]
KIND: dict[str, Any] = {
    "type": "input",
    "block_id": "kind",
    "optional": True,
    "label": {"type": "plain_text", "text": "Kind"},
    "element": {"type": "static_select", "action_id": "kind_select", "options": OPTIONS},
}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    submit = {"type": "plain_text", "text": "Send"}
    return {"type": "modal", "callback_id": "idea_form", "title": TITLE, "submit": submit, "blocks": [*blocks], **more}


@pytest.fixture
def opened(app: Receiver, client: Client, slack: WebClient) -> Callable[..., str]:
    """Let Ana use the global shortcut, to which the app opens a modal; answers its id."""

    def open_modal(view: dict[str, Any]) -> str:
        def answer(request: dict[str, Any]) -> Answer:
            slack.views_open(trigger_id=request["payload"]["trigger_id"], view=view)
            return OK

        app.answer = answer
        view_id = client.as_("U0ANA").shortcut("share_idea")["view_id"]
        app.answer = lambda _: OK
        return str(view_id)

    return open_modal


def test_a_modal_from_shortcut_to_submission(opened: Callable[..., str], app: Receiver, client: Client) -> None:
    view_id = opened(modal(IDEA, KIND, private_metadata="m"))
    ana = client.as_("U0ANA")
    assert [view["id"] for view in client.views("U0ANA")] == [view_id]
    assert ana.submit(view_id, idea="") == {"idea": "Please complete this required field."}
    assert ana.submit(view_id, idea="ab") == {"idea": "Must be at least 3 characters."}
    assert app.payloads("view_submission") == []
    assert ana.submit(view_id, idea="Export notes", kind_select="wish") == {}
    assert client.views("U0ANA") == []
    [sent] = app.payloads("view_submission")
    assert sent["view"]["private_metadata"] == "m"
    assert sent["view"]["state"]["values"] == {
        "idea": {"text": {"type": "plain_text_input", "value": "Export notes"}},
        "kind": {"kind_select": {"type": "static_select", "selected_option": OPTIONS[1]}},
    }


def test_the_app_answers_with_errors(opened: Callable[..., str], app: Receiver, client: Client) -> None:
    view_id = opened(modal(IDEA))
    app.answer = lambda _: as_json({"response_action": "errors", "errors": {"idea": "Say a little more"}})
    assert client.as_("U0ANA").submit(view_id, idea="Export") == {"idea": "Say a little more"}
    assert len(client.views("U0ANA")) == 1
    app.answer = lambda _: as_json({"response_action": "errors", "errors": {"elsewhere": "x"}})
    with pytest.raises(RefusedError, match="invalid_errors"):
        client.as_("U0ANA").submit(view_id, idea="Export")


def test_a_submission_that_fails_leaves_the_modal_open(
    opened: Callable[..., str], app: Receiver, client: Client
) -> None:
    view_id = opened(modal(IDEA))
    app.answer = lambda _: (500, {}, b"")
    with pytest.raises(RefusedError, match="http_error"):
        client.as_("U0ANA").submit(view_id, idea="Export")
    assert len(app.payloads("view_submission")) == 1
    assert len(client.views("U0ANA")) == 1
    with pytest.raises(RefusedError, match="unknown_field"):
        client.as_("U0ANA").submit(view_id, misspelt="Export")


def test_push_update_and_clear_as_answers(opened: Callable[..., str], app: Receiver, client: Client) -> None:
    ana = client.as_("U0ANA")
    first = opened(modal(IDEA))
    app.answer = lambda _: as_json({"response_action": "push", "view": modal(KIND, callback_id="second")})
    ana.submit(first, idea="Export")
    second = client.views("U0ANA")[-1]
    assert (second["previous_view_id"], second["root_view_id"]) == (first, first)
    ana.submit(second["id"])
    third = client.views("U0ANA")[-1]
    with pytest.raises(RefusedError, match="push_limit_reached"):
        ana.submit(third["id"])
    app.answer = lambda _: as_json({"response_action": "update", "view": modal(IDEA, callback_id="changed")})
    ana.submit(third["id"])
    assert [view["callback_id"] for view in client.views("U0ANA")] == ["idea_form", "second", "changed"]
    app.answer = lambda _: as_json({"response_action": "clear"})
    ana.submit(third["id"], idea="Export")
    assert client.views("U0ANA") == []


def test_triggers_live_three_seconds_and_work_once(app: Receiver, client: Client, slack: WebClient) -> None:
    client.as_("U0ANA").shortcut("share_idea")
    trigger_id = app.payloads("shortcut")[0]["trigger_id"]
    slack.views_open(trigger_id=trigger_id, view=modal(IDEA))
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        slack.views_open(trigger_id=trigger_id, view=modal(IDEA))
    client.as_("U0ANA").shortcut("share_idea")
    time.sleep(3.05)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        slack.views_open(trigger_id=app.payloads("shortcut")[1]["trigger_id"], view=modal(IDEA))
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        slack.views_open(trigger_id="1.2.3", view=modal(IDEA))


def test_a_view_is_updated_only_as_the_app_knows_it(
    opened: Callable[..., str], client: Client, slack: WebClient
) -> None:
    view_id = opened(modal(IDEA, external_id="ours"))
    stale = client.views("U0ANA")[0]["hash"]
    slack.views_update(view_id=view_id, hash=stale, view=modal(KIND, external_id="ours"))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        slack.views_update(view_id=view_id, hash=stale, view=modal(IDEA))
    slack.views_update(external_id="ours", view=modal(IDEA, KIND))
    assert len(client.views("U0ANA")[0]["blocks"]) == 2
    with pytest.raises(SlackApiError, match="not_found"):
        slack.views_update(view_id="V0GONE", view=modal(IDEA))


def test_a_closed_modal_is_told_where_the_app_asked(opened: Callable[..., str], app: Receiver, client: Client) -> None:
    client.as_("U0ANA").close(opened(modal(IDEA)))
    assert app.payloads("view_closed") == []
    client.as_("U0ANA").close(opened(modal(IDEA, notify_on_close=True)))
    [closed] = app.payloads("view_closed")
    assert closed["view"]["callback_id"] == "idea_form"
    assert client.views("U0ANA") == []


def test_clicks_in_messages_modals_and_home(
    opened: Callable[..., str], app: Receiver, client: Client, slack: WebClient
) -> None:
    def buttons(*values: str) -> dict[str, Any]:
        label = {"type": "plain_text", "text": "Me too"}
        elements = [{"type": "button", "action_id": f"vote_{one}", "value": one, "text": label} for one in values]
        return {"type": "actions", "elements": elements}

    ana = client.as_("U0ANA")
    ts = slack.chat_postMessage(channel="C0IDEAS", text="vote", blocks=[buttons("a", "b")])["ts"]
    assert ana.click("vote_b", channel="#ideas", ts=ts)["status"] == 200
    slack.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [buttons("home")]})
    ana.click("vote_home")
    overflow = {"type": "overflow", "action_id": "more", "options": OPTIONS}
    section = {"type": "section", "block_id": "s", "text": {"type": "mrkdwn", "text": "x"}, "accessory": overflow}
    opened(modal(section, IDEA))
    ana.click("more", value="wish", values={"idea": "typed"})
    by_message, by_home, by_modal = app.payloads("block_actions")
    assert by_message["actions"][0]["value"] == "b"
    assert (by_message["message"]["ts"], by_message["channel"]["name"]) == (ts, "ideas")
    assert by_message["container"]["type"] == "message"
    assert "/response/" in by_message["response_url"]
    assert by_home["view"]["type"] == "home"
    assert by_modal["actions"][0]["selected_option"] == OPTIONS[1]
    assert by_modal["view"]["state"]["values"]["idea"]["text"]["value"] == "typed"
    with pytest.raises(RefusedError, match="element_not_found"):
        ana.click("vote_c", channel="#ideas", ts=ts)


def test_a_click_the_app_does_not_answer(app: Receiver, client: Client, slack: WebClient) -> None:
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    ts = slack.chat_postMessage(channel="C0IDEAS", text="x", blocks=[{"type": "actions", "elements": [button]}])["ts"]
    client.quiet()
    app.answer = lambda _: (500, {}, b"")
    assert client.as_("U0ANA").click("go", channel="#ideas", ts=ts)["status"] == 500
    client.settings(request_url="http://127.0.0.1:9/")
    assert client.as_("U0ANA").click("go", channel="#ideas", ts=ts)["status"] == 0
    assert len(app.payloads("block_actions")) == 1


def test_a_message_shortcut(app: Receiver, client: Client) -> None:
    ts = client.as_("U0ANA").post("#ideas", "keep this")
    assert client.as_("U0BO").shortcut("capture_feedback", channel="#ideas", ts=ts)["status"] == 200
    [sent] = app.payloads("message_action")
    assert (sent["callback_id"], sent["message"]["text"], sent["user"]["id"]) == (
        "capture_feedback",
        "keep this",
        "U0BO",
    )
    with pytest.raises(RefusedError, match="shortcut_not_found"):
        client.as_("U0BO").shortcut("share_everything")
    hidden = client.as_("U0DI").post("#managers", "secret")
    with pytest.raises(RefusedError, match="channel_not_found"):
        client.as_("U0ANA").shortcut("capture_feedback", channel="#managers", ts=hidden)


def test_a_command_and_its_answers(app: Receiver, client: Client, slack: WebClient) -> None:
    app.answer = lambda _: (200, {}, b"Thank you!")
    answer = client.as_("U0ANA").command("#ideas", "/idea", "ask @bo & <us>")
    assert (answer["status"], answer["body"]) == (200, "Thank you!")
    [sent] = [request["payload"] for request in app.requests if "command" in request["payload"]]
    assert (sent["command"], sent["text"]) == ("/idea", "ask <@U0BO|bo> &amp; &lt;us&gt;")
    assert [one["text"] for one in client.messages("#ideas", as_="U0ANA")] == ["Thank you!"]
    assert client.messages("#ideas", as_="U0BO") == []
    app.answer = lambda _: as_json({"response_type": "in_channel", "text": "Heard"})
    client.as_("U0ANA").command("#ideas", "/idea", "x")
    assert [one["text"] for one in client.messages("#ideas", as_="U0BO")] == ["Heard"]
    with pytest.raises(RefusedError, match="command_not_found"):
        client.as_("U0ANA").command("#ideas", "/else")


def test_what_people_do_does_not_wait_behind_events(app: Receiver, client: Client) -> None:
    release = threading.Event()

    def answer(request: dict[str, Any]) -> Answer:
        if request["payload"].get("type") == "event_callback":
            release.wait(30)
        return OK

    app.answer = answer
    for number in range(64):
        client.as_("U0ANA").post("#ideas", f"message {number}")
    assert client.as_("U0BO").shortcut("share_idea")["status"] == 200
    release.set()
    client.quiet()
