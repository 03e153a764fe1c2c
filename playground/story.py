"""Three weeks in the life of a community, acted through the playground and the hub's pages as people would.

The hub under it runs on ``Clock``, which the story moves: so the past that a newcomer finds was made by the product.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from playground import community, looking_through
from playground.browser import Browser
from playground.client import Client, Person
from playground.closing import BACK_ANA, Closing
from playground.thanking import Thanking
from playground.working import Working

Doc = dict[str, Any]

DAY = 86_400.0
SETTLE_SECONDS = 60.0
"""What falls due so soon belongs to the act before it."""
WEEKS = 3
MESSAGES_A_WEEK = 250
CUSTOMERS = 97
"""With Ana, Flo and Gus they are a hundred."""
CAST = {"m001": "U0ANA", "m002": "U0FLO", "m003": "U0GUS"}
TEAM = {"U0BO": "moderator", "U0CY": "product"}
MOST_SEEN = 12
"""New ideas that Cy marks as seen at a time."""
FIRST_NIGHT = 12
"""Before that day nothing is due every day that anybody would miss."""
SHARE_KEPT = 0.75
"""How much of what could be kept the team notices."""

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
    pass_night: Callable[[], object]
    """Lets the app do what it does every day."""
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
        self.closing = Closing(self)
        self.working = Working(self, self.closing)
        self.thanking = Thanking(self)

    def play(self) -> None:
        """From the first day to a few hours before now."""
        self._arrive()
        self._set_up()
        day = 0
        for at_day, _, act in sorted(self._acts(), key=lambda moment: moment[:2]):
            if int(at_day) > day:
                day = int(at_day)
                self.clock.move_to(self.begin + day * DAY)
                if day >= FIRST_NIGHT:
                    self.pass_night()
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
        self.enter(self.di, "Di")
        for name, role in (("Bo", "moderator"), ("Cy", "product")):
            found = re.search(r"/members/(\d+)/role", self.di.get(f"/members?q={name}"))
            assert found, name
            self.di.send(f"/members/{found[1]}/role", [("role", role)], form_at=f"/members?q={name}")
        self.thanking.set_up()
        self._choose("off")
        self.working.connect()

    def _choose(self, capture: str) -> None:
        """What becomes of talk that nobody keeps; all other settings as the demo has them."""
        self.enter(self.di, "Di")
        facts = {"triage_channel_id": "C0TRIAGE", "managers_channel_id": "C0MANAGERS"}
        facts |= {"capture_percent": "80"}
        channels = [("listening_to", channel) for channel in self._channels()]
        channels += [("capture", f"{channel}:{capture}") for _, channel in channels]
        self.di.send("/settings", [*facts.items(), *channels])
        self.settle()

    def _look_through(self) -> None:
        self.enter(self.cy, "Cy")
        self.settle()
        for _ in range(2):
            looking_through.look_through(self.cy, self.kinds)
            self.settle()
        looking_through.mark_as_seen(self.cy, MOST_SEEN)
        self.settle()

    def _channels(self) -> list[str]:
        names = {"general", "ideas", "help", "show-and-tell"}
        return [channel["id"] for channel in self.client.state("U0DI")["channels"] if channel["name"] in names]

    def enter(self, browser: Browser, name: str) -> None:
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
        for at_day, act in (*self.closing.acts(), *self.working.acts(), *self.thanking.acts(), *self._looks()):
            number += 1
            yield at_day, number, act

    def _looks(self) -> Iterator[tuple[float, Callable[[], None]]]:
        """From the second week on the team looks through what nobody kept."""
        yield 11.2, partial(self._choose, "team")
        for at_day in (13.4, 16.4, 19.3):
            yield at_day, self._look_through

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

    def at_days_from_now(self, days: float) -> str:
        """As a form of the hub takes a time."""
        return datetime.fromtimestamp(self.clock() + days * DAY, UTC).isoformat(timespec="minutes")

    def _as(self, member: str) -> Person:
        return self.client.as_(self.users[member])
