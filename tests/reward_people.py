"""What people can do with rewards, with what they are for and with the money, as rules of a machine that tries every
order of them (tests.reward_life)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from feedback import changes, hearing, ideas, identities, loop, members, privacy, rewards
from feedback.database import connect
from feedback.errors import Refused
from feedback.rewards import codes
from models import (
    Budget,
    Hold,
    Idea,
    IdeaMerge,
    Member,
    MemberLink,
    Message,
    Notice,
    Reward,
    RewardQuestion,
    RewardRule,
)
from tests import reward_books as books
from tests.conftest import Clock, RememberingPayouts, give_by, make_hub, make_sqlite, workspace_of
from tests.feedback.giving import join
from tests.feedback.scene import Scene

CUSTOMERS, TEAM, MANAGERS = ("Ana", "Flo", "Gus"), ("Bo", "Cy", "Di"), ("Di", "Ida")
TEXTS = (
    "A refill for the pump, please.",
    "A refill for the pump please",
    "The box arrives damaged.",
    "I cannot find my old orders.",
)
some = st.integers(0, 9)
"""Which of those that there are, the newest first."""
customers, managers = st.sampled_from(CUSTOMERS), st.sampled_from(MANAGERS)


@cache
def _template() -> Path:
    return Path(make_sqlite(Path(tempfile.mkdtemp(prefix="reward-life-"))).removeprefix("sqlite:///"))


class People(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="reward-life-"))
        self.engine = connect(f"sqlite:///{shutil.copy(_template(), self.folder / 'roundtrip.sqlite3')}", pool_size=2)
        self.clock = Clock()
        self.hub = make_hub(self.engine, self.clock)
        self.scene = Scene(self.hub)
        assert isinstance(self.hub.payouts, RememberingPayouts)
        self.payouts = self.hub.payouts
        self.codes = 0

    @initialize(who=customers, trigger=st.sampled_from(("verified", "evidence", "call")))
    def settled_down(self, who: str, trigger: str) -> None:
        """Some money, and not too much of it; a thank-you that one manager decides, one for two, and one with codes."""
        with self.hub.transaction() as tx:
            books.watch(tx)
            join(tx, "Ida", now=self.clock(), role="manager", handle="ida")
            give_by(tx, "tremendous")
            workspace, first = workspace_of(tx), tx.scalars(select(RewardRule)).one()
            first.vesting_days = 2
            facts: dict[str, Any] = {"workspace_id": workspace.id, "points": 5, "currency": "USD", "vesting_days": 0}
            facts |= {"proposed_by": "moderator", "made_at": self.clock()}
            tx.add(RewardRule(trigger="evidence", amount_cents=6000, provider="tremendous", **facts))
            tx.add(RewardRule(trigger="call", amount_cents=1000, provider="codes", **facts))
            budget, by = tx.scalars(select(Budget)).one(), self.scene.member(tx, "Di")
            cents = 20_000 - budget.available_cents
            rewards.move_money(tx, budget_id=budget.id, manager=by, cents=cents, note="", now=self.clock())
        self.earned_and_approved(who, TEXTS[0], trigger)

    # what is said, shipped and answered

    @rule(who=customers, text=st.sampled_from(TEXTS))
    def said(self, who: str, text: str) -> None:
        self.scene.idea(who, text)

    @rule(which=some, by=st.sampled_from(("Cy", "Di")))
    def shipped(self, which: int, by: str) -> None:
        self._ship(self._one(select(Idea), which), by)

    @rule(which=some, verdict=st.sampled_from(("better", "partly", "not_yet")))
    def answered(self, which: int, verdict: str) -> None:
        self._answer(self._one(select(Notice), which), verdict)

    @rule(who=customers, text=st.sampled_from(TEXTS), by=st.sampled_from(("Cy", "Di")), days=st.sampled_from((0, 3)))
    def earned(self, who: str, text: str, by: str, days: int) -> None:
        """All of it at once, so that there is something to decide."""
        self._ship(self.scene.get_idea(self.scene.idea(who, text)), by)
        self._answer(self._one(select(Notice), 0), "better")
        self.tried(0, "Bo")
        self.clock.move(days=days)

    @rule(who=customers, text=st.sampled_from(TEXTS), trigger=st.sampled_from(("verified", "evidence", "call")))
    def earned_and_approved(self, who: str, text: str, trigger: str) -> None:
        """So that there is something to pay."""
        self.earned(who, text, "Cy", 3)
        if trigger != "verified":
            self.thanked(0, who, trigger, "Cy")
        for by in MANAGERS:
            self.lifted(0, by)
            self.approved(0, by, 0)
        self.approved(0, MANAGERS[0], 0)

    @rule(which=some, who=customers)
    def backed(self, which: int, who: str) -> None:
        idea = self._one(select(Idea), which)
        if idea is not None:
            self._do(lambda tx, now: ideas.vote(tx, **self._where(tx, idea, who), now=now))

    def _ship(self, idea: Idea | None, by: str) -> None:
        if idea is not None and self._do(lambda tx, now: self._shipped(tx, idea.id, by, now)):
            newest = self._one(select(Notice), 0)
            if newest is not None:
                self.scene.tell_all(newest.change_id)

    def _shipped(self, tx: Session, idea_id: int, by: str, now: datetime) -> None:
        changes.ship(tx, by=self.scene.member(tx, by), summary="It is in the shop.", idea_ids=[idea_id], now=now)

    def _answer(self, notice: Notice | None, verdict: str) -> None:
        if notice is not None:
            facts: dict[str, Any] = {"notice_id": notice.id, "verdict": verdict, "why": "It still leaks."}
            self._do(lambda tx, now: loop.answer(tx, member=tx.get_one(Member, notice.member_id), **facts, now=now))

    # what is proposed and decided

    @rule(which=some, by=st.sampled_from(TEAM))
    def tried(self, which: int, by: str) -> None:
        reward = self._reward(which)
        if reward is not None:
            self._do(lambda tx, now: rewards.check(tx, reward_id=reward.id, by=self.scene.member(tx, by), now=now))

    @rule(which=some, who=customers, trigger=st.sampled_from(("evidence", "call")), by=st.sampled_from(TEAM))
    def thanked(self, which: int, who: str, trigger: str, by: str) -> None:
        idea = self._one(select(Idea), which)
        if idea is None:
            return
        facts: dict[str, Any] = {"idea_id": idea.id, "trigger": trigger, "note": "It was clear."}

        def act(tx: Session, now: datetime) -> None:
            whom = self.scene.member(tx, who).id
            rewards.thank(tx, by=self.scene.member(tx, by), member_id=whom, **facts, now=now)

        if self._do(act):
            self.tried(0, "Bo")

    @rule(which=some, by=managers, is_old=st.integers(0, 4))
    def approved(self, which: int, by: str, is_old: int) -> None:
        """Now and then of what was shown before something changed, which is refused."""
        reward = self._reward(which)
        if reward is None:
            return
        version, decided = reward.version - (is_old == 4), False

        def act(tx: Session, now: datetime) -> None:
            nonlocal decided
            manager = self.scene.member(tx, by)
            facts: dict[str, Any] = {"reward_id": reward.id, "version": version, "cipher": self.hub.cipher}
            found = rewards.approve(tx, manager=manager, **facts, now=now)
            decided = found.state not in rewards.OPEN
            if decided:
                books.check_approved(tx, reward_id=reward.id, by_id=manager.id)

        is_done = self._do(act)
        assert not (is_done and version != reward.version), "what was approved is not what was shown"

    @rule(which=some, by=managers)
    def declined(self, which: int, by: str) -> None:
        self._decide(which, by, lambda tx, **facts: rewards.decline(tx, why="Not this time.", **facts))

    @rule(which=some, by=managers)
    def asked(self, which: int, by: str) -> None:
        self._decide(which, by, lambda tx, **facts: rewards.ask(tx, question="Is it the same?", **facts))

    @rule(which=some)
    def replied(self, which: int) -> None:
        found = self._one(select(RewardQuestion).where(RewardQuestion.answered_at.is_(None)), which)
        if found is not None:
            facts: dict[str, Any] = {"question_id": found.id, "words": "No, another one."}
            self._do(lambda tx, now: rewards.answer(tx, member=self.scene.member(tx, "Cy"), **facts, now=now))

    @rule(which=some, by=managers)
    def lifted(self, which: int, by: str) -> None:
        hold = self._one(select(Hold).where(Hold.lifted_at.is_(None)), which)
        if hold is not None:
            facts: dict[str, Any] = {"hold_id": hold.id, "why": "They are two people."}
            self._do(lambda tx, now: rewards.holds.lift(tx, manager=self.scene.member(tx, by), **facts, now=now))

    def _decide(self, which: int, by: str, act: Callable[..., object]) -> None:
        reward = self._reward(which)
        if reward is not None:
            facts: dict[str, Any] = {"reward_id": reward.id, "version": reward.version}
            self._do(lambda tx, now: act(tx, manager=self.scene.member(tx, by), **facts, now=now))

    # what it is for, and who it is for, does not stay as it was

    @rule(which=some, into=some)
    def merged(self, which: int, into: int) -> None:
        one, other = self._one(select(Idea), which), self._one(select(Idea), into)
        if one is not None and other is not None:
            facts = {"idea_id": one.id, "into_id": other.id}
            self._do(lambda tx, now: ideas.merge(tx, by=self.scene.member(tx, "Bo"), **facts, now=now))

    @rule(which=some)
    def unmerged(self, which: int) -> None:
        found = self._one(select(IdeaMerge), which)
        if found is not None:
            self._do(lambda tx, now: ideas.undo(tx, by=self.scene.member(tx, "Bo"), merge_id=found.id, now=now))

    @rule(which=some)
    def withdrawn(self, which: int) -> None:
        idea = self._one(select(Idea), which)
        if idea is not None:
            self._do(lambda tx, now: ideas.withdraw(tx, **self._where(tx, idea, ""), now=now))

    @rule(which=some)
    def deleted(self, which: int) -> None:
        said = self._one(select(Message).where(Message.deleted_at.is_(None)), which)
        if said is not None:
            facts = {"channel_id": said.channel_id, "ts": said.ts}
            self._do(lambda tx, now: hearing.deleted(tx, workspace=workspace_of(tx), **facts, now=now))

    @rule(who=customers, is_gone=st.booleans())
    def left_or_came_back(self, who: str, is_gone: bool) -> None:
        profile = {"id": f"U0{who.upper()}", "name": who.lower(), "real_name": who, "deleted": is_gone}
        self._do(lambda tx, now: members.store_profile(tx, workspace=workspace_of(tx), facts=profile, now=now))

    @rule(who=customers)
    def forgotten(self, who: str) -> None:
        """And here again at once, as somebody new."""
        with self.hub.reading() as tx:
            member_id = self.scene.member(tx, who).id
        facts = {"member_id": member_id}
        self._do(lambda tx, now: privacy.begin(tx, **facts, now=now))
        while self._forget_next(member_id):
            pass
        self._do(lambda tx, now: privacy.end(tx, **facts, now=now))
        self._do(lambda tx, now: members.take_part(tx, member=tx.get_one(Member, member_id), now=now))
        self.left_or_came_back(who, is_gone=False)

    def _forget_next(self, member_id: int) -> bool:
        with self.hub.transaction() as tx:
            return privacy.forget_next(tx, member_id=member_id, now=self.clock())

    @rule(who=customers, takes=st.booleans())
    def wished(self, who: str, takes: bool) -> None:
        facts: dict[str, Any] = {"takes_rewards": takes, "cipher": self.hub.cipher}
        self._do(lambda tx, now: rewards.wish(tx, member=self.scene.member(tx, who), **facts, now=now))

    @rule(pair=st.sampled_from((("ana", "flo"), ("U0IDA", "gus"), ("U0IDA", "cy"), ("di", "flo"))), by=managers)
    def linked(self, pair: tuple[str, str], by: str) -> None:
        facts = {"who": pair[0], "other": pair[1], "why": "They said so."}
        self._do(lambda tx, now: identities.link(tx, manager=self.scene.member(tx, by), **facts, now=now))

    @rule(which=some)
    def unlinked(self, which: int) -> None:
        found = self._one(select(MemberLink).where(MemberLink.ended_at.is_(None)), which)
        if found is not None:
            facts = {"link_id": found.id}
            self._do(lambda tx, now: identities.unlink(tx, manager=self.scene.member(tx, "Di"), **facts, now=now))

    # money

    @rule(which=some, cents=st.sampled_from((10_000, -2_500, -100_000, 0)))
    def moved_money(self, which: int, cents: int) -> None:
        """0: all that is left is taken out."""
        budget = self._one(select(Budget), which)
        if budget is not None:
            facts: dict[str, Any] = {"budget_id": budget.id, "cents": cents or -budget.available_cents, "note": ""}
            self._do(lambda tx, now: rewards.move_money(tx, manager=self.scene.member(tx, "Di"), **facts, now=now))

    @rule(which=some)
    def closed(self, which: int) -> None:
        budget = self._one(select(Budget), which)
        if budget is not None:
            facts = {"budget_id": budget.id}
            self._do(lambda tx, now: rewards.close_budget(tx, manager=self.scene.member(tx, "Di"), **facts, now=now))

    @rule(cents=st.sampled_from((6_000, 30_000)))
    def opened(self, cents: int) -> None:
        self._do(lambda tx, now: self._open(tx, cents, now))

    def _open(self, tx: Session, cents: int, now: datetime) -> None:
        number = tx.scalar(select(func.count(Budget.id))) or 0
        facts: dict[str, Any] = {"workspace_id": workspace_of(tx).id, "name": f"Budget {number}", "currency": "USD"}
        rewards.open_budget(tx, cents=cents, by=self.scene.member(tx, "Di"), **facts, now=now)

    @rule(count=st.integers(1, 3))
    def uploaded_codes(self, count: int) -> None:
        self._do(lambda tx, now: self._upload(tx, count, now))

    def _upload(self, tx: Session, count: int, now: datetime) -> None:
        manager, numbers = self.scene.member(tx, "Di"), range(self.codes, self.codes + count)
        self.codes += count
        lines = ["code,amount,currency,expires", *(f"COFFEE-{number},10.00,USD," for number in numbers)]
        keys: dict[str, Any] = {"key": self.hub.code_key, "cipher": self.hub.cipher, "now": now}
        _, sealed = codes.look_through(tx, manager=manager, text="\n".join(lines), batch="Coffee", **keys)
        codes.take_in(tx, manager=manager, sealed=sealed, **keys)

    # short words for the rules

    def _do(self, act: Callable[[Session, datetime], object]) -> bool:
        """One transaction, as whoever asks for it opens one. False where it was refused, which leaves nothing."""
        try:
            with self.hub.transaction() as tx:
                act(tx, self.clock())
        except Refused:
            return False
        return True

    def _one(self, statement: Select[Any], which: int) -> Any:
        """None where there are none."""
        with self.hub.reading() as tx:
            found = tx.scalars(statement).all()
        return sorted(found, key=lambda row: -row.id)[which % len(found)] if found else None

    def _reward(self, which: int) -> Reward | None:
        """Mostly of those that wait."""
        found: Reward | None = self._one(select(Reward).where(Reward.state.in_(rewards.OPEN)), which)
        return found if found is not None and which < 8 else self._one(select(Reward), which)

    def _where(self, tx: Session, idea: Idea, who: str) -> dict[str, Any]:
        """Of an idea, with somebody by name, or with its author."""
        member = self.scene.member(tx, who) if who else tx.get_one(Member, idea.author_id)
        return {"workspace": workspace_of(tx), "idea_id": idea.id, "member": member}
