"""Whether Slack is answered while a thousand people are told of a change.

    python -m tests.answering 1000

The real processes, on both databases. The same talk is replayed twice at the pace that Slack allows one app: before
anybody is told, as the baseline, and from the moment at which somebody presses "Tell them" in the hub.
"""

from __future__ import annotations

import json
import sys
import tempfile
import threading
import time
from pathlib import Path

from sqlalchemy import func, select, update

from feedback import ideas, workspaces
from feedback.database import connect
from models import Idea, Member, Message, Notice, Outbox, Theme, migrations
from playground import community
from playground.browser import Browser
from playground.replay import replay
from playground.replay_report import Report
from tests import postgres
from tests.stack import Stack, open_stack

PEOPLE, RATE, ACTS = 1000, 8.3, 300
QUIET_SECONDS = 10.0
"""As long as somebody is told every second it is never quiet."""
QUEUES = ("slack", "reading")


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    found = postgres.programs()
    assert found is not None, postgres.MISSING
    with tempfile.TemporaryDirectory(prefix="roundtrip-answering-") as name:
        lines = _measured("SQLite", f"sqlite:///{name}/roundtrip.sqlite3", Path(name) / "one", people)
        with postgres.server(found) as url:
            driven = url.replace("postgresql://", "postgresql+psycopg://")
            lines += _measured("PostgreSQL", driven, Path(name) / "two", people)
    print(f"\n| acknowledged in ms, at {RATE} acts a second | p50 | p99 | most | sent again |\n|---|---|---|---|---|")
    print("\n".join(lines))


def _measured(name: str, url: str, folder: Path, people: int) -> list[str]:
    folder.mkdir()
    engine = connect(url)
    migrations.upgrade(engine)
    engine.dispose()
    with open_stack(url, folder, queues=QUEUES) as stack:
        _everybody_wants_it(stack, people)
        before = _replayed(stack, folder, seed=3)
        pressed: list[float] = []
        teller = threading.Thread(target=_tell, args=(stack, pressed))
        teller.start()
        meanwhile = _replayed(stack, folder, seed=4)
        teller.join()
        with stack.hub.reading() as tx:
            owed, told = tx.execute(select(func.count(Notice.id), func.count(Notice.told_at))).one()
    assert owed == people, owed
    return [
        _line(f"{name}: nobody is told", before),
        _line(f"{name}: {owed:,} are told ({pressed[0]:.1f} s to press it, {told} of them told by then)", meanwhile),
    ]


def _line(what: str, report: Report) -> str:
    times = " | ".join(f"{ms:.0f}" for ms in (report.ack_p50_ms, report.ack_p99_ms, report.ack_max_ms))
    return f"| {what} | {times} | {report.redelivered} |"


def _everybody_wants_it(stack: Stack, people: int) -> None:
    """Each said something of their own in a channel, and all of it is in one theme. What would follow from that was
    done already."""
    users = [stack.client.add_user(name=f"p{number}", real_name=f"P {number}") for number in range(people)]
    for user in users:
        stack.client.join(user, "C0IDEAS")
    said = [stack.client.as_(user).post("C0IDEAS", f"It {number}") for number, user in enumerate(users)]
    stack.client.quiet(300)
    with stack.hub.transaction() as tx:
        workspace = workspaces.every(tx)[0]
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        now = stack.hub.clock()
        theme = Theme(workspace_id=workspace.id, name="It", created_at=now)
        tx.add(theme)
        for message in tx.scalars(select(Message).where(Message.ts.in_(said))).all():
            ideas.capture(tx, workspace=workspace, message=message, captured_by=cy, captured_with="reaction", now=now)
        tx.flush()
        tx.execute(update(Idea).values(theme_id=theme.id))
        tx.execute(update(Outbox).values(state="done"))


def _tell(stack: Stack, pressed: list[float]) -> None:
    cy = Browser(stack.url)
    with stack.hub.reading() as tx:
        cy_id = tx.scalars(select(Member.id).where(Member.slack_id == "U0CY")).one()
        theme_id = tx.scalars(select(Theme.id)).one()
    cy.send("/enter/demo", [("member_id", str(cy_id))])
    facts = [("kind", "shipped"), ("summary", "It is here."), ("theme_ids", str(theme_id)), ("step", "tell")]
    began = time.perf_counter()
    cy.send("/changes/new", facts)
    pressed.append(time.perf_counter() - began)


def _replayed(stack: Stack, folder: Path, *, seed: int) -> Report:
    talk = folder / f"talk-{seed}.jsonl"
    told = list(community.generate(seed=seed, weeks=1.0, messages_a_week=ACTS))[:ACTS]
    here = {message["id"] for message in told}
    for each in told:
        del each["kind"]  # nobody looks what was kept: that would be done only when everybody is told
        if each.get("thread_of") not in here:
            each.pop("thread_of", None)
    talk.write_text("".join(json.dumps(message) + "\n" for message in told))
    report = replay(talk, url=stack.client.url, rate=RATE, quiet_seconds=QUIET_SECONDS)
    assert not report.refused, report.refused[:3]
    return report


if __name__ == "__main__":
    main()
