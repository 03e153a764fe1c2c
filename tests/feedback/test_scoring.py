"""Four short questions about an idea, a second opinion that is given blind, and how much two people agree."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from sqlalchemy import select

from feedback.errors import Refused
from feedback.overview import scoring as overview
from feedback.rewards import scoring
from models import Audit, Score, Workspace
from tests.conftest import workspace_of
from tests.feedback.giving import link
from tests.feedback.scene import Scene

GOOD = {"specific": "2", "reproducible": "2", "novel": "1", "evidence": "1"}
POOR = {"specific": "0", "reproducible": "1", "novel": "1", "evidence": "0"}


def score(scene: Scene, idea_id: int, who: str, marks: dict[str, str] | None = None) -> Score:
    with scene.tx() as tx:
        by = scene.member(tx, who)
        return scoring.score(tx, by=by, idea_id=idea_id, marks=marks or GOOD, now=scene.hub.clock())


def ask_twice(scene: Scene, percent: int = 100) -> None:
    with scene.tx() as tx:
        workspace_of(tx).blind_percent = percent


def shown(scene: Scene, idea_id: int, who: str) -> overview.Shown:
    with scene.hub.reading() as tx:
        idea = scene.get_idea(idea_id)
        found = overview.shown(tx, idea=idea, member=scene.member(tx, who))
        assert found.own is None or found.own.member.name == who
        return found


def waiting(scene: Scene, who: str) -> list[int]:
    with scene.hub.reading() as tx:
        page = overview.waiting(tx, member=scene.member(tx, who), number=1)
        assert page.total == len(page.rows)
        return [idea.id for idea in page.rows]


def agreement(scene: Scene) -> dict[str, tuple[int, int, int]]:
    with scene.hub.reading() as tx:
        found = overview.agreement(tx, workspace=workspace_of(tx))
        return {each.criterion: (each.same.hits, each.near.hits, each.same.of) for each in found}


def test_a_later_score_of_the_same_person_takes_the_place_of_the_first(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    score(scene, idea_id, "Bo")
    score(scene, idea_id, "Bo")
    score(scene, idea_id, "Bo", POOR)
    with scene.hub.reading() as tx:
        (found,) = tx.scalars(select(Score)).all()
        assert scoring.marks_of(found) == {name: int(mark) for name, mark in POOR.items()}
        acts = tx.scalars(select(Audit.act).where(Audit.act.like("scored%")).order_by(Audit.id)).all()
    assert acts == ["scored", "scored anew"], "what is the same is no news"


@pytest.mark.parametrize("mark", ["", "3", "-1", "1.5", "٢", "two"])
def test_each_question_wants_one_of_its_three_answers(scene: Scene, mark: str) -> None:
    idea_id = scene.idea("Ana")
    with pytest.raises(Refused) as refused:
        score(scene, idea_id, "Bo", {**GOOD, "novel": mark})
    assert refused.value.field == "novel"
    assert shown(scene, idea_id, "Bo").scores == []


def test_the_team_scores_and_nobody_what_they_said_themself(scene: Scene) -> None:
    theirs, bos = scene.idea("Ana"), scene.idea("Bo", "The lid is hard to open.")
    with pytest.raises(Refused, match="for the team"):
        score(scene, theirs, "Ana")
    with pytest.raises(Refused, match="said this yourself"):
        score(scene, bos, "Bo")
    assert shown(scene, bos, "Bo").why_not
    assert not shown(scene, bos, "Cy").why_not


def test_what_was_taken_back_is_not_scored(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    with scene.tx() as tx:
        tx.get_one(type(scene.get_idea(idea_id)), idea_id).state = "withdrawn"
    with pytest.raises(Refused, match="taken back"):
        score(scene, idea_id, "Bo")


def test_the_second_person_does_not_see_the_first_score_until_they_gave_theirs(scene: Scene) -> None:
    ask_twice(scene)
    idea_id = scene.idea("Ana")
    score(scene, idea_id, "Bo")
    assert (shown(scene, idea_id, "Bo").is_hidden, waiting(scene, "Bo")) == (False, [])
    hidden = shown(scene, idea_id, "Cy")
    assert (hidden.is_hidden, hidden.scores) == (True, [])
    assert waiting(scene, "Cy") == waiting(scene, "Di") == [idea_id]
    assert score(scene, idea_id, "Cy", POOR).is_blind
    assert [each.member.name for each in shown(scene, idea_id, "Cy").scores] == ["Bo", "Cy"]
    assert not shown(scene, idea_id, "Di").is_hidden, "two are enough"
    assert waiting(scene, "Di") == []
    assert not score(scene, idea_id, "Di").is_blind


def test_where_no_second_one_is_asked_for_the_first_is_seen(scene: Scene) -> None:
    ask_twice(scene, 0)
    idea_id = scene.idea("Ana")
    score(scene, idea_id, "Bo")
    assert [each.member.name for each in shown(scene, idea_id, "Cy").scores] == ["Bo"]
    assert waiting(scene, "Cy") == []
    assert not score(scene, idea_id, "Cy").is_blind
    assert agreement(scene) == {}


def test_two_who_score_first_at_once_make_one_first_and_one_second(scene: Scene) -> None:
    ask_twice(scene)
    idea_id = scene.idea("Ana")
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda who: score(scene, idea_id, who), ["Bo", "Cy"]))
    assert sorted(each.is_blind for each in found) == [False, True]


def test_the_sample_is_the_same_every_time_and_about_as_large_as_asked_for() -> None:
    workspace = Workspace(team_id="T0PLAYGRND", blind_percent=20)
    sample = [number for number in range(5000) if scoring.asks_second(workspace, idea_id=number)]
    assert sample == [number for number in range(5000) if scoring.asks_second(workspace, idea_id=number)]
    assert 900 < len(sample) < 1100
    workspace.blind_percent = 40
    assert all(scoring.asks_second(workspace, idea_id=number) for number in sample), "more are asked, none are dropped"
    other = Workspace(team_id="T0OTHER", blind_percent=20)
    assert sample != [number for number in range(5000) if scoring.asks_second(other, idea_id=number)]


def test_agreement_counts_what_was_said_before_either_saw_the_other(scene: Scene) -> None:
    ask_twice(scene)
    assert agreement(scene) == {}
    one, two = scene.idea("Ana"), scene.idea("Flo", "The lid is hard to open.")
    score(scene, one, "Bo", POOR)
    score(scene, one, "Bo", GOOD)
    score(scene, one, "Cy", POOR)
    score(scene, two, "Cy", GOOD)
    score(scene, two, "Di", GOOD)
    wanted = {"specific": (1, 1, 2), "reproducible": (1, 2, 2), "novel": (2, 2, 2), "evidence": (1, 2, 2)}
    assert agreement(scene) == wanted
    score(scene, one, "Cy", GOOD)
    assert agreement(scene) == wanted, "whoever changes their mind after seeing the other's agrees with nobody more"
    with scene.hub.reading() as tx:
        first = overview.agreement(tx, workspace=workspace_of(tx))[0].same
    assert first.low < 0.5 < first.high


def test_nothing_waits_that_went_into_another_idea(scene: Scene) -> None:
    ask_twice(scene)
    one, two = scene.idea("Ana"), scene.idea("Flo", "Refills for the pump, please.")
    for idea_id in (one, two):
        score(scene, idea_id, "Bo")
    scene.merge(two, one)
    assert waiting(scene, "Cy") == [one]


def test_quality_is_a_mean_and_clear_is_two_of_the_first_two() -> None:
    good = Score(specific=2, reproducible=2, novel=1, evidence=1)
    poor = Score(specific=0, reproducible=1, novel=1, evidence=0)
    assert scoring.quality([good, poor]) == 4
    assert scoring.quality([good, good, poor]) == Fraction(14, 3)
    assert scoring.quality([]) == 0
    assert [scoring.is_clear(each) for each in ([good], [poor], [good, poor], [])] == [True, False, True, False]


def test_nobody_scores_what_they_said_with_another_account(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    with scene.tx() as tx:
        link(tx, scene.member(tx, "Ana"), scene.member(tx, "Bo"), by=scene.member(tx, "Di"), at=scene.hub.clock())
    with pytest.raises(Refused, match="You said this yourself"):
        score(scene, idea_id, "Bo")
