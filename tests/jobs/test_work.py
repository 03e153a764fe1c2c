"""Trackers over HTTP: issues are made once, comments stand once, and what no webhook told is read up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback import changes, outbox, work
from feedback.errors import Refused
from feedback.hub import Hub
from feedback.work import Fact
from jobs import outbox as relay
from jobs import schedule
from models import (
    Outbox,
    ProposedChange,
    RepositoryReading,
    TrackerAccount,
    WorkItem,
    WorkLink,
    WorkOrder,
    Workspace,
)
from tests import tracker_stand_in
from tests.conftest import START, Clock, workspace_of
from tests.feedback.scene import Scene
from tests.serving import Failure
from tests.tracker_stand_in import REPOSITORY, TOKEN, Trackers

CLOSED = "2026-11-02T09:30:00Z"


@pytest.fixture
def trackers() -> Iterator[Trackers]:
    with tracker_stand_in.serve() as found:
        yield found


def set_account(scene: Scene, trackers: Trackers, source: str = "github", token: str = TOKEN, place: str = "") -> None:
    with scene.tx() as tx:
        work.set_account(
            tx,
            manager=scene.member(tx, "Di"),
            source=source,
            api_url=trackers.url if source == "github" else trackers.linear_url,
            token=token,
            place=place or (REPOSITORY if source == "github" else "ENG"),
            cipher=scene.hub.cipher,
            now=scene.hub.clock(),
        )


@pytest.fixture
def github(scene: Scene, trackers: Trackers) -> Trackers:
    set_account(scene, trackers)
    drain(scene.hub)
    return trackers


def account(hub: Hub) -> TrackerAccount:
    with hub.reading() as tx:
        return tx.scalars(select(TrackerAccount)).one()


def rows(hub: Hub, kind: str = "work.") -> list[Outbox]:
    """Whose kind begins so."""
    with hub.reading() as tx:
        return list(tx.scalars(select(Outbox).where(Outbox.kind.startswith(kind)).order_by(Outbox.id)))


def drain(hub: Hub) -> None:
    """What is due of the trackers' work. Themes and Slack have nothing to do with it, and take their time."""
    while rings := _due(hub):
        for ring in rings:
            relay.deliver(hub, ring.outbox_id)


def _due(hub: Hub) -> list[outbox.Ring]:
    with hub.reading() as tx:
        return list(outbox.due(tx, now=hub.clock(), queue="reading", limit=200))


def settle(hub: Hub, clock: Clock, minutes: float = 10) -> None:
    """Until nothing of it is owed within that time."""
    until = clock.now + timedelta(minutes=minutes)
    drain(hub)
    while waiting := [row for row in rows(hub) if row.state in ("new", "sending")]:
        next_at = min((row.lease_until if row.state == "sending" else None) or row.next_at for row in waiting)
        if next_at > until:
            return
        clock.now = max(next_at, clock.now)
        drain(hub)


def order(scene: Scene, idea_id: int, source: str = "github", place: str = REPOSITORY) -> int:
    with scene.tx() as tx:
        cy = scene.member(tx, "Cy")
        facts: dict[str, Any] = {"source": source, "place": place, "title": "Refills", "body": "> Please"}
        return work.order(tx, by=cy, **facts, idea_id=idea_id, now=scene.hub.clock()).id


def linked(hub: Hub) -> list[tuple[str, str, str]]:
    with hub.reading() as tx:
        links = tx.scalars(select(WorkLink).order_by(WorkLink.id)).all()
        return [(link.work_item.key, link.work_item.state, link.linked_by.name) for link in links]


def test_an_account_is_tried_out_and_its_token_is_not_readable(scene: Scene, trackers: Trackers) -> None:
    set_account(scene, trackers, token="ghp_bad")
    drain(scene.hub)
    found = account(scene.hub)
    assert found.error == "http_401 Bad credentials"
    assert "ghp_bad" not in found.token
    set_account(scene, trackers)
    drain(scene.hub)
    assert (account(scene.hub).error, account(scene.hub).called) == ("", "Acme/Shop")
    set_account(scene, trackers, token="")
    assert account(scene.hub).tested_at is None
    set_account(scene, trackers, place="acme/other")
    drain(scene.hub)
    assert account(scene.hub).error.startswith("http_404")
    assert {row.state for row in rows(scene.hub, "work.check")} == {"done"}


def test_a_token_does_not_go_to_another_address(scene: Scene, github: Trackers) -> None:
    for api_url in ("https://evil.example", "http://evil.example/api", "ftp://127.0.0.1", "https://a b", "https://x:y"):
        with scene.tx() as tx, pytest.raises(Refused):
            work.set_account(
                tx,
                manager=scene.member(tx, "Di"),
                source="github",
                api_url=api_url,
                token="",
                place="",
                cipher=scene.hub.cipher,
                now=START,
            )
    assert account(scene.hub).api_url == github.url


def test_linked_work_is_asked_how_it_stands(scene: Scene, github: Trackers) -> None:
    idea_id = scene.idea()
    closed = github.issue(closed_at=CLOSED)
    merged = github.pull("Sell pouches", merged_at=CLOSED)
    elsewhere = github.pull("Sell pouches", merged_at=CLOSED, base="next")
    with scene.tx() as tx:
        for made in (closed, merged, elsewhere):
            work.link(tx, by=scene.member(tx, "Cy"), url=made["html_url"], idea_id=idea_id, now=START)
    drain(scene.hub)
    assert linked(scene.hub) == [
        ("acme/shop#1", "done", "Cy"),
        ("acme/shop#2", "done", "Cy"),
        ("acme/shop#3", "started", "Cy"),
    ]
    with scene.hub.reading() as tx:
        assert tx.scalars(select(WorkItem.title)).first() == "Dark mode"
        kinds = [row.kind for row in tx.scalars(select(ProposedChange).order_by(ProposedChange.id))]
    assert kinds == ["shipped", "planned"]


def test_asking_how_it_stands_takes_nothing_back(scene: Scene, github: Trackers) -> None:
    """GitHub's API does not speak of boards, and a pull request says there too what it closes."""
    made = github.issue("Refills")
    merged = github.pull("Sell pouches", merged_at=CLOSED)
    merged["body"] = "Fixes #1"
    with scene.tx() as tx:
        began = Fact("github", "issue", "acme/shop#1", "started", START, status="In review")
        work.hear(tx, workspace=workspace_of(tx), facts=[began], now=START)
    idea_id = scene.idea()
    with scene.tx() as tx:
        for each in (made, merged):
            work.link(tx, by=scene.member(tx, "Cy"), url=each["html_url"], idea_id=idea_id, now=START)
    drain(scene.hub)
    with scene.hub.reading() as tx:
        one, two = tx.scalars(select(WorkItem).order_by(WorkItem.id))
        assert (one.state, one.status, one.title) == ("started", "In review", "Refills")
        assert two.closes == ["acme/shop#1"]


AFTER = [
    None,
    Failure(500),
    Failure(502, is_done=True),
    Failure(is_cut=True),
    Failure(is_cut=True, is_done=True),
    Failure(429, {"Retry-After": "7"}),
    Failure(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}),
]
NAMES = ["nothing", "500", "done and 502", "cut", "done and cut", "429", "403 and no calls left"]


@pytest.mark.parametrize("failure", AFTER, ids=NAMES)
@pytest.mark.parametrize("source", ["github", "linear"])
def test_an_issue_is_made_once(
    scene: Scene, trackers: Trackers, clock: Clock, source: str, failure: Failure | None
) -> None:
    if source == "linear" and failure and failure.status == 403:
        failure = Failure(429, {"Retry-After": "1"})
    set_account(scene, trackers, source, TOKEN if source == "github" else "lin_api_good")
    drain(scene.hub)
    idea_id = scene.idea()
    if failure:
        trackers.failures.append(failure)
    order(scene, idea_id, source, REPOSITORY if source == "github" else "eng")
    settle(scene.hub, clock)
    made = trackers.issues if source == "github" else list(trackers.linear.values())
    assert [each["title"] for each in made] == ["Refills"]
    assert linked(scene.hub) == [("acme/shop#1" if source == "github" else "eng-1", "open", "Cy")]
    with scene.hub.reading() as tx:
        assert tx.scalars(select(WorkOrder)).one().work_item_id == 1


@pytest.mark.parametrize("status", [401, 403, 404, 410, 422])
def test_what_is_refused_for_good_waits_for_a_manager(
    scene: Scene, github: Trackers, clock: Clock, status: int
) -> None:
    github.failures.append(Failure(status))
    order_id = order(scene, scene.idea())
    settle(scene.hub, clock)
    [row] = rows(scene.hub, "work.create")
    assert row.state == "failed"
    with scene.hub.transaction() as tx:
        assert tx.get_one(WorkOrder, order_id).error.startswith(f"http_{status}")
        assert outbox.try_again(tx, outbox_id=row.id, attempt=row.attempt, now=clock())
    settle(scene.hub, clock)
    assert len(github.issues) == 1
    with scene.hub.reading() as tx:
        found = tx.get_one(WorkOrder, order_id)
        assert (found.error, found.work_item_id) == ("", 1)


def test_another_installation_s_mark_is_another(scene: Scene) -> None:
    with scene.tx() as tx:
        workspace = workspace_of(tx)
        here = work.mark_of(tx, workspace_id=workspace.id, key="k")
        other = Workspace(team_id="T2", name="B", url="u", bot_user_id="B", joined_at=START)
        tx.add(other)
        tx.flush()
        assert work.mark_of(tx, workspace_id=other.id, key="k") != here


@pytest.mark.parametrize("failure", AFTER[:5], ids=NAMES[:5])
@pytest.mark.parametrize("source", ["github", "linear"])
def test_a_decision_is_said_once_below_the_work(
    scene: Scene, trackers: Trackers, clock: Clock, source: str, failure: Failure | None
) -> None:
    set_account(scene, trackers, source, TOKEN if source == "github" else "lin_api_good")
    idea_id = scene.idea()
    scene.vote(idea_id, "Flo")
    order(scene, idea_id, source, REPOSITORY if source == "github" else "ENG")
    settle(scene.hub, clock)
    if failure:
        trackers.failures.append(failure)
    with scene.tx() as tx:
        facts: dict[str, Any] = {"summary": "For Ana: pouches.", "idea_ids": [idea_id]}
        changes.ship(tx, by=scene.member(tx, "Cy"), **facts, now=clock())
    settle(scene.hub, clock)
    said = trackers.comments if source == "github" else list(trackers.said.values())
    assert len(said) == 1
    text = str(said[0]["body"])
    assert "to 2 people who asked for this" in text
    assert "For somebody: pouches." in text
    assert not [name for name in ("Ana", "Flo", "Cy", "U0ANA") if name in text]


def test_nothing_is_said_there_where_the_workspace_does_not_want_it(
    scene: Scene, github: Trackers, clock: Clock
) -> None:
    idea_id = scene.idea()
    order(scene, idea_id)
    settle(scene.hub, clock)
    with scene.tx() as tx:
        di, statuses = scene.member(tx, "Di"), dict[str, str]()
        outcomes = {"on_started": "planned", "on_done": "shipped", "on_not_planned": "declined"}
        work.configure(tx, manager=di, **outcomes, statuses=statuses, tells_links=False, comments=False, now=clock())
    scene.ship(idea_id)
    settle(scene.hub, clock)
    assert github.comments == []


def read_up(scene: Scene, clock: Clock) -> None:
    with scene.tx() as tx:
        work.soon(tx, workspace_id=workspace_of(tx).id, now=clock())
    settle(scene.hub, clock, minutes=1)


def test_what_no_webhook_told_is_read_up_page_by_page(scene: Scene, github: Trackers, clock: Clock) -> None:
    idea_id = scene.idea()
    wanted = github.issue("Refills")
    with scene.tx() as tx:
        work.link(tx, by=scene.member(tx, "Cy"), url=wanted["html_url"], idea_id=idea_id, now=START)
    settle(scene.hub, clock, minutes=1)
    for number in range(120):
        at = f"2026-11-02T09:{10 + number // 60:02}:{number % 60:02}Z"
        github.issue(f"Small thing {number}", closed_at=at, reason="not_planned")
    github.issue("Long ago", closed_at="2026-10-01T09:00:00Z")
    github.pull("A pull request", merged_at=CLOSED)
    release = {"id": 1, "tag_name": "v2", "name": "Two", "draft": False, "prerelease": False, "created_at": CLOSED}
    github.releases.append({**release, "published_at": CLOSED, "html_url": f"{github.url}/r", "body": "See #1"})
    wanted |= {"state": "closed", "state_reason": "completed", "closed_at": CLOSED, "updated_at": CLOSED}
    clock.now = datetime(2026, 11, 2, 9, 27, 1, tzinfo=UTC)
    read_up(scene, clock)
    with scene.hub.reading() as tx:
        items = tx.scalars(select(WorkItem)).all()
        assert sorted(item.key for item in items if item.state == "done") == [
            "acme/shop#1",
            "acme/shop#123",
            "acme/shop@v2",
        ]
        assert len([item for item in items if item.state == "not_planned"]) == 120
        assert "acme/shop#122" not in [item.key for item in items]
        [asked] = tx.scalars(select(ProposedChange).where(ProposedChange.work_item_id == 1))
        assert [answer.idea_id for answer in asked.answers] == [idea_id]
        assert tx.scalars(select(RepositoryReading)).one().read_to > START
        before = len(tx.scalars(select(ProposedChange)).all())
    clock.move(hours=1)
    read_up(scene, clock)
    with scene.hub.reading() as tx:
        assert len(tx.scalars(select(ProposedChange)).all()) == before, "read again, it is no news"


def test_of_a_repository_that_is_only_known_by_a_link_nothing_else_is_read_up(
    scene: Scene, trackers: Trackers, clock: Clock
) -> None:
    """It may be a stranger's, with hundreds of issues a day."""
    set_account(scene, trackers, place="acme/other")
    settle(scene.hub, clock, minutes=1)
    clock.move(hours=4)
    wanted, other = trackers.issue("Refills"), trackers.issue("Not ours")
    trackers.issue("Before we met it", closed_at="2026-11-02T10:00:00Z")
    idea_id = scene.idea()
    with scene.tx() as tx:
        cy, now = scene.member(tx, "Cy"), clock()
        work.link(tx, by=cy, url=wanted["html_url"], idea_id=idea_id, now=now)
    settle(scene.hub, clock, minutes=1)
    closed = f"{clock() + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}"
    for each in (wanted, other):
        each |= {"state": "closed", "state_reason": "completed", "closed_at": closed, "updated_at": closed}
    clock.move(hours=1)
    read_up(scene, clock)
    with scene.hub.reading() as tx:
        assert list(tx.scalars(select(WorkItem.key))) == ["acme/shop#1"]
        [asked] = tx.scalars(select(ProposedChange))
        assert [answer.idea_id for answer in asked.answers] == [idea_id]
        reading = tx.scalars(select(RepositoryReading).where(RepositoryReading.repository == REPOSITORY)).one()
        assert reading.error == ""


def test_a_repository_that_may_not_be_read_is_said_and_does_not_stop_the_others(
    scene: Scene, github: Trackers, clock: Clock
) -> None:
    idea_id, url = scene.idea(), f"{github.url}/acme/secret/issues/1"
    with scene.tx() as tx:
        work.link(tx, by=scene.member(tx, "Cy"), url=url, idea_id=idea_id, now=START)
    settle(scene.hub, clock, minutes=1)
    clock.move(hours=1)
    schedule.tick(scene.hub)
    settle(scene.hub, clock, minutes=1)
    with scene.hub.reading() as tx:
        found = tx.scalars(select(RepositoryReading).order_by(RepositoryReading.repository)).all()
        assert [(row.repository, row.error[:8]) for row in found] == [("acme/secret", "http_404"), ("acme/shop", "")]


def test_without_an_account_nothing_goes_out(scene: Scene, clock: Clock) -> None:
    idea_id = scene.idea()
    with scene.tx() as tx:
        work.link(
            tx, by=scene.member(tx, "Cy"), url="https://github.com/acme/shop/issues/1", idea_id=idea_id, now=START
        )
    with pytest.raises(Refused):
        order(scene, idea_id)
    scene.ship(idea_id)
    clock.move(hours=1)
    schedule.tick(scene.hub)
    settle(scene.hub, clock)
    assert rows(scene.hub, "work.read") == rows(scene.hub, "work.catch_up") == []
    assert [row.state for row in rows(scene.hub, "work.comment")] == ["done"]


def test_nobody_is_there(scene: Scene, github: Trackers, clock: Clock) -> None:
    away = replace(scene.hub, tracker=lambda known: scene.hub.tracker(replace(known, api_url="http://127.0.0.1:9")))
    order(scene, scene.idea())
    drain(away)
    [row] = rows(scene.hub, "work.create")
    assert (row.state, row.tries) == ("new", 1)
    settle(scene.hub, clock)
    assert len(github.issues) == 1
