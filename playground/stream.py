"""What changed, told to every open page as it happens."""

import asyncio
import json
from collections.abc import Callable

from playground.records import Channel, Doc


class Stream:
    """The open pages, each with the person it is for.

    A change is one object: ``type`` (message, message_changed, message_deleted, ephemeral, reaction, channel, member,
    user, views, home, read, reset), and where they apply ``channel``, ``ts``, ``thread_ts`` and ``user``.
    It says where to look again, not what is there.
    """

    def __init__(self) -> None:
        self._listeners: dict[asyncio.Queue[str | None], str] = {}

    def listen(self, user_id: str) -> asyncio.Queue[str | None]:
        """Answer a queue of lines of JSON for one person's page; None in it is the end."""
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._listeners[queue] = user_id
        return queue

    def leave(self, queue: asyncio.Queue[str | None]) -> None:
        """Stop telling a page that is gone."""
        self._listeners.pop(queue, None)

    def tell_all(self, change: Doc) -> None:
        """Tell everybody."""
        self._tell(change, lambda _: True)

    def tell(self, user_id: str, change: Doc) -> None:
        """Tell one person only."""
        self._tell(change, lambda listener: listener == user_id)

    def tell_channel(self, channel: Channel, change: Doc) -> None:
        """Tell everybody who may see a channel."""
        full = {"channel": channel.id} | change
        self._tell(full, lambda listener: not channel.is_private or listener in channel.members)

    def _tell(self, change: Doc, may_hear: Callable[[str], bool]) -> None:
        """Put a change into the queue of each page that may hear it."""
        line = json.dumps(change)
        for queue, user_id in self._listeners.items():
            if may_hear(user_id):
                queue.put_nowait(line)

    def close(self) -> None:
        """End every page's stream, so that a stopping server need not wait for them."""
        for queue in self._listeners:
            queue.put_nowait(None)
