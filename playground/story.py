"""Three weeks in the life of a community, acted through the playground and the hub's pages as people would.

The hub under it runs on ``Clock``, which the story moves: so the past that a newcomer finds was made by the product.
"""

import random
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from playground import community, looking_through
from playground.browser import Browser
from playground.client import Client, Person

Doc = dict[str, Any]

DAY = 86_400.0
SETTLE_SECONDS = 60.0
"""What falls due so soon belongs to the act before it."""
WEEKS = 3
MESSAGES_A_WEEK = 250
CUSTOMERS = 97
"""With Ana, Flo and Gus they are a hundred."""
CAST = {"m001": "U0ANA", "m002": "U0FLO", "m003": "U0GUS"}
BACK_ANA = {"m005": 600, "m009": 1_200, "m020": 6_000, "m041": 18_000}
"""Who puts a +1 on what Ana said, and how many seconds later."""
TEAM = {"U0BO": "moderator", "U0CY": "product"}
MOST_SEEN = 12
"""New ideas that Cy marks as seen at a time."""
SHARE_KEPT = 0.75
"""How much of what could be kept the team notices."""

PLANNED = {"white-cast": "We are testing a sheer version with twelve of you this month."}
DECLINED = {
    "coloured-caps": "Coloured caps cannot be recycled where we make them, and that matters more to us than the look."
}
SHIPPED = {
    12.0: ("pump-leaks", "The pump locks now: a quarter turn to the left, and it stays shut in any bag."),
    17.0: ("skip-refill", "You can skip a refill yourself, up to the evening before it is packed."),
}
NOT_YET = {
    "pump-leaks": ("Mine still drips when it lies on its side.", "Better, but not when it is cold outside."),
    "skip-refill": ("I can not find where to do it.", "It lets me skip one, but I am away for three."),
}

_MENTION = re.compile(r"<@(m\d+)>")


@dataclass
class Clock:
    """Seconds since 1970; only forwards."""

    seconds: float

    def __call__(self) -> float:
        return self.seconds

    def move_to(self, seconds: float) -> None:
        self.seconds = max(self.seconds, seconds)


@dataclass
class Kept:
    """An idea that was captured: where it was said, by whom, about what."""

    channel: str
    ts: str
    author: str
    need: str


@dataclass
class Story:
    client: Client
    hub_url: str
    request_url: str
    clock: Clock
    settle: Callable[[], None]
    """Waits until the app has done everything that is due, and moves the clock as far as that takes."""
    say: Callable[[str], None]
    seed: int = 7
    users: dict[str, str] = field(default_factory=dict)
    posted: dict[str, tuple[str, str]] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    """What each message was meant as, by its words."""

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.begin = self.clock()
        self.cy, self.di = Browser(self.hub_url), Browser(self.hub_url)

    def play(self) -> None:
        """From the first day to a few hours before now."""
        self._arrive()
        self._set_up()
        day = 0
        for at_day, _, act in sorted(self._acts(), key=lambda moment: moment[:2]):
            if int(at_day) > day:
                day = int(at_day)
                self.settle()
                self.say(f"day {day} of {WEEKS * 7}, {len(self.kept)} ideas kept")
            self.clock.move_to(self.begin + at_day * DAY)
            act()
        self.settle()

    def _arrive(self) -> None:
        self.say("a hundred people arrive")
        for person in community.members(self.seed, CUSTOMERS + len(CAST)):
            known = CAST.get(person["id"])
            self.users[person["id"]] = known or self.client.add_user(
                name=person["name"], real_name=person["real_name"], tz=person["tz"]
            )
        self.client.open_channel("show-and-tell", user="U0DI")
        for user in (*self.users.values(), *TEAM):
            for name in community.CHANNELS:
                self.client.join(user, f"#{name}")
        self.client.invite_app("#show-and-tell")
        self.client.settings(request_url=self.request_url)  # the app comes last, as to any community
        self.settle()

    def _set_up(self) -> None:
        """What the first manager does on the first day: roles, channels, how thank-yous are paid."""
        self._enter(self.di, "Di")
        for name, role in (("Bo", "moderator"), ("Cy", "product")):
            found = re.search(r"/members/(\d+)/role", self.di.get(f"/members?q={name}"))
            assert found, name
            self.di.send(f"/members/{found[1]}/role", [("role", role)], form_at=f"/members?q={name}")
        self._choose("off")

    def _choose(self, capture: str) -> None:
        """What becomes of talk that nobody keeps; all other settings as the demo has them."""
        self._enter(self.di, "Di")
        facts = {"triage_channel_id": "C0TRIAGE", "managers_channel_id": "C0MANAGERS"}
        facts |= {"reward": "25.00", "reward_currency": "USD", "pays_by": "service", "capture_percent": "80"}
        channels = [("listening_to", channel) for channel in self._channels()]
        channels += [("capture", f"{channel}:{capture}") for _, channel in channels]
        self.di.send("/settings", [*facts.items(), *channels])
        self.settle()

    def _look_through(self) -> None:
        self._enter(self.cy, "Cy")
        self.settle()
        for _ in range(2):
            looking_through.look_through(self.cy, self.kinds)
            self.settle()
        looking_through.mark_as_seen(self.cy, MOST_SEEN)
        self.settle()

    def _channels(self) -> list[str]:
        names = {"general", "ideas", "help", "show-and-tell"}
        return [channel["id"] for channel in self.client.state("U0DI")["channels"] if channel["name"] in names]

    def _enter(self, browser: Browser, name: str) -> None:
        """The demo lets anybody continue as anybody: the form names people by a number."""
        page = browser.get("/enter")
        found = re.search(rf'value="(\d+)"[^>]*>\s*(?:Continue as )?{name}\b', page)
        assert found, f"nobody called {name} on the page"
        browser.send("/enter/demo", [("member_id", found[1])], form_at="/enter")

    def _acts(self) -> Iterator[tuple[float, int, Callable[[], None]]]:
        """(day, number, what to do); the number keeps acts of one moment in order."""
        number = 0
        for at_day, act in self._talk():
            number += 1
            yield at_day, number, act
        for at_day, act in self._decisions():
            number += 1
            yield at_day, number, act

    def _talk(self) -> Iterator[tuple[float, Callable[[], None]]]:
        told = community.generate(self.seed, CUSTOMERS + len(CAST), WEEKS - 0.2, MESSAGES_A_WEEK)
        told.append(
            {
                "id": "ana",
                "at_seconds": int(2.4 * DAY),
                "member": "m001",
                "channel": "ideas",
                "text": "The pump on my Day Lotion opened in my bag again. Could it have a lock?",
                "kind": "problem",
                "need": "pump-leaks",
                "reactions": [
                    {"member": member, "name": "+1", "after_seconds": seconds} for member, seconds in BACK_ANA.items()
                ],
            }
        )
        for message in told:
            yield from self._message(message)

    def _message(self, message: Doc) -> Iterator[tuple[float, Callable[[], None]]]:
        at = message["at_seconds"]
        yield at / DAY, partial(self._post, message)
        names = {reaction["name"] for reaction in message.get("reactions", ())}
        for reaction in message.get("reactions", ()):
            if reaction["name"] != "bulb":
                yield (at + reaction["after_seconds"]) / DAY, partial(self._react, message, reaction)
        is_feedback = message["kind"] != "other" and "deleted_after_seconds" not in message
        if is_feedback and ("bulb" in names or message["id"] == "ana" or self.rng.random() < SHARE_KEPT):
            yield (at + self.rng.randint(120, 9_000)) / DAY, partial(self._keep, message)
        if "edited_to" in message:
            yield (at + message["edited_after_seconds"]) / DAY, partial(self._edit, message)
        if "deleted_after_seconds" in message:
            yield (at + message["deleted_after_seconds"]) / DAY, partial(self._delete, message)

    def _post(self, message: Doc) -> None:
        thread = self.posted.get(message.get("thread_of", ""))
        channel = "#" + message["channel"]
        self.kinds[message["text"]] = message["kind"]
        text = _MENTION.sub(lambda named: f"<@{self.users[named[1]]}>", message["text"])
        ts = self._as(message["member"]).post(channel, text, thread_ts=thread[1] if thread else None)
        self.posted[message["id"]] = (channel, ts)

    def _react(self, message: Doc, reaction: Doc) -> None:
        channel, ts = self.posted[message["id"]]
        if reaction["member"] != message["member"] or reaction["name"] != "+1":
            self._as(reaction["member"]).react(channel, ts, reaction["name"])

    def _keep(self, message: Doc) -> None:
        """Somebody on the team puts the bulb on it."""
        channel, ts = self.posted[message["id"]]
        self.client.quiet()  # the message should be known before the reaction is
        self.client.as_(self.rng.choice(sorted(TEAM))).react(channel, ts, "bulb")
        self.kept.append(Kept(channel, ts, self.users[message["member"]], message.get("need", "")))
        self.settle()

    def _edit(self, message: Doc) -> None:
        channel, ts = self.posted[message["id"]]
        self._as(message["member"]).edit(channel, ts, message["edited_to"])

    def _delete(self, message: Doc) -> None:
        channel, ts = self.posted[message["id"]]
        self._as(message["member"]).delete(channel, ts)

    def _decisions(self) -> Iterator[tuple[float, Callable[[], None]]]:
        for need, why in PLANNED.items():
            yield 9.2, partial(self._decide, "plan", need, why)
        for need, why in DECLINED.items():
            yield 10.1, partial(self._decide, "decline", need, why)
        for at_day, (need, what) in SHIPPED.items():
            yield at_day, partial(self._ship, need, what)
            yield at_day + 1.3, partial(self._answer, need, what)
        yield 11.2, partial(self._choose, "team")
        for at_day in (13.4, 16.4, 19.3):
            yield at_day, self._look_through
        yield 15.2, partial(self._approve, 4)
        yield 19.1, partial(self._approve, 2)

    def _idea_ids(self, need: str) -> list[str]:
        """As the team finds them: on the cards in the triage channel."""
        self.settle()
        wanted = {(kept.channel, kept.ts) for kept in self.kept if kept.need == need}
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

    def _decide(self, act: str, need: str, why: str) -> None:
        self._enter(self.cy, "Cy")
        for idea_id in self._idea_ids(need):
            said = [("summary", why), *([("reason", "cost")] if act == "decline" else [])]
            self.cy.send(f"/ideas/{idea_id}/{act}", said, form_at=f"/ideas/{idea_id}")
            self.settle()

    def _ship(self, need: str, what: str) -> None:
        self._enter(self.cy, "Cy")  # weeks have passed since the last time
        fields = [("idea_ids", idea_id) for idea_id in self._idea_ids(need)]
        facts = [("summary", what), ("url", "https://fieldnotes.example/news"), ("nonce", secrets.token_hex(8))]
        self.cy.send("/changes/new", [*facts, ("step", "tell"), *fields])
        self.settle()

    def _answer(self, need: str, what: str) -> None:
        """Ana is glad, and so is who wanted it with her, or it would be open again; of the others most are, some are
        not, and some say nothing."""
        glad = {"U0ANA", *(self.users[member] for member in BACK_ANA)}
        for person, where in self._asked(need, what):
            chance = 0.0 if person.id in glad else self.rng.random()
            self.clock.move_to(self.clock() + self.rng.randint(60, 1800))
            if chance < 0.6:
                person.click("loop_better", **where)
            elif chance < 0.75:
                person.click("loop_not_yet", **where)
                person.submit(self.client.views(person.id)[-1]["id"], why=self.rng.choice(NOT_YET[need]))
            self.settle()

    def _asked(self, need: str, what: str) -> Iterable[tuple[Person, Doc]]:
        """Everybody who reads the question about this change, and where. An older one that was left open stays so."""

        def asks(message: Doc) -> bool:
            shown = str(message.get("blocks"))
            return "loop_better" in shown and what in shown

        raised = {kept.author for kept in self.kept if kept.need == need}
        for kept in [kept for kept in self.kept if kept.need == need]:
            for reply in self.client.thread(kept.channel, kept.ts):
                if f"<@{kept.author}>" in str(reply) and asks(reply):
                    yield self.client.as_(kept.author), {"channel": kept.channel, "ts": reply["ts"]}
        for user in sorted(set(self.users.values()) - raised):
            for message in self.client.dm(user):
                if asks(message):
                    yield self.client.as_(user), {"channel": "@U0ROUNDTRIP", "ts": message["ts"]}

    def _approve(self, most: int) -> None:
        """Di says yes to some. Ana's is left for whoever opens the demo."""
        waiting = [card for card in self.client.messages("C0MANAGERS") if "reward_approve" in str(card.get("blocks"))]
        for card in [card for card in waiting if "for Ana" not in str(card)][:most]:
            self.client.as_("U0DI").click("reward_approve", channel="C0MANAGERS", ts=card["ts"])
            self.settle()

    def _as(self, member: str) -> Person:
        return self.client.as_(self.users[member])
