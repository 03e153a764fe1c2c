"""Chromium, and people who sit in front of it: everybody has a browser of their own, and what its console complains of
fails the test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, WebError, expect, sync_playwright

from tests.conftest import in_ci

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = "Chromium is not here (Debian: apt-get install chromium), so nothing looks at the pages."
PATIENCE_SECONDS = 20.0
"""For what several processes do between a press and what is seen; on a busy machine too."""
REFUSED_FORM = "the server responded with a status of 422"
"""How Chromium speaks of a form that came back with a word under its field. That is an answer, not a fault."""


@dataclass
class Seats:
    browser: Browser
    complaints: list[str] = field(default_factory=list)

    def take(self, *, width: int = 1280, height: int = 800) -> Page:
        """An empty window of somebody new. Narrow ones are phones: touched, and without a pointer that hovers."""
        is_phone = width < 600
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, is_mobile=is_phone, has_touch=is_phone, timezone_id="UTC"
        )
        context.set_default_timeout(PATIENCE_SECONDS * 1000)
        context.on("console", self._console)
        context.on("weberror", self._page_error)
        return context.new_page()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and REFUSED_FORM not in message.text:
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def _page_error(self, failed: WebError) -> None:
        self.complaints.append(str(failed.error))

    def clear(self) -> None:
        for context in self.browser.contexts:
            context.close()


@contextmanager
def open_chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        assert not in_ci(), MISSING
        pytest.skip(MISSING)
    expect.set_options(timeout=PATIENCE_SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_seats(browser: Browser) -> Iterator[Seats]:
    seats = Seats(browser)
    try:
        yield seats
        assert seats.complaints == []
    finally:
        seats.clear()
