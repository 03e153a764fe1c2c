"""Acting as somebody in a running playground; see client.py, which hands these people out."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playground.client import Client

Doc = dict[str, Any]
APP = "@U0ROUNDTRIP"  # as a channel: one's direct messages with the app


class RefusedError(Exception):
    """The playground refused. ``code`` is its word for why, ``status`` HTTP's, ``answer`` the whole answer."""

    def __init__(self, code: str, status: int, answer: Doc) -> None:
        super().__init__(f"{code} ({status}): {answer}")
        self.code = code
        self.status = status
        self.answer = answer


class Person:
    """Somebody to act as. Answers hold ``status`` where the app was asked: 200, or 0 when it did not answer."""

    def __init__(self, client: "Client", user: str) -> None:
        self.client = client
        self.id = user

    def _act(self, name: str, /, **body: Any) -> Doc:
        return self.client.act(name, user=self.id, **body)

    def post(
        self,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        files: Iterable[Mapping[str, str]] = (),
        ts: str | None = None,
    ) -> str:
        """Post a message and answer its ts; ``files`` are {name, mimetype}. APP as channel is a message to the app."""
        given = [dict(file) for file in files]
        answer = self._act("post", channel=channel, text=text, thread_ts=thread_ts, files=given or None, ts=ts)
        return str(answer["ts"])

    def edit(self, channel: str, ts: str, text: str) -> None:
        """Change one's own message."""
        self._act("edit", channel=channel, ts=ts, text=text)

    def delete(self, channel: str, ts: str) -> None:
        """Delete one's own message."""
        self._act("delete", channel=channel, ts=ts)

    def react(self, channel: str, ts: str, name: str) -> None:
        """React to a message."""
        self._act("react", channel=channel, ts=ts, name=name)

    def unreact(self, channel: str, ts: str, name: str) -> None:
        """Take a reaction back."""
        self._act("unreact", channel=channel, ts=ts, name=name)

    def shortcut(self, callback_id: str, channel: str | None = None, ts: str | None = None) -> Doc:
        """Use a shortcut, of a message if given; answers {status, view_id?}."""
        return self._act("shortcut", callback_id=callback_id, channel=channel, ts=ts)

    def command(self, channel: str, command: str, text: str = "") -> Doc:
        """Use a slash command; answers {status, body, view_id?}."""
        return self._act("command", channel=channel, command=command, text=text)

    def click(
        self,
        action_id: str,
        *,
        channel: str | None = None,
        ts: str | None = None,
        view_id: str | None = None,
        block_id: str | None = None,
        value: Any = None,
        **more: Any,
    ) -> Doc:
        """Use an element of a message (channel, ts), of a view (view_id), else of the top modal or Home.

        ``value`` tells buttons of one action_id apart, or is what is chosen in a select. Answers {status}.
        """
        return self._act(
            "click",
            action_id=action_id,
            channel=channel,
            ts=ts,
            view_id=view_id,
            block_id=block_id,
            value=value,
            **more,
        )

    def submit(self, view_id: str, values: Mapping[str, Any] | None = None, **fields: Any) -> dict[str, str]:
        """Fill in a modal and submit it; values by block_id or action_id. Answers the errors under its fields, or {}.

        Raises RefusedError when the app does not take it, or answers what Slack would not accept.
        """
        answer = self._act("submit", view_id=view_id, values={**(values or {}), **fields})
        if "reason" in answer:
            raise RefusedError(str(answer["reason"]), int(answer["status"]), answer)
        return dict(answer.get("errors", {}))

    def close(self, view_id: str) -> Doc:
        """Close a modal; answers {status, closed}."""
        return self._act("close", view_id=view_id)

    def open_home(self, tab: str = "home") -> Doc | None:
        """Open the app's Home, and answer it as it stood; the app may publish a fresh one soon after."""
        view: Doc | None = self._act("home", tab=tab)["view"]
        return view

    def read(self, channel: str, ts: str | None = None) -> None:
        """Mark a channel read."""
        self._act("read", channel=channel, ts=ts)
