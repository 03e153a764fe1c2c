"""Trackers knock: signed and not, old, twice, in the wrong order, cut off, and odd. Nothing of it is a fault of ours."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.datastructures import Headers

from feedback.database import connect
from feedback.hub import Hub
from feedback.work import closes
from handlers import slack
from handlers.web import create_app
from handlers.webhooks import github, gitlab, jira
from handlers.webhooks import linear as linear_hook
from handlers.webhooks.payload import Part
from models import Audit, Inbox, WorkItem
from tests.conftest import Clock, in_ci, make_hub
from tests.handlers import trackers
from tests.handlers.test_slack_faults import impatient, outage
from tests.handlers.trackers import CONTRACTS, FORM, JSON, SOURCES, Trackers, closed, issue, pull, repository, samples

__all__ = ["impatient", "outage"]
HERE = {"repository": repository()}
WITHOUT = "../shared/contracts is not beside this checkout"
DEEP = b'{"a":' * 3000 + b"1" + b"}" * 3000


def open_for(hub: Hub) -> Trackers:
    found = Trackers(FlaskClient(create_app(hub, slack.build(hub))), hub)
    found.sign_in("U0DI")
    return found


@pytest.fixture
def desk(hub: Hub) -> Trackers:
    """Di connected all four."""
    found = open_for(hub)
    for source in SOURCES:
        found.connect(source)
    return found


@pytest.fixture
def desk_on_both(on_both: str, clock: Clock) -> Iterator[Trackers]:
    engine = connect(on_both)
    found = open_for(make_hub(engine, clock))
    for source in SOURCES:
        found.connect(source)
    yield found
    engine.dispose()


def needs_contracts() -> None:
    if not CONTRACTS.exists():
        assert not in_ci(), "CI has ../shared"
        pytest.skip(WITHOUT)


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


@pytest.mark.parametrize("is_backwards", [False, True])
def test_every_sample_is_answered_as_it_should_be(desk_on_both: Trackers, is_backwards: bool) -> None:
    """In whichever order they come, the work stands in the end as it does over there."""
    needs_contracts()
    desk, every = desk_on_both, [(source, *sample) for source in SOURCES for sample in samples(source)]
    assert len(every) > 30
    for source, path, event in reversed(every) if is_backwards else every:
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
        if not is_backwards:
            taken = TAKEN[source].get(name)
            assert right.json == {"taken": taken} if taken is not None else "ignored" in right.json, (name, right.json)
        twice = desk.send(source, body, event=event, delivery=f"{name}-once")
        assert (twice.status_code, twice.json) == (200, {"ignored": "This delivery came before."}), name
        again = desk.send(source, body, event=event)
        assert again.status_code == 200, name
        assert (again.json in ({"taken": 0}, right.json) and "taken" not in right.json) or again.json == {"taken": 0}, (
            name
        )
    stands = {key: (item.kind, item.state, item.status) for key, item in desk.works().items()}
    assert stands == STANDS


def _sent_now(desk: Trackers, source: str) -> dict[str, int]:
    return {"webhookTimestamp": int(desk.hub.clock().timestamp() * 1000)} if source == "linear" else {}


def _none(source: str) -> dict[str, str]:
    """No signature at all."""
    return dict.fromkeys(trackers.signed(source, b"", "x", now=0), "")


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


HEADERS = {
    "github": "X-Hub-Signature-256",
    "gitlab": "X-Gitlab-Token",
    "linear": "Linear-Signature",
    "jira": "X-Hub-Signature",
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "wrong", ["", " ", "sha256=", "sha1=abc", "\xe9\xe8", "0" * 64, "sha256=" + "0" * 64, "0" * 5000]
)
def test_a_wrong_signature_is_turned_away(desk: Trackers, source: str, wrong: str) -> None:
    answer = desk.send(source, {"a": 1}, **{HEADERS[source]: wrong})
    assert (answer.status_code, answer.json) == (
        401,
        {"error": "The signature does not fit, is missing, or is too old."},
    )
    assert not [row for row in desk.kept() if row.heard_at]


@pytest.mark.parametrize(("late", "status"), [(0, 200), (59, 200), (-59, 200), (62, 401), (-62, 401), (86400, 401)])
def test_linears_deliveries_grow_old_in_a_minute(desk: Trackers, late: int, status: int) -> None:
    sent = int(desk.hub.clock().timestamp() - late) * 1000
    assert desk.send("linear", trackers.linear(sent_ms=sent)).status_code == status


@pytest.mark.parametrize("sent", [None, "1793534400000", True, 1.5, -1, 0, 10**30, [], {}])
def test_a_time_that_is_none_is_too_old(desk: Trackers, sent: Any) -> None:
    assert desk.send("linear", {**trackers.linear(sent_ms=0), "webhookTimestamp": sent}).status_code == 401


@pytest.mark.parametrize(("late", "status"), [(0, 200), (299, 200), (302, 401), (-302, 401)])
def test_gitlabs_signatures_grow_old_in_five_minutes(desk: Trackers, late: int, status: int) -> None:
    body = json.dumps({"object_kind": "note"}).encode()
    secret, now = desk.secrets["gitlab"], int(desk.hub.clock().timestamp())
    headers = trackers.standard(body, secret, now=now - late)
    assert desk.send("gitlab", body, **headers).status_code == status
    # Whoever caught an old delivery may know the token too, if it stands in both fields over there.
    assert desk.send("gitlab", body, **{**headers, "X-Gitlab-Token": secret}).status_code == status


def test_one_header_holds_several_signatures(desk: Trackers) -> None:
    body = b'{"object_kind": "note"}'
    headers = trackers.standard(body, desk.secrets["gitlab"], now=int(desk.hub.clock().timestamp()))
    right = headers["webhook-signature"]
    for many, status in (
        (f"v1,AAAA {right}", 200),
        (f"v1a,x {right} v1,", 200),
        ("v1,AAAA v2,x", 401),
        ("\xe9 ,", 401),
    ):
        headers["webhook-signature"] = many
        assert desk.send("gitlab", body, **headers).status_code == status, many


@pytest.mark.parametrize("at", ["", "abc", "1e9", "\xb2\xb3", "9" * 400, "-5"])
def test_a_wrong_time_in_gitlabs_header_is_turned_away(desk: Trackers, at: str) -> None:
    body = b'{"object_kind": "note"}'
    headers = trackers.standard(body, desk.secrets["gitlab"], now=int(desk.hub.clock().timestamp()))
    assert desk.send("gitlab", body, **{**headers, "webhook-timestamp": at}).status_code == 401


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
@pytest.mark.parametrize("junk", JUNK)
def test_signed_junk_is_told_what_is_wrong_with_it(desk: Trackers, source: str, junk: str) -> None:
    body, mimetype, status = JUNK[junk]
    answer = desk.send(source, body, event="issues", mimetype=mimetype)
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["error"]
    assert desk.works() == {}


def test_github_may_send_a_form(desk: Trackers) -> None:
    body = urlencode({"payload": json.dumps({"action": "closed", "issue": closed(), **HERE})}).encode()
    assert desk.send("github", body, event="issues", mimetype=FORM).json == {"taken": 1}


def test_a_database_that_is_down_is_said_so_that_they_come_again(
    desk_on_both: Trackers, outage: Callable[[], AbstractContextManager[None]]
) -> None:
    desk, facts = desk_on_both, {"action": "closed", "issue": closed(), **HERE}
    with outage():
        answer = desk.send("github", facts, event="issues", delivery="d1")
        assert answer.status_code == 503
        assert "Send it again later" in answer.get_data(as_text=True)
    assert desk.send("github", facts, event="issues", delivery="d1").json == {"taken": 1}


def test_the_workspace_is_the_one_whose_secret_fits(desk: Trackers) -> None:
    with desk.hub.transaction() as tx:
        eves = trackers.other_workspace(tx, now=desk.hub.clock())
    secret = desk.secrets["github"]
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


# The same, said in any way


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_signed_is_never_a_fault_of_ours(desk: Trackers, data: st.DataObject) -> None:
    source = data.draw(st.sampled_from(SOURCES))
    event, facts = data.draw(st.sampled_from(trackers.plain_payloads(source, int(desk.hub.clock().timestamp() * 1000))))
    changed = data.draw(trackers.odd(facts))
    answer = desk.send(source, changed, event=event)
    assert answer.status_code in (200, 400, 401), answer.json
    assert answer.json is not None
    assert answer.json.keys() <= {"taken", "ignored", "error"}
    assert len(answer.json) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


# What a manager does on the page


def test_a_secret_is_shown_once_and_kept_encrypted(hub: Hub) -> None:
    desk = open_for(hub)
    assert "Not connected" in desk.page()
    secret = desk.connect("github")
    assert len(secret) == 64
    assert secret not in desk.page()
    (row,) = desk.kept()
    assert secret not in row.secret
    assert hub.hook_cipher.decrypt(row.secret.encode()).decode() == secret
    assert "Waiting for the first news" in desk.page()
    desk.send("github", {"zen": "x"}, event="ping")
    page = desk.page()
    assert "Works" in page
    assert "GitHub reaches us" in page
    with hub.reading() as tx:
        (said,) = tx.scalars(select(Audit).where(Audit.subject == "hook"))
        assert said.member
        assert (said.act, said.detail, said.member.name) == ("made", {"source": "github"}, "Di")


def test_a_form_that_is_sent_twice_makes_one_secret_and_shows_it_twice(hub: Hub, clock: Clock) -> None:
    desk = open_for(hub)
    assert desk.connect("github", nonce="n") == desk.connect("github", nonce="n")
    assert desk.connect("gitlab", nonce="n").startswith("whsec_")
    clock.move(minutes=11)
    late = desk.press("/settings/hooks", source="github", nonce="n")
    assert late.status_code == 303
    assert [row.source for row in desk.kept()] == ["github", "gitlab"]


def test_a_new_secret_takes_over_in_a_day(desk: Trackers, hub: Hub, clock: Clock) -> None:
    old = desk.secrets["jira"]
    new = desk.connect("jira")
    assert "Replaced, works until 3 Nov 2026, 09:00" in desk.page()
    for secret in (old, new):
        assert desk.send("jira", {"webhookEvent": "x"}, secret=secret).status_code == 200
    clock.move(hours=24)
    assert desk.send("jira", {"webhookEvent": "x"}, secret=old).status_code == 401
    assert desk.send("jira", {"webhookEvent": "x"}, secret=new).status_code == 200
    assert "Replaced" not in desk.page()


def test_two_webhooks_may_have_a_secret_each(desk: Trackers, clock: Clock) -> None:
    """Linear makes one for each."""
    second = desk.connect("linear", secret="lin_wh_second_of_two", others="stay")
    clock.move(days=2)
    for secret in (trackers.LINEAR_SECRET, second):
        facts = trackers.linear(sent_ms=int(clock().timestamp() * 1000))
        assert desk.send("linear", facts, secret=secret).status_code == 200


def test_ending_a_secret_is_at_once_and_twice_is_once(desk: Trackers) -> None:
    row = next(row for row in desk.kept() if row.source == "github")
    for _ in range(2):
        assert desk.press(f"/settings/hooks/{row.id}/end").status_code == 303
    assert desk.send("github", {}, event="ping").status_code == 404
    with desk.hub.reading() as tx:
        ends = tx.scalars(select(Audit).where(Audit.subject == "hook", Audit.act == "ended")).all()
    assert [end.subject_id for end in ends] == [row.id]


@pytest.mark.parametrize(
    ("source", "typed", "say"),
    [
        ("linear", "", "Linear makes the secret"),
        ("linear", "short", "16 to 200 characters"),
        ("github", "x" * 201, "16 to 200 characters"),
        ("github", "pässword pässword", "plain letters"),
        ("github", "line\nline line line line", "plain letters"),
        ("sourceforge", "", "Choose one of the trackers"),
    ],
)
def test_a_wrong_secret_is_said_where_it_was_typed(hub: Hub, source: str, typed: str, say: str) -> None:
    desk = open_for(hub)
    answer = desk.press("/settings/hooks", source=source, secret=typed)
    assert answer.status_code == 422
    assert say in answer.get_data(as_text=True)
    assert desk.kept() == []


def test_there_is_an_end_to_secrets(hub: Hub) -> None:
    desk = open_for(hub)
    for number in range(10):
        desk.connect("github", nonce=f"n{number}", others="stay")
    answer = desk.press("/settings/hooks", source="github", nonce="one more", others="stay")
    assert answer.status_code == 422
    assert "10 secrets are in force" in answer.get_data(as_text=True)


def test_after_another_secret_key_nothing_fits_and_the_page_says_why(desk: Trackers) -> None:
    changed = desk.hub.settings.model_copy(update={"secret_key": SecretStr("another key that is long enough too")})
    other = open_for(replace(desk.hub, settings=changed))
    other.secrets = desk.secrets
    assert other.send("github", {}, event="ping").status_code == 401
    assert "the hub’s own key was changed since" in other.page()


def test_what_arrives_is_kept_under_the_senders_name_for_it(desk: Trackers) -> None:
    desk.send("github", {"zen": 1}, event="ping", delivery="d" * 201)
    desk.send("github", {"zen": 1}, event="ping", delivery="72d3162e")
    with desk.hub.reading() as tx:
        keys = tx.scalars(select(Inbox.key).where(Inbox.source == "hook:github").order_by(Inbox.id)).all()
    assert keys[1] == "1:72d3162e"
    assert keys[0].startswith("1:sha256:")


def test_a_pull_request_closes_what_it_says_only_on_the_default_branch() -> None:
    headers = Headers({"X-GitHub-Event": "pull_request"})

    def told(**facts: Any) -> Any:
        merged = pull(merged=True, merged_at="2026-11-01T12:00:00Z", state="closed", **facts)
        return github.read(Part({"action": "closed", "pull_request": merged, **HERE}), headers, trackers.moment(0))[0]

    assert (told().state, told().closes) == ("done", ("brand/app#7", "brand/site#3"))
    elsewhere = told(base={"ref": "release-1"})
    assert (elsewhere.state, elsewhere.status, elsewhere.closes) == ("started", "Merged into release-1", ())
