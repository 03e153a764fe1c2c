"""The message of the week: everything that waited for one person."""

from __future__ import annotations

import json
from collections.abc import Sequence

from feedback import blocks
from feedback.blocks import Json, Message, loop
from models import Notice

MOST_ITEMS = 15
"""With a line and a question for each they are 47 blocks, of the fifty that Slack takes in a message."""
MOST_CHARACTERS = 11_000
"""Of all blocks together, as they go over the wire. Slack takes some 13,200 in one message."""


def digest(notices: Sequence[Notice], *, hub_url: str) -> Message:
    """Their own words and the news for each, with the question where something shipped. None are left where they took
    everything back while it was on its way."""
    if not notices:
        text = "You took back what stood here."
        return Message(text, [blocks.section(text)])
    shown: list[Json] = []
    written = rest = 0
    for number, notice in enumerate(notices):
        item = loop.item(notice)
        written += len(json.dumps(item, ensure_ascii=False))
        if number == MOST_ITEMS or written > MOST_CHARACTERS:
            rest = len(notices) - number
            break
        shown += [blocks.divider(), *item]
    if rest:
        everything = blocks.link(f"{hub_url}/me", "what you said and what became of it")
        shown.append(blocks.context(f"And {rest} more. My Home has them, and so has {everything}."))
    text = "This week’s news about what you said or backed."
    return Message(text, [blocks.section(text, loop.less()), *shown])
