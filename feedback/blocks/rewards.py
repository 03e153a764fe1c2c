"""The managers’ card, its forms, and what they ask and hear."""

from __future__ import annotations

from feedback import blocks, rewards
from feedback.blocks import Json, Message
from feedback.blocks import holds as hold_blocks
from feedback.blocks.thanks import begun, worth
from feedback.overview.deciding import Brief, Given
from models import Approval, Reward, RewardQuestion

DECIDED = {
    "approved": "Approved, and on its way",
    "paying": "Approved, and on its way",
    "cancelled": "Cancelled",
    "paid": "Approved and paid",
    "declined": "Declined",
    "failed": "Approved, but the payout service refused it",
    "human": "Approved, but a person has to look at the payment",
}

WHAT_FOR = {
    "verified": "an idea that shipped and helped",
    "first_report": "the first clear report of a problem",
    "evidence": "evidence that changed a decision",
    "supported": "a theme that many backed, and that shipped",
    "call": "a call with us",
    "tested": "trying it first",
}
"""By the rule that it came from; of those of before there were rules, the first."""
CAME_OF_IT = {"shipped": "Shipped", "planned": "Planned", "declined": "Declined"}
"""By the kind of change that it cites: evidence may change a decision before anything ships."""
MOST_QUESTIONS = 2
"""That the card shows. The page shows all."""


def card(reward: Reward, *, brief: Brief, hub_url: str) -> Message:
    """To be read in ten seconds: what it is for, what it costs, what speaks against it, and then the decision."""
    title = f"A thank-you of {worth(reward)} for {blocks.escape(reward.member.name)}"
    lines = [f"*{title}*", blocks.quote(reward.idea.text)]
    if brief.change:
        lines.append(f"{CAME_OF_IT.get(brief.change.kind, 'Decided')}: {blocks.said(brief.change.summary, 300)}")
    facts = [
        f"For {WHAT_FOR.get(reward.reason, WHAT_FOR['verified'])}, proposed by {_name(reward.proposed_by.name)}",
        blocks.link(f"{hub_url}/ideas/{reward.idea.id}/evidence", "How it went"),
        blocks.link(f"{hub_url}/rewards/{reward.id}", "In the hub"),
    ]
    shown = [blocks.section("\n".join(lines)), blocks.context("  ·  ".join(facts))]
    if reward.state not in rewards.OPEN:
        return Message(title, [*shown, *_asked(brief), _decision(reward)])
    shown.append(blocks.section("\n".join(_sums(reward, brief))))
    against = _against(brief)
    if against:
        shown.append(blocks.section("\n".join(against)))
    return Message(title, [*shown, *hold_blocks.shown(reward.holds), *_asked(brief), *_question(reward, brief)])


def _sums(reward: Reward, brief: Brief) -> list[str]:
    """What is left, and what this member and this theme had before."""
    lines = []
    if brief.budget:
        left = blocks.money(brief.left_cents, brief.budget.currency) if brief.left_cents >= 0 else "Too little"
        lines.append(f"*{left}* left of {_name(brief.budget.name)} after it")
    name = _name(reward.member.name)
    lines.append(f"{name} this month: {given_words(brief.month)}. This year: {given_words(brief.year)}.")
    if brief.earlier:
        before = ", ".join(f"{worth(each)} for {_name(each.member.name)}" for each in brief.earlier)
        lines.append(f"For the same theme before: {before}")
    return lines


def given_words(given: Given) -> str:
    if not given.count:
        return "nothing yet"
    sums = " and ".join(blocks.money(cents, currency) for currency, cents in sorted(given.cents.items()))
    return f"{sums} ({given.count:,})"


def _against(brief: Brief) -> list[str]:
    """Each as long as a name or two makes it, so that all of them fit into one section."""
    lines = [f"*Look twice:* {blocks.said(each, 300)}" for each in brief.flags]
    if brief.cannot:
        lines.append(f"*Nobody can approve it now:* {blocks.said(brief.cannot, 300)}")
    if brief.too_few:
        lines.append(f"*More managers are needed:* {blocks.said(brief.too_few, 400)}")
    return lines


def _asked(brief: Brief) -> list[Json]:
    """The newest questions. One without an answer holds nothing up, but whoever decides knows of it."""
    lines = []
    for each in brief.questions[-MOST_QUESTIONS:]:
        lines.append(f"*{_name(each.asked_by.name)} asked:* {blocks.said(each.question, 500)}")
        if each.answered_by:
            lines.append(f"*{_name(each.answered_by.name)} answered:* {blocks.said(each.answer, 500)}")
        else:
            lines.append("_No answer yet._")
    return [blocks.section("\n".join(lines))] if lines else []


def _question(reward: Reward, brief: Brief) -> list[Json]:
    said = ""
    if brief.kept:
        said = f"{_name(brief.kept.manager.name)} said yes. One more manager is needed."
    elif brief.needs == 2 and not brief.too_few:
        said = "It takes two managers."
    is_last = brief.needs == 1 or brief.kept is not None
    text = (
        f"{begun(worth(reward))} goes to {reward.member.name}."
        if is_last
        else "One more manager has to say yes after you."
    )
    sure = None if is_last and reward.provider == "manual" else blocks.confirm("Approve this?", text, "Approve")
    seen = f"{reward.id}:{reward.version}"
    buttons = [
        blocks.button("Approve", "reward_approve", seen, style="primary", confirm=sure),
        blocks.button("Decline", "reward_decline", seen),
        blocks.button("Ask a question", "reward_ask", seen),
    ]
    return [*([blocks.context(said)] if said else []), blocks.actions(buttons)]


def _name(name: str) -> str:
    return blocks.said(name, 80)


def _decision(reward: Reward) -> Json:
    text = DECIDED[reward.state]
    given = spoke(reward)
    if given:
        text += f", by {' and '.join(_name(each.manager.name) for each in given)}"
        if given[-1].why:
            text += f": {blocks.said(given[-1].why, 300)}"
    if reward.payout and reward.payout.error:
        text += f" ({blocks.said(reward.payout.error, 200)})"
    return blocks.context(text)


def spoke(reward: Reward) -> list[Approval]:
    """Whose word it was: the one or two who approved it, or the one who declined it."""
    wanted = "declined" if reward.state == "declined" else "approved"
    given = sorted((each for each in reward.approvals if each.verdict == wanted), key=lambda each: each.version)
    if wanted == "declined" or len(given) < 2 or given[-2].version + 1 == given[-1].version:
        return given[-2:] if wanted == "approved" else given[-1:]
    return given[-1:]  # what the other one said yes to had changed


def approve_form(reward: Reward) -> Json:
    """For payment by hand."""
    return blocks.modal(
        "reward_approve",
        "Approve",
        [
            blocks.section(
                f"{begun(worth(reward))} for {blocks.escape(reward.member.name)}\n{blocks.quote(reward.idea.text)}"
            ),
            blocks.text_input(
                "gift", "Code or link", limit=500, multiline=False, hint="Only they will see it, in a message from me."
            ),
        ],
        submit="Approve and send",
        metadata=f"{reward.id}:{reward.version}",
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
        metadata=f"{reward.id}:{reward.version}",
    )


def ask_form(reward: Reward) -> Json:
    return blocks.modal(
        "reward_ask",
        "Ask a question",
        [
            blocks.section(blocks.quote(reward.idea.text)),
            blocks.text_input(
                "question",
                "What would you like to know?",
                limit=500,
                hint=blocks.shorten(
                    f"{reward.proposed_by.name} gets it in a message. It can be approved meanwhile.", 200
                ),
            ),
        ],
        submit="Ask",
        metadata=f"{reward.id}:{reward.version}",
    )


def question(asked: RewardQuestion, *, hub_url: str) -> Message:
    """To whoever proposed it, and below the managers' card."""
    reward = asked.reward
    text = f"{_name(asked.asked_by.name)} asks about the thank-you of {worth(reward)} for {_name(reward.member.name)}"
    return Message(
        text,
        [
            blocks.section(f"{text}:\n{blocks.quote(asked.question, 600)}"),
            blocks.actions([blocks.button("Answer", "reward_answer", asked.id)]),
            blocks.context(blocks.link(f"{hub_url}/rewards/questions/{asked.id}", "What it is about, in the hub")),
        ],
    )


def answer_form(asked: RewardQuestion) -> Json:
    return blocks.modal(
        "reward_answer",
        "Answer",
        [
            blocks.section(f"{blocks.quote(asked.question, 600)}\nAbout: {blocks.said(asked.reward.idea.text, 280)}"),
            blocks.text_input("answer", "What do you know?", limit=500, hint="Managers read it on the card."),
        ],
        submit="Answer",
        metadata=str(asked.id),
    )


def answered(asked: RewardQuestion) -> Message:
    """To whoever asked, below the card or alone."""
    assert asked.answered_by is not None
    who = blocks.mention(asked.asked_by)
    text = f"{who} {_name(asked.answered_by.name)} answered"
    return Message(text, [blocks.section(f"{text}:\n{blocks.quote(asked.answer, 600)}")])
