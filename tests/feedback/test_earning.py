"""What earns a reward, what never does, and what brings it to nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from feedback import ideas, loop, rewards
from feedback.blocks import thanks as thanks_blocks
from feedback.errors import Refused
from models import Audit, Idea, Member, MemberLink, Notice, Outbox, Reward, Theme, Vouch
from tests.conftest import Clock, money, workspace_of
from tests.feedback.scene import Scene

TYPED = {"points": "5", "currency": "USD", "provider": "", "amount": "", "vesting_days": "0", "most_a_year": "0"}
MORE = ("Gus", "Hal", "Ivy", "Jo")
"""Gus is there already."""


def give(scene: Scene, trigger: str, **typed: str) -> None:
    facts = {**TYPED, "proposed_by": "product", "supporters": "2", "most_a_quarter": "0", **typed}
    with scene.tx() as tx:
        manager, now = scene.member(tx, "Di"), scene.hub.clock()
        rewards.give(tx, manager=manager, trigger=trigger, typed=facts, has_service=True, now=now)


def thank(scene: Scene, idea_id: int, by: str = "Cy", to: str = "Ana", **given: str) -> int:
    facts = {"trigger": "evidence", "note": "She sent a film of it.", **given}
    with scene.tx() as tx:
        who, member_id = scene.member(tx, by), scene.member(tx, to).id
        return rewards.thank(tx, idea_id=idea_id, by=who, member_id=member_id, **facts, now=scene.hub.clock()).id


def check(scene: Scene, reward_id: int, by: str = "Bo") -> None:
    with scene.tx() as tx:
        rewards.check(tx, reward_id=reward_id, by=scene.member(tx, by), now=scene.hub.clock())


def all_rewards(scene: Scene) -> list[Reward]:
    with scene.hub.reading() as tx:
        return list(tx.scalars(select(Reward).order_by(Reward.id)))


def earned(scene: Scene) -> list[tuple[str, str, str]]:
    with scene.hub.reading() as tx:
        found = tx.scalars(select(Reward).order_by(Reward.id)).all()
        return [(reward.member.name, reward.reason, reward.state) for reward in found]


def set_idea(scene: Scene, idea_id: int, **values: Any) -> None:
    with scene.tx() as tx:
        idea = tx.get_one(Idea, idea_id)
        for name, value in values.items():
            setattr(idea, name, value)


def theme(scene: Scene, *idea_ids: int) -> int:
    with scene.tx() as tx:
        found = Theme(workspace_id=workspace_of(tx).id, name="Pumps", created_at=scene.hub.clock())
        tx.add(found)
        tx.flush()
        for idea_id in idea_ids:
            tx.get_one(Idea, idea_id).theme_id = found.id
        return found.id


def come(scene: Scene, *names: str) -> None:
    with scene.tx() as tx:
        for name in names:
            facts = {"slack_id": f"U0{name.upper()}", "name": name, "role": "customer"}
            tx.add(Member(workspace_id=workspace_of(tx).id, joined_at=scene.hub.clock(), **facts))


def supported(scene: Scene) -> list[int]:
    """What the night's tick proposes."""
    with scene.tx() as tx:
        made = rewards.propose_supported(tx, workspace_id=workspace_of(tx).id, now=scene.hub.clock())
        return [reward.idea_id for reward in made]


def helped(scene: Scene, *names: str, idea_id: int = 0) -> int:
    """It shipped, and these say that it is better now. Returns the idea's id."""
    found = idea_id or scene.idea("Ana")
    told = scene.tell_all(scene.ship(found))
    for name in names or ("Ana",):
        scene.answer(told[name], name)
    return found


# What never earns anything.


def test_a_message_a_reaction_and_a_vote_earn_nothing(scene: Scene) -> None:
    for trigger in rewards.TRIGGERS:
        give(scene, trigger)
    said = scene.say("Ana", "Please make a refill for the pump.")
    idea_id = scene.capture(said, "Ana")
    scene.react(said, "Flo")
    scene.vote(idea_id, "Flo")
    scene.say("Flo", "Me too, and here is a film of it.", thread_ts=said.ts)
    theme(scene, idea_id)
    assert supported(scene) == []
    scene.tell_all(scene.ship(idea_id))
    assert earned(scene) == [], "that it shipped is no proof yet that it was worth it"
    assert not scene.owed("reward.thanks")


LOVE, RAGE = "I adore you, and the pump is a dream, but it leaks.", "You idiots, this rotten pump leaks."


@pytest.mark.parametrize("text", [LOVE, RAGE])
@pytest.mark.parametrize(
    ("kind", "reason"), [("idea", "verified"), ("praise", "verified"), ("problem", "first_report")]
)
def test_what_somebody_thinks_of_us_changes_nothing(scene: Scene, text: str, kind: str, reason: str) -> None:
    """The same words of thanks too."""
    give(scene, "first_report", points="5")
    give(scene, "verified", points="5")
    idea_id = scene.idea("Ana", text)
    set_idea(scene, idea_id, kind=kind)
    scene.vote(idea_id, "Flo")
    helped(scene, "Flo", idea_id=idea_id)
    assert earned(scene) == [("Ana", reason, "vesting")]
    with scene.hub.reading() as tx:
        reward = tx.scalars(select(Reward)).one()
        assert (reward.points, reward.amount_cents) == (5, 0)
        assert thanks_blocks.thanks(reward, is_alone=True).text == thanks_blocks.WORDS[reason]


def as_tester(scene: Scene, verdict: str, why: str) -> list[tuple[str, str, str]]:
    """Flo said "not yet" once, is asked first when it ships again, and answers so."""
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    told = scene.tell_all(scene.ship(idea_id))
    scene.answer(told["Ana"], "Ana", "not_yet", "It drips.")
    scene.answer(told["Flo"], "Flo", "not_yet", "It drips.")
    again = scene.tell_all(scene.ship(idea_id, summary="A new seal."))
    scene.answer(again["Flo"], "Flo", verdict, why)
    return [each for each in earned(scene) if each[0] == "Flo"]


@pytest.mark.parametrize("verdict", loop.VERDICTS)
def test_a_testers_words_earn_the_same_with_every_answer(scene: Scene, verdict: str) -> None:
    give(scene, "tested")
    assert as_tester(scene, verdict, "On the small pump.") == [("Flo", "tested", "proposed")]
    (reward,) = [each for each in all_rewards(scene) if each.reason == "tested"]
    assert reward.points == 5
    check(scene, reward.id)
    assert scene.get_idea(reward.idea_id)
    assert [each.state for each in all_rewards(scene) if each.reason == "tested"] == ["vesting"]


@pytest.mark.parametrize("verdict", ["better", "partly"])
def test_an_answer_without_words_is_only_a_press(scene: Scene, verdict: str) -> None:
    give(scene, "tested")
    assert as_tester(scene, verdict, "") == []


def test_words_may_follow_a_better_now_and_earn_once(scene: Scene) -> None:
    give(scene, "tested")
    assert as_tester(scene, "better", "") == []
    with scene.hub.reading() as tx:
        mine = select(Notice.id).where(Notice.member_id == scene.member(tx, "Flo").id).order_by(Notice.id.desc())
        notice_id = tx.scalars(mine).first()
        assert notice_id
        assert loop.may_say_how(tx, notice=loop.get(tx, notice_id=notice_id))
    for _ in range(2):
        scene.answer(notice_id, "Flo", "better", "It holds.")
    with scene.hub.reading() as tx:
        notice = loop.get(tx, notice_id=notice_id)
        assert notice.answer
        assert notice.answer.why == "It holds."
        assert not loop.may_say_how(tx, notice=notice)
    assert [each[1] for each in earned(scene) if each[0] == "Flo"] == ["tested"]


def test_whoever_was_not_asked_first_earns_nothing_by_answering(scene: Scene) -> None:
    give(scene, "tested")
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    told = scene.tell_all(scene.ship(idea_id))
    scene.answer(told["Flo"], "Flo", "partly", "Only the small pump.")
    assert earned(scene) == []


# Which rule it is.


def test_the_first_report_takes_the_place_of_the_usual_rule_and_later_ones_do_not(scene: Scene) -> None:
    give(scene, "first_report", points="50")
    first, second = scene.idea("Ana", "The pump leaks."), scene.idea("Flo", "My pump leaks too.")
    for idea_id in (first, second):
        set_idea(scene, idea_id, kind="problem")
    theme(scene, first, second)
    told = scene.tell_all(scene.ship(first, second))
    for name in ("Ana", "Flo"):
        scene.answer(told[name], name)
    assert earned(scene) == [("Ana", "first_report", "proposed"), ("Flo", "verified", "proposed")]
    assert [reward.points for reward in all_rewards(scene)] == [50, 10]


def test_where_the_rule_is_switched_off_nothing_is_proposed(scene: Scene) -> None:
    with scene.tx() as tx:
        for _ in range(2):
            rewards.stop(tx, manager=scene.member(tx, "Di"), trigger="verified", now=scene.hub.clock())
        acts = tx.scalars(select(Audit.act).where(Audit.subject == "rule")).all()
    assert acts == ["switched off"]
    helped(scene)
    assert earned(scene) == []


def test_a_cap_counts_the_person_and_not_the_account(scene: Scene, clock: Clock) -> None:
    give(scene, "verified", most_a_year="1")
    come(scene, "Annie")
    with scene.tx() as tx:
        ana, annie, di = (scene.member(tx, name) for name in ("Ana", "Annie", "Di"))
        facts = {"workspace_id": ana.workspace_id, "why": "The same order number.", "linked_by_id": di.id}
        tx.add(MemberLink(member_id=ana.id, other_id=annie.id, linked_at=clock(), **facts))
    for name in ("Ana", "Annie"):
        told = scene.tell_all(scene.ship(scene.idea(name, f"{name} asks for a refill.")))
        scene.answer(told[name], name)
    assert [each[0] for each in earned(scene)] == ["Ana"]
    clock.move(days=400)
    told = scene.tell_all(scene.ship(scene.idea("Annie", "A lock for the pump.")))
    scene.answer(told["Annie"], "Annie")
    assert [each[0] for each in earned(scene)] == ["Ana", "Annie"]


@pytest.mark.parametrize(
    "facts", [{"takes_rewards": False}, {"is_guest": True}, {"is_bot": True}, {"role": "moderator"}], ids=str
)
def test_nothing_is_proposed_for_whoever_may_not_have_it(scene: Scene, facts: dict[str, Any]) -> None:
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    told = scene.tell_all(scene.ship(idea_id))
    with scene.tx() as tx:
        for name, value in facts.items():
            setattr(scene.member(tx, "Ana"), name, value)
    scene.answer(told["Flo"], "Flo")
    assert earned(scene) == []


# By hand.


def test_evidence_is_thanked_for_once_it_changed_a_decision(scene: Scene, clock: Clock) -> None:
    give(scene, "evidence")
    said = scene.say("Ana", "The pump leaks.")
    idea_id = scene.capture(said, "Ana")
    scene.say("Flo", "Here is a film of it.", thread_ts=said.ts)
    with pytest.raises(Refused, match="changed a decision"):
        thank(scene, idea_id, to="Flo")
    scene.ship(idea_id)
    assert thank(scene, idea_id, to="Flo") == thank(scene, idea_id, to="Flo"), "a second time is no news"
    assert earned(scene) == [("Flo", "evidence", "proposed")]
    reward = all_rewards(scene)[0]
    assert (reward.note, reward.points, reward.vests_at) == ("She sent a film of it.", 5, None)
    with pytest.raises(Refused, match="You proposed it"):
        check(scene, reward.id, by="Cy")
    clock.move(days=3)
    check(scene, reward.id)
    check(scene, reward.id)
    assert all_rewards(scene)[0].vests_at == clock()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"note": "  "}, "note"),
        ({"note": "x" * 1001}, "note"),
        ({"trigger": "verified"}, "trigger"),
        ({"trigger": "call"}, "trigger"),
        ({"trigger": "evidence", "by": "Bo"}, "trigger"),
        ({"to": "Flo"}, "member_id"),
        ({"to": "Di"}, "member_id"),
    ],
    ids=str,
)
def test_what_is_wrong_about_a_thank_you_is_said_where_it_is(scene: Scene, wrong: dict[str, str], field: str) -> None:
    give(scene, "evidence")
    idea_id = scene.idea("Ana")
    scene.ship(idea_id)
    with pytest.raises(Refused) as refused:
        thank(scene, idea_id, **wrong)
    assert refused.value.field == field
    assert earned(scene) == []


def test_a_call_needs_no_decision_and_another_person_of_the_team(scene: Scene) -> None:
    give(scene, "call", provider="booking", link="https://calls.example/15", proposed_by="moderator")
    reward_id = thank(scene, scene.idea("Ana"), by="Bo", trigger="call")
    with pytest.raises(Refused, match="looks after the ideas"):
        check(scene, reward_id, by="Flo")
    check(scene, reward_id, by="Cy")
    assert earned(scene) == [("Ana", "call", "vesting")]


# A theme that many stood behind.


def backed(scene: Scene, text: str, *names: str) -> int:
    idea_id = scene.idea("Ana", text)
    for name in names:
        scene.vote(idea_id, name)
    theme(scene, idea_id)
    return idea_id


def test_a_theme_is_rewarded_from_so_many_people_on_when_it_shipped(scene: Scene) -> None:
    give(scene, "supported", supporters="3")
    idea_id = backed(scene, "A lock for the pump.", "Flo")
    scene.ship(idea_id)
    assert supported(scene) == []
    scene.vote(idea_id, "Gus")
    assert supported(scene) == [idea_id]
    assert supported(scene) == []
    assert earned(scene) == [("Ana", "supported", "proposed")]


def test_the_valve_lets_so_many_through_a_quarter_and_the_first_first(scene: Scene, clock: Clock) -> None:
    give(scene, "supported", most_a_quarter="1")
    clock.now = datetime(2027, 2, 1, tzinfo=UTC)
    made = [backed(scene, f"Thing number {number} for the pump.", "Flo") for number in range(3)]
    for idea_id in (made[1], made[0], made[2]):
        clock.move(days=1)
        scene.ship(idea_id, summary=f"{idea_id} is here.")
    assert supported(scene) == [made[1]]
    clock.move(days=30)
    assert supported(scene) == []
    clock.now = datetime(2027, 4, 1, 4, 10, tzinfo=UTC)
    assert supported(scene) == [made[0]]
    clock.now = datetime(2027, 7, 1, 4, 10, tzinfo=UTC)
    assert supported(scene) == [made[2]]


# What brings it to nothing.


def test_what_is_open_again_is_cancelled_and_earns_anew_when_it_helps(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    told = scene.tell_all(scene.ship(idea_id))
    scene.answer(told["Flo"], "Flo")
    assert earned(scene) == [("Ana", "verified", "vesting")]
    scene.answer(told["Ana"], "Ana", "not_yet", "It drips.")
    (reward,) = all_rewards(scene)
    assert (reward.state, reward.ended_why) == ("cancelled", "What it is for is open again: it did not help yet.")
    told = scene.tell_all(scene.ship(idea_id, summary="A new seal."))
    scene.answer(told["Ana"], "Ana")
    (reward,) = all_rewards(scene)
    assert (reward.state, reward.ended_why, reward.vests_at) == ("proposed", "", None)
    with scene.hub.reading() as tx:
        assert tx.scalars(select(Vouch)).all() == [], "what was said of the first try says nothing of the second"
    scene.answer(told["Flo"], "Flo")
    assert earned(scene) == [("Ana", "verified", "vesting")]
    assert len(scene.owed("reward.card")) == 2


def test_what_its_author_took_back_is_cancelled_and_stays_so(scene: Scene) -> None:
    idea_id = helped(scene)
    with scene.tx() as tx:
        ideas.withdraw(
            tx, workspace=workspace_of(tx), idea_id=idea_id, member=scene.member(tx, "Ana"), now=scene.hub.clock()
        )
    (reward,) = all_rewards(scene)
    assert (reward.state, reward.ended_why) == ("cancelled", "What it is for was taken back or deleted.")
    with pytest.raises(Refused, match="cancelled"):
        check(scene, reward.id)


def test_what_was_approved_and_not_paid_goes_back_to_its_budget(scene: Scene) -> None:
    give(scene, "verified", provider="tremendous", amount="25", points="0")
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    told = scene.tell_all(scene.ship(idea_id))
    scene.answer(told["Flo"], "Flo")
    with scene.tx() as tx:
        facts = {"reward_id": 1, "manager": scene.member(tx, "Di"), "cipher": scene.hub.cipher}
        rewards.approve(tx, **facts, now=scene.hub.clock())  # type: ignore[arg-type]
    with scene.tx() as tx:
        assert money(tx) == (2500, 0, 0)
    scene.answer(told["Ana"], "Ana", "not_yet", "It drips.")
    with scene.tx() as tx:
        assert money(tx) == (0, 0, 0)
    assert earned(scene) == [("Ana", "verified", "cancelled")]
    told = scene.tell_all(scene.ship(idea_id, summary="A new seal."))
    scene.answer(told["Flo"], "Flo")
    assert earned(scene) == [("Ana", "verified", "cancelled")], "a manager decided about this one already"


def test_when_most_say_not_yet_it_does_not_vest(scene: Scene) -> None:
    come(scene, *MORE[1:])
    idea_id = scene.idea("Ana")
    for name in MORE:
        scene.vote(idea_id, name)
    told = scene.tell_all(scene.ship(idea_id))
    for name in MORE[:2]:
        scene.answer(told[name], name, "not_yet", "It drips.")
    scene.answer(told["Ivy"], "Ivy")
    assert all_rewards(scene)[0].ended_why == "More people said “not yet” than “better now”."
    scene.answer(told["Jo"], "Jo")
    assert earned(scene) == [("Ana", "verified", "vesting")], "by now as many say so as do not"


def test_when_most_say_not_yet_by_the_end_of_its_days_no_manager_is_asked(scene: Scene, clock: Clock) -> None:
    give(scene, "verified", vesting_days="7")
    come(scene, *MORE[1:])
    idea_id = scene.idea("Ana")
    for name in MORE:
        scene.vote(idea_id, name)
    told = scene.tell_all(scene.ship(idea_id))
    scene.answer(told["Gus"], "Gus")
    for name in MORE[1:3]:
        scene.answer(told[name], name, "not_yet", "It drips.")
    assert earned(scene) == [("Ana", "verified", "vesting")]
    clock.move(days=7)
    with scene.tx() as tx:
        rewards.ripen(tx, reward_id=1, now=clock())
    assert earned(scene) == [("Ana", "verified", "cancelled")]


def test_what_is_merged_into_something_rewarded_is_cancelled_and_an_undo_brings_nothing_back(scene: Scene) -> None:
    give(scene, "call")
    first, second = scene.idea("Ana", "A lock for the pump."), scene.idea("Flo", "The pump needs a lock.")
    scene.vote(second, "Ana")
    for idea_id in (first, second):
        thank(scene, idea_id, to="Ana", trigger="call")
    thank(scene, second, to="Flo", trigger="call")
    merge_id = scene.merge(second, first)
    states = [("Ana", "call", "proposed"), ("Ana", "call", "cancelled"), ("Flo", "call", "proposed")]
    assert earned(scene) == states, "Flo gave a call of her own"
    scene.undo(merge_id)
    assert earned(scene) == states
    thank(scene, second, to="Ana", trigger="call", note="A second call.")
    assert earned(scene)[1] == ("Ana", "call", "proposed")


# Thanks in words.


def thanks(scene: Scene) -> list[Outbox]:
    with scene.hub.reading() as tx:
        return list(tx.scalars(select(Outbox).where(Outbox.kind == "reward.thanks").order_by(Outbox.id)))


def test_one_thank_you_in_words_a_person_and_change(scene: Scene) -> None:
    give(scene, "evidence")
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    helped(scene, "Flo", idea_id=idea_id)
    assert len(thanks(scene)) == 1
    check(scene, thank(scene, idea_id))
    assert len(thanks(scene)) == 1
    check(scene, thank(scene, idea_id, to="Flo"))
    assert len(thanks(scene)) == 2


@pytest.mark.parametrize("facts", [{"hears": "nothing"}, {"takes_rewards": False}], ids=str)
def test_whoever_wants_nothing_is_not_thanked(scene: Scene, facts: dict[str, Any]) -> None:
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    helped(scene, "Flo", idea_id=idea_id)
    with scene.tx() as tx:
        reward = tx.scalars(select(Reward)).one()
        assert rewards.is_thanks_owed(reward)
        for name, value in facts.items():
            setattr(reward.member, name, value)
        assert not rewards.is_thanks_owed(reward)


def test_thanks_never_say_how_much_and_promise_no_gift(scene: Scene) -> None:
    give(scene, "verified", provider="manual", amount="25", words="A gift card of $25.")
    helped(scene)
    with scene.hub.reading() as tx:
        reward = tx.scalars(select(Reward)).one()
        assert "25" not in str(thanks_blocks.thanks(reward, is_alone=True).blocks)
