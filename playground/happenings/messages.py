"""Messages are said, changed and deleted."""

from typing import TYPE_CHECKING

from playground import ids
from playground.delivery.events import tell_app
from playground.errors import SlackError
from playground.records import Channel, Doc, Message

if TYPE_CHECKING:
    from playground.site import Site


def say(site: "Site", channel: Channel, message: Message) -> None:
    """Add a message. A reply to a reply goes to the thread of the first message.

    Refuses is_archived, and thread_not_found for a thread without a parent.
    """
    if channel.is_archived:
        raise SlackError("is_archived")
    if message.thread_ts is not None:
        message.thread_ts = thread_of(channel, message.thread_ts)
    site.workspace.add_message(channel, message)
    site.workspace.mark_read(message.user, channel.id, message.ts)
    change: Doc = {"type": "message", "ts": message.ts, "thread_ts": message.thread_ts, "user": message.user}
    site.stream.tell_channel(channel, change)
    event = channel.message_json(message) | {
        "channel": channel.id,
        "channel_type": channel.kind,
        "event_ts": message.ts,
    }
    tell_app(site, event, channel)
    _tell_mention(site, channel, message)


def thread_of(channel: Channel, ts: str) -> str:
    """Answer the ts of the parent of the thread that ``ts`` stands in. Refuses thread_not_found."""
    parent = channel.messages.get(ts)
    if parent is None:
        raise SlackError("thread_not_found", status=404)
    return parent.thread_ts if parent.is_reply and parent.thread_ts else parent.ts


def _tell_mention(site: "Site", channel: Channel, message: Message) -> None:
    """Tell the app that somebody else named it in a channel. In its own direct messages Slack sends no mentions."""
    said = message.subtype in {None, "file_share", "thread_broadcast"} and not message.bot_id
    if channel.is_im or not said or f"<@{ids.BOT_USER_ID}" not in message.text:
        return
    event = channel.message_json(message) | {"type": "app_mention", "channel": channel.id, "event_ts": message.ts}
    event.pop("subtype", None)
    tell_app(site, event, channel)


def change(site: "Site", channel: Channel, message: Message, fields: Doc, *, by: str | None) -> None:
    """Change a message's fields. ``by`` is who is said to have edited it; None leaves no "(edited)" mark."""
    before = channel.message_json(message)
    event_ts = site.next_ts(channel)
    for name, value in fields.items():
        setattr(message, name, value)
    if by is not None:
        message.edited = {"user": by, "ts": event_ts}
    site.workspace.save_message(message)
    site.stream.tell_channel(channel, {"type": "message_changed", "ts": message.ts, "thread_ts": message.thread_ts})
    after = channel.message_json(message)
    tell_app(
        site, _hidden(channel, "message_changed", event_ts, {"message": after, "previous_message": before}), channel
    )


def delete(site: "Site", channel: Channel, message: Message) -> None:
    """Delete a message. A parent with replies leaves a tombstone in its place, which the app hears of as a change."""
    if message.ts in channel.threads:
        gone: Doc = {"subtype": "tombstone", "text": "This message was deleted.", "user": ids.SLACKBOT_ID}
        gone |= {"blocks": None, "attachments": None, "files": None, "metadata": None, "bot_id": None, "edited": None}
        change(site, channel, message, gone | {"reactions": {}, "extras": {"hidden": True}}, by=None)
        return
    before = channel.message_json(message)
    event_ts = site.next_ts(channel)
    site.workspace.drop_message(channel, message)
    site.stream.tell_channel(channel, {"type": "message_deleted", "ts": message.ts, "thread_ts": message.thread_ts})
    parts: Doc = {"deleted_ts": message.ts, "previous_message": before}
    tell_app(site, _hidden(channel, "message_deleted", event_ts, parts), channel)
    _bury_tombstone(site, channel, message)


def _bury_tombstone(site: "Site", channel: Channel, reply: Message) -> None:
    """Remove a tombstone with the last reply of its thread."""
    parent = channel.messages.get(reply.thread_ts or "")
    if parent is not None and parent.subtype == "tombstone" and parent.ts not in channel.threads:
        delete(site, channel, parent)


def _hidden(channel: Channel, subtype: str, event_ts: str, parts: Doc) -> Doc:
    """Answer an event about a message that is itself none of the channel's messages."""
    event: Doc = {"type": "message", "subtype": subtype, "hidden": True, "channel": channel.id, "ts": event_ts}
    return event | {"event_ts": event_ts, "channel_type": channel.kind} | parts


def whisper(site: "Site", channel: Channel, user_id: str, content: Doc, thread_ts: str | None = None) -> Message:
    """Show an ephemeral message of the app to one person. No event tells of it and nothing stores it."""
    content = {name: value for name, value in content.items() if name != "metadata"}
    ts = site.next_ts(channel)
    message = Message(
        channel.id, ts, ids.BOT_USER_ID, bot_id=ids.BOT_ID, thread_ts=thread_ts, visible_to=user_id, **content
    )
    site.workspace.ephemerals[ts] = message
    site.stream.tell(user_id, {"type": "ephemeral", "channel": channel.id, "ts": ts, "thread_ts": thread_ts})
    return message


def take_back_whisper(site: "Site", message: Message) -> None:
    """Remove an ephemeral message."""
    site.workspace.ephemerals.pop(message.ts, None)
    site.stream.tell(message.visible_to or "", {"type": "ephemeral", "channel": message.channel, "ts": message.ts})
