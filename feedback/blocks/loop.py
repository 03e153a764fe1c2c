"""Telling somebody what became of what they said, and asking whether it helped."""

from __future__ import annotations

from feedback import blocks
from feedback.appeals import Standing
from feedback.blocks import Json, Message
from feedback.blocks.appeals import below_decline
from feedback.changes import REASONS
from models import Answer, Notice

NEWS = {
    "shipped": "It is here.",
    "planned": "We are going to do this.",
    "declined": "We decided not to do this.",
}


def notice(notice: Notice, *, answer: Answer | None = None, appeal: Standing | None = None) -> Message:
    """Their own words and the day first, then the news, then the question; once they answered, their answer. `appeal`:
    whether what was declined can be asked for again, or was."""
    change = notice.change
    reason = f"{REASONS[change.reason]}. " if change.reason in REASONS else ""
    news = f"*{NEWS[change.kind]}* {reason}{blocks.said(change.summary, 1000)}".strip()
    if change.url:
        news += f" {blocks.link(change.url, 'See it here')}"
    said = [blocks.section(f"{_reminder(notice)}\n{blocks.quote(notice.idea.text)}"), blocks.section(news)]
    text = f"{NEWS[change.kind]} {reason}{blocks.said(change.summary, 200)}".strip()
    if change.kind != "shipped":
        return Message(text, [*said, *(below_decline(appeal, notice) if appeal else [])])
    return Message(text, [*said, _thanks(notice, answer) if answer else _question(notice)])


def reminder(notice: Notice, *, answer: Answer | None = None) -> Message:
    """The question once more, short; once they answered, their answer."""
    text = "Did this help?"
    about = f"<@{notice.member.slack_id}>, you asked for it: “{blocks.said(notice.idea.text, 140)}”. {text}"
    if not notice.raised_it:
        about = f"You backed it: “{blocks.said(notice.idea.text, 140)}”. {text}"
    news = blocks.context(f"What we told you: {blocks.said(notice.change.summary, 200)}")
    return Message(text, [blocks.section(about), news, _thanks(notice, answer) if answer else _question(notice)])


def _reminder(notice: Notice) -> str:
    on = blocks.date(notice.idea.created_at)
    if notice.raised_it:
        return f"<@{notice.member.slack_id}>, on {on} you wrote:"
    return f"On {on} {blocks.escape(notice.idea.author.name)} wrote this, and you backed it:"


def _question(notice: Notice) -> Json:
    return blocks.actions(
        [
            blocks.button("Better now", "loop_better", notice.id, style="primary"),
            blocks.button("Partly", "loop_partly", notice.id),
            blocks.button("Not yet", "loop_not_yet", notice.id),
        ]
    )


def _thanks(notice: Notice, answer: Answer) -> Json:
    if answer.verdict == "better":
        return blocks.context("You said: better now. Thank you for telling us.")
    words = f" “{blocks.said(answer.why, 300)}”" if answer.why else ""
    if answer.verdict == "partly":
        return blocks.context(f"You said: partly.{words} Thank you, the team reads this.")
    became = "The idea is open again." if notice.idea.state == "reopened" else "The team reads this."
    return blocks.context(f"You said: not yet.{words} {became}")


def partly_form(notice: Notice) -> Json:
    return blocks.modal(
        "loop_partly",
        "Partly",
        [
            blocks.section(blocks.quote(notice.idea.text)),
            blocks.text_input(
                "why",
                "What is still missing?",
                limit=2000,
                hint="One sentence helps the team. You may also leave it out.",
                optional=True,
            ),
        ],
        submit="Send",
        metadata=str(notice.id),
    )


def not_yet_form(notice: Notice) -> Json:
    """Whoever only backed it does not open it again alone, so nothing is promised to them."""
    hint = "The team reads this, and the idea is open again." if notice.raised_it else "The team reads this."
    return blocks.modal(
        "loop_not_yet",
        "Not yet",
        [
            blocks.section(blocks.quote(notice.idea.text)),
            blocks.text_input("why", "What is still missing?", limit=2000, hint=hint),
        ],
        submit="Send",
        metadata=str(notice.id),
    )
