"""How the story's team thanks people: what Bo tries and Cy confirms, Di pays, asks about, or leaves for another one."""

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
ANA = "U0ANA"
IDA = "ida"
"""A second manager: what is worth more than TWO_ABOVE takes two."""
TWO_ABOVE = "40.00"
GIVEN = {
    "verified": {"points": "10", "amount": "25.00", "vesting_days": "3"},
    "evidence": {"points": "5", "amount": "50.00", "vesting_days": "0", "proposed_by": "moderator"},
}
"""Sooner than usual: the story is short."""
LIMITS = {"nearly_spent_percent": "80", "reward_after_days": "7", "most_rewards_a_month": "4", "most_a_year": "300.00"}
LIMITS |= {"blind_percent": "20", "half_life_days": "90", "rewards_guests": "no", "has_board": "yes"}
SHOWED = "They filmed the pump opening in a bag, frame by frame. After that we stopped looking at the spring."
ASKED = "Did the quarter turn really come from this, or had the lab planned it before?"
SAME = "They told the support team that both of these accounts are theirs."
_TO_TRY = re.compile(r'action="/rewards/(\d+)/tried"')
_PERSON = re.compile(r'<select[^>]*name="member_id"[^>]*>.*?<option value="(\d+)"', re.DOTALL)


class Thanking:
    """The rewards' part of the story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.client, self.settle = story.client, story.settle
        self.bo = Browser(story.hub_url)

    def set_up(self) -> None:
        """How much there is to give, what is given for what, and who decides with Di."""
        di = self.story.di
        budget = {"name": "Thank-yous", "amount": "500.00", "currency": "USD", "nonce": secrets.token_hex(8)}
        di.send("/rewards/budgets", budget.items())
        for trigger, rule in GIVEN.items():
            facts = {"currency": "USD", "provider": "tremendous", "most_a_year": "0"} | rule
            di.send(f"/settings/rewards/{trigger}", facts.items(), form_at="/settings/rewards")
        di.send("/settings/rewards", [*LIMITS.items(), ("two_approve_above", TWO_ABOVE)])
        self.client.join(self.client.add_user(name=IDA, real_name="Ida Sandoval", title="Head of care"), "#managers")
        self.settle()
        found = re.search(r"/members/(\d+)/role", di.get(f"/members?q={IDA}"))
        assert found
        di.send(f"/members/{found[1]}/role", [("role", "manager")], form_at=f"/members?q={IDA}")

    def acts(self) -> Moments:
        yield 13.7, self._try_out
        yield 15.9, self._one_person
        yield 16.1, self._try_out
        yield 18.9, partial(self._approve, "for Ana", 1)
        yield 19.4, partial(self._approve, "", SOME - 1)
        yield 20.1, self._show_evidence
        yield 20.2, self._ask

    def _try_out(self) -> None:
        """Somebody other than its receiver has to find that it works."""
        self.story.enter(self.bo, "Bo")
        self._confirm(self.bo)

    def _confirm(self, browser: Browser) -> None:
        while found := _TO_TRY.search(browser.get("/rewards/tried")):
            browser.send(f"/rewards/{found[1]}/tried", [], form_at="/rewards/tried")
        self.settle()

    def _one_person(self) -> None:
        """Two who are to be thanked for the same are one, which Di learns; so it is held until somebody has looked."""
        self.story.enter(self.bo, "Bo")
        page = self.bo.get("/rewards/tried")
        names = {user["id"]: user["profile"]["display_name"] for user in self.client.state("U0DI")["users"]}
        authors = dict.fromkeys(kept.author for kept in self.story.kept if kept.need == "pump-leaks")
        one, other = [user for user in authors if user != ANA and f"</span> {names[user]}</span>" in page][-2:]
        self.story.enter(self.story.di, "Di")
        self.story.di.send("/people/link", [("who", one), ("other", other), ("why", SAME)], form_at="/people")

    def _show_evidence(self) -> None:
        """Bo thanks somebody for what they showed, Cy confirms it, and Di is the first of the two that it takes."""
        idea_id = self.story.closing.idea_ids("pump-leaks")[0]  # which was decided first
        self.story.enter(self.bo, "Bo")
        person = _PERSON.search(self.bo.get(f"/ideas/{idea_id}/thank"))
        assert person, idea_id
        said = [("member_id", person[1]), ("trigger", "evidence"), ("note", SHOWED)]
        self.bo.send(f"/ideas/{idea_id}/thank", said)
        self.story.enter(self.story.cy, "Cy")
        self._confirm(self.story.cy)
        self._approve("$50.00", 1)

    def _ask(self) -> None:
        """About one that waits, held or not. It waits for Cy's answer."""
        for card in self._waiting("of $25.00")[-1:]:
            di = self.client.as_("U0DI")
            di.click("reward_ask", channel="C0MANAGERS", ts=card["ts"])
            di.submit(self.client.views("U0DI")[-1]["id"], question=ASKED)
            self.settle()

    def _approve(self, words: str, most: int) -> None:
        """On so many cards that say this and that nothing holds, as Di reads them in the managers' channel."""
        for card in [card for card in self._waiting(words) if "hold_lift" not in str(card)][:most]:
            self.client.as_("U0DI").click("reward_approve", channel="C0MANAGERS", ts=card["ts"])
            self.settle()

    def _waiting(self, words: str) -> list[dict[str, Any]]:
        """The cards that wait for a yes and say this."""
        cards = [card for card in self.client.messages("C0MANAGERS") if "reward_approve" in str(card.get("blocks"))]
        return [card for card in cards if words in str(card)]
