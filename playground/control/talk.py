"""What people do with messages: post, edit, delete, react."""

import re

from playground import ids
from playground.control.ask import Ask, Handler
from playground.errors import SlackError
from playground.happenings import messages, reactions
from playground.records import Channel, Doc, Message, Person
from playground.text import typed

_TS = re.compile(r"^\d{10}\.\d{6}$")


def post(ask: Ask) -> Doc:
    """Post as a person; answers {ts, channel}. Whoever posts in a public channel must be in it first."""
    site, person = ask.site, ask.person()
    channel = _writable(ask, _place(ask, person))
    files = _files(ask)
    text = ask.text("text", "")
    if not text.strip() and not files:
        raise SlackError("no_text")
    if len(text) > 40_000:
        raise SlackError("msg_too_long")
    ts = _free_ts(ask, channel)
    thread_ts = ask.text("thread_ts", "") or None
    message = Message(channel.id, ts, person.id, typed(text, site.workspace), thread_ts=thread_ts, files=files)
    message.client_msg_id = ids.new_id("c")
    message.subtype = "file_share" if files else "thread_broadcast" if ask.flag("reply_broadcast") else None
    messages.say(site, channel, message)
    return {"ts": message.ts, "channel": channel.id}


def _place(ask: Ask, person: Person) -> Channel:
    """Answer the channel to act in. Refuses not_in_channel."""
    channel = ask.channel(person)
    if person.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _writable(ask: Ask, channel: Channel) -> Channel:
    """Answer the channel if people may write there. Refuses messages_tab_disabled where the app takes no messages."""
    if channel.is_im and ids.BOT_USER_ID in channel.members and not ask.site.manifest.takes_messages:
        raise SlackError("messages_tab_disabled")
    return channel


def _free_ts(ask: Ask, channel: Channel) -> str:
    """Answer the ts that was asked for, or the next one. Refuses invalid_ts and ts_taken."""
    ts = ask.text("ts", "")
    if not ts:
        return ask.site.next_ts(channel)
    if not _TS.match(ts):
        raise SlackError("invalid_ts", detail="ts is seconds and six digits, as text: 1760000000.000100")
    if ts in channel.messages:
        raise SlackError("ts_taken", status=409)
    return ts


def _files(ask: Ask) -> list[Doc] | None:
    """Answer file objects for the names and types that were given."""
    given = ask.given("files") or []
    if not isinstance(given, list) or not all(
        isinstance(one, dict) and isinstance(one.get("name"), str) for one in given
    ):
        raise SlackError("invalid_arguments", detail="files is a list of {name, mimetype}")
    return [_file(ask, one["name"], str(one.get("mimetype", "application/octet-stream"))) for one in given] or None


def _file(ask: Ask, name: str, mimetype: str) -> Doc:
    """Answer one file object; there is nothing behind its address."""
    file_id = ids.new_id("F")
    doc: Doc = {"id": file_id, "name": name, "title": name, "mimetype": mimetype, "filetype": name.rpartition(".")[2]}
    doc |= {"user": ask.person().id, "created": int(ask.site.clock()), "size": 0, "mode": "hosted"}
    return doc | {"url_private": f"{ask.site.url}/files/{file_id}", "is_external": False}


def _target(ask: Ask) -> tuple[Person, Channel, Message]:
    """Answer who acts on which message where."""
    person = ask.person()
    channel = _place(ask, person)
    if channel.is_archived:
        raise SlackError("is_archived")
    return person, channel, ask.site.workspace.message(channel, ask.text("ts"))


def edit(ask: Ask) -> Doc:
    """Change one's own message. Refuses cant_update_message and no_text."""
    person, channel, message = _target(ask)
    if message.user != person.id:
        raise SlackError("cant_update_message", status=403)
    text = ask.text("text")
    if not text.strip():
        raise SlackError("no_text")
    messages.change(ask.site, channel, message, {"text": typed(text, ask.site.workspace)}, by=person.id)
    return {"ts": message.ts}


def delete(ask: Ask) -> Doc:
    """Delete one's own message; an admin may delete anybody's. Refuses cant_delete_message."""
    person = ask.person()
    whisper = ask.site.workspace.ephemerals.get(ask.text("ts"))
    if whisper is not None and whisper.visible_to == person.id:
        messages.take_back_whisper(ask.site, whisper)
        return {}
    person, channel, message = _target(ask)
    if message.user != person.id and not person.is_admin:
        raise SlackError("cant_delete_message", status=403)
    messages.delete(ask.site, channel, message)
    return {}


def react(ask: Ask) -> Doc:
    """React to a message. Refuses already_reacted."""
    person, channel, message = _target(ask)
    reactions.add(ask.site, channel, message, user_id=person.id, name=ask.text("name"))
    return {}


def unreact(ask: Ask) -> Doc:
    """Take a reaction back. Refuses no_reaction."""
    person, channel, message = _target(ask)
    reactions.remove(ask.site, channel, message, user_id=person.id, name=ask.text("name"))
    return {}


def read(ask: Ask) -> Doc:
    """Mark a channel read up to ``ts``, or all of it."""
    person = ask.person()
    channel = ask.channel(person)
    ts = ask.text("ts", "") or (channel.order[-1] if channel.order else "0")
    ask.site.workspace.mark_read(person.id, channel.id, ts)
    ask.site.stream.tell(person.id, {"type": "read", "channel": channel.id, "user": person.id})
    return {}


POSTS: dict[str, Handler] = {
    "post": post,
    "edit": edit,
    "delete": delete,
    "react": react,
    "unreact": unreact,
    "read": read,
}
