"""What is owed is owed once, done by one, and never lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from feedback import inbox, once, outbox
from feedback.hub import Hub
from jobs.doorbell import JOB_SECONDS
from models import Outbox
from tests.conftest import Clock, workspace_of


def owe(hub: Hub, key: str = "k", kind: str = "idea.receipt") -> int:
    with hub.transaction() as tx:
        outbox.owe(tx, workspace_id=workspace_of(tx).id, kind=kind, key=key, now=hub.clock(), idea_id=1)
    with hub.reading() as tx:
        return tx.scalars(select(Outbox.id).where(Outbox.key == key)).one()


def row(hub: Hub, outbox_id: int) -> Outbox:
    with hub.reading() as tx:
        return tx.get_one(Outbox, outbox_id)


def claim(hub: Hub, outbox_id: int) -> outbox.Claim | None:
    with hub.transaction() as tx:
        return outbox.claim(tx, outbox_id=outbox_id, now=hub.clock())


def test_the_second_arrival_is_no_news(hub: Hub) -> None:
    with hub.transaction() as tx:
        assert inbox.is_new(tx, source="slack", key="Ev1", now=hub.clock())
        assert not inbox.is_new(tx, source="slack", key="Ev1", now=hub.clock())
    with hub.transaction() as tx:
        assert not inbox.is_new(tx, source="slack", key="Ev1", now=hub.clock())
        assert inbox.is_new(tx, source="form", key="Ev1", now=hub.clock())


def test_what_fails_has_not_arrived(hub: Hub) -> None:
    def take_and_fail() -> None:
        with hub.transaction() as tx:
            inbox.is_new(tx, source="slack", key="Ev2", now=hub.clock())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        take_and_fail()
    with hub.transaction() as tx:
        assert inbox.is_new(tx, source="slack", key="Ev2", now=hub.clock())


def test_owing_twice_is_owing_once_and_rings_once(hub: Hub) -> None:
    before = len(hub.doorbell.rings)  # type: ignore[attr-defined]
    owe(hub)
    owe(hub)
    assert len(hub.doorbell.rings) == before + 1  # type: ignore[attr-defined]


def test_only_one_claims_while_the_lease_lasts(hub: Hub, clock: Clock) -> None:
    outbox_id = owe(hub)
    assert claim(hub, outbox_id) is not None
    assert claim(hub, outbox_id) is None
    clock.move(seconds=outbox.LEASE_SECONDS)
    late = claim(hub, outbox_id)
    assert late is not None
    assert late.is_unknown


def test_work_on_everything_is_nobody_elses_for_as_long_as_it_may_take(hub: Hub, clock: Clock) -> None:
    outbox_id = owe(hub, kind="theme.regroup")
    slow = claim(hub, outbox_id)
    clock.move(seconds=JOB_SECONDS["themes"])
    assert slow is not None
    assert claim(hub, outbox_id) is None
    with hub.transaction() as tx:
        assert outbox.finish(tx, slow, now=clock())
    other = owe(hub, key="other", kind="theme.measure")
    assert claim(hub, other) is not None
    clock.move(seconds=outbox.LONG_SECONDS)
    assert claim(hub, other) is not None
    assert all(JOB_SECONDS[outbox.QUEUE_OF_KIND[kind]] < outbox.LONG_SECONDS for kind in outbox.LONG)


def test_ten_at_once_make_one_claim(hub: Hub) -> None:
    outbox_id = owe(hub)
    with ThreadPoolExecutor(10) as pool:
        claims = list(pool.map(lambda _: claim(hub, outbox_id), range(10)))
    assert len([found for found in claims if found]) == 1


def test_whoever_lost_the_row_writes_nothing(hub: Hub, clock: Clock) -> None:
    outbox_id = owe(hub)
    slow = claim(hub, outbox_id)
    clock.move(seconds=outbox.LEASE_SECONDS)
    fast = claim(hub, outbox_id)
    assert slow is not None
    assert fast is not None
    with hub.transaction() as tx:
        assert outbox.finish(tx, fast, now=clock(), ref="fast")
        assert not outbox.finish(tx, slow, now=clock(), ref="slow")
    assert row(hub, outbox_id).ref == "fast"


def test_what_was_unknown_stays_unknown_when_it_waits(hub: Hub, clock: Clock) -> None:
    outbox_id = owe(hub)
    claim(hub, outbox_id)
    clock.move(seconds=outbox.LEASE_SECONDS)
    second = claim(hub, outbox_id)
    assert second is not None
    with hub.transaction() as tx:
        outbox.postpone(tx, second, until=clock() + timedelta(seconds=30))
    assert claim(hub, outbox_id) is None
    clock.move(seconds=30)
    third = claim(hub, outbox_id)
    assert third is not None
    assert third.is_unknown


def test_after_too_many_tries_a_person_has_to_look(hub: Hub, clock: Clock) -> None:
    outbox_id = owe(hub)
    for _ in range(outbox.MOST_TRIES):
        found = claim(hub, outbox_id)
        assert found is not None
        with hub.transaction() as tx:
            outbox.postpone(tx, found, until=clock(), error="busy")
    assert row(hub, outbox_id).state == "human"
    assert row(hub, outbox_id).error == "busy"


def test_waiting_for_its_turn_uses_up_no_tries(hub: Hub, clock: Clock) -> None:
    outbox_id = owe(hub)
    for _ in range(outbox.MOST_TRIES + 5):
        found = claim(hub, outbox_id)
        assert found is not None
        with hub.transaction() as tx:
            outbox.postpone(tx, found, until=clock(), slot_at=clock(), counts=False)
    assert row(hub, outbox_id).state == "new"


def test_owing_anew_while_somebody_sends_is_done_once_more(hub: Hub, clock: Clock) -> None:
    def owe_again() -> None:
        with hub.transaction() as tx:
            outbox.owe_again(
                tx, workspace_id=workspace_of(tx).id, kind="home.publish", key="home:9", now=clock(), member_id=9
            )

    owe_again()
    with hub.reading() as tx:
        outbox_id = tx.scalars(select(Outbox.id).where(Outbox.key == "home:9")).one()
    sending = claim(hub, outbox_id)
    assert sending is not None
    owe_again()
    with hub.transaction() as tx:
        assert not outbox.finish(tx, sending, now=clock())
    assert row(hub, outbox_id).state == "new"


def test_owing_anew_what_was_owed_to_another_queue_rings_where_it_is_done_now(hub: Hub) -> None:
    outbox_id = owe(hub, "home:9", "home.publish")
    with hub.transaction() as tx:
        found = tx.get_one(Outbox, outbox_id)
        found.queue, found.state = "reading", "done"
    with hub.transaction() as tx:
        workspace_id = workspace_of(tx).id
        outbox.owe_again(tx, workspace_id=workspace_id, kind="home.publish", key="home:9", now=hub.clock(), member_id=9)
    assert hub.doorbell.rings[-1].queue == row(hub, outbox_id).queue == "slack"  # type: ignore[attr-defined]


def test_a_channel_gets_one_post_a_second(hub: Hub, clock: Clock) -> None:
    waits = []
    for number in range(3):
        found = claim(hub, owe(hub, key=f"post:{number}"))
        assert found is not None
        with hub.transaction() as tx:
            slot = outbox.wait_for_turn(tx, found, target="C1", now=clock())
        waits.append((slot - clock()).total_seconds() if slot else 0)
    assert waits == [0, outbox.POSTING_SECONDS, 2 * outbox.POSTING_SECONDS]


def test_a_backlog_leaves_at_the_same_pace(hub: Hub, clock: Clock) -> None:
    """Two rows that were due long ago do not go together."""
    clock.move(seconds=1)
    went = []
    for number in range(2):
        found = claim(hub, owe(hub, key=f"late:{number}"))
        assert found is not None
        late = outbox.Claim(**{**found.__dict__, "has_slot": True})
        with hub.transaction() as tx:
            went.append(outbox.wait_for_turn(tx, late, target="C2", now=clock()) is None)
    assert went == [True, False]


def test_the_one_that_waits_longest_is_due_first(hub: Hub, clock: Clock) -> None:
    first = owe(hub, key="first")
    clock.move(seconds=1)
    second = owe(hub, key="second")
    with hub.reading() as tx:
        found = [ring.outbox_id for ring in outbox.due(tx, now=clock(), queue="slack", limit=10)]
    assert found.index(first) < found.index(second)


def test_many_are_written_as_few_are_and_none_of_them_twice(hub: Hub) -> None:
    """With words that are hard to write down, too."""
    odd = "“☕” \\ ' \" {} $1 %s :name \n <&>"
    ids_of = {f"{odd}{number}": {"said": odd, "number": number, "none": None} for number in range(once.MANY + 3)}
    at = {f"{odd}7": hub.clock() + timedelta(hours=3)}
    for new in (len(ids_of), 0):
        with hub.transaction() as tx:
            which: dict[str, Any] = {
                "workspace_id": workspace_of(tx).id,
                "kind": "home.publish",
                "ids_of": ids_of,
                "not_before": at,
            }
            assert len(outbox.owe_each(tx, **which, now=hub.clock())) == new
    with hub.reading() as tx:
        rows = tx.scalars(select(Outbox).where(Outbox.kind == "home.publish").order_by(Outbox.id)).all()
    assert [row.key for row in rows] == list(ids_of)
    assert [row.payload for row in rows] == [{"v": outbox.VERSION, **ids} for ids in ids_of.values()]
    assert [row.next_at for row in rows] == [at.get(row.key, hub.clock()) for row in rows]
    assert {(row.tries, row.error, row.slot_at, row.lease_until) for row in rows} == {(0, "", None, None)}
    naive: dict[str, Any] = {"now": hub.clock().replace(tzinfo=None), "ids_of": {f"n{each}": {} for each in range(60)}}
    with hub.transaction() as tx, pytest.raises((ValueError, StatementError), match="without a zone"):
        outbox.owe_each(tx, workspace_id=1, kind="home.publish", **naive)
