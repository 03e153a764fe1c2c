"""Reactions come and go."""

import re
from typing import TYPE_CHECKING

from playground.delivery.events import tell_app
from playground.errors import SlackError
from playground.records import Channel, Doc, Message

if TYPE_CHECKING:
    from playground.site import Site

_NAME = re.compile(r"^[a-z0-9_+'-]+(::skin-tone-[2-6])?$")
_ALIASES = {"thumbsup": "+1", "thumbsdown": "-1", "light_bulb": "bulb"}
MOST_BY_ONE = 23  # different reactions of one person on one message


def canonical(name: str) -> str:
    """Answer the name Slack stores for a reaction. Refuses invalid_name."""
    name = name.strip().strip(":") if "::" not in name else name.strip().removeprefix(":")
    if not _NAME.match(name):
        raise SlackError("invalid_name")
    return _ALIASES.get(name, name)


def add(site: "Site", channel: Channel, message: Message, *, user_id: str, name: str) -> None:
    """Add a person's reaction. Refuses already_reacted, too_many_emoji and invalid_name."""
    name = canonical(name)
    if user_id in message.reactions.get(name, []):
        raise SlackError("already_reacted")
    if sum(user_id in users for users in message.reactions.values()) >= MOST_BY_ONE:
        raise SlackError("too_many_emoji")
    message.reactions.setdefault(name, []).append(user_id)
    _tell(site, channel, message, "reaction_added", user_id=user_id, name=name)


def remove(site: "Site", channel: Channel, message: Message, *, user_id: str, name: str) -> None:
    """Take a person's reaction back. Refuses no_reaction and invalid_name."""
    name = canonical(name)
    users = message.reactions.get(name, [])
    if user_id not in users:
        raise SlackError("no_reaction")
    users.remove(user_id)
    if not users:
        del message.reactions[name]
    _tell(site, channel, message, "reaction_removed", user_id=user_id, name=name)


def _tell(site: "Site", channel: Channel, message: Message, kind: str, *, user_id: str, name: str) -> None:
    """Keep the message and tell everybody what changed. The event has no text, only where the message is."""
    site.workspace.save_message(message)
    change: Doc = {"type": "reaction", "ts": message.ts, "thread_ts": message.thread_ts, "user": user_id}
    site.stream.tell_channel(channel, change)
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    event: Doc = {"type": kind, "user": user_id, "reaction": name, "item": item, "item_user": message.user}
    tell_app(site, event, channel)
