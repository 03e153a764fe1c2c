"""Everything we say in Slack: pure functions, rows in, Block Kit out.

Here: the few shapes that every view is made of. Whatever a person wrote passes `escape`, `said` or `quote` on its way
in. Limits are Slack's (docs.slack.dev, reference/block-kit).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date as date_type
from datetime import datetime
from typing import Any

from models import Member

Json = dict[str, Any]

SECTION_LIMIT = 3000
BUTTON_LIMIT = 75
MOST_OPTIONS = 100
"""Of one select. Whoever has more to choose from says so below it."""
QUOTE_CHARACTERS = 280
KIND_WORDS = {"idea": "an idea", "problem": "a problem", "question": "a question", "praise": "praise"}
CURRENCY_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$"}


@dataclass(frozen=True)
class Message:
    """`text` is what notifications and screen readers get."""

    text: str
    blocks: list[Json] = field(repr=False)
    """What is for one person alone may stand in them, and no error is to spell it out."""


def escape(text: str) -> str:
    """Slack reads these three as markup; without it, somebody's words could ping a whole channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, on one line, cut at a word where there is one."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut) + "…"


def mention(member: Member) -> str:
    """Slack shows their name, and tells them. Of whoever was forgotten neither."""
    return escape(member.name) if member.erased_at is not None else f"<@{member.slack_id}>"


def said(text: str, limit: int) -> str:
    """Somebody's words for mrkdwn: escaped, on one line, and then at most `limit` characters.

    Counted afterwards, because one `&` becomes five: a section that is cut at its own limit could lose half a link.
    """
    most = limit
    while len(shown := escape(shorten(text, most))) > limit:
        most -= max(1, (len(shown) - limit) // 5)
    return shown


def quote(text: str, limit: int = QUOTE_CHARACTERS) -> str:
    """Somebody's words as a quotation of one paragraph. There are none where the message was deleted."""
    return "> " + (said(text, limit) or "The words were deleted.")


def date(at: datetime) -> str:
    """A day that each reader sees in their own time zone and language."""
    return f"<!date^{int(at.timestamp())}^{{date_long}}|{at.day} {at:%B %Y}>"


def money(cents: int, currency: str) -> str:
    """Every currency that a workspace can choose has a hundredth."""
    sign = CURRENCY_SIGNS.get(currency, currency + " ")
    return f"{sign}{cents // 100:,}.{cents % 100:02}"


def link(url: str, label: str) -> str:
    return f"<{url.replace('|', '%7C').replace('>', '%3E').replace('<', '%3C')}|{escape(label)}>"


def plain(text: str, limit: int) -> Json:
    """plain_text is shown as it is, so it is cut but not escaped."""
    return {"type": "plain_text", "text": shorten(text, limit) or " ", "emoji": True}


def section(text: str, accessory: Json | None = None) -> Json:
    block: Json = {"type": "section", "text": {"type": "mrkdwn", "text": text[:SECTION_LIMIT]}}
    return {**block, "accessory": accessory} if accessory else block


def context(text: str) -> Json:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:SECTION_LIMIT]}]}


def header(text: str) -> Json:
    return {"type": "header", "text": plain(text, 150)}


def divider() -> Json:
    return {"type": "divider"}


def actions(elements: Sequence[Json]) -> Json:
    return {"type": "actions", "elements": list(elements)}


def button(
    label: str,
    action_id: str,
    value: object = "",
    *,
    style: str | None = None,
    url: str | None = None,
    confirm: Json | None = None,
) -> Json:
    more: Json = {"style": style, "url": url, "confirm": confirm}
    return {
        "type": "button",
        "text": plain(label, BUTTON_LIMIT),
        "action_id": action_id,
        "value": str(value),
        **{name: given for name, given in more.items() if given is not None},
    }


def confirm(title: str, text: str, yes: str) -> Json:
    return {
        "title": plain(title, 100),
        "text": {"type": "plain_text", "text": shorten(text, 300)},
        "confirm": plain(yes, 30),
        "deny": plain("Cancel", 30),
    }


def option(label: str, value: object, *, means: str = "") -> Json:
    """`means`: a second, smaller line below it."""
    found: Json = {"text": plain(label, 75), "value": str(value)}
    return {**found, "description": plain(means, 75)} if means else found


def modal(
    callback_id: str, title: str, blocks: Sequence[Json], *, submit: str | None = None, metadata: str = ""
) -> Json:
    view: Json = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "close": plain("Cancel" if submit else "Close", 24),
        "private_metadata": metadata,
        "blocks": list(blocks),
    }
    return {**view, "submit": plain(submit, 24)} if submit else view


def text_input(
    block_id: str,
    label: str,
    *,
    limit: int,
    initial: str = "",
    placeholder: str = "",
    hint: str = "",
    multiline: bool = True,
    optional: bool = False,
) -> Json:
    """An input whose block and action have one name, which is also the field of the domain's `Refused`."""
    element: Json = {"type": "plain_text_input", "action_id": block_id, "multiline": multiline, "max_length": limit}
    if initial:
        element["initial_value"] = initial[:limit]
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    return _input(block_id, label, element, hint, optional)


def day_input(block_id: str, label: str, *, initial: date_type, hint: str = "") -> Json:
    element: Json = {"type": "datepicker", "action_id": block_id, "initial_date": initial.isoformat()}
    return _input(block_id, label, element, hint, False)


def select(
    block_id: str,
    label: str,
    options: Sequence[Json],
    *,
    initial: Json | None = None,
    hint: str = "",
    optional: bool = False,
) -> Json:
    element: Json = {"type": "static_select", "action_id": block_id, "options": list(options)[:MOST_OPTIONS]}
    if initial:
        element["initial_option"] = initial
    return _input(block_id, label, element, hint, optional)


def radio(block_id: str, label: str, options: Sequence[Json], *, initial: Json) -> Json:
    """At most ten, all of them in sight."""
    element: Json = {"type": "radio_buttons", "action_id": block_id, "options": list(options)}
    return _input(block_id, label, {**element, "initial_option": initial}, "", False)


def ticks(block_id: str, label: str, options: Sequence[Json], *, hint: str = "") -> Json:
    """At most ten, of which any may be chosen, or none."""
    element: Json = {"type": "checkboxes", "action_id": block_id, "options": list(options)}
    return _input(block_id, label, element, hint, True)


def multi_select(block_id: str, label: str, options: Sequence[Json], *, hint: str = "") -> Json:
    element: Json = {"type": "multi_static_select", "action_id": block_id, "options": list(options)[:MOST_OPTIONS]}
    return _input(block_id, label, element, hint, False)


def _input(block_id: str, label: str, element: Json, hint: str, optional: bool) -> Json:
    block: Json = {"type": "input", "block_id": block_id, "label": plain(label, 2000), "element": element}
    if hint:
        block["hint"] = plain(hint, 2000)
    return {**block, "optional": True} if optional else block
