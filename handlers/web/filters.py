"""How pages write amounts, times, states and links; and what every page's frame needs."""

from __future__ import annotations

import re
from datetime import date, datetime, tzinfo
from typing import Any

from flask import Flask, g
from markupsafe import Markup, escape

from feedback import access, blocks, loop, rewards
from feedback.blocks import thanks
from feedback.changes import REASONS
from feedback.hub import Hub
from feedback.overview import work as overview_of_work
from models import Message, Notice, WorkItem

TEAM_STATES = {
    "new": "New",
    "reopened": "Came back",
    "planned": "Planned",
    "declined": "Declined",
    "shipped": "Shipped",
    "verified": "Helped",
    "withdrawn": "Taken back",
    "asked": "Asked",
}
"""What the team reads; the person who said it reads blocks.members.BECAME."""
VERDICTS = {"better": "Better now", "partly": "Partly", "not_yet": "Not yet"}
KINDS = {"idea": "Idea", "problem": "Problem", "question": "Question", "praise": "Praise"}
ROLES = {"customer": "Customer", "moderator": "Moderator", "product": "Product", "manager": "Manager"}
WORK_STATES = {"open": "Open", "started": "Begun", "done": "Finished", "not_planned": "Not planned"}
TRACKERS = {"github": "GitHub", "gitlab": "GitLab", "linear": "Linear", "jira": "Jira"}
REWARD_STATES = {
    "proposed": "Not verified",
    "vesting": "Waiting",
    "approved": "On its way",
    "paying": "On its way",
    "paid": "Paid",
    "declined": "Declined",
    "failed": "Not paid",
    "human": "Needs a look",
    "cancelled": "Cancelled",
}
WORD = re.compile(r"\w+(?:['’]\w+)*")
MINUTE, HOUR, DAY = 60, 3600, 86400


def register(app: Flask, hub: Hub) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        money=blocks.money,
        shorten=blocks.shorten,
        day=day,
        moment=moment,
        on_day=on_day,
        ago=ago,
        count=count,
        listed=loop.words.listed,
        slack_link=slack_link,
        state=lambda state: TEAM_STATES.get(state, state),
        marked=marked,
        reason=lambda reason: REASONS.get(reason, ""),
        verdict=lambda verdict: VERDICTS.get(verdict, verdict),
        kind=lambda kind: KINDS.get(kind, kind),
        role=lambda role: ROLES.get(role, role),
        reward_state=lambda state: REWARD_STATES.get(state, state),
        hold_kind=lambda hold: rewards.holds.KINDS[hold.kind],
        hold_said=rewards.holds.said,
        worth=thanks.worth,
        begun=thanks.begun,
        is_held=rewards.holds.is_held,
        told_link=told_link,
        work_state=work_state,
        tracker=lambda source: TRACKERS.get(source, source),
    )
    app.jinja_env.globals.update(
        access=access, kinds=KINDS, reasons=REASONS, is_demo=hub.settings.demo, minutes_of_a_link=5
    )


def _zone() -> tzinfo:
    """The reader's own, as Slack knows it."""
    member = g.get("member")
    return loop.zone(member.tz if member else None)


def day(at: datetime) -> str:
    """The year only where it is not this one."""
    here = at.astimezone(_zone())
    return f"{here.day} {here:%b}" if here.year == g.now.astimezone(_zone()).year else f"{here.day} {here:%b %Y}"


def on_day(on: date) -> str:
    """A day of the calendar, which is the same for every reader."""
    return f"{on.day} {on:%b}" if on.year == g.now.astimezone(_zone()).year else f"{on.day} {on:%b %Y}"


def moment(at: datetime) -> str:
    here = at.astimezone(_zone())
    return f"{here.day} {here:%b %Y}, {here:%H:%M}"


def ago(at: datetime) -> str:
    """In words while it is less than a week ago; then the day."""
    seconds = (g.now - at).total_seconds()
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        return count(int(seconds // MINUTE), "minute") + " ago"
    if seconds < DAY:
        return count(int(seconds // HOUR), "hour") + " ago"
    if seconds < 7 * DAY:
        return "yesterday" if seconds < 2 * DAY else f"{int(seconds // DAY)} days ago"
    return day(at)


def count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def marked(text: str, words: dict[str, list[str]]) -> Markup:
    """The text with these words highlighted, in whichever of their forms."""
    forms = {form for each in words.values() for form in each}
    shown, done = Markup(), 0
    for found in WORD.finditer(text):
        if found[0].casefold().replace("’", "'") in forms:
            shown += escape(text[done : found.start()]) + Markup("<mark>") + escape(found[0]) + Markup("</mark>")
            done = found.end()
    return shown + escape(text[done:])


def slack_link(message: Message | None) -> str:
    """Where it stands in Slack; empty where it no longer does, or is nothing to link to."""
    if message is None or message.deleted_at or not message.permalink.startswith(("https://", "http://")):
        return ""
    return message.permalink


def work_state(item: WorkItem) -> str:
    """With the tracker's own word where it has one."""
    if not overview_of_work.is_heard(item):
        return "Not heard of yet"
    plain = WORK_STATES.get(item.state, item.state)
    is_other = item.status and item.status.casefold() != plain.casefold()
    return f"{plain}: {blocks.shorten(item.status, 40)}" if is_other else plain


def told_link(notice: Notice, workspace: Any) -> str:
    """Where they were told, if others can see it: nobody else can open somebody's own messages."""
    if not notice.channel_id or not notice.ts or notice.channel_id.startswith("D"):
        return ""
    return f"{workspace.url}archives/{notice.channel_id}/p{notice.ts.replace('.', '')}"
