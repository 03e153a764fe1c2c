"""conversations.*: channels, who is in them, and what was said."""

from bisect import bisect_left, bisect_right

from playground import ids
from playground.errors import SlackError
from playground.happenings import membership
from playground.records import Channel, Doc
from playground.web_api.call import Call, invalid_arguments, method
from playground.web_api.paging import cursor_of, limit_of, page, read_cursor

_TYPES = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}


@method("conversations.list", tier=2)
def conversations_list(call: Call) -> Doc:
    """Answer a page of the channels of the wanted types that the app may see."""
    types = call.text("types", "public_channel").replace(" ", "").split(",")
    if not set(types) <= set(_TYPES):
        raise SlackError("invalid_types")
    for one in types:
        call.needs(_TYPES[one])
    leave_out_archived = call.flag("exclude_archived")
    found = [
        channel
        for channel in call.site.workspace.seen_by(call.user_id)
        if _type(channel) in types and not (leave_out_archived and channel.is_archived)
    ]
    channels, metadata = page(call, found, "channel")
    return {"channels": [one.as_json(call.user_id) for one in channels], "response_metadata": metadata}


def _type(channel: Channel) -> str:
    """Answer what conversations.list calls this kind of channel."""
    return {"channel": "public_channel", "group": "private_channel", "im": "im"}[channel.kind]


@method("conversations.info")
def conversations_info(call: Call) -> Doc:
    """Answer one channel."""
    doc = call.readable("read").as_json(call.user_id)
    if not call.flag("include_num_members"):
        doc.pop("num_members", None)
    return {"channel": doc}


@method("conversations.members", tier=4)
def conversations_members(call: Call) -> Doc:
    """Answer a page of the ids of a channel's members."""
    members, metadata = page(call, call.readable("read").members, "member")
    return {"members": members, "response_metadata": metadata}


@method("conversations.join", "channels:join")
def conversations_join(call: Call) -> Doc:
    """Let the app join a public channel."""
    channel = call.channel()
    if channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if membership.join(call.site, channel, call.user_id):
        return {"channel": channel.as_json(call.user_id)}
    return {"channel": channel.as_json(call.user_id), "warning": "already_in_channel"}


@method("conversations.open", "im:write", "mpim:write")
def conversations_open(call: Call) -> Doc:
    """Open the direct channel with one person; the same one every time."""
    if call.text("channel", ""):
        channel, known = call.channel(), True
    else:
        people = [part for part in call.text("users").replace(" ", "").split(",") if part]
        if len(people) > 1:
            call.needs("mpim:write")
            raise invalid_arguments("this workspace has no direct messages among several")
        person = call.site.workspace.person(people[0])
        if person.id == call.user_id or person.is_bot:
            raise SlackError("cannot_dm_bot")
        if person.deleted:
            raise SlackError("user_disabled")
        known = ids.dm_id(person.id) in call.site.workspace.channels
        channel = call.site.workspace.direct(person.id, call.user_id)
    doc = channel.as_json(call.user_id) if call.flag("return_im") else {"id": channel.id}
    return {"channel": doc} | ({"no_op": True, "already_open": True} if known else {})


@method("conversations.history")
def conversations_history(call: Call) -> Doc:
    """Answer a page of what the channel itself shows, newest first."""
    channel = _joined(call)
    shown = _between(call, [ts for ts in channel.order if channel.messages[ts].in_channel], "history")
    limit = limit_of(call, most=999)
    newest_first = list(reversed(shown))
    # With only ``oldest`` given Slack still answers the newest of the stretch first.
    part, rest = newest_first[:limit], newest_first[limit:]
    return _answer(call, channel, part, "history", bool(rest)) | {"pin_count": 0}


@method("conversations.replies")
def conversations_replies(call: Call) -> Doc:
    """Answer a page of a thread, its parent first, oldest first. Any message of the thread names it."""
    channel = _joined(call)
    asked = channel.messages.get(call.text("ts"))
    if asked is None:
        raise SlackError("thread_not_found")
    parent_ts = asked.thread_ts if asked.is_reply and asked.thread_ts else asked.ts
    replies = _between(call, channel.threads.get(parent_ts, []), "replies")
    start = read_cursor(call, "replies")
    if start is not None:
        replies = replies[bisect_right(replies, start) :]
    limit = limit_of(call, default=1000)
    # The parent comes with the first page and counts in it, if it is still there (a deleted one left no message).
    first = [parent_ts] if start is None and parent_ts in channel.messages else []
    part = [*first, *replies[: limit - len(first)]]
    return _answer(call, channel, part, "replies", len(replies) > limit - len(first))


def _joined(call: Call) -> Channel:
    """Answer the channel to read messages from. Refuses not_in_channel."""
    channel = call.readable("history")
    if call.user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _between(call: Call, order: list[str], word: str) -> list[str]:
    """Cut a list of ts, oldest first, to ``oldest`` and ``latest``, and for history to what the cursor leaves."""
    oldest, latest, inclusive = call.text("oldest", "0"), call.text("latest", ""), call.flag("inclusive")
    for bound in (oldest, latest or "0"):
        if not bound.replace(".", "", 1).isdigit():
            raise SlackError("invalid_ts_oldest" if bound == oldest else "invalid_ts_latest")
    low, high = _padded(oldest), _padded(latest) if latest else "9" * 17
    start = (bisect_left if inclusive else bisect_right)(order, low)
    end = (bisect_right if inclusive else bisect_left)(order, high)
    cut = order[start:end]
    if word == "history" and (cursor := read_cursor(call, word)) is not None:
        cut = cut[: bisect_left(cut, cursor)]
    return cut


def _padded(bound: str) -> str:
    """Answer a bound, which may lack its fraction, in the form of a ts, so that text order is time order."""
    seconds, _, fraction = bound.partition(".")
    return f"{seconds.zfill(10)}.{fraction.ljust(6, '0')}"


def _answer(call: Call, channel: Channel, order: list[str], word: str, has_more: bool) -> Doc:
    """Answer a page of messages, and where the next one begins."""
    with_metadata = call.flag("include_all_metadata")
    messages = [channel.message_json(channel.messages[ts], with_metadata=with_metadata) for ts in order]
    metadata = {"response_metadata": {"next_cursor": cursor_of(word, order[-1])}} if has_more else {}
    return {"messages": messages, "has_more": has_more} | metadata
