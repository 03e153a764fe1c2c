"""How well loops are closed, on cases small enough to count by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from feedback import changes, loop
from feedback.overview import measures
from feedback.overview.measures import Measures
from models import Idea, Notice, Outbox
from tests.conftest import START, Clock, workspace_of
from tests.feedback.scene import Scene

DAY = timedelta(days=1)


def measured(scene: Scene, clock: Clock, by: measures.Name = measures.month) -> Measures:
    with scene.hub.reading() as tx:
        return measures.measures(tx, workspace_id=workspace_of(tx).id, answer_days=30, by=by, now=clock())


def at(clock: Clock, days: float) -> None:
    clock.now = START + days * DAY


def lived(scene: Scene, clock: Clock) -> None:
    """Three customers, four items. Ana asks twice: one shipped on day 10 and she was told on day 12, one waits. Flo
    backs the first on day 4, was told too, and it does not help: it is open again on day 20. Gus was declined on day 8
    and told the same day. It is day 50."""
    with scene.tx() as tx:
        workspace_of(tx).reopen_after = 1  # Flo's word is enough
    refill = scene.idea("Ana")
    scene.idea("Ana", "Ship to Norway")
    lid = scene.idea("Gus", "A lid that holds")
    at(clock, 4)
    scene.vote(refill, "Flo")
    at(clock, 8)
    with scene.tx() as tx:
        change = changes.decline(
            tx, by=scene.member(tx, "Cy"), reason="cost", summary="Too dear.", idea_ids=[lid], now=clock()
        )
    scene.tell_all(change.id)
    at(clock, 10)
    shipped = scene.ship(refill)
    at(clock, 12)
    notices = scene.tell_all(shipped)
    scene.answer(notices["Ana"], "Ana")
    at(clock, 20)
    scene.answer(notices["Flo"], "Flo", "not_yet", "It leaks.")
    at(clock, 50)


def test_shares_are_as_they_are_defined(scene: Scene, clock: Clock) -> None:
    lived(scene, clock)
    rates = measured(scene, clock).rates
    counted = {name: (share.hits, share.of) for name, share in vars(rates).items()}
    assert counted == {
        "people": (1, 3),  # Gus; Ana waits for the other thing, Flo waits again
        "items": (2, 4),
        "answered": (2, 2),
        "fixed": (1, 2),
        "reopened": (2, 2),  # the idea was open again, eight days after both were told
        "acknowledged": (0, 3),
    }
    assert (rates.people.low, rates.people.high) == pytest.approx((0.061, 0.792), abs=0.001)


def test_times_count_what_still_waits(scene: Scene, clock: Clock) -> None:
    lived(scene, clock)
    times = measured(scene, clock).times
    # Items: told after 12 days (Ana), 8 (Flo, Gus); one waits since 50. At 8 days two of four are left.
    steps = [(round(step.days, 3), round(step.share, 3)) for step in times.close.steps]
    assert steps[-2:] == [(8, 0.5), (12, 0.25)]
    assert times.close.quantile().days == pytest.approx(8)
    assert (times.tell_lag.days, times.tell_lag_90.days, times.tell_lag.over, times.tell_lag.of) == (2, 2, 2, 2)
    assert (times.tell.days, times.tell.of) == (2, 3)
    assert times.decide.days == pytest.approx(10)
    assert (times.decide.over, times.decide.of) == (2, 3)
    assert (times.group.days, times.group.over, times.group.of) == (None, 0, 3)
    assert (times.ship.of, times.ship.days) == (0, None)


def test_a_plan_that_ships_and_one_that_does_not(scene: Scene, clock: Clock) -> None:
    first, second = scene.idea("Ana"), scene.idea("Gus", "A lid that holds")
    with scene.tx() as tx:
        changes.plan(tx, by=scene.member(tx, "Cy"), idea_ids=[first, second], now=clock())
    at(clock, 6)
    scene.ship(first)
    at(clock, 9)
    ship = measured(scene, clock).times.ship
    assert (ship.days, ship.over, ship.of) == (6, 1, 2)


def test_a_receipt_counts_within_a_day_and_what_is_younger_not_yet(scene: Scene, clock: Clock) -> None:
    for number, hours in enumerate((1, 30)):
        idea_id = scene.idea("Ana", f"Wish {number}")
        with scene.tx() as tx:
            row = tx.scalars(select(Outbox).where(Outbox.key == f"idea.receipt:{idea_id}")).one()
            row.state, row.done_at = "done", clock() + timedelta(hours=hours)
            tx.get_one(Idea, idea_id).receipt_ts = "1.0"
    at(clock, 3)
    scene.idea("Ana", "Just now")
    acknowledged = measured(scene, clock).rates.acknowledged
    assert (acknowledged.hits, acknowledged.of) == (1, 2)


def test_periods_are_months_or_quarters(scene: Scene, clock: Clock) -> None:
    lived(scene, clock)
    assert [(name, rates.items.of) for name, rates, _ in measured(scene, clock).periods] == [("2026-11", 4)]
    (only,) = measured(scene, clock, measures.quarter).periods
    assert only[0] == "2026 Q4"
    assert [measures.quarter(datetime(2026, month, 1, tzinfo=UTC)) for month in (1, 3, 4, 12)] == [
        "2026 Q1",
        "2026 Q1",
        "2026 Q2",
        "2026 Q4",
    ]


def test_of_nothing_nothing_is_said(scene: Scene, clock: Clock) -> None:
    found = measured(scene, clock)
    assert found.periods == []
    assert {share.of for share in vars(found.rates).values()} == {0}
    assert found.times.close.quantile().days is None


def test_a_question_is_no_decision(scene: Scene, clock: Clock) -> None:
    idea_id = scene.idea("Ana")
    at(clock, 3)
    with scene.tx() as tx:
        changes.ask(tx, by=scene.member(tx, "Cy"), summary="Which pump?", idea_ids=[idea_id], now=clock())
    decide = measured(scene, clock).times.decide
    assert (decide.over, decide.of) == (0, 1)
    at(clock, 7)
    scene.ship(idea_id)
    assert measured(scene, clock).times.decide.days == pytest.approx(7)


def test_who_is_not_told_after_all_does_not_lag_for_ever(scene: Scene, clock: Clock) -> None:
    """Flo was dropped on day 1, Gus did not want to hear of it when his turn came."""
    idea_id = scene.idea("Ana")
    for who in ("Flo", "Gus"):
        scene.vote(idea_id, who)
    scene.ship(idea_id)
    at(clock, 1)
    with scene.tx() as tx:
        for notice in tx.scalars(select(Notice)):
            if notice.member.name == "Flo":
                notice.dropped_at = clock()
            if notice.member.name == "Gus":
                notice.how = "never"
            if notice.member.name == "Ana":
                loop.told(tx, notice_id=notice.id, channel_id="C0IDEAS", ts="1.0", now=clock())
    at(clock, 90)
    lag = measured(scene, clock).times.tell_lag
    assert (lag.over, lag.of) == (1, 2)
