"""An invented community: what a hundred customers of the invented brand Fieldnotes write to each other in a few weeks.

    python -m playground.community --seed 7 --weeks 1.64 --messages-a-week 1100 > community.jsonl

About a fifth of the messages ask for something. They belong to some thirty needs, a few of them wanted by many and most
by one or two; each person puts a need differently. The rest is the talk of any community. Equal arguments give equal
output. The wording is in community.toml.
"""

from __future__ import annotations

import argparse
import json
import random
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from playground.community_words import Need, Talk, words
from playground.community_writing import Draft, Writer

CHANNELS = ("general", "ideas", "help", "show-and-tell")
WEEK_SECONDS = 7 * 24 * 3600
DAY_SECONDS = 24 * 3600

FEEDBACK_SHARE = 0.22  # of all messages
REPLY_SHARE = 0.38  # of all messages, mostly chat beneath something else
DECAY = 0.88  # how much smaller each need is than the one before it
HOURS = (
    2,
    1,
    1,
    1,
    2,
    3,
    5,
    8,
    9,
    9,
    8,
    8,
    9,
    8,
    7,
    7,
    8,
    9,
    10,
    10,
    9,
    7,
    5,
    3,
)  # how busy each hour of the day is, UTC
DAYS = (10, 10, 10, 10, 9, 6, 7)  # and each day, Monday first

_LETTERS = "ABCDEFGHIJKLMNOPRSTVWYZ"


def members(seed: int = 7, count: int = 100) -> list[dict[str, str]]:
    """Who they are: id (m001...), name ("ines.r"), real_name ("Inês R.") and tz ("Europe/Lisbon"); no name twice."""
    rng = random.Random(f"members {seed}")
    homes = [(name, zone) for zone, names in words().names.items() for name in names]
    if count > len(homes) * len(_LETTERS):
        raise ValueError(f"there are names for {len(homes) * len(_LETTERS)} members, not for {count}")
    rng.shuffle(homes)
    initials = rng.sample(_LETTERS, len(_LETTERS))
    people = []
    for number in range(count):
        lap, place = divmod(number, len(homes))
        first, zone = homes[place]
        initial = initials[(place + lap) % len(initials)]
        people.append(
            {
                "id": f"m{number + 1:03d}",
                "name": f"{_ascii(first)}.{initial}".lower(),
                "real_name": f"{first} {initial}.",
                "tz": zone,
            }
        )
    return people


def needs() -> list[dict[str, str]]:
    """What the community asks for, the most wanted first: name (as in a message's `need`), about, and kind."""
    return [{"name": need.name, "about": need.about, "kind": need.kind} for need in words().needs]


def generate(seed: int = 7, members: int = 100, weeks: float = 3, messages_a_week: int = 300) -> list[dict[str, Any]]:
    """The messages in the order of time, `weeks * messages_a_week` of them, replies included.

    Each has id, at_seconds (whole, since a Monday 00:00 UTC), member, channel, text, kind ("idea", "problem", "other");
    and where there is one: need (its name), thread_of (id of the parent), reactions [{member, name, after_seconds}],
    edited_to with edited_after_seconds, deleted_after_seconds. A mention stands in the text as "<@m017>".
    """
    if members < 2 or weeks <= 0 or messages_a_week <= 0:
        raise ValueError("a community takes two members or more, and some weeks with some messages")
    return _Community(seed, members, weeks, messages_a_week).tell()


def sizes(total: int) -> list[int]:
    """How many of `total` messages each need gets, in the order of the needs: each one `DECAY` of the one before."""
    weights = [DECAY**place for place in range(len(words().needs))]
    exact = [total * weight / sum(weights) for weight in weights]
    whole = [int(size) for size in exact]
    # What rounding down leaves over goes to the needs that got nothing, then to those that lost the most.
    left = sorted(range(len(exact)), key=lambda place: (whole[place] > 0, whole[place] - exact[place]))
    for place in left[: total - sum(whole)]:
        whole[place] += 1
    return whole


class _Community:
    """One run of the generator: drafts the messages, then lets people react, edit and delete."""

    def __init__(self, seed: int, count: int, weeks: float, messages_a_week: int) -> None:
        self.rng = random.Random(f"community {seed}")
        self.ids = [person["id"] for person in members(seed, count)]
        self.writer = Writer(self.rng, self.ids)
        self.span = int(weeks * WEEK_SECONDS)
        self.total = round(weeks * messages_a_week)
        # A few write all the time, most now and then.
        self.liveliness = [1 / (rank + 8) for rank in self.rng.sample(range(count), count)]
        self.drafts: list[Draft] = []

    def tell(self) -> list[dict[str, Any]]:
        self._draft_feedback(round(self.total * FEEDBACK_SHARE))
        replies = min(round(self.total * REPLY_SHARE), self.total - len(self.drafts))
        self._draft_talk(self.total - len(self.drafts) - replies)
        self._draft_replies(self.total - len(self.drafts))
        self.drafts.sort(key=lambda draft: draft.at)
        self._react()
        self._edit()
        self._delete()
        return _messages(self.drafts)

    # What people ask for

    def _draft_feedback(self, total: int) -> None:
        for need, size in zip(words().needs, sizes(total), strict=True):
            wordings = self._wordings(need)
            peak = self._moment()
            earlier: list[Draft] = []
            for member, at in zip(self._different(size), sorted(self._moments(size, peak)), strict=True):
                draft = self._feedback(need, member, at, wordings)
                self._perhaps_in_thread(draft, earlier)
                earlier.append(draft)
                self.drafts.append(draft)

    def _feedback(self, need: Need, member: str, at: int, wordings: Iterator[str]) -> Draft:
        text, meant = self.writer.write(lambda _: next(wordings), member)
        channel = self.rng.choices((need.channel, *CHANNELS), (70, 18, 5, 5, 2))[0]
        return Draft(at, member, channel, text, meant, kind=need.kind, need=need.name)

    def _wordings(self, need: Need) -> Iterator[str]:
        """Endless: each whole message once, then each built one, then either with a line before or after."""
        whole, built = list(need.says), list(need.built)
        self.rng.shuffle(whole)
        self.rng.shuffle(built)
        yield from whole
        yield from built
        around = words().around
        before = around["before"] + around["before_feedback"]
        while True:
            yield self._around(self.rng.choice(whole + built), before, around[f"after_{need.kind}"])

    def _perhaps_in_thread(self, draft: Draft, earlier: Sequence[Draft]) -> None:
        """One in ten is written beneath what another member wrote about the same."""
        roots = [root for root in earlier if root.parent is None and 0 < draft.at - root.at < 2 * DAY_SECONDS]
        if roots and self.rng.random() < 0.1:
            self._reply_to(self.rng.choice(roots), draft)

    # What people talk about

    def _draft_talk(self, total: int) -> None:
        # In the order of time, so that a message comes round again only after all the others.
        moments = sorted(self._moment() for _ in range(total))
        for talk, at in zip(self._cycled(words().talk, total), moments, strict=True):
            member = self._member()
            text, meant = self.writer.write(lambda attempt, talk=talk: self._talk(talk.text, attempt), member)  # type: ignore[misc]
            self.drafts.append(Draft(at, member, talk.channel, text, meant, talk=talk))

    def _talk(self, text: str, attempt: int) -> str:
        around = words().around
        return text if attempt == 0 else self._around(text, around["before"], around["after_talk"])

    def _draft_replies(self, total: int) -> None:
        """Most of the replies that belong to one message; then whatever fits, more where more is going on.

        When a message comes round again, its own replies come back less often.
        """
        roots = [draft for draft in self.drafts if draft.parent is None]
        seen: Counter[str] = Counter()
        kept: list[tuple[Draft, str]] = []
        for root in roots:
            if root.talk:
                chance = 0.85 / 2 ** seen[root.talk.text]
                kept += [(root, text) for text in root.talk.replies if self.rng.random() < chance]
                seen[root.talk.text] += 1
        del kept[total:]
        heat = [min(self.rng.paretovariate(1), 9) * (2 if root.need else 1) for root in roots]
        for root in self.rng.choices(roots, heat, k=total - len(kept)) if roots else ():
            kept.append((root, ""))
        for root, text in kept:
            self.drafts.append(self._reply(root, text))

    def _reply(self, root: Draft, text: str) -> Draft:
        """`text`, or where it is empty any reply of the root's kind."""
        replies, around = words().replies, words().around
        pool = replies["any"] if root.kind == "other" or self.rng.random() < 0.15 else replies[root.kind]
        member = self._member(but=root.member)

        def wording(attempt: int) -> str:
            chosen = text or self.rng.choice(pool)
            mention = "{who} " if attempt in (2, 3, 6, 7) else ""
            after = f" {self.rng.choice(around['after_talk'])}" if attempt > 3 else ""
            return f"{mention}{chosen}{after}"

        written, meant = self.writer.write(
            wording, member, who=root.replies[-1].member if root.replies else root.member
        )
        lag = min(30 + int(self.rng.lognormvariate(7.2, 1.4)), self.span - root.at)
        draft = Draft(root.at + max(lag, 1), member, root.channel, written, meant)
        self._reply_to(root, draft)
        return draft

    def _reply_to(self, root: Draft, reply: Draft) -> None:
        reply.parent, reply.channel = root, root.channel
        root.replies.append(reply)

    # What people do to messages afterwards

    def _react(self) -> None:
        for draft in self.drafts:
            asks = draft.need is not None
            names = ("+1", "heart", "bulb") if asks else ("heart", "+1", "joy", "tada", "eyes")
            shares = (6, 2, 2) if asks else (5, 3, 2, 1, 1)
            count = min(int(self.rng.paretovariate(1.3 if asks else 2.2)) - 1, 12, len(self.ids) - 1)
            reacting = [member for member in self.rng.sample(self.ids, count) if member != draft.member]
            reactions = [
                {"member": member, "name": self.rng.choices(names, shares)[0], "after_seconds": self._lag(draft, 7.5)}
                for member in reacting
            ]
            if reactions:
                draft.extra["reactions"] = sorted(reactions, key=lambda reaction: reaction["after_seconds"])

    def _edit(self) -> None:
        """Half of the typos are put right, and a few that ask for something get an afterthought."""
        for draft in self.drafts:
            chance = self.rng.random()
            if draft.text != draft.meant and chance < 0.5:
                edited = draft.meant
            elif draft.need and chance > 0.95:
                edited = f"{draft.text} {self.rng.choice(words().around['added_later'])}"
            else:
                continue
            draft.extra |= {"edited_to": edited, "edited_after_seconds": self._lag(draft, 5)}

    def _delete(self) -> None:
        """About one message in eighty is taken back; never one with replies, nor one of a need with few messages."""
        spoken = Counter(draft.need for draft in self.drafts)
        for draft in self.drafts:
            free = not draft.replies and (draft.need is None or spoken[draft.need] > 5)
            if free and self.rng.random() < 1 / 60:
                after = draft.extra.get("edited_after_seconds", 0) + self._lag(draft, 6)
                draft.extra["deleted_after_seconds"] = after
                kept = [one for one in draft.extra.pop("reactions", ()) if one["after_seconds"] < after]
                draft.extra |= {"reactions": kept} if kept else {}

    # Chance

    def _lag(self, draft: Draft, size: float) -> int:
        """Seconds until something happens to the message: e to the power of `size` on average of the logarithms."""
        drawn = 5 + int(self.rng.lognormvariate(size, 1.3))
        return max(1, min(drawn, self.span - draft.at))

    def _member(self, but: str | None = None) -> str:
        while (member := self.rng.choices(self.ids, self.liveliness)[0]) == but:
            pass
        return member

    def _different(self, count: int) -> Iterator[str]:
        """`count` members, nobody a second time before everybody had a turn."""
        while count > 0:
            keyed = [
                (self.rng.random() ** (1 / live), one) for live, one in zip(self.liveliness, self.ids, strict=True)
            ]
            for _, member in sorted(keyed, reverse=True)[:count]:
                yield member
            count -= len(self.ids)

    def _cycled(self, talk: Sequence[Talk], total: int) -> Iterator[Talk]:
        while total > 0:
            yield from self.rng.sample(talk, min(total, len(talk)))
            total -= len(talk)

    def _around(self, text: str, before: Sequence[str], after: Sequence[str]) -> str:
        """The text with a line before it, after it, or both."""
        sides = self.rng.choice(("before", "after", "both"))
        first = self.rng.choice(before) if sides != "after" else ""
        last = self.rng.choice(after) if sides != "before" else ""
        if last and text[-1].isalnum():
            text += "."
        return " ".join(part for part in (first, text, last) if part)

    def _moment(self) -> int:
        """A second of the span, at an hour and on a day when people write."""
        while True:
            at = self.rng.randrange(self.span)
            busy = HOURS[at % DAY_SECONDS // 3600] * DAYS[at // DAY_SECONDS % 7]
            if self.rng.random() * max(HOURS) * max(DAYS) < busy:
                return at

    def _moments(self, count: int, peak: int) -> list[int]:
        """Half of them anywhere, half within some days of the peak: one person's message reminds another."""
        found = []
        for _ in range(count):
            tries = [self._moment() for _ in range(self.rng.choice((1, 6)))]
            found.append(min(tries, key=lambda at: abs(at - peak)))
        return found


def _messages(drafts: Sequence[Draft]) -> list[dict[str, Any]]:
    ids = {draft: f"c{number:05d}" for number, draft in enumerate(drafts, 1)}
    found = []
    for draft in drafts:
        message: dict[str, Any] = {
            "id": ids[draft],
            "at_seconds": draft.at,
            "member": draft.member,
            "channel": draft.channel,
            "text": draft.text,
            "kind": draft.kind,
        }
        if draft.need:
            message["need"] = draft.need
        if draft.parent:
            message["thread_of"] = ids[draft.parent]
        found.append(message | draft.extra)
    return found


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ł", "l"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())


def main(argv: Sequence[str] | None = None) -> None:
    """Print a community, one JSON object a line."""
    parser = argparse.ArgumentParser(
        prog="python -m playground.community", description="Prints an invented community, one message a line."
    )
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--members", type=int, default=100)
    parser.add_argument("--weeks", type=float, default=3)
    parser.add_argument("--messages-a-week", type=int, default=300)
    for message in generate(**vars(parser.parse_args(argv))):
        print(json.dumps(message, ensure_ascii=False))


if __name__ == "__main__":
    main()
