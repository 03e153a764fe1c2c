"""The orders, what they cost, and what became of the gifts. One external_id is one order, however often it comes."""

import secrets
from typing import TYPE_CHECKING, Any

from playground import ids
from playground.tremendous.checks import Wish, wish_of
from playground.tremendous.errors import TremendousError, invalid, not_found
from playground.tremendous.hooks import Hooks
from playground.tremendous.products import in_account_currency
from playground.tremendous.records import CANCELED, EXECUTED, PENDING, Order, Transaction

if TYPE_CHECKING:
    from playground.site import Site

FIRST_CENTS = 10_000_000
"""What a sandbox begins with: $100,000."""


class Book:
    """Everything that was ordered, and the balance that it was paid from."""

    def __init__(self, site: "Site") -> None:
        self._site = site
        self.hooks = Hooks(site)
        self.orders: dict[str, Order] = {}
        self._of_external: dict[str, Order] = {}
        self._of_reward: dict[str, Order] = {}
        self._of_token: dict[str, Order] = {}
        self.transactions: list[Transaction] = []
        self._read_store()

    def _read_store(self) -> None:
        """Find what an earlier start left."""
        orders = (Order(**document) for _, document in self._site.store.all("tremendous_order"))
        for order in sorted(orders, key=lambda one: one.at):
            self._know(order)
        moves = (Transaction(**document) for _, document in self._site.store.all("tremendous_transaction"))
        self.transactions = sorted(moves, key=lambda one: one.number)
        if not self.transactions:
            self.deposit(FIRST_CENTS)

    def clear(self) -> None:
        """Forget every order, and begin with the money of the first day."""
        for held in (self.orders, self._of_external, self._of_reward, self._of_token, self.transactions):
            held.clear()
        self.hooks.clear()
        self._read_store()

    @property
    def balance_cents(self) -> int:
        """Answer how much is left."""
        return self.transactions[-1].balance_cents if self.transactions else 0

    # ordering

    def place(self, body: Any, *, pends: bool = False) -> tuple[Order, bool]:
        """Place an order, or with ``pends`` one that somebody has to approve first; answer it and whether it is new.

        Refuses what cannot be read (400, 422), another body under a known external_id (409), and what costs more than
        there is (402).
        """
        wish = wish_of(body)
        known = self._of_external.get(wish.external_id or "")
        if known is not None:
            if known.asked != body:
                raise TremendousError("An order with this external_id and another content exists", 409)
            return known, False
        paid = in_account_currency(wish.cents, wish.currency)
        if paid > self.balance_cents:
            raise TremendousError("The balance of the funding source is too low", 402)
        order = self._new(wish, body, paid)
        self._know(order)
        self.hooks.tell("ORDERS.CREATED", "orders", order.id)
        if pends:
            self._keep(order)
        else:
            self._execute(order)
        return order, True

    def _new(self, wish: Wish, body: Any, paid_cents: int) -> Order:
        """Answer an order that nobody has paid yet."""
        return Order(
            id=ids.new_id("O"),
            reward_id=ids.new_id("R"),
            external_id=wish.external_id,
            asked=body,
            at=self._site.clock(),
            status=PENDING,
            cents=wish.cents,
            currency=wish.currency,
            paid_cents=paid_cents,
            recipient=wish.recipient,
            method=wish.method,
            campaign_id=wish.campaign_id,
        )

    def _execute(self, order: Order) -> None:
        """Pay for it, and let the gift be opened."""
        order.status = EXECUTED
        self._move(-order.paid_cents, "Order", order.id)
        self._give_token(order)
        self._keep(order)
        self.hooks.tell("REWARDS.DELIVERY.SUCCEEDED", "rewards", order.reward_id)

    def _give_token(self, order: Order) -> str:
        """Answer a new way to the gift; those of before stay open."""
        token = secrets.token_urlsafe(24)
        order.tokens.append(token)
        self._of_token[token] = order
        return token

    # deciding

    def approve(self, order: Order) -> None:
        """Let an order through that waited. Refuses any other (422), and one that costs more than there is (402)."""
        self._check_pending(order)
        if order.paid_cents > self.balance_cents:
            raise TremendousError("The balance of the funding source is too low", 402)
        self.hooks.tell("ORDERS.APPROVED", "orders", order.id)
        self._execute(order)

    def reject(self, order: Order) -> None:
        """Turn an order away that waited. Refuses any other (422)."""
        self._check_pending(order)
        order.status, order.canceled_at = CANCELED, self._site.clock()
        self._keep(order)
        self.hooks.tell("ORDERS.CANCELED", "orders", order.id)

    def _check_pending(self, order: Order) -> None:
        """Refuse (422) an order that waits for nobody."""
        if order.status != PENDING:
            raise invalid("status", f"is {order.status}, so there is nothing to decide")

    # what becomes of a gift

    def cancel(self, order: Order) -> None:
        """Take a gift back; the money returns. Refuses (422) one that was redeemed or canceled."""
        self._check_open(order)
        order.status, order.canceled_at = CANCELED, self._site.clock()
        self._keep(order)
        self._move(order.paid_cents, "Refund", order.id)
        self.hooks.tell("REWARDS.CANCELED", "rewards", order.reward_id)
        self.hooks.tell("ORDERS.CANCELED", "orders", order.id)

    def resend(self, order: Order) -> None:
        """Deliver a gift once more. Refuses (422) one that was redeemed or canceled."""
        self._check_open(order)
        self.hooks.tell("REWARDS.DELIVERY.SUCCEEDED", "rewards", order.reward_id)

    def new_link(self, order: Order) -> str:
        """Answer another link to a gift. Refuses (403) one that was redeemed or canceled."""
        if order.status != EXECUTED or order.redeemed_at is not None:
            raise TremendousError("There is no link to this gift", 403)
        token = self._give_token(order)
        self._keep(order)
        return self.link_of(token)

    def redeem(self, order: Order) -> None:
        """Use a gift. A second time is no news; refuses (422) one that was canceled or has ended."""
        if order.redeemed_at is None:
            self._check_open(order)
            if self._site.clock() >= order.expires_at:
                raise invalid("reward", "has expired")
            order.redeemed_at = self._site.clock()
            self._keep(order)

    def _check_open(self, order: Order) -> None:
        """Refuse (422) a gift that cannot be used any more, or not yet."""
        if order.redeemed_at is not None:
            raise invalid("reward", "was redeemed already")
        if order.status != EXECUTED:
            raise invalid("reward", "is canceled" if order.status == CANCELED else "waits for an approval")

    # finding

    def order(self, reference: str) -> Order:
        """Answer an order by its id or its external_id. Refuses (404) what is not there."""
        found = self.orders.get(reference) or self._of_external.get(reference)
        if found is None:
            raise not_found()
        return found

    def of_external_id(self, external_id: str) -> list[Order]:
        """Answer the order with an external_id, or none."""
        return [self._of_external[external_id]] if external_id in self._of_external else []

    def of_reward(self, reward_id: str) -> Order:
        """Answer the order that a gift belongs to. Refuses (404) what is not there."""
        if reward_id not in self._of_reward:
            raise not_found()
        return self._of_reward[reward_id]

    def of_token(self, token: str) -> Order:
        """Answer the order that a link leads to. Refuses (404) what is not there."""
        if token not in self._of_token:
            raise not_found()
        return self._of_token[token]

    def link_of(self, token: str) -> str:
        """Answer the address at which a gift is opened."""
        return f"{self._site.url}/tremendous/gifts/{token}"

    # the money

    def deposit(self, cents: int) -> None:
        """Bring money in, or with negative hundredths take it out, at most all of it."""
        cents = max(cents, -self.balance_cents)
        if cents:
            self._move(cents, "Deposit" if cents > 0 else "Withdrawal", None)

    def _move(self, cents: int, action: str, order_id: str | None) -> None:
        """Write one change of the balance down."""
        number, balance = len(self.transactions) + 1, self.balance_cents + cents
        made = Transaction(number, self._site.clock(), cents, balance, action, order_id)
        self.transactions.append(made)
        self._site.store.put("tremendous_transaction", f"{number:09}", vars(made))

    def _know(self, order: Order) -> None:
        """Let an order be found."""
        self.orders[order.id] = order
        self._of_reward[order.reward_id] = order
        if order.external_id is not None:
            self._of_external[order.external_id] = order
        for token in order.tokens:
            self._of_token[token] = order

    def _keep(self, order: Order) -> None:
        """Keep a new or changed order."""
        self._site.store.put("tremendous_order", order.id, vars(order))
