"""What all interaction payloads have in common."""

import time
from typing import TYPE_CHECKING

from playground import ids
from playground.delivery.attempts import Outcome, Parcel
from playground.records import Channel, Doc, Message, Person

if TYPE_CHECKING:
    from playground.site import Site


def base(site: "Site", kind: str, person: Person, view_id: str | None = None) -> Doc:
    """Answer who did something, with a fresh trigger_id; ``view_id`` is the modal in which they did it."""
    user = {"id": person.id, "username": person.name, "name": person.name, "team_id": ids.TEAM_ID}
    payload: Doc = {"type": kind, "user": user, "api_app_id": ids.APP_ID, "token": "playground-verification-token"}
    payload |= {"team": {"id": ids.TEAM_ID, "domain": ids.TEAM_DOMAIN}, "enterprise": None}
    return payload | {"is_enterprise_install": False, "trigger_id": site.triggers.give(person.id, view_id)}


def action_ts() -> str:
    """Answer when somebody did something, as actions say it."""
    return f"{time.time():.6f}"


def channel_part(channel: Channel) -> Doc:
    """Answer what payloads say about a channel."""
    return {"id": channel.id, "name": "directmessage" if channel.is_im else channel.name}


def response_url(site: "Site", channel: Channel, person: Person, message: Message | None = None) -> str:
    """Answer a new response_url, for a message acted on or for a command."""
    if message is None:
        return site.url + site.response_urls.give(channel.id, person.id)
    thread_ts = message.thread_ts if message.is_reply else None
    return site.url + site.response_urls.give(channel.id, person.id, message.ts, thread_ts)


async def send(site: "Site", payload: Doc, *names: str) -> Outcome:
    """Hand an interaction to the app; ``names`` are what else a fault may know it by."""
    return await site.deliveries.interact(Parcel("interaction", payload["type"], payload), *names)


def told(outcome: Outcome) -> Doc:
    """Answer what the person gets to know: HTTP's status, 0 when the app did not answer; ``reason`` says why."""
    return {"status": outcome.status} | ({"reason": outcome.reason} if outcome.reason else {})
