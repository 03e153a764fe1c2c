"""The documents that a workspace is made of. Every field is plain JSON, so that a record is stored as it stands."""

from bisect import bisect_right, insort
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from playground import ids

Doc = dict[str, Any]


@dataclass
class Person:
    """Somebody in the workspace, or the app itself. ``title`` is what the profile says they do."""

    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "America/New_York"
    email: str = ""
    is_bot: bool = False
    is_admin: bool = False
    is_owner: bool = False
    is_primary_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    deleted: bool = False
    updated: int = 0

    def as_json(self, *, with_email: bool = False) -> Doc:
        """Answer Slack's user object; the e-mail is in it only for those who may know it."""
        offset = datetime.fromtimestamp(self.updated, UTC).astimezone(ZoneInfo(self.tz)).utcoffset()
        user: Doc = {"id": self.id, "team_id": ids.TEAM_ID, "name": self.name, "deleted": self.deleted}
        user |= {"real_name": self.real_name, "tz": self.tz, "tz_label": self.tz}
        user |= {"tz_offset": int(offset.total_seconds()) if offset else 0, "profile": self.profile(with_email)}
        user |= {"is_bot": self.is_bot, "is_app_user": False, "is_admin": self.is_admin, "is_owner": self.is_owner}
        user |= {"is_primary_owner": self.is_primary_owner, "is_restricted": self.is_restricted}
        user |= {"is_ultra_restricted": self.is_ultra_restricted, "updated": self.updated}
        return user

    def profile(self, with_email: bool) -> Doc:
        """Answer the profile object within the user object."""
        profile: Doc = {"real_name": self.real_name, "real_name_normalized": self.real_name}
        profile |= {"display_name": self.real_name.split()[0], "display_name_normalized": self.real_name.split()[0]}
        profile |= {"title": self.title, "team": ids.TEAM_ID}
        if self.is_bot:
            profile |= {"api_app_id": ids.APP_ID, "bot_id": ids.BOT_ID, "always_active": True}
        if with_email and self.email:
            profile["email"] = self.email
        return profile


@dataclass
class Message:
    """One message. ``visible_to`` makes it ephemeral: one person sees it, nothing stores it, history has it not."""

    channel: str
    ts: str
    user: str
    text: str = ""
    thread_ts: str | None = None
    subtype: str | None = None
    client_msg_id: str | None = None
    bot_id: str | None = None
    blocks: list[Doc] | None = None
    attachments: list[Doc] | None = None
    metadata: Doc | None = None
    files: list[Doc] | None = None
    edited: Doc | None = None
    extras: Doc = field(default_factory=dict)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    visible_to: str | None = None

    @property
    def is_reply(self) -> bool:
        """Say whether it stands in a thread below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def in_channel(self) -> bool:
        """Say whether the channel itself shows it: not a reply, or a reply also sent to the channel."""
        return not self.is_reply or self.subtype == "thread_broadcast"

    def as_json(self) -> Doc:
        """Answer Slack's message object without what its thread adds and without metadata."""
        doc: Doc = {"type": "message", "user": self.user, "text": self.text, "ts": self.ts, "team": ids.TEAM_ID}
        for name in ("subtype", "client_msg_id", "thread_ts", "blocks", "attachments", "files", "edited"):
            value = getattr(self, name)
            if value is not None:
                doc[name] = value
        if self.files is not None:
            doc["upload"] = False
        if self.bot_id:
            doc |= {"bot_id": self.bot_id, "app_id": ids.APP_ID, "bot_profile": bot_profile()}
        if self.reactions:
            doc["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)} for name, users in self.reactions.items()
            ]
        return doc | self.extras


def bot_profile() -> Doc:
    """Answer what messages of the app say about the app."""
    return {"id": ids.BOT_ID, "app_id": ids.APP_ID, "name": "Roundtrip", "deleted": False, "team_id": ids.TEAM_ID}


@dataclass
class Channel:
    """A channel or a direct conversation, with its messages by ts.

    ``order`` holds every ts, oldest first; ``threads`` the replies of each parent, oldest first. Both follow from the
    messages and are not stored.
    """

    id: str
    name: str = ""
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    created: int = 0
    creator: str = ids.SLACKBOT_ID
    topic: str = ""
    purpose: str = ""
    members: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    threads: dict[str, list[str]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Answer Slack's channel_type: channel, group or im."""
        return "im" if self.is_im else "group" if self.is_private else "channel"

    def stored(self) -> Doc:
        """Answer what is kept of it: everything but the messages, which are documents of their own."""
        return {name: value for name, value in vars(self).items() if name not in {"messages", "order", "threads"}}

    def put(self, message: Message) -> None:
        """Add a message in its place."""
        self.messages[message.ts] = message
        insort(self.order, message.ts)
        if message.is_reply and message.thread_ts:
            insort(self.threads.setdefault(message.thread_ts, []), message.ts)

    def take(self, message: Message) -> None:
        """Remove a message."""
        del self.messages[message.ts]
        self.order.remove(message.ts)
        if message.is_reply and message.thread_ts:
            self.threads[message.thread_ts].remove(message.ts)
            if not self.threads[message.thread_ts]:
                del self.threads[message.thread_ts]

    def message_json(self, message: Message, *, with_metadata: bool = False) -> Doc:
        """Answer a message with what its thread adds: counts on a parent, the parent's author on a reply."""
        doc = message.as_json()
        if with_metadata and message.metadata:
            doc["metadata"] = message.metadata
        if message.is_reply and message.thread_ts in self.messages:
            doc["parent_user_id"] = self.messages[message.thread_ts].user
        return doc | self._thread_json(message.ts)

    def _thread_json(self, ts: str) -> Doc:
        """Answer what a parent says about its thread; nothing for a message without replies."""
        replies = self.threads.get(ts)
        if not replies:
            return {}
        people = list(dict.fromkeys(self.messages[reply].user for reply in replies))
        counts: Doc = {"thread_ts": ts, "reply_count": len(replies), "reply_users_count": len(people)}
        return counts | {"latest_reply": replies[-1], "reply_users": people[:5], "is_locked": False}

    def unread(self, user_id: str, read_ts: str) -> int:
        """Count what others said in the channel itself after ``read_ts``."""
        newer = (self.messages[ts] for ts in self.order[bisect_right(self.order, read_ts) :])
        return sum(1 for message in newer if message.user != user_id and message.in_channel and not message.subtype)

    def as_json(self, user_id: str) -> Doc:
        """Answer Slack's conversation object as ``user_id`` sees it."""
        if self.is_im:
            other = next((member for member in self.members if member != user_id), user_id)
            doc: Doc = {"id": self.id, "created": self.created, "is_im": True, "is_archived": False, "user": other}
            return doc | {"is_org_shared": False, "is_user_deleted": False, "priority": 0}
        doc = {"id": self.id, "name": self.name, "name_normalized": self.name, "created": self.created}
        doc |= {"is_channel": not self.is_private, "is_group": False, "is_im": False, "is_mpim": False}
        doc |= {"is_private": self.is_private, "is_archived": self.is_archived, "is_general": self.name == "general"}
        doc |= {"is_shared": False, "is_org_shared": False, "is_ext_shared": False, "is_pending_ext_shared": False}
        doc |= {"is_member": user_id in self.members, "creator": self.creator, "context_team_id": ids.TEAM_ID}
        doc |= {"topic": self._note(self.topic), "purpose": self._note(self.purpose), "unlinked": 0}
        return doc | {"num_members": len(self.members)}

    def _note(self, text: str) -> Doc:
        """Answer a topic or purpose in Slack's form."""
        return {"value": text, "creator": self.creator if text else "", "last_set": self.created if text else 0}
