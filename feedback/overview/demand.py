"""How much a theme is wanted, three ways: how often it was said, by how many people, and what the others may think."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Subquery, case, func, select
from sqlalchemy.orm import Session

from feedback import ideas
from feedback.overview.intervals import wilson
from models import Idea, Member, Message, Vote

LEAST_HEARD = 10
"""Of fewer customers who said anything at all nothing is told about the rest."""
LEAST_IN_A_PART = 5
"""So many have to have spoken up in each part of the membership; else it is joined to its neighbour."""


@dataclass(frozen=True)
class Part:
    """Some of the customers, alike in how much they write."""

    members: int
    heard: int
    """Those of them who raised or backed anything."""
    wanted: int
    """Those of these who raised or backed an idea of this theme."""


@dataclass(frozen=True)
class Estimate:
    """Of a hundred customers so many."""

    about: int
    low: int
    high: int


@dataclass(frozen=True)
class Demand:
    ideas: int
    votes: int
    people: int
    """Different ones behind these; the team's own among them."""
    customers: int
    """In the workspace now."""
    heard: int
    """Customers who raised or backed anything."""
    wanted: int
    """Customers behind this theme."""
    estimate: Estimate | None
    """None: too few have spoken up to tell."""


def of(tx: Session, *, workspace_id: int, theme_id: int) -> Demand:
    """In two queries."""
    parts = thirds(_customers(tx, workspace_id, theme_id))
    said, votes, people = _counts(tx, workspace_id, theme_id)
    return Demand(
        ideas=said,
        votes=votes,
        people=people,
        customers=sum(part.members for part in parts),
        heard=sum(part.heard for part in parts),
        wanted=sum(part.wanted for part in parts),
        estimate=estimate(parts),
    )


def _counts(tx: Session, workspace_id: int, theme_id: int) -> tuple[int, int, int]:
    """Ideas said, votes given and different people, with what went into one of its ideas."""
    its = select(Idea.id).where(Idea.theme_id == theme_id, Idea.state != "withdrawn", ~ideas.is_merged())
    said = (ideas.kept_in(its), Idea.state != "withdrawn")
    behind = _behind(workspace_id)
    row = tx.execute(
        select(
            select(func.count(Idea.id)).where(*said).scalar_subquery(),
            select(func.count(Vote.id)).join(Idea, Idea.id == Vote.idea_id).where(*said).scalar_subquery(),
            select(func.count(behind.c.member_id.distinct())).where(behind.c.theme_id == theme_id).scalar_subquery(),
        )
    ).one()
    return int(row[0]), int(row[1]), int(row[2])


def _behind(workspace_id: int) -> Subquery:
    """For queries: member_id and theme_id of everybody who raised or backed an idea there, or what went into one."""
    pairs = ideas.people(Idea.workspace_id == workspace_id).subquery("pairs")
    return (
        select(pairs.c.member_id, Idea.theme_id)
        .join(Idea, Idea.id == pairs.c.idea_id)
        .where(Idea.state != "withdrawn")
        .subquery("behind")
    )


def _customers(tx: Session, workspace_id: int, theme_id: int) -> Counter[tuple[int, bool, bool]]:
    """How many customers wrote so many messages, and raised or backed anything, and anything of this theme."""
    acts = _behind(workspace_id)
    spoken = (
        select(acts.c.member_id, func.max(case((acts.c.theme_id == theme_id, 1), else_=0)).label("wanted"))
        .group_by(acts.c.member_id)
        .subquery("spoken")
    )
    wrote = (
        select(Message.author_id, func.count(Message.id).label("messages"))
        .where(Message.workspace_id == workspace_id, Message.deleted_at.is_(None))
        .group_by(Message.author_id)
        .subquery("wrote")
    )
    rows = tx.execute(
        select(func.coalesce(wrote.c.messages, 0), spoken.c.member_id, spoken.c.wanted)
        .select_from(Member)
        .outerjoin(wrote, wrote.c.author_id == Member.id)
        .outerjoin(spoken, spoken.c.member_id == Member.id)
        .where(
            Member.workspace_id == workspace_id,
            Member.role == "customer",
            Member.is_bot.is_(False),
            Member.left_at.is_(None),
        )
    )
    return Counter((int(messages), heard is not None, bool(wanted)) for messages, heard, wanted in rows)


def thirds(customers: Counter[tuple[int, bool, bool]]) -> list[Part]:
    """The quiet, the usual and the loud third of them by messages written; whoever wrote as much is in the same part.
    Parts of which too few spoke up are one with the next."""
    total, before = customers.total(), 0
    parts = [Part(0, 0, 0)] * 3
    for messages in sorted({key[0] for key in customers}):
        of_them = {key[1:]: count for key, count in customers.items() if key[0] == messages}
        members = sum(of_them.values())
        third = min(2, int(3 * (before + members / 2) / total))  # where the middle one of them stands
        heard = sum(count for (has_spoken, _), count in of_them.items() if has_spoken)
        wanted = sum(count for (_, wants), count in of_them.items() if wants)
        parts[third] = _joined(parts[third], Part(members, heard, wanted))
        before += members
    found: list[Part] = []
    for part in parts:
        if found and min(part.heard, found[-1].heard) < LEAST_IN_A_PART:
            found[-1] = _joined(found[-1], part)
        else:
            found.append(part)
    return found


def _joined(part: Part, other: Part) -> Part:
    return Part(part.members + other.members, part.heard + other.heard, part.wanted + other.wanted)


def estimate(parts: Sequence[Part]) -> Estimate | None:
    """How many of a hundred customers want it, if in each part the silent think as those who spoke up do.

    Post-stratification: the shares of the parts count as these parts do in the membership, and not as loudly as they
    speak (D. Holt and T. M. F. Smith, "Post Stratification", Journal of the Royal Statistical Society A 142, 1979). The
    interval is Wilson's (1927), which holds for few people too, with as many voices as the unequal weights leave (Kish,
    "Survey Sampling", 1965), and narrower the fewer are silent. It does not cover that the silent may think otherwise.
    """
    members, heard = sum(part.members for part in parts), sum(part.heard for part in parts)
    if heard < LEAST_HEARD:
        return None
    share = sum(part.members / members * part.wanted / part.heard for part in parts if part.heard)
    certain = sum(part.wanted for part in parts) / members
    if heard == members:
        return Estimate(*[round(100 * share)] * 3)
    voices = 1 / sum((part.members / members) ** 2 / part.heard for part in parts if part.heard)
    voices *= (members - 1) / (members - heard)
    low, high = wilson(share * voices, voices)
    return Estimate(about=round(100 * share), low=round(100 * max(low, certain)), high=round(100 * high))


def sentences(demand: Demand) -> list[str]:
    """The three ways, each in words."""
    said = f"{counted(demand.ideas, 'idea')} and {counted(demand.votes, 'vote')}"
    times = counted(demand.ideas + demand.votes, "time")
    return [
        f"Said or backed {times}: {said}.",
        f"{counted(demand.people, 'person is', 'people are')} behind it{_of_them(demand)}.",
        _about_all(demand),
    ]


def _of_them(demand: Demand) -> str:
    """People who left are behind it too, though they are customers no more."""
    if demand.wanted == demand.people:
        return ""
    return f", {demand.wanted or 'none'} of them {'a customer' if demand.wanted == 1 else 'customers'} here now"


def _about_all(demand: Demand) -> str:
    found = demand.estimate
    if found is None:
        spoken = f"Only {demand.heard} of {counted(demand.customers, 'customer')}" if demand.heard else "No customer"
        return f"{spoken} ever said or backed anything: too few to tell what all of them want."
    if found.low == found.high:
        return f"{found.about} of 100 customers want it: all of them have spoken up."
    about = "Fewer than 1" if found.about == 0 else f"About {found.about}"
    return (
        f"{about} of 100 customers may want it ({found.low} to {found.high}), "
        "if the quiet ones think as those do who spoke up."
    )


def counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
