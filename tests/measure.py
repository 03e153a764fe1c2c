"""The figures in the README: a community's talk replayed through the real processes, and one loop closed.

    make bench                      # the talk that `python app.py playground community` writes
    make bench FILE=talk.jsonl      # any file of that form

Acknowledgement is measured by the playground, from sending an event to the answer, next to a baseline in the same run:
the same events to a server that answers 200 at once and does nothing.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from feedback import changes, rewards
from feedback.database import connect
from models import Answer, Idea, Member, Message, Notice, Payout, Reward, Theme, migrations
from playground import community
from playground.replay import replay
from playground.replay_report import Report
from playground.server import Options, Playground
from tests.accounts import count, everybody_told, everything_is_there_once
from tests.conftest import try_out
from tests.stack import Stack, open_stack

SLOW, FAST = 8.3, 100.0
"""Events a second: Slack's cap for one app in one workspace (30,000 an hour), and twelve times that."""
SLOW_MESSAGES = 300
MOST_KEPT = 120
BETTER_OF_TEN = 7


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.measure", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path)
    given = parser.parse_args().file
    with tempfile.TemporaryDirectory(prefix="roundtrip-measure-") as name:
        folder = Path(name)
        file = given or _own_talk(folder)
        slow, fast = _parts(file, folder)
        rows = _measure(slow, fast, folder)
        rows["baseline"] = [_baseline(slow, SLOW), _baseline(fast, FAST)]
    print(_table(given.name if given else "talk of `playground community --seed 7`", rows))


def _own_talk(folder: Path) -> Path:
    """As much as an active community says in eleven days: 1,100 messages a week."""
    file = folder / "talk.jsonl"
    told = community.generate(seed=7, weeks=11.5 / 7, messages_a_week=1100)
    file.write_text("".join(json.dumps(message) + "\n" for message in told))
    return file


def _parts(file: Path, folder: Path) -> tuple[Path, Path]:
    """The beginning, for the slow replay, and all the rest. Threads whose beginning is in the other part are cut."""
    messages = [json.loads(line) for line in file.read_text().splitlines() if line.strip()]
    slow, fast = folder / "slow.jsonl", folder / "fast.jsonl"
    for part, chosen in ((slow, messages[:SLOW_MESSAGES]), (fast, messages[SLOW_MESSAGES:])):
        here = {message["id"] for message in chosen}
        lines = [
            json.dumps({key: value for key, value in message.items() if key != "thread_of" or value in here})
            for message in chosen
        ]
        part.write_text("\n".join(lines) + "\n")
    return slow, fast


def _measure(slow: Path, fast: Path, folder: Path) -> dict[str, Any]:
    database = f"sqlite:///{folder / 'measure.sqlite3'}"
    engine = connect(database)
    migrations.upgrade(engine)
    engine.dispose()
    with open_stack(database, folder) as stack:
        reports = [_replayed(part, stack.client.url, rate) for part, rate in ((slow, SLOW), (fast, FAST))]
        _keep(stack, [slow, fast])
        stack.wait_for(lambda: not _waiting(stack), 600, "every idea kept and grouped")
        theme = _ship_for_the_largest_theme(stack)
        stack.wait_for(lambda: everybody_told(stack), 300, "everybody told")
        _answer(stack)
        _approve(stack)
        stack.wait_until_done(300)
        everything_is_there_once(stack)
        return {"product": reports, "theme": theme, **_counts(stack)}


def _replayed(part: Path, url: str, rate: float) -> Report:
    report = replay(part, url=url, rate=rate)
    assert report.quiet
    assert not report.refused, report.refused[:3]
    return report


def _keep(stack: Stack, parts: list[Path]) -> None:
    """Cy puts a bulb on what people labelled as an idea or a problem, until there are enough to look at."""
    wanted = Counter(
        message["text"]
        for part in parts
        for message in map(json.loads, part.read_text().splitlines())
        if message["kind"] in ("idea", "problem") and "edited_to" not in message
    )
    with stack.hub.reading() as tx:
        stored = tx.scalars(select(Message).where(Message.deleted_at.is_(None)).order_by(Message.id)).all()
    chosen = [message for message in stored if wanted[message.text]][:MOST_KEPT]
    for channel in {message.channel_id for message in chosen}:
        stack.client.join("U0CY", channel)
    for message in chosen:
        stack.client.as_("U0CY").react(message.channel_id, message.ts, "bulb")
    stack.client.quiet(60)


def _waiting(stack: Stack) -> list[tuple[str, str]]:
    return [(kind, state) for kind, state in stack.open_work() if not kind.startswith("home.")]


def _ship_for_the_largest_theme(stack: Stack) -> str:
    with stack.hub.transaction() as tx:
        size = func.count(Idea.id)
        theme_id = tx.scalars(select(Idea.theme_id).group_by(Idea.theme_id).order_by(size.desc())).first()
        assert theme_id is not None
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        changes.ship(tx, by=cy, summary="It is better now.", theme_ids=[theme_id], now=stack.hub.clock())
        return tx.get_one(Theme, theme_id).name


def _answer(stack: Stack) -> None:
    """Seven of ten are glad; the others say why not."""
    with stack.hub.reading() as tx:
        asked = [
            (stack.client.as_(notice.member.slack_id), {"channel": notice.channel_id, "ts": notice.ts})
            for notice in tx.scalars(select(Notice).where(Notice.told_at.is_not(None)).order_by(Notice.id))
        ]
    for number, (person, where) in enumerate(asked):
        if number % 10 < BETTER_OF_TEN:
            person.click("loop_better", **where)
        else:
            person.click("loop_not_yet", **where)
            person.submit(stack.client.views(person.id)[-1]["id"], why="Not quite there yet.")


def _approve(stack: Stack) -> None:
    with stack.hub.transaction() as tx:
        try_out(tx, now=stack.hub.clock())
        di = tx.scalars(select(Member).where(Member.slack_id == "U0DI")).one()
        for reward in tx.scalars(select(Reward)):
            rewards.approve(tx, reward_id=reward.id, manager=di, cipher=stack.hub.cipher, now=stack.hub.clock())


def _counts(stack: Stack) -> dict[str, int]:
    with stack.hub.reading() as tx:
        verdicts = Counter(tx.scalars(select(Answer.verdict)))
        themes = tx.scalar(select(func.count(func.distinct(Idea.theme_id)))) or 0
        told = tx.scalar(select(func.count()).select_from(Notice).where(Notice.told_at.is_not(None))) or 0
        paid = tx.scalar(select(func.count()).select_from(Payout).where(Payout.paid_at.is_not(None))) or 0
    return {
        "messages": count(stack, Message),
        "ideas": count(stack, Idea),
        "themes": themes,
        "told": told,
        "better": verdicts["better"],
        "not_yet": verdicts["not_yet"],
        "rewards": count(stack, Reward),
        "paid": paid,
    }


def _baseline(part: Path, rate: float) -> Report:
    with _says_yes() as address, Playground(Options(port=0, request_url=address)) as playground:
        return _replayed(part, playground.url, rate)


@contextmanager
def _says_yes() -> Iterator[str]:
    """A server that reads a request and answers 200."""

    class Yes(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: it is asked a hundred times a second."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Yes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def _table(name: str, rows: dict[str, Any]) -> str:
    slow, fast = rows["product"]
    slow_base, fast_base = rows["baseline"]
    lines = [
        ("messages stored", f"{rows['messages']:,}"),
        ("ideas captured, in themes", f"{rows['ideas']}, in {rows['themes']}"),
        ("people told of one change", f"{rows['told']}"),
        ("said better now, not yet", f"{rows['better']}, {rows['not_yet']}"),
        ("rewards approved, paid", f"{rows['rewards']}, {rows['paid']}"),
        ("messages, posts or payments lost or doubled", "0 of each"),
        (f"{SLOW:g} events a second: events, not acknowledged", f"{slow.delivered:,}, {slow.failed}"),
        ("… acknowledged, 50th percentile", _beside(slow.ack_p50_ms, slow_base.ack_p50_ms)),
        ("… acknowledged, 99th percentile", _beside(slow.ack_p99_ms, slow_base.ack_p99_ms)),
        (f"{FAST:g} events a second: events, not acknowledged", f"{fast.delivered:,}, {fast.failed}"),
        ("… acknowledged, 50th percentile", _beside(fast.ack_p50_ms, fast_base.ack_p50_ms)),
        ("… acknowledged, 99th percentile", _beside(fast.ack_p99_ms, fast_base.ack_p99_ms)),
    ]
    body = "\n".join(f"| {what} | {value} |" for what, value in lines)
    return f"\nReplayed: {name}\n\n| measured | |\n|---|---|\n{body}\n"


def _beside(ours: float | None, baseline: float | None) -> str:
    assert ours
    assert baseline
    return f"{ours:.0f} ms ({ours / baseline:.0f} × the baseline's {baseline:.1f} ms)"


if __name__ == "__main__":
    main()
