"""Ideas that may be the same, side by side; merging them from there and from their own page; and undoing it."""

from __future__ import annotations

import pytest

from feedback import ideas
from feedback.blocks import escape
from feedback.ideas import Resemblance
from models import Idea, IdeaMerge, SamePair
from tests.web.conftest import Browser, Counter, House


def ask(house: House, one: int, other: int, words: dict[str, list[str]] | None = None) -> None:
    with house.hub.transaction() as tx:
        texts = {each: ideas.get(tx, idea_id=each).text for each in (one, other)}
        found = Resemblance(one, other, closeness=0.72, score=9.0 - one, words=words or {"dark": ["dark"]})
        assert ideas.propose(tx, found=[found], texts=texts, now=house.clock()) == 1


@pytest.fixture
def asked(filled: House) -> House:
    ask(filled, 2, 1)
    return filled


def read(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def test_two_stand_side_by_side_with_the_words_that_both_use(asked: House) -> None:
    page = read(asked.browser("Bo"), "/ideas/same")
    assert "A <mark>dark</mark> mode would save my eyes" in page
    assert "make it <mark>dark</mark> at night" in page
    assert "Very close" in page
    assert "both say: dark" in page
    assert page.index("save my eyes") < page.index("at night"), "what was said first stands first"
    assert page.count("Merge the other into this one") == 2
    for path in ("/inbox", "/ideas"):
        assert 'href="/ideas/same"' in read(asked.browser("Bo"), path)


def test_where_nothing_is_to_be_compared_nobody_is_sent(filled: House) -> None:
    browser = filled.browser("Bo")
    assert "Nothing to compare" in read(browser, "/ideas/same")
    for path in ("/inbox", "/ideas"):
        assert "/ideas/same" not in read(browser, path)


def test_merging_from_there_and_undoing_it_there(asked: House) -> None:
    browser = asked.browser("Bo")
    answer = browser.post("/ideas/2/merge?from=same", {"into_id": "1"})
    assert answer.location == "/ideas/same?merged=1"
    page = read(browser, answer.location)
    assert "what Bo said is shown below" in page
    assert "/ideas/merges/1/undo?from=same" in page
    assert "Nothing to compare" in page
    assert asked.all(SamePair)[0].decision == "merged"
    inbox = read(browser, "/inbox")
    assert inbox.count('class="idea"') == 2
    assert "<strong>Also Bo:</strong>" in inbox
    assert "<strong>Also Bo:</strong>" in read(browser, "/themes/1")
    assert browser.post("/ideas/merges/1/undo?from=same").location == "/ideas/same"
    assert "Undone." in read(browser, "/ideas/same?merged=1")
    assert read(browser, "/inbox").count('class="idea"') == 3
    assert asked.all(IdeaMerge)[0].undone_by_id == asked.people["Bo"].id


def test_two_that_differ_are_not_asked_about_again(asked: House) -> None:
    browser = asked.browser("Bo")
    assert browser.post("/ideas/same/1/differ").location == "/ideas/same"
    page = read(browser, "/ideas/same")
    assert "They stay two." in page
    assert "Nothing to compare" in page
    assert browser.post("/ideas/same/1/differ").status_code == 303
    row = asked.all(SamePair)[0]
    assert (row.decision, row.decided_by_id) == ("differ", asked.people["Bo"].id)


def test_what_somebody_else_did_meanwhile_is_said_on_top(asked: House) -> None:
    asked.browser("Cy").post("/ideas/1/merge", {"into_id": "2"})
    answer = asked.browser("Bo").post("/ideas/2/merge?from=same", {"into_id": "1"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert "was merged into" in page
    assert "Undo that first." in page
    answer = asked.browser("Bo").post("/ideas/same/99/differ")
    assert answer.status_code == 422
    assert "changed meanwhile" in answer.get_data(as_text=True)


def test_the_page_of_each_says_where_it_went_and_both_undo_it(filled: House) -> None:
    browser = filled.browser("Cy")
    assert browser.post("/ideas/2/merge", {"into_id": "1", "goes": "this"}).location == "/ideas/1"
    page = read(browser, "/ideas/1")
    assert "Merged. Everybody behind either counts here, once." in page
    assert "Merged into it" in page
    assert "1 vote" in page, "Bo voted for it, and said the other: he counts once"
    gone = read(browser, "/ideas/2")
    assert "This was merged into" in gone
    assert "We shipped it" not in gone
    assert "merged it into what Ana said" in gone
    answer = browser.post("/ideas/2/plan")
    assert answer.status_code == 422
    ship = read(browser, "/changes/new")
    assert "save my eyes" in ship
    assert "make it dark at night" not in ship
    everything = {"idea_ids": ["1"], "name": "All that is shown"}
    assert browser.post("/themes/1/split", everything).status_code == 422
    assert browser.post("/ideas/merges/1/undo?at=1").location == "/ideas/1"
    assert "Merged into it" not in read(browser, "/ideas/1")
    assert "We shipped it" in read(browser, "/ideas/2")


def test_what_is_the_same_is_found_by_words_and_may_go_either_way(filled: House) -> None:
    browser = filled.browser("Bo")
    page = read(browser, "/ideas/3?q=dark+EYES")
    assert 'name="into_id" value="1"' in page
    assert 'name="into_id" value="2"' not in page
    assert 'name="into_id" value="2"' in read(browser, "/ideas/3?q=bo")
    assert "Nothing open has all of these words." in read(browser, "/ideas/3?q=%25_%00zebra")
    assert 'name="into_id"' not in read(browser, "/ideas/3")
    assert browser.post("/ideas/3/merge", {"into_id": "1", "goes": "other"}).location == "/ideas/3"
    assert filled.all(IdeaMerge)[0].idea_id == 1
    assert 'value="1"' not in read(browser, "/ideas/2?q=dark"), "it went elsewhere"


@pytest.mark.parametrize("into_id", ["", "1", "99", "x"])
def test_merging_into_nothing_or_itself_is_refused_where_it_was_pressed(filled: House, into_id: str) -> None:
    answer = filled.browser("Bo").post("/ideas/1/merge?q=dark", {"into_id": into_id, "goes": "this"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert '<details class="act" id="same" open>' in page
    assert 'class="refused"' in page
    assert filled.all(IdeaMerge) == []


def test_nobody_merges_in_another_workspace_or_without_being_on_the_team(asked: House) -> None:
    asked.say("Eve", "Dark, please")
    eve = asked.browser("Eve")
    assert "Nothing to compare" in read(eve, "/ideas/same")
    assert eve.post("/ideas/1/merge", {"into_id": "2"}).status_code == 404
    assert eve.post("/ideas/4/merge", {"into_id": "1"}).status_code == 422
    assert eve.post("/ideas/same/1/differ").status_code == 422
    assert 'name="into_id"' not in read(eve, "/ideas/4?q=dark")
    asked.browser("Bo").post("/ideas/2/merge", {"into_id": "1"})
    assert eve.post("/ideas/merges/1/undo").status_code == 422
    assert "what Bo said" not in read(eve, "/ideas/same?merged=1")
    assert asked.all(IdeaMerge)[0].undone_at is None
    assert asked.all(SamePair)[0].decision == "merged"
    ana = asked.browser("Ana")
    for path in ("/ideas/1/merge", "/ideas/same/1/differ", "/ideas/merges/1/undo"):
        assert ana.post(path, {"into_id": "3"}).status_code == 403
    assert ana.get("/ideas/same").status_code == 403


def test_what_people_write_is_never_markup_beside_what_is_highlighted(house: House) -> None:
    evil = "<script>alert(1)</script> dark & <img src=x>"
    for _ in range(2):
        house.say("Ana", escape(evil))
    ask(house, 1, 2, words={"dark": ["dark"], "script": ["script"]})
    browser = house.browser("Bo")
    page = read(browser, "/ideas/same")
    assert (
        "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; <mark>dark</mark> &amp; &lt;img src=x&gt;"
        in page
    )
    browser.post("/ideas/2/merge", {"into_id": "1"})
    for path in ("/ideas/1", "/ideas/2", "/inbox", "/ideas/same?merged=1", "/ideas/1?q=" + evil):
        page = read(browser, path)
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_many_pairs_ask_as_many_queries_as_one_and_have_pages(filled: House) -> None:
    browser, counter = filled.browser("Cy"), Counter(filled.hub.engine)

    def count(path: str) -> int:
        counter.statements.clear()
        read(browser, path)
        return len(counter.statements)

    ask(filled, 2, 1)
    few = {path: count(path) for path in ("/ideas/same", "/inbox", "/ideas/1", "/ideas")}
    for number in range(24):
        filled.say("Ana", f"Dark thing {number:02}", votes=["Bo"])
    for idea_id in range(4, 26, 2):
        ask(filled, idea_id, idea_id + 1)
    for idea_id in range(26, 28):
        browser.post(f"/ideas/{idea_id}/merge", {"into_id": "1"})
    assert {path: count(path) for path in few} == few
    assert "Page 1 of 2" in read(browser, "/ideas/same")
    assert browser.post("/ideas/same/1/differ?page=2").location == "/ideas/same?page=2"
    assert all(read(browser, f"/ideas/{idea.id}") for idea in filled.all(Idea))
