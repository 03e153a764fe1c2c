"""Did it help? The three buttons under a notice, the forms that ask what is missing, and the one that asks for more."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from feedback import access, loop
from feedback.blocks import Json
from feedback.blocks import loop as loop_blocks
from handlers.slack.ideas import say, values_of
from handlers.slack.visits import Visit, visit

FOR_ALL = "all-"
"""How the value of a button begins that stands there for several people: then comes the change."""

VERDICT_OF = {"loop_partly": "partly", "loop_not_yet": "not_yet", "loop_better": "better"}
"""By the button and by the form that it opens."""
FORM_OF = {"partly": loop_blocks.partly_form, "not_yet": loop_blocks.not_yet_form}


def register(app: App) -> None:
    app.action("loop_better")(on_better)
    app.action("loop_partly")(on_not_better)
    app.action("loop_not_yet")(on_not_better)
    app.view("loop_better")(on_why)
    app.view("loop_partly")(on_why)
    app.view("loop_not_yet")(on_why)
    app.action("loop_reply")(on_reply)
    app.view("loop_reply")(on_replied)
    app.action("loop_rehearsed")(on_rehearsed)
    app.action("loop_rehearsed_partly")(on_rehearsed)
    app.action("loop_rehearsed_too")(on_rehearsed)


def notice_in(by: Visit, action: Json) -> Any:
    """What the button is about, for whoever presses it."""
    value = str(action["value"])
    if value.startswith(FOR_ALL):
        return access.access_notice_of(by.tx, member=by.member, change_id=int(value.removeprefix(FOR_ALL)))
    return access.access_notice(by.tx, member=by.member, notice_id=int(value))


def on_better(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    """The answer counts at once. Whoever was asked first may say in a sentence how it went, as with the other two."""
    ack()
    with visit(context) as by:
        notice = notice_in(by, action)
        loop.answer(by.tx, notice_id=notice.id, member=by.member, verdict="better", now=by.now)
        view = loop_blocks.better_form(notice) if loop.may_say_how(by.tx, notice=notice) else None
    if view:
        client.views_open(trigger_id=body["trigger_id"], view=view)


def on_not_better(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    with visit(context) as by:
        notice = loop.check_unanswered(by.tx, notice_id=notice_in(by, action).id, member=by.member)
        view = FORM_OF[VERDICT_OF[action["action_id"]]](notice)
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_why(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        loop.answer(
            by.tx,
            notice_id=int(view["private_metadata"]),
            member=by.member,
            verdict=VERDICT_OF[view["callback_id"]],
            why=values_of(view)["why"],
            now=by.now,
        )
    ack()


def on_reply(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    with visit(context) as by:
        view = loop_blocks.reply_form(loop.check_open(by.tx, notice=notice_in(by, action)))
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_replied(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        loop.reply(
            by.tx,
            notice_id=int(view["private_metadata"]),
            member=by.member,
            text=values_of(view)["text"],
            now=by.now,
        )
    ack()


def on_rehearsed(ack: Ack, respond: Respond) -> None:
    ack()
    say(respond, "This was a test. Nobody was told, and nothing is counted.")
