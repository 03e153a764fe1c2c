"""What holds a thank-you, for managers: on its card, as a line of news, and the form that lifts it."""

from __future__ import annotations

from collections.abc import Sequence

from feedback import blocks
from feedback.blocks import Json, Message
from feedback.blocks.thanks import begun, worth
from feedback.rewards import holds
from models import Hold, Reward


def shown(found: Sequence[Hold]) -> list[Json]:
    """For the card: what stands, with a button for the first of it, and why the rest was lifted."""
    standing = [hold for hold in found if hold.lifted_at is None]
    parts = []
    if standing:
        parts += [
            blocks.section("\n".join(f":raised_hand: *Held: {_line(hold)}" for hold in standing)),
            blocks.actions([blocks.button("Look at it", "hold_lift", standing[0].id)]),
        ]
    lifted = [_lifted(hold) for hold in found if hold.lifted_by]
    return [*parts, blocks.context("\n".join(lifted))] if lifted else parts


def _line(hold: Hold) -> str:
    return f"{holds.KINDS[hold.kind]}.* {blocks.escape(holds.said(hold))}"


def _lifted(hold: Hold) -> str:
    assert hold.lifted_by is not None
    by, why = blocks.said(hold.lifted_by.name, 80), blocks.said(hold.why, 200)
    return f"Was held ({holds.KINDS[hold.kind]}). {by} looked: {why}"


def news(reward: Reward, standing: Sequence[Hold], *, hub_url: str) -> Message:
    """To the managers' channel, when something begins to hold it."""
    title = f"Held: {worth(reward)} for {blocks.said(reward.member.name, 80)}"
    lines = [f"*{title}*", *(f"*{begun(_line(hold))}" for hold in standing)]
    lines.append(blocks.link(f"{hub_url}/rewards/{reward.id}/holds", "Look at it in the hub"))
    return Message(title, [blocks.section("\n".join(lines))])


def lift_form(hold: Hold) -> Json:
    reward = hold.reward
    return blocks.modal(
        "hold_lift",
        "What holds it",
        [
            blocks.section(f"{begun(worth(reward))} for {blocks.said(reward.member.name, 80)}\n*Held: {_line(hold)}"),
            blocks.text_input(
                "why",
                "Why may it go on?",
                limit=holds.LONGEST_WHY,
                hint="Managers read this, and another manager then approves it. Whoever gets it learns nothing of it.",
            ),
        ],
        submit="Let it go on",
        metadata=str(hold.id),
    )
