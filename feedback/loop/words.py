"""How a change is told: a text for each kind, with named places for what differs from one person to the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback import access, audit, once
from feedback.blocks import escape
from feedback.errors import Refused
from models import Channel, Member, Template, Workspace

PLACES = {
    "name": "who reads it",
    "said": "how they are part of it: “on 3 March you wrote”",
    "date": "the day on which it was said",
    "words": "their own words; on a line by itself, as a quotation",
    "news": "what changed, why not, or what you ask: from the form",
    "link": "where to see it, if something shipped and has a link; else it stands at the end",
}
"""What can stand between braces, and what it becomes."""
NEWS = {
    "shipped": "It is here.",
    "planned": "We are going to do this.",
    "declined": "We decided not to do this.",
    "asked": "We would like to know more.",
}
DEFAULTS = {kind: f"{{name}}, {{said}}:\n{{words}}\n*{news}* {{news}}" for kind, news in NEWS.items()}
"""By kind, as it is told where a workspace has not put it into words of its own."""
LONGEST = 600
"""As Slack counts it, where one & is five characters. With it all that goes into the places fits into one post."""
MOST_QUOTES = 3
"""Of what several people said in one thread, so many are quoted to all of them."""
PLACE = re.compile(r"\{([^{}]*)\}")
BECAUSE = {
    "backed": "on {date} {author} wrote this, and you backed it",
    "joined": "on {date} {author} wrote this, and you wrote below it",
    "not_yet": "{author} wrote this on {date}, and you told us that it was not solved yet",
}


def check(text: str, field: str) -> str:
    """The text as it is kept. Refused where a place has no such name, stands twice, or nothing of the news would be
    told."""
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    named = PLACE.findall(text)
    for name in named:
        if name not in PLACES:
            raise Refused(f"There is no place {{{name}}}. There are: {_listed()}.", field)
        if named.count(name) > 1:
            raise Refused(f"{{{name}}} stands there twice. Once is enough.", field)
    if text and "news" not in named:
        raise Refused("Say where {news} goes. Without it people would not read what happened.", field)
    if len(escape(text)) > LONGEST:
        raise Refused(f"Please keep it under {LONGEST} characters.", field)
    return text


def _listed() -> str:
    return ", ".join(f"{{{name}}}" for name in PLACES)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Each place once, so that braces in somebody's words stay what they are. Nothing is left of a place that is
    empty; a link that has no place stands at the end."""
    filled = PLACE.sub(lambda found: values.get(found[1], found[0]), text)
    if "{link}" not in text and values.get("link"):
        filled += f" {values['link']}"
    return "\n".join(re.sub(" {2,}", " ", line).strip() for line in filled.splitlines()).strip()


def how_they_are_part(*, raised_it: bool, because: str, date: str, author: str) -> str:
    """For {said}."""
    return f"on {date} you wrote" if raised_it else BECAUSE[because].format(date=date, author=author)


def of_several(*, date: str) -> str:
    """For {said}, where several read it who are part of it in different ways."""
    return f"on {date} this was said here"


def listed(names: Sequence[str]) -> str:
    """For {name}, where several read it."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def of_workspace(tx: Session, *, workspace_id: int) -> dict[str, str]:
    """By kind, the workspace's own text or the product's."""
    own = tx.execute(select(Template.kind, Template.text).where(Template.workspace_id == workspace_id))
    return DEFAULTS | {row.kind: row.text for row in own}


def configure(
    tx: Session, *, manager: Member, texts: Mapping[str, str], announcement_channel_id: str | None, now: datetime
) -> None:
    """`texts` by kind; an empty one is told as the product says it. What was told before stays as it was told."""
    access.check_manage(manager)
    checked = {kind: check(texts.get(kind, ""), kind) for kind in DEFAULTS}
    workspace = tx.scalars(select(Workspace).where(Workspace.id == manager.workspace_id).with_for_update()).one()
    if announcement_channel_id is not None:
        _check_channel(tx, workspace, announcement_channel_id)
    workspace.announcement_channel_id = announcement_channel_id
    for kind, text in checked.items():
        facts = {"text": text or DEFAULTS[kind], "written_by_id": manager.id, "written_at": now}
        if once.insert(tx, Template, workspace_id=workspace.id, kind=kind, **facts) is None:
            which = (Template.workspace_id == workspace.id, Template.kind == kind, Template.text != facts["text"])
            tx.execute(update(Template).where(*which).values(**facts))
    audit.record(
        tx,
        workspace_id=workspace.id,
        by=manager,
        act="put into words",
        subject="workspace",
        subject_id=workspace.id,
        now=now,
        texts=checked,
        announcements=announcement_channel_id,
    )


def channel_for_news(tx: Session, *, workspace_id: int) -> Channel | None:
    """Where a note about a change can go."""
    return tx.scalars(
        select(Channel)
        .join(Workspace, Workspace.id == Channel.workspace_id)
        .where(Workspace.id == workspace_id, Channel.slack_id == Workspace.announcement_channel_id)
    ).one_or_none()


def _check_channel(tx: Session, workspace: Workspace, channel_id: str) -> None:
    channel = tx.scalars(
        select(Channel).where(Channel.workspace_id == workspace.id, Channel.slack_id == channel_id)
    ).one_or_none()
    if channel is None or not channel.app_is_in or channel.is_archived:
        raise Refused("Invite the app to that channel first: /invite @Roundtrip.", "announcement_channel_id")
