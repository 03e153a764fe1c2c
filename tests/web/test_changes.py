"""Saying that something shipped: the form, who will hear, telling them once; and the loop's page."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from models import Change, Idea, Notice
from tests.web.conftest import House

SHIPPED = {
    "summary": "Dark mode is in the settings",
    "url": "https://brand.test/dark",
    "theme_ids": ["1"],
    "nonce": "n1",
}


def test_the_form_is_filled_in_from_where_it_was_opened(filled: House) -> None:
    browser = filled.browser("Cy")
    page = browser.get("/changes/new?theme=1&idea=3").get_data(as_text=True)
    assert re.search(r'name="theme_ids" value="1" checked', page)
    assert re.search(r'name="idea_ids" value="3" checked', page)
    assert page.count(" checked") == 2
    nonces = {
        re.findall(r'name="nonce" value="([^"]+)"', browser.get("/changes/new").get_data(as_text=True))[0] for _ in "ab"
    }
    assert len(nonces) == 2


def test_who_will_hear_is_who_is_told(filled: House) -> None:
    browser = filled.browser("Cy")
    page = browser.post("/changes/new", {**SHIPPED, "step": "preview"}).get_data(as_text=True)
    assert "2 people will hear this" in page
    assert filled.all(Change) == []
    answer = browser.post("/changes/new", {**SHIPPED, "step": "tell"})
    assert answer.location == "/changes/1"
    assert len(filled.all(Notice)) == 2
    assert [idea.state for idea in filled.all(Idea)] == ["shipped", "shipped", "new"]


def test_sent_twice_is_told_once(filled: House) -> None:
    browser = filled.browser("Cy")
    data = {**SHIPPED, "step": "tell"}
    assert browser.post("/changes/new", data).location == "/changes/1"
    assert browser.post("/changes/new", data).location == "/changes"
    assert "That was sent already." in browser.get("/changes").get_data(as_text=True)
    assert len(filled.all(Change)) == 1


@pytest.mark.parametrize("step", ["preview", "tell"])
@pytest.mark.parametrize(
    ("wrong", "say"),
    [
        ({"summary": " "}, "Say in a sentence what changed."),
        ({"summary": "x" * 1001}, "under 1000 characters"),
        ({"url": "javascript:alert(1)"}, "A link begins with https:// or http://."),
        ({"theme_ids": []}, "Choose the ideas or themes that this answers."),
        ({"theme_ids": ["99"]}, "That theme is not here any more."),
        ({"theme_ids": [], "idea_ids": ["x"]}, "One of those ideas is not here any more."),
    ],
)
def test_a_wrong_value_is_said_and_the_rest_kept(filled: House, step: str, wrong: dict[str, Any], say: str) -> None:
    answer = filled.browser("Cy").post("/changes/new", {**SHIPPED, **wrong, "step": step})
    assert answer.status_code == 422
    page = html.unescape(answer.get_data(as_text=True))
    assert say in page
    assert {**SHIPPED, **wrong}["summary"] in page
    assert 'value="n1"' in page
    assert filled.all(Change) == []
    # A form that was refused was not taken: the same nonce still works.
    assert filled.browser("Cy").post("/changes/new", {**SHIPPED, "step": "tell"}).location == "/changes/1"


def test_finding_an_idea_keeps_what_was_written_and_ticked(filled: House) -> None:
    data = {**SHIPPED, "theme_ids": [], "idea_ids": ["1"], "q": "spreadsheet", "step": "find"}
    answer = filled.browser("Cy").post("/changes/new", data)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert re.findall(r'name="idea_ids" value="(\d)"', page) == ["1", "3"]
    assert "Dark mode is in the settings" in page


def test_back_from_the_preview_nothing_is_lost(filled: House) -> None:
    page = filled.browser("Cy").post("/changes/new", {**SHIPPED, "step": "write"}).get_data(as_text=True)
    assert "Dark mode is in the settings" in page
    assert re.search(r'name="theme_ids" value="1" checked', page)


def test_one_change_shows_who_was_told_and_what_they_said(rewarded: House) -> None:
    rewarded.answer("Bo", "not_yet", why="Only the menu is dark")
    page = rewarded.browser("Bo").get("/changes/1").get_data(as_text=True)
    for words in ("2 people hear of it", "in #feedback", "Better now", "Not yet", "Only the menu is dark"):
        assert words in page
    listed = rewarded.browser("Bo").get("/changes").get_data(as_text=True)
    assert "2 of 2" in listed
    assert "1 better now" in listed


def test_the_loop_shows_each_loop_where_it_belongs(rewarded: House) -> None:
    browser = rewarded.browser("Cy")
    browser.post("/ideas/3/plan", {"summary": "Export comes"})

    def names(show: str) -> list[str]:
        page = browser.get(f"/loop?show={show}").get_data(as_text=True)
        return re.findall(r"</span> (\w+)</span></th>", page)

    assert names("waiting") == ["Ana"]
    assert names("unanswered") == ["Bo"]
    assert names("better") == ["Ana"]
    assert names("not_yet") == []
    assert names("told") == []
    assert sorted(names("all")) == ["Ana", "Ana", "Bo"]
