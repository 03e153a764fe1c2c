"""What somebody was given, or may yet be, in their App Home and on their page: why, and how it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from feedback import blocks
from feedback.blocks import Json
from feedback.blocks.gifts import BECAUSE
from models import Member, Payout, Reward

MOST_REWARDS = 10
"""In App Home; the page has the rest."""
UNDECIDED = ("proposed", "vesting", "declined")
"""Without an amount: nobody is to count on money that a manager has not agreed to, nor to read that they lost it."""
NOTHING = "Nothing yet. When something that you told us ships and helps, you find our thanks here."
REFUSED = "You asked not to be given anything. You can change that at any time."


@dataclass(frozen=True)
class OwnRewards:
    shown: Sequence[Reward] = ()
    """The newest, with what is known of their payment."""
    total: int = 0
    year: int = 0
    points: int = 0
    """Given this year."""
    cents: Mapping[str, int] = field(default_factory=dict)
    """Paid this year, by currency."""
    takes_rewards: bool = True
    has_contact: bool = False
    may_again: frozenset[int] = frozenset()
    """Ids of those that could be sent once more."""

    def name(self, reward: Reward) -> str:
        return name(reward)

    def why(self, reward: Reward) -> str:
        return BECAUSE[reward.reason]

    def stands(self, reward: Reward, day: Callable[[datetime], str]) -> str:
        return stands(reward, day=day)

    @property
    def sums(self) -> str:
        """Empty where nothing was given this year."""
        parts = [_points(self.points)] if self.points else []
        parts += [blocks.money(cents, currency) for currency, cents in sorted(self.cents.items()) if cents]
        return f"In {self.year}: {' and '.join(parts)}." if parts else ""


def rows(own: OwnRewards, *, is_team: bool) -> list[Json]:
    """Nothing for the team, who are given nothing; but whoever was a customer before keeps what is theirs."""
    if is_team and not own.shown:
        return []
    top = own.sums if own.shown else NOTHING
    if not own.takes_rewards:
        top = f"{REFUSED} {own.sums}".strip()
    buttons = [blocks.button("Thank-you settings", "wishes_open")]
    if own.total > len(own.shown[:MOST_REWARDS]):
        buttons.append(blocks.button(f"See all {own.total}", "hub_open"))
    return [
        blocks.header("Your thank-yous"),
        *([blocks.section(top)] if top else []),
        *(_row(own, reward) for reward in own.shown[:MOST_REWARDS]),
        *([_contact()] if own.has_contact else []),
        blocks.actions(buttons),
    ]


def _row(own: OwnRewards, reward: Reward) -> Json:
    lines = [
        f"*{name(reward)}*",
        BECAUSE[reward.reason],
        blocks.quote(reward.idea.text, 160),
        stands(reward, day=blocks.date, said=lambda text: blocks.said(text, 300)),
    ]
    can_again = reward.id in own.may_again
    again = blocks.button("Send it to me again", "reward_again", reward.id) if can_again else None
    return blocks.section("\n".join(lines), again)


def _contact() -> Json:
    forget = blocks.button("Forget it", "contact_forget")
    return blocks.section("Gifts may also go to the e-mail address that you gave for that.", forget)


def name(reward: Reward) -> str:
    was_undecided = reward.state == "cancelled" and reward.payout is None
    if reward.state in UNDECIDED or was_undecided:
        return "A thank-you"
    parts = [blocks.money(reward.amount_cents, reward.currency)] if reward.amount_cents else []
    if not parts and reward.provider:
        parts.append("Time with the team" if reward.provider == "booking" else "Something for you")
    if reward.points:
        parts.append(_points(reward.points))
    return " and ".join(parts) or "A thank-you"


def _points(points: int) -> str:
    return f"{points:,} {'point' if points == 1 else 'points'}"


def stands(reward: Reward, *, day: Callable[[datetime], str], said: Callable[[str], str] = str) -> str:
    """How far it has come, for whoever it is for. Who held it up or declined it, and why, is the managers' business.
    `said` prepares what a person wrote for where it is shown."""
    if reward.state == "vesting" and reward.vests_at:
        return f"A manager looks at it from {day(reward.vests_at)} on."
    if reward.state == "paid":
        return _paid(reward.payout, day)
    if reward.state == "cancelled":
        was = "Taken back." if reward.payout and reward.payout.returned_at else "Not given."
        return f"{was} {said(reward.ended_why)}".strip()
    return STANDS[reward.state]


STANDS = {
    "proposed": "We look at it.",
    "vesting": "We look at it.",
    "approved": "It is on its way.",
    "paying": "It is on its way.",
    "failed": "It is held up on our side, and the team knows.",
    "human": "It is held up on our side, and the team knows.",
    "declined": "Not this time.",
}


def _paid(payout: Payout | None, day: Callable[[datetime], str]) -> str:
    if payout is None or payout.paid_at is None:
        return "Yours."
    if payout.gift_told_at is None:
        return f"Yours since {day(payout.paid_at)}. It is on its way to your messages."
    if payout.redeemed_at is not None:
        return f"Used on {day(payout.redeemed_at)}."
    until = f" Good until {day(payout.expires_at)}." if payout.expires_at else ""
    return f"Yours since {day(payout.gift_told_at)}. It is in your messages.{until}"


def wishes_form(member: Member, *, asks_country: bool, asks_contact: bool, contact: str) -> Json:
    """`contact`: what is kept of it, as its owner may see it; empty: nothing."""
    takes = [
        blocks.option("Yes", "yes", means="When something you told us helped, we may thank you."),
        blocks.option("No, thank you", "no", means="Nothing is proposed for you. What is not paid yet is cancelled."),
    ]
    fields = [
        blocks.radio("takes_rewards", "May we give you something?", takes, initial=takes[not member.takes_rewards])
    ]
    if asks_country:
        fields.append(
            blocks.text_input(
                "country",
                "Where do you pay tax?",
                limit=2,
                initial=member.country,
                multiline=False,
                optional=True,
                hint="Two letters, such as US, GB or DE. Only to know what can be given there, and when a sum has to "
                "be reported.",
            )
        )
    if asks_contact:
        fields += _contact_fields(contact)
    return blocks.modal("wishes", "Your thank-yous", fields, submit="Save")


def _contact_fields(contact: str) -> list[Json]:
    kept = f"Kept now: {contact}. Leave this empty to keep it." if contact else "Only for gifts that need one."
    may = [blocks.option("Keep this address, and send my gifts there", "yes")]
    return [
        blocks.text_input("contact", "E-mail for gifts", limit=254, multiline=False, optional=True, hint=kept),
        blocks.ticks("keeps_contact", "May we keep it?", may, hint="You can take it back with one press, in Home."),
    ]
