"""A Slack that only remembers, for tests of what is decided; what a Slack answers is tested on the playground."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from feedback.providers.slack import Json, Page, Posted


@dataclass
class RememberingSlack:
    posts: list[Json] = field(default_factory=list)
    updates: list[Json] = field(default_factory=list)
    homes: dict[str, Json] = field(default_factory=dict)
    whispers: list[Json] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    """Raised one after the other, before the effect."""
    failures_after: list[Exception] = field(default_factory=list)
    """Raised one after the other, with the effect done."""

    def who_am_i(self) -> Json:
        return {"team_id": "T0PLAYGRND", "team": "Fieldnotes", "url": "https://x.example/", "user_id": "U0ROUNDTRIP"}

    def socket_url(self, app_token: str) -> str:
        return "wss://slack.example/link"

    def post(
        self, *, channel_id: str, text: str, blocks: Sequence[Json], key: str, thread_ts: str | None = None
    ) -> Posted:
        self._fail(self.failures)
        if channel_id.startswith("U"):  # a person stands for the conversation with them
            channel_id = self.open_dm(channel_id)
        posted = Posted(channel_id, f"1700000000.{len(self.posts):06}")
        self.posts.append(
            {
                "channel": channel_id,
                "text": text,
                "blocks": list(blocks),
                "key": key,
                "thread_ts": thread_ts,
                "ts": posted.ts,
            }
        )
        self._fail(self.failures_after)
        return posted

    def update(self, *, channel_id: str, ts: str, text: str, blocks: Sequence[Json]) -> None:
        self._fail(self.failures)
        self.updates.append({"channel": channel_id, "ts": ts, "text": text, "blocks": list(blocks)})

    def whisper(
        self, *, channel_id: str, user_id: str, text: str, blocks: Sequence[Json], thread_ts: str | None = None
    ) -> None:
        self._fail(self.failures)
        said = {"channel": channel_id, "user": user_id, "text": text, "blocks": list(blocks), "thread_ts": thread_ts}
        self.whispers.append(said)
        self._fail(self.failures_after)

    def find_posted(self, *, channel_id: str, thread_ts: str | None, key: str, since: datetime) -> Posted | None:
        place = (key, channel_id, thread_ts)
        found = [post for post in self.posts if (post["key"], post["channel"], post["thread_ts"]) == place]
        return Posted(channel_id, found[0]["ts"], is_old=True) if found else None

    def open_dm(self, user_id: str) -> str:
        return f"D{user_id}"

    def publish_home(self, user_id: str, view: Json) -> None:
        self.homes[user_id] = view

    def user(self, user_id: str) -> Json:
        return {"id": user_id, "name": user_id.lower(), "profile": {"real_name": user_id.title()}}

    def users(self) -> Iterator[Json]:
        yield from ()

    def channels(self) -> Iterator[Json]:
        yield from ()

    def message(self, *, channel_id: str, ts: str) -> Json | None:
        return None

    def history(self, *, channel_id: str, thread_ts: str | None, oldest: str, latest: str, cursor: str = "") -> Page:
        return Page((), "")

    def _fail(self, failures: list[Any]) -> None:
        if failures:
            raise failures.pop(0)
