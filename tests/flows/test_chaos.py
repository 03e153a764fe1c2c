"""Processes are killed at random while a community talks; afterwards everything is there, and nothing twice."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from feedback import changes, loop, rewards
from models import Answer, Idea, Inbox, LedgerTransaction, Member, Message, Notice, Payout, Posting, Reaction, Reward
from playground import community
from playground.replay import replay
from tests.stack import Stack, open_stack, pause

EVENTS = 2_000
CAPTURED = 16
ANSWERED = 6
RETRIES = (0.5, 2.0, 5.0, 10.0, 20.0, 30.0)
"""Slack tries for hours; a test that kills the web process every few seconds has to be as patient for its size."""
EVENTS_A_SECOND = 100.0

pytestmark = pytest.mark.chaos


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """A file with somewhat more than EVENTS things that people do; few of them capture something."""
    told, captured, events = [], 0, 0
    for message in community.generate(seed=11, weeks=2, messages_a_week=900):
        if events >= EVENTS:
            break
        reactions = []
        for reaction in message.get("reactions", []):
            captured += reaction["name"] == "bulb"
            if reaction["name"] != "bulb" or captured <= CAPTURED:
                reactions.append(reaction)
        told.append({**message, "reactions": reactions})
        events += 1 + len(reactions) + ("edited_to" in message) + ("deleted_after_seconds" in message)
    file = tmp_path / "talk.jsonl"
    file.write_text("".join(json.dumps(message) + "\n" for message in told))
    return file


@contextmanager
def killer(stack: Stack, seed: int) -> Iterator[Counter[str]]:
    """Kills somebody every second or two, and starts them again a moment later."""
    rng, killed, enough = random.Random(seed), Counter[str](), threading.Event()

    def kill() -> None:
        while not enough.wait(rng.uniform(1.5, 4.0)):
            name = rng.choice(stack.names)
            stack.kill(name)
            killed[name] += 1
            pause(rng.uniform(0, 0.5))
            stack.start(name)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield killed
    finally:
        enough.set()
        thread.join()


def test_nothing_is_lost_and_nothing_is_doubled(talk: Path, tmp_path: Path, sqlite_database: str) -> None:
    with open_stack(sqlite_database, tmp_path, retry_after_seconds=RETRIES) as stack:
        with killer(stack, seed=5) as killed:
            report = replay(talk, url=stack.client.url, rate=EVENTS_A_SECOND)
            close_every_loop(stack)
        stack.wait_for_web()
        stack.client.quiet(60)
        stack.wait_until_done(90)
        assert sum(killed.values()) >= 10, killed
        assert report.refused == []
        everything_is_there_once(stack)


def close_every_loop(stack: Stack) -> None:
    """Ships something for every idea, answers every question, approves every reward, while processes die."""
    stack.wait_for(lambda: count(stack, Idea) > 0, 30, "an idea")
    with stack.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        idea_ids = list(tx.scalars(select(Idea.id).where(Idea.state == "new")))
        changes.ship(tx, by=cy, summary="It is better now.", idea_ids=idea_ids, now=stack.hub.clock())
    stack.wait_for(lambda: everybody_told(stack), 60, "everybody told")
    with stack.hub.reading() as tx:
        asked = [
            (notice.id, notice.member.slack_id, str(notice.channel_id), str(notice.ts))
            for notice in tx.scalars(select(Notice).where(Notice.told_at.is_not(None)))
        ]
    for question in asked[:ANSWERED]:
        stack.wait_for(partial(answered, stack, *question), 30, "an answer that is taken")
    stack.wait_for(lambda: count(stack, Reward) > 0, 10, "a reward")
    with stack.hub.transaction() as tx:
        di = tx.scalars(select(Member).where(Member.slack_id == "U0DI")).one()
        for reward in tx.scalars(select(Reward)):
            rewards.approve(tx, reward_id=reward.id, manager=di, cipher=stack.hub.cipher, now=stack.hub.clock())


def answered(stack: Stack, notice_id: int, user: str, channel: str, ts: str) -> bool:
    """Presses the button again, as a person would, where nobody was there to take it."""
    try:
        stack.client.as_(user).click("loop_better", channel=channel, ts=ts)
    except Exception as error:  # noqa: BLE001 - the button is gone once the answer was taken
        stack.hub.log.info("test.click", error=str(error))
    with stack.hub.reading() as tx:
        return tx.scalars(select(Answer).where(Answer.notice_id == notice_id)).first() is not None


def everything_is_there_once(stack: Stack) -> None:
    posted = posts(stack)
    doubled = {key: times for key, times in Counter(posted).items() if times > 1}
    assert doubled == {}
    with stack.hub.reading() as tx:
        notices = tx.scalars(select(Notice)).all()
        assert len(notices) >= CAPTURED / 2
        assert not [notice.id for notice in notices if notice.told_at and f"notice:{notice.id}" not in posted]
        ideas = tx.scalars(select(Idea).where(Idea.state != "withdrawn")).all()
        assert not [idea.id for idea in ideas if f"idea.receipt:{idea.id}" not in posted]
        assert len(ideas) >= CAPTURED / 2
        assert {reward.state for reward in tx.scalars(select(Reward))} == {"paid"}
        payouts = {payout.external_id for payout in tx.scalars(select(Payout))}
        assert not [external_id for external_id in payouts if f"gift:{external_id}" not in posted]
        sums = tx.execute(select(func.sum(Posting.amount_cents)).group_by(Posting.transaction_id)).scalars().all()
        assert set(sums) == {0}
        assert len(sums) == len(tx.scalars(select(LedgerTransaction)).all()) == 2 * len(payouts)
    assert sorted(order["external_id"] for order in stack.client.orders()) == sorted(payouts)
    every_message_is_stored(stack)


def every_message_is_stored(stack: Stack) -> None:
    """What the channels show is what is stored, message by message and hand by hand."""
    shown: dict[tuple[str, str], dict[str, Any]] = {}
    for channel in stack.client.state("U0DI")["channels"]:
        for message in everything_in(stack, channel["id"]):
            if "bot_id" not in message and not message.get("subtype"):
                shown[(channel["id"], message["ts"])] = message
    with stack.hub.reading() as tx:
        stored = {(row.channel_id, row.ts): row for row in tx.scalars(select(Message)) if row.deleted_at is None}
        hands = {(row.channel_id, row.ts, row.name): row for row in tx.scalars(select(Reaction)) if row.stands}
        keys = tx.scalar(select(func.count()).select_from(Inbox))
    listened = {where: message for where, message in shown.items() if where[0] not in ("C0TRIAGE", "C0MANAGERS")}
    assert set(stored) == set(listened)
    assert keys is not None
    assert keys >= len(listened)
    expected = {
        (channel, ts, reaction["name"])
        for (channel, ts), message in listened.items()
        for reaction in message.get("reactions", [])
    }
    assert {hand for hand in hands if hand[:2] in listened} == expected


def everything_in(stack: Stack, channel: str) -> Iterator[dict[str, Any]]:
    for message in stack.client.messages(channel):
        yield message
        if message.get("reply_count"):
            yield from stack.client.thread(channel, message["ts"])[1:]


def posts(stack: Stack) -> list[str]:
    """The key of every message that the app has posted, as often as Slack took it."""
    taken = [call for call in stack.client.calls("chat.postMessage") if call["ok"]]
    return [key_of(call["args"]) for call in taken]


def key_of(arguments: dict[str, Any]) -> str:
    metadata = arguments["metadata"]
    found = json.loads(metadata) if isinstance(metadata, str) else metadata
    return str(found["event_payload"]["key"])


def everybody_told(stack: Stack) -> bool:
    with stack.hub.reading() as tx:
        assert not [notice.id for notice in tx.scalars(select(Notice)) if loop.is_owed(notice)]
        return True


def count(stack: Stack, model: type[Any]) -> int:
    with stack.hub.reading() as tx:
        return tx.scalar(select(func.count()).select_from(model)) or 0
