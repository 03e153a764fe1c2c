"""Somebody uses a button, a select or another element: block_actions."""

from typing import TYPE_CHECKING, Any

from playground.block_kit.blocks import elements_of
from playground.errors import SlackError
from playground.interactions.payloads import action_ts, base, channel_part, response_url, send, told
from playground.interactions.state import SINGLE, STATELESS, value_of, values_of
from playground.records import Channel, Doc, Message, Person

if TYPE_CHECKING:
    from playground.site import Site


async def click(site: "Site", person: Person, asked: Doc) -> Doc:
    """Use the element that ``asked`` names by action_id, and where there are several by block_id or value.

    It is looked for in the message (channel and ts), in the view (view_id), else in the person's top modal or Home.
    Answers {status}, 0 when the app did not answer. Refuses element_not_found, message_not_found, view_not_found.
    """
    if asked.get("ts"):
        channel = site.workspace.channel(asked.get("channel", ""))
        message = seen_message(site, person, channel, asked["ts"])
        payload = _in_message(site, person, channel, message, asked)
    else:
        payload = _in_view(site, person, _view(site, person, asked.get("view_id")), asked)
    return told(await send(site, payload, payload["actions"][0]["action_id"]))


def seen_message(site: "Site", person: Person, channel: Channel, ts: str) -> Message:
    """Answer a message if the person sees it: theirs alone, or in a channel that they may see."""
    whisper = site.workspace.ephemerals.get(ts)
    if whisper is not None and whisper.channel == channel.id and whisper.visible_to == person.id:
        return whisper
    if channel.is_private and person.id not in channel.members:
        raise SlackError("channel_not_found", status=404)
    return site.workspace.message(channel, ts)


def _view(site: "Site", person: Person, view_id: str | None) -> Doc:
    """Answer an open modal or the Home of a person."""
    stack, home = site.modals.stack(person.id), site.workspace.homes.get(person.id)
    views = [*([home] if home else []), *stack]
    found = [view for view in views if view["id"] == view_id] if view_id else views
    if not found:
        raise SlackError("view_not_found", status=404)
    return found[-1]


def _in_message(site: "Site", person: Person, channel: Channel, message: Message, asked: Doc) -> Doc:
    """Answer the payload of an action in a message."""
    blocks = message.blocks or []
    action = _action(blocks, asked)
    container: Doc = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container["is_ephemeral"] = message.visible_to is not None
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = base(site, "block_actions", person) | {"container": container, "channel": channel_part(channel)}
    if not message.visible_to:
        payload["message"] = channel.message_json(message)
    payload["state"] = {"values": _with_choice(values_of({"blocks": blocks}, {}), action)}
    return payload | {"response_url": response_url(site, channel, person, message), "actions": [action]}


def _in_view(site: "Site", person: Person, view: Doc, asked: Doc) -> Doc:
    """Answer the payload of an action in a modal or in Home; what stands in its fields is kept."""
    action = _action(view["blocks"], asked)
    view["state"] = {"values": _with_choice(values_of(view, asked.get("values") or {}), action)}
    within = view["id"] if view["type"] == "modal" else None
    payload = base(site, "block_actions", person, within) | {"container": {"type": "view", "view_id": view["id"]}}
    return payload | {"view": dict(view), "actions": [action]}


def _with_choice(values: Doc, action: Doc) -> Doc:
    """Answer the state with what an action chose; buttons choose nothing."""
    if action["type"] not in STATELESS:
        key = SINGLE[action["type"]][0]
        values[action["block_id"]][action["action_id"]] = {"type": action["type"], key: action[key]}
    return values


def _action(blocks: list[Doc], asked: Doc) -> Doc:
    """Answer the action object for the element that is asked for."""
    block, element = _element(blocks, asked)
    action = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"]}
    action |= {name: element[name] for name in ("text", "value", "style", "placeholder") if name in element}
    if element["type"] != "button":
        key = SINGLE[element["type"]][0]
        action[key] = value_of(element, asked.get(key, asked.get("value")))[key]
    return action | {"action_ts": action_ts()}


def _element(blocks: list[Doc], asked: Doc) -> tuple[Doc, Doc]:
    """Answer the block and the element that are asked for. Refuses element_not_found."""
    found = [
        (block, element)
        for block in blocks
        for element in elements_of(block)
        if element["action_id"] == asked.get("action_id") and asked.get("block_id") in (None, block["block_id"])
    ]
    if asked.get("value") is not None:
        found = [pair for pair in found if _may_have(pair[1], asked["value"])]
    if not found:
        raise SlackError("element_not_found", status=404)
    return found[0]


def _may_have(element: Doc, value: Any) -> bool:
    """Say whether an element can be meant by a value: a button only by its own."""
    return bool(element["type"] != "button" or element.get("value") == value)
