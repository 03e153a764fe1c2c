"""The page on which managers say what is given for what, and the team's part in earning it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from feedback import rewards
from models import Audit, Budget, Reward, RewardRule, Workspace
from tests.web.conftest import Browser, House

RULE: dict[str, Any] = {
    "points": "10",
    "amount": "25.00",
    "currency": "USD",
    "provider": "manual",
    "link": "",
    "words": "",
    "budget_id": "",
    "most_a_year": "4",
    "supporters": "10",
    "most_a_quarter": "3",
    "vesting_days": "7",
    "proposed_by": "product",
}
LIMITS: dict[str, Any] = {
    "two_approve_above": "50",
    "nearly_spent_percent": "80",
    "reward_after_days": "14",
    "rewards_guests": "no",
    "most_rewards_a_month": "4",
    "most_a_year": "300",
    "blind_percent": "20",
    "half_life_days": "90",
    "has_board": "no",
}


def rules(house: House, trigger: str) -> list[RewardRule]:
    with house.hub.reading() as tx:
        found = select(RewardRule).where(RewardRule.trigger == trigger, RewardRule.workspace_id == 1)
        return list(tx.scalars(found.order_by(RewardRule.id)))


def sent(browser: Browser, trigger: str = "verified", **changes: str) -> Any:
    return browser.post(f"/settings/rewards/{trigger}", {**RULE, **changes})


def test_saving_ends_one_rule_and_begins_another_and_the_same_again_is_no_news(house: House) -> None:
    browser = house.browser("Di")
    house.clock.go_on(days=3)
    for _ in range(2):
        assert sent(browser, amount="12.50", words="A coffee, from us.").location == "/settings/rewards"
    old, new = rules(house, "verified")
    assert (old.ended_at, new.made_at, new.ended_at) == (house.clock(), house.clock(), None)
    assert (new.amount_cents, new.points, new.most_a_year, new.vesting_days) == (1250, 10, 4, 7)
    assert new.made_by_id == house.people["Di"].id
    with house.hub.reading() as tx:
        (row,) = tx.scalars(select(Audit).where(Audit.subject == "rule"))
        assert (row.act, row.subject_id, row.detail["amount_cents"]) == ("set", new.id, 1250)
    page = browser.get("/settings/rewards").get_data(as_text=True)
    assert "$12.50 and 10 points" in page
    assert "set by Di" in page


def test_switching_off_ends_it_and_twice_is_no_news(house: House) -> None:
    browser = house.browser("Di")
    for _ in range(2):
        assert browser.post("/settings/rewards/verified/end").location == "/settings/rewards"
    assert [rule.ended_at for rule in rules(house, "verified")] == [house.clock()]
    assert sent(browser).status_code == 303
    assert [rule.ended_at is None for rule in rules(house, "verified")] == [False, True]


def test_a_privilege_is_a_link_or_words(house: House) -> None:
    browser = house.browser("Di")
    link = "https://calls.example/15?with=team"
    assert sent(browser, "call", provider="booking", amount="", link=link).status_code == 303
    assert sent(browser, "evidence", amount="", words="Early access for a month.").status_code == 303
    assert [(rule.provider, rule.link, rule.amount_cents) for rule in rules(house, "call")] == [("booking", link, 0)]
    assert [rule.words for rule in rules(house, "evidence")] == ["Early access for a month."]


@pytest.mark.parametrize(
    ("wrong", "field", "say"),
    [
        ({"amount": "0"}, "amount", "more than zero"),
        ({"amount": "-5"}, "amount", "below zero"),
        ({"amount": "0.001"}, "amount", "two digits"),
        ({"amount": "1e9"}, "amount", "in full"),
        ({"amount": "NaN"}, "amount", "not a number"),
        ({"amount": "5,00"}, "amount", "without commas"),
        ({"amount": str(2**63)}, "amount", "At most"),
        ({"amount": "٢٥"}, "amount", "digits 0 to 9"),
        ({"amount": "500.01"}, "amount", "At most 500.00"),
        ({"amount": ""}, "words", "Say what they get"),
        ({"amount": "", "provider": "codes"}, "amount", "How much"),
        ({"amount": "", "provider": "booking"}, "link", "https://"),
        ({"amount": "", "provider": "booking", "link": "http://calls.example"}, "link", "https://"),
        ({"amount": "", "provider": "booking", "link": "https://[x"}, "link", "https://"),
        ({"amount": "", "provider": "", "points": "0"}, "points", "would be nothing"),
        ({"provider": ""}, "provider", "how the money gets to them"),
        ({"provider": "tremendous"}, "provider", "No payout service"),
        ({"provider": "cash"}, "provider", "in the list"),
        ({"currency": "JPY"}, "currency", "Choose one of"),
        ({"points": "-1"}, "points", "between 0 and 1000"),
        ({"points": "²"}, "points", "between 0 and 1000"),
        ({"vesting_days": "366"}, "vesting_days", "between 0 and 365"),
        ({"most_a_year": ""}, "most_a_year", "between 0 and 365"),
        ({"words": "x" * 501}, "words", "under 500"),
        ({"budget_id": "99"}, "budget_id", "not open here"),
        ({"budget_id": "2"}, "budget_id", "not open here"),
        ({"budget_id": "1", "currency": "EUR"}, "budget_id", "is in USD"),
    ],
    ids=str,
)
def test_each_field_is_refused_with_its_own_reason(house: House, wrong: dict[str, str], field: str, say: str) -> None:
    answer = sent(house.browser("Di"), **wrong)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="rule-verified-{field}-help" class="wrong"' in page
    assert say in page
    assert len(rules(house, "verified")) == 1


@pytest.mark.parametrize(
    ("trigger", "wrong", "field"),
    [
        ("supported", {"supporters": "1"}, "supporters"),
        ("supported", {"most_a_quarter": "x"}, "most_a_quarter"),
        ("call", {"proposed_by": "customer"}, "proposed_by"),
    ],
)
def test_so_are_those_that_only_some_rules_have(house: House, trigger: str, wrong: dict[str, str], field: str) -> None:
    answer = sent(house.browser("Di"), trigger, **wrong)
    assert answer.status_code == 422
    assert f'id="rule-{trigger}-{field}-help" class="wrong"' in answer.get_data(as_text=True)
    assert rules(house, trigger) == []


def test_a_rule_that_is_none_is_not_there(house: House) -> None:
    assert sent(house.browser("Di"), "praise").status_code == 404
    assert house.browser("Di").post("/settings/rewards/praise/end").status_code == 404


def test_the_workspaces_settings_are_kept(house: House) -> None:
    typed = {**LIMITS, "two_approve_above": "75.50", "most_a_year": "", "rewards_guests": "yes", "has_board": "yes"}
    browser = house.browser("Di")
    assert browser.post("/settings/rewards", {**typed, "half_life_days": "30"}).location == "/settings/rewards"
    found = house.look(Workspace, 1)
    assert (found.two_approve_above_cents, found.most_cents_a_year, found.half_life_days) == (7550, 0, 30)
    assert (found.rewards_guests, found.has_board, found.reward_after_days) == (True, True, 14)
    assert 'value="75.50"' in browser.get("/settings/rewards").get_data(as_text=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"two_approve_above": ""},
        {"two_approve_above": "100000.01"},
        {"most_a_year": "0"},
        {"nearly_spent_percent": "0"},
        {"reward_after_days": "366"},
        {"most_rewards_a_month": "-1"},
        {"blind_percent": "101"},
        {"half_life_days": "0"},
    ],
    ids=str,
)
def test_a_wrong_setting_is_said_below_its_field(house: House, wrong: dict[str, str]) -> None:
    answer = house.browser("Di").post("/settings/rewards", {**LIMITS, **wrong})
    assert answer.status_code == 422
    assert f'id="limits-{next(iter(wrong))}-help" class="wrong"' in answer.get_data(as_text=True)


def test_another_workspaces_rules_and_budgets_are_not_there(house: House) -> None:
    sent(house.browser("Di"), "evidence", words="For Ana’s people.")
    page = house.browser("Eve").get("/settings/rewards").get_data(as_text=True)
    assert "For Ana’s people." not in page
    assert page.count("Thanks (") == 6, "one budget, in each of the six"
    assert {budget.workspace_id for budget in house.all(Budget)} == {1, 2}


# The team's part.


def test_somebody_is_thanked_by_hand_and_somebody_else_confirms_it(filled: House) -> None:
    di, cy, bo = (filled.browser(name) for name in ("Di", "Cy", "Bo"))
    assert "Nothing is given for that yet" in cy.get("/ideas/1/thank").get_data(as_text=True)
    sent(di, "call", provider="booking", amount="", link="https://calls.example/15")
    assert "Thank somebody for this" in cy.get("/ideas/1").get_data(as_text=True)
    note = "<b>Half an hour</b> about her eyes."
    typed = {"member_id": f"{filled.people['Ana'].id}", "trigger": "call", "note": note}
    assert cy.post("/ideas/1/thank", typed).location == "/ideas/1"
    assert cy.post("/ideas/1/thank", typed).status_code == 303
    (reward,) = filled.all(Reward)
    assert (reward.state, reward.reason, reward.note) == ("proposed", "call", note)
    assert "for somebody else to confirm" in cy.get("/rewards/tried").get_data(as_text=True)
    page = bo.get("/rewards/tried").get_data(as_text=True)
    assert "Yes, that helped" in page
    assert "&lt;b&gt;Half an hour" in page
    refused = cy.post("/rewards/1/tried")
    assert refused.status_code == 422
    assert "You proposed it" in refused.get_data(as_text=True)
    assert bo.post("/rewards/1/tried?from=idea").location == "/ideas/1"
    assert filled.look(Reward, 1).state == "vesting"
    assert "Nothing waits to be confirmed" in bo.get("/rewards/tried").get_data(as_text=True)


def test_a_thank_you_that_stands_already_is_not_said_to_be_proposed(filled: House) -> None:
    """Otherwise what somebody wrote about it would be lost without a word."""
    di, cy, bo = (filled.browser(name) for name in ("Di", "Cy", "Bo"))
    link = "https://calls.example/15"
    sent(di, "call", provider="booking", amount="", link=link, vesting_days="0", proposed_by="moderator")
    typed = {"member_id": f"{filled.people['Ana'].id}", "trigger": "call", "note": "Half an hour."}
    assert cy.post("/ideas/1/thank", typed).status_code == 303

    def refused(browser: Browser, note: str) -> str:
        answer = browser.post("/ideas/1/thank", {**typed, "note": note})
        assert answer.status_code == 422
        return answer.get_data(as_text=True)

    assert "Cy proposed that already, for Ana. It waits for others." in refused(bo, "We talked.")
    assert "Cy proposed that already" in refused(cy, "An hour, rather.")
    assert "We talked." in refused(bo, "We talked.")
    bo.post("/rewards/1/tried")
    version = filled.look(Reward, 1).version
    assert di.post("/rewards/1/decline", {"version": str(version), "why": "No."}).status_code == 303
    page = refused(cy, "Half an hour.")
    assert "A manager decided about this one already." in page
    assert filled.look(Reward, 1).note == "Half an hour."


@pytest.mark.parametrize(
    ("wrong", "field"), [({"note": " "}, "note"), ({"trigger": ""}, "trigger"), ({"member_id": "99"}, "member_id")]
)
def test_a_thank_you_that_is_wrong_says_where(filled: House, wrong: dict[str, str], field: str) -> None:
    sent(filled.browser("Di"), "call", provider="booking", amount="", link="https://calls.example/15")
    typed = {"member_id": f"{filled.people['Ana'].id}", "trigger": "call", "note": "A call.", **wrong}
    answer = filled.browser("Cy").post("/ideas/1/thank", typed)
    assert answer.status_code == 422
    assert f'id="thank-{field}-help" class="wrong"' in answer.get_data(as_text=True)
    assert filled.all(Reward) == []


def test_nobody_reaches_into_another_workspace(filled: House) -> None:
    sent(filled.browser("Di"), "call", provider="booking", amount="", link="https://calls.example/15")
    eve = filled.browser("Eve")
    sent(eve, "call", provider="booking", amount="", link="https://calls.example/15")
    typed = {"member_id": f"{filled.people['Ana'].id}", "trigger": "call", "note": "A call."}
    assert eve.get("/ideas/1/thank").status_code == 404
    assert eve.post("/ideas/1/thank", typed).status_code == 404
    filled.browser("Cy").post("/ideas/1/thank", typed)
    assert eve.post("/rewards/1/tried").status_code == 422
    assert filled.look(Reward, 1).state == "proposed"
    assert "Ana" not in eve.get("/rewards/tried").get_data(as_text=True)


def test_every_rule_has_a_card(house: House) -> None:
    page = house.browser("Di").get("/settings/rewards").get_data(as_text=True)
    for trigger in rewards.TRIGGERS:
        assert f'id="{trigger}"' in page


def test_whoever_may_confirm_finds_the_way_there(filled: House) -> None:
    for name in ("Bo", "Cy", "Di"):
        assert 'href="/rewards/tried"' in filled.browser(name).get("/ideas").get_data(as_text=True)
