"""What the story's team decides about what was kept, and what people answer when they are told."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from playground.acting import Person

if TYPE_CHECKING:
    from playground.story import Story

Doc = dict[str, Any]
Moments = Iterator[tuple[float, Callable[[], None]]]

ANA = "U0ANA"
BACK_ANA = {"m005": 600, "m009": 1_200, "m020": 6_000, "m041": 18_000, "m002": 20_000}
"""Who puts a +1 on what Ana said, and how many seconds later. The last one is Flo."""
NEWS_URL = "https://fieldnotes.example/news"

DECLINED = {
    "coloured-caps": "Coloured caps cannot be recycled where we make them, and that matters more to us than the look."
}
ASKED_AGAIN = "It does not need colour. A raised dot on each lid would do, and my mother could tell them apart."
BACK_THE_APPEAL = ("m011", "m014")
"""One fewer than it takes, so that whoever opens the demo can be the one."""
SKIPPED = "You can skip a refill yourself, up to the evening before it is packed."
SCHEDULED = "You can send empties back with the next parcel: the courier takes them along."

NOT_YET = {
    "pump-leaks": ("Mine still drips when it lies on its side.", "Better, but not when it is cold outside."),
    "skip-refill": ("I can not find where to do it.", "It lets me skip one, but I am away for three."),
}
PARTLY = {
    "pump-leaks": ("It stays shut now, but it takes two hands.", ""),
    "skip-refill": ("On the phone yes, on the computer I do not see it.", ""),
}

PROMISED = (
    (3.9, "U0BO", "pump-leaks", "That should not happen. We'll look into it with the people who make the pump."),
    (4.6, "U0BO", "smaller-bottle", "I'll ask the lab whether that size can be filled, by the end of the week."),
    (19.6, "U0CY", "unscented", "Good question. I'll check with the lab and write here in two weeks."),
)
"""Day, who, below which need, in which words."""


class Closing:
    """The team's decisions from the first week to the last evening, in the hub and in Slack."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.client, self.settle = story.client, story.settle

    def acts(self) -> Moments:
        for at_day, user, need, words in PROMISED:
            yield at_day, partial(self._promise, user, need, words)
        yield 1.6, partial(self._choose_weekly, "U0FLO")
        for need, why in DECLINED.items():
            yield 10.1, partial(self._decline, need, why)
            yield 11.4, partial(self._ask_again, need)
        yield 17.0, partial(self._ship, "skip-refill", SKIPPED)
        yield 18.3, partial(self.answer, "skip-refill", SKIPPED)
        yield 20.4, partial(self._ship, "return-empties", SCHEDULED, in_days=1.2)

    def idea_ids(self, need: str) -> list[str]:
        """As the team finds them: on the cards in the triage channel."""
        self.settle()
        wanted = {(kept.channel, kept.ts) for kept in self.story.kept if kept.need == need}
        links = {self._archive_path(channel, ts) for channel, ts in wanted}
        found = []
        for card in self.client.messages("C0TRIAGE"):
            text = str(card.get("blocks"))
            number = re.search(r"/ideas/(\d+)", text)
            if number and any(link in text for link in links):
                found.append(number[1])
        return sorted(set(found), key=int)

    def _archive_path(self, channel: str, ts: str) -> str:
        ids = {"#" + known["name"]: known["id"] for known in self.client.state("U0DI")["channels"]}
        return f"/archives/{ids[channel]}/p{ts.replace('.', '')}"

    def _decline(self, need: str, why: str) -> None:
        self.story.enter(self.story.cy, "Cy")
        for idea_id in self.idea_ids(need):
            said = [("summary", why), ("reason", "cost")]
            self.story.cy.send(f"/ideas/{idea_id}/decline", said, form_at=f"/ideas/{idea_id}")
            self.settle()

    def _ship(self, need: str, what: str, *, in_days: float = 0.0) -> None:
        """People hear of it at once, or in so many days."""
        at = self.story.at_days_from_now(in_days) if in_days else ""
        self.tell(what, self.idea_ids(need), more=[("tell_at", at)])

    def tell(self, what: str, idea_ids: Sequence[str], *, more: Sequence[tuple[str, str]] = ()) -> None:
        self.story.enter(self.story.cy, "Cy")  # weeks have passed since the last time
        fields = [("idea_ids", idea_id) for idea_id in idea_ids]
        facts = [("summary", what), ("url", NEWS_URL), ("nonce", secrets.token_hex(8))]
        self.story.cy.send("/changes/new", [*facts, *more, ("step", "tell"), *fields])
        self.settle()

    def answer(self, need: str, what: str, own: Mapping[str, tuple[str, str]] | None = None) -> None:
        """`own`: what some people answer, and why. Of the others most are glad, some are not, some are in part, and
        some say nothing."""
        for person, where in self._asked(need, what):
            verdict, why = (own or {}).get(person.id) or self._drawn(need)
            self.story.clock.move_to(self.story.clock() + self.story.rng.randint(60, 1800))
            if verdict:
                person.click(f"loop_{verdict}", **where)
            if verdict in ("partly", "not_yet"):
                person.submit(self.client.views(person.id)[-1]["id"], why=why)
            self.settle()

    def _drawn(self, need: str) -> tuple[str, str]:
        """A verdict and why; empty where nothing is said."""
        chance = self.story.rng.random()
        if chance < 0.5:
            return "better", ""
        if chance < 0.65:
            return "not_yet", self.story.rng.choice(NOT_YET[need])
        return ("partly", self.story.rng.choice(PARTLY[need])) if chance < 0.75 else ("", "")

    def _asked(self, need: str, what: str) -> Iterable[tuple[Person, Doc]]:
        """Everybody who reads the question about this change, and where. An older one that was left open stays so."""

        def asks(message: Doc) -> bool:
            shown = html.unescape(str(message.get("blocks")))
            return "loop_better" in shown and what in shown

        kept_here = [kept for kept in self.story.kept if kept.need == need]
        for kept in kept_here:
            for reply in self.client.thread(kept.channel, kept.ts):
                if f"<@{kept.author}>" in str(reply) and asks(reply):
                    yield self.client.as_(kept.author), {"channel": kept.channel, "ts": reply["ts"]}
        raised = {kept.author for kept in kept_here}
        for user in sorted(set(self.story.users.values()) - raised):
            for message in self.client.dm(user):
                if asks(message):
                    yield self.client.as_(user), {"channel": "@U0ROUNDTRIP", "ts": message["ts"]}

    def _choose_weekly(self, user: str) -> None:
        """Somebody wants one message a week, and says so in the app's Home."""
        person = self.client.as_(user)
        person.open_home()
        self.settle()
        person.click("hears_choose", value="digest")
        self.settle()

    def _promise(self, user: str, need: str, words: str) -> None:
        """Somebody on the team writes below an idea, and notes what they promised there."""
        kept = next(kept for kept in self.story.kept if kept.need == need and kept.channel == "#ideas")
        if need == "pump-leaks":
            kept = next(kept for kept in self.story.kept if kept.author == ANA)
        person = self.client.as_(user)
        person.post(kept.channel, words, thread_ts=kept.ts)
        self.settle()
        for message in self.client.thread(kept.channel, kept.ts, as_=user):
            if "promise_note_open" in str(message.get("blocks")):
                person.click("promise_note_open", channel=kept.channel, ts=message["ts"])
                person.submit(self.client.views(user)[-1]["id"])
                self.settle()

    def _ask_again(self, need: str) -> None:
        """Whoever asked for what was declined says what the team missed, and others back it."""
        for kept in [kept for kept in self.story.kept if kept.need == need]:
            notices = [one for one in self.client.thread(kept.channel, kept.ts) if "appeal_open" in str(one)]
            for notice in notices[:1]:
                author = self.client.as_(kept.author)
                author.click("appeal_open", channel=kept.channel, ts=notice["ts"])
                author.submit(self.client.views(author.id)[-1]["id"], words=ASKED_AGAIN)
                self.settle()
                for member in BACK_THE_APPEAL:
                    self.client.as_(self.story.users[member]).react(kept.channel, kept.ts, "+1")
                self.settle()
