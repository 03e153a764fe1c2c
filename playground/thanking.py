"""How the story's team thanks people: Bo tries what they wished for, and Di says yes to some of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.closing import Moments
    from playground.story import Story

SOME = 2
"""So many are paid, Ana's among them. The rest waits for whoever opens the demo, or vests."""


class Thanking:
    """The rewards' part of the story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.client, self.settle = story.client, story.settle

    def acts(self) -> Moments:
        yield 13.7, self._try_out
        yield 16.1, self._try_out
        yield 18.9, partial(self._approve, "for Ana", 1)
        yield 19.4, partial(self._approve, "", SOME - 1)

    def _try_out(self) -> None:
        """Somebody other than its receiver has to find that it works."""
        self.story.try_out()
        self.settle()

    def _approve(self, words: str, most: int) -> None:
        """On so many cards that say this, as Di reads them in the managers' channel."""
        waiting = [card for card in self.client.messages("C0MANAGERS") if "reward_approve" in str(card.get("blocks"))]
        for card in [card for card in waiting if words in str(card)][:most]:
            self.client.as_("U0DI").click("reward_approve", channel="C0MANAGERS", ts=card["ts"])
            self.settle()
