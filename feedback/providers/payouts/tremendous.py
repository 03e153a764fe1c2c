"""Tremendous, by its API v2. Source: developers.tremendous.com/reference, and its OpenAPI specification."""

from __future__ import annotations

import http.client
import json
import socket
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from feedback.providers import CALL_SECONDS, Impossible, NotDone, Unknown
from feedback.providers.payouts import MADE, Booked, Books, Gift, Order

Json = dict[str, Any]
REPAIRABLE = (401, 402, 403)
"""A wrong token, or no money left: somebody mends that, and then the same payment goes through."""
REPAIR_SECONDS = 300.0
OVERDUE = 408
"""It gave up waiting for the whole of the question, or something between us and it for the answer."""
PAUSE_SECONDS = 30.0
"""Where it is too busy and does not say for how long."""
LONGEST_PAUSE_SECONDS = 3600.0
MOST_BYTES = 8_000_000
PAGE = 200
LONGEST_NAME = 100


class Tremendous:
    def __init__(self, *, url: str, token: str, funding_source: str, campaign: str) -> None:
        """`url`: with its path, as in https://www.tremendous.com/api/v2. `campaign`: which gifts may be chosen from."""
        self._url, self._token = url.rstrip("/"), token
        self._funding_source, self._campaign = funding_source, campaign

    def write(self, *, external_id: str, amount_cents: int, currency: str, name: str) -> str:
        """The amount is written from whole cents, digit by digit: no fraction is ever rounded on its way."""
        facts = {
            "external_id": external_id,
            "payment": {"funding_source_id": self._funding_source},
            "reward": {
                "campaign_id": self._campaign,
                "value": {"denomination": None, "currency_code": currency},
                "recipient": {"name": name[:LONGEST_NAME]},
                "delivery": {"method": "LINK"},
            },
        }
        amount = f"{amount_cents // 100}.{amount_cents % 100:02}"
        # Quotes inside of somebody's name are escaped, so that these stand only where the amount belongs.
        return json.dumps(facts).replace('"denomination": null', f'"denomination": {amount}')

    def order(self, order: Order) -> Gift:
        """200: made. 201: made before. 409: another body made it."""
        return self._whole(self._asked("POST", "/orders", order.body.encode())["order"])

    def find(self, external_id: str) -> Gift | None:
        found = self._asked("GET", f"/orders?{urlencode({'external_id': external_id})}")["orders"]
        ours = [each for each in found if each.get("external_id") == external_id]
        return self._whole(ours[0]) if ours else None

    def _whole(self, order: Json) -> Gift:
        """Only the first answer to an order holds its link; later another one to the same gift is asked for. Where that
        is refused, the order is made all the same."""
        gift = gift_of(order)
        if gift.state != MADE or gift.link or not gift.reward_ref:
            return gift
        try:
            return gift_of(order, link=self.new_link(gift.reward_ref))
        except Impossible:
            return gift

    def resend(self, reward_ref: str) -> None:
        self._asked("POST", f"/rewards/{quote(reward_ref, safe='')}/resend", b"{}")

    def cancel(self, reward_ref: str) -> None:
        self._asked("POST", f"/rewards/{quote(reward_ref, safe='')}/cancel", b"")

    def new_link(self, reward_ref: str) -> str:
        made = self._asked("POST", f"/rewards/{quote(reward_ref, safe='')}/generate_link", b"")["reward"]
        return str(made["link"])

    def orders_since(self, at: datetime, *, until: datetime, offset: int) -> Books:
        found = self._listed("orders", at, until, offset)
        return Books([_order_line(each) for each in found], len(found), len(found) == PAGE)

    def money_since(self, at: datetime, *, until: datetime, offset: int) -> Books:
        found = self._listed("balance_transactions", at, until, offset)
        return Books([_money_line(each) for each in found if each.get("order")], len(found), len(found) == PAGE)

    def _listed(self, what: str, at: datetime, until: datetime, offset: int) -> list[Json]:
        window = {"created_at[gte]": _text(at), "created_at[lte]": _text(until)}
        answer = self._asked("GET", f"/{what}?{urlencode({**window, 'offset': offset, 'limit': PAGE})}")
        found: list[Json] = answer["orders" if what == "orders" else "transactions"]
        return found

    def balance(self) -> tuple[int, str] | None:
        for source in self._asked("GET", "/funding_sources")["funding_sources"]:
            is_ours = self._funding_source in (source["id"], str(source["method"]).upper())
            meta = source.get("meta") or {}
            if is_ours and isinstance(meta.get("available_cents"), int):
                return meta["available_cents"], str(meta.get("currency_code") or "USD")
        return None

    def _asked(self, method: str, path: str, body: bytes | None = None) -> _Answer:
        status, pause, data = self._call(method, path, body)
        if status in (200, 201):
            return _Answer(data)
        why = _why(data)
        if status == 429:
            raise NotDone("rate limited", pause)
        if status in REPAIRABLE:
            raise NotDone(f"http_{status}: {why}", REPAIR_SECONDS)
        if status >= 500 or status < 300 or status == OVERDUE:
            raise Unknown(f"http_{status}")
        raise Impossible("conflict" if status == 409 else f"http_{status}", why)

    def _call(self, method: str, path: str, body: bytes | None) -> tuple[int, float, Any]:
        """No redirects: the token goes to that address and to no other."""
        at = urlsplit(self._url + path)
        make = http.client.HTTPSConnection if at.scheme == "https" else http.client.HTTPConnection
        connection = make(at.netloc, timeout=CALL_SECONDS)
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json", "User-Agent": "Roundtrip"}
        if body:
            headers["Content-Type"] = "application/json"
        try:
            connection.request(method, at.path + (f"?{at.query}" if at.query else ""), body, headers)
            answer = connection.getresponse()
            pause = _pause(answer.headers.get("Retry-After", ""))
            return answer.status, pause, _data(answer.status, answer.read(MOST_BYTES))
        except (ConnectionRefusedError, socket.gaierror) as error:
            raise NotDone(str(error)) from error
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise Unknown(str(error) or type(error).__name__) from error
        finally:
            connection.close()


class _Answer(dict[str, Any]):
    """Good news, which has to be whole: what is missing leaves open what happened."""

    def __init__(self, data: Any) -> None:
        super().__init__(data if isinstance(data, dict) else {})

    def __missing__(self, name: str) -> Any:
        raise Unknown(f"the answer holds no {name}")


def gift_of(order: Json, *, link: str = "") -> Gift:
    """An order has one reward: we ask for no other kind. Money that went back says that the gift was cancelled, which
    the order's own state does not."""
    reward = (order.get("rewards") or [{}])[0]
    value, delivery = reward.get("value") or {}, reward.get("delivery") or {}
    expires_at = reward.get("expires_at")
    return Gift(
        ref=str(order["id"]),
        link=link or str(delivery.get("link") or ""),
        reward_ref=str(reward.get("id") or ""),
        expires_at=datetime.fromisoformat(expires_at).astimezone(UTC) if expires_at else None,
        state=_state(order),
        amount_cents=cents(value["denomination"]) if "denomination" in value else None,
        currency=str(value.get("currency_code") or ""),
    )


def _state(order: Json) -> str:
    refund = (order.get("payment") or {}).get("refund") or {}
    state = str(order["status"])
    return "CANCELED" if state == MADE and refund.get("total") else state


def _order_line(order: Json) -> Booked:
    gift = gift_of(order)
    return Booked(str(order.get("external_id") or ""), gift.ref, gift.state, gift.amount_cents, gift.currency)


def _money_line(transaction: Json) -> Booked:
    """The price of what was ordered, without fees."""
    order = transaction["order"]
    payment = order.get("payment") or {}
    return Booked(
        str(order.get("external_id") or ""),
        str(order.get("id") or ""),
        "",
        cents(payment["subtotal"]) if "subtotal" in payment else None,
        str(payment.get("currency_code") or ""),
    )


def cents(amount: Decimal | int) -> int | None:
    """None where it is no whole number of cents: then it is not what we asked for, and nobody rounds it."""
    found = Decimal(amount) * 100
    return int(found) if found == found.to_integral_value() else None


def _why(data: Any) -> str:
    errors = data.get("errors") if isinstance(data, dict) else None
    return str(errors.get("message") or "")[:200] if isinstance(errors, dict) else ""


def _data(status: int, raw: bytes) -> Any:
    """A proxy's page of HTML is no news of its own where the status says enough."""
    try:
        return json.loads(raw or b"{}", parse_float=Decimal)
    except ValueError:
        if status < 400:
            raise
        return {}


def _pause(after: str) -> float:
    seconds = float(after) if after.isascii() and after.isdigit() else PAUSE_SECONDS
    return min(max(seconds, 1.0), LONGEST_PAUSE_SECONDS)


def _text(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
