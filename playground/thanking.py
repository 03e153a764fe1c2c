"""How the story's team thanks people: Bo tries what they wished for, and Di says yes to some of it."""

from __future__ import annotations

import re
import secrets
from functools import partial
from typing import TYPE_CHECKING, Any

from playground.browser import Browser

if TYPE_CHECKING:
    from playground.closing import Moments
    from playground.story import Story

SOME = 2
"""So many are paid, Ana's among them. The rest waits for whoever opens the demo, or vests."""


RULE = {"points": "10", "amount": "25.00", "currency": "USD", "provider": "tremendous", "vesting_days": "3"}
"""For an idea that shipped and helped. Sooner than usual: the story is short."""
SHOWN = RULE | {"amount": "40.00", "most_a_quarter": "3", "proposed_by": "product"}
"""For evidence that changed a decision: a person of the team says so, and several share it."""
QUESTION = "Is it the same pump that we exchanged for them in spring?"
ANSWER = "No, that one was of the first series. Theirs is the new one, so it is a find of its own."
_TO_TRY = re.compile(r'action="/rewards/(\d+)/tried"')


class Thanking:
    """The rewards' part of the story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.client, self.settle = story.client, story.settle
        self.bo = Browser(story.hub_url)

    def set_up(self) -> None:
        """How much there is to give, and what is given for what."""
        budget = {"name": "Thank-yous", "amount": "500.00", "currency": "USD", "nonce": secrets.token_hex(8)}
        self.story.di.send("/rewards/budgets", budget.items())
        for trigger, rule in (("verified", RULE), ("evidence", SHOWN)):
            facts = rule | {"most_a_year": "0"}
            self.story.di.send(f"/settings/rewards/{trigger}", facts.items(), form_at="/settings/rewards")

    def acts(self) -> Moments:
        yield 13.7, self._try_out
        yield 16.1, self._try_out
        yield 18.9, partial(self._approve, "for Ana", 1)
        yield 19.4, partial(self._approve, "", SOME - 1)
        yield 19.6, self._ask

    def _try_out(self) -> None:
        """Somebody other than its receiver has to find that it works."""
        self.story.enter(self.bo, "Bo")
        while found := _TO_TRY.search(self.bo.get("/rewards/tried")):
            self.bo.send(f"/rewards/{found[1]}/tried", [], form_at="/rewards/tried")
        self.settle()

    def _approve(self, words: str, most: int) -> None:
        """On so many cards that say this, as Di reads them in the managers' channel."""
        for card in [card for card in self._waiting() if words in str(card)][:most]:
            self.client.as_("U0DI").click("reward_approve", channel="C0MANAGERS", ts=card["ts"])
            self.settle()

    def _ask(self) -> None:
        """Di wants to know something before she decides about the next one, and Cy, who proposed it, knows it."""
        di, cy = self.client.as_("U0DI"), self.client.as_("U0CY")
        for card in self._waiting()[:1]:
            di.click("reward_ask", channel="C0MANAGERS", ts=card["ts"])
            di.submit(self.client.views("U0DI")[-1]["id"], question=QUESTION)
            self.settle()
        for message in self.client.dm("U0CY"):
            if "reward_answer" in str(message.get("blocks")):
                cy.click("reward_answer", channel="@U0ROUNDTRIP", ts=message["ts"])
                cy.submit(self.client.views("U0CY")[-1]["id"], answer=ANSWER)
                self.settle()

    def _waiting(self) -> list[dict[str, Any]]:
        """The cards on which somebody may decide."""
        return [card for card in self.client.messages("C0MANAGERS") if "reward_approve" in str(card.get("blocks"))]
