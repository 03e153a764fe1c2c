"""Grouping as the worker does it: every text goes through the model once, and people's word stands."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, select
from structlog.testing import capture_logs

from feedback import hearing, ideas, themes
from feedback.hub import Hub
from jobs import themes as grouping
from jobs.drain import drain
from models import Idea, SamePair, TextVector, Theme, ThemeEvent, ThemeProposal, ThemeQuestion
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack

PUMPS = ["The pump leaks in my bag", "My pump leaks all over my bag", "the pump leaked again, my bag is wet"]
POUCHES = ["Please offer a refill pouch for the cleanser", "Would love refill pouches for the cleanser"]


def regroup(hub: Hub) -> list[dict[str, Any]]:
    """Returns what the log told of its progress, where it could not be done at once."""
    with hub.transaction() as tx:
        themes.regroup_soon(tx, workspace_id=workspace_of(tx).id, now=hub.clock())
    with capture_logs() as logs:
        drain(hub)
    return [dict(line) for line in logs if line["event"] == "texts.embedded"]


def theme_of(hub: Hub, idea_id: int) -> int | None:
    with hub.reading() as tx:
        return tx.get_one(Idea, idea_id).theme_id


def name_of(hub: Hub, theme_id: int | None) -> str:
    with hub.reading() as tx:
        return tx.get_one(Theme, theme_id).name


def kept(hub: Hub) -> list[TextVector]:
    with hub.reading() as tx:
        return list(tx.scalars(select(TextVector).order_by(TextVector.id)))


def test_no_text_goes_through_the_model_twice(hub: Hub, scene: Scene) -> None:
    for text in (*PUMPS, *POUCHES, PUMPS[0]):
        scene.idea("Ana", text)
        drain(hub)
    first = [row.id for row in kept(hub)]
    assert len(first) == 5
    regroup(hub)
    assert [row.id for row in kept(hub)] == first


def test_many_new_texts_are_taken_some_at_a_time(hub: Hub, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "TEXTS_AT_ONCE", 2)
    for text in (*PUMPS, *POUCHES):
        scene.idea("Ana", text)
    drain(hub)
    with hub.transaction() as tx:
        for row in tx.scalars(select(TextVector)):
            tx.delete(row)
    told = regroup(hub)
    assert [(line["texts"], line["left"]) for line in told] == [(2, 3), (2, 1)]
    assert len(kept(hub)) == 5
    assert all(theme_of(hub, idea_id) for idea_id in range(1, 6))


def test_another_model_means_all_texts_anew_and_the_old_numbers_go(hub: Hub, scene: Scene) -> None:
    for text in PUMPS:
        scene.idea("Ana", text)
    drain(hub)
    with hub.transaction() as tx:
        for row in tx.scalars(select(TextVector)):
            row.version = "older"
    regroup(hub)
    assert {row.version.partition("-")[0] for row in kept(hub)} == {"minilm"}
    assert len(kept(hub)) == 3


def test_what_deleted_words_meant_is_forgotten(hub: Hub, scene: Scene) -> None:
    said = scene.say("Ana", PUMPS[0])
    scene.capture(said, "Ana")
    scene.idea("Flo", PUMPS[1])
    drain(hub)
    with hub.transaction() as tx:
        where = {"channel_id": said.channel_id, "ts": said.ts}
        hearing.deleted(tx, workspace=workspace_of(tx), **where, now=hub.clock())
    assert len(kept(hub)) == 1
    with hub.transaction() as tx:
        for idea in tx.scalars(select(Idea)):
            idea.state = "withdrawn"
    regroup(hub)
    assert kept(hub) == []


def test_no_theme_goes_on_under_words_that_were_deleted(hub: Hub, scene: Scene) -> None:
    said = scene.say("Ana", PUMPS[0])
    first = scene.capture(said, "Ana")
    second = scene.idea("Flo", PUMPS[1])
    alone = scene.say("Gus", "0170 555")
    third = scene.capture(alone, "Gus")
    mine = scene.say("Gus", "The shade is wrong for me")
    fourth = scene.capture(mine, "Gus")
    drain(hub)
    assert "0170" in name_of(hub, theme_of(hub, third))
    with hub.transaction() as tx:
        named = theme_of(hub, fourth) or 0
        themes.rename(tx, by=scene.member(tx, "Bo"), theme_id=named, name="Shades", now=hub.clock())
        for each in (said, alone, mine):
            where = {"channel_id": each.channel_id, "ts": each.ts}
            hearing.deleted(tx, workspace=workspace_of(tx), **where, now=hub.clock())
    drain(hub)
    names = [name_of(hub, theme_of(hub, each)) for each in (first, second, third, fourth)]
    assert names == ["Pump leaks", "Pump leaks", "Untitled", "Shades"]


def test_a_theme_is_called_by_what_is_left_in_it(hub: Hub, scene: Scene) -> None:
    pumps = [scene.idea("Ana", text) for text in PUMPS]
    pouch = scene.idea("Flo", POUCHES[0])
    drain(hub)
    with hub.reading() as tx:
        bo, now = scene.member(tx, "Bo"), hub.clock()
    theme_id = theme_of(hub, pumps[0]) or 0
    before = name_of(hub, theme_id)
    with hub.transaction() as tx:
        themes.move(tx, by=bo, idea_id=pouch, theme_id=theme_id, now=now)
        themes.split(tx, by=bo, theme_id=theme_id, idea_ids=pumps, name="Pumps", now=now)
        event_id = tx.scalars(select(ThemeEvent.id).order_by(ThemeEvent.id.desc()).limit(1)).one()
    drain(hub)
    assert name_of(hub, theme_id) == "Offer a refill pouch"
    with hub.transaction() as tx:
        themes.undo(tx, by=bo, event_id=event_id, now=now)
    drain(hub)
    assert name_of(hub, theme_id) == before
    with hub.transaction() as tx:
        for idea_id in (*pumps, pouch):
            themes.move(tx, by=bo, idea_id=idea_id, theme_id=None, name="Elsewhere", now=now)
    drain(hub)
    assert name_of(hub, theme_id) != "Untitled"


def test_equal_words_that_people_put_into_different_themes_stay_there(hub: Hub, scene: Scene) -> None:
    first, second = scene.idea("Ana", "Dark mode please"), scene.idea("Flo", "Dark mode please")
    drain(hub)
    with hub.transaction() as tx:
        cy, now = scene.member(tx, "Cy"), hub.clock()
        themes.move(tx, by=cy, idea_id=first, theme_id=None, name="Phone app", now=now)
        themes.move(tx, by=cy, idea_id=second, theme_id=None, name="Web site", now=now)
    third = scene.idea("Gus", "Dark mode please")
    drain(hub)
    regroup(hub)
    assert len({theme_of(hub, first), theme_of(hub, second)}) == 2
    assert theme_of(hub, third) in {theme_of(hub, first), theme_of(hub, second)}


def test_one_idea_that_is_moved_takes_no_other_with_it(hub: Hub, scene: Scene) -> None:
    all_of_them = [scene.idea("Ana", f"The pump leaks in my bag, week {number}") for number in range(6)]
    drain(hub)
    theme = theme_of(hub, all_of_them[0])
    with hub.transaction() as tx:
        cy = scene.member(tx, "Cy")
        themes.move(tx, by=cy, idea_id=all_of_them[5], theme_id=None, name="Something else", now=hub.clock())
    regroup(hub)
    assert [theme_of(hub, each) for each in all_of_them[:5]] == [theme] * 5


def test_a_split_is_not_undone_at_night(hub: Hub, scene: Scene) -> None:
    all_of_them = [scene.idea("Ana", f"The pump leaks in my bag, week {number}") for number in range(6)]
    drain(hub)
    theme = theme_of(hub, all_of_them[0])
    assert theme is not None
    with hub.transaction() as tx:
        cy = scene.member(tx, "Cy")
        themes.split(tx, by=cy, theme_id=theme, idea_ids=all_of_them[:4], name="Most of them", now=hub.clock())
    regroup(hub)
    assert len({theme_of(hub, each) for each in all_of_them[:4]}) == 1
    assert [theme_of(hub, each) for each in all_of_them[4:]] == [theme] * 2


def test_what_a_person_put_together_or_apart_stays_so(hub: Hub, scene: Scene) -> None:
    first, second, _ = (scene.idea("Ana", text) for text in PUMPS)
    pouch = scene.idea("Flo", POUCHES[0])
    drain(hub)
    with hub.transaction() as tx:
        cy = scene.member(tx, "Cy")
        themes.move(tx, by=cy, idea_id=second, theme_id=None, name="Bags", now=hub.clock())
        themes.move(tx, by=cy, idea_id=pouch, theme_id=None, name="Bags", now=hub.clock())
        themes.move(tx, by=cy, idea_id=first, theme_id=None, name="Pumps", now=hub.clock())
    regroup(hub)
    assert theme_of(hub, second) == theme_of(hub, pouch) != theme_of(hub, first)


def test_the_table_groups_where_the_model_is_not_wanted(hub: Hub, scene: Scene) -> None:
    object.__setattr__(hub, "settings", hub.settings.model_copy(update={"text_vectors": "static"}))
    first, second, third = (scene.idea("Ana", text) for text in PUMPS)
    pouch = scene.idea("Flo", POUCHES[0])
    drain(hub)
    assert theme_of(hub, first) == theme_of(hub, second) == theme_of(hub, third) != theme_of(hub, pouch)
    assert {row.version.partition("-")[0] for row in kept(hub)} == {"static"}


def pairs(hub: Hub) -> list[tuple[int, int, list[str]]]:
    with hub.reading() as tx:
        found = tx.scalars(select(SamePair).order_by(SamePair.id))
        return [(pair.older_id, pair.newer_id, sorted(pair.words)) for pair in found]


def test_whoever_says_the_same_as_somebody_before_makes_a_question_for_the_team(hub: Hub, scene: Scene) -> None:
    first = scene.idea("Ana", POUCHES[0])
    drain(hub)
    assert pairs(hub) == []
    second = scene.idea("Flo", POUCHES[1])
    scene.idea("Gus", "Good morning to you all")
    drain(hub)
    assert [pair[:2] for pair in pairs(hub)] == [(first, second)]
    assert "cleanser" in pairs(hub)[0][2]


def test_the_nightly_run_asks_about_what_was_missed_and_about_nothing_twice(hub: Hub, scene: Scene) -> None:
    first, second = scene.idea("Ana", POUCHES[0]), scene.idea("Flo", POUCHES[1])
    drain(hub)
    with hub.transaction() as tx:
        tx.execute(delete(SamePair))
    regroup(hub)
    (asked,) = pairs(hub)
    assert asked[:2] == (first, second)
    with hub.transaction() as tx:
        pair = tx.scalars(select(SamePair)).one()
        ideas.say_they_differ(tx, by=scene.member(tx, "Bo"), pair_id=pair.id, now=hub.clock())
    regroup(hub)
    assert pairs(hub) == [asked]


def test_nobody_is_asked_about_what_is_merged_or_answered_already(hub: Hub, scene: Scene) -> None:
    first, second, third = scene.idea("Ana", POUCHES[0]), scene.idea("Flo", POUCHES[1]), scene.idea("Gus", PUMPS[0])
    fourth = scene.idea("Ana", PUMPS[1])
    drain(hub)
    with hub.transaction() as tx:
        tx.execute(delete(SamePair))
        ideas.merge(tx, by=scene.member(tx, "Bo"), idea_id=second, into_id=first, now=hub.clock())
    scene.ship(third)
    regroup(hub)
    assert pairs(hub) == []
    assert {theme_of(hub, each) for each in (third, fourth)} != {None}
    with hub.reading() as tx:
        assert themes.to_group(tx, workspace_id=workspace_of(tx).id).idea_ids == [first, third, fourth]
        assert themes.to_measure(tx, workspace_id=workspace_of(tx).id).idea_ids == [first, third, fourth]


def scattered(hub: Hub, scene: Scene) -> list[int]:
    """Each of the pumps in a theme of its own, as if the grouping had known nothing of the others."""
    found = [scene.idea(who, text) for who, text in zip(("Ana", "Flo", "Gus"), PUMPS, strict=True)]
    drain(hub)
    for idea_id in found[1:]:
        with hub.transaction() as tx:
            idea = tx.get_one(Idea, idea_id)
            theme = Theme(workspace_id=idea.workspace_id, name=f"Theme {idea_id}", created_at=hub.clock())
            tx.add(theme)
            tx.flush()
            idea.theme_id = theme.id
    return found


def proposals(hub: Hub) -> list[ThemeProposal]:
    with hub.reading() as tx:
        return list(tx.scalars(select(ThemeProposal).order_by(ThemeProposal.id)))


def test_the_night_proposes_and_a_persons_yes_does_it(hub: Hub, scene: Scene, clock: Clock) -> None:
    found = scattered(hub, scene)
    before = [theme_of(hub, each) for each in found]
    regroup(hub)
    assert [theme_of(hub, each) for each in found] == before
    assert [(each.kind, each.into_id) for each in proposals(hub)] == [("merge", before[0])] * 2
    for each in proposals(hub):
        assert each.version.startswith("minilm")
        assert 0 < each.strength < 1
        with hub.transaction() as tx:
            themes.accept(tx, by=scene.member(tx, "Bo"), proposal_id=each.id, now=hub.clock())
    assert [theme_of(hub, each) for each in found] == [before[0]] * 3
    clock.move(days=1)
    regroup(hub)
    assert [each.decision for each in proposals(hub)] == ["accepted", "accepted"]


def test_themes_that_may_follow_do_so_at_night(hub: Hub, scene: Scene) -> None:
    with hub.transaction() as tx:
        workspace_of(tx).themes_follow = True
    found = scattered(hub, scene)
    regroup(hub)
    assert len({theme_of(hub, each) for each in found}) == 1
    assert {(each.decision, each.decided_by_id) for each in proposals(hub)} == {("accepted", None)}


def test_another_model_proposes_too(hub: Hub, scene: Scene) -> None:
    found = scattered(hub, scene)
    before = [theme_of(hub, each) for each in found]
    object.__setattr__(hub, "settings", hub.settings.model_copy(update={"text_vectors": "static"}))
    regroup(hub)
    assert [theme_of(hub, each) for each in found] == before
    assert {each.version.partition("-")[0] for each in proposals(hub)} == {"static"}


def test_an_idea_without_a_theme_is_placed_at_once(hub: Hub, scene: Scene) -> None:
    first, second, third = (scene.idea("Ana", text) for text in PUMPS)
    drain(hub)
    with hub.transaction() as tx:
        tx.get_one(Idea, third).theme_id = None
    regroup(hub)
    assert theme_of(hub, third) == theme_of(hub, first) == theme_of(hub, second)
    assert proposals(hub) == []


def test_an_answer_leads_to_a_proposal(hub: Hub, scene: Scene) -> None:
    first, second, _ = (scene.idea("Ana", text) for text in PUMPS)
    third, fourth = (scene.idea("Flo", text) for text in POUCHES)
    drain(hub)
    with hub.transaction() as tx:
        tx.add(
            ThemeQuestion(
                workspace_id=workspace_of(tx).id, idea_id=first, other_id=third, weight=1.0, asked_at=hub.clock()
            )
        )
    with hub.transaction() as tx:
        (question,) = tx.scalars(select(ThemeQuestion).where(ThemeQuestion.other_id == third))
        themes.answer(tx, by=scene.member(tx, "Bo"), question_id=question.id, verdict="yes", now=hub.clock())
    drain(hub)
    (found,) = proposals(hub)
    assert found.strength == 1
    assert {theme_of(hub, first), theme_of(hub, third)} == {found.theme_id, found.into_id}
    with hub.transaction() as tx:
        themes.accept(tx, by=scene.member(tx, "Bo"), proposal_id=found.id, now=hub.clock())
    assert theme_of(hub, first) == theme_of(hub, third)
    assert theme_of(hub, second) is not None
    assert theme_of(hub, fourth) is not None


def test_the_night_asks_what_would_help(hub: Hub, scene: Scene) -> None:
    for text in (*PUMPS, *POUCHES, "The bag got wet again", "Could I refill the cleanser bottle somewhere?"):
        scene.idea("Ana", text)
    drain(hub)
    regroup(hub)
    with hub.reading() as tx:
        asked = [(row.id, row.idea_id, row.other_id) for row in tx.scalars(select(ThemeQuestion))]
    assert asked
    regroup(hub)
    with hub.reading() as tx:
        assert [(row.id, row.idea_id, row.other_id) for row in tx.scalars(select(ThemeQuestion))] == asked


def test_the_triage_channel_reads_one_line_in_the_morning(hub: Hub, scene: Scene, clock: Clock) -> None:
    scattered(hub, scene)
    slack = hub.slack
    assert isinstance(slack, RememberingSlack)

    def lines() -> list[str]:
        clock.move(seconds=30)
        drain(hub)
        return [post["text"] for post in slack.posts if "about themes" in post["text"]]

    def morning() -> None:
        with hub.transaction() as tx:
            themes.tell_soon(tx, workspace_id=workspace_of(tx).id, now=hub.clock())

    morning()
    assert lines() == []
    regroup(hub)
    morning()
    morning()
    assert lines() == ["2 suggestions about themes wait for you."]
    clock.move(days=1)
    regroup(hub)
    morning()
    assert len(lines()) == 1
