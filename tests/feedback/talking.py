"""Talk in the channels, heard as its events would be, and what a judge would find of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from feedback import hearing, judgements
from feedback.hub import Hub
from feedback.judgements import ToJudge
from feedback.messages import Said
from models import Channel, Judgement, Outbox
from tests.conftest import workspace_of
from tests.feedback.scene import Scene

WISH = "Please make a refill for the pump"


class Talk:
    """What a judge would find is given."""

    def __init__(self, hub: Hub, scene: Scene) -> None:
        self.hub, self.scene, self.now = hub, scene, hub.clock
        self.mode("team")

    def mode(self, mode: str, channel: str = "C0IDEAS") -> None:
        with self.hub.transaction() as tx:
            tx.scalars(select(Channel).where(Channel.slack_id == channel)).one().capture = mode

    def say(self, who: str, text: str, below: Said | None = None, channel: str = "C0IDEAS") -> Said:
        self.scene.said += 1
        ts = f"{int(self.now().timestamp())}.{self.scene.said:06}"
        said = Said(channel, ts, below.ts if below else None, f"U0{who.upper()}", text)
        with self.hub.transaction() as tx:
            hearing.heard(tx, workspace=workspace_of(tx), said=said, now=self.now())
        return said

    def edit(self, said: Said, text: str) -> None:
        facts = Said(said.channel_id, said.ts, said.thread_ts, said.author_id, text)
        with self.hub.transaction() as tx:
            hearing.edited(tx, workspace=workspace_of(tx), said=facts, edited_at=self.now(), now=self.now())

    def delete(self, said: Said) -> None:
        with self.hub.transaction() as tx:
            where = {"channel_id": said.channel_id, "ts": said.ts}
            hearing.deleted(tx, workspace=workspace_of(tx), **where, now=self.now())

    def key(self, said: Said) -> str:
        with self.hub.transaction() as tx:
            return f"judge:{self.scene.message(tx, said).id}"

    def seen(self, said: Said) -> ToJudge | None:
        with self.hub.transaction() as tx:
            return judgements.to_judge(tx, message_id=self.scene.message(tx, said).id)

    def judged(self, said: Said, probability: float = 0.7, kind: str | None = "idea") -> Judgement | None:
        """As the worker would."""
        seen = self.seen(said)
        if seen is None:
            return None
        with self.hub.transaction() as tx:
            facts: dict[str, Any] = {"kind": kind, "probability": probability, "version": "v"}
            judgements.keep(tx, seen=seen, **facts, now=self.now())
        return self.of(said)

    def of(self, said: Said) -> Judgement | None:
        with self.hub.transaction() as tx:
            message = self.scene.message(tx, said)
            return tx.scalars(select(Judgement).where(Judgement.message_id == message.id)).one_or_none()

    def answer(self, found: Judgement | None, who: str, keep: bool) -> bool:
        assert found is not None
        with self.hub.transaction() as tx:
            member = self.scene.member(tx, who)
            return judgements.answer(tx, judgement_id=found.id, member=member, keep=keep, now=self.now())

    def review(self, found: Judgement | None, kind: str, who: str = "Bo") -> None:
        assert found is not None
        with self.hub.transaction() as tx:
            judgements.review(tx, judgement_id=found.id, kind=kind, by=self.scene.member(tx, who), now=self.now())

    def correct(self, idea_id: int, kind: str, who: str = "Bo") -> None:
        with self.hub.transaction() as tx:
            judgements.correct(tx, idea_id=idea_id, kind=kind, by=self.scene.member(tx, who), now=self.now())

    def all(self, model: Any) -> list[Any]:
        with self.hub.reading() as tx:
            return list(tx.scalars(select(model).order_by(model.id)))

    def owed(self, kind: str) -> list[str]:
        with self.hub.reading() as tx:
            return list(tx.scalars(select(Outbox.key).where(Outbox.kind == kind).order_by(Outbox.id)))

    def outbox(self, tx: Session, key: str) -> Outbox:
        return tx.scalars(select(Outbox).where(Outbox.key == key)).one()

    @contextmanager
    def turns(self) -> Iterator[list[str]]:
        """At what somebody takes a turn meanwhile. None on SQLite, where only one writes anyway."""
        taken: list[str] = []

        def note(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
            if "pg_advisory_xact_lock" in statement:
                taken.append(next(value for value in parameters.values() if isinstance(value, str)))

        event.listen(self.hub.engine, "before_cursor_execute", note)
        yield taken
        event.remove(self.hub.engine, "before_cursor_execute", note)
