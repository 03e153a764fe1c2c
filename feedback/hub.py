"""The one thing everybody is handed: settings, clock, transactions, providers, the doorbell."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import structlog
from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from structlog.stdlib import BoundLogger

from feedback import outbox, sealing
from feedback.database import turn_to_write
from feedback.errors import Noted
from feedback.providers.payouts import PayoutService
from feedback.providers.slack import Slack
from feedback.providers.trackers import Tracker, over_http
from feedback.settings import Settings
from feedback.work import Account


class Doorbell(Protocol):
    """Wakes the workers. It may be deaf for a while: the sweeper rings again."""

    def ring(self, rings: Sequence[outbox.Ring]) -> None: ...


def wall_clock() -> datetime:
    """Aware UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place where the clock is read


@dataclass(frozen=True)
class Hub:
    settings: Settings
    engine: Engine
    slack: Slack
    payouts: PayoutService | None
    doorbell: Doorbell
    clock: Callable[[], datetime] = wall_clock
    tracker: Callable[[Account], Tracker] = over_http
    """GitHub or Linear, as a workspace's account has it."""
    log: BoundLogger = field(default_factory=lambda: structlog.get_logger("roundtrip"))

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Seals what it wrote about money, commits, and then rings for whatever was owed in it; rolls back on any
        exception but Noted."""
        noted: Noted | None = None
        with Session(self.engine, expire_on_commit=False) as tx:
            with turn_to_write(self.engine), tx.begin():
                try:
                    yield tx
                except Noted as error:
                    noted = error
                outbox.write_anew(tx)
                sealing.seal_written(tx)
            self.nudge(tx.info.pop(outbox.OWED, []))
        if noted is not None:
            raise noted

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """For pages: never takes the write lock, and must not write."""
        with Session(self.engine.execution_options(readonly=True), expire_on_commit=False) as tx, tx.begin():
            yield tx

    def nudge(self, rings: Sequence[outbox.Ring]) -> None:
        if rings:
            self.doorbell.ring(rings)

    @property
    def cipher(self) -> MultiFernet:
        """Encrypts what must not be read from a stolen database: gift codes and links, tokens."""
        return self._cipher_for(b"gifts:")

    @property
    def hook_cipher(self) -> MultiFernet:
        """The same for what trackers sign with, under a key of its own."""
        return self._cipher_for(b"hooks:")

    @property
    def code_key(self) -> bytes:
        """What uploaded gift codes are told apart by, without anybody being able to try codes against it."""
        return hashlib.sha256(b"codes:" + self.settings.secret_key.get_secret_value().encode()).digest()

    def _cipher_for(self, what: bytes) -> MultiFernet:
        digest = hashlib.sha256(what + self.settings.secret_key.get_secret_value().encode()).digest()
        return MultiFernet([Fernet(urlsafe_b64encode(digest))])
