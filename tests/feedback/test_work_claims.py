"""What is not to be asked or told of work: twice, too much, or what nobody said."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback import changes, work
from feedback.work import Hint
from models import Change, ProposedChange, WorkItem
from tests.conftest import workspace_of
from tests.feedback.scene import Scene
from tests.feedback.test_work import LATER, fact, link, proposed, set_rules, tell

PULL: dict[str, Any] = {"kind": "pull_request", "key": "acme/shop#13", "closes": ("acme/shop#12",)}
MILESTONE: dict[str, Any] = {"kind": "milestone", "key": "acme/shop%3"}
RELEASE: dict[str, Any] = {"kind": "release", "key": "acme/shop@v2", "closes": ("acme/shop#12",)}


def stands(scene: Scene, key: str = "acme/shop#12") -> tuple[str, str]:
    with scene.hub.reading() as tx:
        found = tx.scalars(select(WorkItem).where(WorkItem.key == key)).one()
        return found.state, found.status


def soon(minutes: int) -> Any:
    return LATER + timedelta(minutes=minutes)


def test_a_merge_and_the_issue_that_it_closes_told_at_the_same_moment_ask_once(scene: Scene) -> None:
    ideas = [scene.idea("Ana", f"Wish {number}") for number in range(6)]
    for number, idea_id in enumerate(ideas):
        link(scene, url=f"https://github.com/acme/shop/issues/{100 + number}", idea_id=idea_id)
    facts = []
    for number in range(6):
        closes = (f"acme/shop#{100 + number}",)
        facts += [
            fact(kind="pull_request", key=f"acme/shop#{200 + number}", closes=closes),
            fact(key=f"acme/shop#{100 + number}", at=soon(1)),
        ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each: tell(scene, each), facts))
    assert sorted(idea_id for _, idea_ids, _ in proposed(scene) for idea_id in idea_ids) == ideas


@pytest.mark.parametrize("vague", ["open", "started"])
def test_what_has_no_word_for_where_it_stands_takes_nothing_back(scene: Scene, vague: str) -> None:
    tell(scene, fact("started", status="In review"))
    tell(scene, fact(vague, at=soon(1), title="Bigger pouches"))
    assert stands(scene) == ("started", "In review")
    with scene.hub.reading() as tx:
        assert tx.scalars(select(WorkItem.title)).one() == "Bigger pouches"


def test_that_somebody_is_at_it_is_news_where_nothing_else_is_known(scene: Scene) -> None:
    link(scene, idea_id=scene.idea())
    tell(scene, fact("started"))
    assert stands(scene) == ("started", "")
    tell(scene, fact("open", at=soon(1), status="Backlog"), fact("started", at=soon(2)))
    assert stands(scene) == ("open", "Backlog")


def test_another_word_for_the_same_does_not_ask_again_what_was_put_aside(scene: Scene) -> None:
    link(scene, idea_id=scene.idea())
    tell(scene, fact("started", status="In progress"))
    with scene.tx() as tx:
        changes.dismiss(tx, by=scene.member(tx, "Cy"), proposed_id=1, now=LATER)
    tell(scene, fact("started", at=soon(1), status="In review"))
    assert [kind for kind, *_ in proposed(scene)] == ["planned"]
    tell(scene, fact(at=soon(2), status="Closed by a commit"))
    with scene.tx() as tx:
        changes.dismiss(tx, by=scene.member(tx, "Cy"), proposed_id=2, now=LATER)
    tell(scene, fact(at=soon(3), status="Closed"))
    assert [kind for kind, *_ in proposed(scene)] == ["planned", "shipped"]
    assert stands(scene) == ("done", "Closed")


def test_a_pull_request_that_no_longer_says_it_closes_something_closes_nothing(scene: Scene) -> None:
    link(scene, idea_id=scene.idea())
    set_rules(scene, on_started="nothing")
    tell(scene, fact("started", **PULL))
    tell(scene, fact("started", at=soon(1), **{**PULL, "closes": ()}))
    tell(scene, fact(at=soon(3), **{**PULL, "closes": ()}))
    assert proposed(scene) == [("shipped", [], [])], "it is asked about by its own words only"


def test_what_a_hint_does_not_speak_of_stands(scene: Scene) -> None:
    tell(scene, fact("started", **PULL))
    with scene.tx() as tx:
        hint = Hint(source="github", at=soon(2), key="acme/shop#13", status="Ready")
        here = workspace_of(tx)
        work.hear(tx, workspace=here, facts=work.complete(tx, workspace=here, told=[hint], now=LATER), now=LATER)
        assert tx.scalars(select(WorkItem.closes)).one() == ["acme/shop#12"]


def test_a_milestone_that_is_deleted_declines_nothing(scene: Scene) -> None:
    link(scene, idea_id=scene.idea())
    tell(scene, fact("open", part_of="acme/shop%3"))
    tell(scene, fact("not_planned", status="Deleted", **MILESTONE))
    assert proposed(scene) == []


@pytest.mark.parametrize("over", [MILESTONE, RELEASE], ids=["milestone", "release"])
def test_nobody_is_told_by_itself_of_work_that_goes_on(scene: Scene, over: dict[str, Any]) -> None:
    idea_id = scene.idea()
    set_rules(scene, tells_links=True, on_started="nothing")
    link(scene, idea_id=idea_id)
    tell(scene, fact("open", part_of="acme/shop%3"))
    tell(scene, fact(at=soon(1), **over))
    assert proposed(scene) == [("shipped", [idea_id], [])], "the team is asked"
    assert scene.get_idea(idea_id).state == "new"


def test_what_is_told_by_itself_is_in_words(scene: Scene) -> None:
    idea_id = scene.idea()
    set_rules(scene, tells_links=True)
    link(scene, idea_id=idea_id)
    tell(scene, fact(title="feat(shop): refill pouches (#12)"))
    with scene.hub.reading() as tx:
        assert tx.scalars(select(Change.summary)).one() == "Refill pouches"
        assert tx.scalars(select(ProposedChange.decision)).one() == "confirmed"
