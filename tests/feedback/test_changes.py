"""What can be said to have shipped, and what is refused below its field."""

from __future__ import annotations

import pytest

from feedback import changes
from feedback.errors import Refused
from tests.feedback.scene import Scene


def ship(scene: Scene, idea_id: int, summary: str = "It is here.", url: str = "") -> None:
    with scene.tx() as tx:
        by = scene.member(tx, "Cy")
        changes.ship(tx, by=by, summary=summary, url=url, idea_ids=[idea_id], now=scene.hub.clock())


@pytest.mark.parametrize(
    "url",
    [
        "shop",
        "ftp://shop.example",
        "https://",
        "javascript:alert(1)",
        "https://[",
        "https://shop.example/a b",
        "https://shop.example/a\nb",
        "https://shop.example/|<!channel>",
        "https://shop.example/" + "a" * 1000,
    ],
)
def test_what_is_no_link_is_refused_below_its_field(scene: Scene, url: str) -> None:
    with pytest.raises(Refused) as refused:
        ship(scene, scene.idea(), url=url)
    assert refused.value.field == "url"
    assert scene.changes() == []


def test_a_link_with_a_question_in_it_is_kept_as_it_is(scene: Scene) -> None:
    ship(scene, scene.idea(), url=" https://shop.example/?a=1&b=ü#c ")
    assert [change.url for change in scene.changes()] == ["https://shop.example/?a=1&b=ü#c"]


@pytest.mark.parametrize("summary", ["", "  ", "x" * 1001])
def test_what_changed_is_said_in_a_sentence_or_two(scene: Scene, summary: str) -> None:
    with pytest.raises(Refused) as refused:
        ship(scene, scene.idea(), summary=summary)
    assert refused.value.field == "summary"
