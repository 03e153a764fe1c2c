"""Sharing an idea, its receipt, and its card for the team."""

from __future__ import annotations

from collections.abc import Sequence

from feedback import blocks
from feedback.blocks import Json, Message, themes
from feedback.changes import REASONS
from feedback.ideas import Alike
from feedback.loop import CameBack
from models import Appeal, Idea, Theme

STATE_WORDS = {
    "new": "heard",
    "planned": "planned",
    "declined": "not going to happen",
    "shipped": "shipped",
    "verified": "shipped, and it helped",
    "reopened": "open again",
    "withdrawn": "taken back",
}
DONE = ("shipped", "verified")
"""Whoever votes for one of these would wait in vain: those who were to hear of it have heard."""
LONGEST_WHAT = 3000
MOST_HEARERS = 20
"""Of those who will hear of a decision, so many stand in its form."""
MOST_NOT_YET = 3
"""Of those who said that it did not help, so many are quoted on its card."""
MOST_MERGED = 3
"""Of what went into an idea, so many are quoted on its card."""


def share_form(*, nonce: str, kinds: dict[str, str], text: str = "") -> Json:
    """`nonce` makes a second press of the button the same idea."""
    options = [blocks.option(label, kind) for kind, label in kinds.items()]
    return blocks.modal(
        "idea_share",
        "Share an idea",
        [
            blocks.text_input(
                "what",
                "What would make things better?",
                limit=LONGEST_WHAT,
                initial=text,
                placeholder="One sentence is enough",
            ),
            blocks.text_input("why", "Why does it matter to you?", limit=LONGEST_WHAT, optional=True),
            blocks.select("kind", "What is it?", options, initial=options[0]),
        ],
        submit="Share",
        metadata=nonce,
    )


def receipt(idea: Idea, *, votes: int, alike: Sequence[Alike] = (), kept_with: Idea | None = None) -> Message:
    """Below the message, or in the author's own conversation where there is no message. `kept_with`: what it went into,
    where whoever reads this may read that."""
    if idea.state == "withdrawn":
        text = "Taken back. Nobody will be told about it."
        return Message(text, [blocks.section(text)])
    kept_by = "" if idea.captured_by_id == idea.author_id else f"{blocks.mention(idea.captured_by)} "
    line = (
        f"{kept_by}kept this as {blocks.KIND_WORDS[idea.kind]}"
        if kept_by
        else f"Kept as {blocks.KIND_WORDS[idea.kind]}"
    )
    text = f"{line}. You will read here what becomes of it."
    return Message(
        text,
        [
            blocks.section(f"{text}\n{blocks.quote(idea.text)}"),
            *([blocks.context(f"Now: {STATE_WORDS[idea.state]}")] if idea.state != "new" else []),
            *([blocks.actions(_receipt_buttons(idea, votes))] if idea.state not in DONE else []),
            *([_kept_with(kept_with)] if kept_with else []),
            *([blocks.section("Others said something like it. Is it one of these? Add your voice.")] if alike else []),
            *(_other(each.idea, each.votes) for each in alike),
        ],
    )


def _other(idea: Idea, votes: int) -> Json:
    facts = [f"{votes} {'vote' if votes == 1 else 'votes'}"] if votes else []
    vote = None if idea.state in DONE else blocks.button("Vote", "idea_vote_alike", idea.id)
    return blocks.section(f"{blocks.quote(idea.text, 140)}\n{'  ·  '.join([*facts, *_where_it_stands(idea)])}", vote)


def _kept_with(idea: Idea) -> Json:
    quote = blocks.quote(idea.text, 140)
    return blocks.section(f"Kept together with what others asked for:\n{quote}\n{'  ·  '.join(_where_it_stands(idea))}")


def _where_it_stands(idea: Idea) -> list[str]:
    """Of another idea, whose thread says more."""
    state = [STATE_WORDS[idea.state]] if idea.state != "new" else []
    if idea.message and idea.message.permalink:
        return [*state, blocks.link(idea.message.permalink, "the message")]
    return state


def _receipt_buttons(idea: Idea, votes: int) -> list[Json]:
    withdraw = blocks.button("Not what I meant", "idea_withdraw", idea.id)
    if idea.message_id is None:
        return [withdraw]  # only its author reads this one, and nobody votes for their own
    return [blocks.button(f"Vote · {votes}" if votes else "Vote", "idea_vote", idea.id), withdraw]


def card_replaced() -> Message:
    """Where a card stood that would show how things were."""
    text = "There is a newer card for this one further down."
    return Message(text, [blocks.context(text)])


def card(
    idea: Idea,
    *,
    votes: int,
    hub_url: str,
    came_back: CameBack | None = None,
    appeal: Appeal | None = None,
    merged: Sequence[Idea] = (),
    into: Idea | None = None,
) -> Message:
    """In the triage channel. `came_back`: who said that it did not help, and whom that is for; `appeal`: with which it
    was asked for again; `merged`: what went into it; `into`: what it went into, where it is decided about both."""
    what = {"new": "Asked again" if appeal else "New", "reopened": "Came back"}.get(
        idea.state, STATE_WORDS[idea.state].capitalize()
    )
    title = f"{what}: {blocks.KIND_WORDS[idea.kind]} from {blocks.escape(idea.author.name)}"
    if idea.state == "withdrawn":
        return Message(title, [blocks.section(f"*{title}*")])
    if into:
        title = f"Merged: {blocks.KIND_WORDS[idea.kind]} from {blocks.escape(idea.author.name)}"
        facts = [f"Into what {blocks.escape(into.author.name)} said", _in_the_hub(into, hub_url)]
        quote = blocks.quote(idea.text, 140)
        return Message(title, [blocks.section(f"*{title}*\n{quote}"), blocks.context("  ·  ".join(facts))])
    lines = [f"*{title}*", blocks.quote(idea.text)]
    if idea.why:
        lines.append(f"Why it matters: {blocks.said(idea.why, 300)}")
    for other in merged[:MOST_MERGED]:
        lines.append(f"Also from {blocks.escape(other.author.name)}: “{blocks.said(other.text, 140)}”")
    if len(merged) > MOST_MERGED:
        lines.append(f"And {len(merged) - MOST_MERGED} more, in the hub.")
    beside = [_not_yet(came_back)] if came_back else [_asked_again(appeal)] if appeal else []
    rest = [_card_facts(idea, votes, hub_url), _card_buttons(idea)]
    return Message(title, [blocks.section("\n".join(lines)), *beside, *rest])


def _not_yet(came_back: CameBack) -> Json:
    """The newest words first: they are what the author said, or what made it enough."""
    latest = came_back.answers[::-1]
    said = [
        f"Not yet, said {blocks.said(each.notice.member.name, 80)}: “{blocks.said(each.why, 300)}”"
        for each in latest[:MOST_NOT_YET]
    ]
    more = [f"And {len(latest) - MOST_NOT_YET} more, in the hub."] if len(latest) > MOST_NOT_YET else []
    return blocks.section(
        "\n".join([*said, *more, f"For {blocks.mention(came_back.owner)}, who said that it shipped."])
    )


def _asked_again(appeal: Appeal) -> Json:
    words = f"“{blocks.said(appeal.words, 300)}”"
    people = f"{appeal.needs} new {'person backs' if appeal.needs == 1 else 'people back'} it since it was declined."
    return blocks.section(f"Asked again, by {blocks.said(appeal.member.name, 80)}: {words}\n{people}")


def _card_facts(idea: Idea, votes: int, hub_url: str) -> Json:
    facts = [f"Theme: {blocks.escape(idea.theme.name)}" if idea.theme else "Theme: not grouped yet"]
    facts.append(f"{votes} {'vote' if votes == 1 else 'votes'}")
    if idea.message and idea.message.permalink:
        facts.append(blocks.link(idea.message.permalink, "the message"))
    facts.append(_in_the_hub(idea, hub_url))
    return blocks.context("  ·  ".join(facts))


def _in_the_hub(idea: Idea, hub_url: str) -> str:
    return blocks.link(f"{hub_url}/ideas/{idea.id}", "in the hub")


def _card_buttons(idea: Idea) -> Json:
    buttons: list[Json] = []
    if idea.state in ("new", "reopened"):
        if idea.reviewed_at is None:
            buttons.append(blocks.button("Seen", "idea_review", idea.id))
        buttons.append(blocks.button("Plan", "idea_plan", idea.id, style="primary"))
        buttons.append(blocks.button("Decline", "idea_decline", idea.id))
    choices = [("Merge with another idea", "same"), ("Move to another theme", "move")]
    if idea.theme_id:
        buttons.append(blocks.button("About its theme", "theme_about", idea.id))
        choices += [("Rename its theme", "rename"), ("Merge its theme", "merge"), ("Split its theme", "split")]
    more = [blocks.option(label, f"{act}:{idea.id}") for label, act in choices]
    return blocks.actions([*buttons, {"type": "overflow", "action_id": "idea_more", "options": more}])


def plan_form(idea: Idea, *, hear: Sequence[tuple[str, str]], hub_url: str) -> Json:
    return blocks.modal(
        "idea_plan",
        "Plan",
        [
            blocks.section(blocks.quote(idea.text)),
            blocks.text_input(
                "summary", "What do you plan?", limit=1000, optional=True, hint="Who asked for it reads this."
            ),
            _who_hears(idea, "planned", hear, hub_url),
        ],
        submit="Plan and tell them",
        metadata=str(idea.id),
    )


def decline_form(idea: Idea, *, hear: Sequence[tuple[str, str]], hub_url: str) -> Json:
    return blocks.modal(
        "idea_decline",
        "Decline",
        [
            blocks.section(blocks.quote(idea.text)),
            blocks.select("reason", "Why not?", [blocks.option(label, name) for name, label in REASONS.items()]),
            blocks.text_input(
                "summary",
                "In a sentence",
                limit=1000,
                hint="Everyone who asked for it reads the reason and this sentence.",
            ),
            _who_hears(idea, "declined", hear, hub_url),
        ],
        submit="Decline and tell them",
        metadata=str(idea.id),
    )


def _who_hears(idea: Idea, kind: str, hear: Sequence[tuple[str, str]], hub_url: str) -> Json:
    """Each person and where; what they read, and the rest of them, stand in the hub."""
    in_full = blocks.link(f"{hub_url}/changes/new?kind={kind}&idea={idea.id}", "See in the hub what each of them reads")
    if not hear:
        return blocks.context(f"Nobody hears of it: whoever asked for it has left, or it was you.  ·  {in_full}")
    lines = [f"• {blocks.said(name, 60)} {blocks.escape(where)}" for name, where in hear[:MOST_HEARERS]]
    more = len(hear) - len(lines)
    lines += [f"• and {more:,} more"] if more else []
    return blocks.section("\n".join(["*Who will hear, and where*", *lines, in_full]))


def same_form(idea: Idea, *, nearest: Sequence[Idea]) -> Json:
    """`nearest`: what it could go into, the closest first."""
    if not nearest:
        text = "Nothing that says nearly the same was found. The idea’s page in the hub can look for any words."
        return blocks.modal("nothing", "Merge with another", [blocks.section(text)])
    return blocks.modal(
        "idea_same",
        "Merge with another",
        [
            blocks.section(blocks.quote(idea.text)),
            blocks.select(
                "into_id",
                "It goes into",
                [blocks.option(f"{other.author.name}: {other.text}", other.id) for other in nearest],
                hint="Nothing is lost: it is shown below the other one, everybody behind either counts once, and each "
                "hears of it under their own words. The hub can undo it.",
            ),
        ],
        submit="Merge",
        metadata=str(idea.id),
    )


def move_form(idea: Idea, *, latest: Sequence[Theme]) -> Json:
    """`latest`: all themes, the one that an idea came into last first."""
    others = [theme for theme in latest if theme.id != idea.theme_id]
    rest = "To reach another one, write its name below. The idea’s page in the hub has all of them."
    choose = [themes.choose("theme_id", "To this theme", others, rest=rest, optional=True)] if others else []
    return blocks.modal(
        "idea_move",
        "Move to another theme",
        [
            blocks.section(blocks.quote(idea.text)),
            *choose,
            blocks.text_input("name", "Or to a new one, called", limit=80, multiline=False, optional=True),
        ],
        submit="Move",
        metadata=str(idea.id),
    )
