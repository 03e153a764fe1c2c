"""Approving and declining a thank-you, and what nobody may read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from feedback import rewards
from feedback.blocks import rewards as reward_blocks
from models import Member, Reward
from tests.conftest import give_by
from tests.web.conftest import Browser, House

GIFT = "GIFT-7Q2X-91"


def decide(house: House, browser: Browser, act: str, given: dict[str, str] | None = None) -> TestResponse:
    """As somebody does who has just looked at the page."""
    return browser.post(f"/rewards/1/{act}", {"version": str(house.look(Reward, 1).version), **(given or {})})


def test_a_manager_sees_the_evidence(rewarded: House) -> None:
    page = rewarded.browser("Di").get("/rewards/1").get_data(as_text=True)
    for words in (
        "$25.00 for Ana",
        "A dark mode would save my eyes",
        "Dark mode is in the settings",
        "“Better now”",
        "Cy",
    ):
        assert words in page


def test_whoever_found_that_it_helps_is_named(rewarded: House) -> None:
    page = rewarded.browser("Di").get("/rewards/1").get_data(as_text=True)
    assert "“Better now”, said Ana" in page
    assert "Bo tried it, and it works" in page
    with rewarded.hub.transaction() as tx:
        reward = tx.get_one(Reward, 1)
        reward.reason, reward.change = "call", None
    page = rewarded.browser("Di").get("/rewards/1").get_data(as_text=True)
    assert "Somebody else confirmed it" in page
    assert "Bo confirmed it" in page


def test_a_privilege_is_asked_for_in_words(rewarded: House) -> None:
    with rewarded.hub.transaction() as tx:
        tx.get_one(Reward, 1).amount_cents = 0
    browser = rewarded.browser("Di")
    asked = "What they get: words, a code or a link"
    assert asked in browser.get("/rewards/1").get_data(as_text=True)
    answer = decide(rewarded, browser, "approve", {"gift": " "})
    assert answer.status_code == 422
    assert "Write what they get: words, a code or a link." in answer.get_data(as_text=True)
    with rewarded.hub.reading() as tx:
        assert asked in str(reward_blocks.approve_form(tx.get_one(Reward, 1)))
    assert decide(rewarded, browser, "approve", {"gift": "You try it from Monday on."}).status_code == 303
    assert rewarded.look(Reward, 1).state == "paid"


def test_approving_by_hand_needs_a_code(rewarded: House) -> None:
    browser = rewarded.browser("Di")
    answer = decide(rewarded, browser, "approve", {"gift": ""})
    assert answer.status_code == 422
    assert "Paste the code or link that they get." in answer.get_data(as_text=True)
    answer = decide(rewarded, browser, "approve", {"gift": f"{GIFT} and more"})
    assert answer.status_code == 422
    assert "One code or link, without spaces." in answer.get_data(as_text=True)
    assert GIFT not in answer.get_data(as_text=True)
    assert decide(rewarded, browser, "approve", {"gift": GIFT}).location == "/rewards/1"
    assert rewarded.look(Reward, 1).state == "paid"
    assert decide(rewarded, browser, "approve", {"gift": GIFT}).status_code == 422


def test_the_gift_is_on_no_page(rewarded: House) -> None:
    decide(rewarded, rewarded.browser("Di"), "approve", {"gift": GIFT})
    for name, paths in {
        "Di": ["/rewards", "/rewards/1", "/ideas/1", "/changes/1", "/me", "/members", "/settings", "/inbox"],
        "Ana": ["/me"],
    }.items():
        for path in paths:
            assert GIFT not in rewarded.browser(name).get(path).get_data(as_text=True)
    assert "$25.00" in rewarded.browser("Ana").get("/me").get_data(as_text=True)
    with rewarded.hub.transaction() as tx:
        payout = tx.get_one(Reward, 1).payout
        assert payout
        assert rewards.gift_of(payout, cipher=rewarded.hub.cipher) == GIFT


def test_the_history_says_what_happened_when_it_happened(rewarded: House) -> None:
    browser = rewarded.browser("Di")
    decide(rewarded, browser, "approve", {"gift": GIFT})
    page = browser.get("/rewards/1").get_data(as_text=True)
    assert "took the code or link, and wrote it down as paid" in page
    assert "on its way to Ana’s messages" in page
    assert "sent the gift" not in page
    assert "on its way to your messages" in rewarded.browser("Ana").get("/me").get_data(as_text=True)
    for _ in range(2):
        with rewarded.hub.transaction() as tx:
            rewards.gift_told(tx, payout_id=1, channel_id="D1", ts="1.0", now=rewarded.clock())
    page = browser.get("/rewards/1").get_data(as_text=True)
    assert page.count("sent the gift to them in a message") == 1
    assert "Ana has it in their messages." in page
    assert "It is in your messages" in rewarded.browser("Ana").get("/me").get_data(as_text=True)


def test_declining_needs_a_reason(rewarded: House) -> None:
    browser = rewarded.browser("Di")
    answer = decide(rewarded, browser, "decline", {"why": " "})
    assert answer.status_code == 422
    assert "Say why, for the other managers." in answer.get_data(as_text=True)
    assert decide(rewarded, browser, "decline", {"why": "She works here now"}).status_code == 303
    assert "She works here now" in browser.get("/rewards/1").get_data(as_text=True)
    assert rewarded.look(Reward, 1).state == "declined"


@pytest.mark.parametrize(
    ("name", "reason"), [("Cy", "You proposed it, or recorded the change"), ("Ana", "This one is for you")]
)
def test_neither_who_vouched_nor_who_receives_decides(rewarded: House, name: str, reason: str) -> None:
    with rewarded.hub.transaction() as tx:
        tx.get_one(Member, rewarded.people[name].id).role = "manager"
    browser = rewarded.browser(name)
    page = browser.get("/rewards/1").get_data(as_text=True)
    assert reason in page
    assert "/rewards/1/approve" not in page
    answer = decide(rewarded, browser, "approve", {"gift": GIFT})
    assert answer.status_code == 422
    assert reason in answer.get_data(as_text=True)
    assert rewarded.look(Reward, 1).state == "vesting"


def test_where_a_service_pays_nobody_types_a_code(rewarded: House) -> None:
    with rewarded.hub.transaction() as tx:
        give_by(tx, "tremendous")
    browser = rewarded.browser("Di")
    assert 'name="gift"' not in browser.get("/rewards/1").get_data(as_text=True)
    assert decide(rewarded, browser, "approve").status_code == 303
    assert rewarded.look(Reward, 1).state == "approved"
    assert "On its way" in browser.get("/rewards").get_data(as_text=True)


def test_the_balances_add_up(rewarded: House) -> None:
    browser = rewarded.browser("Di")
    assert "<strong>$25.00</strong> waiting" in browser.get("/rewards").get_data(as_text=True)
    decide(rewarded, browser, "approve", {"gift": GIFT})
    page = browser.get("/rewards").get_data(as_text=True)
    assert "waiting for a yes" not in page
    assert "<strong>$9,975.00</strong> left of $10,000.00" in page
    assert "$25.00 paid" in page


def test_another_workspaces_reward_is_not_there(rewarded: House) -> None:
    eve = rewarded.browser("Eve")
    assert eve.get("/rewards/1").status_code == 404
    assert eve.post("/rewards/1/approve", {"gift": GIFT}).status_code == 404
    assert eve.post("/rewards/1/decline", {"why": "x"}).status_code == 404
    assert eve.post("/rewards/1/gift/again").status_code == 404
    assert eve.post("/rewards/1/gift/back", {"why": "x"}).status_code == 404
    assert "Ana" not in eve.get("/rewards").get_data(as_text=True)
    assert rewarded.look(Reward, 1).state == "vesting"


def test_a_manager_has_it_sent_again_without_seeing_it(rewarded: House) -> None:
    browser = rewarded.browser("Di")
    answer = browser.post("/rewards/1/gift/again")
    assert answer.status_code == 422
    assert "Nothing was paid yet." in answer.get_data(as_text=True)
    decide(rewarded, browser, "approve", {"gift": GIFT})
    page = browser.get("/rewards/1").get_data(as_text=True)
    assert "Ana does not have it yet" in page
    assert "/gift/again" not in page
    with rewarded.hub.transaction() as tx:
        rewards.gift_told(tx, payout_id=1, channel_id="D1", ts="1.0", now=rewarded.clock())
    assert "less than an hour ago" in browser.get("/rewards/1").get_data(as_text=True)
    rewarded.clock.go_on(hours=1)
    assert "Send it to them again" in browser.get("/rewards/1").get_data(as_text=True)
    answer = browser.post("/rewards/1/gift/again")
    assert answer.location == "/rewards/1"
    page = browser.get("/rewards/1").get_data(as_text=True)
    assert "It is on its way to them once more." in page
    assert "had the gift sent once more" in page
    answer = browser.post("/rewards/1/gift/again")
    assert answer.status_code == 422
    assert "less than an hour ago" in answer.get_data(as_text=True)
    assert GIFT not in page + answer.get_data(as_text=True)


def test_a_manager_takes_back_what_nobody_used_and_says_why(rewarded: House) -> None:
    browser = rewarded.browser("Di")
    decide(rewarded, browser, "approve", {"gift": GIFT})
    with rewarded.hub.transaction() as tx:
        rewards.gift_told(tx, payout_id=1, channel_id="D1", ts="1.0", now=rewarded.clock())
    answer = browser.post("/rewards/1/gift/back", {"why": "Too early"})
    assert answer.status_code == 422
    assert "They may take 30 days" in answer.get_data(as_text=True)
    with rewarded.hub.transaction() as tx:
        payout = tx.get_one(Reward, 1).payout
        assert payout
        payout.gift_told_at = rewarded.clock() - timedelta(days=30)
    answer = browser.post("/rewards/1/gift/back", {"why": " "})
    assert answer.status_code == 422
    assert "Ana reads it too" in answer.get_data(as_text=True)
    assert browser.post("/rewards/1/gift/back", {"why": "<b>Unused</b>"}).status_code == 303
    page = browser.get("/rewards/1").get_data(as_text=True)
    assert "It went back" in page
    assert "&lt;b&gt;Unused" in page
    assert "Take it back" not in page
    assert "Taken back. &lt;b&gt;Unused" in rewarded.browser("Ana").get("/me").get_data(as_text=True)


def test_an_approval_is_taken_back_with_a_word_while_nobody_was_asked(rewarded: House) -> None:
    with rewarded.hub.transaction() as tx:
        give_by(tx, "codes")
    browser = rewarded.browser("Di")
    assert decide(rewarded, browser, "approve").status_code == 303
    assert "Take the approval back" in browser.get("/rewards/1").get_data(as_text=True)
    answer = browser.post("/rewards/1/revoke", {"why": ""})
    assert answer.status_code == 422
    assert "Say why. Ana reads it too." in answer.get_data(as_text=True)
    for _ in range(2):
        assert browser.post("/rewards/1/revoke", {"why": "The <wrong> one."}).location == "/rewards/1"
    page = browser.get("/rewards/1").get_data(as_text=True)
    for words in ("It was cancelled: <q>The &lt;wrong&gt; one.</q>", "Approved by Di", "took the approval back"):
        assert words in page, words
    assert "Take the approval back" not in page
    assert rewarded.look(Reward, 1).state == "cancelled"
    assert rewarded.browser("Eve").post("/rewards/1/revoke", {"why": "x"}).status_code == 404
