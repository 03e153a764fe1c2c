"""Partly, not yet, enough of them; and who is asked first of what did not help once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from feedback import loop
from feedback.blocks import loop as loop_blocks
from feedback.errors import Refused
from feedback.overview import ideas as overview
from models import Audit, Member, Notice, Outbox
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene

BACKERS = ("Flo", "Gus", "Hal", "Ivy")


@pytest.fixture
def wanted(scene: Scene) -> int:
    """Ana's idea, with four behind it."""
    with scene.tx() as tx:
        workspace = workspace_of(tx)
        for name in BACKERS[2:]:
            slack_id, now = f"U0{name.upper()}", scene.hub.clock()
            tx.add(Member(workspace_id=workspace.id, slack_id=slack_id, name=name, role="customer", joined_at=now))
    idea_id = scene.idea("Ana")
    for name in BACKERS:
        scene.vote(idea_id, name)
    return idea_id


def came_back(scene: Scene, idea_id: int, *names: str) -> int:
    """It shipped, and these said that it does not help. Returns the change's id."""
    change_id = scene.ship(idea_id)
    told = scene.tell_all(change_id)
    for name in names:
        scene.answer(told[name], name, "not_yet", f"{name} waits.")
    return change_id


def notices(scene: Scene, change_id: int) -> dict[str, Notice]:
    with scene.hub.reading() as tx:
        found = tx.scalars(select(Notice).where(Notice.change_id == change_id)).all()
        return {notice.member.name: notice for notice in found}


def due(scene: Scene, notice_id: int) -> datetime:
    with scene.hub.reading() as tx:
        return tx.scalars(select(Outbox.next_at).where(Outbox.key == f"notice:{notice_id}")).one()


def shown(scene: Scene, notice_id: int) -> str:
    with scene.hub.reading() as tx:
        found = loop.get(tx, notice_id=notice_id)
        return str(loop_blocks.notice(found, answer=found.answer).blocks)


@pytest.mark.parametrize("why", ["", "Only the small pump."])
def test_partly_counts_as_an_answer_and_verifies_nothing(scene: Scene, wanted: int, why: str) -> None:
    told = scene.tell_all(scene.ship(wanted))
    scene.answer(told["Ana"], "Ana", "partly", why)
    scene.answer(told["Ana"], "Ana", "partly", why)
    assert scene.get_idea(wanted).state == "shipped"
    assert "You said: partly." in shown(scene, told["Ana"])
    with scene.hub.reading() as tx:
        (row,) = overview.every(tx, workspace_id=workspace_of(tx).id, number=1).rows
        assert [(each.verdict, each.why, each.notice.member.name) for each in row.doubts] == [("partly", why, "Ana")]
        said = tx.scalars(select(Audit).where(Audit.act == "helped partly")).all()
        assert [audit.detail for audit in said] == [{"why": why} if why else {}]
    with pytest.raises(Refused, match="answered this already: partly"):
        scene.answer(told["Ana"], "Ana")


def test_no_other_answer_is_taken(scene: Scene, wanted: int) -> None:
    told = scene.tell_all(scene.ship(wanted))
    with pytest.raises(Refused, match="one of the three"):
        scene.answer(told["Ana"], "Ana", "maybe")
    with pytest.raises(Refused) as refused:
        scene.answer(told["Ana"], "Ana", "partly", "x" * 2001)
    assert refused.value.field == "why"


def test_one_who_only_backed_it_opens_nothing_again_and_three_do(scene: Scene, wanted: int) -> None:
    told = scene.tell_all(scene.ship(wanted))
    for name in ("Flo", "Gus"):
        scene.answer(told[name], name, "not_yet", f"{name} waits.")
    assert scene.get_idea(wanted).state == "shipped"
    assert "The team reads this." in shown(scene, told["Gus"])
    with scene.hub.reading() as tx:
        (row,) = overview.every(tx, workspace_id=workspace_of(tx).id, number=1).rows
        assert [each.why for each in row.doubts] == ["Gus waits.", "Flo waits."]
    scene.answer(told["Hal"], "Hal", "not_yet", "Hal waits.")
    assert scene.get_idea(wanted).state == "reopened"
    assert "The idea is open again." in shown(scene, told["Hal"])
    with scene.hub.reading() as tx:
        found = loop.came_back(tx, idea=scene.get_idea(wanted))
        assert found is not None
        assert [each.why for each in found.answers] == ["Flo waits.", "Gus waits.", "Hal waits."]
        reopened = tx.scalars(select(Audit).where(Audit.act == "reopened")).one()
        assert reopened.detail["why"] == "Flo waits. / Gus waits. / Hal waits."
    assert len([row for row in scene.owed("idea.card") if row["idea_id"] == wanted]) == 2, "the first, and one anew"


def test_how_many_it_takes_is_for_the_workspace_to_say(scene: Scene, wanted: int) -> None:
    with scene.tx() as tx:
        workspace_of(tx).reopen_after = 1
    came_back(scene, wanted, "Gus")
    assert scene.get_idea(wanted).state == "reopened"


def test_the_next_change_asks_the_author_and_those_who_said_not_yet(scene: Scene, wanted: int, clock: Clock) -> None:
    came_back(scene, wanted, "Gus", "Ana")
    again = notices(scene, scene.ship(wanted, summary="A new seal."))
    first = {name for name, notice in again.items() if notice.not_before is None}
    assert first == {"Ana", "Gus"}
    in_three_days = clock() + timedelta(days=3)
    assert {notice.not_before for name, notice in again.items() if name not in first} == {in_three_days}
    assert due(scene, again["Flo"].id) == in_three_days
    assert due(scene, again["Ana"].id) == clock()


def test_better_now_from_one_of_them_lets_the_others_hear(scene: Scene, wanted: int, clock: Clock) -> None:
    came_back(scene, wanted, "Gus", "Ana")
    again = notices(scene, scene.ship(wanted, summary="A new seal."))
    clock.move(hours=1)
    scene.answer(again["Gus"].id, "Gus", "partly", "Nearly.")
    assert due(scene, again["Flo"].id) > clock()
    scene.answer(again["Ana"].id, "Ana")
    assert scene.get_idea(wanted).state == "verified"
    assert {due(scene, again[name].id) for name in ("Flo", "Hal", "Ivy")} == {clock()}


def test_not_yet_again_and_the_others_never_hear_of_it(scene: Scene, wanted: int, clock: Clock) -> None:
    came_back(scene, wanted, "Gus", "Ana")
    change_id = scene.ship(wanted, summary="A new seal.")
    again = notices(scene, change_id)
    scene.answer(again["Gus"].id, "Gus", "not_yet", "It drips.")
    assert scene.get_idea(wanted).state == "shipped", "one of two who only backed it"
    scene.answer(again["Ana"].id, "Ana", "not_yet", "It drips here too.")
    assert scene.get_idea(wanted).state == "reopened"
    with scene.tx() as tx:
        owed = {notice.member.name for notice in tx.scalars(select(Notice)) if loop.is_owed(tx, notice)}
    assert owed == {"Ana", "Gus"}, "who answered before it was written down that they were told; nobody else is"
    assert {name for name, notice in notices(scene, change_id).items() if notice.dropped_at} == {"Flo", "Hal", "Ivy"}
    third = notices(scene, scene.ship(wanted, summary="Another seal."))
    assert {name for name, notice in third.items() if notice.not_before is None} == {"Ana", "Gus"}


def test_where_none_of_them_hears_any_more_nobody_waits(scene: Scene, wanted: int) -> None:
    came_back(scene, wanted, "Ana")
    with scene.tx() as tx:
        scene.member(tx, "Ana").left_at = scene.hub.clock()
    assert {notice.not_before for notice in notices(scene, scene.ship(wanted)).values()} == {None}


def test_whoever_asked_for_something_new_as_well_does_not_wait(scene: Scene, wanted: int) -> None:
    came_back(scene, wanted, "Ana")
    other = scene.idea("Flo", "A pump for the left hand.")
    again = notices(scene, scene.ship(wanted, other))
    assert again["Flo"].not_before is None
    assert again["Gus"].not_before is not None


def test_no_days_is_everybody_at_once(scene: Scene, wanted: int) -> None:
    with scene.tx() as tx:
        workspace_of(tx).ask_first_days = 0
    came_back(scene, wanted, "Ana")
    assert {notice.not_before for notice in notices(scene, scene.ship(wanted)).values()} == {None}


def test_with_one_asked_first_one_is_enough_to_open_it_again(scene: Scene, wanted: int) -> None:
    came_back(scene, wanted, "Flo", "Gus", "Hal")
    with scene.tx() as tx:
        for name in ("Ana", "Gus", "Hal"):
            scene.member(tx, name).left_at = scene.hub.clock()
    again = notices(scene, scene.ship(wanted, summary="A new seal."))
    assert again["Flo"].not_before is None
    scene.answer(again["Flo"].id, "Flo", "not_yet", "It drips.")
    assert scene.get_idea(wanted).state == "reopened"
    assert notices(scene, again["Flo"].change_id)["Ivy"].dropped_at is not None


def test_an_answer_to_the_older_notice_leaves_what_shipped_since_alone(scene: Scene, wanted: int, clock: Clock) -> None:
    """Its buttons still stand, and Ana finds them after the second change."""
    with scene.tx() as tx:
        workspace_of(tx).reopen_after = 2
    first = came_back(scene, wanted, "Flo", "Gus")
    assert scene.get_idea(wanted).state == "reopened"
    second = scene.ship(wanted, summary="A new seal.")
    scene.answer(notices(scene, first)["Ana"].id, "Ana", "not_yet", "It leaked.")
    scene.answer(notices(scene, first)["Hal"].id, "Hal", "better")
    assert scene.get_idea(wanted).state == "shipped"
    told = scene.tell_all(second)
    scene.answer(told["Ana"], "Ana", "not_yet", "It still leaks.")
    assert scene.get_idea(wanted).state == "reopened"
