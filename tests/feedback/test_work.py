"""Addresses that people paste, and what follows from what the trackers tell."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from feedback import changes, themes, work
from feedback.database import connect
from feedback.errors import Refused
from feedback.work import Fact
from feedback.work.unnaming import in_markdown, without_names
from models import Audit, Change, Idea, ProposedAnswer, ProposedChange, WorkItem, WorkLink
from tests.conftest import START, workspace_of
from tests.feedback.scene import Scene

URL = "https://github.com/acme/shop/issues/12"
LATER = START + timedelta(hours=1)


@pytest.fixture
def engine(on_both: str) -> Iterator[Engine]:
    found = connect(on_both)
    yield found
    found.dispose()


def tell(scene: Scene, *facts: Fact) -> list[WorkItem]:
    with scene.tx() as tx:
        return work.hear(tx, workspace=workspace_of(tx), facts=facts, now=scene.hub.clock())


def fact(state: str = "done", key: str = "acme/shop#12", at: datetime = LATER, **more: Any) -> Fact:
    given = {"source": "github", "kind": "issue", "title": "Refill pouches"}
    return Fact(**{**given, **more}, key=key, state=state, at=at)


def link(scene: Scene, by: str = "Cy", url: str = URL, **which: int) -> None:
    with scene.tx() as tx:
        work.link(tx, by=scene.member(tx, by), url=url, **which, now=scene.hub.clock())


def set_rules(scene: Scene, **given: Any) -> None:
    facts = {
        "on_started": "planned",
        "on_done": "shipped",
        "on_not_planned": "declined",
        "statuses": {},
        "tells_links": False,
        "comments": True,
    }
    with scene.tx() as tx:
        work.configure(tx, manager=scene.member(tx, "Di"), **{**facts, **given}, now=scene.hub.clock())


def proposed(scene: Scene) -> list[tuple[str, list[int], list[int]]]:
    """Each with the ideas and the themes that it answers."""
    with scene.hub.reading() as tx:
        rows = tx.scalars(select(ProposedChange).order_by(ProposedChange.id)).all()
        return [
            (
                row.kind,
                sorted(each.idea_id for each in row.answers if each.idea_id),
                sorted(each.theme_id for each in row.answers if each.theme_id),
            )
            for row in rows
        ]


@pytest.mark.parametrize(
    ("pasted", "source", "kind", "key"),
    [
        (URL, "github", "issue", "acme/shop#12"),
        (" https://github.com/Acme/Shop/issues/12#issuecomment-3 ", "github", "issue", "acme/shop#12"),
        ("https://github.com/acme/shop/pull/7/files?w=1", "github", "pull_request", "acme/shop#7"),
        ("https://github.com/acme/shop/milestone/3", "github", "milestone", "acme/shop%3"),
        ("https://github.com/acme/shop/releases/tag/v1.2", "github", "release", "acme/shop@v1.2"),
        ("https://git.acme.example/acme/shop/issues/12", "github", "issue", "acme/shop#12"),
        ("https://gitlab.com/a/b/c/-/issues/9", "gitlab", "issue", "a/b/c#9"),
        ("https://gl.example/a/b/-/merge_requests/9/diffs", "gitlab", "pull_request", "a/b!9"),
        ("https://linear.app/acme/issue/ENG-42/refill-pouches", "linear", "issue", "eng-42"),
        ("https://acme.atlassian.net/browse/ENG-42?focusedId=1", "jira", "issue", "eng-42"),
        ("https://acme.example/jira/browse/ENG-42/", "jira", "issue", "eng-42"),
    ],
)
def test_an_address_is_understood(pasted: str, source: str, kind: str, key: str) -> None:
    found = work.parse(pasted, github_hosts={"git.acme.example"})
    assert (found.source, found.kind, found.key) == (source, kind, key)
    assert "?" not in found.url
    assert work.parse(found.url, github_hosts={"git.acme.example"}) == found


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "acme/shop#12",
        "javascript:alert(1)",
        "https://github.com/acme/shop",
        "https://github.com/acme/shop/issues/0",
        "https://github.com/acme/shop/issues/12a",
        "https://github.com/acme/shop/issues/12345678901",
        "https://git.acme.example/acme/shop/issues/12",
        "https://github.com.evil.example/acme/shop/issues/12",
        "https://github.com@evil.example/acme/shop/issues/12",
        "https://user:pass@github.com/acme/shop/issues/12",
        "https://github.com:x/acme/shop/issues/12",
        "https://github.com/acme/shop/issues/12 and more",
        "https://evil.example/acme/issue/ENG-42",
        "https://[github.com/acme/shop/issues/12",
        "https://github.com/" + "a" * 2000,
    ],
)
def test_anything_else_is_refused_below_the_field(pasted: str) -> None:
    with pytest.raises(Refused) as refused:
        work.parse(pasted, github_hosts=())
    assert refused.value.field == "url"


def test_linking_twice_is_no_news_and_unlinking_ends_it(scene: Scene) -> None:
    one, two = scene.idea(), scene.idea("Flo", "Refills please")
    for idea_id in (one, one, two):
        link(scene, idea_id=idea_id)
    link(scene, url="https://linear.app/acme/issue/ENG-1", idea_id=one)
    with scene.tx() as tx:
        links = tx.scalars(select(WorkLink).order_by(WorkLink.id)).all()
        assert [(each.work_item.key, each.idea_id) for each in links] == [
            ("acme/shop#12", one),
            ("acme/shop#12", two),
            ("eng-1", one),
        ]
        for _ in range(2):
            work.unlink(tx, by=scene.member(tx, "Bo"), link_id=links[0].id, now=LATER)
        acts = tx.scalars(select(Audit.act).where(Audit.subject == "idea", Audit.subject_id == one).order_by(Audit.id))
        assert list(acts)[-3:] == ["linked", "linked", "unlinked"]
    link(scene, idea_id=one)
    with scene.tx() as tx:
        assert len(tx.scalars(select(WorkLink).where(WorkLink.ended_at.is_(None))).all()) == 3
    tell(scene, fact())
    assert proposed(scene) == [("shipped", [one, two], [])]


def test_customers_and_strangers_do_not_link(scene: Scene) -> None:
    idea_id = scene.idea()
    with pytest.raises(Refused):
        link(scene, by="Ana", idea_id=idea_id)
    with pytest.raises(Refused):
        link(scene, idea_id=999)
    with scene.hub.reading() as tx:
        assert tx.scalars(select(WorkItem)).all() == [], "what was refused leaves nothing behind"


@pytest.mark.parametrize(
    ("state", "kind"), [("started", "planned"), ("done", "shipped"), ("not_planned", "declined"), ("open", None)]
)
def test_each_state_asks_the_team_for_its_own(scene: Scene, state: str, kind: str | None) -> None:
    idea_id = scene.idea()
    link(scene, idea_id=idea_id)
    tell(scene, fact(state))
    assert proposed(scene) == ([(kind, [idea_id], [])] if kind else [])
    assert scene.get_idea(idea_id).state == "new", "nobody is told before a person says so"


def test_own_words_come_before_states(scene: Scene) -> None:
    idea_id = scene.idea()
    link(scene, url="https://linear.app/acme/issue/ENG-1", idea_id=idea_id)
    set_rules(scene, on_started="nothing", statuses=work.statuses_in("In  Review = Planned\n\nReleased = shipped"))
    linear: dict[str, Any] = {"source": "linear", "key": "eng-1"}
    tell(scene, fact("started", status="In Progress", **linear))
    assert proposed(scene) == []
    tell(scene, fact("started", status="In Review", at=LATER + timedelta(minutes=1), **linear))
    assert [kind for kind, *_ in proposed(scene)] == ["planned"]
    tell(scene, fact("done", status="Released", at=LATER + timedelta(minutes=2), **linear))
    assert [kind for kind, *_ in proposed(scene)] == ["planned", "shipped"]


@pytest.mark.parametrize("typed", ["In Review", "In Review = soon", "= planned", "x" * 61 + " = planned"])
def test_words_that_are_not_understood_are_said_below_the_field(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        work.statuses_in(typed)
    assert refused.value.field == "statuses"


def test_nothing_is_asked_twice(scene: Scene) -> None:
    idea_id = scene.idea()
    link(scene, idea_id=idea_id)
    tell(scene, fact())
    tell(scene, fact(), fact())
    tell(scene, fact("open"), fact())
    tell(scene, fact("open", at=LATER + timedelta(minutes=5)))
    tell(scene, fact(at=LATER + timedelta(minutes=6)))
    assert len(proposed(scene)) == 1, "somebody is being asked about it already"
    scene.ship(idea_id)
    tell(scene, fact("open", at=LATER + timedelta(minutes=7)), fact(at=LATER + timedelta(minutes=8)))
    assert len(proposed(scene)) == 1, "it is answered"


def test_a_pull_request_and_the_issue_that_it_closes_ask_once(scene: Scene) -> None:
    idea_id = scene.idea()
    link(scene, idea_id=idea_id)
    pull: dict[str, Any] = {"kind": "pull_request", "key": "acme/shop#13", "closes": ("acme/shop#12",)}
    tell(scene, fact(**pull, title="Sell pouches"))
    tell(scene, fact(at=LATER + timedelta(seconds=1)))
    assert proposed(scene) == [("shipped", [idea_id], [])]


def test_what_nobody_linked_is_asked_once_too_and_only_for_what_is_finished(scene: Scene) -> None:
    tell(scene, fact("started"), fact("not_planned", key="acme/shop#2"), fact(kind="milestone", key="acme/shop%1"))
    assert proposed(scene) == []
    tell(scene, fact(kind="pull_request", key="acme/shop#13", closes=("acme/shop#14",)))
    tell(scene, fact(key="acme/shop#14", at=LATER + timedelta(seconds=1)))
    assert proposed(scene) == [("shipped", [], [])]
    tell(scene, fact("not_planned", kind="pull_request", key="acme/shop#15"))
    assert len(proposed(scene)) == 1


def test_a_release_names_all_that_it_closes_in_one_question(scene: Scene) -> None:
    one, two, three = scene.idea(), scene.idea("Flo", "A map of shops"), scene.idea("Gus", "A bigger pump")
    link(scene, idea_id=one)
    link(scene, url="https://github.com/acme/shop/issues/20", idea_id=two)
    link(scene, url="https://github.com/acme/shop/pull/30", idea_id=three)
    tell(scene, fact("started", kind="pull_request", key="acme/shop#21", closes=("acme/shop#20",)))
    before = len(proposed(scene))
    tell(scene, fact(kind="release", key="acme/shop@v2", closes=("acme/shop#12", "acme/shop#21", "acme/shop#30")))
    assert proposed(scene)[before:] == [("shipped", [one, two, three], [])]


def test_a_milestone_stands_for_what_belongs_to_it(scene: Scene) -> None:
    one, two = scene.idea(), scene.idea("Flo", "A map of shops")
    link(scene, idea_id=one)
    link(scene, url="https://github.com/acme/shop/issues/20", idea_id=two)
    tell(scene, fact("open", part_of="acme/shop%3"), fact("open", key="acme/shop#20"))
    tell(scene, fact(kind="milestone", key="acme/shop%3"))
    assert proposed(scene) == [("shipped", [one], [])]


def test_what_was_merged_is_asked_as_what_it_went_into(scene: Scene) -> None:
    one, two = scene.idea(), scene.idea("Flo", "Refills please")
    link(scene, idea_id=two)
    scene.merge(two, one)
    tell(scene, fact())
    assert proposed(scene) == [("shipped", [one], [])]


def test_a_theme_with_nothing_waiting_is_not_asked_about(scene: Scene) -> None:
    idea_id = scene.idea()
    with scene.tx() as tx:
        themes.place(tx, idea_id=idea_id, theme_id=None, name="Refills", now=scene.hub.clock())
        theme_id = tx.get_one(Idea, idea_id).theme_id
    assert theme_id is not None
    link(scene, theme_id=theme_id)
    tell(scene, fact("started"))
    assert proposed(scene) == [("planned", [], [theme_id])]
    scene.ship(idea_id)
    tell(scene, fact(at=LATER + timedelta(minutes=1)))
    assert len(proposed(scene)) == 1


def test_linking_what_is_finished_already_asks_at_once(scene: Scene) -> None:
    tell(scene, fact("not_planned"))
    idea_id = scene.idea()
    link(scene, idea_id=idea_id)
    assert proposed(scene) == [("declined", [idea_id], [])]


def test_opened_again_takes_nothing_back_and_is_said(scene: Scene) -> None:
    idea_id = scene.idea()
    link(scene, idea_id=idea_id)
    tell(scene, fact())
    scene.ship(idea_id)
    [item] = tell(scene, fact("open", at=LATER + timedelta(minutes=5)))
    assert item.reopened_at == LATER + timedelta(minutes=5)
    assert scene.get_idea(idea_id).state == "shipped"
    with scene.hub.reading() as tx:
        assert tx.scalars(select(Audit).where(Audit.act == "work reopened", Audit.subject_id == idea_id)).one()
    [item] = tell(scene, fact(at=LATER + timedelta(minutes=9)))
    assert item.reopened_at is None


def test_where_the_workspace_wants_it_people_are_told_in_the_name_of_whoever_linked_it(scene: Scene) -> None:
    idea_id = scene.idea()
    set_rules(scene, tells_links=True)
    link(scene, idea_id=idea_id)
    tell(scene, fact("started"))
    assert scene.get_idea(idea_id).state == "planned"
    tell(scene, fact(at=LATER + timedelta(minutes=1)))
    assert scene.get_idea(idea_id).state == "shipped"
    with scene.hub.reading() as tx:
        told = tx.scalars(select(Change).order_by(Change.id)).all()
        assert [(each.kind, each.summary, each.made_by.name) for each in told] == [
            ("planned", "", "Cy"),
            ("shipped", "Refill pouches", "Cy"),
        ]
        rows = tx.scalars(select(ProposedChange).order_by(ProposedChange.id)).all()
        assert [(row.decision, row.decided_by_id, row.change_id) for row in rows] == [
            ("confirmed", None, each.id) for each in told
        ]
    assert len(scene.owed("loop.notice")) == 2


@pytest.mark.parametrize("why", ["may not", "left", "no", "late"])
def test_else_the_team_is_asked(scene: Scene, why: str) -> None:
    idea_id = scene.idea()
    set_rules(scene, tells_links=True)
    link(scene, by="Bo" if why == "may not" else "Cy", idea_id=idea_id)
    with scene.tx() as tx:
        if why == "left":
            scene.member(tx, "Cy").left_at = scene.hub.clock()
        if why == "late":
            tx.scalars(select(WorkLink)).one().linked_at = LATER + timedelta(days=1)
    tell(scene, fact("not_planned" if why == "no" else "done"))
    assert scene.get_idea(idea_id).state == "new"
    with scene.hub.reading() as tx:
        assert tx.scalars(select(ProposedChange)).one().decision is None
        assert tx.scalars(select(ProposedAnswer)).one().how == "link"


def test_a_decision_is_owed_to_each_linked_work_once(scene: Scene) -> None:
    one, two = scene.idea(), scene.idea("Flo", "A map of shops")
    link(scene, idea_id=one)
    link(scene, idea_id=two)
    link(scene, url="https://gitlab.com/a/b/-/issues/1", idea_id=one)
    with scene.tx() as tx:
        changes.plan(tx, by=scene.member(tx, "Cy"), idea_ids=[one, two], now=LATER)
    assert [ids["work_item_id"] for ids in scene.owed("work.comment")] == [1]


def test_nobodys_name_is_in_what_goes_out(scene: Scene) -> None:
    with scene.tx() as tx:
        scene.member(tx, "Flo").name = "Flo Ana Rider"
        [shown] = without_names(
            tx,
            workspace_id=workspace_of(tx).id,
            texts=["Ana and @Flo Ana Rider (flo@acme.example, @gus, <@U0ANAXYZ>) like banana, Anaconda"],
        )
    assert shown == "somebody and somebody ((an address), somebody, somebody) like banana, Anaconda"
    assert in_markdown("<!-- *x* #12 @ana") == "&lt;!-- \\*x\\* #\u206012 @\u2060ana"


def test_telling_and_linking_at_once_ask_once_and_nobody_waits_for_ever(scene: Scene) -> None:
    one, two = scene.idea(), scene.idea("Flo", "A map of shops")
    set_rules(scene, tells_links=True)
    link(scene, idea_id=one)
    facts = [fact(), fact(key="acme/shop#13")]

    def attempt(number: int) -> None:
        if number % 2:
            tell(scene, *(facts if number % 4 == 1 else reversed(facts)))
        else:
            link(scene, url=URL if number % 4 else "https://github.com/acme/shop/issues/13", idea_id=two)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(attempt, range(12)))
    assert scene.get_idea(one).state == "shipped"
    asked = [idea_id for _, idea_ids, _ in proposed(scene) for idea_id in idea_ids]
    assert asked.count(one) == 1
    assert asked.count(two) <= 1
    with scene.hub.reading() as tx:
        assert len(tx.scalars(select(WorkLink)).all()) == 3
