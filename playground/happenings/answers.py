"""What the app answers through a response_url, or at once to a command."""

from typing import TYPE_CHECKING, Any

from playground import content, ids
from playground.errors import SlackError
from playground.happenings import messages
from playground.records import Channel, Doc, Message
from playground.response_urls import ResponseUrl

if TYPE_CHECKING:
    from playground.site import Site


def respond(site: "Site", url: ResponseUrl, args: Doc) -> None:
    """Do what a post to a response_url asks: answer, replace the message acted on, or delete it."""
    channel = site.workspace.channel(url.channel_id)
    origin = _origin(site, channel, url.ts)
    if args.get("delete_original"):
        if origin is None:
            raise SlackError("message_not_found", status=404)
        _delete(site, channel, origin)
    elif args.get("replace_original") and origin is not None:
        _replace(site, channel, origin, content.checked(args))
    else:
        thread_ts = args.get("thread_ts") or url.thread_ts
        say(site, channel, url.user_id, args, thread_ts=str(thread_ts) if thread_ts else None)


def _origin(site: "Site", channel: Channel, ts: str | None) -> Message | None:
    """Answer the app's message that was acted on, ephemeral or not. Other people's cannot be replaced."""
    message = site.workspace.ephemerals.get(ts or "") or channel.messages.get(ts or "")
    return message if message is not None and message.user == ids.BOT_USER_ID else None


def _delete(site: "Site", channel: Channel, origin: Message) -> None:
    """Delete the message acted on."""
    if origin.visible_to:
        messages.take_back_whisper(site, origin)
    else:
        messages.delete(site, channel, origin)


def _replace(site: "Site", channel: Channel, origin: Message, said: Doc) -> None:
    """Give the message acted on new content; blocks go unless there are new ones."""
    said = {"blocks": None, "attachments": None, "text": ""} | said
    if origin.visible_to:
        for name, value in said.items():
            setattr(origin, name, value)
        site.stream.tell(origin.visible_to, {"type": "ephemeral", "channel": channel.id, "ts": origin.ts})
    else:
        messages.change(site, channel, origin, said, by=ids.BOT_USER_ID)


def say(site: "Site", channel: Channel, user_id: str, args: Doc, *, thread_ts: str | None = None) -> None:
    """Say something new: to the one person, or with ``response_type`` in_channel to everybody there."""
    said = content.checked(args)
    if args.get("response_type") != "in_channel":
        messages.whisper(site, channel, user_id, said, thread_ts)
        return
    message = Message(
        channel.id, site.next_ts(channel), ids.BOT_USER_ID, bot_id=ids.BOT_ID, thread_ts=thread_ts, **said
    )
    messages.say(site, channel, message)


def answer_command(site: "Site", channel: Channel, user_id: str, body: Any) -> None:
    """Show what the app answered to a command at once: text, or an object like a response_url takes."""
    if isinstance(body, str):
        body = {"text": body}
    if isinstance(body, dict) and (body.get("text") or body.get("blocks") or body.get("attachments")):
        say(site, channel, user_id, body)
