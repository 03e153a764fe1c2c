"""A file of talk goes through the playground as its members, in order, and the report says what came of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from playground import community
from playground import replay as replay_module
from playground.client import Client
from playground.replay import main, replay
from playground.replay_file import acts, read
from playground.replay_kinds import Kept
from playground.replay_report import Report
from playground.server import Options, Playground
from tests.playground.receiver import OK, Answer, Receiver

HELLO: dict[str, Any] = {
    "id": "c1",
    "at_seconds": 0,
    "member": "m001",
    "channel": "general",
    "text": "Hello",
    "kind": "other",
}


def written(folder: Path, *messages: dict[str, Any]) -> Path:
    file = folder / "talk.jsonl"
    file.write_text("\n".join(json.dumps(message, ensure_ascii=False) for message in messages), encoding="utf-8")
    return file


def test_everything_in_the_file_happens_in_the_playground(tmp_path: Path, client: Client, app: Receiver) -> None:
    talk = community.generate(weeks=0.4)
    report = replay(written(tmp_path, *talk), url=client.url)

    roots = [message for message in talk if "thread_of" not in message]
    assert report.refused == []
    assert report.done["post"] == len(roots)
    assert report.done["reply"] == len(talk) - len(roots)
    assert report.done["react"] == sum(len(message.get("reactions", ())) for message in talk)
    assert report.done["edit"] == sum("edited_to" in message for message in talk)
    assert report.done["delete"] == sum("deleted_after_seconds" in message for message in talk)
    standing = [message for message in roots if "deleted_after_seconds" not in message]
    assert len(everything(client)) == len(standing)
    assert report.quiet
    assert report.delivered >= sum(report.done.values())
    assert report.failed == report.redelivered == 0
    assert report.ack_p50_ms is not None
    assert report.ack_max_ms is not None
    assert 0 < report.ack_p50_ms <= report.ack_max_ms
    said = {event["event"]["text"] for event in app.payloads("message") if "subtype" not in event["event"]}
    assert len(said) >= 0.9 * len(talk)


def everything(client: Client) -> list[dict[str, Any]]:
    names = [channel["name"] for channel in client.state("U0DI")["channels"]]
    found = [message for name in names for message in client.messages(f"#{name}")]
    return [message for message in found if "subtype" not in message]


def test_acts_on_a_message_keep_their_order(tmp_path: Path, client: Client) -> None:
    talk = [
        HELLO | {"edited_to": "Hello all", "edited_after_seconds": 2},
        HELLO
        | {"id": "c2", "at_seconds": 1, "member": "m002", "text": "Hi <@m001> and <@m009>", "thread_of": "c1"}
        | {"reactions": [{"member": "m001", "name": "heart", "after_seconds": 0}]},
        HELLO | {"id": "c3", "at_seconds": 2, "member": "m001", "text": "a reply to a reply", "thread_of": "c2"},
        HELLO
        | {"id": "c4", "edited_to": "Hey", "edited_after_seconds": 0, "deleted_after_seconds": 0}
        | {"reactions": [{"member": "m002", "name": "+1", "after_seconds": 0}]},
    ]
    report = replay(written(tmp_path, *talk), url=client.url)

    assert report.refused == []
    (parent,) = everything(client)
    assert parent["text"] == "Hello all"
    assert parent["user"] == "U0M001"
    _, reply, nested = client.thread("#general", parent["ts"])
    assert reply["text"] == "Hi <@U0M001> and <@U0M009>"
    assert reply["reactions"] == [{"name": "heart", "users": ["U0M001"], "count": 1}]
    assert nested["thread_ts"] == parent["ts"]


def test_members_and_channels_are_made_once(tmp_path: Path, client: Client, app: Receiver) -> None:
    file = written(tmp_path, HELLO | {"channel": "brand-new"}, HELLO | {"id": "c2", "member": "someone-else"})
    for _ in range(2):
        assert replay(file, url=client.url).refused == []

    state = client.state("U0DI")
    names = {user["id"]: user["real_name"] for user in state["users"]}
    assert names["U0M001"] == community.members()[0]["real_name"]
    assert names["U0SOMEONE-ELSE"] == "someone-else"
    assert [channel["name"] for channel in state["channels"]].count("brand-new") == 1
    heard = [event["event"]["text"] for event in app.payloads("message") if "subtype" not in event["event"]]
    assert heard == ["Hello"] * 4


def test_refusals_are_counted_and_named(tmp_path: Path, client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    twice = [{"member": "m002", "name": "heart", "after_seconds": 1}] * 2
    assert main([str(written(tmp_path, HELLO | {"reactions": twice})), "--url", client.url]) == 1
    assert "refused: react of c1 by m002: react: already_reacted" in capsys.readouterr().out


def test_redeliveries_and_failures_are_counted(tmp_path: Path, client: Client, app: Receiver) -> None:
    def moody(request: dict[str, Any]) -> Answer:
        text = request["payload"]["event"].get("text")
        first = "x-slack-retry-num" not in request["headers"]
        return (500, {}, b"") if text == "never" or (text == "later" and first) else OK

    app.answer = moody
    talk = [HELLO | {"id": f"c{number}", "text": text} for number, text in enumerate(("now", "later", "never"))]
    report = replay(written(tmp_path, *talk), url=client.url)

    assert (report.delivered, report.redelivered, report.failed) == (2, 1 + 3, 1)


def test_without_an_app_the_report_says_so(tmp_path: Path, client: Client) -> None:
    report = replay(written(tmp_path, HELLO), url=client.url)
    assert report.delivered == 0
    assert "no app was listening" in report.table()
    assert report.ack_p50_ms is None


@pytest.mark.parametrize(("pace", "least_seconds"), [({"rate": 20.0}, 0.2), ({"speed": 10.0}, 0.4), ({}, 0.0)])
def test_the_pace_is_kept(tmp_path: Path, client: Client, pace: dict[str, float], least_seconds: float) -> None:
    talk = [HELLO | {"id": f"c{number}", "at_seconds": 100 + number} for number in range(5)]
    report = replay(written(tmp_path, *talk), url=client.url, **pace)  # type: ignore[arg-type]
    assert report.done["post"] == 5
    assert least_seconds <= report.wall_seconds < least_seconds + 1


BAD = [
    (b"{", "not JSON"),
    (b"\xff\xfe", "not JSON"),
    (b"[]", "not an object"),
    (json.dumps(HELLO | {"text": None}).encode(), "text is missing"),
    (json.dumps(HELLO | {"id": 7}).encode(), "id is 7, not text"),
    (json.dumps(HELLO | {"text": " "}).encode(), "text is empty"),
    (json.dumps(HELLO | {"at_seconds": "soon"}).encode(), 'at_seconds is "soon", not a number'),
    (json.dumps(HELLO | {"at_seconds": -1}).encode(), "at_seconds is -1, which is no time"),
    (json.dumps(HELLO | {"at_seconds": True}).encode(), "at_seconds is true, not a number"),
    (json.dumps(HELLO | {"reactions": "heart"}).encode(), 'reactions is "heart", not a list'),
    (json.dumps(HELLO | {"reactions": ["heart"]}).encode(), "a reaction that is not an object"),
    (json.dumps(HELLO | {"reactions": [{"name": "heart"}]}).encode(), "member is missing"),
    (json.dumps(HELLO | {"edited_to": "Hi"}).encode(), "edited_to and edited_after_seconds belong together"),
    (json.dumps(HELLO | {"thread_of": "c9"}).encode(), "thread_of is c9, which is not posted before it"),
    (json.dumps(HELLO | {"thread_of": "c1"}).encode(), "thread_of is c1, which is not posted before it"),
    (json.dumps(HELLO | {"id": "c0"}).encode(), "a second message with the id c0"),
]


@pytest.mark.parametrize(("line", "what"), BAD)
def test_a_bad_line_is_named_before_anything_is_sent(
    tmp_path: Path, client: Client, capsys: pytest.CaptureFixture[str], line: bytes, what: str
) -> None:
    file = tmp_path / "talk.jsonl"
    file.write_bytes(json.dumps(HELLO | {"id": "c0"}).encode() + b"\n\n" + line + b"\n")
    assert main([str(file), "--url", client.url]) == 2
    assert f"line 3: {what}" in capsys.readouterr().err
    assert everything(client) == []


def test_line_separators_within_a_text_do_not_end_the_line(tmp_path: Path) -> None:
    assert read(written(tmp_path, HELLO | {"text": "one\u2028two\x85three"}))[0]["text"] == "one\u2028two\x85three"


def test_null_means_that_a_field_is_not_there(tmp_path: Path) -> None:
    (message,) = read(written(tmp_path, HELLO | {"thread_of": None, "reactions": None, "edited_to": None}))
    assert [act.verb for act in acts([message])] == ["post"]


def test_where_nothing_answers_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(written(tmp_path, HELLO)), "--url", "http://127.0.0.1:1"]) == 2
    assert "no playground answers at http://127.0.0.1:1" in capsys.readouterr().err


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nowhere.jsonl")]) == 2
    assert "nowhere.jsonl" in capsys.readouterr().err


@pytest.mark.parametrize("given", [["--speed", "-1"], ["--rate", "0"], ["--rate", "nan"], ["--speed", "fast"]])
def test_a_pace_that_cannot_be_is_refused(given: list[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["talk.jsonl", *given])


def test_an_empty_file_does_nothing(tmp_path: Path, client: Client) -> None:
    assert sum(replay(written(tmp_path), url=client.url).done.values()) == 0


def test_ctrl_c_reports_what_was_done(tmp_path: Path, client: Client, app: Receiver) -> None:
    talk = [HELLO | {"id": f"c{number}", "at_seconds": number * 1000} for number in range(1_000)]
    command = [sys.executable, "-m", "playground.replay", str(written(tmp_path, *talk)), "--url", client.url]
    with subprocess.Popen([*command, "--rate", "5"], stdout=subprocess.PIPE, text=True) as process:
        client.wait_for(lambda: len(everything(client)) >= 2, what="the first messages")
        os.kill(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interrupted: this is what was done until then" in out
    assert out.splitlines()[0].split() == ["messages", "posted", str(len(everything(client)))]


def test_a_playground_that_goes_away_does_not_take_the_report_with_it(tmp_path: Path) -> None:
    talk = [HELLO | {"id": f"c{number}"} for number in range(20)]
    playground = Playground(Options(port=0)).start()

    def end_it_half_way() -> None:
        watching = Client(playground.url)
        watching.wait_for(lambda: len(everything(watching)) >= 2, what="the first messages")
        playground.stop()

    end = threading.Thread(target=end_it_half_way)
    end.start()
    report = replay(written(tmp_path, *talk), url=playground.url, rate=5)
    end.join()
    assert report.done["post"] + len(report.refused) == 20
    assert 0 < len(report.refused) < 20
    assert "the deliveries could not be counted: no playground answers" in report.table()


def test_the_table_shows_every_figure() -> None:
    report = Report(
        delivered=12, redelivered=3, failed=1, ack_p50_ms=1.25, ack_p99_ms=20, ack_max_ms=31, wall_seconds=4
    )
    report.done.update({"post": 5, "reply": 4, "react": 3, "edit": 2, "delete": 1})
    figures = [line.split()[-1] for line in report.table().splitlines()[:13]]
    assert figures == ["5", "4", "3", "2", "1", "0", "12", "3", "1", "1.2", "20.0", "31.0", "4.0"]
    assert "still delivering" in report.table()


def test_what_the_app_keeps_is_held_against_the_labels(
    tmp_path: Path, client: Client, slack: WebClient, app: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An app that answers three messages: one of two ideas, a reply in the middle of a thread, and small talk."""
    monkeypatch.setattr(replay_module, "ANSWERS_SECONDS", (0.05, 30.0))
    keeps = {"A refill &amp; a lid, please": "A refill &amp; a lid", "The pump broke": "The pump…", "Hi": "Hi"}

    def keep(request: dict[str, Any]) -> Answer:
        event = request["payload"]["event"]
        quoted = keeps.get(event.get("text", ""))
        if quoted and "bot_id" not in event:
            text = {"type": "mrkdwn", "text": f"Kept as an idea.\n> {quoted}"}
            where = {"channel": event["channel"], "thread_ts": event.get("thread_ts") or event["ts"]}
            slack.chat_postMessage(**where, text="Kept", blocks=[{"type": "section", "text": text}])
        return OK

    app.answer = keep
    talk = [
        HELLO | {"id": "c1", "text": "A refill & a lid, please", "kind": "idea"},
        HELLO | {"id": "c2", "text": "Something about <@m002>", "kind": "other"},
        HELLO | {"id": "c3", "text": "The pump broke", "kind": "problem", "thread_of": "c2", "member": "m002"},
        HELLO | {"id": "c4", "text": "Dark mode", "kind": "idea"},
        HELLO | {"id": "c5", "text": "Hi", "kind": "other"},
        HELLO | {"id": "c6", "text": "Gone", "kind": "idea", "deleted_after_seconds": 1},
    ]
    report = replay(written(tmp_path, *talk), url=client.url)
    assert report.kept == Kept(labelled=3, kept=3, both=2)
    figures = dict(line.rsplit("  ", 1) for line in report.table().splitlines()[13:17])
    assert [value.strip() for value in figures.values()] == ["3", "2 (0.67)", "3", "2 (0.67)"]


def test_an_unlabelled_file_is_held_against_nothing(tmp_path: Path, client: Client) -> None:
    message = {name: value for name, value in HELLO.items() if name != "kind"}
    assert replay(written(tmp_path, message), url=client.url).kept is None
