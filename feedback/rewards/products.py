"""What can be given through the payout service, where, and how much of it: as it was when we last asked.

Nothing is refused because of it before it was read the first time, nor to somebody whose country nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import access, audit, once, outbox
from feedback.blocks import money
from feedback.errors import Refused
from feedback.providers.payouts import Product
from models import Audit, Member, PayoutProduct, Reward

Bands = Sequence[dict[str, Any]]
NAMED = 3
"""Currencies in one sentence, at most."""


def soon(tx: Session, *, workspace_id: int, now: datetime) -> None:
    """Owes it. Where it is being read already, it is read once more."""
    key = key_of(workspace_id)
    outbox.owe_again(tx, workspace_id=workspace_id, kind="reward.products", key=key, now=now)


def key_of(workspace_id: int) -> str:
    return f"reward.products:{workspace_id}"


def read_now(tx: Session, *, manager: Member, now: datetime) -> None:
    access.check_manage(manager)
    soon(tx, workspace_id=manager.workspace_id, now=now)


def were_read(
    tx: Session, *, workspace_id: int, products: Iterable[Product], balance: tuple[int, str] | None, now: datetime
) -> None:
    """This is all there is. What stood here and is not among it is marked as gone, and stands again where it comes
    back."""
    once.take_turn(tx, f"products:{workspace_id}")
    rows = tx.scalars(select(PayoutProduct).where(PayoutProduct.workspace_id == workspace_id))
    known = {row.product_id: row for row in rows}
    listed = {each.id: each for each in products}
    for product_id, row in known.items():
        if product_id not in listed:
            row.gone_at = row.gone_at or now
            continue
        for name, value in _facts(listed[product_id], now).items():
            setattr(row, name, value)
    new = [
        {"workspace_id": workspace_id, "product_id": each.id, **_facts(each, now)}
        for each in listed.values()
        if each.id not in known
    ]
    once.insert_all(tx, PayoutProduct, new, returning=("id",))
    left = {"balance_cents": balance[0], "balance_currency": balance[1]} if balance else {}
    audit.record(
        tx,
        workspace_id=workspace_id,
        by=None,
        act="products read",
        subject="workspace",
        subject_id=workspace_id,
        now=now,
        products=len(listed),
        **left,
    )


def last_read(tx: Session, *, workspace_id: int) -> Audit | None:
    return tx.scalars(
        select(Audit)
        .where(Audit.workspace_id == workspace_id, Audit.subject == "workspace", Audit.subject_id == workspace_id)
        .where(Audit.act == "products read")
        .order_by(Audit.id.desc())
        .limit(1)
    ).first()


def _facts(product: Product, now: datetime) -> dict[str, Any]:
    return {
        "name": product.name,
        "kind": product.kind,
        "currencies": _spaced(product.currencies),
        "countries": _spaced(product.countries),
        "bands": [vars(each) for each in product.bands],
        "read_at": now,
        "gone_at": None,
    }


def _spaced(codes: Iterable[str]) -> str:
    return f" {' '.join(sorted({code.strip().upper() for code in codes}))} "


def check(tx: Session, *, workspace_id: int, cents: int, currency: str) -> None:
    """Refused below the field that is wrong, where no product anywhere is given in that currency or of that amount."""
    found = _standing(tx, workspace_id)
    if not found:
        return
    here = _in_currency(found, currency)
    if not here:
        there = _listed(_currencies(found))
        raise Refused(f"The payout service gives nothing in {currency}, only in {there}.", "currency")
    if not _takes(here, cents, currency):
        words = f"The payout service gives nothing of {money(cents, currency)}. {_nearest(here, cents, currency)}"
        raise Refused(words, "amount")


def why_not(tx: Session, *, reward: Reward) -> str:
    """Why its receiver could choose nothing with it where they are, as a manager reads it; empty where they could, and
    where nobody knows. Which country it is stays theirs. `reward`: one that the payout service is to give."""
    member, cents, currency = reward.member, reward.amount_cents, reward.currency
    if not member.country:
        return ""
    found = _standing(tx, reward.workspace_id, country=member.country)
    if not found and not _is_known(tx, reward.workspace_id):
        return ""
    here = _in_currency(found, currency)
    if _takes(here, cents, currency):
        return ""
    said = f"Where {member.name} is, the payout service gives nothing"
    if not found:
        return f"{said}."
    if not here:
        return f"{said} in {currency}, only in {_listed(_currencies(found))}."
    return f"{said} of {money(cents, currency)}. {_nearest(here, cents, currency)}"


def _standing(tx: Session, workspace_id: int, country: str = "") -> list[tuple[str, Bands]]:
    """The currencies and amounts of each that can be given, there or anywhere."""
    wanted = select(PayoutProduct.currencies, PayoutProduct.bands).where(
        PayoutProduct.workspace_id == workspace_id, PayoutProduct.gone_at.is_(None)
    )
    if country:
        wanted = wanted.where(PayoutProduct.countries.contains(f" {country} ", autoescape=True))
    return [(row.currencies, row.bands) for row in tx.execute(wanted.order_by(PayoutProduct.id))]


def _is_known(tx: Session, workspace_id: int) -> bool:
    standing = select(PayoutProduct.id).where(
        PayoutProduct.workspace_id == workspace_id, PayoutProduct.gone_at.is_(None)
    )
    return tx.scalars(standing.limit(1)).first() is not None


def _in_currency(found: Iterable[tuple[str, Bands]], currency: str) -> list[Bands]:
    return [bands for currencies, bands in found if f" {currency} " in currencies]


def _takes(found: Iterable[Bands], cents: int, currency: str) -> bool:
    """Amounts that the service gives in another currency hold for this one too, at a rate that nobody here knows: then
    any amount may do."""
    for bands in found:
        own = [band for band in bands if band["currency"] == currency]
        if not own or any(band["least_cents"] <= cents <= band["most_cents"] for band in own):
            return True
    return False


def _nearest(found: Iterable[Bands], cents: int, currency: str) -> str:
    """Where none takes the amount, each stretch is below or above it."""
    own = [band for bands in found for band in bands if band["currency"] == currency]
    above = min((band["least_cents"] for band in own if band["least_cents"] > cents), default=None)
    below = max((band["most_cents"] for band in own if band["most_cents"] < cents), default=None)
    near = [money(each, currency) for each in (below, above) if each is not None]
    return f"The nearest {'is' if len(near) == 1 else 'are'} {' and '.join(near)}."


def _currencies(found: Iterable[tuple[str, Bands]]) -> list[str]:
    return sorted({code for currencies, _ in found for code in currencies.split()})


def _listed(codes: Sequence[str]) -> str:
    if len(codes) > NAMED:
        return f"{', '.join(codes[:NAMED])} and {len(codes) - NAMED} more"
    return " and ".join(filter(None, (", ".join(codes[:-1]), *codes[-1:])))
