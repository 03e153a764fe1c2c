"""What holds a reward, what does not, and who lets it go on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback import identities, rewards, workspaces
from feedback.errors import Refused
from feedback.rewards import holds
from models import Approval, Audit, Hold, Likeness, Member, Outbox, Reward, SamePair, TaxLine, Theme, Vote, Vouch
from tests.conftest import START, Clock, who_am_i, workspace_of
from tests.feedback.giving import give, join, link, say
from tests.feedback.scene import Scene

TEXT = "The lid of the pump leaks in my bag"


def days(number: float) -> timedelta:
    return timedelta(days=number)


@pytest.fixture
def reward_id(scene: Scene) -> int:
    """Ana's, ripe; Cy recorded the change."""
    told = scene.tell_all(scene.ship(scene.idea("Ana", TEXT)))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    return scene.reward().id


def looked(tx: Session, reward: Reward) -> dict[str, dict[str, Any]]:
    """What a look finds."""
    return {hold.kind: hold.detail for hold in holds.look(tx, reward=reward, now=START)}


def waiting(tx: Session, member: Member, text: str = TEXT, **facts: Any) -> Reward:
    """A reward of theirs that may be decided."""
    idea = say(tx, member, text, at=START)
    return give(tx, member, at=START, state="vesting", idea=idea, **{"vests_at": START, **facts})


def vote(tx: Session, by: Member, for_idea_of: Member, times: int) -> None:
    for number in range(times):
        idea = say(tx, for_idea_of, f"Wish {number} of {for_idea_of.name}", at=START - days(100 + number))
        tx.add(Vote(idea_id=idea.id, member_id=by.id, cast_with="button", cast_at=START))
    tx.flush()


def test_an_ordinary_life_raises_nothing(scene: Scene, clock: Clock) -> None:
    """People back each other now and then, ask for the same in words of their own, and are thanked every few weeks."""
    first = scene.idea("Ana", "A refill for the pump would be great.")
    second = scene.idea("Flo", "Could I fill the pump up again somehow?")
    third = scene.idea("Ana", "Ship to Norway, please.")
    for idea_id, who in ((first, "Flo"), (first, "Gus"), (second, "Ana"), (second, "Gus"), (third, "Gus")):
        scene.vote(idea_id, who)
    for wave in ((first, second), (third,)):
        told = scene.tell_all(scene.ship(*wave))
        for who, notice_id in told.items():
            scene.answer(notice_id, who)
        clock.move(days=30)
    scene.try_out()
    with scene.tx() as tx:
        found = tx.scalars(select(Reward).order_by(Reward.id)).all()
        assert [reward.member.name for reward in found] == ["Ana", "Flo", "Ana"]
        for reward in found:
            assert holds.look(tx, reward=reward, now=clock()) == []
        assert tx.scalars(select(Hold)).all() == []
    assert scene.owed("reward.held") == []


def test_the_same_text_over_and_over_by_one_person(scene: Scene) -> None:
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        others = [say(tx, ana, text, at=START - days(2)) for text in ("Leaks, in my bag, the lid of the PUMP", TEXT)]
        found = looked(tx, waiting(tx, ana))
        assert found == {
            "burst": {"idea_ids": [idea.id for idea in others], "others": 2, "people": 1, "days": 7},
        }


def test_the_same_text_by_several_as_the_grouping_finds_it(scene: Scene) -> None:
    with scene.tx() as tx:
        ana, flo, gus = (scene.member(tx, name) for name in ("Ana", "Flo", "Gus"))
        reward = waiting(tx, ana)
        one = say(tx, flo, "My bag is wet because this pump has a leaky lid", at=START)
        other = say(tx, gus, "Leaky lid of the pump, wet bag", at=START)
        near = {"idea_id": one.id, "other_id": reward.idea_id, "closeness": 0.96}
        tx.add(Likeness(**near))
        tx.add(
            SamePair(
                workspace_id=one.workspace_id,
                older_id=reward.idea_id,
                newer_id=other.id,
                closeness=0.97,
                score=1.0,
                words={},
                proposed_at=START,
            )
        )
        tx.flush()
        assert looked(tx, reward)["burst"]["people"] == 3


@pytest.mark.parametrize("case", ["once more", "later", "taken back", "short", "own words", "deleted"])
def test_no_burst(scene: Scene, case: str) -> None:
    with scene.tx() as tx:
        ana, flo, gus = (scene.member(tx, name) for name in ("Ana", "Flo", "Gus"))
        text = {"short": "Dark mode please", "deleted": ""}.get(case, TEXT)
        reward = waiting(tx, ana, text)
        if case == "once more":
            say(tx, ana, text, at=START)
        else:
            facts: dict[str, Any] = {"state": "withdrawn"} if case == "taken back" else {}
            at = START - days(8 if case == "later" else 1)
            ideas = [say(tx, who, "Wet bag" if case == "own words" else text, at=at, **facts) for who in (flo, gus)]
            if case == "own words":
                tx.add_all(Likeness(idea_id=reward.idea_id, other_id=idea.id, closeness=0.9) for idea in ideas)
                tx.flush()
        assert looked(tx, reward) == {}


def test_two_who_back_each_other_far_more_than_others_do(scene: Scene) -> None:
    with scene.tx() as tx:
        ana, flo, gus = (scene.member(tx, name) for name in ("Ana", "Flo", "Gus"))
        vote(tx, flo, ana, 4)
        vote(tx, gus, ana, 4)
        vote(tx, ana, flo, 3)
        assert looked(tx, waiting(tx, ana)) == {"praise": {"member_ids": [flo.id], "votes": 4, "of": 8, "back": 3}}


@pytest.mark.parametrize(("there", "back", "others"), [(2, 9, 0), (9, 2, 0), (4, 4, 5)])
def test_no_praise_for_each_other(scene: Scene, there: int, back: int, others: int) -> None:
    with scene.tx() as tx:
        ana, flo, gus = (scene.member(tx, name) for name in ("Ana", "Flo", "Gus"))
        vote(tx, flo, ana, there)
        vote(tx, ana, flo, back)
        vote(tx, gus, ana, others)
        assert looked(tx, waiting(tx, ana)) == {}


@pytest.mark.parametrize("somebody_else", [False, True])
def test_two_who_vouch_for_each_other_and_nobody_else_does(scene: Scene, somebody_else: bool) -> None:
    with scene.tx() as tx:
        ana, flo, bo = (scene.member(tx, name) for name in ("Ana", "Flo", "Bo"))
        theirs = give(tx, flo, at=START - days(60))
        reward = waiting(tx, ana, vests_at=START + days(1))
        tx.add(Vouch(reward_id=theirs.id, member_id=ana.id, said_with="answer", given_at=START))
        tx.add(Vouch(reward_id=reward.id, member_id=flo.id, said_with="answer", given_at=START))
        if somebody_else:
            tx.add(Vouch(reward_id=reward.id, member_id=bo.id, said_with="check", given_at=START))
        tx.flush()
        assert looked(tx, reward) == {}, "somebody else may still say so"
        reward.vests_at = START
        assert looked(tx, reward) == ({} if somebody_else else {"praise": {"member_ids": [flo.id]}})


@pytest.mark.parametrize("linked", [True, False])
def test_two_accounts_of_one_person_in_one_theme(scene: Scene, linked: bool) -> None:
    with scene.tx() as tx:
        ana, flo, gus, di = (scene.member(tx, name) for name in ("Ana", "Flo", "Gus", "Di"))
        theme = Theme(workspace_id=ana.workspace_id, name="Pump", created_at=START)
        tx.add(theme)
        tx.flush()
        reward = waiting(tx, ana)
        theirs = give(tx, gus, at=START - days(40))
        reward.idea.theme_id = theirs.idea.theme_id = theme.id
        if linked:  # Ana is Flo, and Flo is Gus
            link(tx, ana, flo, by=di, at=START)
            link(tx, flo, gus, by=di, at=START)
        found = looked(tx, reward)
        assert found == ({"accounts": {"reward_ids": [theirs.id], "member_ids": [gus.id]}} if linked else {})


def test_links_make_one_person_until_they_end(scene: Scene) -> None:
    with scene.tx() as tx:
        ana, bo, flo, gus, di = (scene.member(tx, name) for name in ("Ana", "Bo", "Flo", "Gus", "Di"))
        link(tx, flo, gus, by=di, at=START)
        link(tx, ana, bo, by=di, at=START)
        joined = link(tx, bo, gus, by=di, at=START)
        everybody = {ana.id, bo.id, flo.id, gus.id}
        assert identities.same_person(tx, member_id=gus.id) == everybody
        assert identities.persons(tx, workspace_id=ana.workspace_id).first() == dict.fromkeys(everybody, min(everybody))
        joined.ended_at, joined.ended_by_id = START, di.id
        tx.flush()
        assert identities.same_person(tx, member_id=gus.id) == {flo.id, gus.id}
        assert identities.same_person(tx, member_id=di.id) == {di.id}


@pytest.mark.parametrize(
    ("ago", "facts", "is_held"),
    [
        ((1, 6), {}, True),
        ((1, 8), {}, False),
        ((6,), {}, False),
        ((-3, 4), {}, True),
        ((-4, 4), {}, False),
        ((1, 6), {"state": "declined"}, False),
        ((1, 6), {"cents": 0}, False),
    ],
)
def test_several_within_a_week(scene: Scene, ago: tuple[int, ...], facts: dict[str, Any], is_held: bool) -> None:
    """Any seven days in which this one is. What is not given, or no money, is not counted."""
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        others = [give(tx, ana, at=START - days(each), **{"state": "vesting", **facts}) for each in ago]
        ids = sorted(others, key=lambda each: each.proposed_at)
        wanted = {"often": {"reward_ids": [each.id for each in ids], "rewards": 3, "days": 7}}
        assert looked(tx, waiting(tx, ana)) == (wanted if is_held else {})


@pytest.mark.parametrize(("theirs", "people", "is_held"), [(30_000, 10, True), (2500, 10, False), (30_000, 9, False)])
def test_three_people_receive_most(scene: Scene, theirs: int, people: int, is_held: bool) -> None:
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        ana.country = "DE"
        tx.add(
            TaxLine(
                workspace_id=ana.workspace_id, country="DE", year=2026, line_cents=10**8, currency="USD", set_at=START
            )
        )
        give(tx, ana, theirs, at=START - days(80))
        for number in range(people - 1):
            give(tx, join(tx, f"P{number}", now=START), at=START - days(20))
        found = looked(tx, waiting(tx, ana))
        percent = (theirs + 5000) * 100 // (theirs + 9 * 2500)
        wanted = {"share": {"percent": percent, "people": 10, "days": 90, "currency": "USD"}}
        assert found == (wanted if is_held else {})
        other = join(tx, "Other", now=START)
        assert looked(tx, waiting(tx, other)) == {}, "whoever is not one of the three is not held"


@pytest.mark.parametrize(
    ("had", "country", "kind", "line"),
    [
        (157_400, "US", "", 0),
        (157_500, "US", "tax_near", 200_000),
        (197_500, "US", "tax_near", 200_000),
        (197_501, "US", "tax_over", 200_000),
        (45_500, "", "tax_near", 60_000),
        (45_500, "GB", "tax_near", 60_000),
        (60_000, "CA", "tax_over", 60_000),
    ],
)
def test_the_year_against_the_line(scene: Scene, had: int, country: str, kind: str, line: int) -> None:
    """Without a country, or a line for it, the strictest one counts: here Canada's, of the year before."""
    with scene.tx() as tx:
        ana, flo, di = (scene.member(tx, name) for name in ("Ana", "Flo", "Di"))
        workspace_id = ana.workspace_id
        tx.add(
            TaxLine(workspace_id=workspace_id, country="CA", year=2025, line_cents=60_000, currency="USD", set_at=START)
        )
        tx.add(
            TaxLine(workspace_id=workspace_id, country="FR", year=2026, line_cents=100, currency="EUR", set_at=START)
        )
        ana.country = country
        link(tx, ana, flo, by=di, at=START)
        give(tx, ana, had - 20_000, at=START - days(100))
        give(tx, flo, 10_000, at=START - days(300))
        give(tx, flo, 10_000, at=START - days(50), state="paying")
        give(tx, ana, 10_000, at=START - days(310), currency="GBP")
        give(tx, ana, 90_000, at=START - days(320))  # last year
        found = looked(tx, waiting(tx, ana))
        assert list(found) == ([kind] if kind else [])
        if kind:
            assert (found[kind]["cents"], found[kind]["line_cents"]) == (had + 2500, line)


def test_a_hold_is_seen_by_managers_and_said_in_numbers(scene: Scene, reward_id: int) -> None:
    before = scene.reward().version
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        for _ in range(2):
            say(tx, ana, TEXT, at=START)
        for row in tx.scalars(select(Outbox).where(Outbox.kind == "reward.card_refresh")):
            row.state = "done"
    for _ in range(2):
        with scene.tx() as tx:
            holds.look(tx, reward=rewards.get(tx, reward_id=reward_id), now=scene.hub.clock())
    with scene.tx() as tx:
        reward = rewards.get(tx, reward_id=reward_id)
        (hold,) = holds.of(tx, reward=reward)
        assert holds.is_held(reward)
        assert holds.said(hold) == "2 other ideas within 7 days say almost the same, all by one person."
        assert reward.version == before + 1
        (told,) = tx.scalars(select(Audit).where(Audit.act == "held"))
        assert (told.subject, told.subject_id, told.member_id) == ("reward", reward_id, None)
        assert TEXT not in str([told.detail, hold.detail])
        refreshes = tx.scalars(select(Outbox.state).where(Outbox.kind == "reward.card_refresh"))
        assert list(refreshes) == ["new"]
    assert [each["reward_id"] for each in scene.owed("reward.held")] == [reward_id]


def test_it_is_looked_at_as_soon_as_it_begins_to_vest(scene: Scene) -> None:
    told = scene.tell_all(scene.ship(scene.idea("Ana", TEXT)))
    scene.answer(told["Ana"], "Ana")
    with scene.tx() as tx:
        for _ in range(2):
            say(tx, scene.member(tx, "Ana"), TEXT, at=START)
    assert held(scene) == []
    scene.try_out()
    assert [hold.kind for hold in held(scene)] == ["burst"]


def test_what_is_decided_is_not_looked_at(scene: Scene) -> None:
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        for _ in range(2):
            say(tx, ana, TEXT, at=START)
        reward = waiting(tx, ana)
        reward.state = "declined"
        assert holds.look(tx, reward=reward, now=START) == []


def approve(scene: Scene, reward_id: int, by: str) -> None:
    with scene.tx() as tx:
        manager = scene.member(tx, by)
        rewards.approve(
            tx, reward_id=reward_id, manager=manager, gift="CODE-1", cipher=scene.hub.cipher, now=scene.hub.clock()
        )


def lift(scene: Scene, hold_id: int, by: str, why: str = "I read them: two posts by mistake.") -> None:
    with scene.tx() as tx:
        holds.lift(tx, hold_id=hold_id, manager=scene.member(tx, by), why=why, now=scene.hub.clock())


def burst(scene: Scene) -> None:
    """What makes the reward's idea one of three that say the same, after it vested."""
    with scene.tx() as tx:
        for _ in range(2):
            say(tx, scene.member(tx, "Ana"), TEXT, at=START)
        scene.member(tx, "Gus").role = "manager"


def held(scene: Scene) -> list[Hold]:
    with scene.hub.reading() as tx:
        return list(tx.scalars(select(Hold).order_by(Hold.id)))


def test_what_is_found_at_the_last_moment_is_kept_though_approving_is_refused(scene: Scene, reward_id: int) -> None:
    burst(scene)
    for _ in range(2):
        with pytest.raises(Refused, match="held: several texts that say almost the same"):
            approve(scene, reward_id, "Di")
    assert [hold.kind for hold in held(scene)] == ["burst"]
    assert len(scene.owed("reward.held")) == 1
    with scene.tx() as tx:
        assert tx.scalars(select(Approval)).first() is None
    assert scene.reward().state == "vesting"


def test_whoever_lifted_it_does_not_approve_it_alone(scene: Scene, reward_id: int) -> None:
    burst(scene)
    with pytest.raises(Refused):
        approve(scene, reward_id, "Di")
    before = scene.reward().version
    (hold,) = held(scene)
    lift(scene, hold.id, "Di")
    lift(scene, hold.id, "Gus", "Me too.")  # somebody was faster
    (hold,) = held(scene)
    assert hold.why == "I read them: two posts by mistake."
    assert scene.reward().version == before + 1
    with pytest.raises(Refused, match="another manager has to approve it first"):
        approve(scene, reward_id, "Di")
    approve(scene, reward_id, "Gus")
    assert scene.reward().state == "paid"
    with scene.tx() as tx:
        (told,) = tx.scalars(select(Audit).where(Audit.act == "hold lifted"))
        assert told.detail["why"] == "I read them: two posts by mistake."


def test_where_two_managers_lifted_something_two_have_looked(scene: Scene, reward_id: int) -> None:
    burst(scene)
    with scene.tx() as tx:
        for each in (1, 2):
            give(tx, scene.member(tx, "Ana"), at=START - days(each), state="vesting")
    with pytest.raises(Refused, match="almost the same, several thank-yous"):
        approve(scene, reward_id, "Di")
    first, second = held(scene)
    lift(scene, first.id, "Di")
    with pytest.raises(Refused, match="held: several thank-yous within a few days"):
        approve(scene, reward_id, "Di")
    lift(scene, second.id, "Gus")
    approve(scene, reward_id, "Di")
    with scene.tx() as tx:
        assert rewards.get(tx, reward_id=reward_id).state == "paid"


def test_a_linked_account_of_whoever_lifted_it_is_nobody_else(scene: Scene, reward_id: int) -> None:
    burst(scene)
    with scene.tx() as tx:
        di, gus, bo = (scene.member(tx, name) for name in ("Di", "Gus", "Bo"))
        link(tx, di, gus, by=bo, at=START)
    with pytest.raises(Refused):
        approve(scene, reward_id, "Di")
    lift(scene, held(scene)[0].id, "Di")
    with pytest.raises(Refused, match="another manager has to approve it first"):
        approve(scene, reward_id, "Gus")


@pytest.mark.parametrize(
    ("who", "why", "say"),
    [
        ("Bo", "Fine.", "for managers"),
        ("Ana", "Fine.", "for you"),
        ("Cy", "Fine.", "You proposed it"),
        ("Flo", "Fine.", "for you"),
        ("Di", "  ", "Say why"),
        ("Di", "x" * 501, "under 500"),
        ("Eve", "Fine.", "not here"),
    ],
)
def test_who_may_not_lift_it_and_what_has_to_be_said(
    scene: Scene, reward_id: int, who: str, why: str, say: str
) -> None:
    """Flo is another account of Ana."""
    burst(scene)
    with pytest.raises(Refused):
        approve(scene, reward_id, "Di")
    with scene.tx() as tx:
        ana, flo, di = (scene.member(tx, name) for name in ("Ana", "Flo", "Di"))
        link(tx, ana, flo, by=di, at=START)
        for name in ("Ana", "Cy", "Flo"):
            scene.member(tx, name).role = "manager"
        other = workspaces.install(tx, who_am_i=who_am_i("T0OTHER"), now=START)
        tx.add(Member(workspace_id=other.id, slack_id="U0EVE", name="Eve", role="manager", joined_at=START))
    with pytest.raises(Refused, match=say):
        lift(scene, held(scene)[0].id, who, why)
    assert held(scene)[0].lifted_at is None


def test_what_is_held_can_be_declined_and_then_no_more_be_lifted(scene: Scene, reward_id: int) -> None:
    burst(scene)
    with pytest.raises(Refused):
        approve(scene, reward_id, "Di")
    with scene.tx() as tx:
        di, now = scene.member(tx, "Di"), scene.hub.clock()
        rewards.decline(tx, reward_id=reward_id, manager=di, why="Handed out.", now=now)
        assert not holds.is_held(rewards.get(tx, reward_id=reward_id))
    with pytest.raises(Refused, match="decided already: declined"):
        lift(scene, held(scene)[0].id, "Gus")


def test_ten_who_lift_it_at_once_are_one(scene: Scene, reward_id: int) -> None:
    burst(scene)
    with pytest.raises(Refused):
        approve(scene, reward_id, "Di")
    hold_id = held(scene)[0].id
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda number: lift(scene, hold_id, ("Di", "Gus")[number % 2], f"Look {number}."), range(10)))
    with scene.tx() as tx:
        (told,) = tx.scalars(select(Audit).where(Audit.act == "hold lifted"))
        (hold,) = tx.scalars(select(Hold))
        assert told.detail["why"] == hold.why
        assert told.member_id == hold.lifted_by_id
        assert workspace_of(tx).id == told.workspace_id


def test_a_yes_to_what_was_there_before_the_hold_is_nobody_who_looked(scene: Scene, reward_id: int) -> None:
    """It took two then, and one is enough by now."""
    with scene.tx() as tx:
        workspace_of(tx).two_approve_above_cents = 0
        scene.member(tx, "Gus").role = "manager"
    approve(scene, reward_id, "Gus")
    burst(scene)
    with pytest.raises(Refused, match="It is held"):
        approve(scene, reward_id, "Di")
    lift(scene, held(scene)[0].id, "Di")
    with scene.tx() as tx:
        workspace_of(tx).two_approve_above_cents = 1_000_000
    with pytest.raises(Refused, match="another manager has to approve it first"):
        approve(scene, reward_id, "Di")
    approve(scene, reward_id, "Gus")
    assert scene.reward().state == "paid"
