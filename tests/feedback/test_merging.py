"""Ideas that say the same: merged, undone, counted once, and answered together under everybody's own words."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from feedback import changes, hearing, ideas, loop, themes, workspaces
from feedback.errors import Refused
from feedback.overview import history, whole
from feedback.overview import ideas as overview
from models import Change, IdeaMerge, Member, Notice, Outbox, Reward
from tests.conftest import who_am_i, workspace_of
from tests.feedback.scene import Scene


def votes(scene: Scene, *idea_ids: int) -> list[int]:
    with scene.hub.reading() as tx:
        found = ideas.vote_counts(tx, idea_ids=idea_ids)
        assert found == {each: ideas.vote_count(tx, idea_id=each) for each in idea_ids}
        return [found[each] for each in idea_ids]


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
    scene.merge(other, one)
    # Flo said the other one and voted for this; Ana does not count for what she said; Gus voted for both.
    assert votes(scene, one, other) == [3, 3]
    assert scene.voters(one) == ["Gus", "Flo"], "no vote was moved"
    with scene.hub.reading() as tx:
        found = whole.one(tx, workspace_id=workspace_of(tx).id, idea_id=one)
        assert found is not None
        assert {backer.member.name for backer in found.backers} == {"Flo", "Gus", "Di"}


def test_two_ideas_of_one_person_are_one_voice(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Ana", "Refill pouches.")
    scene.merge(other, one)
    assert votes(scene, one, other) == [0, 0]


def test_it_is_shown_below_the_other_one_and_both_histories_tell(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    merge_id = scene.merge(other, one)
    assert scene.inbox() == {one: [other]}
    with scene.hub.reading() as tx:
        workspace_id = workspace_of(tx).id
        found = overview.every(tx, workspace_id=workspace_id, number=1, like="pouches")
        assert [row.idea.id for row in found.rows] == [one], "it is found by the words below it"
        assert overview.morning(tx, workspace_id=workspace_id, now=scene.hub.clock()).new == 1
    scene.undo(merge_id)
    assert scene.inbox() == {one: [], other: []}
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
    first = scene.merge(other, one)
    assert scene.merge(other, one, by="Cy") == first
    scene.undo(first)
    scene.undo(first, by="Cy")
    again = scene.merge(other, one)
    assert again != first
    with scene.hub.reading() as tx:
        rows = tx.scalars(select(IdeaMerge).order_by(IdeaMerge.id)).all()
        assert [(row.id, row.undone_by_id is None) for row in rows] == [(first, False), (again, True)]


def test_chains_and_circles_are_refused_in_words_that_say_where_it_went(scene: Scene) -> None:
    a, b, c = scene.idea("Ana", "Idea a."), scene.idea("Flo", "Idea b."), scene.idea("Gus", "Idea c.")
    scene.merge(a, b)
    for idea_id, into_id, say in (
        (a, a, "Choose another idea"),
        (c, a, "“Idea a.” was merged into “Idea b.”. Choose that one."),
        (b, a, "“Idea a.” was merged into “Idea b.”. Undo that first."),
        (b, c, "“Idea a.” was merged into “Idea b.”. Undo that first."),
        (a, c, "“Idea a.” was merged into “Idea b.” already. Undo that first."),
    ):
        with pytest.raises(Refused) as refused:
            scene.merge(idea_id, into_id)
        assert say in refused.value.say
        assert refused.value.field == "into_id"
    scene.merge(c, b)
    assert scene.inbox() == {b: [a, c]}


def test_what_is_answered_or_taken_back_is_not_merged(scene: Scene) -> None:
    one, shipped, gone, declined = (scene.idea("Ana", text) for text in ("One.", "Two.", "Three.", "Four."))
    scene.ship(shipped)
    with scene.tx() as tx:
        cy, ana, now = scene.member(tx, "Cy"), scene.member(tx, "Ana"), scene.hub.clock()
        changes.decline(tx, by=cy, reason="cost", summary="Not safe.", idea_ids=[declined], now=now)
        ideas.withdraw(tx, workspace=workspace_of(tx), idea_id=gone, member=ana, now=now)
    for idea_id, into_id, say in (
        (shipped, one, "shipped already, and whoever asked for it was told"),
        (one, shipped, "nobody behind the other one would hear"),
        (one, declined, "was declined already"),
        (gone, one, "taken back"),
        (one, gone, "taken back"),
    ):
        with pytest.raises(Refused, match=say):
            scene.merge(idea_id, into_id)
    scene.merge(declined, one)
    assert scene.inbox() == {one: [declined]}


def test_only_the_team_of_the_same_workspace_may(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    with pytest.raises(Refused, match="team"):
        scene.merge(other, one, by="Ana")
    merge_id = scene.merge(other, one)
    with scene.tx() as tx:
        elsewhere = workspaces.install(tx, who_am_i=who_am_i("T0ELSEWHERE"), now=scene.hub.clock())
        eve = Member(workspace_id=elsewhere.id, slack_id="U0EVE", name="Eve", handle="eve", role="manager")
        eve.joined_at = scene.hub.clock()
        tx.add(eve)
    for attempt in (lambda: scene.merge(one, other, by="Eve"), lambda: scene.undo(merge_id, by="Eve")):
        with pytest.raises(Refused, match="not here any more"):
            attempt()


def test_shipping_tells_everybody_behind_both_under_their_own_words(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    scene.vote(other, "Gus")
    scene.vote(one, "Di")
    scene.merge(other, one)
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
    scene.merge(other, one)
    decide: Callable[..., Change] = changes.plan if act == "plan" else partial(changes.decline, reason="cost")
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
    scene.merge(other, one)
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
    scene.merge(other, one)
    notices = scene.tell_all(scene.ship(one))
    scene.answer(notices["Flo"], "Flo")
    scene.answer(notices["Ana"], "Ana")
    assert [scene.get_idea(each).state for each in (one, other)] == ["verified", "verified"]
    with scene.hub.reading() as tx:
        reward = tx.scalars(select(Reward)).one()
        assert (reward.member.name, reward.idea_id) == ("Ana", one)


def test_not_yet_from_behind_the_merged_one_brings_the_shown_one_back_with_those_words(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    scene.merge(other, one)
    notices = scene.tell_all(scene.ship(one))
    before = len(scene.owed("idea.card"))
    scene.answer(notices["Flo"], "Flo", "not_yet", "Not for the large pump.")
    assert scene.inbox() == {one: [other]}
    with scene.hub.reading() as tx:
        came_back = loop.came_back(tx, idea=ideas.get(tx, idea_id=one))
        assert came_back is not None
        assert [each.why for each in came_back.answers] == ["Not for the large pump."]
    assert [row["idea_id"] for row in scene.owed("idea.card")[before:]] == [one], "one card for the team, not two"
    again = scene.ship(one, summary="For the large pump too.")
    assert told(scene, again) == {"Ana": (one, True), "Flo": (other, True)}


@pytest.mark.parametrize("how", ["withdrawn", "deleted"])
def test_what_went_into_an_idea_that_is_taken_back_waits_by_itself_again(scene: Scene, how: str) -> None:
    said = scene.say("Ana", "A refill.")
    one, other = scene.capture(said, "Ana"), scene.idea("Flo", "Refill pouches.")
    merge_id = scene.merge(other, one)
    with scene.tx() as tx:
        workspace, now = workspace_of(tx), scene.hub.clock()
        if how == "withdrawn":
            ideas.withdraw(tx, workspace=workspace, idea_id=one, member=scene.member(tx, "Ana"), now=now)
        else:
            hearing.deleted(tx, workspace=workspace, channel_id=said.channel_id, ts=said.ts, now=now)
    assert scene.inbox() == {other: []}
    assert votes(scene, other) == [0]
    assert happened(scene, other)[-1] == (
        "Roundtrip let it stand for itself again, because the other idea was taken back"
    )
    scene.undo(merge_id)
    assert happened(scene, other)[-1].startswith("Roundtrip let it stand")


@pytest.mark.parametrize("how", ["withdrawn", "deleted"])
def test_a_merged_idea_that_is_taken_back_counts_and_hears_no_more(scene: Scene, how: str) -> None:
    one, said = scene.idea("Ana", "A refill."), scene.say("Flo", "Refill pouches.")
    other = scene.capture(said, "Flo")
    scene.vote(other, "Gus")
    scene.merge(other, one)
    assert votes(scene, one) == [2]
    with scene.tx() as tx:
        workspace, now = workspace_of(tx), scene.hub.clock()
        if how == "withdrawn":
            ideas.withdraw(tx, workspace=workspace, idea_id=other, member=scene.member(tx, "Flo"), now=now)
        else:
            hearing.deleted(tx, workspace=workspace, channel_id=said.channel_id, ts=said.ts, now=now)
    assert scene.inbox() == {one: []}
    assert votes(scene, one) == [0]
    assert told(scene, scene.ship(one)) == {"Ana": (one, True)}


def test_a_notice_whose_words_were_taken_back_is_not_owed_because_of_the_other_idea(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    scene.merge(other, one)
    change_id = scene.ship(one)
    with scene.tx() as tx:
        ideas.withdraw(
            tx, workspace=workspace_of(tx), idea_id=other, member=scene.member(tx, "Flo"), now=scene.hub.clock()
        )
        flo = tx.scalars(select(Notice).where(Notice.change_id == change_id, Notice.idea_id == other)).one()
        assert not loop.is_owed(tx, flo)


def test_votes_on_either_are_shown_anew_on_both(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Refill pouches.")
    scene.merge(other, one)
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
    merge_id = scene.merge(other, one)

    def seen(idea_id: int, channel_id: str | None) -> str:
        with scene.hub.reading() as tx:
            found = ideas.seen_with(tx, idea=ideas.get(tx, idea_id=idea_id), channel_id=channel_id)
            return found.text if found else ""

    assert seen(other, "C0IDEAS") == "A refill."
    assert [seen(other, "C0HELP"), seen(other, None), seen(one, "C0IDEAS")] == ["", "", ""]
    scene.undo(merge_id)
    assert seen(other, "C0IDEAS") == ""


def test_what_is_alike_is_shown_once_for_all_that_is_kept_together(scene: Scene) -> None:
    one, other, mine = scene.idea("Flo", "A refill."), scene.idea("Gus", "Pouches."), scene.idea("Ana", "Refills.")
    with scene.tx() as tx:
        closeness = {one: 0.8, other: 0.9}
        ideas.keep_alike(tx, idea_id=mine, text="Refills.", closeness=closeness, now=scene.hub.clock())
    scene.merge(other, one)

    def alike() -> list[tuple[int, int]]:
        with scene.hub.reading() as tx:
            found = ideas.alike(tx, idea=ideas.get(tx, idea_id=mine), channel_id="C0IDEAS")
            return [(each.idea.id, each.votes) for each in found]

    assert alike() == [(other, 1)]
    with scene.hub.reading() as tx:
        assert [idea.id for idea in ideas.nearest(tx, idea=ideas.get(tx, idea_id=one))] == [mine]
    scene.merge(mine, one)
    assert alike() == []
