"""Replays a file of community talk through a running playground, as its members.

    python app.py playground replay community.jsonl --speed 600

The file holds one message a line (see community.py). Members and channels that the playground does not have are made
first; then every post, reply, reaction, edit and deletion is done at its time, `speed` times faster than it was. At the
end stands a table: what was done, what was delivered to the app because of it, and how soon the app acknowledged; and
where the file labels what is feedback, how much of it the app kept.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import re
import signal
import sys
import time
from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from playground import community, replay_kinds
from playground.replay_control import REQUEST_SECONDS, Control, NoPlaygroundError, RefusedError
from playground.replay_file import Act, BadFileError, acts, read
from playground.replay_report import Report, count_deliveries

AT_ONCE = 64  # requests in flight
QUIET_SECONDS = 60.0  # how long the end waits for deliveries, redeliveries included
ANSWERS_SECONDS = (3.0, 900.0)  # an app that keeps things is done when it says nothing more for so long; at most
HOST = "U0DI"  # the owner of the workspace sees every channel and opens new ones

_MENTION = re.compile(r"<@(m\d{3,})>")


def replay(
    file: Path,
    *,
    url: str,
    speed: float = 0.0,
    rate: float | None = None,
    seed: int = 7,
    quiet_seconds: float = QUIET_SECONDS,
) -> Report:
    """Post the file through the playground at `url` and report.

    `speed` is times real time by at_seconds, 0 as fast as possible; `rate`, where given, does so many acts a second,
    evenly, whatever the speed. `seed` gives new members the names that community.members has for them. Ctrl-C ends the
    replay early; what was done until then is reported. Raises BadFileError before anything is sent, NoPlaygroundError.
    """
    talk = read(file)
    kinds = {message["id"]: message["kind"] for message in talk if isinstance(message.get("kind"), str)}
    how: dict[str, Any] = {"pace": _Pace(speed, rate), "seed": seed, "quiet_seconds": quiet_seconds}
    return asyncio.run(_replayed(acts(talk), kinds, url=url.rstrip("/"), **how))


@dataclass(frozen=True)
class _Pace:
    speed: float
    rate: float | None

    def due(self, number: int, act: Act, first: Act) -> float:
        """Seconds after the start at which the act, the `number`th from 0, is to be done."""
        if self.rate:
            return number / self.rate
        return (act.at - first.at) / self.speed if self.speed else 0.0


async def _replayed(
    todo: Sequence[Act], kinds: Mapping[str, str], *, url: str, pace: _Pace, seed: int, quiet_seconds: float
) -> Report:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with suppress(RuntimeError, ValueError, NotImplementedError):  # only the main thread may listen for Ctrl-C
        loop.add_signal_handler(signal.SIGINT, _interrupt, loop, stop)
    limit = aiohttp.ClientTimeout(total=REQUEST_SECONDS)
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    async with aiohttp.ClientSession(timeout=limit, connector=connector) as session:
        control = Control(session, url)
        report = Report()
        users, channels = await _prepared(control, todo, seed)
        await control.quiet(quiet_seconds)
        before = {attempt["event_id"] for attempt in await control.deliveries()}
        started = time.perf_counter()
        played = _Replay(control, users, channels, report)
        await played.run(todo, pace, stop)
        report.interrupted = stop.is_set()
        await _conclude(control, report, before, 2.0 if report.interrupted else quiet_seconds)
        report.wall_seconds = time.perf_counter() - started
        if kinds and not report.lost and not report.interrupted:
            report.kept = await _kept(control, played.places(todo, kinds), stop)
    return report


async def _kept(control: Control, kinds: Mapping[replay_kinds.Place, str], stop: asyncio.Event) -> replay_kinds.Kept:
    """Once the app has said all that it has to say, which takes it a second a message in each channel."""
    settled, longest = ANSWERS_SECONDS
    ends = time.perf_counter() + longest
    before, threads = -1, await _threads(control, kinds)
    while 0 < replay_kinds.answers(threads) != before and time.perf_counter() < ends and not stop.is_set():
        before = replay_kinds.answers(threads)
        await _wait(settled, stop)
        threads = await _threads(control, kinds)
    return replay_kinds.compare(kinds, threads)


async def _threads(control: Control, kinds: Mapping[replay_kinds.Place, str]) -> dict[str, list[list[dict[str, Any]]]]:
    """Those in which somebody replied, by channel."""
    found = {}
    for channel in sorted({channel for channel, _ in kinds}):
        where = {"as": HOST, "channel": channel}
        listed = (await control.get("messages", **where)).get("messages", ())
        asked = [control.get("messages", **where, thread_ts=said["ts"]) for said in listed if said.get("reply_count")]
        found[channel] = [list(answer.get("messages", ())) for answer in await asyncio.gather(*asked)]
    return found


def _interrupt(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """On Ctrl-C come to an end; the next one breaks off."""
    stop.set()
    loop.remove_signal_handler(signal.SIGINT)


async def _conclude(control: Control, report: Report, before: Set[str], quiet_seconds: float) -> None:
    """Wait for the deliveries, and count those of events that are not among `before`."""
    try:
        report.quiet = await control.quiet(quiet_seconds)
        attempts = await control.deliveries()
    except NoPlaygroundError as problem:
        report.lost = str(problem)
    else:
        count_deliveries(report, [attempt for attempt in attempts if attempt["event_id"] not in before])


async def _prepared(control: Control, todo: Sequence[Act], seed: int) -> tuple[dict[str, str], dict[str, str]]:
    """User ids by member and channel ids by name, after making the members and channels that are missing."""
    state = await control.get("state", **{"as": HOST})
    places = sorted({(act.member, act.channel) for act in todo})
    try:
        channels = await _channels(control, state, sorted({channel for _, channel in places}))
        mentioned = {member for act in todo for member in _MENTION.findall(act.said)}
        users = await _users(control, state, sorted(mentioned | {member for member, _ in places}), seed)
        joining = (control.act("join", user=users[member], channel=channels[channel]) for member, channel in places)
        await asyncio.gather(*joining)
    except RefusedError as problem:
        raise NoPlaygroundError(f"the playground does not make room for the members: {problem}") from problem
    return users, channels


async def _channels(control: Control, state: Mapping[str, Any], names: Sequence[str]) -> dict[str, str]:
    """Channel ids by name. A channel that is missing is opened, and the app is invited where it is not a member."""
    found = {channel["name"]: channel["id"] for channel in state["channels"]}
    for name in names:
        if name not in found:
            found[name] = (await control.act("open", user=HOST, name=name))["channel"]
        await control.act("invite_app", channel=found[name])
    return found


async def _users(control: Control, state: Mapping[str, Any], members: Sequence[str], seed: int) -> dict[str, str]:
    """User ids by member. A member m017 is the user U0M017."""
    known = {user["id"] for user in state["users"]}
    people = _people(members, seed)
    found = {member: f"U0{member.upper()}" for member in members}
    missing = [member for member in members if found[member] not in known]
    await asyncio.gather(*(control.act("user", id=found[member], **people[member]) for member in missing))
    return found


def _people(members: Sequence[str], seed: int) -> dict[str, dict[str, str]]:
    """What to call each member: as community.members does, or by the id where that knows nobody of the name."""
    numbers = [int(member[1:]) for member in members if re.fullmatch(r"m\d{3}", member)]
    known = {person["id"]: person for person in community.members(seed, max(numbers, default=0))}
    found = {}
    for member in members:
        person = known.get(member, {"name": member.lower(), "real_name": member, "tz": "UTC"})
        found[member] = {"title": "Customer"} | {name: fact for name, fact in person.items() if name != "id"}
    return found


class _Replay:
    """The acts on their way: at their time, at most AT_ONCE under way, and those on one message one after the other."""

    def __init__(self, control: Control, users: Mapping[str, str], channels: Mapping[str, str], report: Report) -> None:
        self._control = control
        self._users = users
        self._channels = channels
        self._report = report
        self._ts: dict[str, str] = {}  # of every message posted, by its id in the file
        self._last: dict[str, asyncio.Task[None]] = {}  # the act on a message that the next one waits for
        self._posts: dict[str, asyncio.Task[None]] = {}

    async def run(self, todo: Sequence[Act], pace: _Pace, stop: asyncio.Event) -> None:
        """Do everything, or what is done until `stop` is set."""
        started = time.perf_counter()
        slots = asyncio.Semaphore(AT_ONCE)
        under_way: set[asyncio.Task[None]] = set()
        for number, act in enumerate(todo):
            await _wait(started + pace.due(number, act, todo[0]) - time.perf_counter(), stop)
            await slots.acquire()
            if stop.is_set():
                break
            # Acts take their places in order and wait only for earlier ones, so that one of them can always go on.
            task = self._start(act)
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            task.add_done_callback(lambda _: slots.release())
        await asyncio.gather(*under_way)

    def places(self, todo: Sequence[Act], kinds: Mapping[str, str]) -> dict[replay_kinds.Place, str]:
        """The labels by where the messages stand that were posted and not deleted."""
        gone = {act.message for act in todo if act.verb == "delete"}
        channels = {act.message: self._channels[act.channel] for act in todo}
        stand = [message for message in kinds if message in self._ts and message not in gone]
        return {(channels[message], self._ts[message]): kinds[message] for message in stand}

    def _start(self, act: Act) -> asyncio.Task[None]:
        before = self._last.get(act.message) or self._posts.get(act.parent or "")
        task = asyncio.create_task(self._after(before, act))
        self._last[act.message] = task
        if act.verb in ("post", "reply"):
            self._posts[act.message] = task
        return task

    async def _after(self, before: asyncio.Task[None] | None, act: Act) -> None:
        if before is not None:
            await asyncio.wait((before,))
        try:
            await self._do(act)
        except RefusedError as problem:
            self._report.refused.append(f"{act.verb} of {act.message} by {act.member}: {problem}")
        else:
            self._report.done[act.verb] += 1

    async def _do(self, act: Act) -> None:
        where: dict[str, Any] = {"user": self._users[act.member], "channel": self._channels[act.channel]}
        if act.verb in ("post", "reply"):
            if act.parent:
                where["thread_ts"] = self._posted(act.parent)
            answer = await self._control.act("post", text=self._text(act), **where)
            self._ts[act.message] = answer["ts"]
            return
        where["ts"] = self._posted(act.message)
        if act.verb == "react":
            where["name"] = act.said
        elif act.verb == "edit":
            where["text"] = self._text(act)
        await self._control.act(act.verb, **where)

    def _posted(self, message: str) -> str:
        if message not in self._ts:
            raise RefusedError(f"{message} was not posted")
        return self._ts[message]

    def _text(self, act: Act) -> str:
        """What is said, with mentions of members made mentions of users."""
        return _MENTION.sub(lambda match: f"<@{self._users.get(match[1], match[1])}>", act.said)


async def _wait(seconds: float, stop: asyncio.Event) -> None:
    """Sleep, but not past `stop`."""
    if seconds > 0:
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


def main(argv: Sequence[str] | None = None) -> int:
    """Replay a file as the command line says, and answer the exit status.

    0 when all was done, 1 when the playground refused some of it or was lost, 2 when nothing could be done, 130
    after Ctrl-C.
    """
    asked = _parser().parse_args(argv)
    try:
        report = replay(asked.file, url=asked.url, speed=asked.speed, rate=asked.rate, seed=asked.seed)
    except (BadFileError, NoPlaygroundError, OSError, UnicodeDecodeError) as problem:
        print(problem, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    print(report.table())
    if report.interrupted:
        return 130
    return 1 if report.refused or report.lost else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python app.py playground replay", description="Replays community talk through a running playground."
    )
    parser.add_argument("file", type=Path, help="one message a line, as playground.community prints")
    parser.add_argument("--speed", type=_not_negative, default=0.0, help="times real time; 0 = as fast as possible")
    parser.add_argument("--rate", type=_positive, help="so many acts a second, evenly, whatever the speed")
    parser.add_argument("--url", default="http://127.0.0.1:8090", help="where the playground is")
    parser.add_argument("--seed", type=int, default=7, help="which names new members get")
    return parser


def _not_negative(text: str) -> float:
    value = float(text)
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is negative")
    return value


def _positive(text: str) -> float:
    value = float(text)
    if not 0 < value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return value


if __name__ == "__main__":
    sys.exit(main())
