"""Work on the pages: linking, making an issue, and what managers set."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from feedback import work
from feedback.work import Fact
from models import Audit, Idea, Outbox, TrackerAccount, WorkItem, WorkLink, WorkOrder, WorkRules, Workspace
from tests.web.conftest import Counter, House

URL = "https://github.com/acme/shop/issues/12"
RULES = {"on_started": "planned", "on_done": "shipped", "on_not_planned": "declined", "tells": "ask", "comments": "yes"}
ACCOUNT = {"source": "github", "api_url": "https://api.github.com", "token": "ghp_SECRET", "place": "acme/shop"}


def text_of(house: House, name: str, path: str) -> str:
    page = house.browser(name).get(path).get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def tell(house: House, **given: Any) -> None:
    facts: dict[str, Any] = {"source": "github", "kind": "issue", "key": "acme/shop#12", "title": "Dark mode at last"}
    with house.hub.transaction() as tx:
        fact = Fact(**{**facts, "at": house.clock(), **given})
        work.hear(tx, workspace=tx.get_one(Workspace, 1), facts=[fact], now=house.clock())


@pytest.fixture
def connected(filled: House) -> House:
    """With an account at GitHub."""
    assert filled.browser("Di").post("/settings/trackers/account", ACCOUNT).status_code == 303
    return filled


@pytest.mark.parametrize("path", ["/ideas/1", "/themes/1"])
def test_an_issue_is_linked_and_unlinked_where_it_is_read(filled: House, path: str) -> None:
    bo = filled.browser("Bo")
    for _ in range(2):
        assert bo.post(f"{path}/work", {"url": URL}).location == path
    page = text_of(filled, "Cy", path)
    assert page.count("acme/shop#12 ↗ Not heard of yet") == 1
    assert "linked by Bo" in page
    tell(filled, state="started", status="In Review")
    page = text_of(filled, "Cy", path)
    assert "Begun: In Review Dark mode at last" in page
    assert "Bo linked acme/shop#12 to it" in page
    for _ in range(2):
        assert bo.post("/work/links/1/end").location == path
    page = text_of(filled, "Cy", path)
    assert "linked by" not in page
    assert page.count("took the link to acme/shop#12 off") == 1


@pytest.mark.parametrize("path", ["/ideas/1", "/themes/1"])
def test_what_is_no_issue_is_said_below_the_field(filled: House, path: str) -> None:
    answer = filled.browser("Bo").post(f"{path}/work", {"url": "https://example.com/<b>"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="link-url-help" class="wrong"' in page
    assert "https://example.com/&lt;b&gt;" in page
    assert filled.all(WorkItem) == filled.all(WorkLink) == []


def test_opened_again_is_said_on_the_page(filled: House) -> None:
    filled.browser("Cy").post("/ideas/1/work", {"url": URL})
    tell(filled, state="done")
    filled.clock.go_on(minutes=5)
    tell(filled, state="open")
    page = text_of(filled, "Cy", "/ideas/1")
    assert "It was opened again just now ." in page
    assert "Roundtrip heard that acme/shop#12 was opened again" in page


def test_nothing_of_another_workspace_is_linked_or_taken_off(connected: House) -> None:
    connected.browser("Cy").post("/ideas/1/work", {"url": URL})
    eve = connected.browser("Eve")
    assert eve.post("/ideas/1/work", {"url": URL}).status_code == 404
    assert eve.post("/work/links/1/end").status_code == 422
    assert eve.get("/ideas/1/work/new").status_code == 404
    assert eve.post("/themes/1/work/new", {"source": "github"}).status_code == 404
    assert "acme" not in text_of(connected, "Eve", "/settings/trackers")
    assert connected.all(WorkLink)[0].ended_at is None


def test_an_issue_is_drafted_without_names_unless_they_are_asked_for(connected: House) -> None:
    connected.say("Ana", "Cy said that Bo and @Dora want it dark, write to ana@acme.example #5", theme="Dark mode")
    page = text_of(connected, "Cy", "/themes/1/work/new")
    assert "2 people in our customer community asked for this:" in page
    assert "&gt; A dark mode would save my eyes" in page
    assert "/themes/1" in page
    body = page[page.index("2 people") : page.index("Read it over")]
    assert not re.search(r"\b(Ana|Bo|Cy|Dora|UANA)\b|acme\.example", body), body
    named = text_of(connected, "Cy", "/themes/1/work/new?names=1")
    assert "eyes (Ana)" in named
    assert "Export" not in page


def test_what_was_refused_still_says_whether_names_are_in_it(connected: House) -> None:
    page = connected.browser("Cy").get("/themes/1/work/new?names=1").get_data(as_text=True)
    [action] = re.findall(r'class="write" method="post" action="([^"]+)"', page)
    sent = {"source": "github", "place": "acme/shop", "title": "", "body": "eyes (Ana)", "nonce": "n"}
    refused = connected.browser("Cy").post(action, sent)
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "The text says who said what." in page
    assert "No names of members are in it" not in page


def test_an_issue_is_ordered_once_and_the_page_says_that_it_is_being_created(connected: House) -> None:
    cy = connected.browser("Cy")
    sent = {"source": "github", "place": "acme/shop", "title": " Dark  mode ", "body": "Please", "nonce": "n"}
    for _ in range(2):
        assert cy.post("/ideas/1/work/new", sent).location == "/ideas/1"
    [order] = connected.all(WorkOrder)
    assert (order.title, order.idea_id) == ("Dark mode", 1)
    assert len([row for row in connected.all(Outbox) if row.kind == "work.create"]) == 1
    assert "“Dark mode” is being created at GitHub. Cy," in text_of(connected, "Bo", "/ideas/1")
    with connected.hub.transaction() as tx:
        work.not_made(tx, order_id=order.id, error="http_404 Not Found")
    assert "could not be created at GitHub" in text_of(connected, "Bo", "/ideas/1")
    with connected.hub.transaction() as tx:
        fact = Fact("github", "issue", "acme/shop#7", "open", connected.clock(), title="Dark mode", url=URL)
        for _ in range(2):
            work.made(tx, order_id=order.id, fact=fact, now=connected.clock())
    page = text_of(connected, "Bo", "/ideas/1")
    assert "created at" not in page
    assert page.count("acme/shop#7 ↗ Open Dark mode") == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"body": "x" * 20_001}, "body"),
        ({"place": "shop"}, "place"),
        ({"place": ""}, "place"),
        ({"source": "linear"}, "source"),
        ({"source": "jira"}, "source"),
    ],
)
def test_a_wrong_order_is_said_below_its_field(connected: House, wrong: dict[str, str], field: str) -> None:
    sent = {"source": "github", "place": "acme/shop", "title": "Dark mode", "body": "Please", "nonce": "n"}
    answer = connected.browser("Cy").post("/ideas/1/work/new", {**sent, **wrong})
    assert answer.status_code == 422
    assert f'id="order-{field}-help" class="wrong"' in answer.get_data(as_text=True)
    assert connected.all(WorkOrder) == []
    assert connected.browser("Cy").post("/ideas/1/work/new", sent).status_code == 303, "the same form, set right"


def test_a_token_is_on_no_page(connected: House) -> None:
    di = connected.browser("Di")
    assert "ghp_SECRET" not in di.get("/settings/trackers").get_data(as_text=True)
    answer = di.post("/settings/trackers/account", {**ACCOUNT, "token": "ghp_SECRET", "place": "nowhere"})
    assert answer.status_code == 422
    assert "ghp_SECRET" not in answer.get_data(as_text=True)
    assert 'id="github-place-help" class="wrong"' in answer.get_data(as_text=True)
    [account] = connected.all(TrackerAccount)
    assert "SECRET" not in account.token
    with connected.hub.reading() as tx:
        found = work.account_of(tx, workspace_id=1, source="github", cipher=connected.hub.cipher)
        assert found is not None
        assert found.token == "ghp_SECRET"
        assert "SECRET" not in repr(found)
        assert "SECRET" not in str([row.detail for row in tx.scalars(select(Audit))])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"token": ""}, "token"),
        ({"token": "two words"}, "token"),
        ({"token": "x" * 501}, "token"),
        ({"token": "ключ"}, "token"),
        ({"api_url": "http://api.example"}, "api_url"),
        ({"api_url": "api.example"}, "api_url"),
        ({"api_url": "https://u:p@api.example"}, "api_url"),
        ({"place": "acme"}, "place"),
        ({"source": "linear", "place": "acme/shop"}, "place"),
    ],
)
def test_a_wrong_account_is_said_below_its_field(house: House, wrong: dict[str, str], field: str) -> None:
    answer = house.browser("Di").post("/settings/trackers/account", {**ACCOUNT, **wrong})
    assert answer.status_code == 422
    source = wrong.get("source", "github")
    assert f'id="{source}-{field}-help" class="wrong"' in answer.get_data(as_text=True)
    assert house.all(TrackerAccount) == []


def test_what_came_of_an_account_is_said_and_it_can_be_removed(connected: House) -> None:
    assert "Being tried out" in text_of(connected, "Di", "/settings/trackers")
    for error, words in (("http_401 Bad credentials", "Not let in GitHub said: http_401"), ("", "Works Acme/Shop")):
        facts = {"source": "github", "called": "" if error else "Acme/Shop", "error": error}
        with connected.hub.transaction() as tx:
            work.tested(tx, workspace_id=1, **facts, now=connected.clock())
        assert words in text_of(connected, "Di", "/settings/trackers")
    for _ in range(2):
        assert connected.browser("Di").post("/settings/trackers/remove", {"source": "github"}).status_code == 303
    assert connected.all(TrackerAccount) == []
    assert "No tracker is connected yet" in text_of(connected, "Cy", "/ideas/1/work/new")


def test_what_follows_is_set(house: House) -> None:
    di = house.browser("Di")
    sent = {**RULES, "on_started": "nothing", "statuses": "In Review=Planned", "tells": "tell", "comments": "no"}
    assert di.post("/settings/trackers", sent).location == "/settings/trackers"
    [rules] = house.all(WorkRules)
    assert (rules.on_started, rules.statuses) == ("nothing", {"in review": "planned"})
    assert (rules.tells_links, rules.comments) == (True, False)
    page = di.get("/settings/trackers").get_data(as_text=True)
    assert "in review = planned" in page
    assert '<option value="tell" selected>' in page
    for wrong, field in (({"on_done": "x"}, "on_done"), ({"statuses": "In Review"}, "statuses")):
        answer = di.post("/settings/trackers", {**RULES, **wrong})
        assert answer.status_code == 422
        assert f'id="rules-{field}-help" class="wrong"' in answer.get_data(as_text=True)


def test_many_links_ask_as_many_queries_as_one_and_nothing_is_markup(connected: House) -> None:
    evil = "<script>alert(1)</script>"
    cy, counter = connected.browser("Cy"), Counter(connected.hub.engine)
    cy.post("/ideas/1/work", {"url": URL})

    def counted() -> int:
        counter.statements.clear()
        assert cy.get("/ideas/1").status_code == 200
        return len(counter.statements)

    few = counted()
    for number in range(20, 40):
        cy.post("/ideas/1/work", {"url": f"https://gitlab.com/a/b/-/issues/{number}"})
    tell(connected, state="started", status=evil, title=evil, url="https://github.com/acme/shop/issues/12")
    assert counted() == few
    page = cy.get("/ideas/1").get_data(as_text=True)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;") == 2
    assert connected.look(Idea, 1).state == "new"
