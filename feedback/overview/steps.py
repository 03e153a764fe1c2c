"""How far one idea has come, as the steps that its page shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedback.overview.states import GROUPED, TERMINAL, no_answer_at
from feedback.overview.whole import Whole
from models import Notice

SAID = {"better": "said “better now”", "partly": "said “partly”", "not_yet": "said “not yet”"}


@dataclass(frozen=True)
class Step:
    name: str
    at: datetime | None
    """None: it has not come so far, or nobody kept count then."""
    is_done: bool
    note: str = ""


def steps(whole: Whole, *, remind_after_days: int, now: datetime) -> list[Step]:
    """From what its page has read anyway, and of the workspace. Nothing of what was taken back."""
    idea = whole.idea
    if idea.state == "withdrawn":
        return []
    at: dict[str, datetime] = {}
    for line in whole.history:
        at["grouped" if line.act in GROUPED else line.act] = (
            at.get("grouped", line.at) if line.act in GROUPED else line.at
        )
    is_open = idea.state in ("new", "planned")  # what was answered before was taken back
    decided = "" if is_open else max((act for act in TERMINAL if act in at), key=lambda act: at[act], default="")
    told, of = _told(whole.notices, decided)
    shown = [
        Step("Heard", idea.created_at, is_done=True),
        Step("Grouped", at.get("grouped"), is_done=idea.theme_id is not None),
        Step("Planned", at.get("planned"), is_done="planned" in at),
        Step("Declined" if decided == "declined" else "Shipped", at.get(decided), is_done=bool(decided)),
        Step("Told", _last(told), is_done=bool(told), note=f"{len(told):,} of {of:,}" if of else ""),
    ]
    if decided and "planned" not in at:
        del shown[2]  # it went without a plan
    return shown if decided == "declined" else [*shown, _answered(told, remind_after_days, now)]


def _told(notices: Sequence[Notice], kind: str) -> tuple[list[Notice], int]:
    """Of the newest change of this kind: those who were told, and how many were to be."""
    newest = max((notice.change_id for notice in notices if notice.change.kind == kind), default=0)
    these = [notice for notice in notices if notice.change_id == newest]
    return [notice for notice in these if notice.told_at is not None], len(these)


def _last(told: Sequence[Notice]) -> datetime | None:
    return max((notice.told_at for notice in told if notice.told_at is not None), default=None)


def _answered(told: Sequence[Notice], remind_after_days: int, now: datetime) -> Step:
    given = [notice.answer for notice in told if notice.answer is not None]
    verdicts = Counter(answer.verdict for answer in given)
    silent = sum(_is_silent(notice, remind_after_days, now) for notice in told)
    notes = [f"{verdicts[verdict]:,} {words}" for verdict, words in SAID.items() if verdicts[verdict]]
    notes += [f"{silent:,} did not answer"] if silent else []
    newest = max((answer.given_at for answer in given), default=None)
    return Step("Answered", newest, is_done=bool(given), note=", ".join(notes))


def _is_silent(notice: Notice, remind_after_days: int, now: datetime) -> bool:
    if notice.answer is not None or notice.told_at is None:
        return False
    reminded_at = notice.reminder.told_at if notice.reminder else None
    return no_answer_at(told_at=notice.told_at, reminded_at=reminded_at, remind_after_days=remind_after_days) <= now
