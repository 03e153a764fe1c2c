"""People join and leave channels, channels open and close, the app is invited and removed."""

from typing import TYPE_CHECKING

from playground import ids
from playground.delivery.events import tell_app
from playground.errors import SlackError
from playground.happenings import messages
from playground.records import Channel, Doc, Message

if TYPE_CHECKING:
    from playground.site import Site

_CHANNEL_TYPES = {"channel": "C", "group": "G", "im": "D"}


def join(site: "Site", channel: Channel, user_id: str, *, inviter: str | None = None) -> bool:
    """Add a person to a channel; say whether they were not in it before. Refuses is_archived."""
    if channel.is_archived:
        raise SlackError("is_archived")
    if user_id in channel.members:
        return False
    channel.members.append(user_id)
    site.workspace.save_channel(channel)
    site.stream.tell_all({"type": "member", "channel": channel.id, "user": user_id})
    event = _about(channel, "member_joined_channel", user_id)
    tell_app(site, event | ({"inviter": inviter} if inviter else {}), channel)
    _announce(site, channel, user_id, "channel_join", f"<@{user_id}> has joined the channel")
    return True


def leave(site: "Site", channel: Channel, user_id: str) -> None:
    """Remove a person from a channel; the app still hears of its own removal. Refuses not_in_channel."""
    if user_id not in channel.members:
        raise SlackError("not_in_channel")
    _announce(site, channel, user_id, "channel_leave", f"<@{user_id}> has left the channel")
    tell_app(site, _about(channel, "member_left_channel", user_id), channel)
    channel.members.remove(user_id)
    site.workspace.save_channel(channel)
    site.stream.tell_all({"type": "member", "channel": channel.id, "user": user_id})


def _about(channel: Channel, kind: str, user_id: str) -> Doc:
    """Answer an event about a person and a channel."""
    letter = _CHANNEL_TYPES[channel.kind]
    return {"type": kind, "user": user_id, "channel": channel.id, "channel_type": letter, "team": ids.TEAM_ID}


def _announce(site: "Site", channel: Channel, user_id: str, subtype: str, text: str) -> None:
    """Say in the channel what happened to it, as Slack does in the person's name."""
    if not channel.is_archived:
        messages.say(site, channel, Message(channel.id, site.next_ts(channel), user_id, text, subtype=subtype))


def open_channel(site: "Site", name: str, user_id: str, *, is_private: bool = False) -> Channel:
    """Open a channel with its creator in it. Refuses name_taken and invalid_name."""
    name = _free_name(site, name)
    channel = Channel(ids.new_id("C"), name, is_private=is_private, created=int(site.clock()), creator=user_id)
    channel.members.append(user_id)
    site.workspace.save_channel(channel)
    site.stream.tell_all({"type": "channel", "channel": channel.id})
    return channel


def _free_name(site: "Site", name: str) -> str:
    """Answer a channel's name without its #. Refuses invalid_name and name_taken."""
    name = name.removeprefix("#")
    if not name or name != name.lower() or len(name) > 80 or not name.replace("-", "").replace("_", "").isalnum():
        raise SlackError("invalid_name")
    if any(channel.name == name for channel in site.workspace.channels.values()):
        raise SlackError("name_taken")
    return name


def archive(site: "Site", channel: Channel, user_id: str, *, is_archived: bool) -> None:
    """Archive or unarchive a channel. Refuses already_archived and not_archived."""
    if channel.is_archived is is_archived:
        raise SlackError("already_archived" if is_archived else "not_archived")
    channel.is_archived = is_archived
    site.workspace.save_channel(channel)
    site.stream.tell_all({"type": "channel", "channel": channel.id})
    family = "group" if channel.is_private else "channel"
    kind = f"{family}_{'archive' if is_archived else 'unarchive'}"
    tell_app(site, {"type": kind, "channel": channel.id, "user": user_id}, channel)


def rename(site: "Site", channel: Channel, name: str) -> None:
    """Rename a channel. Refuses invalid_name and name_taken."""
    channel.name = _free_name(site, name)
    site.workspace.save_channel(channel)
    site.stream.tell_all({"type": "channel", "channel": channel.id})
    kind = "group_rename" if channel.is_private else "channel_rename"
    named: Doc = {"id": channel.id, "name": channel.name, "created": channel.created, "is_channel": True}
    tell_app(site, {"type": kind, "channel": named}, channel)
