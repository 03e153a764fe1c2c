"""Did it help? The three buttons under a notice, and the forms that ask what is missing."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from feedback import loop
from feedback.blocks import Json
from feedback.blocks import loop as loop_blocks
from handlers.slack.ideas import id_in, values_of
from handlers.slack.visits import visit

VERDICT_OF = {"loop_partly": "partly", "loop_not_yet": "not_yet"}
"""By the button and by the form that it opens."""
FORM_OF = {"partly": loop_blocks.partly_form, "not_yet": loop_blocks.not_yet_form}


def register(app: App) -> None:
    app.action("loop_better")(on_better)
    app.action("loop_partly")(on_not_better)
    app.action("loop_not_yet")(on_not_better)
    app.view("loop_partly")(on_why)
    app.view("loop_not_yet")(on_why)


def on_better(ack: Ack, action: Json, context: BoltContext) -> None:
    ack()
    with visit(context) as by:
        loop.answer(by.tx, notice_id=id_in(action), member=by.member, verdict="better", now=by.now)


def on_not_better(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    with visit(context) as by:
        notice = loop.check_unanswered(by.tx, notice_id=id_in(action), member=by.member)
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
