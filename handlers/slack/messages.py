"""What is said in the channels: new, edited, deleted; and what is said to the app."""

from __future__ import annotations

from typing import Any

from slack_bolt import App, BoltContext

from feedback import ideas, messages, workspaces
from feedback.errors import Refused
from handlers.slack.visits import Visit, news
from models import Message

Json = dict[str, Any]

NOT_HEARD = "I do not listen in this channel, so I could not keep that."
SPOKEN = (None, "file_share", "thread_broadcast")
"""Subtypes in which a person says something; all others are Slack's own, or an app's."""


def register(app: App) -> None:
    app.event({"type": "message"})(on_message)
    app.event("app_mention")(on_mention)


def on_message(event: Json, body: Json, context: BoltContext) -> None:
    subtype = event.get("subtype")
    if subtype == "message_changed":
        follow_change(event, body, context)
    elif subtype == "message_deleted":
        follow_deletion(event["deleted_ts"], event, body, context)
    elif subtype in SPOKEN and is_by_a_person(event):
        with news(context, body, event["user"]) as visit:
            if visit and workspaces.hears(
                visit.tx, workspace=visit.workspace, channel_id=event["channel"], now=visit.now
            ):
                messages.hear(
                    visit.tx, workspace=visit.workspace, said=messages.said_in(event, event["channel"]), now=visit.now
                )


def follow_change(event: Json, body: Json, context: BoltContext) -> None:
    """An edit by a person. Slack sends the same for unfurled links and for its own bookkeeping."""
    message = event["message"]
    if message.get("subtype") == "tombstone":
        follow_deletion(message["ts"], event, body, context)
    elif is_by_a_person(message) and "edited" in message:
        with news(context, body, message["user"]) as visit:
            if visit and _concerns_us(visit, event["channel"], message["ts"]):
                edited = messages.edit(
                    visit.tx,
                    workspace=visit.workspace,
                    said=messages.said_in(message, event["channel"]),
                    edited_at=messages.time_of(message["edited"]["ts"]),
                    now=visit.now,
                )
                if edited:
                    ideas.follow_edit(visit.tx, message=edited, now=visit.now)


def follow_deletion(ts: str, event: Json, body: Json, context: BoltContext) -> None:
    with news(context, body) as visit:
        if visit and _concerns_us(visit, event["channel"], ts):
            deleted = messages.delete(
                visit.tx, workspace=visit.workspace, channel_id=event["channel"], ts=ts, now=visit.now
            )
            if deleted:
                ideas.follow_deletion(visit.tx, message=deleted, now=visit.now)


def _concerns_us(visit: Visit, channel_id: str, ts: str) -> bool:
    """Also where nobody listens any more: what was stored once follows its original."""
    return workspaces.hears(visit.tx, workspace=visit.workspace, channel_id=channel_id, now=visit.now) or bool(
        messages.find(visit.tx, workspace=visit.workspace, channel_id=channel_id, ts=ts)
    )


def on_mention(event: Json, body: Json, context: BoltContext) -> None:
    """Whoever addresses the app wants the message kept; with no words of its own, the one that began the thread."""
    if not is_by_a_person(event) or "edited" in event:
        return
    with news(context, body, event["user"]) as visit:
        if visit is None:
            return
        if not workspaces.hears(visit.tx, workspace=visit.workspace, channel_id=event["channel"], now=visit.now):
            raise Refused(NOT_HEARD)
        said = messages.said_in(event, event["channel"])
        message = messages.hear(visit.tx, workspace=visit.workspace, said=said, now=visit.now)
        if not ideas.words_of(message) and said.thread_ts:
            keep_or_fetch(visit, said.channel_id, said.thread_ts, "mention")
        else:
            keep(visit, message, "mention")


def keep(visit: Visit, message: Message, captured_with: str) -> bool:
    """Captures it for whoever visits. True where it is news."""
    _, is_new = ideas.capture(
        visit.tx,
        workspace=visit.workspace,
        message=message,
        captured_by=visit.member,
        captured_with=captured_with,
        now=visit.now,
    )
    return is_new


def keep_or_fetch(visit: Visit, channel_id: str, ts: str, captured_with: str) -> None:
    """A message that was said before the app came is looked up first, by a job."""
    where: dict[str, Any] = {"workspace": visit.workspace, "channel_id": channel_id, "ts": ts}
    message = messages.find(visit.tx, **where)
    if message is None:
        messages.fetch_soon(visit.tx, **where, captured_by=visit.member, now=visit.now)
    else:
        keep(visit, message, captured_with)


def is_by_a_person(message: Json) -> bool:
    """Apps' posts come without a subtype nowadays, but with a bot_id."""
    return "bot_id" not in message and bool(message.get("user")) and message.get("subtype") in SPOKEN
