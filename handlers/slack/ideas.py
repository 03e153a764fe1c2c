"""Sharing and keeping ideas, backing them, taking them back, and sorting them from the triage channel."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from feedback import access, changes, hearing, ideas, inbox, judgements, messages, themes, workspaces
from feedback.blocks import Json, modal, section
from feedback.blocks import ideas as idea_blocks
from feedback.blocks import themes as theme_blocks
from feedback.errors import Refused
from feedback.overview import telling
from handlers.slack.messages import NOT_HEARD
from handlers.slack.visits import Visit, news, visit

log = structlog.get_logger("roundtrip")


def register(app: App) -> None:
    app.shortcut("capture_feedback")(on_capture)
    app.shortcut("share_idea")(on_share)
    app.command("/idea")(on_command)
    app.action("idea_share_open")(on_share)
    app.view("idea_share")(on_shared)
    app.event("reaction_added")(on_reaction)
    app.event("reaction_removed")(on_reaction)
    app.action("idea_vote")(on_vote)
    app.action("idea_vote_alike")(on_vote)
    app.action("idea_withdraw")(on_withdraw)
    app.action("idea_review")(on_review)
    app.action("idea_plan")(on_plan)
    app.view("idea_plan")(on_planned)
    app.action("idea_decline")(on_decline)
    app.view("idea_decline")(on_declined)
    app.action("idea_more")(on_more)
    app.view("idea_move")(on_moved)
    app.view("idea_same")(on_same)


def on_capture(ack: Ack, body: Json, context: BoltContext, respond: Respond) -> None:
    """The shortcut in a message's menu. The author stays the author, whoever uses it."""
    ack()
    if not messages.is_by_a_person(body["message"]):
        raise Refused("That was not written by a person. Only what people say is kept as feedback.")
    with visit(context) as by:
        channel_id = body["channel"]["id"]
        if not workspaces.hears(by.tx, workspace=by.workspace, channel_id=channel_id, now=by.now, is_event=False):
            raise Refused(NOT_HEARD)
        message = messages.hear(
            by.tx, workspace=by.workspace, said=messages.said_in(body["message"], channel_id), now=by.now
        )
        _, is_new = ideas.capture(
            by.tx, workspace=by.workspace, message=message, captured_by=by.member, captured_with="shortcut", now=by.now
        )
    text = "Kept. The thread will say what becomes of it." if is_new else "That one is kept already."
    say(respond, text)


def say(respond: Respond, text: str, *, instead: bool = False) -> None:
    """A word to the person alone; `instead`: in place of what they were asked. What they did is done by now: if the
    word is lost, that is no failure of it."""
    try:
        respond(text=text, response_type="ephemeral", replace_original=instead)
    except (SlackApiError, OSError) as error:
        log.warning("slack.not_told", say=text, error=str(error))


def on_share(ack: Ack, body: Json, client: WebClient) -> None:
    """The global shortcut, and the button in App Home."""
    ack()
    open_form(client, body)


def on_command(ack: Ack, body: Json, context: BoltContext, client: WebClient) -> None:
    """/idea, with the first words already written."""
    ack()
    with visit(context) as by:
        text = messages.readable(by.tx, workspace=by.workspace, text=body.get("text") or "")
    open_form(client, body, text)


def open_form(client: WebClient, body: Json, text: str = "") -> None:
    trigger_id = body["trigger_id"]  # unique, so it serves as the form's nonce too
    client.views_open(
        trigger_id=trigger_id, view=idea_blocks.share_form(nonce=trigger_id, kinds=ideas.KINDS, text=text)
    )


def on_shared(ack: Ack, view: Json, context: BoltContext) -> None:
    """The form was sent. Slack may deliver a press twice, and so may a person."""
    values = values_of(view)
    with visit(context) as by:
        if inbox.is_new(by.tx, source="form", key=view["private_metadata"], now=by.now):
            ideas.share(
                by.tx,
                workspace=by.workspace,
                author=by.member,
                text=values["what"],
                why=values["why"],
                kind=values["kind"],
                now=by.now,
            )
    ack()


def on_reaction(event: Json, body: Json, context: BoltContext) -> None:
    """:bulb: keeps a message, :+1: votes for one that is kept; taking the vote away takes it back."""
    item = event["item"]
    if item.get("type") != "message":
        return
    with news(context, body, event["user"]) as by:
        if by is None or not workspaces.hears(by.tx, workspace=by.workspace, channel_id=item["channel"], now=by.now):
            return
        hearing.reacted(
            by.tx,
            workspace=by.workspace,
            member=by.member,
            channel_id=item["channel"],
            ts=item["ts"],
            name=messages.one_name(event["reaction"]),
            stands=event["type"] == "reaction_added",
            event_ts=event["event_ts"],
            now=by.now,
        )


def on_vote(ack: Ack, action: Json, context: BoltContext, respond: Respond) -> None:
    ack()
    with visit(context) as by:
        stands = ideas.vote(by.tx, workspace=by.workspace, idea_id=id_in(action), member=by.member, now=by.now)
    text = "Your vote counts. Press again to take it back." if stands else "Your vote is taken back."
    say(respond, text)


def on_withdraw(ack: Ack, action: Json, context: BoltContext) -> None:
    ack()
    with visit(context) as by:
        judgements.withdraw(by.tx, workspace=by.workspace, idea_id=id_in(action), member=by.member, now=by.now)


def on_review(ack: Ack, action: Json, context: BoltContext) -> None:
    ack()
    with visit(context) as by:
        ideas.review(by.tx, idea_id=id_in(action), by=by.member, now=by.now)


def on_plan(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    with visit(context) as by:
        view = _decision(by, "planned", id_in(action))
    client.views_open(trigger_id=body["trigger_id"], view=view)


def on_planned(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        idea_id, summary = int(view["private_metadata"]), values_of(view)["summary"] or ""
        changes.plan(by.tx, by=by.member, summary=summary, idea_ids=[idea_id], now=by.now)
    ack()


def on_decline(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    ack()
    with visit(context) as by:
        view = _decision(by, "declined", id_in(action))
    client.views_open(trigger_id=body["trigger_id"], view=view)


def _decision(by: Visit, kind: str, idea_id: int) -> Json:
    """The form that asks for the words, with everybody who will read them."""
    _, people = changes.who_hears(by.tx, by=by.member, kind=kind, idea_ids=[idea_id], now=by.now)
    hear = telling.places(by.tx, workspace_id=by.workspace.id, people=people)
    form = idea_blocks.plan_form if kind == "planned" else idea_blocks.decline_form
    idea = access.access_idea(by.tx, member=by.member, idea_id=idea_id)
    return form(idea, hear=hear, hub_url=by.hub.settings.hub_url)


def on_declined(ack: Ack, view: Json, context: BoltContext) -> None:
    values = values_of(view)
    with visit(context) as by:
        changes.decline(
            by.tx,
            by=by.member,
            reason=values["reason"],
            summary=values["summary"],
            idea_ids=[int(view["private_metadata"])],
            now=by.now,
        )
    ack()


def on_more(ack: Ack, action: Json, body: Json, context: BoltContext, client: WebClient) -> None:
    """The overflow menu of a card: each choice opens its form."""
    ack()
    act, _, idea_id = action["selected_option"]["value"].partition(":")
    with visit(context) as by:
        idea = access.access_idea(by.tx, member=by.member, idea_id=int(idea_id))
        view = _form(by, act, idea)
    client.views_open(trigger_id=body["trigger_id"], view=view)


def _form(by: Visit, act: str, idea: Any) -> Json:
    if act == "same":
        return idea_blocks.same_form(idea, nearest=ideas.nearest(by.tx, idea=idea))
    if act == "move":
        return idea_blocks.move_form(idea, latest=themes.latest(by.tx, workspace_id=by.workspace.id))
    if idea.theme is None:
        return modal("nothing", "Themes", [section("It has no theme yet.")])
    if act == "rename":
        return theme_blocks.rename_form(idea.theme)
    if act == "merge":
        return theme_blocks.merge_form(idea.theme, latest=themes.latest(by.tx, workspace_id=by.workspace.id))
    return theme_blocks.split_form(idea.theme, ideas=themes.shown_in(by.tx, theme_id=idea.theme.id))


def on_moved(ack: Ack, view: Json, context: BoltContext) -> None:
    values = values_of(view)
    with visit(context) as by:
        themes.move(
            by.tx,
            by=by.member,
            idea_id=int(view["private_metadata"]),
            theme_id=int(values["theme_id"]) if values.get("theme_id") else None,
            name=values["name"],
            now=by.now,
        )
    ack()


def on_same(ack: Ack, view: Json, context: BoltContext) -> None:
    with visit(context) as by:
        idea_id, into_id = int(view["private_metadata"]), int(values_of(view)["into_id"])
        ideas.merge(by.tx, by=by.member, idea_id=idea_id, into_id=into_id, now=by.now)
    ack()


def id_in(action: Json) -> int:
    return int(action["value"])


def values_of(view: Json) -> dict[str, Any]:
    """What was typed or chosen, by block: a text, a day, an option's value, or a list of options' values."""
    return {block_id: _value(next(iter(held.values()))) for block_id, held in view["state"]["values"].items()}


def _value(state: Json) -> Any:
    if "selected_options" in state:
        return [option["value"] for option in state["selected_options"] or []]
    if "selected_option" in state:
        return (state["selected_option"] or {}).get("value", "")
    return state.get("value") or state.get("selected_date") or ""
