"""Who is told, where, once; and what their answer does."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from feedback import changes, hearing, ideas, loop, members, workspaces
from feedback.blocks import loop as loop_blocks
from feedback.errors import Refused
from models import Notice, Reward
from tests.conftest import workspace_of
from tests.feedback.scene import Scene


def notices(scene: Scene, change_id: int) -> list[tuple[str, bool]]:
    with scene.tx() as tx:
        found = tx.scalars(select(Notice).where(Notice.change_id == change_id).order_by(Notice.id)).all()
        return [(notice.member.name, notice.raised_it) for notice in found]


def test_everyone_who_raised_or_backed_is_told_once(scene: Scene) -> None:
    first, second = scene.idea("Ana", "A refill."), scene.idea("Ana", "Refill pouches.")
    third = scene.idea("Flo", "Can I refill it?")
    scene.vote(first, "Flo")
    scene.vote(second, "Gus")
    scene.vote(third, "Gus")
    change_id = scene.ship(first, second, third)
    assert notices(scene, change_id) == [("Ana", True), ("Flo", True), ("Gus", False)]
    assert len(scene.owed("loop.notice")) == 3


def test_not_told_are_leavers_and_whoever_made_the_change(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Cy")
    scene.vote(idea_id, "Gus")
    with scene.tx() as tx:
        scene.member(tx, "Gus").left_at = scene.hub.clock()
    assert notices(scene, scene.ship(idea_id)) == [("Ana", True)]


def test_planning_and_declining_are_told_too(scene: Scene) -> None:
    planned, declined = scene.idea("Ana", "One."), scene.idea("Flo", "Two.")
    with scene.tx() as tx:
        cy = scene.member(tx, "Cy")
        changes.plan(tx, by=cy, idea_ids=[planned], now=scene.hub.clock())
        changes.decline(
            tx, by=cy, reason="cost", summary="It would not be safe.", idea_ids=[declined], now=scene.hub.clock()
        )
    assert [notices(scene, change.id) for change in scene.changes()] == [[("Ana", True)], [("Flo", True)]]


@pytest.mark.parametrize("what", ["left", "archived", "app left", "deleted", "form"])
def test_who_cannot_be_told_in_the_thread_is_told_alone(scene: Scene, what: str) -> None:
    said = scene.say("Ana", "A refill.", channel="C0HELP")
    idea_id = scene.capture(said, "Ana")
    now = scene.hub.clock()
    with scene.tx() as tx:
        workspace, idea = workspace_of(tx), ideas.get(tx, idea_id=idea_id)
        assert loop.address_of(tx, idea) == loop.Address("C0HELP", said.ts)
        if what == "left":
            ana = scene.member(tx, "Ana")
            members.left_channel(tx, workspace=workspace, member=ana, channel_id="C0HELP", at=now, is_back=False)
        if what == "archived":
            workspaces.archive_channel(tx, workspace=workspace, channel_id="C0HELP", is_archived=True)
        if what == "app left":
            workspaces.app_came_or_went(tx, workspace=workspace, channel_id="C0HELP", is_in=False, at=now, now=now)
        if what == "deleted":
            scene.message(tx, said).deleted_at = now
        if what == "form":
            idea.message_id = None
        tx.flush()
        tx.refresh(idea)
        assert loop.address_of(tx, idea) == loop.Address(None, None)


def test_a_reply_is_answered_in_its_thread(scene: Scene) -> None:
    parent = scene.say("Flo", "What do you think of the pump?")
    idea_id = scene.capture(scene.say("Ana", "It leaks.", thread_ts=parent.ts), "Cy")
    with scene.tx() as tx:
        assert loop.address_of(tx, ideas.get(tx, idea_id=idea_id)) == loop.Address("C0IDEAS", parent.ts)


def test_better_verifies_and_proposes_one_reward(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    told = scene.tell_all(scene.ship(idea_id))
    scene.answer(told["Flo"], "Flo")
    scene.answer(told["Ana"], "Ana")
    scene.answer(told["Ana"], "Ana")
    assert scene.get_idea(idea_id).state == "verified"
    with scene.tx() as tx:
        reward = tx.scalars(select(Reward)).one()
        assert (reward.member.name, reward.proposed_by.name, reward.amount_cents) == ("Ana", "Cy", 2500)


def test_not_yet_reopens_with_their_words(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    told = scene.tell_all(scene.ship(idea_id))
    with pytest.raises(Refused) as refused:
        scene.answer(told["Ana"], "Ana", "not_yet", "  ")
    assert refused.value.field == "why"
    scene.answer(told["Ana"], "Ana", "not_yet", "It still leaks.")
    assert scene.get_idea(idea_id).state == "reopened"
    with scene.tx() as tx:
        came_back = loop.came_back(tx, idea=ideas.get(tx, idea_id=idea_id))
        assert came_back is not None
        assert ([each.why for each in came_back.answers], came_back.owner.name) == (["It still leaks."], "Cy")
        assert tx.scalars(select(Reward)).first() is None
    with pytest.raises(Refused, match="answered this already: not yet"):
        scene.answer(told["Ana"], "Ana")


def test_an_idea_that_came_back_can_ship_again_and_is_told_again(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    told = scene.tell_all(scene.ship(idea_id))
    scene.answer(told["Ana"], "Ana", "not_yet", "It still leaks.")
    assert notices(scene, scene.ship(idea_id, summary="A new seal.")) == [("Ana", True)]


def test_the_question_is_for_whoever_was_asked(scene: Scene) -> None:
    told = scene.tell_all(scene.ship(scene.idea("Ana")))
    with pytest.raises(Refused, match="for Ana"):
        scene.answer(told["Ana"], "Flo")


def test_deleted_words_do_not_stay_quoted_in_what_people_were_told(scene: Scene) -> None:
    said = scene.say("Ana", "My secret number is 4711.")
    idea_id = scene.capture(said, "Ana")
    scene.vote(idea_id, "Flo")
    told = scene.tell_all(scene.ship(idea_id))
    with scene.tx() as tx:
        where = {"channel_id": said.channel_id, "ts": said.ts}
        hearing.deleted(tx, workspace=workspace_of(tx), **where, now=scene.hub.clock())
    assert [row["notice_id"] for row in scene.owed("loop.notice_refresh")] == sorted(told.values())
    with scene.hub.reading() as tx:
        shown = str(loop_blocks.notice(loop.get(tx, notice_id=told["Flo"])).blocks)
    assert "4711" not in shown
    assert "The words were deleted." in shown


def test_what_was_taken_back_is_not_told(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    change_id = scene.ship(idea_id)
    with scene.tx() as tx:
        ideas.withdraw(
            tx, workspace=workspace_of(tx), idea_id=idea_id, member=scene.member(tx, "Ana"), now=scene.hub.clock()
        )
        notice = tx.scalars(select(Notice).where(Notice.change_id == change_id)).one()
        assert not loop.is_owed(tx, notice)


def test_whoever_takes_back_one_of_two_is_told_of_the_other(scene: Scene) -> None:
    first, second = scene.idea("Ana", "A refill."), scene.idea("Ana", "Refill pouches.")
    change_id = scene.ship(first, second)
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        ideas.withdraw(tx, workspace=workspace_of(tx), idea_id=first, member=ana, now=scene.hub.clock())
        notice = tx.scalars(select(Notice).where(Notice.change_id == change_id)).one()
        assert loop.is_owed(tx, notice)
        assert notice.idea.id == second


def test_no_reward_for_what_does_not_stand_any_more(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    told = scene.tell_all(scene.ship(idea_id))
    scene.answer(told["Ana"], "Ana", "not_yet", "It still leaks.")
    scene.answer(told["Flo"], "Flo")
    assert scene.get_idea(idea_id).state == "reopened"
    with scene.tx() as tx:
        assert tx.scalars(select(Reward)).first() is None


@pytest.mark.parametrize(
    ("summary", "url", "field"),
    [("", "", "summary"), ("x" * 1001, "", "summary"), ("x", "javascript:alert(1)", "url"), ("x", "https://", "url")],
)
def test_the_ship_form_names_the_field_that_is_wrong(scene: Scene, summary: str, url: str, field: str) -> None:
    idea_id = scene.idea("Ana")
    with scene.tx() as tx, pytest.raises(Refused) as refused:
        changes.ship(tx, by=scene.member(tx, "Cy"), summary=summary, url=url, idea_ids=[idea_id], now=scene.hub.clock())
    assert refused.value.field == field


def test_nothing_ships_for_nobody_nor_twice(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    with pytest.raises(Refused, match="Choose the ideas"):
        scene.ship()
    with pytest.raises(Refused, match="not here any more"):
        scene.ship(idea_id + 999)
    scene.ship(idea_id)
    with pytest.raises(Refused, match="shipped already"):
        scene.ship(idea_id)


@pytest.mark.parametrize("who", ["Ana", "Bo"])
def test_customers_and_moderators_do_not_decide(scene: Scene, who: str) -> None:
    with pytest.raises(Refused, match="Product people and managers"):
        scene.ship(scene.idea("Flo"), by=who)
