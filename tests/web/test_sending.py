"""How it is told: the preview of it, a test to oneself, a time, stopping, and the words in Settings."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from feedback.changes import REASONS
from models import Announcement, Change, Idea, Member, Notice, Outbox, Rehearsal, Stop, Template, Workspace
from tests.web.conftest import Browser, House

SHIPPED: dict[str, Any] = {"summary": "Dark mode is here", "url": "", "theme_ids": ["1"], "nonce": "n1"}


def shown(browser: Browser, **data: Any) -> str:
    answer = browser.post("/changes/new", {**SHIPPED, "step": "preview", **data})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return html.unescape(answer.get_data(as_text=True))


def set_member(house: House, name: str, **facts: Any) -> None:
    with house.hub.transaction() as tx:
        for field, value in facts.items():
            setattr(tx.get_one(Member, house.people[name].id), field, value)


def test_the_preview_shows_who_reads_what_and_where(filled: House) -> None:
    set_member(filled, "Bo", hears="digest")
    page = shown(filled.browser("Cy"), words="{said}: {words}\nNews: {news}, dear {name}")
    assert "2 people will hear this" in page
    assert "on 2 March 2026 you wrote: “A dark mode would save my eyes”\nNews: Dark mode is here, dear @Ana" in page
    assert "in the thread in #feedback" in page
    assert "in their weekly digest" in page
    assert filled.all(Notice) == []


def test_who_does_not_want_to_hear_is_shown_as_such(filled: House) -> None:
    set_member(filled, "Bo", hears="nothing")
    page = shown(filled.browser("Cy"))
    assert "1 person will hear this" in page
    assert "not at all, because they chose so" in page


def test_a_small_thing_is_told_in_the_digest(filled: House) -> None:
    browser = filled.browser("Cy")
    assert "a minor change, in the weekly digest" in shown(browser, is_minor="y")
    browser.post("/changes/new", {**SHIPPED, "is_minor": "y", "step": "tell"})
    assert {notice.how for notice in filled.all(Notice)} == {"digest"}


def test_a_preview_of_many_has_pages(filled: House) -> None:
    workspace = filled.look(Workspace, 1)
    for number in range(101):
        filled.join(workspace, f"P{number}", "customer")
    for number in range(101):
        filled.say(f"P{number}", f"Thing {number}", theme="Dark mode")
    browser = filled.browser("Cy")
    assert "Page 1 of 2" in shown(browser)
    assert "“Thing 100”" in shown(browser, step="preview:2")
    assert "“Thing 100”" not in shown(browser)


def test_send_it_to_me_first(filled: House) -> None:
    browser = filled.browser("Cy")
    assert "on its way to your messages" in shown(browser, step="test")
    assert "You have that one already." in shown(browser, step="test")
    assert [row.member_id for row in filled.all(Rehearsal)] == [filled.people["Cy"].id]
    assert filled.all(Change) == []


@pytest.mark.parametrize(
    ("typed", "say"),
    [
        ("tomorrow", "Write a day and a time"),
        ("2026-03-02T10:00", "That is over already."),
        ("2027-03-02T10:00", "At most 60 days ahead."),
        ("2026-03-29T02:30", "There is no such hour on that day"),
    ],
)
def test_a_wrong_time_is_said_below_it(filled: House, typed: str, say: str) -> None:
    set_member(filled, "Cy", tz="Europe/Berlin")
    for step in ("preview", "tell", "test"):
        answer = filled.browser("Cy").post("/changes/new", {**SHIPPED, "tell_at": typed, "step": step})
        page = html.unescape(answer.get_data(as_text=True))
        assert answer.status_code == 422
        assert re.search(rf'id="ship-tell_at-help" class="wrong">{say}', page)
        assert f'value="{typed}"' in page
    assert filled.all(Change) == []


def test_a_time_is_in_the_zone_of_whoever_sets_it(filled: House) -> None:
    set_member(filled, "Cy", tz="Europe/Berlin")
    browser = filled.browser("Cy")
    data = {**SHIPPED, "tell_at": "2026-03-03T10:00"}
    assert "3 Mar 2026, 10:00" in shown(browser, tell_at=data["tell_at"])
    browser.post("/changes/new", {**data, "step": "tell"})
    at = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    assert filled.look(Change, 1).tell_at == at
    assert {row.next_at for row in filled.all(Outbox) if row.kind.startswith("loop.")} == {at}
    page = browser.get("/changes/1").get_data(as_text=True)
    assert "3 Mar 2026, 10:00" in page
    assert "http-equiv" not in page


def test_stopping_and_going_on(filled: House) -> None:
    browser = filled.browser("Cy")
    browser.post("/changes/new", {**SHIPPED, "step": "tell"})
    page = browser.get("/changes/1").get_data(as_text=True)
    assert "<strong>0</strong> told" in page
    assert "<strong>2</strong> not yet" in page
    assert 'http-equiv="refresh"' in page
    for _ in "ab":
        assert browser.post("/changes/1/stop").location == "/changes/1"
    page = browser.get("/changes/1").get_data(as_text=True)
    assert "<strong>Stopped</strong> by Cy" in page
    assert "http-equiv" not in page
    assert "stopped telling people" in page
    filled.browser("Di").post("/changes/1/go-on")
    [stop] = filled.all(Stop)
    assert (stop.stopped_by_id, stop.ended_by_id) == (filled.people["Cy"].id, filled.people["Di"].id)
    filled.tell_everybody()
    page = browser.get("/changes/1").get_data(as_text=True)
    assert "<strong>2</strong> told" in page
    assert "Stop telling them" not in page


def test_nobody_stops_what_another_workspace_tells(rewarded: House) -> None:
    answer = rewarded.browser("Eve").post("/changes/1/stop")
    assert answer.status_code == 409
    assert rewarded.all(Stop) == []


WORDS = {"shipped": "", "planned": "", "declined": "", "asked": "", "announcement_channel_id": "", "step": "save"}


@pytest.mark.parametrize(
    ("text", "say"),
    [
        ("Hello {nobody} {news}", "There is no place {nobody}."),
        ("Hello {name}", "Say where {news} goes."),
        ("{news} {news}", "{news} stands there twice."),
        ("{news}" + "&" * 130, "under 600 characters"),
    ],
)
def test_wrong_words_are_said_below_them(house: House, text: str, say: str) -> None:
    for step in ("save", "look"):
        answer = house.browser("Di").post("/settings/words", {**WORDS, "planned": text, "step": step})
        page = html.unescape(answer.get_data(as_text=True))
        assert answer.status_code == 422
        assert re.search(r'id="words-planned-help" class="wrong">' + re.escape(say), page) or say in page
        assert text in page
    assert house.all(Template) == []


def test_a_workspaces_own_words_are_what_people_are_told(filled: House) -> None:
    di, own = filled.browser("Di"), "Hi {name}. <b>{news}</b>"
    page = di.post("/settings/words", {**WORDS, "shipped": own, "step": "look"}).get_data(as_text=True)
    assert "Hi @Ana. &lt;b&gt;The pump locks now.&lt;/b&gt;" in page
    assert filled.all(Template) == []
    assert di.post("/settings/words", {**WORDS, "shipped": own}).location == "/settings/words"
    assert own in html.unescape(filled.browser("Cy").get("/changes/new").get_data(as_text=True))
    filled.browser("Cy").post("/changes/new", {**SHIPPED, "step": "tell"})
    assert filled.look(Change, 1).words == own
    di.post("/settings/words", WORDS)
    assert "Hi {name}" not in filled.browser("Cy").get("/changes/new").get_data(as_text=True)
    assert filled.look(Change, 1).words == own


def test_words_for_this_once(filled: House) -> None:
    browser = filled.browser("Cy")
    answer = browser.post("/changes/new", {**SHIPPED, "words": "{nonsense}", "step": "preview"})
    assert answer.status_code == 422
    assert 'id="ship-words-help" class="wrong"' in answer.get_data(as_text=True)
    browser.post("/changes/new", {**SHIPPED, "words": "Only {news}", "step": "tell"})
    assert filled.look(Change, 1).words == "Only {news}"


def test_news_go_to_the_channel_that_a_manager_chose(filled: House) -> None:
    di, cy = filled.browser("Di"), filled.browser("Cy")
    assert 'name="announces"' not in cy.get("/changes/new").get_data(as_text=True)
    assert cy.post("/changes/new", {**SHIPPED, "announces": "y", "step": "tell"}).status_code == 422
    assert di.post("/settings/words", {**WORDS, "announcement_channel_id": "C9"}).status_code == 422
    assert di.post("/settings/words", {**WORDS, "announcement_channel_id": "C1"}).status_code == 303
    assert "Also a note in #feedback" in cy.get("/changes/new").get_data(as_text=True)
    cy.post("/changes/new", {**SHIPPED, "announces": "y", "step": "tell"})
    assert [row.channel_id for row in filled.all(Announcement)] == ["C1"]
    assert "To be announced in #feedback" in cy.get("/changes/1").get_data(as_text=True)


def test_asking_leaves_the_idea_as_it_is(filled: House) -> None:
    browser = filled.browser("Cy")
    assert browser.post("/ideas/3/ask", {"summary": " "}).status_code == 422
    assert browser.post("/ideas/3/ask", {"summary": "Which spreadsheet?"}).location == "/ideas/3"
    page = browser.get("/ideas/3").get_data(as_text=True)
    assert "Asked" in page
    assert ">New<" in page
    assert "asked everybody behind 1 idea" in browser.get("/changes/1").get_data(as_text=True)


@pytest.mark.parametrize(
    ("kind", "sent", "reads", "state"),
    [
        ("planned", {"summary": ""}, "We are going to do this.", "planned"),
        ("declined", {"summary": "No room.", "reason": "cost"}, f"{REASONS['cost']}. No room.", "declined"),
        ("asked", {"summary": "On which phone?"}, "On which phone?", "new"),
    ],
)
def test_whatever_is_told_can_be_seen_first(
    filled: House, kind: str, sent: dict[str, Any], reads: str, state: str
) -> None:
    """From the short form of an idea or a theme: who reads what, a test to oneself, other words, and it is told."""
    browser = filled.browser("Cy")
    page = shown(browser, kind=kind, **{"nonce": "", **sent})
    assert "2 people will hear this" in page
    assert reads in page
    assert f'name="kind" value="{kind}"' in page
    nonce = re.findall(r'name="nonce" value="([^"]+)"', page)[0]
    assert filled.all(Notice) == []
    facts = {**SHIPPED, **sent, "kind": kind, "nonce": nonce}
    assert "on its way to your messages" in browser.post("/changes/new", {**facts, "step": "test"}).get_data(
        as_text=True
    )
    assert filled.all(Rehearsal)[0].kind == kind
    write = html.unescape(browser.post("/changes/new", {**facts, "step": "write"}).get_data(as_text=True))
    assert "{news}" in write, "the usual words of this kind, to be edited for this once"
    for _ in "ab":
        browser.post("/changes/new", {**facts, "words": "{words} {news} It is us.", "step": "tell"})
    (change,) = filled.all(Change)
    assert (change.kind, change.words) == (kind, "{words} {news} It is us.")
    assert len(filled.all(Notice)) == 2
    with filled.hub.reading() as tx:
        assert {idea.state for idea in tx.scalars(select(Idea).where(Idea.theme_id == 1))} == {state}


def test_what_is_missing_is_said_below_its_field_for_every_kind(filled: House) -> None:
    browser = filled.browser("Cy")
    for kind, sent, field, say in (
        ("declined", {"summary": "No room."}, "reason", "Choose the reason"),
        ("declined", {"summary": " ", "reason": "cost"}, "summary", "Say why in a sentence"),
        ("asked", {"summary": ""}, "summary", "Write the question"),
    ):
        answer = browser.post("/changes/new", {**SHIPPED, "kind": kind, **sent, "step": "preview"})
        page = html.unescape(answer.get_data(as_text=True))
        assert answer.status_code == 422
        assert re.search(rf'id="ship-{field}-help" class="wrong">{say}', page), kind
    assert filled.all(Change) == []
