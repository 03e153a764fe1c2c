"""How the story's team thanks people: Bo tries what they wished for, and Di says yes to some of it."""

from __future__ import annotations

import re
import secrets
from functools import partial
from typing import TYPE_CHECKING

from playground.browser import Browser

if TYPE_CHECKING:
    from playground.closing import Moments
    from playground.story import Story

SOME = 2
"""So many are paid, Ana's among them. The rest waits for whoever opens the demo, or vests."""


RULE = {"points": "10", "amount": "25.00", "currency": "USD", "provider": "tremendous", "vesting_days": "3"}
"""For an idea that shipped and helped. Sooner than usual: the story is short."""
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
        rule = RULE | {"most_a_year": "0"}
        self.story.di.send("/settings/rewards/verified", rule.items(), form_at="/settings/rewards")

    def acts(self) -> Moments:
        yield 13.7, self._try_out
        yield 16.1, self._try_out
        yield 18.9, partial(self._approve, "for Ana", 1)
        yield 19.4, partial(self._approve, "", SOME - 1)

    def _try_out(self) -> None:
        """Somebody other than its receiver has to find that it works."""
        self.story.enter(self.bo, "Bo")
        while found := _TO_TRY.search(self.bo.get("/rewards/tried")):
            self.bo.send(f"/rewards/{found[1]}/tried", [], form_at="/rewards/tried")
        self.settle()

    def _approve(self, words: str, most: int) -> None:
        """On so many cards that say this, as Di reads them in the managers' channel."""
        waiting = [card for card in self.client.messages("C0MANAGERS") if "reward_approve" in str(card.get("blocks"))]
        for card in [card for card in waiting if words in str(card)][:most]:
            self.client.as_("U0DI").click("reward_approve", channel="C0MANAGERS", ts=card["ts"])
            self.settle()
