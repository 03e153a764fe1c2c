"""The state of the workspace in memory, with every change written through to the store.

Used in one event loop only, which is why nothing here locks.
"""

from collections.abc import Iterator

from playground import ids
from playground.errors import SlackError
from playground.records import Channel, Doc, Message, Person
from playground.store import Store


class Workspace:
    """People, channels with their messages, published Home views, and how far each person has read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.homes: dict[str, Doc] = {}
        self.ephemerals: dict[str, Message] = {}
        self.read_marks: dict[str, str] = {}
        self._read_store()

    def _read_store(self) -> None:
        """Find what an earlier start left."""
        self.people = {key: Person(**document) for key, document in self._store.all("person")}
        self.channels = {key: Channel(**document) for key, document in self._store.all("channel")}
        self.homes = dict(self._store.all("home"))
        self.read_marks = dict(self._store.all("read"))
        for _, document in self._store.all("message"):
            message = Message(**document)
            self.channels[message.channel].put(message)

    def clear(self) -> None:
        """Forget everybody and everything."""
        for held in (self.people, self.channels, self.homes, self.ephemerals, self.read_marks):
            held.clear()
        self._store.clear()

    # people

    def person(self, reference: str) -> Person:
        """Answer a person by id or @name. Refuses user_not_found."""
        if reference.startswith("@"):
            named = (person for person in self.people.values() if person.name == reference[1:])
            person = next(named, None) or self.people.get(reference[1:])
        else:
            person = self.people.get(reference)
        if person is None:
            raise SlackError("user_not_found", status=404)
        return person

    def save_person(self, person: Person) -> None:
        """Keep a new or changed person."""
        self.people[person.id] = person
        self._store.put("person", person.id, vars(person))

    # channels

    def channel(self, reference: str) -> Channel:
        """Answer a channel by id or #name. Refuses channel_not_found."""
        channel = self.channels.get(reference)
        if channel is None and reference.startswith("#"):
            channel = next((one for one in self.channels.values() if one.name == reference[1:]), None)
        if channel is None:
            raise SlackError("channel_not_found", status=404)
        return channel

    def direct(self, one: str, other: str) -> Channel:
        """Answer the direct channel of two people, opened if there is none. With the app its id follows from theirs."""
        pair = {one, other}
        if ids.BOT_USER_ID in pair:
            person = next(iter(pair - {ids.BOT_USER_ID}), one)
            known = self.channels.get(ids.dm_id(person))
            return known or self._open_direct(ids.dm_id(person), pair)
        among = (channel for channel in self.channels.values() if channel.is_im and set(channel.members) == pair)
        return next(among, None) or self._open_direct(ids.new_id("D"), pair)

    def _open_direct(self, channel_id: str, pair: set[str]) -> Channel:
        """Open the direct channel of two people."""
        channel = Channel(channel_id, is_im=True, is_private=True, members=sorted(pair))
        self.save_channel(channel)
        return channel

    def save_channel(self, channel: Channel) -> None:
        """Keep a new or changed channel; its messages are kept one by one."""
        self.channels[channel.id] = channel
        self._store.put("channel", channel.id, channel.stored())

    def seen_by(self, user_id: str) -> Iterator[Channel]:
        """Answer the channels a person may see: all public ones, and those they are in."""
        return (one for one in self.channels.values() if not one.is_private or user_id in one.members)

    # messages

    def message(self, channel: Channel, ts: str) -> Message:
        """Answer a message of a channel. Refuses message_not_found."""
        message = channel.messages.get(ts)
        if message is None:
            raise SlackError("message_not_found", status=404)
        return message

    def add_message(self, channel: Channel, message: Message) -> None:
        """Put a new message into its channel."""
        channel.put(message)
        self.save_message(message)

    def save_message(self, message: Message) -> None:
        """Keep a changed message."""
        self._store.put("message", f"{message.channel}:{message.ts}", vars(message))

    def drop_message(self, channel: Channel, message: Message) -> None:
        """Remove a message."""
        channel.take(message)
        self._store.drop("message", f"{message.channel}:{message.ts}")

    # homes and read marks

    def save_home(self, user_id: str, view: Doc) -> None:
        """Keep what the app's Home shows to a person."""
        self.homes[user_id] = view
        self._store.put("home", user_id, view)

    def read_mark(self, user_id: str, channel_id: str) -> str:
        """Answer the ts up to which a person has read a channel."""
        return self.read_marks.get(f"{user_id}:{channel_id}", "0")

    def mark_read(self, user_id: str, channel_id: str, ts: str) -> None:
        """Remember that a person has read a channel up to ``ts``; marks only move forward."""
        key = f"{user_id}:{channel_id}"
        if ts > self.read_marks.get(key, "0"):
            self.read_marks[key] = ts
            self._store.put("read", key, ts)
