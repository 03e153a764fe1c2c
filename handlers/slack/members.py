"""App Home, the way into the hub, and people who come, change and go."""

from __future__ import annotations

import structlog
from slack_bolt import Ack, App, BoltContext
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from feedback import loop, members, messages, privacy, workspaces
from feedback.blocks import Json
from feedback.blocks import members as member_blocks
from handlers.slack.ideas import values_of
from handlers.slack.visits import news, visit

log = structlog.get_logger("roundtrip")


def register(app: App) -> None:
    app.event("app_home_opened")(on_home_opened)
    app.action("hub_open")(on_hub_open)
    app.action("hub_link")(on_hub_link)
    app.action("hears_choose")(on_hears_chosen)
    app.action("hears_less")(on_hears_less)
    app.view("hears")(on_hears)
    app.action("erase_open")(on_erase_open)
    app.view("erase")(on_erase)
    app.event("team_join")(on_profile)
    app.event("user_change")(on_profile)
    app.event("member_joined_channel")(on_came_or_went)
    app.event("member_left_channel")(on_came_or_went)


def on_home_opened(event: Json, body: Json, context: BoltContext) -> None:
    if event.get("tab", "home") != "home":
        return
    with news(context, body, event["user"]) as by:
        if by:
            members.open_home(by.tx, member=by.member, now=by.now)


def on_hub_open(ack: Ack, body: Json, context: BoltContext, client: WebClient) -> None:
    """A link of their own, made when they ask for it, because it lives for five minutes."""
    ack()
    with visit(context) as by:
        token = members.make_link(by.tx, member=by.member, now=by.now)
        url = f"{by.hub.settings.hub_url}/enter/{token}"
    client.views_open(trigger_id=body["trigger_id"], view=member_blocks.hub_link(url=url, minutes=members.LINK_MINUTES))


def on_hub_link(ack: Ack, body: Json, client: WebClient) -> None:
    """Slack tells of a pressed link too. The browser follows it meanwhile, so nothing is lost if the window is closed
    already, or cannot be changed."""
    ack()
    try:
        client.views_update(view_id=body["view"]["id"], view=member_blocks.hub_link_used())
    except (SlackApiError, OSError) as error:
        log.info("slack.window_not_updated", error=str(error))


def on_hears_chosen(ack: Ack, action: Json, context: BoltContext) -> None:
    """In App Home, which is drawn anew."""
    ack()
    with visit(context) as by:
        loop.choose(by.tx, member=by.member, hears=action["selected_option"]["value"], now=by.now)


def on_hears_less(ack: Ack, body: Json, context: BoltContext, client: WebClient) -> None:
    """Under what told somebody something. It is about whoever presses."""
    ack()
    with visit(context) as by:
        view = member_blocks.hears_form(by.member)
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_hears(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        loop.choose(by.tx, member=by.member, hears=values_of(view)["hears"], now=by.now)
    ack()


def on_erase_open(ack: Ack, body: Json, client: WebClient) -> None:
    ack()
    client.views_open(trigger_id=body["trigger_id"], view=member_blocks.erase_form())


def on_erase(ack: Ack, context: BoltContext) -> None:
    """They asked for it themself, and read before what it means."""
    with visit(context) as by:
        privacy.ask(by.tx, member_id=by.member.id, by=by.member, now=by.now)
    ack(response_action="update", view=member_blocks.erasing())


def on_profile(event: Json, body: Json, context: BoltContext) -> None:
    user = event["user"]
    with news(context, body, user["id"]) as by:
        if by:
            members.store_profile(by.tx, workspace=by.workspace, facts=user, now=by.now)


def on_came_or_went(event: Json, body: Json, context: BoltContext) -> None:
    """Also the app itself, which so learns where it may listen."""
    is_in = event["type"] == "member_joined_channel"
    with news(context, body, event["user"]) as by:
        if by is None:
            return
        at = messages.time_of(event["event_ts"])
        if by.member.slack_id == by.workspace.bot_user_id:
            workspaces.app_came_or_went(
                by.tx, workspace=by.workspace, channel_id=event["channel"], is_in=is_in, at=at, now=by.now
            )
            return
        members.left_channel(
            by.tx, workspace=by.workspace, member=by.member, channel_id=event["channel"], at=at, is_back=is_in
        )
