"""What must be true of a stack after anything that happened to it: everything is there, and nothing is there twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from feedback import loop
from models import Idea, Inbox, LedgerTransaction, Message, Notice, Payout, Posting, Reaction, Reward
from tests.stack import Stack


def everything_is_there_once(stack: Stack) -> None:
    posted = posts(stack)
    doubled = {key: times for key, times in Counter(posted).items() if times > 1}
    assert doubled == {}
    with stack.hub.reading() as tx:
        notices = tx.scalars(select(Notice)).all()
        assert not [each.id for each in notices if each.told_at and told_with(each) not in posted]
        ideas = tx.scalars(select(Idea).where(Idea.state != "withdrawn")).all()
        assert not [idea.id for idea in ideas if f"idea.receipt:{idea.id}" not in posted]
        assert {reward.state for reward in tx.scalars(select(Reward))} == {"paid"}
        payouts = {payout.external_id for payout in tx.scalars(select(Payout))}
        assert not [external_id for external_id in payouts if f"gift:{external_id}" not in posted]
        sums = tx.execute(select(func.sum(Posting.amount_cents)).group_by(Posting.transaction_id)).scalars().all()
        assert set(sums) == {0}
        assert len(sums) == len(tx.scalars(select(LedgerTransaction)).all()) == 1 + 3 * len(payouts)
    assert sorted(order["external_id"] for order in stack.client.orders()) == sorted(payouts)
    every_message_is_stored(stack)


def told_with(notice: Notice) -> str:
    """The key of the post in which somebody was told, by themself or with others."""
    return f"notice:{notice.id}" if notice.post_id is None else f"notice_post:{notice.post_id}"


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
    with stack.hub.transaction() as tx:
        assert not [notice.id for notice in tx.scalars(select(Notice)) if loop.is_owed(tx, notice)]
        return True


def count(stack: Stack, model: type[Any]) -> int:
    with stack.hub.reading() as tx:
        return tx.scalar(select(func.count()).select_from(model)) or 0
