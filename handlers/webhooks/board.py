"""What the columns of a board usually mean. A board's words are its team's own: of others the state stays."""

from __future__ import annotations

STATES = {
    "open": ("backlog", "triage", "new", "to do", "todo", "ready", "planned", "up next", "next"),
    "started": (
        "in progress",
        "doing",
        "started",
        "in development",
        "in review",
        "review",
        "testing",
        "in testing",
        "qa",
    ),
    "done": ("done", "shipped", "released", "complete", "completed", "deployed", "live"),
    "not_planned": (
        "won’t do",
        "won't do",
        "won’t fix",
        "won't fix",
        "wontfix",
        "not planned",
        "cancelled",
        "canceled",
    ),
}


def state_of(status: str) -> str | None:
    """None: whatever it was. Signs before and after the words do not count, as in “✅ Done”."""
    letters = [sign for sign, is_word in ((sign, sign.isalnum() or sign in " -_'’") for sign in status) if is_word]
    plain = " ".join("".join(letters).replace("-", " ").replace("_", " ").casefold().split())
    return next((state for state, words in STATES.items() if plain in words), None)
