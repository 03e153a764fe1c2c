"""Who gets into the hub, how, and which page is for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feedback import members, rewards
from handlers.web import pages
from models import Member, WebSession
from tests.web.conftest import CAST, Browser, House, build

PAGES = {
    "/me": {"Ana", "Bo", "Cy", "Di"},
    "/inbox": {"Bo", "Cy", "Di"},
    "/themes": {"Bo", "Cy", "Di"},
    "/themes/map": {"Bo", "Cy", "Di"},
    "/themes/1": {"Bo", "Cy", "Di"},
    "/themes/proposed": {"Bo", "Cy", "Di"},
    "/ideas": {"Bo", "Cy", "Di"},
    "/ideas/1": {"Bo", "Cy", "Di"},
    "/ideas/1/evidence": {"Bo", "Cy", "Di"},
    "/ideas/1/evidence.json": {"Bo", "Cy", "Di"},
    "/ideas/same": {"Bo", "Cy", "Di"},
    "/review": {"Bo", "Cy", "Di"},
    "/review/decided": {"Bo", "Cy", "Di"},
    "/changes": {"Bo", "Cy", "Di"},
    "/changes/1": {"Bo", "Cy", "Di"},
    "/changes/new": {"Cy", "Di"},
    "/changes/proposed": {"Cy", "Di"},
    "/changes/import": {"Cy", "Di"},
    "/loop": {"Bo", "Cy", "Di"},
    "/loop/debt": {"Bo", "Cy", "Di"},
    "/loop/measures": {"Bo", "Cy", "Di"},
    "/promises": {"Bo", "Cy", "Di"},
    "/metrics": {"Bo", "Cy", "Di"},
    "/rewards": {"Di"},
    "/rewards/scores": {"Bo", "Cy", "Di"},
    "/rewards/board": {"Bo", "Cy", "Di"},
    "/themes/1/share": {"Cy", "Di"},
    "/rewards/1": {"Di"},
    "/rewards/every.csv": {"Di"},
    "/rewards/every.json": {"Di"},
    "/rewards/budgets": {"Di"},
    "/rewards/budgets/1": {"Di"},
    "/rewards/ledger": {"Di"},
    "/rewards/ledger.csv": {"Di"},
    "/rewards/ledger.json": {"Di"},
    "/rewards/members/1": {"Di"},
    "/rewards/months/2026-03": {"Di"},
    "/rewards/months/2026-03.csv": {"Di"},
    "/rewards/months/2026-03.json": {"Di"},
    "/rewards/questions/1": {"Cy", "Di"},
    "/people": {"Di"},
    "/rewards/1/holds": {"Di"},
    "/undelivered": {"Di"},
    "/members": {"Di"},
    "/members/1/forget": {"Di"},
    "/settings": {"Di"},
    "/settings/hooks": {"Di"},
    "/settings/tax": {"Di"},
    "/settings/telling": {"Di"},
    "/settings/trackers": {"Di"},
    "/ideas/1/work/new": {"Cy", "Di"},
    "/themes/1/work/new": {"Cy", "Di"},
    "/settings/words": {"Di"},
    "/settings/loop": {"Di"},
    "/settings/rewards": {"Di"},
    "/rewards/tried": {"Bo", "Cy", "Di"},
    "/ideas/1/thank": {"Bo", "Cy", "Di"},
}
PAGES |= {"/rewards/codes": {"Di"}, "/rewards/reconciliation": {"Di"}}
ACTS = {
    "/ideas/3/seen": {"Bo", "Cy", "Di"},
    "/ideas/3/move": {"Bo", "Cy", "Di"},
    "/ideas/3/sort": {"Bo", "Cy", "Di"},
    "/ideas/3/work": {"Bo", "Cy", "Di"},
    "/ideas/3/work/new": {"Cy", "Di"},
    "/themes/1/work": {"Bo", "Cy", "Di"},
    "/themes/1/work/new": {"Cy", "Di"},
    "/work/links/1/end": {"Bo", "Cy", "Di"},
    "/review/1/keep": {"Bo", "Cy", "Di"},
    "/review/1/nothing": {"Bo", "Cy", "Di"},
    "/review/1/undo": {"Bo", "Cy", "Di"},
    "/ideas/3/merge": {"Bo", "Cy", "Di"},
    "/ideas/same/1/differ": {"Bo", "Cy", "Di"},
    "/ideas/merges/1/undo": {"Bo", "Cy", "Di"},
    "/ideas/3/plan": {"Cy", "Di"},
    "/ideas/3/decline": {"Cy", "Di"},
    "/ideas/3/ask": {"Cy", "Di"},
    "/ideas/3/reopen": {"Cy", "Di"},
    "/themes/map/post": {"Bo", "Cy", "Di"},
    "/themes/1/rename": {"Bo", "Cy", "Di"},
    "/themes/1/merge": {"Bo", "Cy", "Di"},
    "/themes/1/split": {"Bo", "Cy", "Di"},
    "/themes/1/pin": {"Bo", "Cy", "Di"},
    "/themes/1/unpin": {"Bo", "Cy", "Di"},
    "/themes/1/undo": {"Bo", "Cy", "Di"},
    "/themes/proposed/1/accept": {"Bo", "Cy", "Di"},
    "/themes/proposed/1/leave": {"Bo", "Cy", "Di"},
    "/themes/proposed/undo/1": {"Bo", "Cy", "Di"},
    "/themes/questions/1/answer": {"Bo", "Cy", "Di"},
    "/themes/questions/1/back": {"Bo", "Cy", "Di"},
    "/themes/1/plan": {"Cy", "Di"},
    "/themes/1/decline": {"Cy", "Di"},
    "/themes/1/ask": {"Cy", "Di"},
    "/changes/new": {"Cy", "Di"},
    "/loop/debt": {"Di"},
    "/changes/1/stop": {"Cy", "Di"},
    "/changes/1/go-on": {"Cy", "Di"},
    "/settings/words": {"Di"},
    "/changes/import": {"Cy", "Di"},
    "/changes/proposed/1/plan": {"Cy", "Di"},
    "/changes/proposed/1/decline": {"Cy", "Di"},
    "/changes/proposed/1/leave": {"Cy", "Di"},
    "/changes/proposed/1/back": {"Cy", "Di"},
    "/changes/proposed/1/look": {"Cy", "Di"},
    "/rewards/1/approve": {"Di"},
    "/rewards/1/decline": {"Di"},
    "/rewards/budgets": {"Di"},
    "/rewards/budgets/1": {"Di"},
    "/rewards/budgets/1/money": {"Di"},
    "/rewards/budgets/1/close": {"Di"},
    "/rewards/1/ask": {"Di"},
    "/rewards/questions/1/answer": {"Cy", "Di"},
    "/people/link": {"Di"},
    "/people/1/end": {"Di"},
    "/rewards/1/holds/1/lift": {"Di"},
    "/rewards/1/gift/again": {"Di"},
    "/rewards/1/gift/back": {"Di"},
    "/undelivered/1/again": {"Di"},
    "/undelivered/1/leave": {"Di"},
    "/members/1/role": {"Di"},
    "/members/1/forget": {"Di"},
    "/settings": {"Di"},
    "/settings/hooks": {"Di"},
    "/settings/hooks/1/end": {"Di"},
    "/settings/tax": {"Di"},
    "/settings/telling": {"Di"},
    "/ideas/3/score": {"Bo", "Cy", "Di"},
    "/themes/1/share": {"Cy", "Di"},
    "/me/named": {"Ana", "Bo", "Cy", "Di"},
    "/me/board": {"Ana", "Bo", "Cy", "Di"},
    "/me/hears": {"Ana", "Bo", "Cy", "Di"},
    "/settings/trackers": {"Di"},
    "/settings/trackers/account": {"Di"},
    "/settings/trackers/remove": {"Di"},
    "/settings/loop": {"Di"},
    "/settings/rewards": {"Di"},
    "/settings/rewards/verified": {"Di"},
    "/settings/rewards/verified/end": {"Di"},
    "/rewards/1/tried": {"Bo", "Cy", "Di"},
    "/ideas/1/thank": {"Bo", "Cy", "Di"},
}
ACTS |= {
    "/rewards/1/was-paid": {"Di"},
    "/rewards/1/was-not-paid": {"Di"},
    "/rewards/codes": {"Di"},
    "/rewards/codes/take": {"Di"},
    "/rewards/codes/withdraw": {"Di"},
    "/rewards/reconciliation": {"Di"},
    "/rewards/reconciliation/1": {"Di"},
}
UNGUARDED = {"/", "/enter", "/enter/demo", "/enter/<token>", "/leave", "/health", "/slack/events", "/me"}
UNGUARDED |= {"/hooks/github", "/hooks/gitlab", "/hooks/linear", "/hooks/jira", "/hooks/tremendous"}
"""These ask for a signature."""


def ask(house: House) -> None:
    """A manager wants to know something about the thank-you that waits."""
    with house.hub.transaction() as tx:
        di = tx.get_one(Member, house.people["Di"].id)
        rewards.ask(tx, reward_id=1, manager=di, question="Did they write it?", now=house.clock())


def test_each_page_is_for_some_roles(rewarded: House) -> None:
    ask(rewarded)
    for name in ("Ana", "Bo", "Cy", "Di", None):
        browser = rewarded.browser(name)
        for path, who in PAGES.items():
            answer = browser.get(path)
            wanted = 401 if name is None else 200 if name in who else 403
            assert answer.status_code == wanted, (name, path)
            shown = {"json": '"version"', "csv": "currency"}.get(path.rpartition(".")[2], "<h1")
            say = {401: "Open the hub", 403: "not for your role", 200: shown}[wanted]
            assert say in answer.get_data(as_text=True), (name, path)


@pytest.mark.parametrize("name", ["Ana", "Bo", "Cy", None])
def test_each_act_is_for_some_roles(rewarded: House, name: str | None) -> None:
    ask(rewarded)
    browser = rewarded.browser(name)
    for path, who in ACTS.items():
        status = browser.post(path).status_code
        if name is None:
            assert status == 401, path
        elif name in who:
            assert status in (200, 303, 422), path
        else:
            assert status == 403, path


def test_every_route_is_in_the_tables_above_and_names_who(house: House) -> None:
    for rule in house.app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        assert hasattr(house.app.view_functions[rule.endpoint], "who"), rule
        plain = re.sub(r"<id:(?!idea_id)\w+>", "1", rule.rule)
        plain = plain.replace("<month:month>", "2026-03").replace("<trigger>", "verified")
        found = {plain.replace("<id:idea_id>", "1"), plain.replace("<id:idea_id>", "3")}
        assert found & (PAGES.keys() | ACTS.keys() | UNGUARDED), rule


def test_the_first_page_depends_on_the_role(house: House) -> None:
    assert house.browser("Cy").get("/").location == "/inbox"
    assert house.browser("Ana").get("/").location == "/me"
    assert house.browser(None).get("/").status_code == 401


def test_a_form_without_the_token_is_not_taken(filled: House) -> None:
    answer = filled.browser("Cy").client.post("/ideas/1/plan", data={"summary": ""})
    assert answer.status_code == 400
    assert "Load the page again" in answer.get_data(as_text=True)


def link_of(house: House, name: str) -> str:
    with house.hub.transaction() as tx:
        return members.make_link(tx, member=tx.get_one(Member, house.people[name].id), now=house.clock())


def test_a_link_from_slack_is_spent_by_the_button_and_not_by_a_preview(house: House) -> None:
    token = link_of(house, "Di")
    browser = house.browser(None)
    for _ in range(2):
        assert "Continue" in browser.get(f"/enter/{token}").get_data(as_text=True)
    entered = browser.post(f"/enter/{token}")
    assert entered.status_code == 303
    cookie = entered.headers["Set-Cookie"]
    assert pages.COOKIE in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert browser.get("/rewards").status_code == 200

    again = house.browser(None).post(f"/enter/{token}")
    assert again.status_code == 410
    assert "used already" in again.get_data(as_text=True)


def test_a_link_lives_for_five_minutes(house: House) -> None:
    token = link_of(house, "Di")
    house.clock.go_on(minutes=5, seconds=1)
    assert house.browser(None).post(f"/enter/{token}").status_code == 410


def test_signing_out_ends_the_session_and_not_only_the_cookie(house: House) -> None:
    browser = house.browser("Cy")
    cookie = browser.client.get_cookie(pages.COOKIE)
    assert cookie
    assert browser.post("/leave").status_code == 303
    browser.client.set_cookie(pages.COOKIE, cookie.value)
    assert browser.get("/inbox").status_code == 401


def test_somebody_who_left_is_signed_out(house: House) -> None:
    browser = house.browser("Cy")
    with house.hub.transaction() as tx:
        tx.get_one(Member, house.people["Cy"].id).left_at = house.clock()
    assert browser.get("/inbox").status_code == 401


def test_outside_the_demo_nobody_continues_as_somebody(house: House) -> None:
    browser = house.browser(None)
    assert browser.get("/enter").status_code == 404
    assert browser.post("/enter/demo", {"member_id": house.people["Di"].id}).status_code == 404
    assert house.all(WebSession) == []


@pytest.fixture
def demo(empty: Path) -> Iterator[House]:
    found = build(empty, demo=True)
    workspace = found.settle("T1")
    for name, role in CAST.items():
        found.join(workspace, name, role)
    yield found
    found.hub.engine.dispose()


def test_in_the_demo_one_continues_as_anybody(demo: House) -> None:
    browser = demo.browser(None)
    door = browser.get("/enter").get_data(as_text=True)
    for button in ("Continue as Cy (product)", "Continue as Di (manager)", "Continue as Ana (customer)"):
        assert button in door
    assert browser.post("/enter/demo", {"member_id": demo.people["Ana"].id}).status_code == 303
    assert "You are <strong>Ana</strong>" in browser.get("/me").get_data(as_text=True)
    assert browser.post("/enter/demo", {"member_id": demo.people["Di"].id}).status_code == 303
    assert browser.get("/rewards").status_code == 200
    assert [session.ended_at is None for session in demo.all(WebSession)] == [False, True]


@pytest.mark.parametrize("member_id", ["", "0", "999", "x", "9" * 40])
def test_in_the_demo_nobody_continues_as_nobody(demo: House, member_id: str) -> None:
    answer = demo.browser(None).post("/enter/demo", {"member_id": member_id})
    assert answer.status_code == 422
    assert "That person is not here" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/ideas/99", f"/ideas/{'9' * 30}", "/themes/99", "/changes/99", "/rewards/99", "/nope"]
)
def test_what_is_not_there_is_said_in_plain_words(house: House, path: str) -> None:
    answer = house.browser("Di").get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.get_data(as_text=True)


def test_pages_have_the_headers_that_keep_strangers_out(filled: House) -> None:
    headers = filled.browser("Cy").get("/inbox").headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"


def everything_of(browser: Browser, paths: list[str]) -> str:
    return "".join(browser.get(path).get_data(as_text=True) for path in paths)


@pytest.mark.parametrize("name", ["Ana", "Di"])
def test_empty_pages_say_what_to_do(house: House, name: str) -> None:
    paths = (
        ["/me"]
        if name == "Ana"
        else [
            "/inbox",
            "/themes",
            "/themes/map",
            "/themes/proposed",
            "/ideas",
            "/changes",
            "/changes/new",
            "/changes/proposed",
            "/loop",
            "/rewards",
        ]
    )
    for path in paths:
        answer: Any = house.browser(name).get(path)
        assert answer.status_code == 200
        assert (
            "yet" in answer.get_data(as_text=True)
            or "waiting" in answer.get_data(as_text=True)
            or path == "/changes/new"
        )
