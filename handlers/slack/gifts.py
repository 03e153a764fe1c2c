"""What somebody does about their own thank-yous, in App Home: have one sent again, and say what they want."""

from __future__ import annotations

from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient

from feedback import rewards
from feedback.blocks import Json, own_rewards
from handlers.slack.ideas import id_in, values_of
from handlers.slack.visits import visit


def register(app: App) -> None:
    app.action("reward_again")(on_again)
    app.action("wishes_open")(on_wishes_open)
    app.view("wishes")(on_wishes)
    app.action("contact_forget")(on_contact_forget)


def on_again(ack: Ack, action: Json, context: BoltContext) -> None:
    """It comes as a message to them alone; App Home, which is drawn anew, has no button for an hour then."""
    ack()
    with visit(context) as by:
        rewards.send_me_again(by.tx, reward_id=id_in(action), member=by.member, now=by.now)


def on_wishes_open(ack: Ack, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    with visit(context) as by:
        view = own_rewards.wishes_form(
            by.member,
            asks_country=rewards.asks_for_country(by.tx, workspace_id=by.workspace.id),
            asks_contact=rewards.asks_for_contact(by.tx, workspace_id=by.workspace.id),
            contact=rewards.contact_of(by.member, cipher=by.hub.cipher),
        )
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_wishes(ack: Ack, view: Json, context: BoltContext) -> None:
    said = values_of(view)
    with visit(context) as by:
        rewards.wish(
            by.tx,
            member=by.member,
            takes_rewards=said["takes_rewards"] == "yes",
            country=said.get("country"),
            contact=said.get("contact", ""),
            keeps_contact=bool(said.get("keeps_contact")),
            cipher=by.hub.cipher,
            now=by.now,
        )
    ack()


def on_contact_forget(ack: Ack, context: BoltContext) -> None:
    ack()
    with visit(context) as by:
        rewards.forget_contact(by.tx, member=by.member, now=by.now)
