"""Trackers knock: signed and not, old, twice, in the wrong order, cut off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from feedback.hub import Hub
from feedback.work import closes
from models import Inbox, WorkItem
from tests.conftest import Clock, engine_of, make_hub
from tests.handlers import trackers
from tests.handlers.test_slack_faults import impatient, outage
from tests.handlers.trackers import (
    CONTRACTS,
    FORM,
    JSON,
    SOURCES,
    Trackers,
    closed,
    issue,
    needs_contracts,
    open_for,
    repository,
    samples,
)

__all__ = ["impatient", "outage"]
HERE = {"repository": repository()}
DEEP = b'{"a":' * 3000 + b"1" + b"}" * 3000


@pytest.fixture
def desk(hub: Hub) -> Trackers:
    return open_for(hub)


@pytest.fixture
def desk_on_both(on_both: str, clock: Clock) -> Iterator[Trackers]:
    engine = engine_of(on_both)
    yield open_for(make_hub(engine, clock))
    engine.dispose()


TAKEN = {
    "github": {
        "go-scm.pr_closed.json": 1,
        "go-scm.release.json": 1,
        "issues.closed.derived.json": 1,
        "issues.reopened.api.github.com.20.json": 0,
        "milestone.closed.api.github.com.1.json": 1,
        "milestone.closed.api.github.com.2.json": 0,
        "pull_request.closed.merged.derived.json": 1,
        "pull_request.closed.unmerged.api.github.com.3.json": 0,
        "pull_request.closed.unmerged.api.github.com.4.json": 0,
        "release.published.api.github.com.0.json": 0,
        "release.published.api.github.com.10.json": 0,
        "release.published.api.github.com.11.json": 0,
        "release.released.api.github.com.12.json": 0,
    },
    "gitlab": {
        "go-playground.release-event.json": 1,
        "go-scm.issue_closed.json": 1,
        "go-scm.issue_reopen.json": 1,
        "go-scm.pull_request_merge.json": 1,
        "go-scm.release.json": 0,
    },
    "linear": {"issue_update.zulip.json": 1},
    "jira": {"issue_updated_status.zulip.json": 1},
}
"""How much each of the samples tells that those before it did not, in the order of their names; of one work they are
older, or say the same. All others are pings, pushes that close nothing, and cards that say no status."""
STANDS = {
    "codertocat/hello-world#1": ("issue", "done", "Closed"),
    "codertocat/hello-world#2": ("pull_request", "done", "Merged"),
    "codertocat/hello-world%1": ("milestone", "done", "Closed"),
    "codertocat/hello-world@0.0.1": ("release", "done", "Published"),
    "bradrydzewski/drone-test-go#1": ("pull_request", "not_planned", "Closed"),
    "gitlab-org/hello-world#1": ("issue", "open", "Open"),
    "gitlab-org/hello-world!1": ("pull_request", "done", "Merged"),
    "gitlab-org/release-webhook-example@v1.1": ("release", "done", "Released"),
    "web-44": ("issue", "started", "In Progress"),
    "test-1": ("issue", "started", "In Progress"),
}


def test_every_sample_is_answered_as_it_should_be(desk: Trackers) -> None:
    needs_contracts()
    every = [(source, *sample) for source in SOURCES for sample in samples(source)]
    assert len(every) > 30
    for source in SOURCES:
        desk.connect(source)
    for source, path, event in every:
        facts = {**json.loads(path.read_bytes()), **_sent_now(desk, source)}
        body, name = json.dumps(facts).encode(), path.name
        for wrong in ("", "another secret, and long enough"):
            assert desk.send(source, body, event=event, secret=wrong).status_code == 401, name
        assert desk.send(source, body[: len(body) // 2], event=event, **_none(source)).status_code in (400, 401), name
        cut = desk.send(source, body[: len(body) // 2], event=event)
        assert (cut.status_code, cut.json) == (400, {"error": "The body is not whole JSON, or too deep."}), name
        assert desk.send(source, body, event=event, mimetype="text/plain").status_code == 415, name
        right = desk.send(source, body, event=event, delivery=f"{name}-once")
        assert right.status_code == 200, (name, right.json)
        assert right.json is not None
        taken = TAKEN[source].get(name)
        assert right.json == {"taken": taken} if taken is not None else "ignored" in right.json, (name, right.json)
        twice = desk.send(source, body, event=event, delivery=f"{name}-once")
        assert (twice.status_code, twice.json) == (200, {"ignored": "This delivery came before."}), name
        again = desk.send(source, body, event=event)
        assert again.status_code == 200, name
        assert again.json == ({"taken": 0} if taken is not None else right.json), name
    assert _stands(desk) == STANDS
    assert _in_force(desk) == 4


def test_in_whichever_order_samples_come_the_work_stands_as_it_does_over_there(desk_on_both: Trackers) -> None:
    needs_contracts()
    for source in reversed(SOURCES):
        for path, event in reversed(samples(source)):
            facts = {**json.loads(path.read_bytes()), **_sent_now(desk_on_both, source)}
            assert desk_on_both.send(source, facts, event=event).status_code == 200, path.name
    assert _stands(desk_on_both) == STANDS


def _stands(desk: Trackers) -> dict[str, tuple[str, str, str]]:
    return {key: (item.kind, item.state, item.status) for key, item in desk.works().items()}


def _in_force(desk: Trackers) -> int:
    return sum(row.ended_at is None and row.works_until is None for row in desk.kept())


def _sent_now(desk: Trackers, source: str) -> dict[str, int]:
    return {"webhookTimestamp": int(desk.hub.clock().timestamp() * 1000)} if source == "linear" else {}


def _none(source: str) -> dict[str, str]:
    """No signature at all."""
    return dict.fromkeys(trackers.signed(source, b"", "x", now=0), "")


def test_the_closing_words_are_read_as_github_and_gitlab_do() -> None:
    needs_contracts()
    vectors = json.loads((CONTRACTS / "closing_keyword_vectors.json").read_bytes())
    for vector in vectors["github"]:
        wanted = tuple(f"{path or 'brand/app'}#{number}" for path, number in vector["closes"])
        assert closes(vector["text"], dialect="github", repository="Brand/App") == wanted, vector["text"]
    for vector in vectors["gitlab"]:
        found = closes(vector["text"], dialect="gitlab", repository="brand/app")
        assert [int(key.rpartition("#")[2]) for key in found] == vector["closes"]


# Who may knock


@pytest.mark.parametrize("source", SOURCES)
def test_without_a_secret_the_address_is_closed(hub: Hub, source: str) -> None:
    desk = open_for(hub)
    answer = desk.send(source, {}, secret="")
    assert (answer.status_code, answer.json) == (
        404,
        {"error": "This address is closed: nobody has set a secret for it."},
    )
    assert desk.http.get(f"/hooks/{source}").status_code == 405


JUNK: dict[str, tuple[bytes, str, int]] = {
    "nothing": (b"", JSON, 400),
    "broken": (b'{"a": 1', JSON, 400),
    "a list": (b"[1]", JSON, 400),
    "a word": (b'"x"', JSON, 400),
    "null": (b"null", JSON, 400),
    "invalid UTF-8": (b'{"a": "\xff\xfe"}', JSON, 400),
    "very deep": (DEEP, JSON, 400),
    "very deep lists": (b"[" * 100_000, JSON, 400),
    "a number of ten thousand digits": (b'{"a": ' + b"1" * 10_000 + b"}", JSON, 400),
    "2 MB": (b'{"a": "' + b"a" * 2_000_000 + b'"}', JSON, 413),
    "XML": (b"<a/>", "text/xml", 415),
    "JSON that says it is a file": (b"{}", "multipart/form-data; boundary=x", 415),
    "no content type": (b"{}", "", 415),
    "a form without payload": (b"a=b", FORM, 400),
    "a form with a list": (b"payload=%5B1%5D", FORM, 400),
    "a form of invalid UTF-8": (b"payload=\xff", FORM, 400),
}


@pytest.mark.parametrize("source", ["github", "gitlab", "jira"])
def test_signed_junk_is_told_what_is_wrong_with_it(desk: Trackers, source: str) -> None:
    for junk, (body, mimetype, status) in JUNK.items():
        answer = desk.send(source, body, event="issues", mimetype=mimetype)
        assert answer.status_code == status, junk
        assert answer.json is not None
        assert answer.json["error"], junk
    assert desk.works() == {}


def test_github_may_send_a_form(desk: Trackers) -> None:
    body = urlencode({"payload": json.dumps({"action": "closed", "issue": closed(), **HERE})}).encode()
    assert desk.send("github", body, event="issues", mimetype=FORM).json == {"taken": 1}


def test_a_database_that_is_down_is_said_so_that_they_come_again(
    outage: Callable[[], AbstractContextManager[None]], desk_on_both: Trackers
) -> None:
    desk, facts = desk_on_both, {"action": "closed", "issue": closed(), **HERE}
    desk.connect("github")
    with outage():
        answer = desk.send("github", facts, event="issues", delivery="d1")
        assert answer.status_code == 503
        assert "Send it again later" in answer.get_data(as_text=True)
    assert desk.send("github", facts, event="issues", delivery="d1").json == {"taken": 1}


def test_of_one_delivery_that_comes_four_times_at_once_one_is_taken(desk_on_both: Trackers) -> None:
    desk, facts = desk_on_both, {"action": "closed", "issue": closed(), **HERE}
    desk.connect("github")
    each = [replace(desk, http=FlaskClient(desk.http.application)) for _ in range(4)]
    with ThreadPoolExecutor(len(each)) as pool:
        sent = [pool.submit(one.send, "github", facts, event="issues", delivery="same") for one in each]
        answers = [answer.result().json for answer in sent]
    assert sorted(map(str, answers)) == ["{'ignored': 'This delivery came before.'}"] * 3 + ["{'taken': 1}"]


def test_the_workspace_is_the_one_whose_secret_fits(desk: Trackers) -> None:
    with desk.hub.transaction() as tx:
        eves = trackers.other_workspace(tx, now=desk.hub.clock())
    secret = desk.connect("github")
    desk.sign_in("U0EVE")
    desk.connect("github")
    assert desk.secrets["github"] != secret
    desk.send("github", {"action": "closed", "issue": closed(), **HERE}, event="issues", delivery="same")
    desk.send("github", {"action": "opened", "issue": issue(), **HERE}, event="issues", delivery="same", secret=secret)
    with desk.hub.reading() as tx:
        found = {item.workspace_id: item.state for item in tx.scalars(select(WorkItem))}
    assert found == {eves: "done", 1: "open"}
    page = desk.page()
    assert page.count("End it now") == 1
    assert desk.press("/settings/hooks/1/end").status_code == 422
    assert desk.kept()[0].ended_at is None


def test_what_arrives_is_kept_under_the_senders_name_for_it(desk: Trackers) -> None:
    desk.send("github", {"zen": 1}, event="ping", delivery="d" * 201)
    desk.send("github", {"zen": 1}, event="ping", delivery="72d3162e")
    with desk.hub.reading() as tx:
        keys = tx.scalars(select(Inbox.key).where(Inbox.source == "hook:github").order_by(Inbox.id)).all()
    assert keys[1] == "1:72d3162e"
    assert keys[0].startswith("1:sha256:")
