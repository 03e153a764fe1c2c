"""Only Slack gets in. Junk is turned away with 4xx, whoever sends it, and never becomes a fault of ours."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from pydantic import SecretStr
from slack_sdk.signature import Clock

from feedback.hub import Hub
from feedback.settings import ROOT
from playground.server import Playground
from tests.conftest import in_ci
from tests.handlers.conftest import open_door
from tests.handlers.knock import FORM, JSON, Door, said, signature

EVENT = json.dumps({"type": "event_callback", "team_id": "T0PLAYGRND", "event_id": "Ev1", "event": said()}).encode()
VECTORS = ROOT.parent / "shared" / "contracts" / "webhook_signature_vectors.json"
DEEP = b'{"a":' * 3000 + b"1" + b"}" * 3000
JUNK = {
    "nothing": (b"", JSON),
    "broken JSON": (b'{"type": "event_callback"', JSON),
    "a list": (b"[1]", JSON),
    "a word": (b'"x"', JSON),
    "invalid UTF-8": (b'{"type": "\xff\xfe"}', JSON),
    "very deep JSON": (DEEP, JSON),
    "very deep lists": (b"[" * 3000 + b"]" * 3000, JSON),
    "10 MB": (b'{"a": "' + b"a" * 10_000_000 + b'"}', JSON),
    "a form with nothing in it": (b"", FORM),
    "a form without payload": (b"a=b&c=d", FORM),
    "a payload that is not JSON": (b"payload=x", FORM),
    "a payload that is a list": (b"payload=%5B1%5D", FORM),
    "a payload of invalid UTF-8": (b"payload=%ff%fe", FORM),
    "a very deep payload": (b"payload=" + DEEP, FORM),
    "a form of 10 MB": (b"payload=" + b"a" * 10_000_000, FORM),
    "a file": (
        b'--x\r\nContent-Disposition: form-data; name="payload"\r\n\r\n{}\r\n--x--',
        "multipart/form-data; boundary=x",
    ),
}
ODD_SHAPES: dict[str, dict[str, Any]] = {
    "no event": {"type": "event_callback", "team_id": "T0PLAYGRND"},
    "an event that is a word": {"type": "event_callback", "event": "x"},
    "a user that is a number": {"type": "event_callback", "event": {"type": "message", "user": 5}},
    "authorizations that are words": {"type": "event_callback", "authorizations": ["x"], "event": {}},
    "a team that is a list": {"type": "event_callback", "team_id": ["T0PLAYGRND"], "event": {"type": "message"}},
    "a view that is a word": {"type": "view_submission", "view": "x"},
}


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("signed", [True, False])
def test_junk_is_turned_away_signed_or_not(door: Door, junk: str, signed: bool) -> None:
    answer = door.knock(*JUNK[junk], signed=signed)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("shape", ODD_SHAPES)
def test_nothing_that_others_signed_is_taken_apart(door: Door, shape: str) -> None:
    """Bolt looks into a payload for who sent it before it checks the signature."""
    body = json.dumps(ODD_SHAPES[shape]).encode()
    assert door.knock(body, headers=signature(body, secret="another secret")).status_code == 401


@pytest.mark.parametrize(
    "timestamp", ["", "abc", "1e9", "123.5", "-1", " 1", "0x10", "9" * 11, "9" * 400, "\xb2\xb3", "nan", -400, 4000]
)
def test_a_wrong_time_is_turned_away_though_the_signature_fits(door: Door, timestamp: str | int) -> None:
    """A number is so many seconds from now."""
    timestamp = str(int(time.time()) + timestamp) if isinstance(timestamp, int) else timestamp
    headers = signature(EVENT, timestamp)
    assert door.knock(EVENT, signed=False, headers=headers).status_code == 401
    assert door.messages() == []


@pytest.mark.parametrize("missing", ["X-Slack-Request-Timestamp", "X-Slack-Signature"])
def test_both_headers_are_needed(door: Door, missing: str) -> None:
    headers = signature(EVENT)
    del headers[missing]
    assert door.knock(EVENT, signed=False, headers=headers).status_code == 401


@pytest.mark.parametrize("wrong", ["", "v0=", "v0=abc", "\xe9\xe8", "v1=" + "0" * 64, "v0=" + "0" * 64, "0" * 5000])
def test_a_wrong_signature_is_turned_away(door: Door, wrong: str) -> None:
    assert door.knock(EVENT, headers={"X-Slack-Signature": wrong}).status_code == 401
    assert door.knock(EVENT, headers=signature(EVENT, secret="another secret")).status_code == 401
    assert door.knock(EVENT + b" ", headers=signature(EVENT)).status_code == 401
    assert door.messages() == []


def test_without_a_secret_the_door_is_shut(hub: Hub, playground: Playground) -> None:
    """With Socket Mode there may be none, and an empty one is a key that everybody has."""
    door = open_door(hub, playground, slack_signing_secret=SecretStr(""))
    assert door.knock(EVENT, headers=signature(EVENT, secret="")).status_code == 401
    assert door.messages() == []


def test_nobody_reads_at_the_door(door: Door) -> None:
    assert door.http.get("/slack/events").status_code == 405


def test_slacks_question_whether_it_is_us_is_answered(door: Door) -> None:
    question = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "x"}).encode()
    answer = door.knock(question)
    assert (answer.status_code, answer.json) == (200, {"challenge": "3eZbrw1aB"})
    assert door.knock(question, signed=False).status_code == 401


def test_slacks_look_at_our_certificate_is_answered(door: Door) -> None:
    assert door.knock(b"ssl_check=1&token=x", FORM).status_code == 200


def test_slacks_published_signature_is_taken_and_no_other(
    hub: Hub, playground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not VECTORS.exists():
        assert not in_ci(), "CI has ../shared"
        pytest.skip("../shared/contracts is not beside this checkout")
    vector = next(item for item in json.loads(VECTORS.read_text(encoding="utf-8")) if item["provider"] == "slack")
    body, headers = vector["body"].encode(), vector["headers"]
    door = open_door(hub, playground, slack_signing_secret=SecretStr(vector["secret"]))
    assert door.knock(body, FORM, signed=False, headers=headers).status_code == 401  # it is from 2018
    monkeypatch.setattr(Clock, "now", lambda clock: float(headers["X-Slack-Request-Timestamp"]) + 1)
    assert door.knock(body, FORM, signed=False, headers=headers).status_code == 200
    assert door.knock(body.replace(b"foobar", b"foobaz"), FORM, signed=False, headers=headers).status_code == 401
