"""A gift, in the words of whoever says thank you: to its receiver alone."""

from __future__ import annotations

from feedback import blocks
from feedback.blocks import Json, Message
from models import Reward

BECAUSE = {
    "verified": "What you told us shipped, and it helped.",
    "confirmed": "What you told us shipped, and it helped.",
    "first_report": "You were the first to say clearly what was wrong.",
    "evidence": "What you showed us changed a decision.",
    "supported": "Many backed what you asked for, and it shipped.",
    "call": "You took the time to talk with us.",
    "tested": "You tried it out before anybody else.",
}
"""By what it is for, one of feedback.rewards.TRIGGERS; "confirmed" of before there were rules."""
LONGEST_WORDS = 1000


def gift(reward: Reward, *, given: str) -> Message:
    """`given`: the code, the link or, of a privilege, the words. `text` never has it: notifications are read over
    shoulders."""
    text = f"Thank you. {BECAUSE[reward.reason]} {_offer(reward)}"
    return Message(text, [blocks.section(f"{text}\n{blocks.quote(reward.idea.text)}"), *_given(reward, given)])


def _offer(reward: Reward) -> str:
    if reward.amount_cents:
        return f"{blocks.money(reward.amount_cents, reward.currency)} for you."
    return "We would like to hear more from you." if reward.provider == "booking" else "This is for you."


def again(reward: Reward, *, given: str) -> Message:
    text = f"Here is your {_name(reward)} once more. It is the same one, so it can be used once."
    return Message(text, [blocks.section(f"{text}\n{blocks.quote(reward.idea.text)}"), *_given(reward, given)])


def expiring(reward: Reward, *, given: str) -> Message:
    """Whether a code was used in a shop, nobody tells us."""
    assert reward.payout is not None
    assert reward.payout.expires_at is not None
    ends = blocks.date(reward.payout.expires_at)
    text = f"Your {_name(reward)} can be used until {ends}. If you have used it, all is well."
    what_for = blocks.section(f"{text}\n{blocks.quote(reward.idea.text)}")
    return Message(text, [what_for, *_given(reward, given, ends=False)])


def returned(reward: Reward) -> Message:
    """Once, and kindly: they did nothing wrong."""
    text = f"Your {_name(reward)} was taken back."
    why = f"{text} {blocks.said(reward.ended_why, 300)}\n{blocks.quote(reward.idea.text)}"
    again = "Our thanks stay. If you would still like to have it, tell the team."
    return Message(text, [blocks.section(why), blocks.context(again)])


def went(reward: Reward) -> Message:
    """In the place of what told of it. Why, they read in a message of its own."""
    text = f"Thank you. {BECAUSE[reward.reason]} Your {_name(reward)} went back, and cannot be used any more."
    return Message(text, [blocks.section(f"{text}\n{blocks.quote(reward.idea.text)}")])


def _name(reward: Reward) -> str:
    return f"gift of {blocks.money(reward.amount_cents, reward.currency)}" if reward.amount_cents else "gift"


def _given(reward: Reward, given: str, *, ends: bool = True) -> list[Json]:
    """`ends`: whether to say until when it is good, where that stands nowhere else."""
    words = blocks.said(reward.rule.words, LONGEST_WORDS) if reward.rule else ""
    expires_at = reward.payout.expires_at if reward.payout else None
    facts = [f"Good until {blocks.date(expires_at)}"] if expires_at and ends else []
    facts.append("Only you see this")
    return [
        *([blocks.section(words)] if words else []),
        blocks.section(_shown(reward, given)),
        blocks.context("  ·  ".join(facts)),
    ]


def _shown(reward: Reward, given: str) -> str:
    if given.startswith(("https://", "http://")):
        return blocks.link(given, "Choose a time" if reward.provider == "booking" else "Open your gift")
    if any(character.isspace() for character in given):
        return blocks.quote(given, LONGEST_WORDS)
    return f"`{blocks.escape(given)}`"
