"""Ideas that say the same: merged, undone, counted once, and answered together under everybody's own words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from feedback import changes, hearing, ideas, loop, themes, workspaces
from feedback.errors import Refused
from feedback.overview import history
from feedback.overview import ideas as overview
from models import Idea, IdeaMerge, Member, Notice, Outbox, Reward, SamePair
from tests.conftest import who_am_i, workspace_of
from tests.feedback.scene import Scene


def merge(scene: Scene, idea_id: int, into_id: int, by: str = "Bo") -> int:
    with scene.tx() as tx:
        return ideas.merge(tx, by=scene.member(tx, by), idea_id=idea_id, into_id=into_id, now=scene.hub.clock()).id


def undo(scene: Scene, merge_id: int, by: str = "Bo") -> None:
    with scene.tx() as tx:
        ideas.undo(tx, by=scene.member(tx, by), merge_id=merge_id, now=scene.hub.clock())


def votes(scene: Scene, *idea_ids: int) -> list[int]:
    with scene.hub.reading() as tx:
        found = ideas.vote_counts(tx, idea_ids=idea_ids)
        assert found == {each: ideas.vote_count(tx, idea_id=each) for each in idea_ids}
        return [found[each] for each in idea_ids]


def inbox(scene: Scene) -> dict[int, list[int]]:
    """The ideas that are shown there, each with what is shown below it."""
    with scene.hub.reading() as tx:
        page = overview.inbox(tx, workspace_id=workspace_of(tx).id, number=1)
        return {row.idea.id: [other.id for other in row.merged] for row in page.rows}


def told(scene: Scene, change_id: int) -> dict[str, tuple[int, bool]]:
    """Who hears of it: under which idea's words, and whether they raised that."""
    with scene.hub.reading() as tx:
        found = tx.scalars(select(Notice).where(Notice.change_id == change_id)).all()
        return {notice.member.name: (notice.idea_id, notice.raised_it) for notice in found}


def happened(scene: Scene, idea_id: int) -> list[str]:
    with scene.hub.reading() as tx:
        lines = history.lines(tx, workspace_id=workspace_of(tx).id, subject="idea", subject_id=idea_id)
        return [f"{line.who} {line.text}" for line in lines]


def test_everybody_behind_either_is_counted_once_and_nobody_behind_their_own(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill for the pump."), scene.idea("Flo", "Refill pouches.")
    for idea_id, who in ((one, "Gus"), (one, "Flo"), (other, "Gus"), (other, "Di"), (other, "Ana")):
        scene.vote(idea_id, who)
    assert votes(scene, one, other) == [2, 3]
    merge(scene, other, one)
    # Flo said the other one and voted for this; Ana does not count for what she said; Gus voted for both.
    assert votes(scene, one, other) == [3, 3]
    assert scene.voters(one) == ["Gus", "Flo"], "no vote was moved"
    with scene.hub.reading() as tx:
        whole = overview.one(tx, workspace_id=workspace_of(tx).id, idea_id=one)
        assert whole is not None
        assert {backer.member.name for backer in whole.backers} == {"Flo", "Gus", "Di"}


def test_two_ideas_of_one_person_are_one_voice(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Ana", "Refill pouches.")
    merge(scene, other, one)
    assert votes(scene, one, other) == [0, 0]


def test_it_is_shown_below_the_other_one_and_both_histories_tell(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    merge_id = merge(scene, other, one)
    assert inbox(scene) == {one: [other]}
    with scene.hub.reading() as tx:
        workspace_id = workspace_of(tx).id
        found = overview.every(tx, workspace_id=workspace_id, number=1, like="pouches")
        assert [row.idea.id for row in found.rows] == [one], "it is found by the words below it"
        assert overview.morning(tx, workspace_id=workspace_id, now=scene.hub.clock()).new == 1
    undo(scene, merge_id)
    assert inbox(scene) == {one: [], other: []}
    assert happened(scene, one)[1:] == [
        "Bo merged into it what Flo said",
        "Bo undid a merge: the other idea stands for itself again",
    ]
    assert happened(scene, other)[1:] == [
        "Bo merged it into what Ana said",
        "Bo undid that: it stands for itself again",
    ]


def test_a_second_press_is_no_news(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    first = merge(scene, other, one)
    assert merge(scene, other, one, by="Cy") == first
    undo(scene, first)
    undo(scene, first, by="Cy")
    again = merge(scene, other, one)
    assert again != first
    with scene.hub.reading() as tx:
        rows = tx.scalars(select(IdeaMerge).order_by(IdeaMerge.id)).all()
        assert [(row.id, row.undone_by_id is None) for row in rows] == [(first, False), (again, True)]


def test_chains_and_circles_are_refused_in_words_that_say_where_it_went(scene: Scene) -> None:
    a, b, c = scene.idea("Ana", "Idea a."), scene.idea("Flo", "Idea b."), scene.idea("Gus", "Idea c.")
    merge(scene, a, b)
    for idea_id, into_id, say in (
        (a, a, "Choose another idea"),
        (c, a, "“Idea a.” was merged into “Idea b.”. Choose that one."),
        (b, a, "“Idea a.” was merged into “Idea b.”. Undo that first."),
        (b, c, "“Idea a.” was merged into “Idea b.”. Undo that first."),
        (a, c, "“Idea a.” was merged into “Idea b.” already. Undo that first."),
    ):
        with pytest.raises(Refused) as refused:
            merge(scene, idea_id, into_id)
        assert say in refused.value.say
        assert refused.value.field == "into_id"
    merge(scene, c, b)
    assert inbox(scene) == {b: [a, c]}


def test_what_is_answered_or_taken_back_is_not_merged(scene: Scene) -> None:
    one, shipped, gone, declined = (scene.idea("Ana", text) for text in ("One.", "Two.", "Three.", "Four."))
    scene.ship(shipped)
    with scene.tx() as tx:
        cy, ana, now = scene.member(tx, "Cy"), scene.member(tx, "Ana"), scene.hub.clock()
        changes.decline(tx, by=cy, summary="Not safe.", idea_ids=[declined], now=now)
        ideas.withdraw(tx, workspace=workspace_of(tx), idea_id=gone, member=ana, now=now)
    for idea_id, into_id, say in (
        (shipped, one, "shipped already, and whoever asked for it was told"),
        (one, shipped, "nobody behind the other one would hear"),
        (one, declined, "was declined already"),
        (gone, one, "taken back"),
        (one, gone, "taken back"),
    ):
        with pytest.raises(Refused, match=say):
            merge(scene, idea_id, into_id)
    merge(scene, declined, one)
    assert inbox(scene) == {one: [declined]}


def test_only_the_team_of_the_same_workspace_may(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    with pytest.raises(Refused, match="team"):
        merge(scene, other, one, by="Ana")
    merge_id = merge(scene, other, one)
    with scene.tx() as tx:
        elsewhere = workspaces.install(tx, who_am_i=who_am_i("T0ELSEWHERE"), now=scene.hub.clock())
        eve = Member(workspace_id=elsewhere.id, slack_id="U0EVE", name="Eve", handle="eve", role="manager")
        eve.joined_at = scene.hub.clock()
        tx.add(eve)
    for attempt in (lambda: merge(scene, one, other, by="Eve"), lambda: undo(scene, merge_id, by="Eve")):
        with pytest.raises(Refused, match="not here any more"):
            attempt()


def test_shipping_tells_everybody_behind_both_under_their_own_words(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    scene.vote(other, "Gus")
    scene.vote(one, "Di")
    merge(scene, other, one)
    change_id = scene.ship(one)
    assert told(scene, change_id) == {
        "Ana": (one, True),
        "Flo": (other, True),
        "Gus": (other, False),
        "Di": (one, False),
    }
    assert [scene.get_idea(each).state for each in (one, other)] == ["shipped", "shipped"]
    with scene.hub.reading() as tx:
        flo = tx.scalars(select(Notice).join(Member, Member.id == Notice.member_id).where(Member.name == "Flo")).one()
        own = flo.idea.message
        assert own is not None
        assert loop.address_of(tx, flo.idea) == loop.Address("C0IDEAS", own.ts)


@pytest.mark.parametrize("act", ["plan", "decline"])
def test_planning_and_declining_are_told_to_both_and_only_the_shown_one_is_decided_about(
    scene: Scene, act: str
) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    merge(scene, other, one)
    decide = {"plan": changes.plan, "decline": changes.decline}[act]
    with pytest.raises(Refused, match="Decide about that one"), scene.tx() as tx:
        decide(tx, by=scene.member(tx, "Cy"), summary="Why.", idea_ids=[other], now=scene.hub.clock())
    with scene.tx() as tx:
        decided = decide(tx, by=scene.member(tx, "Cy"), summary="Why.", idea_ids=[one], now=scene.hub.clock())
    assert told(scene, decided.id) == {"Ana": (one, True), "Flo": (other, True)}
    with pytest.raises(Refused, match="Decide about that one"), scene.tx() as tx:
        changes.reopen(tx, by=scene.member(tx, "Cy"), idea_id=other, now=scene.hub.clock())
    with scene.tx() as tx:
        changes.reopen(tx, by=scene.member(tx, "Cy"), idea_id=one, now=scene.hub.clock())
    assert [scene.get_idea(each).state for each in (one, other)] == ["new", "new"]


def test_a_theme_answers_what_is_shown_in_it_with_all_that_was_merged_into_that(scene: Scene) -> None:
    one, other, third = scene.idea("Ana", "A refill."), scene.idea("Flo", "Pouches."), scene.idea("Gus", "Caps.")
    with scene.tx() as tx:
        first = themes.place(tx, idea_id=one, theme_id=None, name="Refills", now=scene.hub.clock())
        second = themes.place(tx, idea_id=other, theme_id=None, name="Pouches", now=scene.hub.clock())
        assert first is not None
        assert second is not None
        themes.place(tx, idea_id=third, theme_id=second.id, name="", now=scene.hub.clock())
    merge(scene, other, one)
    with scene.hub.reading() as tx:
        assert [idea.id for idea in themes.shown_in(tx, theme_id=second.id)] == [third]
    with scene.tx() as tx:
        ship: dict[str, Any] = {"by": scene.member(tx, "Cy"), "summary": "Here.", "now": scene.hub.clock()}
        elsewhere = changes.ship(tx, **ship, theme_ids=[second.id])
        here = changes.ship(tx, **ship, theme_ids=[first.id])
    assert told(scene, elsewhere.id) == {"Gus": (third, True)}
    assert told(scene, here.id) == {"Ana": (one, True), "Flo": (other, True)}
    with scene.hub.reading() as tx:
        assert themes.living(tx, workspace_id=workspace_of(tx).id)[0].name == "Pouches"


def test_better_is_said_of_both_and_the_thank_you_goes_to_the_author_of_the_shown_one(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    merge(scene, other, one)
    notices = scene.tell_all(scene.ship(one))
    scene.answer(notices["Flo"], "Flo")
    scene.answer(notices["Ana"], "Ana")
    assert [scene.get_idea(each).state for each in (one, other)] == ["verified", "verified"]
    with scene.hub.reading() as tx:
        reward = tx.scalars(select(Reward)).one()
        assert (reward.member.name, reward.idea_id) == ("Ana", one)


def test_not_yet_from_behind_the_merged_one_brings_the_shown_one_back_with_those_words(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    merge(scene, other, one)
    notices = scene.tell_all(scene.ship(one))
    before = len(scene.owed("idea.card"))
    scene.answer(notices["Flo"], "Flo", "not_yet", "Not for the large pump.")
    assert inbox(scene) == {one: [other]}
    with scene.hub.reading() as tx:
        assert loop.last_words(tx, idea_id=one) == "Not for the large pump."
    assert [row["idea_id"] for row in scene.owed("idea.card")[before:]] == [one], "one card for the team, not two"
    again = scene.ship(one, summary="For the large pump too.")
    assert told(scene, again) == {"Ana": (one, True), "Flo": (other, True)}


@pytest.mark.parametrize("how", ["withdrawn", "deleted"])
def test_what_went_into_an_idea_that_is_taken_back_waits_by_itself_again(scene: Scene, how: str) -> None:
    said = scene.say("Ana", "A refill.")
    one, other = scene.capture(said, "Ana"), scene.idea("Flo", "Refill pouches.")
    merge_id = merge(scene, other, one)
    with scene.tx() as tx:
        workspace, now = workspace_of(tx), scene.hub.clock()
        if how == "withdrawn":
            ideas.withdraw(tx, workspace=workspace, idea_id=one, member=scene.member(tx, "Ana"), now=now)
        else:
            hearing.deleted(tx, workspace=workspace, channel_id=said.channel_id, ts=said.ts, now=now)
    assert inbox(scene) == {other: []}
    assert votes(scene, other) == [0]
    assert happened(scene, other)[-1] == (
        "Roundtrip let it stand for itself again, because the other idea was taken back"
    )
    undo(scene, merge_id)
    assert happened(scene, other)[-1].startswith("Roundtrip let it stand")


@pytest.mark.parametrize("how", ["withdrawn", "deleted"])
def test_a_merged_idea_that_is_taken_back_counts_and_hears_no_more(scene: Scene, how: str) -> None:
    one, said = scene.idea("Ana", "A refill."), scene.say("Flo", "Refill pouches.")
    other = scene.capture(said, "Flo")
    scene.vote(other, "Gus")
    merge(scene, other, one)
    assert votes(scene, one) == [2]
    with scene.tx() as tx:
        workspace, now = workspace_of(tx), scene.hub.clock()
        if how == "withdrawn":
            ideas.withdraw(tx, workspace=workspace, idea_id=other, member=scene.member(tx, "Flo"), now=now)
        else:
            hearing.deleted(tx, workspace=workspace, channel_id=said.channel_id, ts=said.ts, now=now)
    assert inbox(scene) == {one: []}
    assert votes(scene, one) == [0]
    assert told(scene, scene.ship(one)) == {"Ana": (one, True)}


def test_a_notice_whose_words_were_taken_back_is_not_owed_because_of_the_other_idea(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    merge(scene, other, one)
    change_id = scene.ship(one)
    with scene.tx() as tx:
        ideas.withdraw(
            tx, workspace=workspace_of(tx), idea_id=other, member=scene.member(tx, "Flo"), now=scene.hub.clock()
        )
        flo = tx.scalars(select(Notice).where(Notice.change_id == change_id, Notice.idea_id == other)).one()
        assert not loop.is_owed(tx, flo)


def test_votes_on_either_are_shown_anew_on_both(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    merge(scene, other, one)
    with scene.tx() as tx:
        for row in tx.scalars(select(Outbox)):
            row.state = "done"
    scene.vote(other, "Gus")
    with scene.hub.reading() as tx:
        owed = set(tx.scalars(select(Outbox.key).where(Outbox.state == "new")))
    for kind in ("idea.receipt_refresh", "idea.card_refresh"):
        assert {f"{kind}:{one}", f"{kind}:{other}"} <= owed
    assert votes(scene, one, other) == [2, 2]


def test_a_receipt_says_what_it_is_kept_with_only_where_its_reader_may_read_that(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    merge_id = merge(scene, other, one)

    def seen(idea_id: int, channel_id: str | None) -> str:
        with scene.hub.reading() as tx:
            found = ideas.seen_with(tx, idea=ideas.get(tx, idea_id=idea_id), channel_id=channel_id)
            return found.text if found else ""

    assert seen(other, "C0IDEAS") == "A refill."
    assert [seen(other, "C0HELP"), seen(other, None), seen(one, "C0IDEAS")] == ["", "", ""]
    undo(scene, merge_id)
    assert seen(other, "C0IDEAS") == ""


def test_what_is_alike_is_shown_once_for_all_that_is_kept_together(scene: Scene) -> None:
    one, other, mine = scene.idea("Flo", "A refill."), scene.idea("Gus", "Pouches."), scene.idea("Ana", "Refills.")
    with scene.tx() as tx:
        closeness = {one: 0.8, other: 0.9}
        ideas.keep_alike(tx, idea_id=mine, text="Refills.", closeness=closeness, now=scene.hub.clock())
    merge(scene, other, one)

    def alike() -> list[tuple[int, int]]:
        with scene.hub.reading() as tx:
            found = ideas.alike(tx, idea=ideas.get(tx, idea_id=mine), channel_id="C0IDEAS")
            return [(each.idea.id, each.votes) for each in found]

    assert alike() == [(other, 1)]
    with scene.hub.reading() as tx:
        assert [idea.id for idea in ideas.nearest(tx, idea=ideas.get(tx, idea_id=one))] == [mine]
    merge(scene, mine, one)
    assert alike() == []


def pair(scene: Scene, one: int, other: int) -> int:
    """The grouping found these two. Returns how many pairs are asked about then."""
    with scene.tx() as tx:
        texts = {each: ideas.get(tx, idea_id=each).text for each in (one, other)}
        found = ideas.Resemblance(one, other, closeness=0.8, score=5.0, words={"refill": ["refill"]})
        return ideas.propose(tx, found=[found], texts=texts, now=scene.hub.clock())


def test_a_pair_is_asked_about_once_whoever_finds_it(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    assert [pair(scene, other, one), pair(scene, one, other)] == [1, 0]
    with scene.tx() as tx:
        row = tx.scalars(select(SamePair)).one()
        assert (row.older_id, row.newer_id) == (one, other)
        ideas.say_they_differ(tx, by=scene.member(tx, "Bo"), pair_id=row.id, now=scene.hub.clock())
    with scene.tx() as tx:
        ideas.say_they_differ(tx, by=scene.member(tx, "Cy"), pair_id=row.id, now=scene.hub.clock())
    assert pair(scene, one, other) == 0
    with scene.hub.reading() as tx:
        row = tx.scalars(select(SamePair)).one()
        assert (row.decision, row.decided_by_id) == ("differ", scene.member(tx, "Bo").id)


def test_two_that_were_merged_once_are_not_asked_about_again(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    undo(scene, merge(scene, other, one))
    assert pair(scene, one, other) == 0


def test_a_pair_with_other_words_by_now_is_no_question(scene: Scene) -> None:
    said = scene.say("Ana", "A refill.")
    one, other = scene.capture(said, "Ana"), scene.idea("Flo", "Refill pouches.")
    pair(scene, one, other)
    with scene.tx() as tx:
        new = ideas.Resemblance(one, other, closeness=0.8, score=5.0, words={})
        assert ideas.propose(tx, found=[new], texts={one: "older", other: "words"}, now=scene.hub.clock()) == 0
        hearing.deleted(tx, workspace=workspace_of(tx), channel_id=said.channel_id, ts=said.ts, now=scene.hub.clock())
        assert tx.scalars(select(SamePair)).all() == []


def test_two_people_who_merge_crosswise_at_once(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")

    def attempt(number: int) -> str:
        try:
            merge(scene, *((one, other) if number % 2 else (other, one)), by="Bo" if number % 2 else "Cy")
        except Refused:
            return "refused"
        return "merged"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(16)))
    assert answers.count("merged") == 8, "one way round it is done, or no news; the other way it is refused"
    with scene.hub.reading() as tx:
        assert len(tx.scalars(select(IdeaMerge)).all()) == 1


def test_merging_undoing_voting_and_shipping_at_once_end_in_good_order(scene: Scene) -> None:
    one, other, third = scene.idea("Ana", "A refill."), scene.idea("Flo", "Pouches."), scene.idea("Gus", "Refills.")

    def attempt(number: int) -> None:
        try:
            if number == 9:
                scene.ship(other)
            elif number % 3 == 0:
                undo(scene, merge(scene, one, other))
            elif number % 3 == 1:
                merge(scene, third, other)
            else:
                scene.vote(one, ("Di", "Bo", "Cy")[number % 9 // 3])
        except Refused:
            pass

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(attempt, range(18)))
    with scene.hub.reading() as tx:
        standing = tx.scalars(select(IdeaMerge).where(IdeaMerge.undone_at.is_(None))).all()
        # Whatever was merged into the shipped one has shipped with it: nobody waits for news that never come.
        assert {row.idea.state for row in standing if row.into_id == other} <= {"shipped"}


NAMES = ("Ana", "Flo", "Gus", "Di")


def standing(scene: Scene) -> dict[str, Any]:
    """All that a merge could disturb."""
    with scene.hub.reading() as tx:
        rows = tx.scalars(select(Idea).where(Idea.state != "withdrawn").order_by(Idea.id)).all()
        alone = {idea.id: loop.audience(tx, answered=[idea], made_by_id=0) for idea in rows}
        return {
            "states": {idea.id: (idea.state, idea.theme_id, idea.reviewed_at) for idea in rows},
            "votes": ideas.vote_counts(tx, idea_ids=[idea.id for idea in rows]),
            "voters": {idea.id: [member.name for member in ideas.votes(tx, idea_id=idea.id)] for idea in rows},
            "told": {
                idea_id: {(hearer.member.name, hearer.idea.id, hearer.raised_it) for hearer in hearers}
                for idea_id, hearers in alone.items()
            },
        }


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    said=st.lists(st.sampled_from(NAMES), min_size=2, max_size=5),
    cast=st.lists(st.tuples(st.integers(0, 4), st.sampled_from(NAMES)), max_size=12),
    merges=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6),
)
def test_undoing_every_merge_restores_everything(
    scene: Scene, said: list[str], cast: list[tuple[int, str]], merges: list[tuple[int, int]]
) -> None:
    made = [scene.idea(who, f"Number {number}.") for number, who in enumerate(said)]
    voted = {(made[number % len(made)], who) for number, who in cast}
    for idea_id, who in sorted(voted):
        if who != said[made.index(idea_id)]:
            scene.vote(idea_id, who)
    before, shown_before = standing(scene), inbox(scene)
    done = []
    for one, other in merges:
        try:
            done.append(merge(scene, made[one % len(made)], made[other % len(made)]))
        except Refused:
            continue
    shown = inbox(scene)
    assert sorted([*shown, *(each for below in shown.values() for each in below)]) == sorted(shown_before)
    for idea_id in made:
        with scene.hub.reading() as tx:
            whole = overview.one(tx, workspace_id=workspace_of(tx).id, idea_id=idea_id)
            assert whole is not None, "every idea has its page"
            assert len(whole.backers) == ideas.vote_count(tx, idea_id=idea_id)
    for merge_id in done:
        undo(scene, merge_id)
    assert standing(scene) == before
    assert inbox(scene) == shown_before
    with scene.tx() as tx:  # the next example begins with an empty inbox
        for idea in tx.scalars(select(Idea)):
            idea.state = "withdrawn"
