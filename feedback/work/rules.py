"""What follows in a workspace from what the trackers tell, as its managers set it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit, once
from feedback.errors import Refused
from models import Member, WorkItem, WorkRules

OUTCOMES = ("planned", "shipped", "declined", "nothing")
MOST_STATUSES = 50
LONGEST_STATUS = 60


def rules_of(tx: Session, *, workspace_id: int) -> WorkRules:
    """As it is set; where nobody has, a row that is not in the database."""
    found = tx.scalars(select(WorkRules).where(WorkRules.workspace_id == workspace_id)).one_or_none()
    return found or WorkRules(
        workspace_id=workspace_id,
        on_started="planned",
        on_done="shipped",
        on_not_planned="declined",
        statuses={},
        tells_links=False,
        comments=True,
    )


def outcome(rules: WorkRules, item: WorkItem) -> str:
    """What the team is asked to say, now that the work stands there: one of OUTCOMES.

    A pull request that was put away says nothing of what it was for: somebody may do it another way.
    """
    own = rules.statuses.get(" ".join(item.status.casefold().split()))
    if own is not None:
        return str(own)
    if item.state == "not_planned" and item.kind == "pull_request":
        return "nothing"
    by_state = {"started": rules.on_started, "done": rules.on_done, "not_planned": rules.on_not_planned}
    return by_state.get(item.state, "nothing")


def configure(
    tx: Session,
    *,
    manager: Member,
    on_started: str,
    on_done: str,
    on_not_planned: str,
    statuses: Mapping[str, str],
    tells_links: bool,
    comments: bool,
    now: datetime,
) -> None:
    access.check_manage(manager)
    for field, chosen in (("on_started", on_started), ("on_done", on_done), ("on_not_planned", on_not_planned)):
        if chosen not in OUTCOMES:
            raise Refused("Choose one of the list.", field)
    once.insert(tx, WorkRules, workspace_id=manager.workspace_id, set_by_id=manager.id, set_at=now)
    rules = tx.scalars(select(WorkRules).where(WorkRules.workspace_id == manager.workspace_id).with_for_update()).one()
    rules.on_started, rules.on_done, rules.on_not_planned = on_started, on_done, on_not_planned
    rules.statuses, rules.tells_links, rules.comments = dict(statuses), tells_links, comments
    rules.set_by_id, rules.set_at = manager.id, now
    audit.record(
        tx,
        workspace_id=manager.workspace_id,
        by=manager,
        act="set what follows from work",
        subject="workspace",
        subject_id=manager.workspace_id,
        now=now,
        on_started=on_started,
        on_done=on_done,
        on_not_planned=on_not_planned,
        statuses=dict(statuses),
        tells_links=tells_links,
        comments=comments,
    )


def statuses_in(text: str) -> dict[str, str]:
    """What a manager typed, a line each: “In Review = planned”."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        word, is_there, then = line.rpartition("=")
        status, then = " ".join(word.casefold().split()), then.strip().casefold()
        if not is_there or not status or then not in OUTCOMES:
            raise Refused(
                f"“{line.strip()[:60]}” is not understood. Write a word of the tracker, then =, then planned, shipped, "
                "declined or nothing.",
                "statuses",
            )
        if len(status) > LONGEST_STATUS:
            raise Refused(f"“{status[:30]}…” is too long for a tracker’s word.", "statuses")
        found[status] = then
    if len(found) > MOST_STATUSES:
        raise Refused(f"Please keep it under {MOST_STATUSES} lines.", "statuses")
    return found
