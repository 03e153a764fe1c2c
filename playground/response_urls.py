"""response_urls: a way to answer where somebody did something, 5 times within 30 minutes."""

import secrets
import time
from dataclasses import dataclass

from playground.errors import SlackError

MOST_USES = 5
LIFE_SECONDS = 1800.0


@dataclass
class ResponseUrl:
    """Where an answer goes: to whom, in which channel and thread. ``ts`` is the message acted on, if it was one."""

    channel_id: str
    user_id: str
    ts: str | None
    thread_ts: str | None
    expires_at: float
    uses_left: int = MOST_USES


class ResponseUrls:
    """The addresses given out."""

    def __init__(self) -> None:
        self._urls: dict[str, ResponseUrl] = {}

    def give(self, channel_id: str, user_id: str, ts: str | None = None, thread_ts: str | None = None) -> str:
        """Answer the path of a new address."""
        key = secrets.token_urlsafe(18)
        self._urls[key] = ResponseUrl(channel_id, user_id, ts, thread_ts, time.monotonic() + LIFE_SECONDS)
        return f"/response/{key}"

    def use(self, key: str) -> ResponseUrl:
        """Use an address once. Refuses expired_url and used_url."""
        url = self._urls.get(key)
        if url is None or time.monotonic() > url.expires_at:
            raise SlackError("expired_url", status=404)
        if url.uses_left == 0:
            raise SlackError("used_url", status=404)
        url.uses_left -= 1
        return url

    def age(self, seconds: float) -> None:
        """Make every address that much older, so that nobody has to wait half an hour to see one expire."""
        for url in self._urls.values():
            url.expires_at -= seconds
