"""What to do where Slack refuses a post because of the thread or the channel it was meant for."""

from __future__ import annotations

from collections.abc import Callable

from feedback import ideas, workspaces
from feedback.providers import Impossible
from jobs.plans import Tx

LOST_CHANNEL = {"channel_not_found", "is_archived", "not_in_channel"}
LOST_THREAD = {"thread_not_found", "message_not_found"}
"""Refusals after which the person themself can still be told."""


def losing(idea_id: int, channel_id: str | None) -> Callable[[Tx, Impossible], bool]:
    """Where the thread or its channel is the trouble, notes that it is lost and plans again: then it goes to the
    person alone."""

    def when_refused(tx: Tx, error: Impossible) -> bool:
        idea = ideas.get(tx, idea_id=idea_id)
        if channel_id is None or error.code not in LOST_CHANNEL | LOST_THREAD:
            return False
        if error.code in LOST_THREAD:
            ideas.lose_thread(tx, idea=idea)
        else:
            workspaces.lose_channel(tx, workspace_id=idea.workspace_id, channel_id=channel_id, code=error.code)
        return True

    return when_refused
