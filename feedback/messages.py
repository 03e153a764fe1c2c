"""What was said, kept as it stands now: edits and deletions are followed, in whatever order the news arrives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import emoji
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback import members, once, outbox
from models import Member, Message, Reaction, Workspace


@dataclass(frozen=True)
class Said:
    """One message as Slack tells of it. `author_id` is a Slack id."""

    channel_id: str
    ts: str
    thread_ts: str | None
    author_id: str
    text: str
    files: tuple[str, ...] = ()


MARKUP = re.compile(r"<([^<>\n]*)>")
"""Slack writes mentions, channels and links between angle brackets, and escapes those that people typed."""
SPOKEN = (None, "file_share", "thread_broadcast")
"""Subtypes in which a person says something; all others are Slack's own, or an app's."""


def is_by_a_person(message: dict[str, Any]) -> bool:
    """Apps' posts come without a subtype nowadays, but with a bot_id."""
    return "bot_id" not in message and bool(message.get("user")) and message.get("subtype") in SPOKEN


SKIN_TONE = re.compile(r":skin-tone-[2-6]:")


def said_in(message: dict[str, Any], channel_id: str) -> Said:
    """`message` as events, shortcuts and conversations.history give it."""
    return Said(
        channel_id=channel_id,
        ts=message["ts"],
        thread_ts=message.get("thread_ts"),
        author_id=message["user"],
        text=message.get("text") or "",
        files=tuple(file.get("name") or "a file" for file in message.get("files") or []),
    )


def time_of(ts: str) -> datetime:
    """A Slack timestamp as an aware time."""
    return datetime.fromtimestamp(float(ts), UTC)


def ts_of(time: datetime) -> str:
    """An aware time as Slack writes it."""
    return f"{time.timestamp():.6f}"


def hear(tx: Session, *, workspace: Workspace, said: Said, now: datetime) -> Message:
    """The stored message. What is stored already stays: an edit or a deletion may have come before the message."""
    author = members.meet(tx, workspace=workspace, slack_id=said.author_id, now=now)
    take_turns(tx, workspace_id=workspace.id, channel_id=said.channel_id, ts=said.ts, thread_ts=said.thread_ts)
    once.insert(
        tx,
        Message,
        workspace_id=workspace.id,
        channel_id=said.channel_id,
        ts=said.ts,
        thread_ts=said.thread_ts if said.thread_ts != said.ts else None,
        author_id=author.id,
        text=readable(tx, workspace=workspace, text=said.text),
        files=list(said.files),
        permalink=permalink(workspace, said),
        is_lost=False,
        posted_at=time_of(said.ts),
    )
    message = find(tx, workspace=workspace, channel_id=said.channel_id, ts=said.ts)
    assert message is not None
    return message


def edit(tx: Session, *, workspace: Workspace, said: Said, edited_at: datetime, now: datetime) -> Message | None:
    """The message with its new words; None where it has newer ones already, or is deleted."""
    message = hear(tx, workspace=workspace, said=said, now=now)
    if message.deleted_at or (message.edited_at and message.edited_at >= edited_at):
        return None
    message.text = readable(tx, workspace=workspace, text=said.text)
    message.edited_at, message.files = edited_at, list(said.files)
    return message


def delete(tx: Session, *, workspace: Workspace, channel_id: str, ts: str, now: datetime) -> Message | None:
    """Forgets the words and keeps the row, so that a late copy of the message does not bring them back.

    None where it was deleted before.
    """
    thread_ts = tx.scalars(
        select(Message.thread_ts).where(
            Message.workspace_id == workspace.id, Message.channel_id == channel_id, Message.ts == ts
        )
    ).one_or_none()
    take_turns(tx, workspace_id=workspace.id, channel_id=channel_id, ts=ts, thread_ts=thread_ts)
    once.insert(
        tx,
        Message,
        workspace_id=workspace.id,
        channel_id=channel_id,
        ts=ts,
        author_id=None,
        text="",
        files=[],
        permalink="",
        is_lost=False,
        posted_at=time_of(ts),
    )
    message = find(tx, workspace=workspace, channel_id=channel_id, ts=ts)
    assert message is not None
    if message.deleted_at:
        return None
    message.text, message.files, message.deleted_at = "", [], now
    return message


def take_turn(tx: Session, *, workspace_id: int, channel_id: str, ts: str) -> None:
    """At what stands there, a message or a receipt of ours: before it is locked, reacted to, or becomes an idea's.

    Of two who come in the same moment, the second sees what the first did. Always this first, then the message, then
    the idea: whoever took them in another order could wait for one who waits for them.
    """
    once.take_turn(tx, f"said:{workspace_id}:{channel_id}:{ts}")


def take_turns(tx: Session, *, workspace_id: int, channel_id: str, ts: str, thread_ts: str | None) -> None:
    """At a reply, and before it at the message that began its thread: whoever keeps that one in this moment counts the
    replies that agree, and must not miss what happens to this one."""
    if thread_ts is not None and thread_ts != ts:
        take_turn(tx, workspace_id=workspace_id, channel_id=channel_id, ts=thread_ts)
    take_turn(tx, workspace_id=workspace_id, channel_id=channel_id, ts=ts)


def find(tx: Session, *, workspace: Workspace, channel_id: str, ts: str) -> Message | None:
    """Locked until the transaction ends."""
    take_turn(tx, workspace_id=workspace.id, channel_id=channel_id, ts=ts)
    return tx.scalars(
        select(Message)
        .where(Message.workspace_id == workspace.id, Message.channel_id == channel_id, Message.ts == ts)
        .with_for_update()
    ).one_or_none()


def react(
    tx: Session,
    *,
    workspace: Workspace,
    member: Member,
    channel_id: str,
    ts: str,
    name: str,
    stands: bool,
    event_ts: str,
) -> bool:
    """Records that a reaction was put or taken. False where that is known already, or something newer."""
    take_turn(tx, workspace_id=workspace.id, channel_id=channel_id, ts=ts)
    facts = {"workspace_id": workspace.id, "channel_id": channel_id, "ts": ts, "member_id": member.id, "name": name}
    if once.insert(tx, Reaction, **facts, stands=stands, event_ts=event_ts) is not None:
        return True
    before = tx.execute(select(Reaction.stands, Reaction.event_ts).filter_by(**facts)).one()
    if before.event_ts >= event_ts:
        return False
    tx.execute(update(Reaction).filter_by(**facts).values(stands=stands, event_ts=event_ts))
    return bool(before.stands) != stands


def one_name(reaction: str) -> str:
    """Slack's name of an emoji, the same one where it has two. A skin tone stays: it makes a reaction of its own."""
    name, separator, tone = reaction.partition("::")
    return {"thumbsup": "+1", "electric_light_bulb": "bulb"}.get(name, name) + separator + tone


def is_reaction(name: str, wanted: str) -> bool:
    """Whatever its skin tone."""
    return name.partition("::")[0] == wanted


def readable(tx: Session, *, workspace: Workspace, text: str) -> str:
    """What a person reads in Slack: names for mentions, labels for links, emoji for their names, and without the
    app's own mention."""

    def shown(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        if target.startswith("@"):
            return "" if target[1:] == workspace.bot_user_id else "@" + (label or _name(tx, workspace, target[1:]))
        if target.startswith("#"):
            return "#" + (label or target[1:])
        if target.startswith("!"):
            return label or "@" + target[1:].partition("^")[0]
        return label or target

    plain = emoji.emojize(SKIN_TONE.sub("", MARKUP.sub(shown, text)), language="alias")
    return storable(plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip())


def names(text: str, slack_id: str) -> bool:
    """Whether a text, as Slack writes it, mentions them."""
    return any(match[1].partition("|")[0] == f"@{slack_id}" for match in MARKUP.finditer(text))


def storable(text: str) -> str:
    """Without what no database takes: NUL, and halves of characters, which are shown as a question mark."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _name(tx: Session, workspace: Workspace, slack_id: str) -> str:
    name = tx.scalars(
        select(Member.name).where(Member.workspace_id == workspace.id, Member.slack_id == slack_id)
    ).one_or_none()
    return name or slack_id


def permalink(workspace: Workspace, said: Said) -> str:
    """As chat.getPermalink makes it. Composed here, because nothing is asked of Slack inside a transaction."""
    link = f"{workspace.url}archives/{said.channel_id}/p{said.ts.replace('.', '')}"
    if said.thread_ts and said.thread_ts != said.ts:
        link += f"?thread_ts={said.thread_ts}&cid={said.channel_id}"
    return link


def fetch_soon(
    tx: Session, *, workspace: Workspace, channel_id: str, ts: str, captured_by: Member, now: datetime
) -> None:
    """Owes a look at one message that we never heard (it is older than the app), to capture it then."""
    outbox.owe(
        tx,
        workspace_id=workspace.id,
        kind="message.fetch",
        key=f"fetch:{workspace.id}:{channel_id}:{ts}:{captured_by.id}",
        now=now,
        channel_id=channel_id,
        ts=ts,
        member_id=captured_by.id,
    )
