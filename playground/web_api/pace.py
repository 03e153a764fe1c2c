"""How often the app may call: one post a second in a channel, and where switched on the tiers of the methods."""

import math
import time
from collections import deque

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}  # calls a minute
WINDOW_SECONDS = 60.0


class Pace:
    """When the app posted and called. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._last_post: dict[str, float] = {}
        self._calls: dict[str, deque[float]] = {}

    def post(self, channel_id: str, interval_seconds: float) -> int:
        """Answer 0 and note the post, or how many whole seconds to wait before the next in this channel."""
        now = time.monotonic()
        wait = self._last_post.get(channel_id, -math.inf) + interval_seconds - now
        if wait > 0:
            return max(1, math.ceil(wait))
        self._last_post[channel_id] = now
        return 0

    def call(self, method: str, tier: int) -> int:
        """Answer 0 and note the call, or how many whole seconds to wait before the method may be called again."""
        now = time.monotonic()
        calls = self._calls.setdefault(method, deque())
        while calls and calls[0] <= now - WINDOW_SECONDS:
            calls.popleft()
        if len(calls) >= TIERS[tier]:
            return max(1, math.ceil(calls[0] + WINDOW_SECONDS - now))
        calls.append(now)
        return 0
