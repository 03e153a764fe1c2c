"""The forms with which the team sets themes right from the triage channel."""

from __future__ import annotations

from collections.abc import Sequence

from feedback import blocks
from feedback.blocks import Json
from models import Idea, Theme


def rename_form(theme: Theme) -> Json:
    return blocks.modal(
        "theme_rename",
        "Rename a theme",
        [blocks.text_input("name", "What should it be called?", limit=80, initial=theme.name, multiline=False)],
        submit="Rename",
        metadata=str(theme.id),
    )


def merge_form(theme: Theme, *, others: Sequence[Theme]) -> Json:
    options = [blocks.option(other.name, other.id) for other in others if other.id != theme.id]
    if not options:
        return _nothing("Merge a theme", "There is no other theme yet.")
    return blocks.modal(
        "theme_merge",
        "Merge a theme",
        [
            blocks.section(f"All ideas of *{blocks.escape(theme.name)}* go to the other theme."),
            blocks.select("into_id", "Into", options),
        ],
        submit="Merge",
        metadata=str(theme.id),
    )


def split_form(theme: Theme, *, ideas: Sequence[Idea]) -> Json:
    if len(ideas) < 2:
        return _nothing("Split a theme", "There is only one idea in this theme.")
    return blocks.modal(
        "theme_split",
        "Split a theme",
        [
            blocks.section(f"From *{blocks.escape(theme.name)}*"),
            blocks.multi_select(
                "idea_ids", "These belong together", [blocks.option(idea.text, idea.id) for idea in ideas]
            ),
            blocks.text_input("name", "What should the new theme be called?", limit=80, multiline=False),
        ],
        submit="Split",
        metadata=str(theme.id),
    )


def _nothing(title: str, text: str) -> Json:
    return blocks.modal("nothing", title, [blocks.section(text)])
