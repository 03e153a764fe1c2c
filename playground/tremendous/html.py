"""What stands on the gift service's pages. Everything from outside goes through Markup.format, which escapes it."""

from collections.abc import Iterable
from datetime import UTC, datetime

from markupsafe import Markup

from playground.tracker.parts import mark, press
from playground.tremendous.records import CANCELED, EXECUTED, PENDING, Order, Telling, Webhook

BASE = "/tremendous"
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
_PAGE = Markup(
    """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>{title} · Play gifts</title>
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="robots" content="noindex">
  <meta name="referrer" content="same-origin">
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/page/base.css">
  <link rel="stylesheet" href="/page/controls.css">
  <link rel="stylesheet" href="/page/tracker.css">
</head>
<body>
  <a class="skip" href="#main">Skip to the content</a>
  <header class="bar">{head}</header>
  <main id="main" tabindex="-1">{body}</main>
</body>
</html>
"""
)
_OWN_HEAD = Markup(
    '<a class="home" href="/">Playground</a><strong>Play gifts</strong>'
    '<span class="faint who">You are the gift service here</span>'
)
_GIFT_HEAD = Markup("<strong>Play gifts</strong>")


def own_page(title: str, body: Markup) -> str:
    """Answer a page of the service itself."""
    return _PAGE.format(title=title, head=_OWN_HEAD, body=body)


def gift_page(title: str, body: Markup) -> str:
    """Answer a page that whoever receives a gift sees."""
    return _PAGE.format(title=title, head=_GIFT_HEAD, body=body)


def gift(order: Order, token: str, ends_at: float, *, has_ended: bool) -> Markup:
    """Answer the gift card, and what can be done with it."""
    name = order.recipient.get("name")
    hello = Markup("<p>For {}.</p>").format(name) if name else ""
    head = Markup("<h1>This is a play gift card of {}</h1>").format(money(order.cents, order.currency))
    if order.redeemed_at is not None:
        said = Markup('<p>{} It was redeemed on {}.</p><p class="faint">Nothing was sold: it is all play.</p>').format(
            mark("Redeemed", "done"), _day(order.redeemed_at)
        )
    elif order.status == CANCELED:
        said = Markup("<p>{} It was taken back, and cannot be used any more.</p>").format(mark("Canceled", "failed"))
    elif has_ended:
        said = Markup("<p>{} It ended on {}.</p>").format(mark("Expired", "failed"), _day(ends_at))
    else:
        said = Markup('<p>It can be used until {}.</p><div class="acts">{}</div>').format(
            _day(ends_at), press(f"{BASE}/gifts/{token}/redeem", "Redeem it", "primary")
        )
    return head + hello + said


def overview(orders: Iterable[Order], balance_cents: int, webhook: Webhook | None, told: Iterable[Telling]) -> Markup:
    """Answer everything that was ordered, the balance, and what the webhook told lately."""
    rows = Markup("").join(map(_order, orders))
    tellings = Markup("").join(map(_telling, told))
    where = webhook.url if webhook else "nobody: no address is set"
    nothing = Markup('<p class="faint">Nothing was ordered yet.</p>')
    return Markup(
        '<div class="head"><h1>Orders</h1><span>{} left</span></div><div class="acts">{}{}</div>{}'
        '<ul class="rows">{}</ul><h2>Webhook</h2><p>Events are told to {}.</p><ul class="rows">{}</ul>'
    ).format(
        money(balance_cents, "USD"),
        press(f"{BASE}/top-up", "Top up by $1,000"),
        press(f"{BASE}/empty", "Take all money out"),
        "" if rows else nothing,
        rows,
        where,
        tellings,
    )


def _order(order: Order) -> Markup:
    """Answer one order. Its links are for whoever receives the gift, and are not shown."""
    word, kind = _standing(order)
    facts = " · ".join(part for part in (order.id, order.external_id, _when(order.at)) if part)
    acts = ""
    if order.status == PENDING:
        acts = press(f"{BASE}/orders/{order.id}/approve", "Approve") + press(
            f"{BASE}/orders/{order.id}/reject", "Reject"
        )
    elif order.status == EXECUTED and order.redeemed_at is None:
        acts = press(f"{BASE}/orders/{order.id}/cancel", "Cancel the gift")
    return Markup('<li id="order-{}"><b>{}</b> for {} {}<br><span class="faint">{}</span>{}</li>').format(
        order.id,
        money(order.cents, order.currency),
        order.recipient.get("name") or "somebody",
        mark(word, kind),
        facts,
        acts,
    )


def _standing(order: Order) -> tuple[str, str]:
    """Answer where an order stands, and its colour."""
    if order.redeemed_at is not None:
        return "Redeemed", "done"
    words = {EXECUTED: ("Not redeemed yet", "open"), CANCELED: ("Canceled", "failed")}
    return words.get(order.status, ("Waits for an approval", "started"))


def _telling(one: Telling) -> Markup:
    """Answer one attempt to tell of an event."""
    is_taken = one.status is not None and 200 <= one.status < 300
    word, kind = (
        ("Under way", "open") if one.status is None else ("Taken", "done") if is_taken else ("Failed", "failed")
    )
    said = ": ".join(part for part in (str(one.status or ""), one.reason) if part)
    return Markup(
        '<li id="telling-{}"><b>{}</b> {} <span class="faint">{}</span><br><span class="faint">{} · {}</span>{}</li>'
    ).format(
        one.id, one.event, mark(word, kind), said, one.uuid, _when(one.at), press(f"{BASE}/told/{one.id}", "Tell again")
    )


def missing(words: str) -> Markup:
    """Answer that something is not there, or cannot be done."""
    return Markup("<h1>{}</h1>").format(words)


def money(cents: int, currency: str) -> str:
    """Answer an amount as people write it: $25, $25.50, 10 CAD."""
    amount = f"{cents // 100:,}" if cents % 100 == 0 else f"{cents // 100:,}.{cents % 100:02}"
    return f"{SIGNS[currency]}{amount}" if currency in SIGNS else f"{amount} {currency}"


def _day(seconds: float) -> str:
    """Answer a day for people."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%-d %B %Y")


def _when(seconds: float) -> str:
    """Answer a time for people."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%-d %b %Y, %H:%M UTC")
