"""The tracker in the browser: what the team presses there, and what whoever listens is told of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from playground.client import Client
from playground.server import Options, Playground
from tests.browser import Seats, open_chromium, open_seats
from tests.playground.receiver import OK, Receiver

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def seats(chromium: Browser) -> Iterator[Seats]:
    with open_seats(chromium) as found:
        yield found


@pytest.fixture
def listener() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def playground() -> Iterator[Playground]:
    with Playground(Options(port=0)) as found:
        yield found


def test_an_issue_from_its_opening_to_its_release(playground: Playground, listener: Receiver, seats: Seats) -> None:
    cy = seats.take()
    cy.goto(f"{playground.url}/?as=U0CY")
    cy.get_by_role("link", name="Tracker").click()
    cy.get_by_role("link", name="Webhook").click()
    cy.get_by_label("Payload URL").fill(listener.url)
    cy.get_by_label("Secret").fill("playground-hook-secret")
    cy.get_by_role("button", name="Save").click()

    cy.get_by_role("link", name="Issues", exact=True).click()
    cy.get_by_role("link", name="New issue").click()
    cy.get_by_role("button", name="Open the issue").click()
    expect(cy.locator("small.wrong")).to_have_text("Give it a title.")
    expect(cy.get_by_label("Title")).to_be_focused()
    words = "The zip of the travel case sticks " + "on-and-on-" * 12
    cy.get_by_label("Title").fill(words)
    cy.get_by_label("What is it about?").fill("<b>Three</b> people said so.")
    cy.get_by_role("button", name="Open the issue").click()
    expect(cy.locator("#body")).to_contain_text("<b>Three</b> people said so.")
    assert fits(cy)

    press(cy, "Start work", "In progress")
    press(cy, "Close as not planned", "Not planned")
    press(cy, "Reopen", "Open")
    press(cy, "Close as completed", "Completed")
    press(cy, "Reopen", "Open")
    cy.get_by_text("Merge a pull request that says: Fixes #1").click()
    expect(cy.get_by_label("What it says")).to_have_value("Fixes #1")
    assert fits(cy)
    press(cy, "Merge it", "Completed")

    cy.get_by_role("link", name="Publish a release that mentions it").click()
    expect(cy.get_by_label("What is in it?")).to_have_value(re.compile(r"The zip .* \(fixes #1\)"))
    cy.get_by_label("Tag").fill("v1.2")
    assert fits(cy)
    cy.get_by_role("button", name="Publish").click()
    expect(cy.locator("#release-1")).to_contain_text("v1.2")

    phone = seats.take(width=390, height=844)
    for page in ("issues?state=closed", "issues/1", "pull/2", "milestones", "releases", "hook"):
        phone.goto(f"{playground.url}/demo/shop/{page}")
        assert fits(phone)

    Client(playground.url).quiet()
    assert all(one["signed"] for one in listener.requests)
    closed = [
        one["issue"]["state_reason"] for one in listener.payloads() if one.get("action") == "closed" and "issue" in one
    ]
    assert sorted(closed) == ["completed", "completed", "not_planned"]
    assert {"published", "assigned", "opened", "reopened"} <= {one.get("action") for one in listener.payloads()}


def test_what_was_not_taken_waits_for_somebody_to_send_it_again(
    playground: Playground, listener: Receiver, seats: Seats
) -> None:
    client, cy = Client(playground.url), seats.take()
    cy.goto(f"{playground.url}/demo/shop/hook")
    cy.get_by_label("Payload URL").fill("the hub")
    cy.get_by_role("button", name="Save").click()
    expect(cy.locator("small.wrong")).to_have_text("An address begins with http:// or https://")
    listener.answer = lambda _: (500, {}, b"")
    cy.get_by_label("Payload URL").fill(listener.url)
    cy.get_by_role("button", name="Save").click()
    client.quiet()
    cy.reload()
    expect(cy.locator("#delivery-1 .mark")).to_have_text("Failed")
    listener.answer = lambda _: OK
    cy.locator("#delivery-1").get_by_role("button", name="Redeliver").click()
    client.quiet()
    cy.reload()
    expect(cy.locator("#delivery-2 .mark")).to_have_text("Taken")
    first, again = listener.requests
    assert first["headers"]["x-github-delivery"] == again["headers"]["x-github-delivery"]


def press(page: Page, button: str, state: str) -> None:
    """On the page of an issue, which says then where it stands."""
    page.get_by_role("button", name=button).click()
    expect(page.locator("main > p .mark")).to_have_text(state)
    assert fits(page)


def fits(page: Page) -> bool:
    """Nothing stands out of the window to the right."""
    page.wait_for_load_state()
    size = page.viewport_size
    return size is not None and page.evaluate("document.documentElement.scrollWidth") <= size["width"]
