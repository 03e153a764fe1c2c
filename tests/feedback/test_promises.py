"""Promises of the team: offered to whoever made them, noted, and what becomes of them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from feedback import changes, hearing, ideas, promises
from feedback.blocks import promises as promise_blocks
from feedback.errors import Refused
from feedback.messages import Said
from feedback.overview import promises as overview
from models import Outbox, Promise
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene

WORDS = "Sorry about that, we'll fix it next week."
FRIDAY = date(2026, 11, 13)


@pytest.fixture
def idea(scene: Scene) -> Said:
    """Ana's, in a thread that the team can answer in."""
    said = scene.say("Ana", "The pump leaks.")
    scene.capture(said, "Bo")
    return said


def reply(scene: Scene, to: Said, who: str = "Cy", text: str = WORDS, ts: str = "") -> Said:
    """As its event brings it."""
    scene.said += 1
    ts = ts or f"{int(scene.hub.clock().timestamp())}.{scene.said:06}"
    said = Said(to.channel_id, ts, to.ts, f"U0{who.upper()}", text)
    with scene.tx() as tx:
        hearing.heard(tx, workspace=workspace_of(tx), said=said, now=scene.hub.clock())
    return said


def noted(scene: Scene, to: Said, due: str = "2026-11-13") -> int:
    """Cy's promise, noted. Its id."""
    reply(scene, to)
    return note(scene, due)


def note(scene: Scene, due: str, who: str = "Cy") -> int:
    with scene.tx() as tx:
        promise_id = tx.scalars(select(Promise.id)).one()
        promises.note(tx, promise_id=promise_id, member=scene.member(tx, who), due=due, now=scene.hub.clock())
        return promise_id


def promise(scene: Scene) -> Promise:
    with scene.hub.reading() as tx:
        return tx.scalars(select(Promise)).one()


def reminders(scene: Scene) -> dict[str, datetime]:
    with scene.hub.reading() as tx:
        rows = tx.scalars(select(Outbox).where(Outbox.kind == "promise.remind").order_by(Outbox.id))
        return {row.payload["due_on"]: row.next_at for row in rows}


def test_whoever_promises_below_an_idea_is_asked_once(scene: Scene, idea: Said) -> None:
    said = reply(scene, idea)
    reply(scene, idea, ts=said.ts)
    assert len(scene.owed("promise.ask")) == 1
    found = promise(scene)
    assert (found.state, found.due_on, found.words) == ("asking", FRIDAY, WORDS)


@pytest.mark.parametrize(
    ("who", "text"), [("Flo", WORDS), ("Ana", WORDS), ("Cy", "Thanks for telling us."), ("Cy", "Shall we fix it?")]
)
def test_nobody_else_and_nothing_else_is_asked_about(scene: Scene, idea: Said, who: str, text: str) -> None:
    reply(scene, idea, who, text)
    assert scene.owed("promise.ask") == []


def test_only_below_an_idea_and_only_what_was_said_just_now(scene: Scene, idea: Said, clock: Clock) -> None:
    reply(scene, scene.say("Ana", "Good morning."))
    old = f"{int(clock().timestamp())}.999999"
    clock.move(hours=2)
    reply(scene, idea, ts=old)
    assert scene.owed("promise.ask") == []


def test_a_day_is_counted_where_the_writer_is_and_is_two_weeks_off_where_none_is_named(
    scene: Scene, idea: Said, clock: Clock
) -> None:
    clock.now = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    with scene.tx() as tx:
        scene.member(tx, "Cy").tz, scene.member(tx, "Bo").tz = "Asia/Tokyo", "nowhere/at all"
    reply(scene, idea, "Cy", "I'll check tomorrow")
    reply(scene, idea, "Bo", "I'll check")
    with scene.hub.reading() as tx:
        assert tx.scalars(select(Promise.due_on).order_by(Promise.id)).all() == [date(2026, 11, 4), date(2026, 11, 16)]


def test_it_is_noted_with_its_day_and_reminded_of_the_morning_before(scene: Scene, idea: Said, clock: Clock) -> None:
    with scene.tx() as tx:
        scene.member(tx, "Cy").tz = "Europe/Berlin"
    promise_id = noted(scene, idea)
    note(scene, "2026-12-24")
    assert (promise(scene).state, promise(scene).due_on) == ("open", FRIDAY), "a second press is no news"
    assert reminders(scene) == {"2026-11-13": datetime(2026, 11, 12, 8, 0, tzinfo=UTC)}
    with scene.tx() as tx:
        assert promises.is_reminder_owed(tx.get_one(Promise, promise_id), due_on="2026-11-13")
        assert not promises.is_reminder_owed(tx.get_one(Promise, promise_id), due_on="2026-11-14")


@pytest.mark.parametrize(("due", "at"), [("2026-11-03", (2, 9, None)), ("2026-11-02", (2, 16, 0))])
def test_where_the_morning_before_is_over_it_is_later(
    scene: Scene, idea: Said, clock: Clock, due: str, at: tuple[int, int, int | None]
) -> None:
    clock.move(minutes=-1 if at[2] is None else 1)
    noted(scene, idea, due)
    assert reminders(scene) == {due: datetime(2026, 11, at[0], at[1], 0, tzinfo=UTC)}


@pytest.mark.parametrize("due", ["", "soon", "2026-11-01", "2027-12-31", "2026-02-31"])
def test_a_day_that_cannot_be_is_said_below_the_field(scene: Scene, idea: Said, due: str) -> None:
    with pytest.raises(Refused) as refused:
        noted(scene, idea, due)
    assert refused.value.field == "due"


def test_it_is_for_whoever_said_it(scene: Scene, idea: Said) -> None:
    reply(scene, idea)
    with pytest.raises(Refused, match="Cy’s"):
        note(scene, "2026-11-13", who="Di")


def test_no_is_no(scene: Scene, idea: Said) -> None:
    reply(scene, idea)
    with scene.tx() as tx:
        promises.say_no(tx, promise_id=promise(scene).id, member=scene.member(tx, "Cy"))
    assert promise(scene).state == "no"
    with scene.hub.reading() as tx:
        found = overview.promises(tx, workspace_id=workspace_of(tx).id, show="open", number=1)
        assert (found.people, found.page.total) == ([], 0)


def test_kept_moved_once_and_given_up(scene: Scene, idea: Said, clock: Clock) -> None:
    promise_id = noted(scene, idea)
    with scene.tx() as tx:
        about: dict[str, Any] = {"promise_id": promise_id, "member": scene.member(tx, "Cy")}
        promises.reminded(tx, promise_id=promise_id, channel_id="D1", ts="1.0", now=clock())
        promises.move(tx, **about, due="2026-11-20", now=clock())
        promises.move(tx, **about, due="2026-11-20", now=clock())
        with pytest.raises(Refused, match="another day once"):
            promises.move(tx, **about, due="2026-11-27", now=clock())
        with pytest.raises(Refused) as refused:
            promises.give_up(tx, **about, why=" ", now=clock())
        assert refused.value.field == "why"
    assert list(reminders(scene)) == ["2026-11-13", "2026-11-20"]
    with scene.hub.reading() as tx:
        shown = str(promise_blocks.reminder(promises.get(tx, promise_id=promise_id)).blocks)
    assert "promise_kept" in shown
    assert "promise_move_open" not in shown
    with scene.tx() as tx:
        about = {"promise_id": promise_id, "member": scene.member(tx, "Cy")}
        promises.keep(tx, **about, now=clock())
        promises.keep(tx, **about, now=clock())
        with pytest.raises(Refused, match="settled already"):
            promises.give_up(tx, **about, why="No time.", now=clock())
    assert (promise(scene).state, promise(scene).ended_by) == ("kept", "member")
    assert len(scene.owed("promise.remind_refresh")) == 1


@pytest.mark.parametrize(("what", "state"), [("ship", "kept"), ("decline", "kept"), ("plan", "open")])
def test_telling_people_what_became_of_it_keeps_it(scene: Scene, idea: Said, what: str, state: str) -> None:
    noted(scene, idea)
    with scene.tx() as tx:
        which: dict[str, Any] = {
            "by": scene.member(tx, "Di"),
            "idea_ids": [promise(scene).idea_id],
            "now": scene.hub.clock(),
        }
        if what == "ship":
            changes.ship(tx, summary="A new seal.", **which)
        elif what == "decline":
            changes.decline(tx, reason="tried", summary="It drips still.", **which)
        else:
            changes.plan(tx, **which)
    assert promise(scene).state == state


def test_when_its_day_has_gone_by_it_was_not_kept(scene: Scene, idea: Said, clock: Clock) -> None:
    with scene.tx() as tx:
        scene.member(tx, "Cy").tz = "America/Los_Angeles"
    promise_id = noted(scene, idea)

    def state_at(day: int, hour: int) -> str:
        clock.now = datetime(2026, 11, day, hour, tzinfo=UTC)
        with scene.tx() as tx:
            promises.end_overdue(tx, workspace_id=workspace_of(tx).id, now=clock())
        return promise(scene).state

    assert state_at(14, 7) == "open", "it is Friday still, where Cy is"
    assert state_at(14, 9) == "broken"
    with scene.tx() as tx, pytest.raises(Refused, match="gone by"):
        promises.keep(tx, promise_id=promise_id, member=scene.member(tx, "Cy"), now=clock())
    with scene.hub.reading() as tx:
        found = overview.promises(tx, workspace_id=workspace_of(tx).id, show="broken", number=1)
        assert [(each.member.name, each.kept, each.ended) for each in found.people] == [("Cy", 0, 1)]
        assert found.page.total == 1


@pytest.mark.parametrize("is_noted", [True, False])
def test_deleted_words_are_not_kept(scene: Scene, idea: Said, is_noted: bool) -> None:
    said = reply(scene, idea)
    if is_noted:
        note(scene, "2026-11-13")
    with scene.tx() as tx:
        where = {"channel_id": said.channel_id, "ts": said.ts}
        hearing.deleted(tx, workspace=workspace_of(tx), **where, now=scene.hub.clock())
    assert (promise(scene).words, promise(scene).state) == ("", "open" if is_noted else "no")


def edit(scene: Scene, said: Said, text: str) -> None:
    with scene.tx() as tx:
        now = scene.hub.clock()
        anew = Said(said.channel_id, said.ts, said.thread_ts, said.author_id, text)
        hearing.edited(tx, workspace=workspace_of(tx), said=anew, edited_at=now, now=now)


def test_edited_words_are_kept_as_they_stand(scene: Scene, idea: Said, clock: Clock) -> None:
    said = reply(scene, idea)
    note(scene, "2026-11-13")
    clock.move(minutes=1)
    edit(scene, said, "We'll look at it, Ana.")
    assert (promise(scene).words, promise(scene).state) == ("We'll look at it, Ana.", "open")


def test_words_that_promise_nothing_any_more_are_not_asked_about(scene: Scene, idea: Said, clock: Clock) -> None:
    said = reply(scene, idea)
    clock.move(minutes=1)
    edit(scene, said, "Sorry about that.")
    assert promise(scene).state == "no"


def test_what_becomes_a_promise_when_it_is_corrected_is_asked_about_once(
    scene: Scene, idea: Said, clock: Clock
) -> None:
    said = reply(scene, idea, text="Sorry, we'l fixx it")
    assert scene.owed("promise.ask") == []
    for text in (WORDS, f"{WORDS} Thanks."):
        clock.move(minutes=1)
        edit(scene, said, text)
    assert len(scene.owed("promise.ask")) == 1
    assert promise(scene).words == f"{WORDS} Thanks."


@pytest.mark.parametrize("is_noted", [True, False])
def test_what_was_taken_back_binds_nobody(scene: Scene, idea: Said, clock: Clock, is_noted: bool) -> None:
    reply(scene, idea)
    if is_noted:
        note(scene, "2026-11-13")
    with scene.tx() as tx:
        who: dict[str, Any] = {"workspace": workspace_of(tx), "member": scene.member(tx, "Ana")}
        ideas.withdraw(tx, idea_id=promise(scene).idea_id, **who, now=clock())
    with scene.hub.reading() as tx:
        found = tx.scalars(select(Promise)).one()
        assert not promises.is_reminder_owed(found, due_on="2026-11-13")
        assert not promises.question_stands(found, now=clock())
    clock.move(days=30)
    with scene.tx() as tx:
        promises.end_overdue(tx, workspace_id=workspace_of(tx).id, now=clock())
    assert promise(scene).state == ("lapsed" if is_noted else "asking")
    with scene.hub.reading() as tx:
        found_all = overview.promises(tx, workspace_id=workspace_of(tx).id, show="broken", number=1)
        assert (found_all.page.total, found_all.ended) == (0, 0)
        assert not overview.of_week(tx, workspace_id=workspace_of(tx).id, now=clock()).is_news
