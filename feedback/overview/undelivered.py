"""What did not get through, in words: what was to be done, for whom, when, and why it was not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.base import ExecutableOption

from feedback import outbox
from feedback.blocks import money, shorten
from feedback.overview import Page, paged
from models import Appeal, Idea, Member, Notice, Outbox, Payout, Reminder, Reward

LONGEST_CODE = 80
MONEY = ("reward.pay", "reward.gift")


@dataclass(frozen=True)
class About:
    """What a piece of work is about; None where it is not about such a thing."""

    member: Member | None = None
    """Who would have read it, or was to be paid."""
    idea: Idea | None = None
    notice: Notice | None = None
    reward: Reward | None = None

    @property
    def name(self) -> str:
        return self.member.name if self.member else "somebody"

    @property
    def amount(self) -> str:
        return money(self.reward.amount_cents, self.reward.currency) if self.reward else "a thank-you"


@dataclass(frozen=True)
class Undelivered:
    outbox_id: int
    attempt: int
    """Goes along with the button, so that what a manager presses is about what they read."""
    what: str
    why: str
    code: str
    """What the other side called it, for whoever runs the product."""
    owed_at: datetime
    about: About
    is_payment: bool


def listed(tx: Session, *, workspace_id: int, number: int) -> Page[Undelivered]:
    """Money first, then the newest."""
    is_other = Outbox.kind.not_in(MONEY).label("is_other")
    statement = (
        select(Outbox)
        .where(Outbox.workspace_id == workspace_id, outbox.is_undelivered())
        .order_by(is_other, Outbox.owed_at.desc(), Outbox.id.desc())
    )
    page = paged(tx, statement, number=number)
    rows = [row.Outbox for row in page.rows]
    about = _about(tx, rows)
    return Page([_said(row, about[row.id]) for row in rows], page.number, page.total, page.size)


def _about(tx: Session, rows: Sequence[Outbox]) -> dict[int, About]:
    """By the rows' ids, in as many queries as there are kinds of things."""
    ideas = _by_id(tx, Idea, rows, "idea_id", joinedload(Idea.author))
    members = _by_id(tx, Member, rows, "member_id")
    of_notice = (joinedload(Notice.member), joinedload(Notice.idea), joinedload(Notice.change))
    reminders = _by_id(tx, Reminder, rows, "reminder_id", joinedload(Reminder.notice).options(*of_notice))
    appeals = _by_id(tx, Appeal, rows, "appeal_id", joinedload(Appeal.notice).options(*of_notice))
    notices = _by_id(tx, Notice, rows, "notice_id", *of_notice)
    of_reward = (joinedload(Reward.member), joinedload(Reward.idea))
    rewards = _by_id(tx, Reward, rows, "reward_id", *of_reward)
    payouts = _by_id(tx, Payout, rows, "payout_id", joinedload(Payout.reward).options(*of_reward))

    def of(ids: Mapping[str, Any]) -> About:
        idea, notice, payout = (
            ideas.get(ids.get("idea_id")),
            notices.get(ids.get("notice_id")),
            payouts.get(ids.get("payout_id")),
        )
        about = reminders.get(ids.get("reminder_id")) or appeals.get(ids.get("appeal_id"))
        notice = about.notice if about else notice
        reward = payout.reward if payout else rewards.get(ids.get("reward_id"))
        if reward:
            return About(reward.member, reward.idea, reward=reward)
        if notice:
            return About(notice.member, notice.idea, notice=notice)
        return About(idea.author, idea) if idea else About(members.get(ids.get("member_id")))

    return {row.id: of(row.payload) for row in rows}


def _by_id(
    tx: Session, model: type[Any], rows: Sequence[Outbox], name: str, *options: ExecutableOption
) -> dict[object, Any]:
    """Asks also where there is nothing to ask for, so that every page asks the same number of queries."""
    ids = {row.payload[name] for row in rows if name in row.payload}
    return {found.id: found for found in tx.scalars(select(model).where(model.id.in_(ids)).options(*options))}


def _said(row: Outbox, about: About) -> Undelivered:
    what = WHAT.get(row.kind)
    return Undelivered(
        outbox_id=row.id,
        attempt=row.attempt,
        what=what(about) if what else f"Do what is called {row.kind}",
        why=why(row),
        code=_code(row.error),
        owed_at=row.owed_at,
        about=about,
        is_payment=row.kind == "reward.pay",
    )


def _tell(about: About) -> str:
    return f"Tell {about.name} {NEWS[about.notice.change.kind] if about.notice else 'what became of it'}"


NEWS = {
    "shipped": "that it shipped",
    "planned": "that it is planned",
    "declined": "that it was declined, and why",
    "asked": "what the team would like to know",
}
WHAT: dict[str, Callable[[About], str]] = {
    "change.compare": lambda a: "Find out which ideas a change answers",
    "appeal.heard": lambda a: f"Tell {a.name} that the team looks anew at what they asked for again",
    "appeal.weigh": lambda a: "Count who backs what was declined and asked for again",
    "card.replaced": lambda a: "Say on an old card that there is a newer one",
    "channel.catch_up": lambda a: "Read what was said in a channel while nobody was here to hear it",
    "home.publish": lambda a: f"Show {a.name} in the app’s Home how things stand",
    "idea.card": lambda a: "Show it in the triage channel",
    "idea.card_refresh": lambda a: "Bring its card in the triage channel up to date",
    "idea.place": lambda a: "Put it into a theme",
    "idea.receipt": lambda a: f"Tell {a.name} that it was kept",
    "idea.receipt_refresh": lambda a: f"Bring {a.name}’s receipt for it up to date",
    "audit.seal": lambda a: "Seal what was written down, so that a change to it would show",
    "kinds.refit": lambda a: "Learn from what people said is feedback",
    "loop.digest": lambda a: f"Tell {a.name} in one message what became of things this week",
    "loop.alert": lambda a: "Say in the triage channel that too many people wait too long for an answer",
    "loop.notice": _tell,
    "loop.notice_refresh": lambda a: f"Show {a.name}’s answer below what they were told",
    "loop.week": lambda a: "Say in the triage channel who waited for an answer that week",
    "loop.announcement": lambda a: "Announce a change in the channel where news are",
    "loop.announcement_refresh": lambda a: "Show in a note about a change whom it may name by now",
    "loop.post": lambda a: "Tell several people in one thread what became of what they said",
    "loop.post_refresh": lambda a: "Show in a thread who answered below what they were told",
    "loop.rehearsal": lambda a: f"Show {a.name} what others are going to be told",
    "loop.reminder": lambda a: f"Ask {a.name} once more whether it helped",
    "loop.reminder_refresh": lambda a: f"Show {a.name}’s answer below the reminder",
    "member.erase": lambda a: f"Forget what {a.name} said here, and who they are",
    "member.profile": lambda a: f"Read {a.name}’s profile in Slack",
    "message.ask": lambda a: f"Ask {a.name} whether to keep what they said",
    "message.fetch": lambda a: f"Look up a message that {a.name} wants to keep",
    "message.judge": lambda a: "Find out whether a message holds feedback",
    "promise.ask": lambda a: f"Ask {a.name} whether to note a promise",
    "promise.remind": lambda a: f"Remind {a.name} of a promise",
    "promise.remind_refresh": lambda a: f"Bring the reminder of {a.name}’s promise up to date",
    "reward.answered": lambda a: f"Show the answer to a question about {a.amount} for {a.name}",
    "reward.ask": lambda a: f"Ask the payout service how {a.amount} for {a.name} stands",
    "reward.card": lambda a: f"Ask the managers’ channel about {a.amount} for {a.name}",
    "reward.card_refresh": lambda a: f"Bring the card about {a.amount} for {a.name} up to date",
    "reward.expiring": lambda a: f"Remind {a.name} that the gift of {a.amount} ends soon",
    "reward.gift": lambda a: f"Send {a.name} the gift of {a.amount}, which is paid",
    "reward.held": lambda a: f"Say in the managers’ channel why {a.amount} for {a.name} is held",
    "reward.pay": lambda a: f"Pay {a.amount} to {a.name}",
    "reward.question": lambda a: f"Ask what a manager wants to know about {a.amount} for {a.name}",
    "reward.thanks": lambda a: f"Thank {a.name} in words",
    "reward.reconcile": lambda a: "Hold the payout service’s books against ours",
    "reward.gift_again": lambda a: f"Send {a.name} the gift of {a.amount} once more",
    "reward.link": lambda a: f"Ask for a new link to the gift of {a.amount} for {a.name}",
    "reward.returned": lambda a: f"Tell {a.name} that the gift of {a.amount} went back",
    "reward.take_back": lambda a: f"Take the gift of {a.amount} for {a.name} back",
    "theme.map": lambda a: "Post the map of themes in the triage channel",
    "theme.measure": lambda a: "Look again at how well each theme holds together",
    "theme.name": lambda a: "Find a name for a theme in the words that are left",
    "theme.regroup": lambda a: "Group all ideas again",
    "theme.waiting": lambda a: "Say in the triage channel that suggestions about themes wait",
    "work.catch_up": lambda a: "Read what came to an end in a repository while no webhook told of it",
    "work.check": lambda a: "Try out an account with a tracker",
    "work.comment": lambda a: "Say below linked work what was decided here",
    "work.create": lambda a: "Make an issue in a tracker",
    "work.read": lambda a: "Ask a tracker how linked work stands",
    "workspace.read": lambda a: "Read the people and channels in Slack",
}
"""Every kind in feedback.outbox, as a manager would say it."""

REASONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("channel_not_found",), "Slack does not find the channel: it is gone, or private and the app is not in it."),
    (("not_in_channel",), "The app is not in that channel. Somebody there has to write /invite @Roundtrip."),
    (("is_archived",), "The channel is archived."),
    (("message_not_found", "thread_not_found"), "The message that it belongs to is no longer in Slack."),
    (("cant_update_message", "edit_window_closed"), "Slack does not let the app change that message any more."),
    (
        ("user_not_found", "users_not_found", "user_disabled", "cannot_dm_bot"),
        "Slack does not let the app write to this person. Perhaps their account is closed.",
    ),
    (
        ("invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive"),
        "Slack does not let the app in any more. Whoever runs Roundtrip has to install it again.",
    ),
    (
        ("missing_scope", "no_permission", "restricted_action", "not_enabled"),
        "Slack does not let the app do this. Whoever runs Roundtrip has to give it the right.",
    ),
    (
        ("invalid_blocks", "invalid_arguments", "msg_too_long", "msg_blocks_too_long"),
        "Slack did not take it as Roundtrip put it. That is a fault of ours.",
    ),
    (("rate",), "{who} was too busy."),
    (("conflict",), "The payout service knows another order by this id. Somebody has to look there."),
    (("ineligible",), "The person may not receive it any more. Their thank-you’s page says why."),
    (("no_payout_service",), "There is no payout service any more."),
    (("not_recorded",), "It was paid, and too little is left of its budget. Put money into it, and then try again."),
    (("no_account",), "There is no account with that tracker any more. Settings, Trackers has room for one."),
    (("http_400", "http_404", "http_422"), "{who} did not take it as Roundtrip put it."),
    (("http_401", "http_403"), "{who} does not let Roundtrip in. Whoever runs it has to look at its token."),
    (("http_402",), "There was no money left at the payout service."),
)
WHY = {code: words for codes, words in REASONS for code in codes}
"""By the first word of an error."""


def why(row: Outbox) -> str:
    """In words for a manager; with the number of tries where it is that which ended them."""
    who = {"payouts": "The payout service", "slack": "Slack", "reading": "Slack"}.get(row.queue, "")
    if row.kind.startswith("work."):
        who = "The tracker"
    words = WHY.get(row.error.split(" ")[0].rstrip(":"))
    if words is None and (not who or _is_fault(row.error)):
        words = "Something went wrong on our side."
    elif words is None:
        words = "{who} refused it." if row.state == "failed" else "{who} did not answer, or not clearly."
    tried = f" It was tried {row.tries} times." if row.state == "human" else ""
    return words.format(who=who) + tried


def _code(error: str) -> str:
    """A fault of ours is only named: its text may hold what somebody said."""
    return error.partition(":")[0] if _is_fault(error) else shorten(error, LONGEST_CODE)


def _is_fault(error: str) -> bool:
    """As the relay writes down an exception that nobody expected: "KeyError: 'idea_id'"."""
    name = error.partition(":")[0]
    return name.isidentifier() and name[0].isupper()
