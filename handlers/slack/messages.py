"""What is said in the channels: new, edited, deleted; and what is said to the app."""

from __future__ import annotations

from typing import Any

from slack_bolt import App, BoltContext

from feedback import hearing, messages, workspaces
from feedback.errors import Refused
from handlers.slack.visits import Visit, news

Json = dict[str, Any]

NOT_HEARD = "I do not listen in this channel, so I could not keep that."


def register(app: App) -> None:
    app.event({"type": "message"})(on_message)
    app.event("app_mention")(on_mention)


def on_message(event: Json, body: Json, context: BoltContext) -> None:
    subtype = event.get("subtype")
    if subtype == "message_changed":
        follow_change(event, body, context)
    elif subtype == "message_deleted":
        follow_deletion(event["deleted_ts"], event, body, context)
    elif messages.is_by_a_person(event):
        with news(context, body, event["user"]) as visit:
            if visit and workspaces.hears(
                visit.tx, workspace=visit.workspace, channel_id=event["channel"], now=visit.now
            ):
                said = messages.said_in(event, event["channel"])
                hearing.heard(visit.tx, workspace=visit.workspace, said=said, now=visit.now)


def follow_change(event: Json, body: Json, context: BoltContext) -> None:
    """An edit by a person. Slack sends the same for unfurled links and for its own bookkeeping."""
    message = event["message"]
    if message.get("subtype") == "tombstone":
        follow_deletion(message["ts"], event, body, context)
    elif messages.is_by_a_person(message) and "edited" in message:
        with news(context, body, message["user"]) as visit:
            if visit and _concerns_us(visit, event["channel"], message["ts"]):
                said, at = messages.said_in(message, event["channel"]), messages.time_of(message["edited"]["ts"])
                hearing.edited(visit.tx, workspace=visit.workspace, said=said, edited_at=at, now=visit.now)


def follow_deletion(ts: str, event: Json, body: Json, context: BoltContext) -> None:
    with news(context, body) as visit:
        if visit and _concerns_us(visit, event["channel"], ts):
            hearing.deleted(visit.tx, workspace=visit.workspace, channel_id=event["channel"], ts=ts, now=visit.now)


def _concerns_us(visit: Visit, channel_id: str, ts: str) -> bool:
    """Also where nobody listens any more: what was stored once follows its original."""
    return workspaces.hears(visit.tx, workspace=visit.workspace, channel_id=channel_id, now=visit.now) or bool(
        messages.find(visit.tx, workspace=visit.workspace, channel_id=channel_id, ts=ts)
    )


def on_mention(event: Json, body: Json, context: BoltContext) -> None:
    if not messages.is_by_a_person(event) or "edited" in event:
        return
    with news(context, body, event["user"]) as visit:
        if visit is None:
            return
        if not workspaces.hears(visit.tx, workspace=visit.workspace, channel_id=event["channel"], now=visit.now):
            raise Refused(NOT_HEARD)
        said = messages.said_in(event, event["channel"])
        message = messages.hear(visit.tx, workspace=visit.workspace, said=said, now=visit.now)
        hearing.mentioned(visit.tx, workspace=visit.workspace, message=message, by=visit.member, now=visit.now)
