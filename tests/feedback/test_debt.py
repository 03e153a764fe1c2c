"""Who is owed an answer and for how long: small cases counted by hand, and what must hold of all."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from feedback import appeals, changes, home, loop, outbox
from feedback.blocks.members import BECAME
from feedback.errors import Refused
from feedback.overview import debt, measures, states, tracing, whole
from feedback.overview.states import Heard, Loop, Made, Person, Traced
from feedback.overview.steps import steps
from models import Idea, Notice, Reminder, Workspace
from tests.conftest import START, Clock, workspace_of
from tests.feedback.scene import Scene

DAY = timedelta(days=1)


def a_loop(*heard: Heard, member_id: int = 1, idea_id: int = 1, began: float = 0, state: str = "new") -> Loop:
    """`began`: days after START."""
    who = Person(member_id, is_owed=True, only_own=False, left_at=None)
    made = [each.made for each in heard]
    idea = Traced(idea_id, "idea", state, 7, START, None, [], [], made)
    return Loop(idea, who, True, START + began * DAY, heard)


def told(after: float | None, *, change_id: int = 1, kind: str = "shipped", verdict: str | None = None) -> Heard:
    """`after`: days. They answer a day later, if they do."""
    told_at = None if after is None else START + after * DAY
    answered_at = told_at + DAY if told_at and verdict else None
    return Heard(Made(change_id, kind, START, 9), change_id, told_at, verdict, answered_at)


def owed(found: list[Loop], after: float, answer_days: int = 30) -> tuple[int, int, float]:
    seen = debt.debt_at(found, at=START + after * DAY, answer_days=answer_days)
    return seen.waiting, seen.late, seen.days


def test_it_is_person_days_beyond_the_limit_each_person_once() -> None:
    """One waits 40 days for two things, one 35 days, one 10 days, and one was told on the third day."""
    found = [
        a_loop(member_id=1),
        a_loop(member_id=1, idea_id=2, began=20),
        a_loop(member_id=2, began=5),
        a_loop(member_id=3, began=30),
        a_loop(told(3), member_id=4, state="shipped"),
    ]
    assert owed(found, 40) == (3, 2, 15.0)
    assert owed(found, 2) == (2, 0, 0.0)
    assert owed(found, 40, answer_days=5) == (3, 3, 35 + 30 + 5)


def test_a_not_yet_begins_another_wait_and_a_plan_ends_none() -> None:
    back = a_loop(told(10, verdict="not_yet"), state="reopened")
    assert [wait.is_answered for wait in back.waits] == [True, False]
    assert owed([back], 10.5) == (0, 0, 0.0)
    assert owed([back], 50) == (1, 1, 9.0)
    planned = a_loop(told(10, kind="planned"), state="planned")
    assert owed([planned], 50) == (1, 1, 20.0)


def test_who_left_or_was_passed_over_waits_no_more_and_was_not_answered() -> None:
    left = Loop(a_loop().idea, Person(1, True, False, START + 8 * DAY), True, START)
    assert [(wait.days_at(START + 50 * DAY), wait.is_answered) for wait in left.waits] == [(8.0, False)]
    made = Made(1, "shipped", START + 4 * DAY, 9)
    passed = Loop(Traced(1, "idea", "shipped", None, START, None, [], [], [made]), a_loop().person, True, START)
    assert [(wait.days_at(START + 50 * DAY), wait.is_answered) for wait in passed.waits] == [(4.0, False)]
    late_comer = Loop(passed.idea, passed.person, False, START + 9 * DAY)
    assert late_comer.waits == []


HEARD = st.builds(
    told,
    st.none() | st.floats(0, 90),
    change_id=st.integers(1, 3),
    kind=st.sampled_from(["shipped", "declined", "planned"]),
    verdict=st.sampled_from([None, "better", "partly", "not_yet"]),
)
LOOPS = st.lists(
    st.builds(
        lambda heard, member_id, began, state: a_loop(*heard, member_id=member_id, began=began, state=state),
        st.lists(HEARD, max_size=3, unique_by=lambda each: each.made.change_id),
        st.integers(1, 4),
        st.floats(0, 60),
        st.sampled_from(["new", "planned", "shipped", "declined", "reopened", "verified"]),
    ),
    max_size=6,
)


@settings(max_examples=80, deadline=None)
@given(found=LOOPS, after=st.floats(0, 300), more=st.floats(0, 100), answer_days=st.integers(1, 60))
def test_debt_is_never_negative_and_only_grows_while_nothing_happens(
    found: list[Loop], after: float, more: float, answer_days: int
) -> None:
    waiting, late, days = owed(found, after, answer_days)
    assert 0 <= late <= waiting <= 4
    assert days >= 0
    assert (days > 0) == (late > 0)
    last = 200.0  # nothing happens after the hundredth day
    before, afterwards = owed(found, last + after, answer_days), owed(found, last + after + more, answer_days)
    assert before[0] == afterwards[0]
    assert before[1] <= afterwards[1]
    assert before[2] <= afterwards[2] + 1e-6
    for each in found:
        assert {each.state(), each.state(START + after * DAY)} <= set(states.STATES)
        ends = [wait.ended_at for wait in each.waits]
        assert all(end is not None for end in ends[:-1])
        assert all(wait.ended_at is None or wait.began_at <= wait.ended_at for wait in each.waits)


def test_the_budget_burns_by_people_whose_time_was_up() -> None:
    """Their time was up 3, 10 and 20 days ago; the second was told in time, the fourth left before."""
    gone = Loop(a_loop().idea, Person(4, True, False, START + 2 * DAY), True, START + 15 * DAY)
    found = [
        a_loop(member_id=1, began=17),
        a_loop(told(12), member_id=2, began=10, state="shipped"),
        a_loop(told(45), member_id=3, state="shipped"),
        gone,
    ]
    now = START + 50 * DAY
    short, long = (debt.burn(found, days=days, answer_days=30, now=now) for days in (7, 28))
    assert (short.due, short.late) == (1, 1)
    assert (long.due, long.late) == (3, 2)
    assert long.rate(10) == pytest.approx(100 * 2 / 3 / 10)
    assert debt.Burn(7, 0, 0).rate(10) == 0


def test_a_loop_goes_through_its_states(scene: Scene, clock: Clock) -> None:
    with scene.tx() as tx:
        workspace_of(tx).reopen_after = 1  # Flo's word is enough
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")

    def now(who: str) -> str:
        with scene.tx() as tx:
            member_id = scene.member(tx, who).id
            (found,) = tracing.loops(tx, workspace_id=workspace_of(tx).id, member_id=member_id)
            return found.state(clock())

    assert (now("Ana"), now("Flo")) == ("heard", "heard")
    with scene.tx() as tx:
        changes.plan(tx, by=scene.member(tx, "Cy"), idea_ids=[idea_id], now=clock())
    assert now("Ana") == "planned"
    change_id = scene.ship(idea_id)
    assert now("Ana") == "shipped"
    notices = scene.tell_all(change_id)
    assert now("Ana") == "told"
    scene.answer(notices["Ana"], "Ana")
    clock.move(days=14)
    assert (now("Ana"), now("Flo")) == ("verified", "no_answer")
    scene.answer(notices["Flo"], "Flo", "not_yet", "It still leaks.")
    assert (now("Ana"), now("Flo")) == ("verified", "still_broken")
    again = scene.ship(idea_id, summary="A new pump.")
    assert (now("Ana"), now("Flo")) == ("shipped", "shipped")
    scene.tell_all(again)
    assert now("Flo") == "told"


def told_once(scene: Scene) -> tuple[int, dict[str, int]]:
    """Ana's idea, which Flo backs, shipped and both were told. The idea and the notices."""
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    return idea_id, scene.tell_all(scene.ship(idea_id))


def loop_of(scene: Scene, who: str) -> Loop:
    with scene.hub.reading() as tx:
        member_id = scene.member(tx, who).id
        (found,) = tracing.loops(tx, workspace_id=workspace_of(tx).id, member_id=member_id)
        return found


@pytest.mark.parametrize(("remind_after_days", "days"), [(7, 14), (3, 6), (30, 60), (0, 14)])
def test_silence_is_no_answer_twice_as_long_after_as_people_are_reminded(
    scene: Scene, clock: Clock, remind_after_days: int, days: int
) -> None:
    with scene.tx() as tx:
        workspace_of(tx).remind_after_days = remind_after_days
    told_once(scene)
    clock.move(days=days, minutes=-1)
    assert loop_of(scene, "Flo").state(clock()) == "told"
    clock.move(minutes=1)
    assert loop_of(scene, "Flo").state(clock()) == "no_answer"


def test_whoever_was_reminded_late_has_as_long_from_then(scene: Scene, clock: Clock) -> None:
    _, notices = told_once(scene)
    with scene.tx() as tx:
        at = clock.move(days=9)
        notice = tx.get_one(Notice, notices["Flo"])
        tx.add(Reminder(workspace_id=notice.workspace_id, notice_id=notice.id, opened_at=at, told_at=at))
    clock.move(days=6)
    assert (loop_of(scene, "Ana").state(clock()), loop_of(scene, "Flo").state(clock())) == ("no_answer", "told")
    with scene.hub.reading() as tx:
        found = whole.one(tx, workspace_id=workspace_of(tx).id, idea_id=loop_of(scene, "Ana").idea.idea_id)
        assert found is not None
        assert steps(found, remind_after_days=7, now=clock())[-1].note == "1 did not answer"
    clock.move(days=1)
    assert loop_of(scene, "Flo").state(clock()) == "no_answer"


def test_everybody_reads_on_their_own_page_how_it_stands_for_them(scene: Scene, clock: Clock) -> None:
    """Flo's "not yet" alone opens nothing again, so it does not say so; Ana's does, for Gus too, who said nothing."""
    idea_id = scene.idea("Ana")
    for who in ("Flo", "Gus"):
        scene.vote(idea_id, who)
    notices = scene.tell_all(scene.ship(idea_id))

    def reads(who: str) -> str:
        with scene.hub.reading() as tx:
            return home.facts(tx, member=scene.member(tx, who), now=scene.hub.clock()).became(tx.get_one(Idea, idea_id))

    scene.answer(notices["Flo"], "Flo", "not_yet", "It leaks.")
    assert reads("Flo") == "shipped, and the team reads that it does not help you yet"
    assert reads("Gus") == "shipped"
    scene.answer(notices["Ana"], "Ana", "not_yet", "It drips.")
    assert (reads("Flo"), reads("Gus")) == ("open again, as you said", "open again")


def test_what_is_asked_for_again_and_heard_waits_anew(scene: Scene, clock: Clock) -> None:
    idea_id = scene.idea("Ana")
    with scene.tx() as tx:
        workspace_of(tx).appeal_supporters = 1
        cy = scene.member(tx, "Cy")
        changes.decline(tx, by=cy, reason="cost", summary="Dear.", idea_ids=[idea_id], now=clock())
    told = scene.tell_all(scene.changes()[-1].id)
    clock.move(days=5)
    scene.vote(idea_id, "Flo")
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        appeals.ask_again(tx, notice_id=told["Ana"], member=ana, words="We have small hands.", now=clock())
    found = loop_of(scene, "Ana")
    assert found.state(clock()) == "heard"
    assert [(wait.began_at, wait.is_answered) for wait in found.waits][1:] == [(clock(), False)]


def test_who_did_not_want_to_hear_of_it_does_not_wait_for_ever(scene: Scene, clock: Clock) -> None:
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    clock.move(days=1)
    change_id = scene.ship(idea_id)
    with scene.tx() as tx:
        flo = scene.member(tx, "Flo").id
        tx.scalars(select(Notice).filter_by(change_id=change_id, member_id=flo)).one().how = "never"
    assert [wait.ended_at is None for wait in loop_of(scene, "Ana").waits] == [True]
    assert [wait.ended_at is None for wait in loop_of(scene, "Flo").waits] == [False]


def test_whoever_wants_to_hear_no_more_still_counts_for_what_they_said(scene: Scene, clock: Clock) -> None:
    _, notices = told_once(scene)
    scene.answer(notices["Flo"], "Flo", "not_yet", "It leaks.")
    scene.idea("Flo", "A lid that holds")
    with scene.tx() as tx:
        scene.member(tx, "Flo").hears = "nothing"
    clock.move(days=40)
    with scene.hub.reading() as tx:
        found = measures.measures(tx, workspace_id=workspace_of(tx).id, answer_days=30, now=clock()).rates
        owed = debt.pressing(tx, workspace_id=workspace_of(tx).id, answer_days=30, now=clock()).debt
    assert (found.fixed.hits, found.fixed.of, found.answered.of) == (0, 1, 2)
    assert owed.waiting == 0, "and waits for nothing more"


def test_every_state_has_words_for_whoever_said_it() -> None:
    assert set(states.STATES) <= BECAME.keys()


def test_what_is_owed_follows_from_rows(scene: Scene, clock: Clock) -> None:
    """Ana and Gus raised what was merged. Flo backs it, and only hears of her own; Bo is of the team; praise asks for
    nothing."""
    first = scene.idea("Ana")
    clock.move(days=10)
    second = scene.idea("Gus", "A refill for the pump, please.")
    scene.vote(first, "Flo")
    scene.idea("Bo", "A lid that holds")
    praise = scene.idea("Flo", "The new scent is lovely")
    with scene.tx() as tx:
        tx.get_one(Idea, praise).kind = "praise"
        scene.member(tx, "Flo").hears = "own"
    scene.merge(second, first)
    clock.move(days=30)

    def seen() -> debt.Whole:
        with scene.hub.reading() as tx:
            return debt.whole(tx, workspace_id=workspace_of(tx).id, answer_days=30, now=clock())

    whole = seen()
    assert (whole.pressing.debt.waiting, whole.pressing.debt.late) == (2, 1)
    assert whole.pressing.debt.days == pytest.approx(10)
    assert [(each.idea.id, each.people) for each in whole.pressing.oldest] == [(first, 2)]
    assert [part.name for part in whole.owners] == [""]
    assert [(part.row_id, part.debt.waiting) for part in whole.themes] == [(None, 2)]
    with scene.tx() as tx:
        changes.decline(tx, by=scene.member(tx, "Cy"), reason="cost", summary="Dear.", idea_ids=[first], now=clock())
    assert [part.name for part in seen().owners] == ["Cy"]
    scene.tell_all(scene.changes()[-1].id)
    assert seen().pressing.debt.waiting == 0
    assert seen().pressing.answered == 2
    clock.move(days=5)
    with scene.tx() as tx:
        changes.reopen(tx, by=scene.member(tx, "Cy"), idea_id=first, now=clock())
    clock.move(days=31)
    assert seen().pressing.debt.days == pytest.approx(2), "an answer that was taken back starts the time anew"


def warn(scene: Scene, now: datetime) -> bool:
    with scene.tx() as tx:
        return loop.tell_late_soon(tx, workspace=workspace_of(tx), now=now)


def test_the_team_is_warned_once_a_week_at_most(scene: Scene, clock: Clock) -> None:
    assert [warn(scene, clock()), warn(scene, clock()), warn(scene, clock.move(days=6))] == [True, False, False]
    assert warn(scene, clock.move(days=2))
    assert len(scene.owed("loop.alert")) == 2
    with scene.tx() as tx:
        workspace_of(tx).tells_late = False
    assert not warn(scene, clock.move(days=20))


def test_the_week_is_told_once_and_not_in_the_first_one(scene: Scene, clock: Clock) -> None:
    def tell() -> bool:
        with scene.tx() as tx:
            return loop.tell_week_soon(tx, workspace=workspace_of(tx), now=clock())

    assert not tell()
    clock.move(days=7)
    assert [tell(), tell()] == [True, False]
    clock.move(days=7)
    assert tell()
    with scene.hub.reading() as tx:
        workspace_id = workspace_of(tx).id
        assert outbox.unfinished(tx, key=f"loop.week:{workspace_id}:2026-46") is not None
        assert outbox.unfinished(tx, key=f"loop.week:{workspace_id}:2026-47") is not None
    with scene.tx() as tx:
        workspace_of(tx).tells_week = False
    clock.move(days=7)
    assert not tell()


@pytest.mark.parametrize("wrong", ["", "0", "366", "-1", "3.5", "٣", "many"])
def test_limits_are_numbers_within_reason(scene: Scene, clock: Clock, wrong: str) -> None:
    given = {"answer_days": "14", "late_percent": "5", "tells_week": False, "tells_late": True}
    for field in ("answer_days", "late_percent"):
        with pytest.raises(Refused) as refused, scene.tx() as tx:
            loop.set_limits(tx, manager=scene.member(tx, "Di"), **{**given, field: wrong}, now=clock())  # type: ignore[arg-type]
        assert refused.value.field == field
    with pytest.raises(Refused), scene.tx() as tx:
        loop.set_limits(tx, manager=scene.member(tx, "Cy"), **given, now=clock())  # type: ignore[arg-type]
    with scene.tx() as tx:
        loop.set_limits(tx, manager=scene.member(tx, "Di"), **given, now=clock())  # type: ignore[arg-type]
    with scene.hub.reading() as tx:
        workspace = tx.get_one(Workspace, workspace_of(tx).id)
        assert (workspace.answer_days, workspace.late_percent, workspace.tells_week) == (14, 5, False)
