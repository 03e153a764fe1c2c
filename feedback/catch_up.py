"""What was said while nobody was here to hear it, read up in the channels' own history.

Slack gives up on an event after three tries. So whenever the channels have been looked through (at every start, every
hour, and when the app is invited somewhere), each one that is listened to is read again, from LOOK_BACK before the end
of its last reading, and never from before the app listened there. What was missed is taken as if its event came now:
messages, replies, edits, mentions, reactions put and taken, deletions, people who came and went. What is known already
stays as it is, and nothing is brought back that its author took back.

What happens to older messages in the meantime is not found this way: a reaction to something said last week, an edit
of it, a reply below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from feedback import hearing, members, messages, outbox, workspaces
from feedback.errors import Refused
from models import Idea, Member, Message, Reaction, Workspace

Json = dict[str, Any]

LOOK_BACK = timedelta(days=1)
"""Most of what happens to a message happens on its first day."""
OVERLAP = timedelta(hours=1)
"""Threads without an idea are read again only if somebody replied after the last reading, or so long before it: each
costs a call."""
SETTLED = timedelta(minutes=10)
"""What is missing from Slack's answer is believed to be gone only if it is older than this. Our clock is not Slack's,
and an answer may be a little behind the events."""
ARRIVALS = ("channel_join", "group_join")
DEPARTURES = ("channel_leave", "group_leave")

log = structlog.get_logger("roundtrip")


@dataclass(frozen=True)
class Position:
    """How far the reading of one channel has got. It is kept in the row of the outbox, page by page, so that whatever
    comes between (a limit of Slack's, the end of a process) costs no more than the page that was being read.
    """

    channel_id: str
    oldest: str
    latest: str
    """When this reading began."""
    threads_after: str
    cursor: str = ""
    """Where the channel's next page begins."""
    threads: tuple[str, ...] = ()
    """Those of the last page that are still to be read. They come before the channel's next page."""
    thread_cursor: str = ""
    seeks_arrival: bool = False
    """Nobody knows yet since when the app is there: only that is looked for."""

    @property
    def thread_ts(self) -> str | None:
        return self.threads[0] if self.threads else None

    @property
    def next_cursor(self) -> str:
        return self.thread_cursor if self.threads else self.cursor

    @property
    def settled(self) -> str:
        return messages.ts_of(messages.time_of(self.latest) - SETTLED)


def soon(tx: Session, *, workspace: Workspace, now: datetime) -> None:
    """Owes a reading of every channel that is listened to. One that is under way goes on where it is."""
    for channel in workspaces.channels(tx, workspace_id=workspace.id):
        under_way = outbox.unfinished(tx, key=_key(workspace, channel.slack_id)) or {}
        if workspaces.is_listened_to(workspace, channel) and "latest" not in under_way:
            _owe(tx, workspace=workspace, now=now, channel_id=channel.slack_id)


def _owe(tx: Session, *, workspace: Workspace, now: datetime, channel_id: str, **position: Any) -> None:
    key = _key(workspace, channel_id)
    ids = {"channel_id": channel_id, **position}
    outbox.owe_again(tx, workspace_id=workspace.id, kind="channel.catch_up", key=key, now=now, **ids)


def _key(workspace: Workspace, channel_id: str) -> str:
    return f"catch_up:{workspace.id}:{channel_id}"


def position(tx: Session, *, workspace: Workspace, ids: Json, now: datetime) -> Position | None:
    """What is to be read next, from the row's `ids`; None where nobody listens any more."""
    channel_id = ids["channel_id"]
    if not workspaces.hears(tx, workspace=workspace, channel_id=channel_id, now=now, is_event=False):
        return None
    if "latest" in ids:
        known = {field.name: ids[field.name] for field in fields(Position)}
        return Position(**{**known, "threads": tuple(known["threads"])})
    channel = workspaces.channel_of(tx, workspace=workspace, channel_id=channel_id)
    since, latest = channel.listens_since, messages.ts_of(now)
    if since is None:
        return Position(channel_id, messages.ts_of(workspace.joined_at), latest, latest, seeks_arrival=True)
    read_to = channel.caught_up_to or since
    return Position(
        channel_id,
        oldest=messages.ts_of(max(since, read_to - LOOK_BACK)),
        latest=latest,
        threads_after=messages.ts_of(max(since, read_to - OVERLAP)),
    )


def to_take(*, workspace: Workspace, at: Position, listed: Sequence[Json]) -> list[Json]:
    """The oldest first. Nothing before it is known since when the app is there."""
    if at.seeks_arrival or _arrivals(workspace, at, listed):
        return []
    return sorted(listed, key=lambda said: str(said["ts"]))


def _arrivals(workspace: Workspace, at: Position, listed: Sequence[Json]) -> list[str]:
    """When the app came since the reading's beginning, as Slack has written it into the channel."""
    arrivals = [said for said in listed if said.get("subtype") in ARRIVALS and said["ts"] > at.oldest]
    return [said["ts"] for said in arrivals if said.get("user") == workspace.bot_user_id]


def take(tx: Session, *, workspace: Workspace, at: Position, said: Json, now: datetime) -> None:
    """One message as it stands now, with the reactions on it: what we do not know of it yet, and nothing else."""
    if said.get("subtype") == "tombstone":
        hearing.deleted(tx, workspace=workspace, channel_id=at.channel_id, ts=said["ts"], now=now)
        return
    if messages.is_by_a_person(said):
        _take_words(tx, workspace=workspace, channel_id=at.channel_id, said=said, now=now)
    if (
        said.get("subtype") in ARRIVALS + DEPARTURES
        and said.get("user", workspace.bot_user_id) != workspace.bot_user_id
    ):
        _take_move(tx, workspace=workspace, channel_id=at.channel_id, said=said, now=now)
    _take_reactions(tx, workspace=workspace, at=at, said=said, now=now)


def _take_move(tx: Session, *, workspace: Workspace, channel_id: str, said: Json, now: datetime) -> None:
    """Somebody came or went, which Slack writes into the channel in their name."""
    member = members.meet(tx, workspace=workspace, slack_id=said["user"], now=now)
    at, is_back = messages.time_of(said["ts"]), said["subtype"] in ARRIVALS
    members.left_channel(tx, workspace=workspace, member=member, channel_id=channel_id, at=at, is_back=is_back)


def _take_words(tx: Session, *, workspace: Workspace, channel_id: str, said: Json, now: datetime) -> None:
    facts = messages.said_in(said, channel_id)
    where: dict[str, Any] = {"workspace_id": workspace.id, "channel_id": channel_id}
    messages.take_turns(tx, **where, ts=facts.ts, thread_ts=facts.thread_ts)
    known = messages.find(tx, workspace=workspace, channel_id=channel_id, ts=facts.ts)
    message = known or hearing.heard(tx, workspace=workspace, said=facts, now=now)
    is_edited = "edited" in said
    if is_edited:
        edited_at = messages.time_of(said["edited"]["ts"])
        hearing.edited(tx, workspace=workspace, said=facts, edited_at=edited_at, now=now)
    # A mention that may have been edited into something which was heard without it addresses nobody.
    if message.author is None or message.deleted_at or (known and is_edited):
        return
    if messages.names(facts.text, workspace.bot_user_id):
        with _noting_refusals(message.channel_id, message.ts):
            hearing.mentioned(tx, workspace=workspace, message=message, by=message.author, now=now, is_late=True)


def _take_reactions(tx: Session, *, workspace: Workspace, at: Position, said: Json, now: datetime) -> None:
    """Slack lists who reacted, and not when. One that we never heard of counts from the message's own ts, so that every
    event about it is newer. One that is listed no more is believed to be gone since SETTLED before the reading; and
    one that is listed again, to be back since then."""
    where: dict[str, Any] = {"workspace": workspace, "channel_id": at.channel_id, "ts": said["ts"], "now": now}
    where["is_late"] = True
    listed = [(user, messages.one_name(each["name"])) for each in _reactions(said) for user in each["users"]]
    known = _known_reactions(tx, workspace_id=workspace.id, channel_id=at.channel_id, ts=said["ts"])
    for user, name in listed:
        before = known.get((user, name))
        if before is None or (not before.stands and before.event_ts < at.settled):
            member = members.meet(tx, workspace=workspace, slack_id=user, now=now)
            event_ts = at.settled if before else said["ts"]
            with _noting_refusals(at.channel_id, said["ts"]):
                hearing.reacted(tx, **where, member=member, name=name, stands=True, event_ts=event_ts)
    for (user, name), reaction in known.items():
        if reaction.stands and reaction.event_ts < at.settled and _is_gone(said, user, name):
            member = members.get(tx, member_id=reaction.member_id)
            hearing.reacted(tx, **where, member=member, name=name, stands=False, event_ts=at.settled)


def _reactions(said: Json) -> Sequence[Json]:
    return said.get("reactions") or []


def _known_reactions(tx: Session, *, workspace_id: int, channel_id: str, ts: str) -> dict[tuple[str, str], Reaction]:
    """By the person's Slack id and the emoji's name."""
    found = tx.execute(
        select(Member.slack_id, Reaction)
        .join(Member, Member.id == Reaction.member_id)
        .where(Reaction.workspace_id == workspace_id, Reaction.channel_id == channel_id, Reaction.ts == ts)
        .order_by(Reaction.id)
    )
    return {(slack_id, reaction.name): reaction for slack_id, reaction in found}


def _is_gone(said: Json, user: str, name: str) -> bool:
    """Slack counts all who reacted, and names some fifty of them at most: whoever it does not name may still be one."""
    plain = name.partition("::")[0]
    alike = [each for each in _reactions(said) if messages.is_reaction(messages.one_name(each["name"]), plain)]
    return all(user not in each["users"] and each["count"] == len(each["users"]) for each in alike)


def end_page(
    tx: Session, *, workspace: Workspace, at: Position, listed: Sequence[Json], next_cursor: str, now: datetime
) -> None:
    """After all its messages were taken, and those that are missing: the next page is owed."""
    if at.seeks_arrival or _arrivals(workspace, at, listed):
        _arrive(tx, workspace=workspace, at=at, listed=listed, now=now)
        return
    following = _next(tx, workspace_id=workspace.id, at=at, listed=listed, next_cursor=next_cursor)
    if following:
        _owe(tx, workspace=workspace, now=now, **asdict(following))
        return
    channel = workspaces.channel_of(tx, workspace=workspace, channel_id=at.channel_id)
    channel.caught_up_to = messages.time_of(at.latest)


def _arrive(tx: Session, *, workspace: Workspace, at: Position, listed: Sequence[Json], now: datetime) -> None:
    """The app came (back) while nobody was here to hear of it. Slack has written it into the channel: if that is among
    these messages the app listens since then, and else since now, so that nobody's past is read by mistake.

    The reading begins again, and comes to its end: of what is read then, nothing is older than the app's coming.
    """
    found = _arrivals(workspace, at, listed)
    since = messages.time_of(max(found)) if found else now
    channel = workspaces.channel_of(tx, workspace=workspace, channel_id=at.channel_id)
    channel.listens_since = max(since, channel.listens_since or since)
    _owe(tx, workspace=workspace, now=now, channel_id=at.channel_id)


def missing(
    tx: Session, *, workspace: Workspace, at: Position, listed: Sequence[Json], next_cursor: str
) -> Sequence[str]:
    """The ts of what we stored and Slack does not list. Where the reading is one page, within its bounds; of several,
    between the first and the last message of each, in whichever direction they come."""
    if at.seeks_arrival or _arrivals(workspace, at, listed):
        return []
    there = sorted(said["ts"] for said in listed if said["ts"] != at.thread_ts)
    after, before = at.oldest, at.latest
    if at.next_cursor or next_cursor:
        after, before = (there[0], there[-1]) if there else (at.latest, at.latest)
    if at.thread_ts and not listed:
        return []  # the thread itself is gone, and what became of its replies is not known
    stored = tx.scalars(
        select(Message.ts)
        .where(
            Message.workspace_id == workspace.id,
            Message.channel_id == at.channel_id,
            Message.thread_ts == at.thread_ts if at.thread_ts else Message.thread_ts.is_(None),
            Message.deleted_at.is_(None),
            Message.ts > after,
            Message.ts < min(before, at.settled),
        )
        .order_by(Message.ts)
    )
    return [ts for ts in stored if ts not in set(there)]


def _next(tx: Session, *, workspace_id: int, at: Position, listed: Sequence[Json], next_cursor: str) -> Position | None:
    """None at the end."""
    if at.threads and next_cursor:
        return replace(at, thread_cursor=next_cursor)
    if at.threads:
        following = replace(at, threads=at.threads[1:], thread_cursor="")
    else:
        threads = _threads_to_read(tx, workspace_id=workspace_id, at=at, listed=listed)
        following = replace(at, threads=threads, cursor=next_cursor)
    return following if following.threads or following.cursor else None


def _threads_to_read(tx: Session, *, workspace_id: int, at: Position, listed: Sequence[Json]) -> tuple[str, ...]:
    """Where somebody has replied since; where we know a reply that is newer than Slack's newest, so that it must have
    been deleted; and where an idea was said or has its receipt, because what is done to those counts."""
    known = (Message.workspace_id == workspace_id, Message.channel_id == at.channel_id, Message.deleted_at.is_(None))
    found = tx.execute(
        select(Message.thread_ts, func.max(Message.ts).label("newest"))
        .where(*known, Message.thread_ts.in_([said["ts"] for said in listed]))
        .group_by(Message.thread_ts)
    )
    newest = {thread.thread_ts: thread.newest for thread in found}
    latest = {said["ts"]: said.get("latest_reply") or "" for said in listed}
    began = func.coalesce(Message.thread_ts, Message.ts)
    holding = set(tx.scalars(select(began).join(Idea).where(*known, began.in_(latest))))
    return tuple(
        ts
        for ts in latest
        if latest[ts] > at.threads_after or newest.get(ts, "") > latest[ts] or (latest[ts] and ts in holding)
    )


@contextmanager
def _noting_refusals(channel_id: str, ts: str) -> Iterator[None]:
    """Nobody is waiting for an answer any more, so the reason is kept where the operator looks."""
    try:
        yield
    except Refused as refused:
        log.info("capture.refused", reason=refused.say, channel=channel_id, ts=ts)
