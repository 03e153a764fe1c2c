"""How well loops are closed, in figures with exact definitions, each with how many it is of and how sure that is.

People and items are customers' own: an item is one person and one idea that they raised or backed, whatever went into
it. Praise asks for no answer, and is none. Shares have Wilson's interval; times are estimated with those that still
wait, as survival.py says.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import String, cast, literal, select
from sqlalchemy.orm import Session

from feedback.overview.debt import is_open, owed_loops
from feedback.overview.metrics import Share, share
from feedback.overview.states import TERMINAL, Heard, Loop, Traced
from feedback.overview.survival import Quantile, Survival, survival
from models import Idea, Outbox

DAY = timedelta(days=1)
REOPENED_DAYS = 30
RECEIPT_WITHIN = timedelta(hours=24)
PERIODS = 6


@dataclass(frozen=True)
class Rates:
    """Of one month, of one quarter, or of all time."""

    people: Share
    """Loop-closure rate: of those with an item older than the limit, everybody whose every such item has an answer that
    was delivered and stands."""
    items: Share
    """The same of the items themselves."""
    answered: Share
    """Of those who were asked whether it helped: whoever said anything."""
    fixed: Share
    """Verified-fix rate. Of those who said anything: whoever said that it is better now."""
    reopened: Share
    """Of those who were told that it shipped: whose idea was open again within 30 days."""
    acknowledged: Share
    """Of what was kept: what had its receipt within 24 hours. What is younger than that does not count yet."""


@dataclass(frozen=True)
class Times:
    """In days."""

    close: Survival
    """From the first message to the delivered answer, of each item."""
    group: Quantile
    """From the message to its theme, of each idea."""
    decide: Quantile
    """From there to the first decision about it."""
    ship: Quantile
    """From the plan to what shipped, of what was planned first."""
    tell: Quantile
    """From an answer that was decided to its delivery, of each person."""
    tell_lag: Quantile
    """The same, only of what shipped: the median …"""
    tell_lag_90: Quantile
    """… and how long it took at most for nine of ten."""


@dataclass(frozen=True)
class Measures:
    rates: Rates
    periods: Sequence[tuple[str, Rates, Quantile]]
    """The newest first, each with the median time to close of what was said in it."""
    times: Times


@dataclass(frozen=True)
class Receipt:
    captured_at: datetime
    sent_at: datetime | None


Name = Callable[[datetime], str]
Row = TypeVar("Row")
Asked = tuple[Heard, Sequence[Loop]]
"""Something that somebody was told, or is to be told, and what of theirs it answers."""


def month(at: datetime) -> str:
    return f"{at:%Y-%m}"


def quarter(at: datetime) -> str:
    return f"{at.year} Q{(at.month + 2) // 3}"


def measures(tx: Session, *, workspace_id: int, answer_days: int, by: Name = month, now: datetime) -> Measures:
    """Six queries, however many people they are about. What is about items counts when they were said; what is about
    being told, when that was; receipts, when it was kept."""
    found, receipts = owed_loops(tx, workspace_id=workspace_id), _receipts(tx, workspace_id)
    asked = asked_of(found)
    said = _by(found, lambda loop: by(loop.began_at))
    told = _by(asked, lambda each: by(each[0].told_at or now))
    kept = _by(receipts, lambda each: by(each.captured_at))
    names = sorted({*said, *told, *kept}, reverse=True)[:PERIODS]
    return Measures(
        rates=rates(found, asked, receipts, answer_days=answer_days, now=now),
        periods=[
            (
                name,
                rates(said.get(name, []), told.get(name, []), kept.get(name, []), answer_days=answer_days, now=now),
                survival(_closes(said.get(name, []), now)).quantile(),
            )
            for name in names
        ],
        times=times(found, now=now),
    )


def rates(
    found: Iterable[Loop], asked: Sequence[Asked], receipts: Iterable[Receipt], *, answer_days: int, now: datetime
) -> Rates:
    items = [(loop, is_closed(loop, now)) for loop in found if _is_old(loop, answer_days, now)]
    people: dict[int, bool] = {}
    for loop, closed in items:
        people[loop.person.member_id] = people.get(loop.person.member_id, True) and closed
    verdicts = [heard.verdict for heard, _ in asked if heard.verdict is not None]
    came_back = [heard for heard, loops in asked if heard.told_at is not None and _came_back(heard.told_at, loops)]
    due = [receipt for receipt in receipts if receipt.captured_at + RECEIPT_WITHIN <= now]
    in_time = [each for each in due if each.sent_at and each.sent_at - each.captured_at <= RECEIPT_WITHIN]
    return Rates(
        people=share(sum(people.values()), len(people)),
        items=share(sum(closed for _, closed in items), len(items)),
        answered=share(len(verdicts), len(asked)),
        fixed=share(verdicts.count("better"), len(verdicts)),
        reopened=share(len(came_back), len(asked)),
        acknowledged=share(len(in_time), len(due)),
    )


def is_closed(loop: Loop, now: datetime) -> bool:
    """They were answered, and do not wait again."""
    return any(wait.is_answered for wait in loop.waits) and not any(is_open(wait, now) for wait in loop.waits)


def times(found: Sequence[Loop], *, now: datetime) -> Times:
    ideas = {loop.idea.idea_id: loop.idea for loop in found}.values()
    lag = survival(_lags(_notices(found, "shipped"), now))
    return Times(
        close=survival(_closes(found, now)),
        group=survival(_grouping(ideas, now)).quantile(),
        decide=survival(_deciding(ideas, now)).quantile(),
        ship=survival(_shipping(ideas, now)).quantile(),
        tell=survival(_lags(_notices(found, *TERMINAL), now)).quantile(),
        tell_lag=lag.quantile(),
        tell_lag_90=lag.quantile(0.9),
    )


def _by(rows: Iterable[Row], name_of: Callable[[Row], str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[name_of(row)].append(row)
    return found


def _is_old(loop: Loop, answer_days: int, now: datetime) -> bool:
    """Old enough to ask whether it was answered, of somebody who is still here."""
    return bool(loop.waits) and loop.person.left_at is None and loop.began_at + answer_days * DAY <= now


def _notices(found: Iterable[Loop], *kinds: str) -> list[Asked]:
    """Each notice once, however many of somebody's ideas it answers."""
    ideas: dict[int, list[Loop]] = defaultdict(list)
    heard: dict[int, Heard] = {}
    for loop in found:
        for each in loop.heard:
            if each.made.kind in kinds:
                heard[each.notice_id] = each
                ideas[each.notice_id].append(loop)
    return [(heard[notice_id], ideas[notice_id]) for notice_id in sorted(heard)]


def asked_of(found: Iterable[Loop]) -> list[Asked]:
    """Who was told that something shipped, which is asking them whether it helped."""
    return [(each, loops) for each, loops in _notices(found, "shipped") if each.told_at is not None]


def _came_back(told_at: datetime, loops: Iterable[Loop]) -> bool:
    until = told_at + REOPENED_DAYS * DAY
    return any(told_at <= at <= until for loop in loops for at in loop.idea.reopened_at)


def _closes(found: Iterable[Loop], now: datetime) -> list[tuple[float, bool]]:
    """Of each item its first wait: what came back later was told once."""
    return [(loop.waits[0].days_at(now), loop.waits[0].is_answered) for loop in found if loop.waits]


def _lags(notices: Iterable[Asked], now: datetime) -> list[tuple[float, bool]]:
    """Whoever left, or is not told after all, was last seen waiting then."""
    return [
        _span(each.made.made_at, each.told_at, min(each.dropped_at or now, loops[0].person.left_at or now))
        for each, loops in notices
        if not each.is_never
    ]


def _grouping(ideas: Iterable[Traced], now: datetime) -> list[tuple[float, bool]]:
    """What has a theme since before anybody kept count says nothing."""
    known = [idea for idea in ideas if idea.grouped_at is not None or idea.theme_id is None]
    return [_span(idea.said_at, idea.grouped_at, now) for idea in known]


def _deciding(ideas: Iterable[Traced], now: datetime) -> list[tuple[float, bool]]:
    """A question to those behind it decides nothing."""
    decided = [(idea, idea.first("planned", *TERMINAL)) for idea in ideas]
    return [_span(idea.grouped_at or idea.said_at, made.made_at if made else None, now) for idea, made in decided]


def _shipping(ideas: Iterable[Traced], now: datetime) -> list[tuple[float, bool]]:
    """What was declined after all was last seen waiting then."""
    found = []
    for idea in ideas:
        planned = idea.first("planned")
        if planned is not None:
            after = [made for made in idea.changes if made.kind in TERMINAL and made.change_id > planned.change_id]
            shipped_at = after[0].made_at if after and after[0].kind == "shipped" else None
            found.append(_span(planned.made_at, shipped_at, after[0].made_at if after else now))
    return found


def _span(began_at: datetime, ended_at: datetime | None, last_seen_at: datetime) -> tuple[float, bool]:
    """Days, and whether they are all."""
    return max(0.0, ((ended_at or last_seen_at) - began_at) / DAY), ended_at is not None


def _receipts(tx: Session, workspace_id: int) -> list[Receipt]:
    """A receipt is posted once, so that its row in the outbox says when."""
    key = literal("idea.receipt:") + cast(Idea.id, String)
    rows = tx.execute(
        select(Idea.captured_at, Idea.receipt_ts, Outbox.done_at)
        .outerjoin(Outbox, Outbox.key == key)
        .where(Idea.workspace_id == workspace_id)
        .order_by(Idea.id)
    )
    return [Receipt(row.captured_at, row.done_at if row.receipt_ts else None) for row in rows]
