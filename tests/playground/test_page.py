"""The playground's page in Chromium: what people are called on it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from playground.client import Client
from playground.server import Playground
from tests.browser import Seats, open_chromium, open_seats

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture
def seats(chromium: Browser) -> Iterator[Seats]:
    with open_seats(chromium) as found:
        yield found


def test_people_are_called_what_they_chose_and_their_real_name_is_behind_it(
    playground: Playground, client: Client, seats: Seats
) -> None:
    ts = client.as_("U0ANA").post("#ideas", "Ask @bo about it")
    client.as_("U0BO").react("#ideas", ts, "bulb")
    page = seats.take()
    page.goto(f"{playground.url}/?as=U0CY&channel=C0IDEAS")
    said = page.locator(f'[data-ts="{ts}"]')
    expect(said.locator(".author")).to_have_text("Ana")
    expect(said.locator(".author")).to_have_attribute("title", "Ana Ferreira")
    expect(said.locator(".avatar")).to_have_text("AF")
    expect(said.locator(".mention")).to_have_text("@Bo")
    expect(said.locator(".mention")).to_have_attribute("title", "Bo Lindqvist")
    expect(said.locator(".reaction").first).to_have_attribute("title", "Bo reacted with :bulb:")

    page.get_by_test_id("act-as").click()
    row = page.locator('.picker-row[data-value="U0DI"]')
    expect(row).to_have_text(re.compile(r"Di\s*Di Marchetti · @di · owner · Community manager"))
    page.keyboard.press("Escape")
    page.locator("main textarea").fill("@ferr")  # a real name is found too
    expect(page.locator(".offers .picker-row")).to_have_text(re.compile(r"Ana\s*Ana Ferreira · @ana"))
