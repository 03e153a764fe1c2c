"""What was decided here is said where the work is done: what was told, and to how many; nobody's name."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import loop
from feedback.work.rules import rules_of
from feedback.work.unnaming import in_markdown, without_names
from models import Change, Notice, WorkItem

COMMENTED = ("issue", "pull_request")
"""Nothing can be written below a milestone or a release."""
TOLD = {
    "shipped": "Told as shipped",
    "planned": "Told as planned",
    "declined": "Told as declined",
}


def comment_on(tx: Session, *, change_id: int, work_item_id: int, hub_url: str) -> tuple[WorkItem, str] | None:
    """The work and what to say below it; None where the workspace does not want it, it takes no comments, or nobody is
    told, because somebody stopped it or only asked something."""
    change, item = tx.get_one(Change, change_id), tx.get_one(WorkItem, work_item_id)
    if change.kind not in TOLD or loop.stopped(tx, change_id=change.id):
        return None
    if item.kind not in COMMENTED or not rules_of(tx, workspace_id=change.workspace_id).comments:
        return None
    people = tx.scalar(select(func.count(Notice.id)).where(Notice.change_id == change.id)) or 0
    who = "1 person who asked for this" if people == 1 else f"{people:,} people who asked for this"
    lines = [f"**{TOLD[change.kind]}** to {who}, through Roundtrip."]
    if change.summary:
        [summary] = without_names(tx, workspace_id=change.workspace_id, texts=[change.summary])
        lines += ["", *(f"> {in_markdown(line)}" for line in summary.splitlines())]
    return item, "\n".join([*lines, "", f"Whether it helped them: {hub_url}/changes/{change.id}"])
