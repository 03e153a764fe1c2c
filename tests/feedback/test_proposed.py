"""What happened and probably answers ideas: offered, decided once by one person, and what was ticked is remembered."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from feedback import changes, hearing, themes, workspaces
from feedback.changes import Likely
from feedback.errors import Refused
from feedback.overview import proposed as overview
from models import Audit, Change, Idea, Member, ProposedAnswer, ProposedChange, WorkItem, WorkLink
from tests.conftest import who_am_i, workspace_of
from tests.feedback.scene import Scene

CHANGELOG = """## [1.1.0] - 2026-02-01
### Added
- Refill pouches, closes #12
- A quieter pump (brand/pump#3), ENG-7

[1.1.0]: https://github.com/Brand/App/compare/v1.0.0...v1.1.0
"""


def propose(scene: Scene, idea_ids: Sequence[int] = (), theme_ids: Sequence[int] = (), kind: str = "shipped") -> int:
    with scene.tx() as tx:
        now = scene.hub.clock()
        made = changes.propose(
            tx,
            workspace_id=workspace_of(tx).id,
            key=f"{kind}{idea_ids}",
            kind=kind,
            title="Refill pouches",
            idea_ids=idea_ids,
            theme_ids=theme_ids,
            happened_at=now,
            now=now,
        )
        assert made is not None
        return made


def compared(scene: Scene, proposed_id: int, closeness: dict[int, float]) -> int:
    """As the worker does, where the grouping found these ideas so close. Returns how many are offered."""
    with scene.tx() as tx:
        seen = changes.to_compare(tx, proposed_id=proposed_id)
        assert seen is not None
        rows = {idea_id: row for row, idea_id in enumerate(tx.scalars(select(Idea.id).order_by(Idea.id)))}
        found = [Likely(rows[each], close, "Refill pouches") for each, close in closeness.items()]
        return changes.keep(tx, seen=seen, found=found, now=scene.hub.clock())


def put_together(scene: Scene, *idea_ids: int, name: str = "Refills") -> int:
    """In one theme. Returns its id."""
    theme_id = None
    for idea_id in idea_ids:
        with scene.tx() as tx:
            bo, now = scene.member(tx, "Bo"), scene.hub.clock()
            themes.move(tx, by=bo, idea_id=idea_id, theme_id=theme_id, name=name, now=now)
            theme_id = tx.get_one(Idea, idea_id).theme_id
    assert theme_id is not None
    return theme_id


def offered(scene: Scene, proposed_id: int) -> list[tuple[int | None, int | None, str, bool | None]]:
    with scene.hub.reading() as tx:
        rows = tx.scalars(
            select(ProposedAnswer).where(ProposedAnswer.proposed_id == proposed_id).order_by(ProposedAnswer.id)
        )
        return [(row.theme_id, row.idea_id, row.how, row.was_chosen) for row in rows]


def look(scene: Scene, proposed_id: int) -> ProposedChange:
    with scene.hub.reading() as tx:
        return tx.get_one(ProposedChange, proposed_id)


def waiting(scene: Scene, show: str = "waiting") -> list[int]:
    with scene.hub.reading() as tx:
        found = overview.listed(tx, workspace_id=workspace_of(tx).id, show=show, number=1)
        assert found.counts[show] == len(found.page.rows)
        return [card.proposed.id for card in found.page.rows]


def ship(scene: Scene, proposed_id: int, *idea_ids: int, by: str = "Cy") -> int:
    """As the form does that tells people. Returns the change's id."""
    with scene.tx() as tx:
        who, now = scene.member(tx, by), scene.hub.clock()
        changes.access_waiting(tx, by=who, proposed_id=proposed_id, kind="shipped")
        change = changes.ship(tx, by=who, summary="Refills", idea_ids=idea_ids, now=now)
        changes.confirm(tx, proposed_id=proposed_id, change=change, by=who, now=now)
        return change.id


def test_it_is_proposed_once_and_compared_later(scene: Scene) -> None:
    idea = scene.idea()
    first = propose(scene, [idea])
    with pytest.raises(AssertionError):
        propose(scene, [idea])
    assert [each["proposed_id"] for each in scene.owed("change.compare")] == [first]
    assert waiting(scene) == [first], "what somebody linked waits at once"
    assert propose(scene, kind="planned") not in waiting(scene)


def test_linked_ones_stay_and_what_reads_like_it_is_replaced_each_time(scene: Scene) -> None:
    linked, first, second = scene.idea("Ana"), scene.idea("Flo", "Pouches"), scene.idea("Gus", "Refill it")
    proposed_id = propose(scene, [linked])
    assert compared(scene, proposed_id, {linked: 0.9, first: 0.5}) == 2
    assert offered(scene, proposed_id) == [(None, linked, "link", None), (None, first, "text", None)]
    with scene.tx() as tx:
        assert changes.to_compare(tx, proposed_id=proposed_id) is None, "it was compared"
        changes.look_again(tx, by=scene.member(tx, "Cy"), proposed_id=proposed_id, now=scene.hub.clock())
    assert len(scene.owed("change.compare")) == 1
    compared(scene, proposed_id, {second: 0.4})
    assert offered(scene, proposed_id) == [(None, linked, "link", None), (None, second, "text", None)]


def test_a_theme_is_offered_where_most_of_what_waits_in_it_is_close(scene: Scene) -> None:
    ids = [scene.idea("Ana", f"Refill {number}") for number in range(8)]
    most, few = put_together(scene, *ids[:5]), put_together(scene, *ids[5:], name="Else")
    proposed_id = propose(scene)
    compared(scene, proposed_id, {each: 0.5 + each / 100 for each in (*ids[:4], ids[5])})
    found = offered(scene, proposed_id)
    assert [row[0] for row in found if row[0]] == [most]
    assert [row[1] for row in found if row[1]] == [*ids[1:4], ids[5]], "of a theme the closest three"
    assert few not in [row[0] for row in found]


def test_at_most_twenty_are_offered_the_closest(scene: Scene) -> None:
    ids = [scene.idea("Ana", f"Refill {number}") for number in range(25)]
    proposed_id = propose(scene)
    assert compared(scene, proposed_id, {each: each / 100 for each in ids}) == 20
    assert [row[1] for row in offered(scene, proposed_id)] == ids[5:]


def test_what_is_merged_is_offered_as_the_idea_that_it_is_shown_as(scene: Scene) -> None:
    kept, went = scene.idea("Ana"), scene.idea("Flo", "Pouches please")
    linked = propose(scene, [went])
    scene.merge(went, kept)
    assert waiting(scene) == [linked]
    by_text = propose(scene, kind="shipped", theme_ids=[])
    compared(scene, by_text, {went: 0.6})
    assert offered(scene, by_text) == [(None, kept, "text", None)]


def test_what_was_ticked_and_what_not_is_remembered(scene: Scene) -> None:
    first, second, third = (scene.idea(name, f"Refill {name}") for name in ("Ana", "Flo", "Gus"))
    theme_id = put_together(scene, first, second)
    proposed_id = propose(scene, [third])
    compared(scene, proposed_id, {first: 0.8, second: 0.7})
    change_id = ship(scene, proposed_id, first, second)
    assert offered(scene, proposed_id) == [
        (None, third, "link", False),
        (theme_id, None, "text", True),
        (None, first, "text", True),
        (None, second, "text", True),
    ]
    row = look(scene, proposed_id)
    assert (row.decision, row.change_id) == ("confirmed", change_id)
    with scene.hub.reading() as tx:
        assert row.decided_by_id == scene.member(tx, "Cy").id
        acts = tx.scalars(select(Audit.act).where(Audit.subject == "proposed")).all()
    assert acts == ["confirmed"]
    with scene.tx() as tx, pytest.raises(Refused, match="Cy has told people of this already"):
        changes.dismiss(tx, by=scene.member(tx, "Di"), proposed_id=proposed_id, now=scene.hub.clock())


def test_part_of_a_theme_is_not_the_theme(scene: Scene) -> None:
    first, second = scene.idea("Ana"), scene.idea("Flo", "Pouches")
    put_together(scene, first, second)
    proposed_id = propose(scene)
    compared(scene, proposed_id, {first: 0.8, second: 0.7})
    ship(scene, proposed_id, first)
    assert [row[3] for row in offered(scene, proposed_id)] == [False, True, False]


def test_what_a_workspace_lets_be_told_by_itself_was_decided_by_nobody(scene: Scene) -> None:
    idea = scene.idea()
    proposed_id = propose(scene, [idea])
    with scene.tx() as tx:
        now = scene.hub.clock()
        change = changes.ship(tx, by=scene.member(tx, "Cy"), summary="Refills", idea_ids=[idea], now=now)
        changes.confirm(tx, proposed_id=proposed_id, change=change, by=None, now=now)
    row = look(scene, proposed_id)
    assert (row.decision, row.decided_by_id, row.change_id) == ("confirmed", None, change.id)
    with scene.hub.reading() as tx:
        assert overview.chosen(tx, workspace_id=workspace_of(tx).id).of == 0
    with pytest.raises(Refused, match="Roundtrip has told people of this already"):
        ship(scene, proposed_id, idea)


def test_put_aside_and_taken_up_again(scene: Scene) -> None:
    proposed_id = propose(scene, [scene.idea()])
    for act in (changes.dismiss, changes.dismiss):
        with scene.tx() as tx:
            act(tx, by=scene.member(tx, "Cy"), proposed_id=proposed_id, now=scene.hub.clock())
    assert (waiting(scene), waiting(scene, "aside")) == ([], [proposed_id])
    assert [row[3] for row in offered(scene, proposed_id)] == [False]
    with pytest.raises(Refused, match="Cy put this aside"):
        ship(scene, proposed_id, 1)
    for _ in "ab":
        with scene.tx() as tx:
            by = scene.member(tx, "Di")
            changes.take_up_again(tx, by=by, proposed_id=proposed_id, now=scene.hub.clock())
    assert waiting(scene) == [proposed_id]
    assert [row[3] for row in offered(scene, proposed_id)] == [None]
    with scene.hub.reading() as tx:
        acts = tx.scalars(select(Audit.act).where(Audit.subject == "proposed").order_by(Audit.id)).all()
    assert acts == ["dismissed", "taken up again"]


@pytest.mark.parametrize("kind", ["shipped", "planned", "declined"])
def test_what_was_answered_meanwhile_is_no_question_any_more(scene: Scene, kind: str) -> None:
    idea = scene.idea()
    proposed_id = propose(scene, [idea], kind=kind)
    assert waiting(scene) == [proposed_id]
    scene.ship(idea)
    assert waiting(scene) == []


def test_deleted_words_are_offered_for_nothing(scene: Scene) -> None:
    said = scene.say("Ana", "A refill please")
    idea = scene.capture(said, "Ana")
    proposed_id = propose(scene)
    compared(scene, proposed_id, {idea: 0.8})
    with scene.tx() as tx:
        where = {"channel_id": said.channel_id, "ts": said.ts}
        hearing.deleted(tx, workspace=workspace_of(tx), **where, now=scene.hub.clock())
    assert offered(scene, proposed_id) == []
    assert waiting(scene) == []
    assert waiting(scene, "nothing") == [proposed_id]


@pytest.mark.parametrize("name", ["Ana", "Bo"])
def test_only_those_who_decide(scene: Scene, name: str) -> None:
    proposed_id = propose(scene, [scene.idea()])
    for act in (changes.dismiss, changes.take_up_again, changes.look_again):
        with scene.tx() as tx, pytest.raises(Refused):
            act(tx, by=scene.member(tx, name), proposed_id=proposed_id, now=scene.hub.clock())
    with scene.tx() as tx, pytest.raises(Refused):
        changes.look_through(tx, by=scene.member(tx, name), text=CHANGELOG, now=scene.hub.clock())


def test_nobody_decides_about_another_workspace(scene: Scene) -> None:
    proposed_id = propose(scene, [scene.idea()])
    with scene.tx() as tx:
        other = workspaces.install(tx, who_am_i=who_am_i("T0OTHER"), now=scene.hub.clock())
        eve = Member(workspace_id=other.id, slack_id="UEVE", name="Eve", handle="eve", role="manager")
        eve.joined_at = scene.hub.clock()
        tx.add(eve)
        tx.flush()
        with pytest.raises(Refused, match="not here"):
            changes.dismiss(tx, by=eve, proposed_id=proposed_id, now=scene.hub.clock())
        assert overview.begun(tx, workspace_id=other.id, proposed_id=proposed_id, ticked=None) is None
        assert overview.count(tx, workspace_id=other.id) == 0


def test_two_who_tell_of_it_at_once(scene: Scene) -> None:
    """The second reads who was first, and nobody is told twice."""
    first, second = scene.idea("Ana"), scene.idea("Flo", "Pouches")
    proposed_id = propose(scene, [first, second])

    def tell(who: str, idea_id: int) -> str:
        try:
            ship(scene, proposed_id, idea_id, by=who)
        except Refused as refused:
            return refused.say
        return "told"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(tell, ("Cy", "Di"), (first, second)))
    assert said[1] == "told"
    assert said[0] in ("Cy has told people of this already.", "Di has told people of this already.")
    with scene.hub.reading() as tx:
        assert len(tx.scalars(select(Change)).all()) == 1


def take_in(scene: Scene, text: str) -> int:
    with scene.tx() as tx:
        by, now = scene.member(tx, "Cy"), scene.hub.clock()
        keys = {each.key for each in changes.look_through(tx, by=by, text=text, now=now) if each.may_be_taken}
        return changes.take_in(tx, by=by, text=text, keys=keys, now=now) if keys else 0


def test_a_changelog_is_read_once_and_an_edited_entry_is_a_new_one(scene: Scene) -> None:
    assert [take_in(scene, CHANGELOG), take_in(scene, CHANGELOG)] == [1, 0]
    edited = CHANGELOG.replace("A quieter pump", "A much quieter pump")
    assert [take_in(scene, edited), take_in(scene, edited), take_in(scene, CHANGELOG)] == [1, 0, 0]
    with scene.hub.reading() as tx:
        rows = tx.scalars(select(ProposedChange).order_by(ProposedChange.id)).all()
    assert [row.text for row in rows] == [
        "### Added\n- Refill pouches, closes #12\n- A quieter pump (brand/pump#3), ENG-7",
        "### Added\n- A much quieter pump (brand/pump#3), ENG-7",
    ]
    assert [(row.title, row.kind, row.happened_at.date().isoformat()) for row in rows] == [
        ("1.1.0", "shipped", "2026-02-01")
    ] * 2


def test_work_that_a_changelog_names_brings_what_was_linked_to_it(scene: Scene) -> None:
    ids = [scene.idea(name, f"Refill {name}") for name in ("Ana", "Flo", "Gus")]
    now = scene.hub.clock()
    with scene.tx() as tx:
        known = [("github", "brand/app#12"), ("github", "brand/pump#3"), ("linear", "eng-7"), ("github", "brand/app#9")]
        one: dict[str, Any] = {"workspace_id": workspace_of(tx).id, "kind": "issue", "state": "done"}
        items = [WorkItem(source=source, key=key, state_at=now, seen_at=now, **one) for source, key in known]
        tx.add_all(items)
        tx.flush()
        cy = scene.member(tx, "Cy").id
        for item, idea_id in zip(items, [*ids, ids[0]], strict=True):
            tx.add(WorkLink(work_item_id=item.id, idea_id=idea_id, linked_by_id=cy, linked_at=now))
        tx.flush()
        ended = tx.scalars(select(WorkLink).where(WorkLink.idea_id == ids[2])).one()
        ended.ended_at, ended.ended_by_id = now, cy
    take_in(scene, CHANGELOG)
    assert [row[1:3] for row in offered(scene, 1)] == [(ids[0], "link"), (ids[1], "link")]
