"""Suggestions about themes, the questions beside them, and undoing what came of either."""

from __future__ import annotations

import re

import pytest

from feedback import themes
from models import Idea, Theme, ThemeEvent, ThemeProposal, ThemeQuestion
from tests.web.conftest import House


def suggest(house: House, labels: dict[int, int], name: str = "At night") -> None:
    """As a night's run would whose grouping is given, by idea."""
    with house.hub.transaction() as tx:
        seen = themes.to_group(tx, workspace_id=1)
        wanted = [labels[idea_id] for idea_id in seen.idea_ids]
        found = themes.compare(seen.theme_ids, wanted, seen.settled.homes)
        changes = [themes.Weighed(each, 0.2, name) for each in found]
        themes.propose(tx, seen=seen, changes=changes, version="v", now=house.clock())


def ask(house: House, *pairs: tuple[int, int]) -> None:
    with house.hub.transaction() as tx:
        themes.ask(tx, workspace_id=1, weights=dict.fromkeys(pairs, 1.0), now=house.clock())


def page_of(house: House, name: str = "Bo", path: str = "/themes/proposed") -> str:
    page = house.browser(name).get(path).get_data(as_text=True)
    return re.sub(r"\s+", " ", page)


def test_a_merge_shows_both_sides_and_is_done_and_undone(filled: House) -> None:
    suggest(filled, {1: 0, 2: 0, 3: 0})
    assert "1 suggestion" in page_of(filled, path="/themes")
    page = page_of(filled)
    for text in (
        "Put these two themes together?",
        "Export to a spreadsheet",
        "A dark mode would save my eyes",
        "2 people, 2 ideas",
        "1 person, 1 idea",
        "All would be in “Dark mode”.",
    ):
        assert text in page, text
    browser = filled.browser("Bo")
    for _ in range(2):
        assert browser.post("/themes/proposed/1/accept").location == "/themes/proposed"
    assert filled.look(Idea, 3).theme_id == filled.theme_ids["Dark mode"]
    assert browser.get(f"/themes/{filled.theme_ids['Export']}").location == f"/themes/{filled.theme_ids['Dark mode']}"
    page = page_of(filled)
    assert "No suggestion is waiting" in page
    assert "<strong>Bo</strong> put “Export” and “Dark mode” together" in page
    event_id = filled.look(ThemeProposal, 1).event_id
    for name in ("Cy", "Bo"):
        assert filled.browser(name).post(f"/themes/proposed/undo/{event_id}").status_code == 303
    assert filled.look(Idea, 3).theme_id == filled.theme_ids["Export"]
    assert "<strong>Bo</strong> put" not in page_of(filled)
    assert "undid that “Export” was merged into “Dark mode”" in page_of(filled, path="/themes/1")


def test_a_split_and_a_move_say_what_they_would_do(filled: House) -> None:
    suggest(filled, {1: 0, 2: 1, 3: 2})
    page = page_of(filled)
    assert "Part “Dark mode” in two?" in page
    assert "On their own, as “At night”" in page
    assert filled.browser("Cy").post("/themes/proposed/1/accept").status_code == 303
    assert filled.look(Idea, 2).theme_id == filled.theme_ids["At night"]
    filled.say("Bo", "Export to my calendar", theme="Export")
    suggest(filled, {1: 0, 2: 1, 3: 2, 4: 0})
    assert "Move this one to “Dark mode”?" in page_of(filled)
    assert "parted “Dark mode”, and “At night” came of it" in page_of(filled)


def test_leaving_it_as_it_is(filled: House) -> None:
    suggest(filled, {1: 0, 2: 0, 3: 0})
    browser = filled.browser("Bo")
    for _ in range(2):
        assert browser.post("/themes/proposed/1/leave").status_code == 303
    answer = filled.browser("Cy").post("/themes/proposed/1/accept")
    assert answer.status_code == 422
    assert "decided meanwhile to leave that as it is" in answer.get_data(as_text=True)
    suggest(filled, {1: 0, 2: 0, 3: 0})
    assert "No suggestion is waiting" in page_of(filled)
    path = f"/themes/{filled.theme_ids['Export']}"
    assert "left it as it is, instead of putting it together with another" in page_of(filled, path=path)


def test_what_no_longer_fits_is_refused_on_the_page(filled: House) -> None:
    suggest(filled, {1: 0, 2: 0, 3: 0})
    filled.clock.go_on(seconds=1)
    assert filled.browser("Cy").post("/ideas/3/move", {"name": "Elsewhere"}).status_code == 303
    assert "No suggestion is waiting" in page_of(filled)
    answer = filled.browser("Bo").post("/themes/proposed/1/accept")
    assert answer.status_code == 422
    assert "That no longer fits" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/themes/proposed/9/accept", "/themes/proposed/9/leave", "/themes/proposed/undo/9"])
def test_what_is_not_there_or_somebody_elses_is_refused(filled: House, path: str) -> None:
    suggest(filled, {1: 0, 2: 0, 3: 0})
    for name, tried in (("Bo", path), ("Eve", path.replace("9", "1"))):
        answer = filled.browser(name).post(tried)
        assert answer.status_code == 422
        assert "not here any more" in answer.get_data(as_text=True)
    assert filled.look(ThemeProposal, 1).decision is None


def test_a_question_is_answered_once_and_can_be_taken_back(filled: House) -> None:
    alone = filled.say("Bo", "Save my data as a table", theme="Tables")
    ask(filled, (3, alone), (1, 3))
    page = page_of(filled)
    assert page.count('name="verdict" value="yes"') == 2
    browser = filled.browser("Bo")
    for _ in range(2):
        assert browser.post("/themes/questions/2/answer", {"verdict": "yes"}).status_code == 303
    assert filled.look(Idea, alone).theme_id == filled.look(Idea, 3).theme_id
    answer = filled.browser("Cy").post("/themes/questions/2/answer", {"verdict": "no"})
    assert (answer.status_code, "Bo has answered that one" in answer.get_data(as_text=True)) == (422, True)
    page = page_of(filled)
    assert "said that “Export to a spreadsheet” and “Save my data as a table” ask for the same" in page
    assert "said that it asks for the same as another idea" in page_of(filled, path="/ideas/3")
    assert browser.post("/themes/questions/2/back").status_code == 303
    assert filled.look(Idea, alone).theme_id == filled.theme_ids["Tables"]
    assert filled.look(ThemeQuestion, 2).verdict is None
    assert browser.post("/themes/questions/1/answer", {"verdict": "perhaps"}).status_code == 422


def test_a_merge_by_hand_is_undone_on_the_themes_page(filled: House) -> None:
    browser = filled.browser("Bo")
    dark, export = filled.theme_ids["Dark mode"], filled.theme_ids["Export"]
    browser.post(f"/themes/{export}/merge", {"into_id": dark})
    page = page_of(filled, path=f"/themes/{dark}")
    assert "<strong>Bo</strong> merged “Export” into “Dark mode”" in page
    (event,) = (event for event in filled.all(ThemeEvent) if event.kind == "absorbed")
    assert browser.post(f"/themes/{dark}/undo", {"event_id": event.id}).location == f"/themes/{dark}"
    assert browser.get(f"/themes/{export}").status_code == 200
    assert filled.look(Theme, export).merged_into_id is None
    assert "Can be undone" not in page_of(filled, path=f"/themes/{dark}")
    answer = browser.post(f"/themes/{dark}/undo", {"event_id": "x"})
    assert (answer.status_code, "not here any more" in answer.get_data(as_text=True)) == (422, True)


def test_pinning(filled: House) -> None:
    browser = filled.browser("Bo")
    for _ in range(2):
        assert browser.post("/themes/1/pin").location == "/themes/1"
    page = page_of(filled, path="/themes/1")
    assert "Take the pin off" in page
    assert page.count("pinned it") == 1
    suggest(filled, {1: 0, 2: 1, 3: 2})
    assert "No suggestion is waiting" in page_of(filled)
    assert browser.post("/themes/1/unpin").status_code == 303
    assert filled.look(Theme, 1).pinned_by_id is None


def test_what_people_wrote_is_shown_as_they_wrote_it(filled: House) -> None:
    odd = filled.say("Ana", "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more", theme="<b>Odd</b>")
    ask(filled, (1, odd))
    suggest(filled, {1: 0, 2: 0, 3: 1, odd: 0})
    page = page_of(filled)
    assert "<script>alert" not in page
    assert "<b>Odd" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more") == 2
