"""The managers' card and their two forms."""

from __future__ import annotations

from feedback import blocks, rewards
from feedback.blocks import Json, Message
from models import Change, Reward

DECIDED = {
    "approved": "Approved, and on its way",
    "paying": "Approved, and on its way",
    "cancelled": "Cancelled",
    "paid": "Approved and paid",
    "declined": "Declined",
    "failed": "Approved, but the payout service refused it",
    "human": "Approved, but the payout service knows another order by this id",
}


def card(reward: Reward, *, change: Change | None, hub_url: str) -> Message:
    """What it is for first, then the amount, then the decision."""
    amount = blocks.money(reward.amount_cents, reward.currency)
    title = f"A thank-you of {amount} for {blocks.escape(reward.member.name)}"
    lines = [f"*{title}*", blocks.quote(reward.idea.text)]
    if change:
        lines.append(f"Shipped: {blocks.said(change.summary, 300)}")
    facts = [
        f"vouched for by {blocks.escape(reward.proposed_by.name)}",
        blocks.link(f"{hub_url}/rewards/{reward.id}", "in the hub"),
    ]
    decision = _question(reward, amount) if reward.state in rewards.OPEN else _decision(reward)
    return Message(title, [blocks.section("\n".join(lines)), blocks.context("  ·  ".join(facts)), decision])


def _question(reward: Reward, amount: str) -> Json:
    sure = blocks.confirm("Approve this?", f"{amount} goes to {reward.member.name}.", "Approve")
    approve = blocks.button(
        "Approve", "reward_approve", reward.id, style="primary", confirm=None if reward.provider == "manual" else sure
    )
    return blocks.actions([approve, blocks.button("Decline", "reward_decline", reward.id)])


def _decision(reward: Reward) -> Json:
    text = DECIDED[reward.state]
    if reward.approvals:
        given = reward.approvals[-1]
        text += f", by {blocks.escape(given.manager.name)}"
        if given.why:
            text += f": {blocks.said(given.why, 300)}"
    if reward.payout and reward.payout.error:
        text += f" ({blocks.said(reward.payout.error, 200)})"
    return blocks.context(text)


def approve_form(reward: Reward) -> Json:
    """For payment by hand."""
    amount = blocks.money(reward.amount_cents, reward.currency)
    return blocks.modal(
        "reward_approve",
        "Approve",
        [
            blocks.section(f"{amount} for {blocks.escape(reward.member.name)}\n{blocks.quote(reward.idea.text)}"),
            blocks.text_input(
                "gift", "Code or link", limit=500, multiline=False, hint="Only they will see it, in a message from me."
            ),
        ],
        submit="Approve and send",
        metadata=str(reward.id),
    )


def decline_form(reward: Reward) -> Json:
    return blocks.modal(
        "reward_decline",
        "Decline",
        [
            blocks.section(blocks.quote(reward.idea.text)),
            blocks.text_input("why", "Why not?", limit=500, hint="Only managers see this."),
        ],
        submit="Decline",
        metadata=str(reward.id),
    )
