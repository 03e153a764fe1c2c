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

import pytest
from sqlalchemy import select

from feedback import changes, rewards
from models import Answer, Idea, Member, Message, Notice, Reward
from playground import community
from playground.replay import replay
from tests import killing
from tests.accounts import count, everybody_told, everything_is_there_once
from tests.conftest import try_out
from tests.stack import Stack, open_stack, pause

EVENTS = 2_000
CAPTURED = 16
ANSWERED = 6
KILLS = 14
RETRIES = (0.5, 2.0, 5.0, 10.0, 20.0, 30.0)
"""Slack tries for hours; a test that kills the web process every few seconds has to be as patient for its size."""
EVENTS_A_SECOND = 100.0
PEOPLE = 150

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
    """Kills somebody every few seconds, KILLS times, and starts them again a moment later."""
    rng, killed, enough = random.Random(seed), Counter[str](), threading.Event()

    def kill() -> None:
        while sum(killed.values()) < KILLS and not enough.wait(rng.uniform(1.5, 4.0)):
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
        stack.wait_until_done(150)
        assert sum(killed.values()) >= 10, killed
        assert report.refused == []
        assert count(stack, Idea) >= CAPTURED / 2
        assert count(stack, Notice) >= CAPTURED / 2
        assert count(stack, Message) > EVENTS / 2
        everything_is_there_once(stack)


def test_killed_fifty_times_in_mid_send_everybody_is_told_once(tmp_path: Path, sqlite_database: str) -> None:
    """`make bench` does the same with a thousand people."""
    file = tmp_path / "taken.jsonl"
    killing.owe(sqlite_database, PEOPLE)
    killed = killing.kill_again_and_again(sqlite_database, file, people=PEOPLE, kills=50, seed=3)
    assert killed >= 45
    killing.everybody_was_told_once(sqlite_database, file, PEOPLE)


def close_every_loop(stack: Stack) -> None:
    """Ships something for every idea, answers every question, approves every reward, while processes die."""
    stack.wait_for(lambda: count(stack, Idea) > CAPTURED / 2, 60, "the ideas")
    with stack.hub.transaction() as tx:
        cy = tx.scalars(select(Member).where(Member.slack_id == "U0CY")).one()
        idea_ids = list(tx.scalars(select(Idea.id).where(Idea.state == "new")))
        changes.ship(tx, by=cy, summary="It is better now.", idea_ids=idea_ids, now=stack.hub.clock())
    stack.wait_for(lambda: everybody_told(stack), 150, "everybody told")
    with stack.hub.reading() as tx:
        asked = [
            (notice.id, notice.member.slack_id, str(notice.channel_id), str(notice.ts))
            for notice in tx.scalars(select(Notice).where(Notice.told_at.is_not(None)))
        ]
    for question in asked[:ANSWERED]:
        stack.wait_for(partial(answered, stack, *question), 60, "an answer that is taken")
    stack.wait_for(lambda: count(stack, Reward) > 0, 30, "a reward")
    with stack.hub.transaction() as tx:
        try_out(tx, now=stack.hub.clock())
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
