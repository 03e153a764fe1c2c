"""The server itself: what it keeps, what it turns away, what a browser gets."""

import contextlib
import io
import json
import urllib.error
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from playground import server
from playground.client import Client
from playground.control import manage, rooms, talk, use
from playground.server import Options, Playground

HERE = Path(__file__).parent


def fetch(url: str, data: bytes | None = None, **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(
        url, data=data, headers={name.replace("_", "-"): text for name, text in headers.items()}
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_second_start_finds_everything(tmp_path: Path) -> None:
    options = Options(port=0, store=tmp_path / "deep" / "playground.sqlite3", manifest=HERE / "manifest.yml")
    home = {"type": "home", "blocks": [{"type": "divider", "block_id": "d"}]}
    with Playground(options) as playground:
        client, slack = Client(playground.url), WebClient("xoxb-playground", f"{playground.url}/api/")
        ana = client.as_("U0ANA")
        ts = ana.post("#ideas", "keep me")
        reply = client.as_("U0BO").post("#ideas", "reply", thread_ts=ts)
        ana.edit("#ideas", ts, "kept")
        client.as_("U0BO").react("#ideas", ts, "bulb")
        gone = ana.post("#ideas", "gone")
        ana.delete("#ideas", gone)
        slack.views_publish(user_id="U0ANA", view=home)
        slack.chat_postMessage(channel="U0ANA", text="hello", metadata={"event_type": "e", "event_payload": {"k": 1}})
        newcomer = client.add_user(name="hal", real_name="Hal Moreau")
        unread = client.state("U0BO")["unread"]
        before = [client.messages("#ideas"), client.thread("#ideas", ts), client.dm("U0ANA")]
    with Playground(options) as playground:
        client = Client(playground.url)
        assert [client.messages("#ideas"), client.thread("#ideas", ts), client.dm("U0ANA")] == before
        assert client.thread("#ideas", ts)[1]["ts"] == reply
        assert client.messages("#ideas")[0]["reactions"] == [{"name": "bulb", "users": ["U0BO"], "count": 1}]
        view = client.home("U0ANA")
        assert view is not None
        assert view["blocks"] == home["blocks"]
        assert newcomer in {user["id"] for user in client.state("U0ANA")["users"]}
        assert client.state("U0BO")["unread"] == unread
        client.reset()
        assert client.messages("#ideas") == []
        assert client.home("U0ANA") is None
    with Playground(options) as playground:
        assert Client(playground.url).messages("#ideas") == []


def test_the_clock_is_whatever_the_demo_says() -> None:
    with Playground(Options(port=0), clock=lambda: 1_760_000_000.25) as playground:
        ana = Client(playground.url).as_("U0ANA")
        assert [ana.post("#ideas", "a"), ana.post("#ideas", "b")] == ["1760000000.250000", "1760000000.250001"]


def test_the_ts_of_what_was_deleted_is_given_to_nothing_else() -> None:
    with Playground(Options(port=0), clock=lambda: 1_760_000_000.25) as playground:
        ana = Client(playground.url).as_("U0ANA")
        said = [ana.post("#ideas", "one")]
        ana.delete("#ideas", said[0])
        said.append(ana.post("#ideas", "two"))
        assert said == sorted(set(said))
        assert len(said) == 2


def test_a_taken_port_is_said_in_one_line(playground: Playground) -> None:
    port = int(playground.url.rpartition(":")[2])
    with pytest.raises(OSError, match=str(port)):
        Playground(Options(port=port)).start()
    said = io.StringIO()
    with contextlib.redirect_stderr(said), pytest.raises(SystemExit) as ended:
        server.serve(Options(port=port))
    assert ended.value.code == 2
    assert said.getvalue().count("\n") == 1
    assert str(port) in said.getvalue()


@pytest.mark.parametrize(
    ("name", "body", "status", "error"),
    [
        ("post", b"{", 400, "invalid_json"),
        ("post", b"\xff", 400, "invalid_json"),
        ("post", b"[" * 100_000, 400, "invalid_json"),
        ("post", b"[]", 400, "invalid_arguments"),
        ("post", b'{"user": 7}', 400, "invalid_arguments"),
        ("post", b'{"user": "U0NOBODY", "channel": "#ideas", "text": "x"}', 404, "user_not_found"),
        ("post", b'{"user": "U0ANA", "channel": "#nowhere", "text": "x"}', 404, "channel_not_found"),
        ("post", b'{"user": "U0ANA", "channel": "#triage", "text": "x"}', 404, "channel_not_found"),
        ("post", b'{"user": "U0ANA", "channel": "#ideas", "text": 5}', 400, "invalid_arguments"),
        ("post", b'{"user": "U0ANA", "channel": "#ideas", "text": "x", "ts": "yesterday"}', 400, "invalid_ts"),
        ("post", b'{"user": "U0ANA", "channel": "#ideas", "text": "x", "files": [1]}', 400, "invalid_arguments"),
        ("post", b'{"text": "' + b"x" * 1_100_000 + b'"}', 413, "request_entity_too_large"),
        ("click", b'{"user": "U0ANA", "action_id": "a", "ts": 5}', 400, "invalid_arguments"),
        ("click", b'{"user": "U0ANA", "action_id": "a"}', 404, "view_not_found"),
        ("submit", b'{"user": "U0ANA", "view_id": "V", "values": []}', 400, "invalid_arguments"),
        ("settings", b'{"speed": 3}', 400, "invalid_arguments"),
        ("settings", b'{"retry_after_seconds": ["soon"]}', 400, "invalid_arguments"),
        ("user", b'{"name": "hal", "real_name": "Hal", "tz": "Mars/Base"}', 400, "invalid_user"),
        ("user", b'{"name": "ana", "real_name": "Another Ana"}', 400, "name_taken"),
        ("user", b"[1]", 400, "invalid_arguments"),
        ("user", b'{"name": "hal", "real_name": " "}', 400, "invalid_user"),
        ("post", b'{"user": "U0ANA", "channel": "#ideas", "text": "\\ud800"}', 400, "invalid_json"),
        ("post", b'{"user": NaN}', 400, "invalid_json"),
        ("sign_event", b'{"event": {}}', 400, "invalid_arguments"),
        ("dance", b"{}", 404, "not_found"),
    ],
)
def test_what_the_control_api_refuses(playground: Playground, name: str, body: bytes, status: int, error: str) -> None:
    got, answer = fetch(f"{playground.url}/control/{name}", body, Content_Type="application/json")
    assert (got, json.loads(answer)["error"], json.loads(answer)["ok"]) == (status, error, False)


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff\xfe", b'{"channel": {"a": 1}, "text": "x"}', b'{"channel": []}'])
def test_junk_for_the_web_api(playground: Playground, body: bytes) -> None:
    url = f"{playground.url}/api/chat.postMessage"
    status, answer = fetch(url, body, Content_Type="application/json", Authorization="Bearer xoxb-playground")
    assert (status, json.loads(answer)["ok"]) == (200, False)


def test_no_mixture_of_values_breaks_the_control_api(playground: Playground, client: Client) -> None:
    """Every act, with every field wrong in every way: refused or done, never an internal error."""
    ts = client.as_("U0ANA").post("#ideas", "hello")
    wire = HTTPConnection(playground.url.removeprefix("http://"))
    good = {"user": "U0ANA", "channel": "#ideas", "ts": ts, "text": "t", "name": "bulb", "view_id": "V", "values": {}}
    odd: list[Any] = [None, -1, "", "²", [1], {"a": []}, "x" * 5000]
    for name in sorted(talk.POSTS | use.POSTS | rooms.POSTS | manage.POSTS):
        for field in (*good, "action_id", "files", "value", "thread_ts", "callback_id", "command", "event", "tz"):
            for value in odd:
                if field == "tz" and name != "user":
                    continue
                body = json.dumps(good | {"is_private": False, field: value})
                wire.request("POST", f"/control/{name}", body)
                with wire.getresponse() as answer:
                    assert answer.read()
                    assert answer.status < 500, (name, field, value)
    wire.close()


def test_other_web_sites_are_turned_away(playground: Playground) -> None:
    reset = f"{playground.url}/control/reset"
    assert fetch(reset, b"{}", Origin="https://elsewhere.example")[0] == 403
    assert fetch(reset, b"{}", Host="elsewhere.example:8090")[0] == 403
    assert fetch(reset, b"{}", Origin=playground.url)[0] == 200


def test_the_page_and_its_files(playground: Playground) -> None:
    for path in ("/", "/archives/C0IDEAS/p1760000000000100"):
        status, body = fetch(f"{playground.url}{path}")
        assert status == 200
        assert b"<html" in body
    assert fetch(f"{playground.url}/page/../server.py")[0] == 404


def test_the_stream_tells_what_a_person_may_hear(playground: Playground, client: Client) -> None:
    with urllib.request.urlopen(f"{playground.url}/control/stream?as=U0ANA", timeout=30) as stream:
        assert stream.readline() == b": listening\n"
        client.as_("U0DI").post("#managers", "not for Ana")
        ts = client.as_("U0BO").post("#ideas", "for everybody")
        lines: list[Any] = [stream.readline() for _ in range(2)]
    assert json.loads(lines[1].removeprefix(b"data: ")) == {
        "channel": "C0IDEAS",
        "type": "message",
        "ts": ts,
        "thread_ts": None,
        "user": "U0BO",
    }


def test_what_is_unread(client: Client) -> None:
    client.as_("U0BO").post("#ideas", "one")
    client.as_("U0BO").post("#ideas", "two")
    assert client.state("U0ANA")["unread"] == {"C0IDEAS": 2}
    assert client.state("U0BO")["unread"] == {}
    client.as_("U0ANA").read("#ideas")
    assert client.state("U0ANA")["unread"] == {}


def test_the_community_moves_in(client: Client) -> None:
    client.reset(community=True)
    state = client.state("U0M001")
    assert len(state["users"]) == 107
    assert "show-and-tell" in {channel["name"] for channel in state["channels"]}
    assert client.as_("U0M001").post("#show-and-tell", "hello")


def test_waiting_in_vain_says_for_what(client: Client) -> None:
    with pytest.raises(TimeoutError, match=r"a second message.*last was"):
        client.wait_for(lambda: client.messages("#ideas")[1], seconds=0.1, what="a second message")
    client.as_("U0ANA").post("#ideas", "hello")
    assert client.wait_for(lambda: client.messages("#ideas"))[0]["text"] == "hello"


def test_response_urls_wear_out(playground: Playground, client: Client, slack: WebClient) -> None:
    client.as_("U0ANA").command("#ideas", "/idea", "x")
    [sent] = client.deliveries(kind="command")
    url = sent["body"]["response_url"]

    def respond(**body: Any) -> int:
        return fetch(url, json.dumps(body).encode(), Content_Type="application/json")[0]

    assert respond(text="for Ana") == 200
    assert respond(text="for all", response_type="in_channel") == 200
    assert respond(text="") == 400
    assert [message["text"] for message in client.messages("#ideas", as_="U0ANA")] == ["for Ana", "for all"]
    assert [message["text"] for message in client.messages("#ideas", as_="U0BO")] == ["for all"]
    assert [respond(text="again") for _ in range(3)] == [200, 200, 404]
    client.as_("U0ANA").command("#ideas", "/idea", "x")
    url = client.deliveries(kind="command")[1]["body"]["response_url"]
    client.age_response_urls(1801)
    assert respond(text="late") == 404


def test_a_response_replaces_and_deletes_what_was_clicked(client: Client, slack: WebClient) -> None:
    button = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    blocks = [{"type": "actions", "elements": [button]}]
    slack.chat_postEphemeral(channel="C0IDEAS", user="U0ANA", text="click", blocks=blocks)
    [whisper] = client.messages("#ideas", as_="U0ANA")
    client.as_("U0ANA").click("go", channel="#ideas", ts=whisper["ts"])
    url = client.deliveries(kind="interaction")[0]["body"]["response_url"]

    def respond(**body: Any) -> int:
        return fetch(url, json.dumps(body).encode(), Content_Type="application/json")[0]

    assert respond(text="done", replace_original=True) == 200
    [whisper] = client.messages("#ideas", as_="U0ANA")
    assert (whisper["text"], whisper.get("blocks")) == ("done", None)
    assert respond(delete_original=True) == 200
    assert client.messages("#ideas", as_="U0ANA") == []
