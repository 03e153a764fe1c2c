"""Short words for tests of what a night proposes: themes as the grouping made them, a run, and what people decide."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from sqlalchemy import select

from feedback import themes
from feedback.themes import Weighed
from models import Idea, Theme, ThemeEvent, ThemeProposal
from tests.conftest import workspace_of
from tests.feedback.scene import Scene


def theme_with(scene: Scene, *texts: str, name: str = "") -> tuple[int, list[int]]:
    """A theme of these, as the grouping would have placed them one after the other."""
    theme_id: int | None = None
    idea_ids = [scene.idea(who, text) for who, text in zip(("Ana", "Flo", "Gus") * 9, texts, strict=False)]
    for idea_id in idea_ids:
        with scene.tx() as tx:
            now = scene.hub.clock()
            theme = themes.place(tx, idea_id=idea_id, theme_id=theme_id, name=name or texts[0], now=now)
            assert theme is not None
            theme_id = theme.id
    assert theme_id is not None
    return theme_id, idea_ids


def night(scene: Scene, labels: Mapping[int, int], strength: float = 0.2) -> list[int]:
    """A run whose grouping is given, by idea. Returns what waits after it; ideas that are not named stay alone."""
    now, fresh = scene.hub.clock(), count(1000)
    with scene.tx() as tx:
        seen = themes.to_group(tx, workspace_id=workspace_of(tx).id)
        wanted = [labels[each] if each in labels else next(fresh) for each in seen.idea_ids]
        found = themes.compare(seen.theme_ids, wanted, seen.settled.homes, seen.settled.answers)
        changes = [Weighed(each, 1.0 if each.is_asked_for else strength, "A new name") for each in found]
        _, free = themes.propose(tx, seen=seen, changes=changes, version="v", now=now)
    for proposal_id in free:
        with scene.tx() as tx:
            themes.follow(tx, workspace_id=workspace_of(tx).id, proposal_id=proposal_id, now=now)
    return [each.id for each in waiting(scene)]


def waiting(scene: Scene) -> list[ThemeProposal]:
    with scene.hub.reading() as tx:
        return themes.standing(tx, workspace_id=workspace_of(tx).id)


def proposal(scene: Scene, proposal_id: int) -> ThemeProposal:
    with scene.hub.reading() as tx:
        return tx.get_one(ThemeProposal, proposal_id)


def accept(scene: Scene, proposal_id: int, who: str = "Bo") -> ThemeProposal:
    with scene.tx() as tx:
        return themes.accept(tx, by=scene.member(tx, who), proposal_id=proposal_id, now=scene.hub.clock())


def decline(scene: Scene, proposal_id: int, who: str = "Bo") -> ThemeProposal:
    with scene.tx() as tx:
        return themes.decline(tx, by=scene.member(tx, who), proposal_id=proposal_id, now=scene.hub.clock())


def undo(scene: Scene, event_id: int | None, who: str = "Bo") -> None:
    assert event_id is not None
    with scene.tx() as tx:
        themes.undo(tx, by=scene.member(tx, who), event_id=event_id, now=scene.hub.clock())


def merge(scene: Scene, theme_id: int, into_id: int, who: str = "Cy") -> int:
    """Returns the event."""
    with scene.tx() as tx:
        themes.merge(tx, by=scene.member(tx, who), theme_id=theme_id, into_id=into_id, now=scene.hub.clock())
        return tx.scalars(select(ThemeEvent.id).order_by(ThemeEvent.id.desc()).limit(1)).one()


def places(scene: Scene) -> dict[int, tuple[int | None, int | None, object]]:
    """Of each idea its theme, who placed it there, and when."""
    with scene.hub.reading() as tx:
        found = tx.scalars(select(Idea).order_by(Idea.id))
        return {idea.id: (idea.theme_id, idea.placed_by_id, idea.placed_at) for idea in found}


def events(scene: Scene) -> list[tuple[str, int, int | None, int]]:
    with scene.hub.reading() as tx:
        found = tx.scalars(select(ThemeEvent).where(ThemeEvent.kind != "emerged").order_by(ThemeEvent.id))
        return [(event.kind, event.theme_id, event.other_id, event.idea_count) for event in found]


def theme(scene: Scene, theme_id: int) -> Theme:
    with scene.hub.reading() as tx:
        return tx.get_one(Theme, theme_id)


def together(*idea_ids: int) -> dict[int, int]:
    return dict.fromkeys(idea_ids, 0)
