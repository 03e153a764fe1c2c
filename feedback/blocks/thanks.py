"""Thanks in words, below what somebody said; and what a thank-you is called beside its amount."""

from __future__ import annotations

from feedback import blocks
from feedback.blocks import Message
from models import Reward

WORDS = {
    "verified": "Thank you. What you asked for is in, and it works.",
    "confirmed": "Thank you. What you asked for is in, and it works.",
    "first_report": "Thank you for telling us first and so clearly. It is mended now.",
    "evidence": "Thank you. What you showed us here changed what we decided.",
    "supported": "Thank you for beginning this. Many people stood behind it, and it is in.",
    "call": "Thank you for talking with us about this.",
    "tested": "Thank you for trying it out first, and for saying how it went.",
}
"""By reason. The same whatever somebody thinks of it."""
LONGEST_WORDS = 500


def worth(reward: Reward) -> str:
    """In the middle of a sentence: its amount, or what is given in place of money, or its points."""
    if reward.amount_cents:
        return blocks.money(reward.amount_cents, reward.currency)
    if reward.provider:
        return "time with the team" if reward.provider == "booking" else "a privilege"
    return f"{reward.points:,} {'point' if reward.points == 1 else 'points'}"


def begun(text: str) -> str:
    """As the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def thanks(reward: Reward, *, is_alone: bool) -> Message:
    """Never how much. In the words of the rule where there is nothing to it but points: a gift is not promised before
    somebody approved it. `is_alone`: not below what they said, so that has to be quoted."""
    own = reward.rule.words.strip() if reward.rule and not reward.provider else ""
    text = blocks.said(own, LONGEST_WORDS) if own else WORDS[reward.reason]
    shown = f"{blocks.mention(reward.member)} {text}"
    quoted = f"\n{blocks.quote(reward.idea.text)}" if is_alone else ""
    return Message(text, [blocks.section(shown + quoted)])
