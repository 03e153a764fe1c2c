"""The forms with which the team sets themes right from the triage channel, and the line that says what waits."""

from __future__ import annotations

from collections.abc import Sequence

from feedback import blocks
from feedback.blocks import Json, Message
from feedback.overview import demand, trust
from feedback.overview.mapping import Spot
from models import Idea, Theme


def waiting(count: int, *, hub_url: str) -> Message:
    """Suggestions of the night's grouping."""
    text = (
        f"{count} suggestions about themes wait for you."
        if count != 1
        else "One suggestion about themes waits for you."
    )
    return Message(
        text, [blocks.section(f"{text} {blocks.link(f'{hub_url}/themes/proposed', 'Look at them in the hub')}")]
    )


def rename_form(theme: Theme) -> Json:
    return blocks.modal(
        "theme_rename",
        "Rename a theme",
        [blocks.text_input("name", "What should it be called?", limit=80, initial=theme.name, multiline=False)],
        submit="Rename",
        metadata=str(theme.id),
    )


def merge_form(theme: Theme, *, latest: Sequence[Theme]) -> Json:
    """`latest`: all themes, the one that an idea came into last first."""
    others = [other for other in latest if other.id != theme.id]
    if not others:
        return _nothing("Merge a theme", "There is no other theme yet.")
    return blocks.modal(
        "theme_merge",
        "Merge a theme",
        [
            blocks.section(f"All ideas of *{blocks.escape(theme.name)}* go to the other theme."),
            choose("into_id", "Into", others, rest="This theme’s page in the hub has all of them."),
        ],
        submit="Merge",
        metadata=str(theme.id),
    )


def choose(block_id: str, label: str, latest: Sequence[Theme], *, rest: str, optional: bool = False) -> Json:
    """The themes by name. `rest`: where the others are, if there are more than Slack takes: then it is the latest that
    stand here."""
    shown = sorted(latest[: blocks.MOST_OPTIONS], key=lambda theme: (theme.name.lower(), theme.id))
    left_out = len(latest) > blocks.MOST_OPTIONS
    hint = (
        f"The {blocks.MOST_OPTIONS} of {len(latest):,} themes that an idea came into last. {rest}" if left_out else ""
    )
    options = [blocks.option(theme.name, theme.id) for theme in shown]
    return blocks.select(block_id, label, options, hint=hint, optional=optional)


def split_form(theme: Theme, *, ideas: Sequence[Idea]) -> Json:
    """`ideas`: those in it, the oldest first."""
    if len(ideas) < 2:
        return _nothing("Split a theme", "There is only one idea in this theme.")
    newest = ideas[-blocks.MOST_OPTIONS :]
    hint = f"The newest {len(newest)} of {len(ideas):,} ideas. This theme’s page in the hub has all of them."
    return blocks.modal(
        "theme_split",
        "Split a theme",
        [
            blocks.section(f"From *{blocks.escape(theme.name)}*"),
            blocks.multi_select(
                "idea_ids",
                "These belong together",
                [blocks.option(idea.text, idea.id) for idea in newest],
                hint=hint if len(newest) < len(ideas) else "",
            ),
            blocks.text_input("name", "What should the new theme be called?", limit=80, multiline=False),
        ],
        submit="Split",
        metadata=str(theme.id),
    )


def about(found: trust.Card | None, *, hub_url: str) -> Json:
    """The trust card, as far as it fits a conversation. None: the idea is in no theme."""
    if found is None:
        return _nothing("About this theme", "It has no theme yet.")
    lines = [f"*{blocks.said(found.theme.name, 200)}*"]
    reading = found.reading
    if reading and reading.phrases:
        lines.append("People say: " + ", ".join(f"“{blocks.said(phrase, 80)}”" for phrase in reading.phrases))
    measured = [trust.holds(reading), trust.trials(reading)] if reading else [trust.NOT_YET]
    if found.before:
        measured.append(f"Since {blocks.date(found.before.measured_at)}: {trust.changes(found)}.")
    return blocks.modal(
        "theme_about",
        "About this theme",
        [
            blocks.section("\n".join(lines)),
            blocks.section("\n".join(demand.sentences(found.demand))),
            blocks.section("\n".join(line for line in measured if line)),
            *_quoted("Says it best", found.central),
            *_quoted("Might belong elsewhere", found.borderline),
            *_quoted("Came into it lately", found.joined),
            blocks.context(blocks.link(f"{hub_url}/themes/{found.theme.id}", "in the hub")),
        ],
    )


def _quoted(title: str, ideas: Sequence[Idea]) -> list[Json]:
    quotes = [blocks.quote(idea.text, 200) for idea in ideas]
    return [blocks.section(f"*{title}*\n" + "\n\n".join(quotes))] if quotes else []


def largest(spots: Sequence[Spot], *, hub_url: str) -> Message:
    """The map in words: Slack shows no picture of this kind. `spots`: the themes with most people, the first first."""
    if not spots:
        text = "There are no themes yet."
        return Message(text, [blocks.section(text)])
    text = "The themes with most people behind them"
    lines = [
        f"{number}. *{blocks.said(spot.name, 80)}*: {spot.facts}, "
        + blocks.link(f"{hub_url}/themes/{spot.theme_id}", "open")
        for number, spot in enumerate(spots, start=1)
    ]
    return Message(
        text,
        [
            blocks.section(f"*{text}*\n" + "\n".join(lines)),
            blocks.context(blocks.link(f"{hub_url}/themes/map", "See them all as a map")),
        ],
    )


def _nothing(title: str, text: str) -> Json:
    return blocks.modal("nothing", title, [blocks.section(text)])
