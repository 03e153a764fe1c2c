"""chat.*: what the app says."""

from playground import content, ids
from playground.errors import SlackError
from playground.happenings import messages
from playground.records import Channel, Doc, Message
from playground.web_api.call import Call, method


@method("chat.postMessage", "chat:write", tier=None)
def post_message(call: Call) -> Doc:
    """Post into a channel, a thread, or to a person by user id. One post a second in a channel."""
    channel = _open(call, _addressed(call))
    said = content.checked(call.args)
    thread_ts = messages.thread_of(channel, thread) if (thread := call.text("thread_ts", "")) else None
    wait = call.site.pace.post(channel.id, call.site.settings.posting_interval_seconds)
    if wait:
        raise SlackError("ratelimited", status=429, retry_after=wait)
    ts = call.site.next_ts(channel)
    message = Message(channel.id, ts, call.user_id, bot_id=ids.BOT_ID, thread_ts=thread_ts, **said)
    if thread_ts and call.flag("reply_broadcast"):
        message.subtype = "thread_broadcast"
    messages.say(call.site, channel, message)
    return {"channel": channel.id, "ts": ts, "message": channel.message_json(message, with_metadata=True)}


def _addressed(call: Call) -> Channel:
    """Answer the channel to post to; a user id opens that person's direct channel."""
    target = call.text("channel")
    if target in call.site.workspace.people and target != call.user_id:
        return call.site.workspace.direct(target, call.user_id)
    return call.channel()


def _open(call: Call, channel: Channel) -> Channel:
    """Answer the channel if the app may write there. Refuses not_in_channel and is_archived."""
    if call.user_id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


@method("chat.update", "chat:write")
def update(call: Call) -> Doc:
    """Change one of the app's own messages. What is not given stays; an empty list removes blocks or attachments."""
    channel, message = _own(call, "cant_update_message")
    messages.change(call.site, channel, message, content.checked(call.args), by=call.user_id)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": channel.message_json(message)}


@method("chat.delete", "chat:write")
def delete(call: Call) -> Doc:
    """Delete one of the app's own messages."""
    channel, message = _own(call, "cant_delete_message")
    messages.delete(call.site, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def _own(call: Call, refusal: str) -> tuple[Channel, Message]:
    """Answer the message a call is about if the app said it."""
    channel = call.channel()
    message = call.site.workspace.message(channel, call.text("ts"))
    if message.user != call.user_id or message.subtype == "tombstone":
        raise SlackError(refusal)
    return channel, message


@method("chat.postEphemeral", "chat:write", tier=4)
def post_ephemeral(call: Call) -> Doc:
    """Say something that only one member of the channel sees."""
    channel = _open(call, call.channel())
    person = call.person()
    if person.id not in channel.members:
        raise SlackError("user_not_in_channel")
    thread_ts = call.text("thread_ts", "") or None
    return {"message_ts": messages.whisper(call.site, channel, person.id, content.checked(call.args), thread_ts).ts}


@method("chat.getPermalink", tier=None)
def get_permalink(call: Call) -> Doc:
    """Answer the address of a message."""
    channel = call.channel()
    message = call.site.workspace.message(channel, call.text("message_ts"))
    thread_ts = message.thread_ts if message.is_reply else None
    return {"channel": channel.id, "permalink": call.site.permalink(channel, message.ts, thread_ts)}
