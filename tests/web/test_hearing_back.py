"""The pages of what came back: answers, appeals, promises, and the settings of all of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedback import appeals, hearing, ideas, promises
from feedback.messages import Said
from models import Idea, Member, Message, Notice, Promise, Workspace
from tests.web.conftest import House

NUMBERS = {"remind_after_days": "5", "reopen_after": "2", "ask_first_days": "0", "appeal_supporters": "1"}


def test_a_manager_sets_how_hearing_back_works(house: House) -> None:
    browser = house.browser("Di")
    assert "Hearing back" in browser.get("/settings").get_data(as_text=True)
    page = browser.get("/settings/loop").get_data(as_text=True)
    assert 'id="loop-remind_after_days"' in page
    assert 'value="7"' in page
    assert browser.post("/settings/loop", NUMBERS).location == "/settings/loop"
    workspace = house.look(Workspace, 1)
    assert {name: str(getattr(workspace, name)) for name in NUMBERS} == NUMBERS
    assert house.look(Workspace, 2).remind_after_days == 7


def test_a_wrong_number_is_said_below_it_and_the_rest_kept(house: House) -> None:
    answer = house.browser("Di").post("/settings/loop", {**NUMBERS, "reopen_after": "many"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="loop-reopen_after-help" class="wrong"' in page
    assert 'value="many"' in page
    assert 'value="5"' in page
    assert house.look(Workspace, 1).remind_after_days == 7


def test_partly_is_shown_wherever_answers_are(rewarded: House) -> None:
    rewarded.answer("Bo", "partly", why="Only the menu is dark")
    browser = rewarded.browser("Cy")
    for path in ("/changes/1", "/ideas/2", "/ideas", "/loop?show=partly"):
        page = browser.get(path).get_data(as_text=True)
        assert "Only the menu is dark" in page, path
        assert "Partly" in page, path
    assert "1 partly" in browser.get("/changes").get_data(as_text=True)
    assert "partly, this week" in browser.get("/inbox").get_data(as_text=True)


def test_who_waits_until_others_were_asked_and_who_is_not_told(rewarded: House) -> None:
    rewarded.answer("Bo", "not_yet", why="Only the menu is dark")
    browser = rewarded.browser("Cy")
    browser.post("/ideas/2/plan")
    data = {"step": "tell", "nonce": "2", "summary": "All of it is dark", "idea_ids": ["2"]}
    change_id = browser.post("/changes/new", data).location.rpartition("/")[2]
    assert "Waiting to be told" in browser.get(f"/changes/{change_id}").get_data(as_text=True)
    with rewarded.hub.transaction() as tx:
        last = tx.get_one(Notice, len(rewarded.all(Notice)))
        last.not_before = rewarded.clock() + timedelta(days=3)
    assert "not before" in browser.get(f"/changes/{change_id}").get_data(as_text=True)
    with rewarded.hub.transaction() as tx:
        tx.get_one(Notice, last.id).dropped_at = rewarded.clock()
    assert "did not help those who were asked first" in browser.get(f"/changes/{change_id}").get_data(as_text=True)
    assert "All of it is dark" not in browser.get("/loop?show=waiting").get_data(as_text=True)


def declined(house: House) -> Notice:
    """Ana's idea was declined, and she was told. Her notice."""
    house.browser("Cy").post("/ideas/3/decline", {"reason": "not_now", "summary": "Dark mode comes first"})
    house.tell_everybody()
    found: Notice = next(notice for notice in house.all(Notice) if notice.idea_id == 3)
    return found


def test_asking_again_stands_on_the_ideas_page_and_brings_it_to_the_top(filled: House) -> None:
    browser = filled.browser("Di")
    browser.post("/settings/loop", NUMBERS)
    notice = declined(filled)
    filled.clock.go_on(hours=1)
    with filled.hub.transaction() as tx:
        ana = tx.get_one(Member, filled.people["Ana"].id)
        appeals.ask_again(tx, notice_id=notice.id, member=ana, words="I <b>count</b> things", now=filled.clock())
    page = browser.get("/ideas/3").get_data(as_text=True)
    assert "I &lt;b&gt;count&lt;/b&gt; things" in page
    assert "0 of 1 new person" in page
    filled.clock.go_on(hours=1)
    newer = filled.say("Bo", "Something newer")
    with filled.hub.transaction() as tx:
        bo = tx.get_one(Member, filled.people["Bo"].id)
        ideas.vote(tx, workspace=tx.get_one(Workspace, 1), idea_id=3, member=bo, now=filled.clock())
        appeals.weigh(tx, idea_id=3, now=filled.clock())
    page = browser.get("/inbox").get_data(as_text=True)
    assert page.index('id="idea-3"') < page.index(f'id="idea-{newer}"')
    assert "with 1 new person behind it" in page


@pytest.fixture
def promised(filled: House) -> House:
    """Cy promised Ana something."""
    with filled.hub.transaction() as tx:
        began = tx.get_one(Message, tx.get_one(Idea, 3).message_id)
        workspace = tx.get_one(Workspace, 1)
        ts = f"{filled.clock().timestamp() + 1:.6f}"
        said = Said("C1", ts, began.ts, filled.people["Cy"].slack_id, "I'll check &lt;b&gt;tomorrow&lt;/b&gt;")
        hearing.heard(tx, workspace=workspace, said=said, now=filled.clock())
        cy = tx.get_one(Member, filled.people["Cy"].id)
        promises.note(tx, promise_id=1, member=cy, due="2026-03-10", now=filled.clock())
    return filled


def test_promises_are_listed_by_state_and_by_person(promised: House) -> None:
    browser = promised.browser("Bo")
    page = browser.get("/promises").get_data(as_text=True)
    assert "I&#39;ll check &lt;b&gt;tomorrow&lt;/b&gt;" in page
    assert "10 Mar" in page
    assert "none has ended yet" in page
    assert "10 Mar" in browser.get("/ideas/3").get_data(as_text=True)
    with promised.hub.transaction() as tx:
        cy = tx.get_one(Member, promised.people["Cy"].id)
        promises.keep(tx, promise_id=1, member=cy, now=promised.clock())
    page = browser.get("/promises?show=kept").get_data(as_text=True)
    assert "1 of 1" in page
    assert "100 %" in page
    assert promised.look(Promise, 1).state == "kept"


def test_another_workspace_sees_none_of_it(promised: House) -> None:
    assert "No promise has been noted yet" in promised.browser("Eve").get("/promises").get_data(as_text=True)
