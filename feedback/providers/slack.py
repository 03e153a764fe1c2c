"""Slack's Web API as the jobs use it. Source: docs.slack.dev, and slack_sdk for how failures look."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from feedback.providers import CALL_SECONDS, Impossible, NotDone, Unknown

Json = dict[str, Any]
METADATA_EVENT = "roundtrip"
PAGE = 200
HISTORY_PAGE = 100
"""So much is taken at a time of what was said: little enough to be done within the lease of its row."""
GONE = ("thread_not_found", "message_not_found")
NEVER_ARRIVED = (ConnectionRefusedError, socket.gaierror)
"""Nobody was there to do anything."""
SERVER_FAULTS = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
"""Codes after which Slack itself says that the call may have had its effect."""


@dataclass(frozen=True)
class Posted:
    channel_id: str
    ts: str
    is_old: bool = False
    """An earlier try posted it, so it may say what is no longer so."""


@dataclass(frozen=True)
class Page:
    """A stretch of what a channel or a thread holds, in any order; `next_cursor` is empty at the end."""

    messages: tuple[Json, ...]
    next_cursor: str


class Slack(Protocol):
    """Each method raises NotDone, Unknown or Impossible (see feedback.providers)."""

    def who_am_i(self) -> Json: ...
    def socket_url(self, app_token: str) -> str: ...
    def post(
        self, *, channel_id: str, text: str, blocks: Sequence[Json], key: str, thread_ts: str | None = None
    ) -> Posted: ...
    def update(self, *, channel_id: str, ts: str, text: str, blocks: Sequence[Json]) -> None: ...
    def whisper(
        self, *, channel_id: str, user_id: str, text: str, blocks: Sequence[Json], thread_ts: str | None = None
    ) -> None: ...
    def find_posted(self, *, channel_id: str, thread_ts: str | None, key: str, since: datetime) -> Posted | None: ...
    def open_dm(self, user_id: str) -> str: ...
    def publish_home(self, user_id: str, view: Json) -> None: ...
    def user(self, user_id: str) -> Json: ...
    def users(self) -> Iterator[Json]: ...
    def channels(self) -> Iterator[Json]: ...
    def message(self, *, channel_id: str, ts: str) -> Json | None: ...
    def history(
        self, *, channel_id: str, thread_ts: str | None, oldest: str, latest: str, cursor: str = ""
    ) -> Page: ...


class WebApiSlack:
    """The real one. No retry handlers: whether a call is repeated is decided by its row in the outbox."""

    def __init__(self, *, token: str, base_url: str) -> None:
        self._client = WebClient(token=token, base_url=base_url, timeout=CALL_SECONDS, retry_handlers=[])

    def who_am_i(self) -> Json:
        return self._call("auth.test")

    def socket_url(self, app_token: str) -> str:
        """An address for one connection of Socket Mode, good for half a minute."""
        return str(self._call("apps.connections.open", token=app_token)["url"])

    def post(
        self, *, channel_id: str, text: str, blocks: Sequence[Json], key: str, thread_ts: str | None = None
    ) -> Posted:
        """`key` goes along as metadata, so that `find_posted` can tell whether an unknown call had its effect."""
        answer = self._call(
            "chat.postMessage",
            channel=channel_id,
            text=text,
            blocks=list(blocks),
            thread_ts=thread_ts,
            metadata={"event_type": METADATA_EVENT, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return Posted(answer["channel"], answer["ts"])

    def update(self, *, channel_id: str, ts: str, text: str, blocks: Sequence[Json]) -> None:
        self._call("chat.update", channel=channel_id, ts=ts, text=text, blocks=list(blocks))

    def whisper(
        self, *, channel_id: str, user_id: str, text: str, blocks: Sequence[Json], thread_ts: str | None = None
    ) -> None:
        """Only that person sees it, until they load Slack anew; nobody can look afterwards whether it was shown."""
        where = {"channel": channel_id, "user": user_id, "thread_ts": thread_ts}
        self._call("chat.postEphemeral", **where, text=text, blocks=list(blocks))

    def find_posted(self, *, channel_id: str, thread_ts: str | None, key: str, since: datetime) -> Posted | None:
        """Our own message that carries this key, at or after `since` (with 5 s for clocks that differ)."""
        method = "conversations.replies" if thread_ts else "conversations.history"
        thread = {"ts": thread_ts} if thread_ts else {}
        oldest = f"{(since - timedelta(seconds=5)).timestamp():.6f}"
        for page in self._pages(
            method, channel=channel_id, oldest=oldest, inclusive=True, include_all_metadata=True, **thread
        ):
            for said in page["messages"]:
                if said.get("metadata", {}).get("event_payload", {}).get("key") == key:
                    return Posted(channel_id, said["ts"], is_old=True)
        return None

    def open_dm(self, user_id: str) -> str:
        return str(self._call("conversations.open", users=user_id)["channel"]["id"])

    def publish_home(self, user_id: str, view: Json) -> None:
        self._call("views.publish", user_id=user_id, view=view)

    def user(self, user_id: str) -> Json:
        found: Json = self._call("users.info", user=user_id)["user"]
        return found

    def users(self) -> Iterator[Json]:
        for page in self._pages("users.list"):
            yield from page["members"]

    def channels(self) -> Iterator[Json]:
        for page in self._pages("conversations.list", types="public_channel,private_channel"):
            yield from page["channels"]

    def message(self, *, channel_id: str, ts: str) -> Json | None:
        """One message, wherever in a thread it stands; None where it is gone."""
        for method, more in (("conversations.history", {"latest": ts}), ("conversations.replies", {"ts": ts})):
            found = self._first_message(method, channel_id, ts, more)
            if found:
                return found
        return None

    def _first_message(self, method: str, channel_id: str, ts: str, more: Json) -> Json | None:
        try:
            answer = self._call(method, channel=channel_id, inclusive=True, limit=1, oldest=ts, **more)
        except Impossible as error:
            if error.code in GONE:
                return None
            raise
        return next((said for said in answer["messages"] if said["ts"] == ts), None)

    def history(self, *, channel_id: str, thread_ts: str | None, oldest: str, latest: str, cursor: str = "") -> Page:
        """A page of what was said after `oldest` and before `latest`: in the channel itself, or below one message,
        which then comes too. Both bounds are given, because with one of them Slack begins at the other end."""
        method = "conversations.replies" if thread_ts else "conversations.history"
        bounds = {"channel": channel_id, "ts": thread_ts, "oldest": oldest, "latest": latest}
        try:
            answer = self._call(method, **bounds, limit=HISTORY_PAGE, cursor=cursor or None)
        except Impossible as error:
            if thread_ts and error.code in GONE:
                return Page((), "")
            raise
        return Page(tuple(answer["messages"]), (answer.get("response_metadata") or {}).get("next_cursor", ""))

    def _pages(self, method: str, **arguments: Any) -> Iterator[Json]:
        cursor = ""
        while True:
            page = self._call(method, limit=PAGE, cursor=cursor or None, **arguments)
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    def _call(self, method: str, **arguments: Any) -> Json:
        arguments = {name: value for name, value in arguments.items() if value is not None}
        try:
            answer = (
                self._client.api_call(method, json=arguments)
                if _takes_json(method)
                else self._client.api_call(method, params=arguments)
            )
        except SlackApiError as error:
            raise _sorted(error) from error
        except URLError as error:
            if isinstance(error.reason, NEVER_ARRIVED):
                raise NotDone(f"{method}: {error.reason}") from error
            raise Unknown(f"{method}: {error.reason}") from error
        except (OSError, ValueError) as error:  # cut in mid-answer, timed out, or an answer that is not JSON
            raise Unknown(f"{method}: {error}") from error
        assert isinstance(answer, SlackResponse)
        assert isinstance(answer.data, dict)
        return answer.data


def _takes_json(method: str) -> bool:
    """Reading methods of the Web API take forms only; writing ones take JSON."""
    return method.startswith(("chat.", "views.")) or method == "conversations.open"


def _sorted(error: SlackApiError) -> Exception:
    """Slack's refusal as one of our three."""
    response = error.response
    status = getattr(response, "status_code", 200)
    data = response.data if isinstance(getattr(response, "data", None), dict) else {}
    code = str(data.get("error", "")) or f"http_{status}"
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return NotDone("rate limited", float(response.headers.get("Retry-After", 30)))
    if status >= 500 or code in SERVER_FAULTS or not data:
        return Unknown(code)
    return Impossible(code, ", ".join((data.get("response_metadata") or {}).get("messages", [])))
