"""Short words for what tests of the domain do all the time: somebody says something, somebody captures it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import changes, ideas, loop, messages
from feedback.hub import Hub
from feedback.messages import Said
from feedback.overview import ideas as overview
from models import Change, Idea, Member, Message, Notice, Outbox, Reward
from tests.conftest import try_out, workspace_of


@dataclass
class Scene:
    hub: Hub
    said: int = 0

    @contextmanager
    def tx(self) -> Iterator[Session]:
        with self.hub.transaction() as tx:
            yield tx

    def member(self, tx: Session, name: str) -> Member:
        return tx.scalars(select(Member).where(Member.name == name)).one()

    def say(self, who: str, text: str, channel: str = "C0IDEAS", thread_ts: str | None = None, **more: Any) -> Said:
        """Somebody says something, and it is stored."""
        self.said += 1
        ts = more.pop("ts", f"{int(self.hub.clock().timestamp())}.{self.said:06}")
        said = Said(channel, ts, thread_ts, f"U0{who.upper()}", text, more.pop("files", ()))
        with self.tx() as tx:
            messages.hear(tx, workspace=workspace_of(tx), said=said, now=self.hub.clock())
        return said

    def idea(self, who: str = "Ana", text: str = "Please make a refill for the pump.", by: str | None = None) -> int:
        """Somebody says it and somebody (else) captures it. Returns the idea's id."""
        return self.capture(self.say(who, text), by or who)

    def capture(self, said: Said, by: str) -> int:
        with self.tx() as tx:
            found, _ = ideas.capture(
                tx,
                workspace=workspace_of(tx),
                message=self.message(tx, said),
                captured_by=self.member(tx, by),
                captured_with="reaction",
                now=self.hub.clock(),
            )
            return found.id

    def message(self, tx: Session, said: Said) -> Message:
        found = messages.find(tx, workspace=workspace_of(tx), channel_id=said.channel_id, ts=said.ts)
        assert found is not None
        return found

    def vote(self, idea_id: int, who: str) -> bool:
        with self.tx() as tx:
            return ideas.vote(
                tx, workspace=workspace_of(tx), idea_id=idea_id, member=self.member(tx, who), now=self.hub.clock()
            )

    def react(self, said: Said, who: str, name: str = "+1", stands: bool = True, event_ts: str = "1.0") -> None:
        with self.tx() as tx:
            where: dict[str, Any] = {"workspace": workspace_of(tx), "channel_id": said.channel_id, "ts": said.ts}
            member = self.member(tx, who)
            if messages.react(tx, **where, member=member, name=name, stands=stands, event_ts=event_ts):
                ideas.count_reaction(tx, **where, member=member, now=self.hub.clock())

    def merge(self, idea_id: int, into_id: int, by: str = "Bo") -> int:
        """Returns the merge's id."""
        with self.tx() as tx:
            who, now = self.member(tx, by), self.hub.clock()
            return ideas.merge(tx, by=who, idea_id=idea_id, into_id=into_id, now=now).id

    def undo(self, merge_id: int, by: str = "Bo") -> None:
        with self.tx() as tx:
            ideas.undo(tx, by=self.member(tx, by), merge_id=merge_id, now=self.hub.clock())

    def inbox(self) -> dict[int, list[int]]:
        """The ideas that are shown there, each with what is shown below it."""
        with self.hub.reading() as tx:
            page = overview.inbox(tx, workspace_id=workspace_of(tx).id, number=1)
            return {row.idea.id: [other.id for other in row.merged] for row in page.rows}

    def voters(self, idea_id: int) -> list[str]:
        with self.tx() as tx:
            return [member.name for member in ideas.votes(tx, idea_id=idea_id)]

    def ship(self, *idea_ids: int, by: str = "Cy", summary: str = "Refill pouches are in the shop.") -> int:
        with self.tx() as tx:
            change = changes.ship(tx, by=self.member(tx, by), summary=summary, idea_ids=idea_ids, now=self.hub.clock())
            return change.id

    def tell_all(self, change_id: int) -> dict[str, int]:
        """Every notice as posted. Returns the notices' ids by name."""
        with self.tx() as tx:
            notices = tx.scalars(select(Notice).where(Notice.change_id == change_id)).all()
            for notice in notices:
                loop.told(tx, notice_id=notice.id, channel_id="C0IDEAS", ts=f"{notice.id}.0", now=self.hub.clock())
            return {notice.member.name: notice.id for notice in notices}

    def answer(self, notice_id: int, who: str, verdict: str = "better", why: str = "") -> None:
        with self.tx() as tx:
            member = self.member(tx, who)
            loop.answer(tx, notice_id=notice_id, member=member, verdict=verdict, why=why, now=self.hub.clock())

    def get_idea(self, idea_id: int) -> Idea:
        with self.hub.reading() as tx:
            return tx.get_one(Idea, idea_id)

    def try_out(self) -> None:
        """Somebody of the team finds that it works, so that rewards vest."""
        with self.tx() as tx:
            try_out(tx, now=self.hub.clock())

    def reward(self) -> Reward:
        with self.hub.reading() as tx:
            return tx.scalars(select(Reward)).one()

    def owed(self, kind: str) -> list[dict[str, Any]]:
        with self.hub.reading() as tx:
            return [row.payload for row in tx.scalars(select(Outbox).where(Outbox.kind == kind).order_by(Outbox.id))]

    def changes(self) -> list[Change]:
        with self.hub.reading() as tx:
            return list(tx.scalars(select(Change).order_by(Change.id)))
