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
from models import Idea, Outbox
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
