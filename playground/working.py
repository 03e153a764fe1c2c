"""What the story's team does in the tracker, and what they say in the hub in consequence.

One loop goes from an issue over a “not yet” to a second answer. Others are left in the middle, for a newcomer.
"""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from playground.closing import ANA, BACK_ANA, Closing, Moments
from playground.site import Options
from playground.tracker.records import REPOSITORY

if TYPE_CHECKING:
    from playground.story import Story

LOCK = "A lock for the pump"
LOCK_PLANNED = "We are building a lock for it, and try it out in our own bags first."
LOCKED = "The pump locks now: a quarter turn to the left, and it stays shut in any bag."
LOCKED_FIRMLY = "The lock now clicks at its end, and holds with the pump upside down."
SHEER = "A sheer version of the sun stick"
SHEER_PLANNED = "We are testing a sheer version with twelve of you this month."
STILL_WET = "It held for two days. Then it turned back by itself, and my bag was wet again."

NEXT = {
    "refill-spills": ("A spout that fits the bottle", "The refill pouch gets a spout with a thread.", "complete"),
    "tin-lid": ("A thread instead of the snap lid", "The supplier has no tin with a thread.", "drop"),
}
"""Need: an issue's title and text, and what becomes of it on the last day. It waits for whoever opens the demo."""
RELEASE = {
    "tag_name": "v2.4",
    "name": "Shop 2.4",
    "body": "- You stay signed in on your phone for thirty days\n"
    "- The whole list of ingredients stands on every product's page\n"
    "- Faster pictures",
}

_CARD = re.compile(r'<article [^>]*id="proposed-(\d+)"(.*?)</article>', re.DOTALL)
_OFFERED = re.compile(r'name="(?:idea|idea_ids)" value="(\d+)"( checked)?')
_BODY = re.compile(r'<textarea[^>]*name="body"[^>]*>(.*?)</textarea>', re.DOTALL)


class Working:
    """The tracker's part of the story."""

    def __init__(self, story: Story, closing: Closing) -> None:
        self.story, self.closing = story, closing
        self.client, self.settle = story.client, story.settle
        self.paths: dict[str, str] = {}
        """By an issue's title: its path in the tracker."""

    def connect(self) -> None:
        """What a manager pastes once: the secrets that the tracker and the gift service sign with, and the account to
        write with."""
        for source, secret in (("github", Options.hook_secret), ("tremendous", Options.payout_hook_key)):
            facts = [("source", source), ("secret", secret), ("nonce", secrets.token_hex(8))]
            self.story.di.send("/settings/hooks", [*facts, ("others", "replace")])
        account = {"source": "github", "token": Options.tracker_token, "place": REPOSITORY}
        account |= {"api_url": f"{self.client.url}/tracker/api"}
        self.story.di.send("/settings/trackers/account", account.items(), form_at="/settings/trackers")
        self.settle()

    def acts(self) -> Moments:
        yield 6.2, partial(self._open, "pump-leaks", LOCK, "It opens in bags. A quarter turn could lock it.")
        yield 6.9, partial(self._press, LOCK, "start")
        yield 7.1, partial(self._plan, LOCK, "pump-leaks", LOCK_PLANNED)
        yield 8.9, partial(self._order, "white-cast", SHEER)
        yield 9.1, partial(self._press, SHEER, "start")
        yield 9.2, partial(self._plan, SHEER, "white-cast", SHEER_PLANNED)
        yield 11.9, partial(self._press, LOCK, "complete")
        yield 12.0, partial(self._tell, LOCK, "pump-leaks", LOCKED)
        yield 13.3, partial(self.closing.answer, "pump-leaks", LOCKED, self._first_answers())
        yield 13.9, partial(self._press, LOCK, "reopen")
        yield 14.5, partial(self._press, LOCK, "complete")
        yield 14.6, partial(self._tell, LOCK, "pump-leaks", LOCKED_FIRMLY)
        yield 15.4, partial(self._answer_again)
        for need, (title, text, act) in NEXT.items():
            yield 18.7, partial(self._open, need, title, text)
            yield 20.5, partial(self._press, title, act)
        yield 20.6, self._release

    def _first_answers(self) -> Mapping[str, tuple[str, str]]:
        """Ana is not helped; who wanted it with her is, or says nothing."""
        return {ANA: ("not_yet", STILL_WET)} | {
            self.story.users[member]: ("better" if number % 2 else "", "") for number, member in enumerate(BACK_ANA)
        }

    def _answer_again(self) -> None:
        glad = dict.fromkeys(self.story.users.values(), ("better", ""))
        self.closing.answer("pump-leaks", LOCKED_FIRMLY, glad)

    def _open(self, need: str, title: str, body: str) -> None:
        """An issue, whose address Cy pastes on what people said."""
        self.paths[title] = self.client.track("/issues", title=title, body=body)
        self.story.enter(self.story.cy, "Cy")
        self._link(title, self.closing.idea_ids(need))

    def _link(self, title: str, idea_ids: Sequence[str]) -> None:
        address = f"{self.client.url}/{REPOSITORY}{self.paths[title]}"
        for idea_id in idea_ids:
            self.story.cy.send(f"/ideas/{idea_id}/work", [("url", address)], form_at=f"/ideas/{idea_id}")
        self.settle()

    def _order(self, need: str, title: str) -> None:
        """An issue that the hub makes for one idea, in the words that it proposes; the others are linked to it. It is
        in work when the demo is opened."""
        self.story.enter(self.story.cy, "Cy")
        first, *others = self.closing.idea_ids(need)
        page = self.story.cy.get(f"/ideas/{first}/work/new")
        drafted = _BODY.search(page)
        assert drafted, page
        facts = {"source": "github", "place": REPOSITORY, "title": title, "nonce": secrets.token_hex(8)}
        facts |= {"body": html.unescape(drafted[1]).strip()}
        self.story.cy.send(f"/ideas/{first}/work/new", facts.items())
        self.settle()
        linked = re.search(rf"/{REPOSITORY}(/issues/\d+)", self.story.cy.get(f"/ideas/{first}"))
        assert linked, title
        self.paths[title] = linked[1]
        self._link(title, others)

    def _press(self, title: str, act: str) -> None:
        self.client.track(f"{self.paths[title]}/{act}")
        self.settle()

    def _waits(self, title: str) -> tuple[str, list[str]]:
        """Of what waits for the team under this title: its number, and the ideas that it seems to answer."""
        self.story.enter(self.story.cy, "Cy")
        self.settle()  # it is compared with all ideas first
        for number, card in _CARD.findall(self.story.cy.get("/changes/proposed")):
            if title in html.unescape(card):
                return number, [idea_id for idea_id, _ in _OFFERED.findall(card)]
        raise LookupError(title)

    def _plan(self, title: str, need: str, words: str) -> None:
        number, offered = self._waits(title)
        ticked = [("idea_ids", idea_id) for idea_id in self.closing.idea_ids(need) if idea_id in offered]
        path = f"/changes/proposed/{number}/plan"
        self.story.cy.send(path, [("summary", words), *ticked], form_at="/changes/proposed")
        self.settle()

    def _tell(self, title: str, need: str, what: str) -> None:
        """Of what is offered, what really asked for it. Cy knows."""
        number, offered = self._waits(title)
        wanted = [idea_id for idea_id in self.closing.idea_ids(need) if idea_id in offered]
        self.closing.tell(what, wanted, more=[("proposed", number)])

    def _release(self) -> None:
        self.client.track("/releases", **RELEASE)
        self.settle()
