"""What people see, and what was delivered and called."""

from playground import ids
from playground.control.ask import Ask, Handler
from playground.errors import SlackError
from playground.records import Channel, Doc, Message, Person
from playground.site import Site
from playground.tremendous.records import Order


def state(ask: Ask) -> Doc:
    """Answer all that a person may see, except the messages.

    {me, team, users, channels, dms: [{id, user}], unread: {channel: count}, home: view or null, views: open modals, the
    top one last, app: {user_id, bot_id, name, shortcuts, commands, has_home, has_messages, takes_messages}}
    """
    site, person = ask.site, ask.person()
    seen = sorted(site.workspace.seen_by(person.id), key=lambda channel: channel.name)
    return {
        "me": person.as_json(with_email=True),
        "team": {"id": ids.TEAM_ID, "name": ids.TEAM_NAME, "url": f"{site.url}/"},
        "users": [one.as_json() for one in site.workspace.people.values()],
        "channels": [channel.as_json(person.id) for channel in seen if not channel.is_im],
        "dms": [_direct(channel, person) for channel in seen if channel.is_im],
        "unread": _unread(site, person, seen),
        "home": site.workspace.homes.get(person.id),
        "views": site.modals.stack(person.id),
        "app": _app(site),
    }


def _direct(channel: Channel, person: Person) -> Doc:
    """Answer a direct channel and whom it is with."""
    doc = channel.as_json(person.id)
    return {"id": doc["id"], "user": doc["user"]}


def _unread(site: Site, person: Person, seen: list[Channel]) -> dict[str, int]:
    """Answer how much is unread in each channel the person is in, where anything is."""
    counts = {
        channel.id: channel.unread(person.id, site.workspace.read_mark(person.id, channel.id))
        for channel in seen
        if person.id in channel.members
    }
    return {channel_id: count for channel_id, count in counts.items() if count}


def _app(site: Site) -> Doc:
    """Answer what the app offers."""
    manifest = site.manifest
    offers = {"shortcuts": list(manifest.shortcuts), "commands": list(manifest.commands)}
    who = {"id": ids.APP_ID, "user_id": ids.BOT_USER_ID, "bot_id": ids.BOT_ID, "name": manifest.bot_name}
    tabs = {"has_home": manifest.has_home, "has_messages": manifest.has_messages}
    return who | offers | tabs | {"takes_messages": manifest.takes_messages}


def messages(ask: Ask) -> Doc:
    """Answer {messages} of a channel, or with thread_ts of a thread, oldest first; ``limit`` keeps the newest.

    With those ephemeral ones that are for this person (is_ephemeral), and all metadata.
    """
    person = ask.person()
    channel = ask.channel(person, ask.query.get("channel") or "")
    thread_ts = ask.query.get("thread_ts")
    shown = _thread(channel, thread_ts) if thread_ts else [one for one in channel.messages.values() if one.in_channel]
    whispers = (one for one in ask.site.workspace.ephemerals.values() if one.visible_to == person.id)
    shown += [one for one in whispers if one.channel == channel.id and one.thread_ts == thread_ts]
    shown.sort(key=lambda message: message.ts)
    limit = _number(ask, "limit", len(shown))
    return {
        "messages": [_seen(channel, message) for message in shown[len(shown) - limit if limit < len(shown) else 0 :]]
    }


def _thread(channel: Channel, thread_ts: str) -> list[Message]:
    """Answer a parent and its replies."""
    order = [thread_ts, *channel.threads.get(thread_ts, [])]
    return [channel.messages[ts] for ts in order if ts in channel.messages]


def _seen(channel: Channel, message: Message) -> Doc:
    """Answer a message as the page takes it."""
    doc = channel.message_json(message, with_metadata=True)
    return doc | {"is_ephemeral": True} if message.visible_to else doc


def _number(ask: Ask, name: str, default: int) -> int:
    """Answer a whole number of the query. Refuses invalid_arguments."""
    value = ask.query.get(name, str(default))
    if not value.isdecimal():
        raise SlackError("invalid_arguments", detail=f"{name} must be a whole number")
    return int(value)


def deliveries(ask: Ask) -> Doc:
    """Answer {deliveries: [{kind, type, event_id, retry, status, seconds, at, body, error}]}, oldest first.

    Filters: kind (event, interaction, command) and event_type; ``body=0`` leaves bodies out. ``status`` 0 means that
    the app did not answer, and ``error`` says why.
    """
    wanted = {"kind": ask.query.get("kind"), "type": ask.query.get("event_type")}
    found = [one for one in ask.site.logs.deliveries if _matches(one, wanted)]
    if ask.query.get("body") == "0":
        found = [{name: value for name, value in one.items() if name != "body"} for one in found]
    return {"deliveries": found}


def calls(ask: Ask) -> Doc:
    """Answer {calls: [{method, args, ok, error, at}]}, oldest first. Filter: method."""
    return {"calls": [one for one in ask.site.logs.calls if _matches(one, {"method": ask.query.get("method")})]}


def _matches(entry: Doc, wanted: dict[str, str | None]) -> bool:
    """Say whether an entry has the wanted values."""
    return all(value is None or entry[name] == value for name, value in wanted.items())


def orders(ask: Ask) -> Doc:
    """Answer {orders: [{id, external_id, status, amount_cents, currency, name, link, links}]}: all, oldest first.

    ``link`` is the first of the links that open the gift.
    """
    return {"orders": [_gift(ask.site, order) for order in ask.site.book.orders.values()]}


def _gift(site: Site, order: Order) -> Doc:
    """Answer what tests and the story want to know of an order."""
    links = [site.book.link_of(token) for token in order.tokens]
    doc: Doc = {"id": order.id, "external_id": order.external_id, "status": order.status}
    doc |= {"link": links[0] if links else "", "links": links}
    return doc | {"amount_cents": order.cents, "currency": order.currency, "name": order.recipient.get("name", "")}


async def quiet(ask: Ask) -> Doc:
    """Wait, at most ``seconds``, until nothing is being delivered or scheduled. Refuses not_quiet."""
    try:
        seconds = float(ask.query.get("seconds", "5"))
    except ValueError:
        raise SlackError("invalid_arguments", detail="seconds must be a number") from None
    if not 0 <= seconds <= 600:
        raise SlackError("invalid_arguments", detail="seconds must be between 0 and 600")
    if not await ask.site.deliveries.quiet(seconds):
        raise SlackError("not_quiet", status=409, pending=ask.site.deliveries.pending)
    return {}


def settings(ask: Ask) -> Doc:
    """Answer the settings in force, and how many sockets of Socket Mode are connected."""
    return {"settings": vars(ask.site.settings), "sockets": len(ask.site.sockets)}


GETS: dict[str, Handler] = {
    "state": state,
    "messages": messages,
    "deliveries": deliveries,
    "calls": calls,
    "orders": orders,
    "quiet": quiet,
    "settings": settings,
}
