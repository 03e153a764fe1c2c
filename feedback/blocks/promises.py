"""Noting a promise, being reminded of it, and what became of it. Only whoever made it reads this."""

from __future__ import annotations

from datetime import date

from feedback import blocks
from feedback.blocks import Json, Message
from models import Promise


def question(promise: Promise) -> Message:
    text = "Note this as a promise? You are reminded in time, and nobody else sees this."
    return Message(
        text,
        [
            blocks.section(f"{text}\n{blocks.quote(promise.words)}"),
            blocks.actions(
                [
                    blocks.button("Note it", "promise_note_open", promise.id, style="primary"),
                    blocks.button("No", "promise_no", promise.id),
                ]
            ),
        ],
    )


def note_form(promise: Promise) -> Json:
    return blocks.modal(
        "promise_note",
        "Note a promise",
        [
            blocks.section(blocks.quote(promise.words)),
            blocks.day_input(
                "due", "By when?", initial=promise.due_on, hint="You are reminded the day before, in a message."
            ),
        ],
        submit="Note it",
        metadata=str(promise.id),
    )


def reminder(promise: Promise) -> Message:
    """With its buttons; once it is settled, with what became of it."""
    on = day(promise.due_on)
    text = f"You promised something by {on}."
    said = f"{text}\n{blocks.quote(promise.words)}\nIt is about: “{blocks.said(promise.idea.text, 140)}”"
    return Message(text, [blocks.section(said), _settled(promise) or _buttons(promise)])


def _buttons(promise: Promise) -> Json:
    other_day = [] if promise.moved_at else [blocks.button("New date", "promise_move_open", promise.id)]
    return blocks.actions(
        [
            blocks.button("Kept", "promise_kept", promise.id, style="primary"),
            *other_day,
            blocks.button("Cannot keep it", "promise_give_up_open", promise.id),
        ]
    )


def _settled(promise: Promise) -> Json | None:
    if promise.state == "kept":
        return blocks.context("Kept." if promise.ended_by == "member" else "Kept: they were told what became of it.")
    if promise.state == "given_up":
        return blocks.context(f"You said that it cannot be kept: “{blocks.said(promise.why, 300)}”")
    if promise.state == "lapsed":
        return blocks.context("What it was about was taken back, so nobody waits for it.")
    if promise.state == "broken":
        return blocks.context("The day went by. A word in the thread is never too late.")
    return None


def move_form(promise: Promise) -> Json:
    return blocks.modal(
        "promise_move",
        "New date",
        [
            blocks.section(blocks.quote(promise.words)),
            blocks.day_input("due", "By when?", initial=promise.due_on, hint="A promise can be moved once."),
        ],
        submit="Move it",
        metadata=str(promise.id),
    )


def give_up_form(promise: Promise) -> Json:
    return blocks.modal(
        "promise_give_up",
        "Cannot keep it",
        [
            blocks.section(blocks.quote(promise.words)),
            blocks.text_input(
                "why", "Why not?", limit=1000, hint="Your team reads this. A word in the thread helps who waits there."
            ),
        ],
        submit="Save",
        metadata=str(promise.id),
    )


def day(on: date) -> str:
    return f"{on:%A}, {on.day} {on:%B}"
