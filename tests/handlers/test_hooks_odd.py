"""Whatever trackers, and whoever says to be one, may send: nothing of it is a fault of ours."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback.hub import Hub
from feedback.work import closes
from tests.handlers import odd_payloads
from tests.handlers.trackers import FORM, HEADERS, JSON, SOURCES, Trackers, open_for


@pytest.fixture
def desk(hub: Hub) -> Trackers:
    return open_for(hub)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_signed_is_never_a_fault_of_ours(desk: Trackers, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(SOURCES))
    event, facts = data.draw(st.sampled_from(odd_payloads.plain(source, int(desk.hub.clock().timestamp() * 1000))))
    changed = data.draw(odd_payloads.odd(facts))
    answer = desk.send(source, changed, event=event)
    assert answer.status_code in (200, 400, 401), answer.json
    assert answer.json is not None
    assert answer.json.keys() <= {"taken", "ignored", "error"}
    assert len(answer.json) == 1


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    source=st.sampled_from(SOURCES),
    body=st.binary(max_size=200),
    values=st.lists(
        st.text(st.characters(max_codepoint=255, blacklist_characters="\r\n\x00"), max_size=40), min_size=4
    ),
    mimetype=st.sampled_from([JSON, FORM, "text/plain", "application/x+json", "\xe9"]),
    is_signed=st.booleans(),
)
def test_neither_are_odd_headers_and_bodies(
    desk: Trackers, source: str, body: bytes, values: list[str], mimetype: str, is_signed: bool
) -> None:
    names = ("X-GitHub-Event", "Idempotency-Key", "webhook-signature", HEADERS[source])[: 3 if is_signed else 4]
    answer = desk.send(source, body, mimetype=mimetype, **dict(zip(names, values, strict=False)))
    assert 200 <= answer.status_code < 500
    assert answer.json is not None


def test_nothing_waits_for_a_text_that_is_made_to_be_slow() -> None:
    began = time.perf_counter()
    for text in (
        "`" * 70_000,
        "a/" * 35_000,
        "a.a-" * 17_500,
        "fixes #" * 10_000,
        "http://a/" * 8_000,
        "Fix #1," * 9_000,
    ):
        for dialect in ("github", "gitlab"):
            closes(text, dialect=dialect, repository="a/b")
    assert time.perf_counter() - began < 5
