"""The list of themes and one theme, and setting it right through its forms."""

from __future__ import annotations

import pytest

from models import Idea, Theme
from tests.web.conftest import House


def test_the_list_counts_ideas_votes_and_different_people(filled: House) -> None:
    page = filled.browser("Bo").get("/themes").get_data(as_text=True)
    row = page[page.index("Dark mode") : page.index("Export")]
    # Ana and Bo; Bo voted for Ana's and said his own, and counts once.
    assert '"People">2<' in row
    assert '"Ideas">2<' in row
    assert '"Votes">1<' in row
    assert "2 new" in row


@pytest.mark.parametrize("sort", ["people", "votes", "ideas", "newest", "name", "nonsense"])
def test_the_list_can_be_sorted(filled: House, sort: str) -> None:
    page = filled.browser("Bo").get(f"/themes?sort={sort}").get_data(as_text=True)
    dark_first = page.index("Dark mode") < page.index("Export<")
    assert dark_first is (sort != "newest")


def test_renaming(filled: House) -> None:
    browser = filled.browser("Bo")
    assert browser.post("/themes/1/rename", {"name": "Dark at night"}).location == "/themes/1"
    page = browser.get("/themes/1").get_data(as_text=True)
    assert "renamed it from “Dark mode” to “Dark at night”" in page
    answer = browser.post("/themes/1/rename", {"name": "x" * 81})
    assert answer.status_code == 422
    assert "under 80 characters" in answer.get_data(as_text=True)
    assert "x" * 81 in answer.get_data(as_text=True)


def test_merging_takes_the_address_along(filled: House) -> None:
    browser = filled.browser("Bo")
    dark, export = filled.theme_ids["Dark mode"], filled.theme_ids["Export"]
    assert browser.post(f"/themes/{export}/merge", {"into_id": dark}).location == f"/themes/{dark}"
    old = browser.get(f"/themes/{export}")
    assert (old.status_code, old.location) == (302, f"/themes/{dark}")
    assert "3 ideas" in browser.get(f"/themes/{dark}").get_data(as_text=True)
    assert filled.look(Theme, export).merged_into_id == dark


@pytest.mark.parametrize("into_id", ["", "1", "99", "x"])
def test_merging_into_nothing_or_itself_is_refused(filled: House, into_id: str) -> None:
    assert filled.browser("Bo").post("/themes/1/merge", {"into_id": into_id}).status_code == 422
    assert filled.look(Theme, 1).merged_into_id is None


def test_splitting_off_the_ticked_ones(filled: House) -> None:
    browser = filled.browser("Bo")
    answer = browser.post("/themes/1/split", {"idea_ids": ["2"], "name": "At night"})
    new = filled.theme_ids["At night"]
    assert answer.location == f"/themes/{new}"
    assert filled.look(Idea, 2).theme_id == new
    assert filled.look(Idea, 1).theme_id == 1


def test_a_split_that_is_refused_keeps_the_ticks(filled: House) -> None:
    browser = filled.browser("Bo")
    answer = browser.post("/themes/1/split", {"idea_ids": ["2"], "name": " "})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "Give it a name." in page
    assert page.count(" checked") == 1
    assert "Choose the ideas that belong together." in browser.post("/themes/1/split", {"name": "At night"}).get_data(
        as_text=True
    )
    assert "nothing behind" in browser.post("/themes/1/split", {"idea_ids": ["1", "2"], "name": "At night"}).get_data(
        as_text=True
    )


def test_planning_and_declining_all(filled: House) -> None:
    browser = filled.browser("Cy")
    assert browser.post("/themes/1/plan", {"summary": "In autumn"}).status_code == 303
    assert [idea.state for idea in filled.all(Idea)] == ["planned", "planned", "new"]
    assert browser.post("/themes/1/plan").status_code == 422
    assert browser.post("/themes/1/decline", {"summary": ""}).status_code == 422
    assert browser.post("/themes/1/decline", {"summary": "We cannot"}).status_code == 303
    assert [idea.state for idea in filled.all(Idea)] == ["declined", "declined", "new"]
