"""Work that is linked to what then went elsewhere; and what is said below it, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback import changes, themes, work
from feedback.overview import debt, evidence
from feedback.overview import proposed as overview_of_proposed
from feedback.overview import work as overview
from models import Idea, Outbox, WorkItem
from tests.conftest import workspace_of
from tests.feedback.scene import Scene
from tests.feedback.test_work import LATER, fact, link, proposed, tell

CY_ASKS: dict[str, Any] = {"summary": "Also when it is full?"}


def put_together(scene: Scene, *idea_ids: int, name: str) -> int:
    theme_id = None
    for idea_id in idea_ids:
        with scene.tx() as tx:
            bo, now = scene.member(tx, "Bo"), scene.hub.clock()
            themes.move(tx, by=bo, idea_id=idea_id, theme_id=theme_id, name=name, now=now)
            theme_id = tx.get_one(Idea, idea_id).theme_id
    assert theme_id is not None
    return theme_id


@pytest.fixture
def merged(scene: Scene) -> list[int]:
    """Three themes with one idea each; the first is linked, and then goes into the second, and that into the third."""
    made = [
        put_together(scene, scene.idea(who, text), name=text)
        for who, text in (("Ana", "Refills"), ("Flo", "Pouches"), ("Gus", "Less plastic"))
    ]
    link(scene, theme_id=made[0])
    return made


def merge(scene: Scene, theme_id: int, into_id: int) -> None:
    with scene.tx() as tx:
        themes.merge(tx, by=scene.member(tx, "Bo"), theme_id=theme_id, into_id=into_id, now=scene.hub.clock())


def merge_all(scene: Scene, made: list[int]) -> None:
    merge(scene, made[0], made[1])
    merge(scene, made[1], made[2])


def test_links_follow_a_theme_that_was_merged_away(scene: Scene, merged: list[int]) -> None:
    merge_all(scene, merged)
    with scene.hub.reading() as tx:
        workspace_id = workspace_of(tx).id
        [shown] = overview.linked(tx, workspace_id=workspace_id, theme_id=merged[2]).links
        assert shown.work_item.key == "acme/shop#12"
        chain = evidence.chain(tx, workspace_id=workspace_id, idea_id=3)
        assert chain is not None
        assert [each.item.key for each in chain.works] == ["acme/shop#12"]
    tell(scene, fact())
    assert proposed(scene) == [("shipped", [], [merged[2]])]
    with scene.tx() as tx:
        changes.plan(tx, by=scene.member(tx, "Cy"), theme_ids=[merged[2]], now=LATER)
    assert [ids["work_item_id"] for ids in scene.owed("work.comment")] == [1]


def test_links_of_a_merged_idea_stand_where_it_is_shown(scene: Scene) -> None:
    one, two = scene.idea(), scene.idea("Flo", "Refills please")
    link(scene, idea_id=two)
    scene.merge(two, one)
    with scene.hub.reading() as tx:
        found = overview.linked(tx, workspace_id=workspace_of(tx).id, idea_id=one)
        assert [each.work_item.key for each in found.links] == ["acme/shop#12"]


def test_what_waits_for_a_word_follows_too_and_is_not_asked_again(scene: Scene, merged: list[int]) -> None:
    tell(scene, fact())
    link(scene, url="https://github.com/acme/shop/issues/13", theme_id=merged[2])
    merge_all(scene, merged)
    tell(scene, fact(key="acme/shop#13"))
    assert proposed(scene) == [("shipped", [], [merged[0]])]
    with scene.tx() as tx:
        workspace_id = workspace_of(tx).id
        found = overview_of_proposed.listed(tx, workspace_id=workspace_id, show="waiting", number=1)
        [card] = found.page.rows
        [whole] = card.themes
        assert (whole.theme.name, whole.waiting) == ("Less plastic", 3)
        begun = overview_of_proposed.begun(tx, workspace_id=workspace_id, proposed_id=1, ticked=None)
        assert begun is not None
        assert begun.theme_ids == [merged[2]]
        cy, now = scene.member(tx, "Cy"), scene.hub.clock()
        change = changes.ship(tx, by=cy, summary="Pouches", theme_ids=begun.theme_ids, now=now)
        decided = changes.confirm(tx, proposed_id=1, change=change, by=cy, now=now)
        assert [each.was_chosen for each in decided.answers] == [True]


def test_an_idea_that_was_merged_meanwhile_is_not_asked_about_again(scene: Scene) -> None:
    one, two = scene.idea(), scene.idea("Flo", "Refills please")
    link(scene, idea_id=two)
    link(scene, url="https://github.com/acme/shop/issues/13", idea_id=one)
    tell(scene, fact())
    scene.merge(two, one)
    tell(scene, fact(key="acme/shop#13"))
    assert proposed(scene) == [("shipped", [two], [])]


def test_who_linked_a_merged_theme_answers_for_it(scene: Scene, merged: list[int]) -> None:
    merge_all(scene, merged)
    with scene.hub.reading() as tx:
        found = debt.whole(tx, workspace_id=workspace_of(tx).id, answer_days=14, now=LATER + timedelta(days=30))
        assert [part.name for part in found.owners] == ["Cy"]


def test_a_question_is_not_told_below_the_work(scene: Scene) -> None:
    idea_id = scene.idea()
    link(scene, idea_id=idea_id)
    with scene.tx() as tx:
        change = changes.ask(tx, by=scene.member(tx, "Cy"), **CY_ASKS, idea_ids=[idea_id], now=LATER)
        assert work.comment_on(tx, change_id=change.id, work_item_id=1, hub_url="https://hub.test") is None
    assert scene.owed("work.comment") == []


def test_what_is_told_later_is_said_later_below_the_work_and_not_if_it_was_stopped(scene: Scene) -> None:
    idea_id, at = scene.idea(), LATER + timedelta(days=2)
    link(scene, idea_id=idea_id)
    with scene.tx() as tx:
        cy, telling = scene.member(tx, "Cy"), changes.Telling(tell_at=at)
        change = changes.ship(tx, by=cy, summary="Pouches", idea_ids=[idea_id], telling=telling, now=LATER)
        tx.flush()
        assert tx.scalars(select(Outbox.next_at).where(Outbox.kind == "work.comment")).one() == at
        assert work.comment_on(tx, change_id=change.id, work_item_id=1, hub_url="https://hub.test")
        changes.stop(tx, by=cy, change_id=change.id, now=LATER)
        assert work.comment_on(tx, change_id=change.id, work_item_id=1, hub_url="https://hub.test") is None


def hear(scene: Scene, *told: work.Told) -> None:
    """As a webhook does."""
    with scene.tx() as tx:
        here, now = workspace_of(tx), scene.hub.clock()
        work.hear(tx, workspace=here, facts=work.complete(tx, workspace=here, told=told, now=now), now=now)


def keys(scene: Scene) -> list[str]:
    with scene.hub.reading() as tx:
        return list(tx.scalars(select(WorkItem.key).order_by(WorkItem.key)))


@pytest.mark.parametrize("is_first", [True, False], ids=["its new name first", "its move first"])
def test_links_go_with_an_issue_that_moves(scene: Scene, is_first: bool) -> None:
    one, two = scene.idea(), scene.idea("Flo", "A map of shops")
    for idea_id in (one, two):
        link(scene, idea_id=idea_id)
    there = fact(key="acme/site#3", title="Pouches")
    if is_first:
        tell(scene, there)
        link(scene, url="https://github.com/acme/site/issues/3", idea_id=two)
    moved = work.Moved("github", "acme/shop#12", "acme/site#3")
    for _ in range(2):
        hear(scene, moved, there)
    asked = [idea_ids for _, idea_ids, _ in proposed(scene) if idea_ids]
    assert asked == ([[two], [one]] if is_first else [[one, two]])
    with scene.hub.reading() as tx:
        for idea_id in (one, two):
            [shown] = overview.linked(tx, workspace_id=workspace_of(tx).id, idea_id=idea_id).links
            assert (shown.work_item.key, shown.linked_by.name) == ("acme/site#3", "Cy")


def test_a_repository_with_another_name_keeps_its_links(scene: Scene) -> None:
    idea_id = scene.idea()
    tell(scene, fact("open", status="Open", ref="I_12"), fact("open", key="acme/shop#14", part_of="acme/shop%1"))
    tell(scene, fact("open", key="acme/shop%1", kind="milestone"), fact("open", key="acme/shop-2#1"))
    link(scene, url="https://github.com/acme/shop/issues/14", idea_id=idea_id)
    tell(scene, fact("open", status="Open", key="brand/store#12", ref="I_12", at=LATER + timedelta(minutes=5)))
    late = fact("open", status="Open", ref="I_12", title="An old title", at=LATER + timedelta(minutes=1))
    tell(scene, late)
    assert keys(scene) == ["acme/shop-2#1", "brand/store#12", "brand/store#14", "brand/store%1"]
    with scene.hub.reading() as tx:
        assert tx.scalars(select(WorkItem.part_of).where(WorkItem.key == "brand/store#14")).one() == "brand/store%1"
    tell(scene, fact(key="brand/store#14", at=LATER + timedelta(minutes=9)))
    assert proposed(scene) == [("shipped", [idea_id], [])]


def test_on_two_servers_the_same_number_is_not_the_same_issue(scene: Scene) -> None:
    tell(scene, fact("open", source="jira", key="eng-1", ref="10000"))
    tell(scene, fact("open", source="jira", key="ops-1", ref="10000", at=LATER + timedelta(minutes=1)))
    assert keys(scene) == ["eng-1", "ops-1"]
