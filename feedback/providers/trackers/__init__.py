"""The trackers' own APIs, where issues are read, made and commented."""

from __future__ import annotations

from feedback.providers.trackers.calling import Made, Read, Tracker
from feedback.providers.trackers.github import GitHub
from feedback.providers.trackers.linear import Linear
from feedback.work.accounts import Account

__all__ = ["GitHub", "Linear", "Made", "Read", "Tracker", "over_http"]


def over_http(account: Account) -> Tracker:
    """The real one."""
    return Linear(account) if account.source == "linear" else GitHub(account)
