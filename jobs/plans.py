"""What a row of the outbox asks for, once it has been looked up: one call to Slack, or a piece of work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from feedback.blocks import Json, Message
from feedback.hub import Hub
from feedback.loop import Address
from feedback.outbox import Claim
from feedback.providers import CALL_SECONDS, Impossible, NotDone
from feedback.providers.slack import Posted

Tx = Any
"""A session of the database. Jobs hand it on to the domain and never ask it anything themselves."""


class Plan(Protocol):
    @property
    def target(self) -> str | None:
        """The conversation whose seconds it needs; None where nobody counts."""

    def carry_out(self, hub: Hub, claim: Claim) -> Posted | None:
        """With no transaction open. Raises NotDone, Unknown or Impossible."""

    def record(self, tx: Tx, posted: Posted | None, now: datetime) -> None: ...

    def give_up(self, tx: Tx, error: Impossible, now: datetime) -> bool:
        """Slack or the service refused for good. True where it should be planned again, another way."""


@dataclass(frozen=True)
class Later:
    """It is not its turn yet, which uses up none of its tries: it is night where they are, or something else comes
    first."""

    until: datetime


@dataclass(frozen=True)
class Post:
    """A message that must be posted once. To a thread or channel, or (channel None) to a person alone."""

    message: Message | None
    """None: it is not owed any more. Only if an earlier try may have posted it, somebody has to look."""
    user_id: str
    channel_id: str | None
    thread_ts: str | None
    when_posted: Callable[[Tx, Posted, datetime], None]
    when_refused: Callable[[Tx, Impossible], bool] = lambda tx, error: False
    look_again: Callable[[Tx], Message] | None = None
    """What it would say by now; None where it always says the same."""
    when_outdated: Callable[[Tx, datetime], None] = lambda tx, now: None
    """Owes a fresh look where something changed while it was on its way."""
    elsewhere: Sequence[Address] = ()
    """Where an earlier try may have put it, because it was to go there then."""
    when_not_posted: Callable[[Tx, datetime], None] = lambda tx, now: None
    """Nothing was owed, and no earlier try had posted it."""
    is_one_of_many: bool = False
    """It keeps to the pace of the whole workspace, beside that of its conversation."""

    @property
    def target(self) -> str | None:
        return (self.channel_id or self.user_id) if self.message else None

    def carry_out(self, hub: Hub, claim: Claim) -> Posted | None:
        """Where an earlier try may have had its effect, looks for it first: a second post is worse than a late one."""
        found = self._find(hub, claim) if claim.is_unknown else None
        if found is not None or self.message is None:
            return found
        channel_id = self.channel_id or self.user_id  # Slack takes a person for the conversation with them
        if hub.clock() + timedelta(seconds=CALL_SECONDS) > claim.lease_until:
            raise NotDone("too late to be sure that nobody else does it")
        return hub.slack.post(
            channel_id=channel_id,
            text=self.message.text,
            blocks=self.message.blocks,
            key=claim.key,
            thread_ts=self.thread_ts,
        )

    def _find(self, hub: Hub, claim: Claim) -> Posted | None:
        here = Address(self.channel_id, self.thread_ts)
        for place in (*(place for place in self.elsewhere if place != here), here):
            try:
                found = hub.slack.find_posted(
                    channel_id=place.channel_id or hub.slack.open_dm(self.user_id),
                    thread_ts=place.thread_ts,
                    key=claim.key,
                    since=claim.first_tried_at,
                )
            except Impossible:
                if place == here and self.message is not None:
                    raise
                continue  # it is gone, or we are: whatever stands there, nobody can change it any more
            if found:
                return found
        return None

    def record(self, tx: Tx, posted: Posted | None, now: datetime) -> None:
        if posted is None:
            self.when_not_posted(tx, now)
            return
        self.when_posted(tx, posted, now)
        if posted.is_old or (self.look_again is not None and self.look_again(tx) != self.message):
            self.when_outdated(tx, now)

    def give_up(self, tx: Tx, error: Impossible, now: datetime) -> bool:
        return self.when_refused(tx, error)


@dataclass(frozen=True)
class Update:
    """Shows how things stand now; twice is the same as once."""

    message: Message
    channel_id: str
    ts: str
    target = None

    def carry_out(self, hub: Hub, claim: Claim) -> None:
        hub.slack.update(channel_id=self.channel_id, ts=self.ts, text=self.message.text, blocks=self.message.blocks)

    def record(self, tx: Tx, posted: Posted | None, now: datetime) -> None:
        """Nothing to remember."""

    def give_up(self, tx: Tx, error: Impossible, now: datetime) -> bool:
        return False


@dataclass(frozen=True)
class Whisper:
    """A question that one person sees in a channel. At most once: what became of an earlier try cannot be looked up,
    and being asked twice is worse than not being asked."""

    message: Message
    user_id: str
    channel_id: str
    thread_ts: str | None
    when_shown: Callable[[Tx], None]
    when_lost: Callable[[Tx], None]
    """It was refused, or may have been shown or not."""
    target = None

    def carry_out(self, hub: Hub, claim: Claim) -> Posted | None:
        if claim.is_unknown:
            return None
        hub.slack.whisper(
            channel_id=self.channel_id,
            user_id=self.user_id,
            text=self.message.text,
            blocks=self.message.blocks,
            thread_ts=self.thread_ts,
        )
        return Posted(self.channel_id, "")

    def record(self, tx: Tx, posted: Posted | None, now: datetime) -> None:
        (self.when_shown if posted else self.when_lost)(tx)

    def give_up(self, tx: Tx, error: Impossible, now: datetime) -> bool:
        """Then nobody needs to know: planned again, there is nothing to do."""
        self.when_lost(tx)
        return True


@dataclass(frozen=True)
class Publish:
    """A person's App Home."""

    view: Json
    user_id: str
    target = None

    def carry_out(self, hub: Hub, claim: Claim) -> None:
        hub.slack.publish_home(self.user_id, self.view)

    def record(self, tx: Tx, posted: Posted | None, now: datetime) -> None:
        """Nothing to remember."""

    def give_up(self, tx: Tx, error: Impossible, now: datetime) -> bool:
        return False


@dataclass(frozen=True)
class Work:
    """Anything that opens its own transactions and may run twice."""

    run: Callable[[], None]
    when_refused: Callable[[Tx, Impossible, datetime], None] = lambda tx, error, now: None
    target = None

    def carry_out(self, hub: Hub, claim: Claim) -> None:
        self.run()

    def record(self, tx: Tx, posted: Posted | None, now: datetime) -> None:
        """The work has recorded its own outcome."""

    def give_up(self, tx: Tx, error: Impossible, now: datetime) -> bool:
        self.when_refused(tx, error, now)
        return False
