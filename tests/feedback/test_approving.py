"""Who may approve what, as what they saw it, and how many it takes; who may receive anything; what is asked first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from feedback import ideas, identities, messages, rewards
from feedback.blocks import rewards as reward_blocks
from feedback.errors import Refused
from feedback.overview import deciding
from feedback.overview.deciding import Brief
from feedback.rewards import eligibility
from models import Approval, Audit, Budget, Member, MemberLink, Payout, Reward, RewardQuestion
from tests.conftest import Clock, give_by, money, workspace_of
from tests.feedback.giving import join
from tests.feedback.scene import Scene


@pytest.fixture
def reward_id(scene: Scene) -> int:
    """Of Ana, for what Cy shipped. Di is the only manager."""
    told = scene.tell_all(scene.ship(scene.idea("Ana")))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    with scene.tx() as tx:
        give_by(tx, "tremendous")
    return scene.reward().id


def set_up(scene: Scene, **values: object) -> None:
    """Of the workspace."""
    with scene.tx() as tx:
        for name, value in values.items():
            setattr(workspace_of(tx), name, value)


def be(scene: Scene, who: str, **values: object) -> None:
    with scene.tx() as tx:
        member = scene.member(tx, who)
        for name, value in values.items():
            setattr(member, name, value)


def hire(scene: Scene, *names: str, role: str = "manager") -> None:
    with scene.tx() as tx:
        workspace_id = workspace_of(tx).id
        for name in names:
            facts = {"slack_id": f"U0{name.upper()}", "name": name, "handle": name.lower(), "role": role}
            tx.add(Member(workspace_id=workspace_id, **facts, joined_at=scene.hub.clock()))


def approve(scene: Scene, reward_id: int, by: str = "Di", version: int | None = None) -> Reward:
    with scene.tx() as tx:
        return rewards.approve(
            tx,
            reward_id=reward_id,
            manager=scene.member(tx, by),
            version=version,
            cipher=scene.hub.cipher,
            now=scene.hub.clock(),
        )


def decline(scene: Scene, reward_id: int, by: str = "Di", version: int | None = None) -> Reward:
    with scene.tx() as tx:
        manager = scene.member(tx, by)
        return rewards.decline(
            tx, reward_id=reward_id, manager=manager, why="No.", version=version, now=scene.hub.clock()
        )


def attempt(scene: Scene, reward_id: int, by: str) -> str:
    """Presses until what they see is how it stands."""
    while True:
        with scene.hub.reading() as tx:
            version = tx.get_one(Reward, reward_id).version
        try:
            approve(scene, reward_id, by, version)
        except rewards.Stale:
            continue
        except Refused as refused:
            return refused.say
        return "yes"


def ask(scene: Scene, reward_id: int, question: str = "Did they write it?", version: int | None = None) -> int:
    with scene.tx() as tx:
        di = scene.member(tx, "Di")
        asked = rewards.ask(
            tx, reward_id=reward_id, manager=di, question=question, version=version, now=scene.hub.clock()
        )
        return asked.id


def answer(scene: Scene, question_id: int, by: str = "Cy", words: str = "They did.") -> None:
    with scene.tx() as tx:
        member = scene.member(tx, by)
        rewards.answer(tx, question_id=question_id, member=member, words=words, now=scene.hub.clock())


def link(scene: Scene, who: str, other: str, why: str = "They told us.", by: str = "Di") -> int:
    with scene.tx() as tx:
        manager = scene.member(tx, by)
        found = identities.link(tx, manager=manager, who=f"@{who}", other=other, why=why, now=scene.hub.clock())
        return found.id


def brief(scene: Scene, reward_id: int) -> Brief:
    with scene.hub.transaction() as tx:
        found = deciding.brief(tx, reward=tx.get_one(Reward, reward_id), now=scene.hub.clock())
        assert reward_blocks.card(tx.get_one(Reward, reward_id), brief=found, hub_url="https://hub.example").blocks
        return found


def why_not(scene: Scene, who: str) -> str:
    with scene.tx() as tx:
        return eligibility.why_not(tx, member=scene.member(tx, who), now=scene.hub.clock())


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "an app": ({"is_bot": True}, "is an app"),
    "on the team": ({"role": "moderator"}, "is on the team"),
    "a guest": ({"is_guest": True}, "is a guest"),
    "opted out": ({"takes_rewards": False}, "asked to be given nothing"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_some_receive_nothing_and_the_manager_reads_why(scene: Scene, reward_id: int, case: str) -> None:
    facts, words = REFUSED[case]
    assert why_not(scene, "Ana") == ""
    be(scene, "Ana", **facts)
    assert words in why_not(scene, "Ana")
    with pytest.raises(Refused, match=words):
        approve(scene, reward_id)
    assert words in brief(scene, reward_id).cannot
    assert scene.reward().state == "vesting"


def test_leavers_and_newcomers_receive_nothing_and_guests_where_it_is_set(
    scene: Scene, reward_id: int, clock: Clock
) -> None:
    set_up(scene, reward_after_days=14)
    with pytest.raises(Refused, match="is new here, and can receive something from 16 "):
        approve(scene, reward_id)
    clock.move(days=14)
    assert why_not(scene, "Ana") == ""
    be(scene, "Ana", left_at=clock())
    with pytest.raises(Refused, match="has left"):
        approve(scene, reward_id)
    be(scene, "Ana", left_at=None, is_guest=True)
    set_up(scene, rewards_guests=True)
    assert approve(scene, reward_id).state == "approved"


def test_what_is_said_of_one_account_holds_for_the_person(scene: Scene, reward_id: int) -> None:
    link(scene, "ana", "flo")
    be(scene, "Flo", takes_rewards=False)
    assert "asked to be given nothing" in why_not(scene, "Ana")
    be(scene, "Flo", takes_rewards=True)
    link(scene, "flo", "bo")
    assert "is the same person as Bo, who is on the team" in why_not(scene, "Ana")
    with pytest.raises(Refused, match="Nobody but Ana has said yet"):  # it was Bo who tried it
        approve(scene, reward_id)


def test_links_are_followed_ended_and_written_down(scene: Scene) -> None:
    first, second = link(scene, "ana", "flo"), link(scene, "U0FLO", "@gus")
    assert link(scene, "flo", "ana") == first
    with scene.tx() as tx:
        ids = {name: scene.member(tx, name).id for name in ("Ana", "Flo", "Gus", "Cy")}
        assert identities.same_person(tx, member_id=ids["Ana"]) == {ids["Ana"], ids["Flo"], ids["Gus"]}
        assert identities.same_person(tx, member_id=ids["Cy"]) == {ids["Cy"]}
        for _ in range(2):
            identities.unlink(tx, manager=scene.member(tx, "Di"), link_id=second, now=scene.hub.clock())
        assert identities.same_person(tx, member_id=ids["Ana"]) == {ids["Ana"], ids["Flo"]}
        acts = [(row.act, row.subject_id) for row in tx.scalars(select(Audit).where(Audit.act.like("%linked%")))]
        linked = [("linked", ids[name]) for name in ("Ana", "Flo", "Flo", "Gus")]
        assert sorted(acts) == sorted([*linked, ("unlinked", ids["Flo"]), ("unlinked", ids["Gus"])])
        assert len(tx.scalars(select(MemberLink)).all()) == 2


@pytest.mark.parametrize(
    ("who", "other", "why", "field"),
    [
        ("ana", "U0ANA", "x", "other"),
        ("nobody", "ana", "x", "who"),
        ("ana", "", "x", "other"),
        ("ana", "flo", " ", "why"),
    ],
)
def test_a_wrong_link_is_refused_below_its_field(scene: Scene, who: str, other: str, why: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        link(scene, who, other, why)
    assert refused.value.field == field
    with pytest.raises(Refused, match="for managers"):
        link(scene, "ana", "flo", by="Cy")


@pytest.mark.parametrize(("mine", "say"), [("ana", "is for Ana, who is you"), ("cy", "Cy proposed it, who is you")])
def test_nobody_approves_with_another_account(scene: Scene, reward_id: int, mine: str, say: str) -> None:
    hire(scene, "Dora")
    link(scene, "gus", mine)
    link(scene, "dora", "gus")
    with pytest.raises(Refused, match=say):
        approve(scene, reward_id, "Dora")
    with pytest.raises(Refused, match=say):
        decline(scene, reward_id, "Dora")


def test_a_large_amount_takes_two_people(scene: Scene, reward_id: int) -> None:
    hire(scene, "Dora", "Dan")
    link(scene, "dan", "di")
    set_up(scene, two_approve_above_cents=2499)
    assert brief(scene, reward_id).needs == 2
    assert approve(scene, reward_id).state == "vesting"
    seen = brief(scene, reward_id)
    assert seen.kept is not None
    with pytest.raises(Refused, match="One more manager is needed"):
        approve(scene, reward_id)
    with pytest.raises(Refused, match="You said yes already"):
        approve(scene, reward_id, "Dan")
    with scene.tx() as tx:
        assert tx.scalars(select(Payout)).first() is None
        assert money(tx) == (0, 0, 0)
    assert approve(scene, reward_id, "Dora").state == "approved"
    with scene.tx() as tx:
        assert money(tx) == (2500, 0, 0)
        assert len(tx.scalars(select(Payout)).all()) == 1
        names = [each.manager.name for each in reward_blocks.spoke(tx.get_one(Reward, reward_id))]
    assert names == ["Di", "Dora"]


@pytest.mark.parametrize(("spent", "needs"), [(7_499, 1), (7_500, 2)])
def test_a_budget_that_is_nearly_spent_takes_two(scene: Scene, reward_id: int, spent: int, needs: int) -> None:
    """At 80 of 100: so much was spent that this one reaches it, or does not."""
    with scene.tx() as tx:
        budget = tx.scalars(select(Budget)).one()
        rewards.fund(tx, budget=budget, cents=12_500 - 1_000_000, by=None, now=scene.hub.clock())
        budget.spent_cents, budget.available_cents = spent, 12_500 - spent
    assert brief(scene, reward_id).needs == needs
    assert approve(scene, reward_id).state == ("approved" if needs == 1 else "vesting")


def test_it_is_said_who_could_be_made_a_manager(scene: Scene, reward_id: int) -> None:
    assert brief(scene, reward_id).too_few == ""
    set_up(scene, two_approve_above_cents=0)
    assert brief(scene, reward_id).too_few == (
        "It takes two managers who neither proposed nor receive it, and there is only one. "
        "Bo could be made one, under Members."
    )
    hire(scene, "Dora")
    assert brief(scene, reward_id).too_few == ""
    link(scene, "dora", "di")
    assert "there is only one" in brief(scene, reward_id).too_few


def test_what_changed_since_it_was_shown_is_refused_and_shown_anew(scene: Scene, reward_id: int) -> None:
    version = scene.reward().version
    question_id = ask(scene, reward_id, version=version)
    for act in (
        lambda: approve(scene, reward_id, version=version),
        lambda: ask(scene, reward_id, "And why?", version),
        lambda: decline(scene, reward_id, version=version),
    ):
        with pytest.raises(rewards.Stale, match="This changed since it was shown to you"):
            act()
    asked = scene.reward().version
    assert asked > version
    answer(scene, question_id)
    with pytest.raises(rewards.Stale):
        approve(scene, reward_id, version=asked)
    assert approve(scene, reward_id, version=scene.reward().version).state == "approved"


def test_whoever_said_yes_first_says_it_again_to_what_changed(scene: Scene, reward_id: int) -> None:
    hire(scene, "Dora")
    set_up(scene, two_approve_above_cents=0)
    approve(scene, reward_id, "Dora")
    answer(scene, ask(scene, reward_id))
    assert brief(scene, reward_id).kept is None
    assert approve(scene, reward_id).state == "vesting"
    assert approve(scene, reward_id, "Dora").state == "approved"
    with scene.tx() as tx:
        assert len(tx.scalars(select(Approval)).all()) == 2
        acts = tx.scalars(select(Audit.act).where(Audit.subject == "reward", Audit.act.like("approved%"))).all()
    assert acts == ["approved first", "approved first", "approved"]


def test_a_link_and_changed_words_are_news_to_whoever_decides(scene: Scene, clock: Clock) -> None:
    said = scene.say("Ana", "A refill for the pump.")
    told = scene.tell_all(scene.ship(scene.capture(said, "Ana")))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    versions = [scene.reward().version]
    link(scene, "ana", "flo")
    versions.append(scene.reward().version)
    with scene.tx() as tx:
        deleted = messages.delete(
            tx, workspace=workspace_of(tx), channel_id=said.channel_id, ts=said.ts, now=clock.move(seconds=1)
        )
        assert deleted is not None
        ideas.follow_deletion(tx, message=deleted, now=clock())
    versions.append(scene.reward().version)
    assert versions == sorted(set(versions))


def test_a_question_goes_to_whoever_proposed_it_and_its_answer_back(scene: Scene, reward_id: int) -> None:
    question_id = ask(scene, reward_id)
    assert ask(scene, reward_id) == question_id
    assert [row["to"] for row in scene.owed("reward.question")] == ["proposer", "thread"]
    assert brief(scene, reward_id).is_waiting
    with pytest.raises(Refused, match="Whoever proposed it answers"):
        answer(scene, question_id, by="Bo")
    with pytest.raises(Refused, match="Whoever proposed it answers"):
        answer(scene, question_id, by="Ana")
    for _ in range(2):
        answer(scene, question_id)
    with pytest.raises(Refused, match="Cy answered it already"):
        answer(scene, question_id, by="Di", words="Something else.")
    assert len(scene.owed("reward.answered")) == 1
    assert not brief(scene, reward_id).is_waiting


def test_a_question_holds_nothing_up_and_ends_with_the_decision(scene: Scene, reward_id: int) -> None:
    question_id = ask(scene, reward_id)
    assert approve(scene, reward_id).state == "approved"
    with pytest.raises(Refused, match="decided already"):
        answer(scene, question_id)
    with pytest.raises(Refused, match="decided already"):
        ask(scene, reward_id, "Too late?")


@pytest.mark.parametrize(("words", "say"), [(" ", "Write what"), ("x" * 501, "under 500")])
def test_a_question_and_an_answer_have_words(scene: Scene, reward_id: int, words: str, say: str) -> None:
    with pytest.raises(Refused, match=say) as refused:
        ask(scene, reward_id, words)
    assert refused.value.field == "question"
    with pytest.raises(Refused, match=say) as refused:
        answer(scene, ask(scene, reward_id), words=words)
    assert refused.value.field == "answer"


def test_what_is_shown_counts_all_accounts_and_the_theme(scene: Scene, reward_id: int, clock: Clock) -> None:
    approve(scene, reward_id)
    other = scene.idea("Flo", "Refill bags.")
    told = scene.tell_all(scene.ship(other, summary="Bags."))
    scene.answer(told["Flo"], "Flo")
    scene.try_out()
    with scene.tx() as tx:
        mine = tx.scalars(select(Reward).where(Reward.idea_id == other)).one().id
    assert (brief(scene, mine).year.count, brief(scene, mine).month.cents) == (0, {})
    link(scene, "ana", "flo")
    for number in range(3):
        scene.say("Cy", f"Yes {number}", thread_ts=scene.say("Flo", "Hello").ts)
        scene.say("Flo", f"No {number}", thread_ts=scene.say("Cy", "Hello").ts)
    seen = brief(scene, mine)
    assert (seen.year.count, seen.month.cents) == (1, {"USD": 2500})
    assert seen.budget is not None
    assert seen.left_cents == 1_000_000 - 2 * 2500
    assert [each.partition(" ")[0] for each in seen.flags] == ["Flo", "Cy,"]
    assert "replied to each other 6 times" in seen.flags[1]


def test_two_managers_at_once_are_two_yeses_and_one_payment(scene: Scene, reward_id: int) -> None:
    hire(scene, "Dora")
    set_up(scene, two_approve_above_cents=0)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda by: attempt(scene, reward_id, by), ("Di", "Dora")))
    assert answers == ["yes", "yes"]
    with scene.tx() as tx:
        assert len(tx.scalars(select(Approval)).all()) == 2
        assert len(tx.scalars(select(Payout)).all()) == 1
        assert money(tx) == (2500, 0, 0)


def test_of_a_yes_and_a_no_at_once_one_wins(scene: Scene, reward_id: int) -> None:
    hire(scene, "Dora")
    version = scene.reward().version

    def act(by: str) -> str:
        try:
            return (decline if by == "Dora" else approve)(scene, reward_id, by, version).state
        except Refused as refused:
            return refused.say

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(act, ("Di", "Dora")))
    assert answers.count(scene.reward().state) == 1
    with scene.tx() as tx:
        assert len(tx.scalars(select(Approval)).all()) == 1
        assert money(tx) == ((2500, 0, 0) if scene.reward().state == "approved" else (0, 0, 0))


def test_twenty_at_once_stop_exactly_at_the_budget(scene: Scene, reward_id: int) -> None:
    """$200, and twenty of $50. The fourth spends nearly all of it, so it takes both managers."""
    hire(scene, "Dora")
    with scene.tx() as tx:
        budget = tx.scalars(select(Budget)).one()
        rewards.fund(tx, budget=budget, cents=20_000 - 1_000_000, by=None, now=scene.hub.clock())
        first = tx.get_one(Reward, reward_id)
        first.amount_cents = 5000
        for number in range(19):
            member = join(tx, f"P{number}", now=scene.hub.clock())
            facts = {"idea_id": first.idea_id, "member_id": member.id, "reason": f"race {number}"}
            facts |= {"workspace_id": first.workspace_id, "proposed_by_id": first.proposed_by_id, "state": "vesting"}
            facts |= {"amount_cents": 5000, "currency": "USD", "provider": "tremendous", "rule_id": first.rule_id}
            tx.add(Reward(**facts, proposed_at=first.proposed_at, vests_at=scene.hub.clock() - timedelta(days=1)))
    with scene.hub.reading() as tx:
        ids = tx.scalars(select(Reward.id).order_by(Reward.id)).all()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda what: attempt(scene, *what), [(each, by) for each in ids for by in ("Di", "Dora")]))
    with scene.tx() as tx:
        states = [reward.state for reward in tx.scalars(select(Reward))]
        assert (states.count("approved"), states.count("vesting")) == (4, 16)
        assert money(tx) == (20_000, 0, 0)
        assert len(tx.scalars(select(Payout)).all()) == 4
        assert tx.scalars(select(Budget)).one().available_cents == 0


def test_another_workspace_neither_answers_nor_links(scene: Scene, reward_id: int) -> None:
    with scene.tx() as tx:
        from_elsewhere = Member(id=10_000, workspace_id=workspace_of(tx).id + 1, name="Eve", role="manager")
        question_id = ask_in(tx, scene, reward_id)
        with pytest.raises(Refused, match="not here"):
            rewards.answer(tx, question_id=question_id, member=from_elsewhere, words="x", now=scene.hub.clock())
        with pytest.raises(Refused, match="Nobody here"):
            identities.link(tx, manager=from_elsewhere, who="@ana", other="@flo", why="x", now=scene.hub.clock())


def ask_in(tx: object, scene: Scene, reward_id: int) -> int:
    di = scene.member(tx, "Di")  # type: ignore[arg-type]
    found = rewards.ask(tx, reward_id=reward_id, manager=di, question="Why?", now=scene.hub.clock())  # type: ignore[arg-type]
    assert isinstance(found, RewardQuestion)
    return found.id


def test_a_vouch_by_an_account_that_turns_out_to_be_theirs_counts_for_nothing(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    told = scene.tell_all(scene.ship(idea_id))
    scene.answer(told["Flo"], "Flo")
    reward = scene.reward()
    assert reward.state == "vesting"
    link(scene, "ana", "flo")
    reward = scene.reward()
    assert (reward.state, reward.vests_at) == ("proposed", None)
    with pytest.raises(Refused, match="Nobody but Ana has said yet"):
        approve(scene, reward.id)
    scene.try_out()
    link(scene, "gus", "flo")
    assert scene.reward().state == "vesting", "Bo tried it"
