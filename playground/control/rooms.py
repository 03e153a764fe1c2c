"""Channels and people: joining, opening, archiving, arriving."""

from playground import ids
from playground.control.ask import Ask, Handler
from playground.errors import SlackError
from playground.happenings import membership, people
from playground.records import Channel, Doc, Person


def _host(ask: Ask) -> Person:
    """Answer who does it; the primary owner where nobody is named."""
    if ask.given("user") is not None:
        return ask.person()
    return next(person for person in ask.site.workspace.people.values() if person.is_primary_owner)


def _any_channel(ask: Ask) -> Channel:
    """Answer the channel, also a private one: those who run the workspace may reach it."""
    channel = ask.site.workspace.channel(ask.text("channel"))
    if channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    return channel


def join(ask: Ask) -> Doc:
    """Join a channel; private ones are joined as if somebody had invited the person."""
    channel = _any_channel(ask)
    return {"channel": channel.id, "already_in_channel": not membership.join(ask.site, channel, ask.person().id)}


def leave(ask: Ask) -> Doc:
    """Leave a channel. Refuses not_in_channel."""
    membership.leave(ask.site, _any_channel(ask), ask.person().id)
    return {}


def open_room(ask: Ask) -> Doc:
    """Open a channel: {name, user?, is_private?}; answers {channel}."""
    opened = membership.open_channel(ask.site, ask.text("name"), _host(ask).id, is_private=ask.flag("is_private"))
    return {"channel": opened.id}


def rename(ask: Ask) -> Doc:
    """Rename a channel: {channel, name}."""
    membership.rename(ask.site, _any_channel(ask), ask.text("name"))
    return {}


def archive(ask: Ask) -> Doc:
    """Archive a channel."""
    membership.archive(ask.site, _any_channel(ask), _host(ask).id, is_archived=True)
    return {}


def unarchive(ask: Ask) -> Doc:
    """Bring an archived channel back."""
    membership.archive(ask.site, _any_channel(ask), _host(ask).id, is_archived=False)
    return {}


def invite_app(ask: Ask) -> Doc:
    """Bring the app into a channel."""
    joined = membership.join(ask.site, _any_channel(ask), ids.BOT_USER_ID, inviter=_host(ask).id)
    return {"already_in_channel": not joined}


def remove_app(ask: Ask) -> Doc:
    """Remove the app from a channel."""
    membership.leave(ask.site, _any_channel(ask), ids.BOT_USER_ID)
    return {}


def user(ask: Ask) -> Doc:
    """Add a person: {name, real_name, id?, tz?, title?, ...}; answers {user}. They start in #general."""
    person = people.arrive(ask.site, ask.facts())
    general = ask.site.workspace.channels.get("C0GENERAL")
    if general is not None and not general.is_archived:
        membership.join(ask.site, general, person.id)
    return {"user": person.id}


def user_change(ask: Ask) -> Doc:
    """Change facts about a person: {user, ...}."""
    person = ask.site.workspace.person(ask.text("user"))
    people.change(ask.site, person, {name: value for name, value in ask.facts().items() if name != "user"})
    return {}


POSTS: dict[str, Handler] = {
    "join": join,
    "leave": leave,
    "open": open_room,
    "rename": rename,
    "archive": archive,
    "unarchive": unarchive,
    "invite_app": invite_app,
    "remove_app": remove_app,
    "user": user,
    "user_change": user_change,
}
