"""The page of what did not get through: in words, for managers, tried again or left with one press."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from feedback import outbox, rewards
from feedback.overview import undelivered as overview
from models import Audit, Member, Outbox, Payout, Reward
from tests.conftest import give_by
from tests.web.conftest import Browser, Counter, House

PATH = "/undelivered"


def fail(house: House, *kinds: str, error: str = "channel_not_found", state: str = "failed") -> list[int]:
    """All rows of these kinds as they are when they did not get through. Returns their ids."""
    with house.hub.transaction() as tx:
        rows = tx.scalars(select(Outbox).where(Outbox.kind.in_(kinds)).order_by(Outbox.id)).all()
        for row in rows:
            row.state, row.error, row.attempt, row.tries = state, error, 1, 25
        return [row.id for row in rows]


def payment(house: House) -> int:
    row: Outbox = next(row for row in house.all(Outbox) if row.kind == "reward.pay")
    return row.id


def text_of(browser: Browser, path: str = PATH) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", browser.get(path).get_data(as_text=True)).split())


@pytest.fixture
def refused(rewarded: House) -> House:
    """Ana's thank-you was approved, and the payout service refused it."""
    with rewarded.hub.transaction() as tx:
        give_by(tx, "tremendous")
        di = tx.get_one(Member, rewarded.people["Di"].id)
        rewards.approve(tx, reward_id=1, manager=di, cipher=rewarded.hub.cipher, now=rewarded.clock())
        payout = tx.scalars(select(Payout)).one()
        rewards.unpayable(tx, payout_id=payout.id, state="failed", error="http_422: no country", now=rewarded.clock())
    fail(rewarded, "reward.pay", error="http_422: no country")
    return rewarded


def test_when_everything_got_through_nothing_is_said_of_it(filled: House) -> None:
    browser = filled.browser("Di")
    assert "Undelivered" not in text_of(browser, "/inbox")
    assert "Everything got through" in text_of(browser)


def test_managers_are_told_on_every_page_and_nobody_else_is(filled: House) -> None:
    fail(filled, "idea.receipt")
    assert "Undelivered 3" in text_of(filled.browser("Di"), "/inbox")
    assert "Undelivered" not in text_of(filled.browser("Cy"), "/inbox")
    assert filled.browser("Cy").get(PATH).status_code == 403
    assert filled.browser("Cy").post(f"{PATH}/1/again").status_code == 403
    assert "Undelivered" not in text_of(filled.browser("Eve"), "/inbox")


def test_each_says_what_was_to_be_done_for_whom_and_why_it_was_not(refused: House) -> None:
    fail(refused, "idea.receipt", error="not_in_channel")
    fail(refused, "loop.notice", error="chat.postMessage: timed out", state="human")
    fail(refused, "idea.place", error="KeyError: 'what Ana said'", state="human")
    page = text_of(refused.browser("Di"))
    for words in (
        "Pay $25.00 to Ana",
        "The payout service did not take it as Roundtrip put it. http_422: no country",
        "Tell Ana that it was kept A dark mode would save my eyes",
        "The app is not in that channel. Somebody there has to write /invite @Roundtrip. not_in_channel",
        "Tell Bo that it shipped",
        "Slack did not answer, or not clearly. It was tried 25 times. chat.postMessage: timed out",
        "Something went wrong on our side. It was tried 25 times. KeyError",
    ):
        assert words in page
    assert "what Ana said" not in page
    assert page.index("Pay $25.00") < page.index("Tell Ana")


def test_every_kind_of_work_has_words() -> None:
    assert set(overview.WHAT) == set(outbox.QUEUE_OF_KIND)
    nothing = overview.About()
    assert all("None" not in say(nothing) for say in overview.WHAT.values())


def test_trying_again_is_one_press_and_one_audit_row(refused: House) -> None:
    browser = refused.browser("Di")
    row_id = payment(refused)
    for _ in range(2):
        assert browser.post(f"{PATH}/{row_id}/again", {"attempt": "1"}).location == PATH
    assert "It is being tried again." in text_of(browser)
    assert refused.look(Reward, 1).state == "approved"
    assert [row.act for row in refused.all(Audit) if row.subject == "outbox"] == ["tried again"]
    page = text_of(browser, "/rewards/1")
    assert "Di had the payment tried again" in page
    assert "Roundtrip could not pay it" in page


def test_a_press_on_an_old_page_says_so_and_does_nothing(refused: House) -> None:
    browser = refused.browser("Di")
    row_id = payment(refused)
    for act in ("again", "leave"):
        answer = browser.post(f"{PATH}/{row_id}/{act}", {"attempt": "0"})
        assert answer.status_code == 422
        assert "This is how things stand now." in answer.get_data(as_text=True)
    assert refused.look(Reward, 1).state == "failed"
    assert refused.browser("Di").client.post(f"{PATH}/{row_id}/again", data={"attempt": "1"}).status_code == 400
    assert refused.look(Outbox, row_id).state == "failed"


def test_what_is_left_does_not_come_back(filled: House) -> None:
    first, *rest = fail(filled, "idea.receipt")
    browser = filled.browser("Di")
    assert browser.post(f"{PATH}/{first}/leave", {"attempt": "1"}).location == PATH
    left = filled.look(Outbox, first)
    assert (left.dismissed_at, left.dismissed_by_id) == (filled.clock(), filled.people["Di"].id)
    page = text_of(browser)
    assert f"{len(rest)} things wait" in page
    assert "It is left as it is." in page


def test_nothing_of_another_workspace(filled: House) -> None:
    first, *_ = fail(filled, "idea.receipt")
    eve = filled.browser("Eve")
    assert "Everything got through" in text_of(eve)
    for act in ("again", "leave"):
        answer = eve.post(f"{PATH}/{first}/{act}", {"attempt": "1"})
        assert answer.status_code == 422
        assert "That is not here." in answer.get_data(as_text=True)
    assert filled.look(Outbox, first).state == "failed"


def test_a_reward_says_where_its_payment_is_stuck(refused: House) -> None:
    browser = refused.browser("Di")
    assert "It did not get through: try it again, or leave it" in text_of(browser, "/rewards/1")
    browser.post(f"{PATH}/{payment(refused)}/again", {"attempt": "1"})
    assert "It did not get through" not in text_of(browser, "/rewards/1")


def test_a_payment_that_was_left_is_tried_again_on_its_own_page(refused: House) -> None:
    browser = refused.browser("Di")
    browser.post(f"{PATH}/{payment(refused)}/leave", {"attempt": "1"})
    page = browser.get("/rewards/1").get_data(as_text=True)
    assert "It did not get through, and was left as it is." in page
    [action] = re.findall(r'action="(/undelivered/\d+/again)"', page)
    [attempt] = re.findall(r'name="attempt" value="(\d+)"', page)
    assert browser.post(action, {"attempt": attempt}).location == PATH
    assert refused.look(Reward, 1).state == "approved"
    row = refused.look(Outbox, payment(refused))
    assert (row.state, row.dismissed_at, row.dismissed_by_id) == ("sending", None, None)
    assert "Try again" not in text_of(browser, "/rewards/1")


def test_a_thousand_of_them_are_paged_and_ask_as_many_queries_as_three(refused: House) -> None:
    fail(refused, "idea.receipt")
    browser, counter = refused.browser("Di"), Counter(refused.hub.engine)

    def counted(path: str) -> int:
        counter.statements.clear()
        assert browser.get(path).status_code == 200
        return len(counter.statements)

    few = counted(PATH)
    kinds = {
        "idea.card": "idea_id",
        "loop.notice": "notice_id",
        "home.publish": "member_id",
        "reward.card": "reward_id",
        "reward.gift": "payout_id",
    }
    with refused.hub.transaction() as tx:
        for number in range(1000):
            kind, name = list(kinds.items())[number % 5]
            facts: dict[str, Any] = {name: 1}
            outbox.owe(tx, workspace_id=1, kind=kind, key=f"many:{number}", now=refused.clock(), **facts)
        for row in tx.scalars(select(Outbox).where(Outbox.key.startswith("many:"))):
            row.state, row.error = "human", "http_503"
    assert counted(PATH) == counted(f"{PATH}?page=30") == few
    page = text_of(browser)
    assert "Undelivered 1,004" in page
    assert "1,004 things wait for a manager." in page
    assert "Page 1 of 41" in page


def test_what_people_write_is_never_markup(house: House) -> None:
    evil = "<script>alert(1)</script>"
    with house.hub.transaction() as tx:
        tx.get_one(Member, house.people["Ana"].id).name = f"Ana {evil}"
    house.say("Ana", evil)
    fail(house, "idea.receipt", error=f"{evil} {evil}")
    page = house.browser("Di").get(PATH).get_data(as_text=True)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;") == 3
