"""Reading what a control request asks, and answering it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from playground.errors import SlackError
from playground.json_text import parse
from playground.records import Channel, Doc, Person
from playground.site import Site


@dataclass(frozen=True)
class Ask:
    """A control request: the running site, the query and the JSON body (an empty object where there is none)."""

    site: Site
    query: dict[str, str]
    body: Any

    def given(self, name: str) -> Any:
        """Answer a field of the body, None where it is missing."""
        return self.body.get(name) if isinstance(self.body, dict) else None

    def facts(self) -> Doc:
        """Answer the whole body. Refuses invalid_arguments when it is no object."""
        if not isinstance(self.body, dict):
            raise SlackError("invalid_arguments", detail="the body must be an object")
        return dict(self.body)

    def text(self, name: str, default: str | None = None) -> str:
        """Answer a text of the body. Refuses invalid_arguments when it is missing and has no default, or is no text."""
        value = self.given(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise SlackError("invalid_arguments", detail=f"{name} must be a text")
        return value

    def flag(self, name: str) -> bool:
        """Answer a yes or no of the body; no where it is missing."""
        value = self.given(name)
        if value is not None and not isinstance(value, bool):
            raise SlackError("invalid_arguments", detail=f"{name} must be true or false")
        return bool(value)

    def mapping(self, name: str) -> Doc:
        """Answer an object of the body, empty where it is missing."""
        value = self.given(name)
        if value is not None and not isinstance(value, dict):
            raise SlackError("invalid_arguments", detail=f"{name} must be an object")
        return value or {}

    def person(self) -> Person:
        """Answer who acts: ``user`` of the body, or ``as`` of the query. Refuses user_not_found, user_disabled."""
        person = self.site.workspace.person(self.query.get("as") or self.text("user"))
        if person.deleted and "as" not in self.query:
            raise SlackError("user_disabled")
        if person.is_bot:
            raise SlackError("user_is_bot", detail="the app acts by itself")
        return person

    def channel(self, person: Person, reference: str | None = None) -> Channel:
        """Answer where they act: an id, #name, or @person for direct messages. Refuses channel_not_found."""
        reference = reference or self.text("channel")
        workspace = self.site.workspace
        if reference.startswith("@"):
            return workspace.direct(person.id, workspace.person(reference).id)
        channel = workspace.channel(reference)
        if channel.is_private and person.id not in channel.members:
            raise SlackError("channel_not_found", status=404)
        return channel


Handler = Callable[[Ask], Doc | Awaitable[Doc]]


async def read(request: web.Request, site: Site) -> Ask:
    """Read a request. Refuses invalid_json."""
    raw = await request.read() if request.can_read_body else b""
    try:
        body = parse(raw) if raw.strip() else {}
    except ValueError:
        raise SlackError("invalid_json", detail="the body is not JSON") from None
    return Ask(site, dict(request.query), body)


def refused(error: SlackError) -> web.Response:
    """Answer a refusal with its HTTP status."""
    return web.json_response({"ok": False, "error": error.code} | error.details, status=error.status)
