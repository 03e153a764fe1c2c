"""Somebody uses one of the app's shortcuts or slash commands."""

import re
from typing import TYPE_CHECKING

from playground import ids
from playground.delivery.attempts import Outcome, Parcel
from playground.errors import SlackError
from playground.happenings.answers import answer_command
from playground.interactions.clicks import seen_message
from playground.interactions.payloads import action_ts, base, channel_part, response_url, send, told
from playground.records import Channel, Doc, Person
from playground.text import typed
from playground.workspace import Workspace

if TYPE_CHECKING:
    from playground.site import Site

_PERSON = re.compile(r"<@([A-Z0-9]+)>")


async def use(site: "Site", person: Person, callback_id: str, channel: Channel | None, ts: str | None) -> Doc:
    """Use a shortcut: a global one, or one of a message (``channel`` and ``ts``).

    Answers {status}, with view_id when a modal was opened. Refuses shortcut_not_found, message_not_found.
    """
    shortcut = site.manifest.shortcut(callback_id)
    if shortcut is None:
        raise SlackError("shortcut_not_found", status=404)
    if shortcut["type"] == "global":
        payload = base(site, "shortcut", person)
    elif channel is None or ts is None:
        raise SlackError("message_not_found", detail="a message shortcut needs channel and ts", status=404)
    else:
        message = seen_message(site, person, channel, ts)
        if message.visible_to or message.subtype == "tombstone":
            raise SlackError("message_not_found", status=404)
        payload = base(site, "message_action", person) | {"message_ts": ts, "channel": channel_part(channel)}
        payload["message"] = channel.message_json(message)
        payload["response_url"] = response_url(site, channel, person, message)
    payload |= {"callback_id": callback_id, "action_ts": action_ts()}
    open_before = {view["id"] for view in site.modals.stack(person.id)}
    return told(await send(site, payload, callback_id)) | _opened(site, person, open_before)


def _opened(site: "Site", person: Person, open_before: set[str]) -> Doc:
    """Answer the id of the modal that the app opened meanwhile, if it did."""
    opened = [view["id"] for view in site.modals.stack(person.id) if view["id"] not in open_before]
    return {"view_id": opened[-1]} if opened else {}


async def command(site: "Site", person: Person, channel: Channel, name: str, text: str) -> Doc:
    """Use a slash command in a channel; what the app answers at once is shown.

    Answers {status, body}, with view_id when a modal was opened. Refuses command_not_found, not_in_channel.
    """
    known = site.manifest.command(name)
    if known is None:
        raise SlackError("command_not_found", status=404)
    if person.id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    if known.get("should_escape"):
        text = _PERSON.sub(lambda found: _named(site.workspace, found.group(1)), typed(text, site.workspace))
    open_before = {view["id"] for view in site.modals.stack(person.id)}
    parcel = Parcel("command", name, _form(site, person, channel, name, text))
    outcome = await site.deliveries.interact(parcel)
    return (
        told(outcome)
        | {"body": outcome.body}
        | _show(site, person, channel, outcome)
        | _opened(site, person, open_before)
    )


def _named(workspace: Workspace, user_id: str) -> str:
    """Answer a mention as commands have it: with the person's name."""
    return f"<@{user_id}|{workspace.people[user_id].name}>" if user_id in workspace.people else f"<@{user_id}>"


def _form(site: "Site", person: Person, channel: Channel, name: str, text: str) -> Doc:
    """Answer the form fields of a command."""
    form = {"token": "playground-verification-token", "team_id": ids.TEAM_ID, "team_domain": ids.TEAM_DOMAIN}
    form |= {"channel_id": channel.id, "channel_name": channel_part(channel)["name"], "user_id": person.id}
    form |= {"user_name": person.name, "command": name, "text": text, "api_app_id": ids.APP_ID}
    form |= {"is_enterprise_install": "false", "response_url": response_url(site, channel, person)}
    return form | {"trigger_id": site.triggers.give(person.id)}


def _show(site: "Site", person: Person, channel: Channel, outcome: Outcome) -> Doc:
    """Show what the app answered, if Slack would take it."""
    if not outcome.ok:
        return {}
    try:
        answer_command(site, channel, person.id, outcome.body)
    except SlackError as refused:
        return {"reason": refused.code, "detail": refused.details}
    return {}
