"""Whose signature fits, and for how long."""

from __future__ import annotations

import json
from typing import Any

import pytest

from feedback.hub import Hub
from handlers.webhooks import github, gitlab, jira
from handlers.webhooks import linear as linear_hook
from tests.handlers import trackers
from tests.handlers.trackers import CONTRACTS, HEADERS, SOURCES, Trackers, needs_contracts, open_for


@pytest.fixture
def desk(hub: Hub) -> Trackers:
    return open_for(hub)


WRONG = ("", " ", "sha256=", "sha1=abc", "\xe9\xe8", "0" * 64, "sha256=" + "0" * 64, "0" * 5000)
REFUSED = {"error": "The signature does not fit, is missing, or is too old."}


@pytest.mark.parametrize("source", SOURCES)
def test_a_wrong_signature_is_turned_away(desk: Trackers, source: str) -> None:
    for wrong in WRONG:
        answer = desk.send(source, {"a": 1}, **{HEADERS[source]: wrong})
        assert (answer.status_code, answer.json) == (401, REFUSED), wrong
    assert not [row for row in desk.kept() if row.heard_at]


def test_linears_deliveries_grow_old_in_a_minute(desk: Trackers) -> None:
    for late, status in ((0, 200), (59, 200), (-59, 200), (62, 401), (-62, 401), (86400, 401)):
        sent = int(desk.hub.clock().timestamp() - late) * 1000
        assert desk.send("linear", trackers.linear(sent_ms=sent)).status_code == status, late
    none: list[Any] = [None, "1793534400000", True, 1.5, -1, 0, 10**30, [], {}]
    for odd in none:
        assert desk.send("linear", {**trackers.linear(sent_ms=0), "webhookTimestamp": odd}).status_code == 401, odd


def test_gitlabs_signatures_grow_old_in_five_minutes(desk: Trackers) -> None:
    body, secret, now = b'{"object_kind": "note"}', desk.connect("gitlab"), int(desk.hub.clock().timestamp())
    for late, status in ((0, 200), (299, 200), (302, 401), (-302, 401)):
        headers = trackers.standard(body, secret, now=now - late)
        assert desk.send("gitlab", body, **headers).status_code == status, late
        # Whoever caught an old delivery may know the token too, if it stands in both fields over there.
        assert desk.send("gitlab", body, **{**headers, "X-Gitlab-Token": secret}).status_code == status, late
    for odd in ("", "abc", "1e9", "\xb2\xb3", "9" * 400, "-5"):
        headers = {**trackers.standard(body, secret, now=now), "webhook-timestamp": odd}
        assert desk.send("gitlab", body, **headers).status_code == 401, odd


def test_one_header_holds_several_signatures(desk: Trackers) -> None:
    body, secret = b'{"object_kind": "note"}', desk.connect("gitlab")
    headers = trackers.standard(body, secret, now=int(desk.hub.clock().timestamp()))
    right = headers["webhook-signature"]
    for many in (f"v1,AAAA {right}", f"v1a,x {right} v1,"):
        assert desk.send("gitlab", body, **{**headers, "webhook-signature": many}).status_code == 200, many
    for many in ("v1,AAAA v2,x", "\xe9 ,"):
        assert desk.send("gitlab", body, **{**headers, "webhook-signature": many}).status_code == 401, many


def test_the_published_signatures_fit_and_nothing_beside_them() -> None:
    needs_contracts()
    checks = {"github": github, "gitlab": gitlab, "linear": linear_hook, "jira": jira}
    vectors = json.loads((CONTRACTS / "webhook_signature_vectors.json").read_bytes())
    tried = 0
    for vector in vectors:
        if (hook := checks.get(vector["provider"])) is None:
            continue
        tried += 1
        body, headers = vector["body"].encode(), trackers.headers_of(vector["headers"])
        at = trackers.moment(1763632800)
        assert hook.is_signed(vector["secret"], body, headers, at), vector["provider"]
        assert not hook.is_signed(vector["secret"], body + b" ", headers, at)
        assert not hook.is_signed("", body, headers, at)
        assert not hook.is_signed(vector["secret"], body, trackers.headers_of({}), at)
    assert tried == 4
