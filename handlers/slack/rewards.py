"""The managers' card: approve or decline a thank-you."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from feedback import rewards
from feedback.blocks import Json
from feedback.blocks import rewards as reward_blocks
from handlers.slack.ideas import id_in, values_of
from handlers.slack.visits import visit


def register(app: App) -> None:
    app.action("reward_approve")(on_approve)
    app.view("reward_approve")(on_approved)
    app.action("reward_decline")(on_decline)
    app.view("reward_decline")(on_declined)


def on_approve(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    """At once where a service pays; where a manager pays by hand, the form asks for the code or link first."""
    ack()
    with visit(context) as by:
        reward = rewards.check_decidable(by.tx, reward_id=id_in(action), manager=by.member, now=by.now)
        if reward.provider != "manual":
            rewards.approve(by.tx, reward_id=reward.id, manager=by.member, cipher=by.hub.cipher, now=by.now)
            return
        view = reward_blocks.approve_form(reward)
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_approved(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        reward_id, gift = int(view["private_metadata"]), values_of(view)["gift"]
        rewards.approve(by.tx, reward_id=reward_id, manager=by.member, gift=gift, cipher=by.hub.cipher, now=by.now)
    ack()


def on_decline(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    with visit(context) as by:
        view = reward_blocks.decline_form(
            rewards.check_decidable(by.tx, reward_id=id_in(action), manager=by.member, now=by.now)
        )
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_declined(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        reward_id, why = int(view["private_metadata"]), values_of(view)["why"]
        rewards.decline(by.tx, reward_id=reward_id, manager=by.member, why=why, now=by.now)
    ack()
