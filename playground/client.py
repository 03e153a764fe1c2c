"""A running playground from Python: act as anybody, see what they see, wait for what the app does.

    client = Client(playground.url)
    ts = client.as_("U0ANA").post("#ideas", "Please let me export my notes")
    client.wait_for(lambda: client.thread("#ideas", ts)[1:], what="the app's answer")

Channels are ids or #names, people ids or @names. Standard library only; safe in several threads at once.
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from playground.acting import APP, Doc, Person, RefusedError
from playground.tracker.records import REPOSITORY

__all__ = ["APP", "Client", "Person", "RefusedError"]

ValueT = TypeVar("ValueT")

EVERYWHERE = "U0DI"  # the primary owner is in every channel of the first cast
_REQUEST_SECONDS = 30.0
# Loopback is reached directly, whatever proxy the environment names.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Client:
    """A playground at ``url``. Raises RefusedError for what it refuses, OSError where there is none."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def as_(self, user: str) -> Person:
        """Answer somebody to act as."""
        return Person(self, user)

    # what people see

    def state(self, user: str) -> Doc:
        """Answer all that a person may see: me, users, channels, dms, unread, home, views, app."""
        return self._get("state", {"as": user})

    def messages(self, channel: str, *, as_: str = EVERYWHERE, thread_ts: str | None = None) -> list[Doc]:
        """Answer what a channel, or with ``thread_ts`` a thread, shows to a person, oldest first."""
        return list(self._get("messages", {"as": as_, "channel": channel, "thread_ts": thread_ts})["messages"])

    def thread(self, channel: str, ts: str, *, as_: str = EVERYWHERE) -> list[Doc]:
        """Answer a thread as a person sees it, the parent first."""
        return self.messages(channel, as_=as_, thread_ts=ts)

    def dm(self, user: str) -> list[Doc]:
        """Answer a person's direct messages with the app, oldest first."""
        return self.messages(APP, as_=user)

    def home(self, user: str) -> Doc | None:
        """Answer the Home that the app published for a person, None before it did."""
        home: Doc | None = self.state(user)["home"]
        return home

    def views(self, user: str) -> list[Doc]:
        """Answer a person's open modals, the top one last."""
        return list(self.state(user)["views"])

    # what happened

    def deliveries(self, kind: str | None = None, event_type: str | None = None) -> list[Doc]:
        """Answer every attempt to deliver: {kind, type, event_id, retry, status, seconds, at, body, error}."""
        return list(self._get("deliveries", {"kind": kind, "event_type": event_type})["deliveries"])

    def clear_deliveries(self) -> None:
        """Empty the log of deliveries."""
        self._send("DELETE", "deliveries")

    def calls(self, method: str | None = None) -> list[Doc]:
        """Answer the app's Web API calls: {method, args, ok, error, at}."""
        return list(self._get("calls", {"method": method})["calls"])

    def clear_calls(self) -> None:
        """Empty the log of calls."""
        self._send("DELETE", "calls")

    def orders(self) -> list[Doc]:
        """Answer every payout that was ordered."""
        return list(self._get("orders", {})["orders"])

    # waiting

    def quiet(self, seconds: float = 30.0) -> None:
        """Wait until nothing is being delivered or waits for redelivery. Raises TimeoutError."""
        try:
            self._get("quiet", {"seconds": str(seconds)}, timeout_seconds=seconds + _REQUEST_SECONDS)
        except RefusedError as refused:
            if refused.code != "not_quiet":
                raise
            raise TimeoutError(f"after {seconds:g} s {refused.answer.get('pending')} deliveries are pending") from None

    def wait_for(self, look: Callable[[], ValueT], seconds: float = 30.0, what: str = "what was expected") -> ValueT:
        """Call ``look`` until it answers something true, and answer that.

        A failed assertion, a missing key or item and a refusal mean "not yet". Raises TimeoutError naming ``what``.
        """
        end, pause, last = time.monotonic() + seconds, 0.005, "nothing"
        while True:
            try:
                value = look()
            except (AssertionError, LookupError, RefusedError) as error:
                last = repr(error)
            else:
                if value:
                    return value
                last = repr(value)
            if time.monotonic() >= end:
                raise TimeoutError(f"waited {seconds:g} s in vain for {what}; last was {last[:500]}")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.1)

    # channels and people

    def join(self, user: str, channel: str) -> None:
        """Let somebody join a channel."""
        self.act("join", user=user, channel=channel)

    def leave(self, user: str, channel: str) -> None:
        """Let somebody leave a channel."""
        self.act("leave", user=user, channel=channel)

    def open_channel(self, name: str, *, user: str | None = None, is_private: bool = False) -> str:
        """Open a channel and answer its id. The app is not in it; see ``invite_app``."""
        return str(self.act("open", name=name, user=user, is_private=is_private)["channel"])

    def archive(self, channel: str) -> None:
        """Archive a channel."""
        self.act("archive", channel=channel)

    def unarchive(self, channel: str) -> None:
        """Bring an archived channel back."""
        self.act("unarchive", channel=channel)

    def rename(self, channel: str, name: str) -> None:
        """Rename a channel."""
        self.act("rename", channel=channel, name=name)

    def invite_app(self, channel: str) -> None:
        """Bring the app into a channel."""
        self.act("invite_app", channel=channel)

    def remove_app(self, channel: str) -> None:
        """Remove the app from a channel."""
        self.act("remove_app", channel=channel)

    def add_user(self, *, name: str, real_name: str, **facts: Any) -> str:
        """Add a person and answer their id; ``facts`` such as id, tz, title, is_restricted."""
        return str(self.act("user", name=name, real_name=real_name, **facts)["user"])

    def change_user(self, user: str, **facts: Any) -> None:
        """Change facts about a person, such as real_name or deleted."""
        self.act("user_change", user=user, **facts)

    # the tracker

    def track(self, path: str, **fields: str) -> str:
        """Press a button of the tracker's pages as its team: /issues, /issues/1/start, /releases, /hook and so on.

        Answers the path of the page that it leads to, such as /issues/1.
        """
        form = urlencode(fields).encode()
        try:
            with _opener.open(f"{self.url}/{REPOSITORY}{path}", data=form, timeout=_REQUEST_SECONDS) as response:
                return urlsplit(str(response.url)).path.removeprefix(f"/{REPOSITORY}")
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(error.code, error.read()) from None

    # the playground itself

    def faults(self, faults: Iterable[Mapping[str, Any]]) -> None:
        """Let things go wrong: [{on, do, match?, seconds?, error?, times?, chance?, seed?}]."""
        self._send("POST", "faults", [dict(fault) for fault in faults])

    def clear_faults(self) -> None:
        """Let everything work again."""
        self._send("DELETE", "faults")

    def settings(self, **changes: Any) -> Doc:
        """Change settings and answer all of them; without changes only answer them."""
        answer = self._send("POST", "settings", changes) if changes else self._get("settings", {})
        return dict(answer["settings"])

    def reset(self, *, community: bool = False) -> None:
        """Begin anew with the first cast, and with ``community`` the members of the community too."""
        self.act("reset", community=community)

    def refresh_sockets(self, reason: str = "refresh_requested") -> int:
        """Send disconnect to every connected socket; answer how many."""
        return int(self.act("refresh_sockets", reason=reason)["told"])

    def sockets(self) -> int:
        """Answer how many sockets of Socket Mode are connected."""
        return int(self._get("settings", {})["sockets"])

    def sign_event(self, event: Mapping[str, Any], *, team_id: str | None = None, event_id: str | None = None) -> int:
        """Deliver an event of one's own making once; answer HTTP's status, 0 without an answer."""
        return int(self.act("sign_event", event=dict(event), team_id=team_id, event_id=event_id)["status"])

    def code(self, user: str, *, redirect_uri: str = "", nonce: str = "") -> str:
        """Answer a code as if a person had agreed to install the app or to sign in."""
        return str(self.act("code", user=user, redirect_uri=redirect_uri, nonce=nonce)["code"])

    def age_response_urls(self, seconds: float) -> None:
        """Make every response_url that much older."""
        self.act("age_response_urls", seconds=seconds)

    # the wire

    def act(self, name: str, /, **body: Any) -> Doc:
        """POST /control/NAME and answer what comes back; fields that are None are left out."""
        return self._send("POST", name, {field: value for field, value in body.items() if value is not None})

    def _get(self, name: str, query: Mapping[str, str | None], timeout_seconds: float = _REQUEST_SECONDS) -> Doc:
        """GET /control/NAME; what is None is left out of the query."""
        given = urlencode({field: value for field, value in query.items() if value is not None})
        return self._send("GET", f"{name}?{given}", timeout_seconds=timeout_seconds)

    def _send(self, verb: str, path: str, body: Any = None, timeout_seconds: float = _REQUEST_SECONDS) -> Doc:
        """Send one request and answer its JSON. Raises RefusedError."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data is not None else {}
        request = urllib.request.Request(f"{self.url}/control/{path}", data=data, headers=headers, method=verb)
        try:
            with _opener.open(request, timeout=timeout_seconds) as response:
                answer: Doc = json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise _refusal(error.code, error.read()) from None
        return answer


def _refusal(status: int, raw: bytes) -> RefusedError:
    """Answer the refusal that an error response holds."""
    try:
        answer = json.loads(raw)
    except ValueError:
        answer = {"error": "no_json", "detail": raw[:500].decode(errors="replace")}
    return RefusedError(str(answer.get("error")), status, answer)
