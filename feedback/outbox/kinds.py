"""Every kind of work, who does it, and for how long it may take."""

from __future__ import annotations

from datetime import timedelta

LEASE_SECONDS = 18
"""Longer than all calls of one row together (three of providers.CALL_SECONDS): two workers never hold it. Whoever
had to look in several places asks before it posts whether there is time left."""

LONG_SECONDS = 660
"""The same for work on everything that a workspace has, which takes minutes where there are many thousands of ideas:
longer than a worker may be at one piece (jobs.doorbell.JOB_SECONDS). With a shorter lease two workers would take it
from each other in turn, and neither's end would count."""

LONG = frozenset({"audit.seal", "kinds.refit", "member.erase", "reward.products", "theme.measure", "theme.regroup"})

QUEUES = ("slack", "reading", "themes", "payouts")
"""`reading` is what goes on page by page for a long time: nobody's answer waits behind it."""

QUEUE_OF_KIND = {
    "change.compare": "themes",
    "appeal.heard": "slack",
    "appeal.weigh": "slack",
    "audit.seal": "reading",
    "card.replaced": "slack",
    "channel.catch_up": "reading",
    "home.publish": "slack",
    "idea.card": "slack",
    "idea.card_refresh": "slack",
    "idea.place": "themes",
    "idea.receipt": "slack",
    "idea.receipt_refresh": "slack",
    "kinds.refit": "themes",
    "loop.digest": "slack",
    "loop.alert": "slack",
    "loop.notice": "slack",
    "loop.notice_refresh": "slack",
    "loop.week": "slack",
    "loop.announcement": "slack",
    "loop.announcement_refresh": "slack",
    "loop.post": "slack",
    "loop.post_refresh": "slack",
    "loop.rehearsal": "slack",
    "loop.reminder": "slack",
    "loop.reminder_refresh": "slack",
    "member.erase": "reading",
    "member.profile": "slack",
    "message.ask": "slack",
    "message.fetch": "slack",
    "message.judge": "themes",
    "promise.ask": "slack",
    "promise.remind": "slack",
    "promise.remind_refresh": "slack",
    "reward.answered": "slack",
    "reward.ask": "payouts",
    "reward.card": "slack",
    "reward.card_refresh": "slack",
    "reward.cards": "slack",
    "reward.expiring": "slack",
    "reward.gift": "slack",
    "reward.held": "slack",
    "reward.pay": "payouts",
    "reward.products": "payouts",
    "reward.question": "slack",
    "reward.thanks": "slack",
    "reward.reconcile": "reading",
    "reward.gift_again": "slack",
    "reward.gift_refresh": "slack",
    "reward.link": "payouts",
    "reward.returned": "slack",
    "reward.take_back": "payouts",
    "theme.map": "slack",
    "theme.measure": "themes",
    "theme.name": "themes",
    "theme.regroup": "themes",
    "theme.waiting": "slack",
    "work.catch_up": "reading",
    "work.check": "reading",
    "work.comment": "reading",
    "work.create": "reading",
    "work.read": "reading",
    "workspace.read": "reading",
}
"""Every kind of work, and who does it."""


def lease(kind: str) -> timedelta:
    """How long a claimed row of this kind is nobody else's."""
    return timedelta(seconds=LONG_SECONDS if kind in LONG else LEASE_SECONDS)
