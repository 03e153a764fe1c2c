"""Telling somebody what became of what they said, and asking whether it helped."""

from __future__ import annotations

from feedback import blocks
from feedback.blocks import Json, Message
from models import Answer, Notice

NEWS = {
    "shipped": "It is here.",
    "planned": "We are going to do this.",
    "declined": "We decided not to do this.",
}


def notice(notice: Notice, *, answer: Answer | None = None) -> Message:
    """Their own words and the day first, then the news, then the question; once they answered, their answer."""
    change = notice.change
    news = f"*{NEWS[change.kind]}* {blocks.said(change.summary, 1000)}".strip()
    if change.url:
        news += f" {blocks.link(change.url, 'See it here')}"
    words = f"{_reminder(notice)}\n{blocks.quote(notice.idea.text)}"
    said = [blocks.section(words, less()), blocks.section(news)]
    text = f"{NEWS[change.kind]} {blocks.said(change.summary, 200)}".strip()
    if change.kind != "shipped":
        return Message(text, said)
    return Message(text, [*said, _thanks(answer) if answer else _question(notice)])


def _reminder(notice: Notice) -> str:
    on = blocks.date(notice.idea.created_at)
    if notice.raised_it:
        return f"<@{notice.member.slack_id}>, on {on} you wrote:"
    return f"On {on} {blocks.escape(notice.idea.author.name)} wrote this, and you backed it:"


def _question(notice: Notice) -> Json:
    return blocks.actions(
        [
            blocks.button("Better now", "loop_better", notice.id, style="primary"),
            blocks.button("Not yet", "loop_not_yet", notice.id),
        ]
    )


def _thanks(answer: Answer) -> Json:
    if answer.verdict == "better":
        return blocks.context("You said: better now. Thank you for telling us.")
    return blocks.context(f"You said: not yet. “{blocks.said(answer.why, 300)}” The idea is open again.")


def item(notice: Notice) -> list[Json]:
    """The same in one of several places of a message: shorter, and not addressed anew."""
    change = notice.change
    news = f"*{NEWS[change.kind]}* {blocks.said(change.summary, 300)}".strip()
    if change.url:
        news += f" {blocks.link(change.url, 'See it here')}"
    on = blocks.date(notice.idea.created_at)
    name = blocks.said(notice.idea.author.name, 80)
    whose = f"On {on} you wrote:" if notice.raised_it else f"On {on} {name} wrote this, and you backed it:"
    said = [blocks.section(f"{whose}\n{blocks.quote(notice.idea.text, 160)}\n{news}")]
    if change.kind != "shipped":
        return said
    return [*said, _thanks(notice.answer) if notice.answer else _question(notice)]


def less() -> Json:
    """The quiet "…" beside whatever tells somebody something. Where several read it, it is for whoever presses."""
    return {"type": "overflow", "action_id": "hears_less", "options": [blocks.option("Tell me less", "less")]}


def not_yet_form(notice: Notice) -> Json:
    return blocks.modal(
        "loop_not_yet",
        "Not yet",
        [
            blocks.section(blocks.quote(notice.idea.text)),
            blocks.text_input(
                "why", "What is still missing?", limit=2000, hint="The team reads this, and the idea is open again."
            ),
        ],
        submit="Send",
        metadata=str(notice.id),
    )
