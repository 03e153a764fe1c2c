"""Asking once more, once."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from feedback import changes, loop
from feedback.errors import Refused
from models import Answer, Notice, Reminder, Workspace
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene


@pytest.fixture
def told(scene: Scene, clock: Clock) -> dict[str, int]:
    """Ana and Flo were told, seven days ago."""
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    found = scene.tell_all(scene.ship(idea_id))
    clock.move(days=7)
    return found


def remind(scene: Scene) -> list[str]:
    """Who is to be asked once more, of those whose turn it is."""
    with scene.tx() as tx:
        loop.remind_soon(tx, workspace_id=workspace_of(tx).id, now=scene.hub.clock())
    with scene.tx() as tx:
        found = tx.scalars(select(Reminder).order_by(Reminder.id)).all()
        return [each.notice.member.name for each in found if loop.is_reminder_owed(tx, each)]


def test_whoever_said_nothing_is_asked_once_more(scene: Scene, told: dict[str, int], clock: Clock) -> None:
    clock.move(minutes=-1)
    assert remind(scene) == []
    clock.move(minutes=1)
    assert remind(scene) == ["Ana", "Flo"]
    assert remind(scene) == ["Ana", "Flo"]
    assert len(scene.owed("loop.reminder")) == 2
    with scene.tx() as tx:
        for each in tx.scalars(select(Reminder)).all():
            loop.reminded(tx, reminder_id=each.id, channel_id="C0IDEAS", ts=f"{each.id}.0", now=clock())
    for _ in range(9):
        clock.move(days=7)
        assert remind(scene) == []
    assert len(scene.owed("loop.reminder")) == 2


def test_an_answer_takes_the_question_away_from_the_reminder_too(
    scene: Scene, told: dict[str, int], clock: Clock
) -> None:
    remind(scene)
    with scene.tx() as tx:
        reminder = tx.scalars(select(Reminder).join(Notice).where(Notice.id == told["Ana"])).one()
        loop.reminded(tx, reminder_id=reminder.id, channel_id="C0IDEAS", ts="9.0", now=clock())
    scene.answer(told["Ana"], "Ana")
    assert scene.owed("loop.reminder_refresh") == [{"v": 1, "reminder_id": reminder.id}]
    assert remind(scene) == ["Flo"]


@pytest.mark.parametrize(
    "what", ["answered", "left", "nothing", "digest", "own", "reopened", "declined", "again", "zero"]
)
def test_nobody_is_asked_who_has_nothing_to_say(scene: Scene, told: dict[str, int], clock: Clock, what: str) -> None:
    """Of Flo, who backed it, whether it happened before the reminder is owed or after."""
    before = what in ("answered", "nothing", "zero")
    if not before:
        assert "Flo" in remind(scene)
    now: datetime = clock()
    with scene.tx() as tx:
        flo, notice = scene.member(tx, "Flo"), tx.get_one(Notice, told["Flo"])
        if what == "answered":
            tx.add(Answer(notice_id=notice.id, verdict="partly", why="", given_at=now))
        if what == "left":
            flo.left_at = now
        if what in ("nothing", "digest", "own"):
            flo.hears = what
        if what == "zero":
            tx.get_one(Workspace, notice.workspace_id).remind_after_days = 0
    if what in ("reopened", "declined", "again"):
        scene.answer(told["Ana"], "Ana", "not_yet", "It drips.")
    with scene.tx() as tx:
        cy, idea_id = scene.member(tx, "Cy"), tx.get_one(Notice, told["Flo"]).idea_id
        if what == "declined":
            changes.decline(tx, by=cy, reason="tried", summary="It cannot be.", idea_ids=[idea_id], now=now)
    if what == "again":
        scene.ship(idea_id, summary="A new seal.")
    assert "Flo" not in remind(scene)


def test_years_of_silence_are_left_alone(scene: Scene, told: dict[str, int], clock: Clock) -> None:
    clock.move(days=8)
    assert remind(scene) == []


TYPED = {"remind_after_days": "5", "reopen_after": "2", "ask_first_days": "0", "appeal_supporters": " 10 "}


def test_a_manager_sets_all_of_it(scene: Scene) -> None:
    with scene.tx() as tx:
        loop.configure(tx, manager=scene.member(tx, "Di"), typed=TYPED, now=scene.hub.clock())
    with scene.hub.reading() as tx:
        workspace = workspace_of(tx)
        assert [getattr(workspace, name) for name in loop.LIMITS] == [5, 2, 0, 10]


@pytest.mark.parametrize("typed", ["", "-1", "x", "1.5", "101", "٣", "9999999999"])
@pytest.mark.parametrize("field", sorted(loop.LIMITS))
def test_a_wrong_number_is_said_below_its_field(scene: Scene, field: str, typed: str) -> None:
    with scene.tx() as tx, pytest.raises(Refused) as refused:
        loop.configure(tx, manager=scene.member(tx, "Di"), typed={**TYPED, field: typed}, now=scene.hub.clock())
    assert refused.value.field == field


def test_nobody_but_a_manager_sets_it(scene: Scene) -> None:
    with scene.tx() as tx, pytest.raises(Refused, match="for managers"):
        loop.configure(tx, manager=scene.member(tx, "Cy"), typed=TYPED, now=scene.hub.clock())
