"""A manager looks at what holds a thank-you, and says why it may go on."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from feedback import rewards
from feedback.blocks import Json
from feedback.blocks import holds as hold_blocks
from handlers.slack.ideas import id_in, values_of
from handlers.slack.visits import visit


def register(app: App) -> None:
    app.action("hold_lift")(on_look)
    app.view("hold_lift")(on_lifted)


def on_look(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    with visit(context) as by:
        view = hold_blocks.lift_form(rewards.holds.check_liftable(by.tx, hold_id=id_in(action), manager=by.member))
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_lifted(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        hold_id, why = int(view["private_metadata"]), values_of(view)["why"]
        rewards.holds.lift(by.tx, hold_id=hold_id, manager=by.member, why=why, now=by.now)
    ack()
