"""App Home: what I said and what became of it. For the team also the way into the hub."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from feedback import blocks
from feedback.blocks import Json, own_rewards, recognition
from feedback.blocks.ideas import STATE_WORDS
from feedback.overview.recognition import Mine
from models import Idea, Member

MOST_ROWS = 20
"""Of each list, the newest: a view holds at most 100 blocks."""


BECAME = {
    **STATE_WORDS,
    "heard": "heard",
    "grouped": "heard, and put beside what is like it",
    "told": "shipped",
    "partly": "shipped, and it helps in part",
    "still_broken": "open again, as you said",
    "not_helped": "shipped, and the team reads that it does not help you yet",
    "no_answer": "shipped",
}
"""How far something has come for one person, in words for them."""


@dataclass(frozen=True)
class HomeFacts:
    is_team: bool
    raised: Sequence[Idea]
    backed: Sequence[Idea]
    rewards: own_rewards.OwnRewards = field(default_factory=own_rewards.OwnRewards)
    hears: str = "everything"
    """How much they want to be told, one of LEVELS."""
    stands: Mapping[int, str] = field(default_factory=dict)
    """By idea, how far each has come for this person; of what is missing here, the idea itself says it."""

    recognised: Mine | None = None
    """What their help amounts to, and what they chose about their name."""

    def became(self, idea: Idea) -> str:
        return BECAME[self.stands.get(idea.id, idea.state)]


LEVELS = {
    "everything": ("Everything", "What you raised and what you backed, as it happens."),
    "own": ("Only what I raised", "What you only backed goes by without a message."),
    "digest": ("One message a week", "Everything together. Nothing at all where there is no news."),
    "nothing": ("Nothing", "You come and look when you want to know."),
}
"""How much somebody wants to be told, and what that means."""
STILL = "You still get an answer when you do something here yourself, and your thank-yous."


def home(facts: HomeFacts) -> Json:
    buttons = [blocks.button("Share an idea", "idea_share_open", style="primary")]
    if facts.is_team:
        buttons.append(blocks.button("Open the hub", "hub_open"))
    rows = [
        blocks.actions(buttons),
        _level(facts.hears),
        blocks.header("What you said"),
        *_raised(facts),
        *_list("What you backed", [_idea_line(idea, facts, idea.author.name) for idea in facts.backed]),
        *own_rewards.rows(facts.rewards, is_team=facts.is_team),
        *recognition.shown(facts.recognised),
        blocks.actions([blocks.button("Forget me", "erase_open")]),
    ]
    return {"type": "home", "blocks": rows}


ERASED = (
    "Your ideas are taken back, with everything else you wrote here. Your votes go too, and your answers lose "
    "their words. Rewards that were not sent yet come to nothing, and an unused gift cannot be sent again."
)
STAYS = (
    "What you were paid stays in the books, with your Slack id. Your own messages in Slack stay until you delete them "
    "there. There is no way back."
)


def erase_form() -> Json:
    texts = ["I forget what you said here, your name and how to reach you.", ERASED, STAYS]
    return blocks.modal("erase", "Forget me", [blocks.section(text) for text in texts], submit="Forget me")


def erasing() -> Json:
    text = "It is being done, and takes a minute. What you say here from then on is heard as from somebody new."
    return blocks.modal("erasing", "Forget me", [blocks.section(text)])


def forgotten_home() -> Json:
    text = "I have forgotten what you said here. Whatever you share from now on is heard as from somebody new."
    rows = [blocks.section(text), blocks.actions([blocks.button("Share an idea", "idea_share_open", style="primary")])]
    return {"type": "home", "blocks": rows}


def _level(hears: str) -> Json:
    options = _levels()
    chosen = options[list(LEVELS).index(hears)]
    menu = {"type": "static_select", "action_id": "hears_choose", "options": options, "initial_option": chosen}
    means = LEVELS[hears][1] if hears == "everything" else f"{LEVELS[hears][1]} {STILL}"
    return blocks.section(f"*How much I tell you*\n{means}", menu)


def _levels() -> list[Json]:
    return [blocks.option(label, hears, means=means) for hears, (label, means) in LEVELS.items()]


def hears_form(member: Member) -> Json:
    """From under whatever told them something."""
    options = _levels()
    return blocks.modal(
        "hears",
        "How much I tell you",
        [
            blocks.radio(
                "hears", "What do you want to hear?", options, initial=options[list(LEVELS).index(member.hears)]
            ),
            blocks.context(STILL),
        ],
        submit="Save",
    )


def _raised(facts: HomeFacts) -> list[Json]:
    if not facts.raised:
        return [
            blocks.section(
                "Nothing yet. Share an idea here, write /idea anywhere, or put :bulb: on a message. "
                "You will be told what becomes of it."
            )
        ]
    return [blocks.section(_idea_line(idea, facts)) for idea in facts.raised[:MOST_ROWS]]


def _idea_line(idea: Idea, facts: HomeFacts, author: str = "") -> str:
    by = f" · {blocks.escape(author)}" if author else ""
    said_on = blocks.date(idea.created_at)
    where = blocks.link(idea.message.permalink, "the thread") if idea.message and idea.message.permalink else ""
    line = " · ".join(part for part in (said_on + by, f"*{facts.became(idea)}*", where) if part)
    return f"{blocks.quote(idea.text, 160)}\n{line}"


def _list(title: str, lines: Sequence[str]) -> list[Json]:
    return [blocks.header(title), *(blocks.section(line) for line in lines[:MOST_ROWS])] if lines else []


def hub_link(*, url: str, minutes: int) -> Json:
    """The link works once, so that it is no use to anybody who sees it later."""
    text = f"This link signs you in once, within {minutes} minutes. It is yours alone."
    return blocks.modal(
        "hub_link",
        "Open the hub",
        [blocks.section(text), blocks.actions([blocks.button("Open", "hub_link", url=url, style="primary")])],
    )


def hub_link_used() -> Json:
    text = "You used this link, and it works only once. For a new one, close this and press “Open the hub” again."
    return blocks.modal("hub_link", "Open the hub", [blocks.section(text)])
