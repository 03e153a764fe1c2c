"""Who waits for an answer, how well loops are closed, and everything on record about one idea."""

from __future__ import annotations

import html
import json
import re

import pytest

from feedback import changes, ideas, rewards, work
from feedback.work import Fact
from models import Member, Message, WorkLink, Workspace
from tests.web.conftest import START, Browser, Counter, House


def text_of(browser: Browser, path: str) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", browser.get(path).get_data(as_text=True)).split()))


def test_at_first_nobody_waits(house: House) -> None:
    browser = house.browser("Cy")
    assert "Nobody waits" in text_of(browser, "/loop/debt")
    assert "Nothing to measure yet" in text_of(browser, "/loop/measures")
    assert "How long people may wait" not in text_of(browser, "/loop/debt"), "that is for managers"


def test_who_waits_is_counted_by_theme_and_by_whose_turn_it_is(filled: House) -> None:
    filled.clock.go_on(days=40)
    filled.browser("Cy").post("/ideas/3/plan", {"summary": ""})
    page = text_of(filled.browser("Di"), "/loop/debt")
    assert "1 person waits, a week ago 1" in page
    assert "1 for more than 30 days" in page
    assert "Dark mode 1 1 10" in page
    assert "Cy 1 1 10" in page
    assert "Nobody yet 1 1 10" in page
    assert "1 person was to get an answer within 30 days, and 1 did not: 100 of 100, where 10 may" in page
    assert 'class="chart desk"' in filled.browser("Di").get("/loop/debt").get_data(as_text=True)


def test_a_manager_sets_how_long_people_may_wait(house: House) -> None:
    browser = house.browser("Di")
    given = {"answer_days": "14", "late_percent": "5", "tells": ["late"]}
    assert browser.post("/loop/debt", given).location == "/loop/debt"
    workspace = house.look(Workspace, 1)
    assert (workspace.answer_days, workspace.late_percent) == (14, 5)
    assert (workspace.tells_week, workspace.tells_late) == (False, True)
    assert house.look(Workspace, 2).answer_days == 30
    answer = browser.post("/loop/debt", {**given, "answer_days": "soon"})
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert 'id="limits-answer_days-help" class="wrong"' in page
    assert 'value="soon"' in page
    assert house.look(Workspace, 1).answer_days == 14


def test_how_well_it_goes_says_of_how_many(rewarded: House) -> None:
    rewarded.clock.go_on(days=40)
    page = text_of(rewarded.browser("Bo"), "/loop/measures")
    assert "0 % have an answer to everything (0 of 1, probably 0 to 79 %)" in page
    assert "50 % have an answer (1 of 2, probably 9 to 91 %)" in page
    assert "100 % said “better now” (1 of 1, probably 21 to 100 %)" in page
    assert "By quarter" in text_of(rewarded.browser("Bo"), "/loop/measures?by=quarter")
    assert "Nothing to measure yet" in text_of(rewarded.browser("Eve"), "/loop/measures")


def test_the_page_of_an_idea_says_how_far_it_has_come(rewarded: House) -> None:
    page = text_of(rewarded.browser("Cy"), "/ideas/1")
    assert re.search(r"Heard .* Grouped .* Shipped .* Told just now 2 of 2 Answered just now 1 said “better now”", page)
    assert "Planned" not in page.split("What happened")[0].split("Heard")[1]
    assert re.search(
        r"Planned not yet Shipped not yet Told not yet Answered not yet", text_of(rewarded.browser("Cy"), "/ideas/3")
    )
    rewarded.clock.go_on(days=15)
    assert "1 said “better now”, 1 did not answer" in text_of(rewarded.browser("Cy"), "/ideas/1")


def test_everybody_reads_how_far_it_has_come_for_them(rewarded: House) -> None:
    """Ana said that it helps; Bo, who backs the same, was told and has not said anything."""
    assert "Shipped, and it helped" in text_of(rewarded.browser("Ana"), "/me")
    bo = text_of(rewarded.browser("Bo"), "/me")
    assert "Shipped, and it helped" not in bo
    assert "Shipped A dark mode" in bo or "Shipped Please make it dark" in bo
    assert "Heard, and put beside what is like it Export to a spreadsheet" in text_of(rewarded.browser("Ana"), "/me")


@pytest.fixture
def whole(filled: House) -> House:
    """The dark mode: what was merged, the work that led to it, who was told, and a thank-you that was paid."""
    people = {name: filled.people[name].id for name in ("Cy", "Dora")}
    with filled.hub.transaction() as tx:
        workspace, cy = tx.get_one(Workspace, 1), tx.get_one(Member, people["Cy"])
        fact = Fact("github", "issue", "brand/app#12", "done", START, title="Dark theme", url="https://code.test/12")
        (item,) = work.hear(tx, workspace=workspace, facts=[fact], now=filled.clock())
        tx.add(WorkLink(work_item_id=item.id, theme_id=1, linked_by_id=cy.id, linked_at=filled.clock()))
        ideas.merge(tx, by=cy, idea_id=2, into_id=1, now=filled.clock())
    with filled.hub.transaction() as tx:
        cy = tx.get_one(Member, people["Cy"])
        changes.ship(tx, by=cy, summary="Dark mode is in the settings", idea_ids=[1], now=filled.clock())
    filled.tell_everybody()
    filled.answer("Ana", "better")
    filled.try_out()
    with filled.hub.transaction() as tx:
        dora = tx.get_one(Member, people["Dora"])
        rewards.approve(tx, reward_id=1, manager=dora, gift="GIFT-1234", cipher=filled.hub.cipher, now=filled.clock())
    return filled


def test_the_evidence_walks_from_the_message_to_the_thank_you(whole: House) -> None:
    browser = whole.browser("Cy")
    found = json.loads(browser.get("/ideas/1/evidence.json").get_data(as_text=True))
    assert found["version"] == 1
    assert [(said["id"], said["by"], said["merged_by"]) for said in found["said"]] == [(1, "Ana", ""), (2, "Bo", "Cy")]
    assert found["theme"] == {"id": 1, "name": "Dark mode"}
    assert [(row["key"], row["linked_by"], row["state"]) for row in found["work"]] == [("brand/app#12", "Cy", "done")]
    assert [(row["kind"], row["by"]) for row in found["changes"]] == [("shipped", "Cy")]
    told = {row["to"]: row["answer"] and row["answer"]["verdict"] for row in found["told"]}
    assert told == {"Ana": "better", "Bo": None}
    (reward,) = found["rewards"]
    assert (reward["to"], reward["proposed_by"], reward["decision"]["by"]) == ("Ana", "Cy", "Dora")
    acts = [(row["who"], row["what"]) for row in found["history"]]
    assert ("Cy", "shipped it") in acts
    assert ("Cy", "shipped it for 2 ideas") in acts
    assert ("Dora", "approved it") in acts
    assert [row["at"] for row in found["history"]] == sorted(row["at"] for row in found["history"])
    page = text_of(browser, "/ideas/1/evidence")
    for words in ("A dark mode would save my eyes", "Please make it dark at night", "brand/app#12", "approved by Dora"):
        assert words in page
    for answer in (page, json.dumps(found)):
        assert "GIFT" not in answer
        assert "@" not in answer


def test_what_went_into_another_idea_leads_to_the_same_evidence(whole: House) -> None:
    browser = whole.browser("Cy")
    one, other = (browser.get(f"/ideas/{number}/evidence.json").json for number in (1, 2))
    assert one == other
    for path in ("/ideas/2", "/changes/1"):
        assert "/evidence" in browser.get(path).get_data(as_text=True)
    assert "/ideas/1/evidence" in whole.browser("Di").get("/rewards/1").get_data(as_text=True)


def test_deleted_words_are_not_evidence(whole: House) -> None:
    with whole.hub.transaction() as tx:
        message = tx.get_one(Message, 1)
        message.deleted_at = whole.clock()
        ideas.follow_deletion(tx, message=message, now=whole.clock())
    browser = whole.browser("Cy")
    found = browser.get("/ideas/1/evidence.json").get_data(as_text=True)
    assert json.loads(found)["said"][0]["text"] == json.loads(found)["said"][0]["link"] == ""
    for answer in (found, browser.get("/ideas/1/evidence").get_data(as_text=True)):
        assert "save my eyes" not in answer


def test_evidence_of_another_workspace_is_nobodys(whole: House) -> None:
    for path in ("/ideas/1/evidence", "/ideas/1/evidence.json", "/ideas/99/evidence"):
        assert whole.browser("Eve").get(path).status_code == 404


def test_evidence_asks_as_many_queries_for_many_merges_as_for_one(whole: House) -> None:
    browser, counts = whole.browser("Di"), []
    for more in (1, 8):
        for number in range(more):
            whole.join(whole.look(Workspace, 1), f"P{more}{number}", "customer")
            goes = whole.say(f"P{more}{number}", f"Dark, number {number}")
            with whole.hub.transaction() as tx:
                by = tx.get_one(Member, whole.people["Dora" if number % 2 else "Bo"].id)
                ideas.merge(tx, by=by, idea_id=goes, into_id=3, now=whole.clock())
        for path in ("/ideas/3/evidence", "/ideas/3/evidence.json", "/ideas/3"):
            counter = Counter(whole.hub.engine)
            assert browser.get(path).status_code == 200
            counts.append(len(counter.statements))
    assert counts[:3] == counts[3:]
