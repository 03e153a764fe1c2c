"""How far the telling of a change has come, and what a preview of it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, String, case, cast, func, literal, select
from sqlalchemy.orm import Session, joinedload

from feedback import loop, outbox
from feedback.overview import Page
from feedback.overview.ideas import owed
from models import Announcement, Change, Channel, Idea, Member, Message, Notice, Outbox, Reply, Stop

PEOPLE_ON_A_PAGE = 100


@dataclass(frozen=True)
class Row:
    """One person of a preview."""

    planned: loop.Planned
    words: str
    """As they will read it, without Slack's marks."""
    where: str


@dataclass(frozen=True)
class Sending:
    """How the people of one change have been told, or not."""

    told: int
    waiting: int
    """Owed by itself, and not told yet."""
    in_digest: int
    undelivered: int
    dropped: int
    """Not told any more: they left, took back what they said, want to hear less by now, or it did not help those who
    were asked first."""
    stop: Stop | None
    announcement: Announcement | None

    @property
    def is_going_on(self) -> bool:
        return self.stop is None and self.waiting > self.undelivered


def counts(people: Sequence[loop.Planned]) -> dict[str, int]:
    """By way: in a thread, alone, in the digest, not at all."""
    return Counter(_way(planned) for planned in people)


def _way(planned: loop.Planned) -> str:
    if planned.way is None:
        return "not at all"
    if planned.way.how == "digest":
        return "digest"
    return "thread" if planned.address.channel_id else "alone"


def places(tx: Session, *, workspace_id: int, people: Sequence[loop.Planned]) -> list[tuple[str, str]]:
    """The name of each of those people, and where they will hear."""
    names = _channel_names(tx, workspace_id)
    return [(planned.hearer.member.name, _where(planned, names)) for planned in people]


def _channel_names(tx: Session, workspace_id: int) -> dict[str, str]:
    found = tx.execute(select(Channel.slack_id, Channel.name).where(Channel.workspace_id == workspace_id))
    return {row.slack_id: row.name for row in found}


def rows(
    tx: Session,
    *,
    workspace_id: int,
    people: Sequence[loop.Planned],
    facts: dict[str, str],
    number: int,
) -> Page[Row]:
    """A page of those people with what they will read. `facts`: the words of the change, its news and its link."""
    size = PEOPLE_ON_A_PAGE
    number = max(1, min(number, -(-len(people) // size)))
    shown = people[(number - 1) * size : number * size]
    names = _channel_names(tx, workspace_id)
    authors = {idea.author_id for idea in (planned.hearer.idea for planned in shown)}
    tx.scalars(select(Member).where(Member.id.in_(authors))).all()  # read once, for all the rows below
    together: dict[int, list[loop.Planned]] = {}
    for planned in people:
        if planned.group is not None:
            together.setdefault(planned.group, []).append(planned)
    found_rows = [
        Row(
            planned,
            _read(together.get(-1 if planned.group is None else planned.group, []), planned, facts),
            _where(planned, names),
        )
        for planned in shown
    ]
    return Page(found_rows, number, len(people), size)


def _read(others: Sequence[loop.Planned], planned: loop.Planned, facts: dict[str, str]) -> str:
    """`others`: with whom they share a post, themself among them; nobody where they read it by themself."""
    hearer = planned.hearer
    if planned.group is None:
        on = _day(hearer.idea.created_at)
        said = loop.words.how_they_are_part(
            raised_it=hearer.raised_it, because=hearer.because, date=on, author=hearer.idea.author.name
        )
        names, quoted = f"@{hearer.member.name}", [hearer.idea]
    else:
        first = {other.hearer.idea.id: other.hearer.idea for other in others}
        on = _day(min(idea.created_at for idea in first.values()))
        said = loop.words.of_several(date=on)
        names = loop.words.listed([f"@{other.hearer.member.name}" for other in others])
        quoted = list(first.values())[: loop.words.MOST_QUOTES]
    quotes = " ".join(f"“{' '.join(idea.text.split())[:280]}”" for idea in quoted)
    places = {"name": names, "said": said, "date": on, "words": quotes, "news": facts["summary"], "link": facts["url"]}
    return loop.words.fill(facts["words"], places).replace("*", "")


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"


def _where(planned: loop.Planned, names: dict[str, str]) -> str:
    way = _way(planned)
    if way == "thread":
        place = f"in the thread in #{names.get(planned.address.channel_id or '', 'a channel')}"
        return f"{place}, together with others" if planned.group is not None else place
    return {"alone": "in a message to them alone", "digest": "in their weekly digest", "not at all": "nowhere"}[way]


def sending(tx: Session, *, change: Change) -> Sending:
    """In five queries, however many people they are."""
    mine = (Notice.change_id == change.id,)
    told = tx.scalar(select(func.count(Notice.told_at)).where(*mine)) or 0
    found = tx.execute(
        select(Notice.how, func.count().label("people"))
        .join(Member, Member.id == Notice.member_id)
        .join(Idea, Idea.id == Notice.idea_id)
        .where(*mine, *owed())
        .group_by(Notice.how)
    )
    by_how = {row.how: row.people for row in found}
    total = tx.scalar(select(func.count(Notice.id)).where(*mine)) or 0
    failed = select(func.count(Notice.id)).join(Outbox, Outbox.key == _key()).where(*mine, Notice.told_at.is_(None))
    undelivered = tx.scalar(failed.where(outbox.did_not_get_through())) or 0
    stop = tx.scalars(
        select(Stop).where(Stop.change_id == change.id, Stop.ended_at.is_(None)).options(joinedload(Stop.stopped_by))
    ).one_or_none()
    announcement = tx.scalars(select(Announcement).where(Announcement.change_id == change.id)).one_or_none()
    waiting, in_digest = by_how.get("now", 0), by_how.get("digest", 0)
    dropped = total - told - waiting - in_digest
    return Sending(told, waiting, in_digest, undelivered, dropped, stop, announcement)


def _key() -> ColumnElement[str]:
    """What a notice is owed under."""
    alone = literal("notice:") + cast(Notice.id, String)
    return case((Notice.post_id.is_(None), alone), else_=literal("notice_post:") + cast(Notice.post_id, String))


@dataclass(frozen=True)
class Said:
    """What somebody answered who was asked to say more: in the form, or below the question."""

    member: Member
    text: str
    at: datetime
    question: str


def replies(tx: Session, *, idea_ids: Sequence[int]) -> list[Said]:
    """To questions about these ideas, the first one first. Two queries."""
    asked = (Notice.idea_id.in_(idea_ids), Change.kind == "asked")
    formal = tx.execute(
        select(Reply, Member, Change.summary)
        .join(Notice, Notice.id == Reply.notice_id)
        .join(Change, Change.id == Notice.change_id)
        .join(Member, Member.id == Notice.member_id)
        .where(*asked)
    )
    found = [Said(member, reply.text, reply.given_at, question) for reply, member, question in formal]
    asked_about = select(Message.thread_ts, Message.ts, Idea.id.label("idea_id")).join(
        Idea, Idea.message_id == Message.id
    )
    origin = asked_about.subquery()
    below = tx.execute(
        select(Message, Member, Change.summary)
        .join(Member, Member.id == Message.author_id)
        .join(Notice, Notice.member_id == Member.id)
        .join(Change, Change.id == Notice.change_id)
        .outerjoin(origin, origin.c.idea_id == Notice.idea_id)
        .where(
            *asked,
            Message.workspace_id == Notice.workspace_id,
            Message.channel_id == Notice.channel_id,
            (Message.thread_ts == Notice.ts) | (Message.thread_ts == func.coalesce(origin.c.thread_ts, origin.c.ts)),
            Message.ts > Notice.ts,
            Message.deleted_at.is_(None),
        )
    )
    found += [Said(member, message.text, message.posted_at, question) for message, member, question in below]
    return sorted(found, key=lambda said: said.at)
