"""Asking again for what was declined: the button's line, its form, and the word that it is heard."""

from __future__ import annotations

from feedback import blocks
from feedback.appeals import Standing
from feedback.blocks import Json, Message
from models import Appeal, Notice


def below_decline(standing: Standing, value: object) -> list[Json]:
    """What stands below the notice: the button (with this value), or who asked again and how many it takes."""
    if standing.appeal is not None:
        return [blocks.context(_line(standing.appeal, standing.supporters))]
    if not standing.may_ask:
        return []
    return [blocks.actions([blocks.button("Ask again", "appeal_open", value)])]


def _line(appeal: Appeal, supporters: int) -> str:
    asked = f"{blocks.said(appeal.member.name, 80)} asked again: “{blocks.said(appeal.words, 300)}”"
    if appeal.heard_at is not None:
        return f"{asked} The team looks at it anew."
    return f"{asked} {supporters} of {appeal.needs} new people who back it, then the team looks at it anew."


def form(notice: Notice, *, needs: int) -> Json:
    people = "1 new person backs it" if needs == 1 else f"{needs} new people back it"
    return blocks.modal(
        "appeal_ask",
        "Ask again",
        [
            blocks.section(blocks.quote(notice.idea.text)),
            blocks.text_input(
                "words",
                "What did we miss?",
                limit=1000,
                hint=f"When {people}, the team looks at it again, with your words. This can be asked once.",
            ),
        ],
        submit="Ask again",
        metadata=str(notice.id),
    )


def heard(appeal: Appeal) -> Message:
    text = "Enough people back what you asked for again. The team looks at it anew, with your words."
    return Message(text, [blocks.section(f"{blocks.mention(appeal.member)} {text}\n{blocks.quote(appeal.words)}")])
