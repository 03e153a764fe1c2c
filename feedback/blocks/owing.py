"""What the team's channel reads about those who wait: once a week, and when too many wait too long."""

from __future__ import annotations

from collections.abc import Sequence

from feedback import blocks
from feedback.blocks import Message
from feedback.blocks.promises import day
from feedback.overview.debt import Oldest, Pressing
from feedback.overview.promises import OfWeek
from models import Promise


def week(found: Pressing, *, promised: OfWeek, answer_days: int, hub_url: str) -> Message:
    """On Monday. It begins with the people, because they are what it is about."""
    text = f"{_people(found.debt.waiting, 'waits', 'wait')} for an answer"
    return Message(
        text,
        [
            blocks.section(f"*{text}*, {_late(found.debt.late, answer_days)}. A week ago: {_before(found)}."),
            blocks.section(
                f"In the last seven days {_people(found.answered, 'got', 'got')} an answer, and "
                f"{_people(found.came_back, 'said', 'said')} “not yet”."
            ),
            *_oldest(found.oldest, hub_url),
            *_promised(promised, hub_url),
            blocks.context(blocks.link(f"{hub_url}/loop/debt", "Everybody who waits, in the hub")),
        ],
    )


def _promised(found: OfWeek, hub_url: str) -> list[blocks.Json]:
    """Nothing where none ended and none is due."""
    if not found.is_news:
        return []
    ended = [
        f"{count:,} {words}"
        for count, words in ((found.kept, "kept"), (found.broken, "not kept"), (found.given_up, "could not be kept"))
        if count
    ]
    past = f"In the last seven days: {', '.join(ended)}." if ended else ""
    ahead = f"{found.due:,} {'is' if found.due == 1 else 'are'} due in the next seven." if found.due else ""
    heading = f"*{blocks.link(f'{hub_url}/promises', 'Promises')}* {past} {ahead}".strip()
    return [blocks.section(heading), *(blocks.section(_line_of(each, hub_url)) for each in found.first)]


def _line_of(promise: Promise, hub_url: str) -> str:
    facts = (
        f"{blocks.said(promise.member.name, 80)} by {day(promise.due_on)}",
        blocks.link(f"{hub_url}/ideas/{promise.idea_id}", "in the hub"),
    )
    return f"{blocks.quote(promise.words, 160)}\n{' · '.join(facts)}"


def late(found: Pressing, *, answer_days: int, late_percent: int, hub_url: str) -> Message:
    """Plain about what happened, and where to begin."""
    text = "More people than usual wait too long for an answer"
    return Message(
        text,
        [
            blocks.section(
                f"*{text}.* In the last {found.long.days} days {_people(found.long.due, 'was', 'were')} to get one "
                f"within {answer_days} days, and {found.long.late:,} did not; in the last {found.short.days} it was "
                f"{found.short.late:,} of {found.short.due:,}. At most {late_percent} of 100 may wait longer, your "
                "settings say."
            ),
            *_oldest(found.oldest, hub_url),
            blocks.context(
                blocks.link(f"{hub_url}/loop/debt", "Everybody who waits, in the hub")
                + " · You read this at most once a week."
            ),
        ],
    )


def _people(count: int, one: str, many: str) -> str:
    return f"{count:,} {'person' if count == 1 else 'people'} {one if count == 1 else many}"


def _late(count: int, answer_days: int) -> str:
    return (
        f"{count:,} of them for more than {answer_days} days" if count else f"nobody for more than {answer_days} days"
    )


def _before(found: Pressing) -> str:
    return f"{found.before.waiting:,}, {found.before.late:,} of them too long" if found.before.waiting else "nobody"


def _oldest(oldest: Sequence[Oldest], hub_url: str) -> list[blocks.Json]:
    if not oldest:
        return []
    lines = [
        f"{blocks.quote(each.idea.text, 160)}\n"
        + " · ".join(
            part
            for part in (
                f"since {blocks.date(each.began_at)}",
                _people(each.people, "waits", "wait"),
                blocks.link(f"{hub_url}/ideas/{each.idea.id}", "in the hub"),
                _thread(each),
            )
            if part
        )
        for each in oldest
    ]
    return [blocks.section("*These have waited longest*"), *(blocks.section(line) for line in lines)]


def _thread(each: Oldest) -> str:
    message = each.idea.message
    return (
        blocks.link(message.permalink, "the thread") if message and message.permalink and not message.deleted_at else ""
    )
