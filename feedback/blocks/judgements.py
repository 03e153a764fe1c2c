"""The question whether to keep what somebody said."""

from __future__ import annotations

from feedback import blocks
from feedback.blocks import KIND_WORDS, Message
from models import Judgement


def question(judgement: Judgement) -> Message:
    """To its author alone, with their words, because in a busy channel it may stand far below them."""
    text = f"Shall I keep this as {KIND_WORDS[judgement.kind or 'idea']}? You would read here what becomes of it."
    return Message(
        text,
        [
            blocks.section(f"{text}\n{blocks.quote(judgement.message.text)}"),
            blocks.actions(
                [
                    blocks.button("Yes, keep it", "judgement_yes", judgement.id, style="primary"),
                    blocks.button("No", "judgement_no", judgement.id),
                ]
            ),
        ],
    )
