"""From an issue in the tracker to “better now” in the browser, and over a “not yet” on the way: as people press it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import Seats, open_chromium, open_seats
from tests.conftest import make_sqlite
from tests.flows.test_browser import captured, enter, fits, in_thread, sit, until
from tests.stack import Stack, open_stack

SECRET = "a-secret-that-both-know"
WORDS = "The strap of the travel bag tears"
TITLE = "Sew the strap twice"
FIRST, SECOND = "The strap is sewn twice.", "The strap has a patch of leather behind it."
STILL = "Mine tore again, right beside the new seam."

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def stack(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    folder = tmp_path_factory.mktemp("work")
    with open_stack(make_sqlite(folder), folder) as found:
        yield found


@pytest.fixture
def seats(chromium: Browser) -> Iterator[Seats]:
    with open_seats(chromium) as found:
        yield found


def test_linked_work_is_told_when_it_is_finished_and_again_when_it_helps(stack: Stack, seats: Seats) -> None:
    ana, cy, di = (seats.take() for _ in range(3))
    ts = captured(stack, "U0ANA", WORDS)
    sit(stack, ana, "U0ANA", "C0IDEAS", thread=ts)
    tracker = cy.context.new_page()
    connect(stack, di, tracker)

    issue_url = open_issue(stack, tracker)
    enter(stack, cy, "Cy")
    cy.locator("article.idea", has_text=WORDS).get_by_role("link", name=WORDS).click()
    expect(cy).to_have_url(re.compile(r"/ideas/\d+$"))
    idea_url = cy.url
    cy.get_by_text("Link an issue").click()
    cy.get_by_label("Address of an issue or pull request").fill(issue_url)
    cy.get_by_role("button", name="Link it").click()
    expect(cy.get_by_role("status")).to_have_text("Linked.")
    assert fits(cy)

    press(tracker, "Start work", "In progress")
    press(tracker, "Close as completed", "Completed")
    tell(stack, cy, FIRST)
    notice = in_thread(ana, FIRST)
    expect(notice).to_contain_text(WORDS)
    notice.locator("[data-action-id=loop_not_yet]").click()
    modal = ana.locator("dialog[open]")
    modal.get_by_label("What is still missing?").fill(STILL)
    modal.locator("[data-action=submit]").click()
    expect(notice).to_contain_text(f"You said: not yet. “{STILL}” The idea is open again.")

    cy.goto(idea_url)
    expect(cy.locator("article.idea .badge").first).to_have_text("Came back")
    expect(cy.locator("main")).to_contain_text(STILL)
    press(tracker, "Reopen", "Open")
    tracker.get_by_text(re.compile("Merge a pull request that says: Fixes #")).click()
    press(tracker, "Merge it", "Completed")
    tell(stack, cy, SECOND)
    again = in_thread(ana, SECOND)
    again.locator("[data-action-id=loop_better]").click()
    expect(again).to_contain_text("You said: better now.")
    expect(notice).to_contain_text("You said: not yet.")

    cy.goto(idea_url)
    expect(cy.locator("article.idea .badge").first).to_have_text("Helped")
    cy.get_by_role("link", name="From the message to the answer").click()
    for each in (WORDS, FIRST, STILL, SECOND):
        expect(cy.locator("main")).to_contain_text(each)
    assert fits(cy)
    tracker.goto(issue_url)
    until(tracker, lambda: tracker.get_by_text(SECOND).count() > 0)  # what was told is written below the issue


def connect(stack: Stack, di: Page, tracker: Page) -> None:
    """The manager pastes the tracker's secret and its token, and the tracker is told our address."""
    enter(stack, di, "Di")
    di.goto(f"{stack.url}/settings/hooks")
    hook = di.locator("#github")
    hook.get_by_text("GitHub gave you a secret already?").click()
    hook.get_by_label("The tracker’s own secret").fill(SECRET)
    hook.get_by_role("button", name="Make a secret").click()
    expect(di.get_by_role("status")).to_have_text("The secret for GitHub is kept.")
    assert fits(di)
    tracker.goto(f"{stack.client.url}/demo/shop/hook")
    tracker.get_by_label("Payload URL").fill(f"{stack.url}/hooks/github")
    tracker.get_by_label("Secret").fill(SECRET)
    tracker.get_by_role("button", name="Save").click()
    until(di, lambda: hook.get_by_text("Works", exact=True).count() > 0)  # it has sent its greeting

    di.goto(f"{stack.url}/settings/trackers")
    account = di.locator("section", has=di.get_by_role("heading", name="GitHub"))
    account.get_by_label("Address of its API").fill(f"{stack.client.url}/tracker/api")
    account.get_by_label("Token").fill("tracker-playground")
    account.get_by_label("Where issues are made").fill("demo/shop")
    account.get_by_role("button", name="Save and try it out").click()
    until(di, lambda: account.get_by_text("Works", exact=True).count() > 0)
    assert fits(di)


def open_issue(stack: Stack, tracker: Page) -> str:
    """Its address."""
    tracker.goto(f"{stack.client.url}/demo/shop/issues/new")
    tracker.get_by_label("Title").fill(TITLE)
    tracker.get_by_role("button", name="Open the issue").click()
    expect(tracker).to_have_url(re.compile(r"/issues/\d+$"))
    return tracker.url


def press(tracker: Page, button: str, state: str) -> None:
    """On the page of the issue, which says then where it stands."""
    tracker.get_by_role("button", name=button).click()
    expect(tracker.locator("main > p .mark")).to_have_text(state)


def tell(stack: Stack, cy: Page, said: str) -> None:
    """From what waits for a word, over who will hear, to telling them."""
    cy.goto(f"{stack.url}/changes/proposed")
    card = shipped(cy)
    until(cy, lambda: card.get_by_role("checkbox", name=WORDS).count() > 0)
    expect(card.get_by_role("checkbox", name=WORDS)).to_be_checked()
    assert fits(cy)
    card.get_by_role("button", name="Next: say what changed").click()
    expect(cy.get_by_role("checkbox", name=WORDS)).to_be_checked()
    cy.get_by_label("What changed?").fill(said)
    cy.get_by_role("button", name="Next: see who will hear").click()
    expect(cy.get_by_role("heading", level=1)).to_have_text("1 person will hear this")
    expect(cy.locator("tbody tr")).to_contain_text("Ana")
    assert fits(cy)
    cy.get_by_role("button", name="Tell 1 person").click()
    expect(cy.get_by_role("status").first).to_have_text("Everyone behind it is being told.")


def shipped(cy: Page) -> Locator:
    """The card that asks whether to tell that it shipped; beside it may stand one that asks about the plan."""
    return cy.locator("article.suggestion", has=cy.get_by_role("button", name="Next: say what changed"))
