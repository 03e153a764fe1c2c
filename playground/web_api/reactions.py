"""reactions.*: the app's own reactions, and who reacted to what."""

from playground.errors import SlackError
from playground.happenings import reactions
from playground.records import Channel, Doc, Message
from playground.web_api.call import Call, method


@method("reactions.add", "reactions:write")
def reactions_add(call: Call) -> Doc:
    """React to a message."""
    channel, message = _target(call)
    reactions.add(call.site, channel, message, user_id=call.user_id, name=call.text("name"))
    return {}


@method("reactions.remove", "reactions:write")
def reactions_remove(call: Call) -> Doc:
    """Take a reaction back."""
    channel, message = _target(call)
    reactions.remove(call.site, channel, message, user_id=call.user_id, name=call.text("name"))
    return {}


@method("reactions.get", "reactions:read")
def reactions_get(call: Call) -> Doc:
    """Answer a message with its reactions."""
    channel, message = _target(call)
    doc = channel.message_json(message) | {"permalink": call.site.permalink(channel, message.ts)}
    return {"type": "message", "channel": channel.id, "message": doc}


def _target(call: Call) -> tuple[Channel, Message]:
    """Answer the message a call is about, in a channel where the app is."""
    channel = call.channel()
    if call.user_id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived and call.method != "reactions.get":
        raise SlackError("is_archived")
    return channel, call.site.workspace.message(channel, call.text("timestamp"))
