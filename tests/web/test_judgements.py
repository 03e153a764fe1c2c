"""The page on which the team looks through what may hold feedback; the settings of it; and an idea that is none."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from feedback import hearing, judgements
from feedback.messages import Said
from feedback.overview import judgements as overview
from models import Channel, Idea, Judgement, Message, Refit, Workspace
from tests.web.conftest import Counter, House
from tests.web.test_workspaces import SETTINGS


def hear(house: House, name: str, text: str, probability: float, kind: str = "idea") -> int:
    """A message in #feedback, as the judging leaves it for the team. Returns the judgement's id."""
    house.clock.go_on(seconds=60)
    now, member = house.clock(), house.people[name]
    with house.hub.transaction() as tx:
        workspace = tx.get_one(Workspace, member.workspace_id)
        for channel in tx.scalars(select(Channel)):
            channel.capture = "team"
        said = Said("C1", f"{now.timestamp():.6f}", None, member.slack_id, text)
        message = hearing.heard(tx, workspace=workspace, said=said, now=now)
        tx.flush()
        seen = judgements.to_judge(tx, message_id=message.id)
        assert seen
        found = judgements.keep(tx, seen=seen, kind=kind, probability=probability, version="v", now=now)
        assert found
        return found.id


def texts(page: str) -> list[str]:
    return re.findall(r'<blockquote class="whole">(.*?)</blockquote>', page, re.DOTALL)


def test_the_least_certain_comes_first_and_what_it_seems_to_be_is_chosen(house: House) -> None:
    hear(house, "Ana", "Surely an idea", 0.95)
    hear(house, "Ana", "Hard to tell &lt;b&gt;", 0.52, "problem")
    hear(house, "Bo", "Rather a question", 0.7, "question")
    page = house.browser("Bo").get("/review").get_data(as_text=True)
    assert texts(page) == ["Hard to tell &lt;b&gt;", "Rather a question", "Surely an idea"]
    assert re.findall(r'<option value="(\w+)" selected>', page) == ["problem", "question", "idea"]
    assert "in #feedback" in page
    assert "<strong>3</strong> to look through" in house.browser("Bo").get("/inbox").get_data(as_text=True)


def test_keeping_makes_an_idea_of_that_kind(house: House) -> None:
    judgement_id = hear(house, "Ana", "The lid is loose", 0.6)
    browser = house.browser("Bo")
    answer = browser.post(f"/review/{judgement_id}/keep", {"kind": "problem"})
    assert answer.location == "/review"
    (idea,) = house.all(Idea)
    assert (idea.text, idea.kind, idea.captured_by_id) == ("The lid is loose", "problem", house.people["Bo"].id)
    assert "Nothing to look through" in browser.get("/review").get_data(as_text=True)
    decided = browser.get("/review/decided").get_data(as_text=True)
    assert f'href="/ideas/{idea.id}"' in decided
    assert "Look again" not in decided
    assert "kept it after looking through" in browser.get(f"/ideas/{idea.id}").get_data(as_text=True)
    assert browser.post(f"/review/{judgement_id}/keep", {"kind": "problem"}).status_code == 303, "twice is no news"


def test_what_is_no_feedback_can_be_looked_at_again(house: House) -> None:
    judgement_id = hear(house, "Ana", "See you on Thursday", 0.6)
    browser = house.browser("Bo")
    answer = browser.post(f"/review/{judgement_id}/nothing")
    assert answer.location == f"/review?undo={judgement_id}"
    after = browser.get(answer.location).get_data(as_text=True)
    assert "Put aside as no feedback." in after
    assert f'action="/review/{judgement_id}/undo"' in after
    assert "Not feedback" in browser.get("/review/decided").get_data(as_text=True)
    browser.post(f"/review/{judgement_id}/undo")
    assert texts(browser.get("/review").get_data(as_text=True)) == ["See you on Thursday"]
    assert house.look(Judgement, judgement_id).decision is None


def test_wrong_input_is_said_on_the_page(house: House) -> None:
    judgement_id = hear(house, "Ana", "The lid is loose", 0.6)
    answer = house.browser("Bo").post(f"/review/{judgement_id}/keep", {"kind": "rumour"})
    assert answer.status_code == 422
    assert "Choose what it is." in answer.get_data(as_text=True)
    assert house.browser("Ana").get("/review").status_code == 403
    for act in ("keep", "nothing", "undo"):
        theirs = house.browser("Eve").post(f"/review/{judgement_id}/{act}", {"kind": "idea"})
        assert theirs.status_code == 422
        assert "not here any more" in theirs.get_data(as_text=True)
    assert texts(house.browser("Eve").get("/review").get_data(as_text=True)) == []
    assert house.all(Idea) == []


def test_a_question_that_nobody_answered_comes_to_the_team(house: House) -> None:
    judgement_id = hear(house, "Ana", "The lid is loose", 0.6)
    with house.hub.transaction() as tx:
        found = tx.get_one(Judgement, judgement_id)
        found.state, found.asked_at = "asked", house.clock()
    browser = house.browser("Bo")
    assert texts(browser.get("/review").get_data(as_text=True)) == []
    house.clock.go_on(days=1)
    assert texts(browser.get("/review").get_data(as_text=True)) == ["The lid is loose"]


def test_an_idea_can_be_called_something_else(filled: House) -> None:
    browser = filled.browser("Bo")
    assert browser.post("/ideas/1/sort", {"kind": "problem"}).status_code == 303
    page = browser.get("/ideas/1").get_data(as_text=True)
    assert "called it a problem" in page
    assert browser.post("/ideas/1/sort", {"kind": "nothing"}).status_code == 303
    page = browser.get("/ideas/1").get_data(as_text=True)
    assert "said that it is no feedback" in page
    assert filled.look(Idea, 1).state == "withdrawn"
    assert [found.decision for found in filled.all(Judgement)] == ["nothing"]
    decided = browser.get("/review/decided").get_data(as_text=True)
    assert "Look again" not in decided, "it would wait where nobody sees it"
    assert 'href="/ideas/1"' in decided
    refused = browser.post("/ideas/2/sort", {"kind": "rumour"})
    assert refused.status_code == 422
    assert "Choose what it is." in refused.get_data(as_text=True)


def test_each_channel_has_its_own_way(house: House) -> None:
    browser = house.browser("Di")
    sent: dict[str, Any] = {**SETTINGS, "capture": ["C1:automatic"], "capture_percent": "90"}
    assert browser.post("/settings", sent).status_code == 303
    assert (house.all(Channel)[0].capture, house.look(Workspace, 1).capture_percent) == ("automatic", 90)
    page = browser.get("/settings").get_data(as_text=True)
    assert '<option value="C1:automatic" selected>' in page
    assert browser.post("/settings", SETTINGS).status_code == 303
    assert house.all(Channel)[0].capture == "automatic", "what is not named stays"


@pytest.mark.parametrize(
    ("wrong", "say"),
    [
        ({"capture_percent": "sure"}, "Write a whole number between 50 and 99."),
        ({"capture_percent": "100"}, "Write a whole number between 50 and 99."),
        ({"capture_percent": "٨٠"}, "Write a whole number"),
        ({"capture": ["C1:always"]}, "Choose one of the ways in the list."),
    ],
)
def test_wrong_settings_of_it_are_said(house: House, wrong: dict[str, Any], say: str) -> None:
    answer = house.browser("Di").post("/settings", {**SETTINGS, **wrong})
    assert answer.status_code == 422
    assert say in answer.get_data(as_text=True)
    assert (house.all(Channel)[0].capture, house.look(Workspace, 1).capture_percent) == ("off", 80)


def test_a_long_queue_has_pages_and_asks_no_more_queries(house: House) -> None:
    counter = Counter(house.hub.engine)
    browser = house.browser("Bo")

    def counted(path: str) -> int:
        counter.statements.clear()
        assert browser.get(path).status_code == 200
        return len(counter.statements)

    for number in range(2):
        hear(house, "Ana", f"Thing {number}", 0.6)
    few = [counted(path) for path in ("/review", "/review/decided", "/inbox")]
    for number in range(40):
        judgement_id = hear(house, "Ana", f"Other thing {number}", 0.5 + number / 100)
        if number % 4 == 0:
            browser.post(f"/review/{judgement_id}/nothing")
    assert [counted(path) for path in ("/review", "/review/decided", "/inbox")] == few
    pages = [texts(browser.get(f"/review?page={number}").get_data(as_text=True)) for number in (1, 2)]
    assert [len(page) for page in pages] == [25, 7]
    assert not set(pages[0]) & set(pages[1])


def test_how_well_is_judged_can_be_read(house: House) -> None:
    judgement_id = hear(house, "Ana", "The lid is loose", 0.6)
    with house.hub.transaction() as tx:
        before = overview.judging(tx, workspace_id=1)
    house.browser("Bo").post(f"/review/{judgement_id}/nothing")
    scores: dict[str, Any] = {"macro_f1": (0.5, 0.6), "brier": (0.4, 0.3), "corrections": 30, "held_out": 9}
    with house.hub.transaction() as tx:
        for switched in (True, *[False] * overview.MOST_REFITS):
            facts: dict[str, Any] = {
                "workspace_id": 1,
                "version": f"v{switched}",
                "numbers": b"1",
                "now": house.clock(),
            }
            judgements.keep_refit(tx, **facts, **scores, switched=switched)
    with house.hub.reading() as tx:
        after = overview.judging(tx, workspace_id=1)
        assert overview.judging(tx, workspace_id=2).refits == []
    assert (before.decided, before.in_use, before.refits) == (0, None, [])
    assert after.in_use
    assert (after.decided, after.in_use.version, len(after.refits)) == (1, "vTrue", overview.MOST_REFITS)
    assert {refit.switched: refit.numbers for refit in house.all(Refit)} == {True: b"1", False: b""}
    assert [message.text for message in house.all(Message)] == ["The lid is loose"]


def test_what_somebody_added_below_their_own_message_is_read_with_it(house: House) -> None:
    hear(house, "Ana", "Good morning", 0.6, "problem")
    with house.hub.transaction() as tx:
        first = tx.scalars(select(Message)).one()
        workspace = tx.get_one(Workspace, first.workspace_id)
        for number, (name, text) in enumerate([("Ana", "The lid came off &lt;today&gt;"), ("Bo", "Oh no")]):
            ts = f"{float(first.ts) + 10 + number:.6f}"
            said = Said("C1", ts, first.ts, house.people[name].slack_id, text)
            hearing.heard(tx, workspace=workspace, said=said, now=house.clock())
    page = house.browser("Bo").get("/review").get_data(as_text=True)
    assert texts(page) == ["Good morning The lid came off &lt;today&gt;"]
