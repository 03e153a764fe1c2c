"""What others said of the same is shown to those who may read it."""

from __future__ import annotations

import pytest

from feedback import hearing, ideas
from tests.conftest import workspace_of
from tests.feedback.scene import Scene


def shown(scene: Scene, idea_id: int, channel_id: str | None = "C0IDEAS") -> list[tuple[int, int]]:
    """The ids and votes of what stands below its receipt in that channel."""
    with scene.hub.reading() as tx:
        found = ideas.alike(tx, idea=ideas.get(tx, idea_id=idea_id), channel_id=channel_id)
        return [(each.idea.id, each.votes) for each in found]


def keep(scene: Scene, idea_id: int, *others: int) -> None:
    with scene.tx() as tx:
        closeness = {other: 0.9 - 0.01 * place for place, other in enumerate(others)}
        text = ideas.get(tx, idea_id=idea_id).text
        ideas.keep_alike(tx, idea_id=idea_id, text=text, closeness=closeness, now=scene.hub.clock())


def test_the_five_closest_of_other_people_are_shown_with_their_votes(scene: Scene) -> None:
    others = [scene.idea("Flo", f"Refill pouches, number {number}.") for number in range(6)]
    own = scene.idea("Ana", "A refill.")
    scene.vote(others[1], "Gus")
    mine = scene.idea("Ana", "Refills please.")
    keep(scene, mine, own, *others)
    assert shown(scene, mine) == [(other, int(other == others[1])) for other in others[:5]]


def test_only_what_was_said_in_the_same_channel_is_shown(scene: Scene) -> None:
    with scene.tx() as tx:
        flo, now = scene.member(tx, "Flo"), scene.hub.clock()
        workspace = workspace_of(tx)
        sent = ideas.share(tx, workspace=workspace, author=flo, text="Refill.", why="", kind="idea", now=now).id
    elsewhere = scene.capture(scene.say("Flo", "Refills for us.", channel="C0HELP"), "Flo")
    here, mine = scene.idea("Flo", "A refill pouch."), scene.idea("Ana")
    keep(scene, mine, sent, elsewhere, here)
    assert shown(scene, mine) == [(here, 0)]
    assert shown(scene, mine, channel_id=None) == []


def test_words_that_are_gone_are_gone_from_others_receipts(scene: Scene) -> None:
    said = scene.say("Flo", "Call me at 555-0100 about refills.")
    other, mine = scene.capture(said, "Flo"), scene.idea("Ana")
    keep(scene, mine, other)
    before = len(scene.owed("idea.receipt_refresh"))
    with scene.tx() as tx:
        where = {"channel_id": said.channel_id, "ts": said.ts}
        hearing.deleted(tx, workspace=workspace_of(tx), **where, now=scene.hub.clock())
    assert shown(scene, mine) == []
    owed = [row["idea_id"] for row in scene.owed("idea.receipt_refresh")]
    assert mine in owed
    assert other in owed
    assert len(owed) == before + 1


def test_what_was_found_for_older_words_is_no_news(scene: Scene) -> None:
    other, mine = scene.idea("Flo", "Refills."), scene.idea("Ana")
    with scene.tx() as tx:
        ideas.keep_alike(tx, idea_id=mine, text="older words", closeness={other: 0.9}, now=scene.hub.clock())
    assert shown(scene, mine) == []


@pytest.mark.parametrize("what", ["withdrawn", "decided"])
def test_what_is_over_is_not_shown(scene: Scene, what: str) -> None:
    other, mine = scene.idea("Flo", "Refill pouches."), scene.idea("Ana")
    keep(scene, mine, other)
    assert shown(scene, mine) == [(other, 0)]
    with scene.tx() as tx:
        if what == "withdrawn":
            flo = scene.member(tx, "Flo")
            ideas.withdraw(tx, workspace=workspace_of(tx), idea_id=other, member=flo, now=scene.hub.clock())
    if what == "decided":
        scene.ship(mine)
    assert shown(scene, mine) == []


def test_new_words_are_close_to_other_things(scene: Scene) -> None:
    first, second, mine = scene.idea("Flo", "Refills."), scene.idea("Gus", "Caps."), scene.idea("Ana")
    keep(scene, mine, first)
    keep(scene, mine, second)
    assert shown(scene, mine) == [(second, 0)]
    keep(scene, mine)
    assert shown(scene, mine) == []
