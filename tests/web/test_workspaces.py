"""Roles and settings, one's own page, and how many queries a page asks."""

from __future__ import annotations

from typing import Any

import pytest

from feedback import changes, themes, workspaces
from models import Channel, Member, Workspace
from tests.web.conftest import Counter, House

SETTINGS: dict[str, Any] = {
    "triage_channel_id": "",
    "managers_channel_id": "",
    "listening_to": ["C1"],
}


def test_giving_a_role(house: House) -> None:
    browser = house.browser("Di")
    assert browser.post(f"/members/{house.people['Ana'].id}/role", {"role": "moderator"}).location == "/members"
    assert house.look(Member, house.people["Ana"].id).role == "moderator"
    answer = browser.post(f"/members/{house.people['Ana'].id}/role", {"role": "queen"})
    assert answer.status_code == 422
    assert "A role is one of" in answer.get_data(as_text=True)


def test_the_last_manager_stays(house: House) -> None:
    browser = house.browser("Di")
    assert browser.post(f"/members/{house.people['Dora'].id}/role", {"role": "customer"}).status_code == 303
    answer = browser.post(f"/members/{house.people['Di'].id}/role", {"role": "customer"})
    assert answer.status_code == 422
    assert "at least one manager" in answer.get_data(as_text=True)


def test_nobody_gives_roles_in_another_workspace(house: House) -> None:
    answer = house.browser("Eve").post(f"/members/{house.people['Ana'].id}/role", {"role": "manager"})
    assert answer.status_code == 422
    assert house.look(Member, house.people["Ana"].id).role == "customer"
    assert "Ana" not in house.browser("Eve").get("/members").get_data(as_text=True)


def test_members_are_found_by_name(house: House) -> None:
    page = house.browser("Di").get("/members?q=an").get_data(as_text=True)
    assert "Role of Ana" in page
    assert "Role of Cy" not in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"triage_channel_id": "C9"}, "triage_channel_id"),
        ({"managers_channel_id": "C9"}, "managers_channel_id"),
    ],
)
def test_other_wrong_settings_too(house: House, wrong: dict[str, str], field: str) -> None:
    answer = house.browser("Di").post("/settings", {**SETTINGS, **wrong})
    assert answer.status_code == 422
    assert f'id="settings-{field}-help" class="wrong"' in answer.get_data(as_text=True)


def test_settings_are_kept(house: House) -> None:
    with house.hub.transaction() as tx:
        workspaces.channel_of(tx, workspace=tx.get_one(Workspace, 1), channel_id="C2").app_is_in = True
    browser = house.browser("Di")
    data = {**SETTINGS, "triage_channel_id": "C2", "listening_to": []}
    data["themes"] = "follow"
    assert browser.post("/settings", data).status_code == 303
    workspace = house.look(Workspace, 1)
    assert (workspace.triage_channel_id, workspace.managers_channel_id) == ("C2", None)
    assert workspace.themes_follow
    assert house.all(Channel)[0].listens is False
    page = browser.get("/settings").get_data(as_text=True)
    assert '<option value="C2" selected>' in page
    assert '<option value="follow" selected>' in page


def test_ones_own_page_says_what_became_of_it(rewarded: House) -> None:
    page = rewarded.browser("Ana").get("/me").get_data(as_text=True)
    assert "Shipped, and it helped" in page
    assert "Dark mode is in the settings" in page
    assert "Export to a spreadsheet" in page
    assert "Inbox" not in page
    assert "What you backed" in rewarded.browser("Bo").get("/me").get_data(as_text=True)


PAGES = [
    "/inbox",
    "/ideas",
    "/ideas/1",
    "/ideas/1/evidence",
    "/ideas/1/evidence.json",
    "/themes",
    "/themes/1",
    "/themes/map",
    "/themes/proposed",
    "/changes",
    "/changes/1",
    "/changes/new",
    "/changes/new?proposed=1",
    "/changes/proposed",
    "/changes/proposed?show=aside",
    "/changes/import",
    "/loop",
    "/loop/debt",
    "/loop/measures",
    "/metrics",
]
PAGES += [
    "/rewards",
    "/rewards/1",
    "/people",
    "/rewards/1/holds",
    "/rewards/scores",
    "/rewards/board",
    "/themes/1/share",
    "/rewards/codes",
    "/rewards/reconciliation",
    "/undelivered",
    "/members",
    "/members/1/forget",
    "/settings",
    "/settings/hooks",
    "/settings/tax",
    "/me",
    "/settings/telling",
    "/settings/trackers",
    "/ideas/1/work/new",
    "/themes/1/work/new",
    "/settings/words",
    "/settings/loop",
    "/promises",
    "/rewards/budgets",
    "/rewards/budgets/1",
    "/rewards/ledger",
    "/rewards/ledger?budget=1&month=2026-03",
    "/rewards/members/1",
    "/rewards/months/2026-03",
    "/settings/rewards",
    "/rewards/tried",
    "/ideas/1/thank",
]
MOST_STATEMENTS = 24


def propose_everything(house: House) -> None:
    """As many suggestions and questions as can wait."""
    with house.hub.transaction() as tx:
        seen = themes.to_group(tx, workspace_id=1)
        found = themes.compare(seen.theme_ids, [0] * len(seen.texts), seen.settled.homes)
        weighed = [themes.Weighed(each, 0.5, "") for each in found]
        themes.propose(tx, seen=seen, changes=weighed, version="v", now=house.clock())
        weights = {(seen.idea_ids[row], seen.idea_ids[row + 1]): 1.0 for row in range(10)}
        themes.ask(tx, workspace_id=1, weights=weights, now=house.clock())
        assert len(themes.standing(tx, workspace_id=1)) == themes.MOST_OPEN


def happened(house: House, number: int, **answers: Any) -> None:
    """Something that waits for somebody to say that people hear of it."""
    with house.hub.transaction() as tx:
        what: dict[str, Any] = {"key": f"{number}", "kind": "shipped", "title": f"{number}", **answers}
        changes.propose(tx, workspace_id=1, **what, happened_at=house.clock(), now=house.clock())


def test_a_page_asks_as_many_queries_for_three_hundred_as_for_three(rewarded: House) -> None:
    counter = Counter(rewarded.hub.engine)
    di = rewarded.browser("Di")

    def counted(path: str) -> int:
        counter.statements.clear()
        assert di.get(path).status_code == 200
        return len(counter.statements)

    happened(rewarded, 0, idea_ids=[3])
    few = {path: counted(path) for path in PAGES}
    workspace = rewarded.look(Workspace, 1)
    for number in range(30):
        rewarded.join(workspace, f"P{number}", "customer")
    people = [f"P{number}" for number in range(30)]
    for number in range(300):
        votes = [people[(number + step) % 30] for step in range(1, 4)]
        rewarded.say(people[number % 30], f"Thing {number}", votes=votes, theme=f"Theme {number % 40}")
    cy = rewarded.browser("Cy")
    for theme in range(3, 30):
        cy.post("/changes/new", {"step": "tell", "nonce": f"{theme}", "summary": "Here", "theme_ids": [str(theme)]})
    propose_everything(rewarded)
    for number in range(1, 20):
        happened(rewarded, number, idea_ids=list(range(100 + number, 110 + number)), theme_ids=[30, 31, 32])
    rewarded.tell_everybody()
    for name in people[:20]:
        rewarded.answer(name, "better")
    many = {path: counted(path) for path in PAGES}
    assert many == few
    assert max(many.values()) <= MOST_STATEMENTS, many
