"""Coupon codes that a manager uploads as a list. Each is given once, and shown to nobody but its receiver.

Nothing here says a code: a row of the list is named by its number.
"""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cryptography.fernet import InvalidToken, MultiFernet
from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from feedback import access, audit, once, outbox
from feedback.database import in_pieces
from feedback.errors import Refused
from feedback.rewards import amounts
from feedback.typed import day_of
from models import GiftCode, Member, Payout, Reward

COLUMNS = ("code", "amount", "currency", "expires")
MOST_CODES = 2_000
MOST_CHARACTERS = 200_000
LONGEST_CODE = 200
LONGEST_NAME = 60
SEALED_FOR = timedelta(hours=1)
"""How long a list that was looked through may wait for its yes."""


@dataclass(frozen=True)
class Line:
    """A row of the list, looked at."""

    number: int
    """As the list counts: its heading is row 1."""
    wrong: str
    """Why it is left out; empty where it can be taken."""
    code: str = ""
    digest: str = ""
    amount_cents: int = 0
    currency: str = ""
    expires_on: date | None = None


def look_through(
    tx: Session, *, manager: Member, text: str, batch: str, key: bytes, cipher: MultiFernet, now: datetime
) -> tuple[list[Line], str]:
    """What the list holds, and the list itself, sealed: so it goes along with the page that shows what it holds, and
    comes back with the yes. Nothing is stored. `key`: what codes are told apart by."""
    access.check_manage(manager)
    name = batch.strip()
    if not name:
        raise Refused("Give the list a name, like “Coffee cards, May”.", "batch")
    if len(name) > LONGEST_NAME:
        raise Refused(f"Please keep it under {LONGEST_NAME} characters.", "batch")
    found = _lines(tx, workspace_id=manager.workspace_id, text=text, key=key, today=now.date())
    facts = {"by": manager.id, "at": now.isoformat(), "batch": name, "text": text}
    return found, cipher.encrypt(json.dumps(facts).encode()).decode()


def take_in(tx: Session, *, manager: Member, sealed: str, key: bytes, cipher: MultiFernet, now: datetime) -> int:
    """Keeps what can be taken of a list that was looked through. How many; a second time there is nothing new. Whoever
    waits for one of them gets it now."""
    access.check_manage(manager)
    try:
        facts = json.loads(cipher.decrypt(sealed.encode()))
    except InvalidToken:
        facts = {}
    if facts.get("by") != manager.id or datetime.fromisoformat(facts["at"]) + SEALED_FOR < now:
        raise Refused("That was looked through too long ago. Choose the list again.", "file")
    lines = _lines(tx, workspace_id=manager.workspace_id, text=facts["text"], key=key, today=now.date())
    rows = [
        {
            "workspace_id": manager.workspace_id,
            "batch": facts["batch"],
            "code": cipher.encrypt(line.code.encode()).decode(),
            "digest": line.digest,
            "amount_cents": line.amount_cents,
            "currency": line.currency,
            "expires_on": line.expires_on,
            "uploaded_by_id": manager.id,
            "uploaded_at": now,
        }
        for line in lines
        if not line.wrong
    ]
    _clear(tx, manager.workspace_id, [str(row["digest"]) for row in rows])
    taken = len(once.insert_all(tx, GiftCode, rows, returning=("id",))) if rows else 0
    if taken:
        _record(tx, by=manager, act="codes uploaded", batch=facts["batch"], count=taken, now=now)
        _wake(tx, workspace_id=manager.workspace_id, now=now)
    return taken


def _clear(tx: Session, workspace_id: int, digests: Sequence[str]) -> None:
    """Makes room for those that somebody took out, as where a list had the wrong amount: what is left of them is a
    mark, without the code."""
    for some in in_pieces(digests):
        tx.execute(delete(GiftCode).where(_was_taken_out(workspace_id), GiftCode.digest.in_(some)))


def _was_taken_out(workspace_id: int) -> ColumnElement[bool]:
    """Before anybody was given it."""
    is_out = GiftCode.withdrawn_at.is_not(None) & GiftCode.payout_id.is_(None)
    return is_out & (GiftCode.workspace_id == workspace_id)


def withdraw(tx: Session, *, manager: Member, batch: str, now: datetime) -> int:
    """Those of a list that nobody has are not given any more. How many; a second press finds none."""
    access.check_manage(manager)
    ended = tx.execute(
        update(GiftCode)
        .where(GiftCode.workspace_id == manager.workspace_id, GiftCode.batch == batch)
        .where(GiftCode.payout_id.is_(None), GiftCode.withdrawn_at.is_(None))
        .values(withdrawn_at=now, code="")
        .returning(GiftCode.id)
    ).all()
    if ended:
        _record(tx, by=manager, act="codes withdrawn", batch=batch, count=len(ended), now=now)
    return len(ended)


def take(tx: Session, *, payout: Payout, now: datetime) -> GiftCode | None:
    """One that nobody has, for this payment, which is locked: the one that expires first. Whoever else takes one at the
    same moment passes it over. None where none is left."""
    reward = payout.reward
    code = tx.scalars(
        select(GiftCode)
        .where(
            GiftCode.workspace_id == reward.workspace_id,
            GiftCode.currency == reward.currency,
            GiftCode.amount_cents == reward.amount_cents,
            GiftCode.payout_id.is_(None),
            GiftCode.withdrawn_at.is_(None),
            or_(GiftCode.expires_on.is_(None), GiftCode.expires_on > now.date()),
        )
        .order_by(GiftCode.expires_on.is_(None), GiftCode.expires_on, GiftCode.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if code is None:
        return None
    code.payout_id, code.given_at = payout.id, now
    if code.expires_on is not None:
        payout.expires_at = datetime(*code.expires_on.timetuple()[:3], tzinfo=now.tzinfo)
    return code


def _lines(tx: Session, *, workspace_id: int, text: str, key: bytes, today: date) -> list[Line]:
    rows = _rows(text)
    if len(rows) > MOST_CODES:
        raise Refused(f"At most {MOST_CODES:,} codes at a time. This list has {len(rows):,}.", "file")
    read = [_read(number, row, key=key, today=today) for number, row in rows]
    known = _known(tx, workspace_id, [line.digest for line in read if line.digest])
    first: dict[str, int] = {}
    found = []
    for line in read:
        wrong = line.wrong
        if not wrong and line.digest in known:
            wrong = f"It is here already, in “{known[line.digest]}”."
        elif not wrong and line.digest in first:
            wrong = f"It is the same as row {first[line.digest]}."
        first.setdefault(line.digest, line.number)
        found.append(line if wrong == line.wrong else Line(line.number, wrong))
    return found


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """Each with its number, by the names of its columns. Rows with nothing in them are passed over."""
    if len(text) > MOST_CHARACTERS:
        raise Refused("The list is too long. Upload it in parts.", "file")
    plain = text.removeprefix("\ufeff").replace("\x00", "")
    heading = plain.strip().partition("\n")[0]
    try:
        read = list(csv.reader(io.StringIO(plain), delimiter=";" if ";" in heading else ",", strict=True))
    except csv.Error as error:
        raise Refused("The list cannot be read. Save it as CSV, in UTF-8.", "file") from error
    names = [name.strip().lower() for name in read[0]] if read else []
    missing = [name for name in COLUMNS[:3] if name not in names]
    if missing:
        raise Refused(f"The first row names the columns: {', '.join(COLUMNS)}. This has no {missing[0]}.", "file")
    rows = [
        (number, {name: value.strip() for name, value in zip(names, row, strict=False)})
        for number, row in enumerate(read[1:], start=2)
        if any(value.strip() for value in row)
    ]
    if not rows:
        raise Refused("There is no code in it.", "file")
    return rows


def _read(number: int, row: dict[str, str], *, key: bytes, today: date) -> Line:
    code = row.get("code", "")
    try:
        if not code:
            raise Refused("It has no code.")
        if len(code) > LONGEST_CODE or any(character.isspace() for character in code) or not code.isprintable():
            raise Refused("A code, or a link, has no spaces, and at most 200 characters.")
        cents = amounts.cents_of(row.get("amount", ""), "file")
        currency = amounts.currency_of(row.get("currency", "").upper(), "file")
        expires_on = day_of(row.get("expires", ""), "file")
        if expires_on is not None and expires_on <= today:
            raise Refused("It has expired.")
    except Refused as refused:
        return Line(number, refused.say)
    digest = hmac.new(key, code.encode(), hashlib.sha256).hexdigest()
    return Line(number, "", code, digest, cents, currency, expires_on)


def _known(tx: Session, workspace_id: int, digests: Sequence[str]) -> dict[str, str]:
    """Of these, those that are here, with the name of their list."""
    found: dict[str, str] = {}
    for some in in_pieces(digests):
        asked = select(GiftCode.digest, GiftCode.batch).where(
            GiftCode.workspace_id == workspace_id, GiftCode.digest.in_(some), ~_was_taken_out(workspace_id)
        )
        found |= {row.digest: row.batch for row in tx.execute(asked)}
    return found


def _wake(tx: Session, *, workspace_id: int, now: datetime) -> None:
    """Whoever was approved while no code was left."""
    waiting = tx.scalars(
        select(Payout.external_id)
        .join(Reward, Reward.id == Payout.reward_id)
        .where(Reward.workspace_id == workspace_id, Reward.state == "approved", Payout.provider == "codes")
    )
    outbox.hasten(tx, until={f"pay:{external_id}": now for external_id in waiting})


def _record(tx: Session, *, by: Member, act: str, batch: str, count: int, now: datetime) -> None:
    audit.record(
        tx,
        workspace_id=by.workspace_id,
        by=by,
        act=act,
        subject="workspace",
        subject_id=by.workspace_id,
        now=now,
        batch=batch,
        count=count,
    )
