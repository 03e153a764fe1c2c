"""What served its time is forgotten, and nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import select

from feedback import housekeeping, inbox, members
from feedback.hub import Hub
from models import Base, Inbox, SignInLink, Theme, ThemeProposal, Tick, WebSession
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene


def fill(scene: Scene, key: str) -> None:
    """One of each kind of row that is forgotten one day."""
    now = scene.hub.clock()
    with scene.tx() as tx:
        inbox.is_new(tx, source="slack", key=key, now=now)
        housekeeping.begin_tick(tx, job=key, due_at=now)
        cy = scene.member(tx, "Cy")
        members.make_link(tx, member=cy, now=now)
        members.begin_session(tx, member=cy, now=now)


def count(hub: Hub) -> list[int]:
    with hub.reading() as tx:
        models: tuple[type[Base], ...] = (Inbox, Tick, SignInLink, WebSession)
        return [len(tx.scalars(select(model)).all()) for model in models]


def forget(hub: Hub, now: datetime) -> None:
    with hub.transaction() as tx:
        housekeeping.forget(tx, now=now)


def test_what_is_old_is_forgotten_and_what_is_new_stays(scene: Scene, clock: Clock) -> None:
    said = scene.idea("Ana")
    fill(scene, "old")
    clock.move(days=housekeeping.KEEP_DAYS + members.SESSION_DAYS, hours=1)
    fill(scene, "new")
    assert count(scene.hub) == [2, 2, 2, 2]
    forget(scene.hub, clock())
    forget(scene.hub, clock())
    assert count(scene.hub) == [1, 1, 1, 1]
    assert scene.get_idea(said).text


def test_a_suggestion_that_nobody_decided_about_is_forgotten_and_a_decision_is_not(scene: Scene, clock: Clock) -> None:
    with scene.tx() as tx:
        workspace_id = workspace_of(tx).id
        theme = Theme(workspace_id=workspace_id, name="Dark mode", created_at=clock())
        tx.add(theme)
        tx.flush()
        for decision in ("outdated", "declined"):
            tx.add(
                ThemeProposal(
                    workspace_id=workspace_id,
                    kind="split",
                    theme_id=theme.id,
                    idea_ids=[],
                    beside_ids=[],
                    strength=0.1,
                    people=1,
                    key=decision,
                    version="v",
                    proposed_at=clock(),
                    decision=decision,
                    decided_at=clock(),
                )
            )
    clock.move(days=housekeeping.KEEP_DAYS, hours=1)
    forget(scene.hub, clock())
    with scene.tx() as tx:
        assert [each.decision for each in tx.scalars(select(ThemeProposal))] == ["declined"]


def test_an_event_is_remembered_for_as_long_as_slack_may_send_it_again(scene: Scene, clock: Clock) -> None:
    fill(scene, "Ev1")
    clock.move(days=2)
    forget(scene.hub, clock())
    with scene.tx() as tx:
        assert not inbox.is_new(tx, source="slack", key="Ev1", now=clock())
        assert inbox.is_new(tx, source="form", key="Ev1", now=clock())


def test_a_session_that_lasts_is_not_forgotten(scene: Scene, clock: Clock) -> None:
    """What counts is when it ends, not when it began."""
    with scene.tx() as tx:
        token = members.begin_session(tx, member=scene.member(tx, "Cy"), now=clock())
    clock.move(days=members.SESSION_DAYS - 1)
    forget(scene.hub, clock() + timedelta(days=housekeeping.KEEP_DAYS))
    with scene.tx() as tx:
        assert members.signed_in(tx, token=token, now=clock()) is not None


def test_one_of_many_begins_a_tick(hub: Hub, clock: Clock) -> None:
    def begin(_: int) -> bool:
        with hub.transaction() as tx:
            return housekeeping.begin_tick(tx, job="regroup", due_at=clock())

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(begin, range(24))) == 1


def test_of_many_deliveries_one_is_news(hub: Hub, clock: Clock) -> None:
    def take(_: int) -> bool:
        with hub.transaction() as tx:
            return inbox.is_new(tx, source="slack", key="Ev1", now=clock())

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(take, range(24))) == 1
