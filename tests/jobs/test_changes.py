"""What happened is compared with the ideas that wait, as the worker does it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from feedback import changes
from feedback.hub import Hub
from jobs import themes as grouping
from jobs.drain import drain
from models import Idea, Outbox, ProposedAnswer, ProposedChange, TextVector
from tests.conftest import workspace_of
from tests.feedback.scene import Scene

PUMPS = ["The pump leaks in my bag", "My pump leaks all over my bag", "the pump leaked again, my bag is wet"]
OTHERS = [
    "A refill pouch for the cleanser",
    "Which shade fits olive skin?",
    "Do you ship to Chile?",
    "Dark mode please",
]
NOTES = """### Fixed
- fix: new seal, the pump does not leak any more (#7)

### Added
- Dark mode in the app
- Bump rails
"""


@pytest.fixture
def said(hub: Hub, scene: Scene) -> dict[str, int]:
    """The ideas' ids by their words, all grouped."""
    found = {text: scene.idea("Ana", text) for text in (*PUMPS, *OTHERS)}
    drain(hub)
    return found


def propose(hub: Hub, title: str, text: str = "", kind: str = "shipped") -> int:
    with hub.transaction() as tx:
        now = hub.clock()
        what: dict[str, Any] = {
            "key": title,
            "kind": kind,
            "title": title,
            "text": text,
            "happened_at": now,
            "now": now,
        }
        made = changes.propose(tx, workspace_id=workspace_of(tx).id, **what)
        assert made is not None
        return made


def found(hub: Hub, proposed_id: int) -> dict[int, ProposedAnswer]:
    """By the ideas' ids."""
    with hub.reading() as tx:
        rows = tx.scalars(select(ProposedAnswer).where(ProposedAnswer.proposed_id == proposed_id))
        return {row.idea_id: row for row in rows if row.idea_id is not None}


def test_of_a_release_the_ideas_are_found_that_one_of_its_items_reads_like(
    hub: Hub, scene: Scene, said: dict[str, int]
) -> None:
    proposed_id = propose(hub, "Fieldnotes 2.3.0", NOTES)
    drain(hub)
    answers = found(hub, proposed_id)
    assert set(answers) == {said[text] for text in (*PUMPS, "Dark mode please")}
    dark = answers[said["Dark mode please"]]
    assert (dark.how, dark.part) == ("text", "Dark mode in the app")
    assert dark.score is not None
    assert dark.score > 0.5
    with hub.reading() as tx:
        whole = tx.scalars(select(ProposedAnswer.theme_id).where(ProposedAnswer.theme_id.is_not(None))).all()
        assert whole == [tx.get_one(Idea, said[PUMPS[0]]).theme_id]
        assert tx.get_one(ProposedChange, proposed_id).compared_at is not None


def test_only_what_waits_for_such_a_decision_is_offered(hub: Hub, scene: Scene, said: dict[str, int]) -> None:
    scene.ship(said[PUMPS[0]])
    shipped, planned = propose(hub, "The pump does not leak"), propose(hub, "Pump leaks", kind="planned")
    drain(hub)
    for proposed_id in (shipped, planned):
        assert set(found(hub, proposed_id)) == {said[text] for text in PUMPS[1:]}


@pytest.mark.parametrize("title", ["chore: move CI to new runners", "", "Gift cards can be bought"])
def test_what_nothing_waits_for_is_compared_and_offers_nothing(
    hub: Hub, scene: Scene, said: dict[str, int], title: str
) -> None:
    proposed_id = propose(hub, title)
    drain(hub)
    assert found(hub, proposed_id) == {}
    with hub.reading() as tx:
        assert tx.get_one(ProposedChange, proposed_id).compared_at is not None
        assert changes.to_compare(tx, proposed_id=proposed_id) is None


def test_looking_again_finds_what_came_since(hub: Hub, scene: Scene, said: dict[str, int]) -> None:
    proposed_id = propose(hub, "Dark mode in the app")
    drain(hub)
    later = scene.idea("Flo", "A dark mode for the app would be great")
    drain(hub)
    assert later not in found(hub, proposed_id)
    with hub.transaction() as tx:
        changes.look_again(tx, by=scene.member(tx, "Cy"), proposed_id=proposed_id, now=hub.clock())
    drain(hub)
    assert {later, said["Dark mode please"]} <= set(found(hub, proposed_id))


def test_many_new_texts_are_taken_some_at_a_time(
    hub: Hub, scene: Scene, said: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "TEXTS_AT_ONCE", 3)
    with hub.transaction() as tx:
        for row in tx.scalars(select(TextVector)):
            tx.delete(row)
    proposed_id = propose(hub, "Dark mode in the app")
    drain(hub)
    assert said["Dark mode please"] in found(hub, proposed_id)
    with hub.reading() as tx:
        assert {row.state for row in tx.scalars(select(Outbox).where(Outbox.kind == "change.compare"))} == {"done"}


def test_what_was_decided_while_it_was_compared_stays_as_it_was(hub: Hub, scene: Scene, said: dict[str, int]) -> None:
    proposed_id = propose(hub, "Dark mode in the app")
    with hub.transaction() as tx:
        seen = changes.to_compare(tx, proposed_id=proposed_id)
        assert seen is not None
        changes.dismiss(tx, by=scene.member(tx, "Cy"), proposed_id=proposed_id, now=hub.clock())
    with hub.transaction() as tx:
        assert changes.keep(tx, seen=seen, found=[changes.Likely(0, 0.9, "Dark mode")], now=hub.clock()) == 0
    drain(hub)
    assert found(hub, proposed_id) == {}
