"""What talk becomes in each channel: nothing, a question to its author, a look by the team, or an idea. On both
databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import select

from feedback import hearing, ideas, judgements, workspaces
from feedback.errors import Refused
from models import Audit, Idea, Judgement, Member, Outbox, Refit, Vote
from tests.conftest import Clock, who_am_i, workspace_of
from tests.feedback.talking import WISH, Talk


def test_only_talk_that_somebody_wants_judged_is_judged(talk: Talk) -> None:
    talk.mode("off", "C0HELP")
    wanted = talk.say("Ana", WISH)
    for said in (wanted, talk.say("Ana", WISH, channel="C0HELP"), talk.say("Ana", "<@U0ROUNDTRIP> hi")):
        with talk.hub.transaction() as tx:  # an event that comes a second time
            hearing.heard(tx, workspace=workspace_of(tx), said=said, now=talk.now())
    talk.say("Ana", WISH, channel="D0ANA")
    own = talk.say("Roundtrip", "Kept. You will read here what becomes of it.")
    assert talk.owed("message.judge") == [talk.key(wanted), talk.key(own)]
    assert [talk.seen(said) is not None for said in (wanted, own)] == [True, False]


@pytest.mark.parametrize(
    ("probability", "kind"), [(0.34, "idea"), (0.34, "problem"), (0.54, "question"), (0.54, "praise"), (0.0, None)]
)
def test_nobody_is_bothered_with_what_is_hardly_feedback(talk: Talk, probability: float, kind: str | None) -> None:
    for mode in ("author", "team", "automatic"):
        talk.mode(mode)
        found = talk.judged(talk.say("Ana", f"{WISH}, {mode}"), probability, kind)
        assert found
        assert (found.state, found.kind) == ("passed", kind)
    assert talk.all(Idea) == []
    assert talk.owed("message.ask") == []


def test_above_the_threshold_it_is_kept_by_itself_and_below_it_the_team_looks(talk: Talk) -> None:
    talk.mode("automatic")
    sure, unsure = talk.say("Ana", WISH), talk.say("Ana", "A travel size, maybe")
    kept, waits = talk.judged(sure, 0.8, "problem"), talk.judged(unsure, 0.79)
    assert kept
    assert waits
    assert (kept.state, waits.state) == ("kept", "waiting")
    with talk.hub.reading() as tx:
        idea = tx.scalars(select(Idea)).one()
        facts = (idea.text, idea.kind, idea.author.name, idea.captured_by.is_bot, idea.captured_with)
    assert facts == (WISH, "problem", "Ana", True, "judged")
    assert talk.judged(sure) is None, "what is kept is judged no more"


def test_what_its_author_did_not_mean_is_a_mistake_to_learn_from(talk: Talk) -> None:
    talk.mode("automatic")
    said = talk.say("Ana", WISH)
    talk.judged(said, 0.9)
    with talk.hub.transaction() as tx:
        workspace, ana = workspace_of(tx), talk.scene.member(tx, "Ana")
        judgements.withdraw(tx, workspace=workspace, idea_id=talk.all(Idea)[0].id, member=ana, now=talk.now())
    found = talk.of(said)
    assert found
    assert (found.state, found.decision, talk.all(Idea)[0].state) == ("decided", "nothing", "withdrawn")


def test_an_author_is_asked_and_their_yes_keeps_it(talk: Talk) -> None:
    talk.mode("author")
    said = talk.say("Ana", WISH)
    found = talk.judged(said)
    assert found
    assert (found.state, talk.owed("message.ask")) == ("asking", [f"message.ask:{found.message_id}"])
    with pytest.raises(Refused, match="whoever wrote"):
        talk.answer(found, "Bo", keep=True)
    assert talk.answer(found, "Ana", keep=True)
    assert talk.answer(found, "Ana", keep=True), "a double click is no news"
    (idea,) = talk.all(Idea)
    assert (idea.captured_with, idea.captured_by_id, idea.kind) == ("suggestion", idea.author_id, "idea")
    decided = talk.of(said)
    assert decided
    assert (decided.state, decided.decision, decided.decided_by_id) == ("decided", "idea", idea.author_id)


def test_whoever_said_no_is_not_asked_again(talk: Talk) -> None:
    talk.mode("author")
    said = talk.say("Ana", WISH)
    found = talk.judged(said)
    assert not talk.answer(found, "Ana", keep=False)
    talk.edit(said, WISH + ", soon")
    assert talk.judged(said) is None
    assert talk.owed("message.ask") == [f"message.ask:{found.message_id}"] if found else False
    assert talk.all(Idea) == []


def test_nobody_is_asked_more_than_a_few_times_a_day(talk: Talk, clock: Clock) -> None:
    talk.mode("author")
    states = [talk.judged(talk.say("Ana", f"{WISH} {number}")) for number in range(5)]
    assert [found.state for found in states if found] == ["asking"] * 3 + ["waiting"] * 2
    other = talk.judged(talk.say("Flo", WISH))
    clock.move(days=1, seconds=1)
    tomorrow = talk.judged(talk.say("Ana", WISH))
    assert [found.state for found in (other, tomorrow) if found] == ["asking", "asking"]


@pytest.mark.parametrize("kind", ["question", "praise"])
def test_about_a_question_or_praise_its_author_is_not_asked(talk: Talk, kind: str) -> None:
    talk.mode("author")
    found = talk.judged(talk.say("Ana", WISH), kind=kind)
    assert found
    assert (found.state, talk.owed("message.ask")) == ("waiting", [])


def test_about_what_was_said_long_ago_the_team_is_asked(talk: Talk, clock: Clock) -> None:
    talk.mode("author")
    said = talk.say("Ana", WISH)
    clock.move(hours=1, seconds=1)
    found = talk.judged(said)
    assert found
    assert (found.state, talk.owed("message.ask")) == ("waiting", [])


def test_what_the_author_adds_belongs_to_it_and_what_others_say_does_not(talk: Talk) -> None:
    said = talk.say("Ana", "The pump is nice")
    talk.say("Ana", "but it leaks", below=said)
    others = talk.say("Flo", "mine does too, in the bag", below=said)
    seen, theirs = talk.seen(said), talk.seen(others)
    assert seen
    assert theirs
    assert (seen.text, theirs.text) == ("The pump is nice\nbut it leaks", "mine does too, in the bag")
    assert talk.owed("message.judge") == [talk.key(said), talk.key(others)]


def test_a_judgement_of_words_that_changed_meanwhile_is_dropped(talk: Talk) -> None:
    said = talk.say("Ana", "hello")
    seen = talk.seen(said)
    assert seen
    talk.edit(said, WISH)
    with talk.hub.transaction() as tx:
        facts: dict[str, Any] = {"kind": "idea", "probability": 0.9, "version": "v"}
        assert judgements.keep(tx, seen=seen, **facts, now=talk.now()) is None
    assert talk.of(said) is None


def test_an_edit_is_judged_anew_and_a_deletion_forgets(talk: Talk) -> None:
    said = talk.say("Ana", "hello")
    first = talk.judged(said, 0.1)
    talk.edit(said, WISH)
    second = talk.judged(said, 0.7)
    assert first
    assert second
    assert (first.state, second.state) == ("passed", "waiting")
    talk.delete(said)
    assert talk.of(said) is None
    assert talk.judged(said) is None
    with pytest.raises(Refused, match="not here any more"):
        talk.review(second, "idea")


def test_the_team_looks_and_may_look_again(talk: Talk) -> None:
    first, second = (talk.judged(talk.say("Ana", f"{WISH} {number}")) for number in range(2))
    with pytest.raises(Refused, match="for the team"):
        talk.review(first, "problem", who="Ana")
    talk.review(first, "problem")
    talk.review(first, "problem")
    with pytest.raises(Refused, match="Choose what it is"):
        talk.review(second, "nonsense")
    talk.review(second, "nothing", who="Cy")
    with talk.hub.transaction() as tx:
        judgements.undo(tx, judgement_id=talk.all(Judgement)[1].id, by=talk.scene.member(tx, "Cy"), now=talk.now())
    assert [found.state for found in talk.all(Judgement)] == ["decided", "waiting"]
    with talk.hub.reading() as tx:
        idea = tx.scalars(select(Idea)).one()
        assert (idea.kind, idea.captured_by.name, idea.captured_with) == ("problem", "Bo", "review")
    with pytest.raises(Refused, match="kept that one meanwhile"):
        talk.review(first, "nothing")


def test_what_the_team_says_of_an_idea_is_learned_from_too(talk: Talk) -> None:
    by_hand = talk.scene.idea("Ana", WISH)
    talk.correct(by_hand, "praise")
    other = talk.scene.idea("Flo", "we met at the fair")
    talk.correct(other, "nothing")
    talk.correct(other, "nothing")
    with pytest.raises(Refused, match="taken back"):
        talk.correct(other, "problem")
    decided = [(found.decision, found.version) for found in talk.all(Judgement)]
    assert decided == [("praise", ""), ("nothing", "")]
    assert [idea.kind for idea in talk.all(Idea)] == ["praise", "idea"]
    acts = [row.act for row in talk.all(Audit) if row.act in ("sorted", "not feedback")]
    assert acts == ["sorted", "not feedback"]
    with talk.hub.transaction() as tx:
        found = judgements.to_refit(tx, workspace_id=workspace_of(tx).id)
    assert list(zip(found.texts, found.kinds, strict=True)) == [(WISH, "praise"), ("we met at the fair", "nothing")]


def test_what_people_were_told_of_stays(talk: Talk) -> None:
    idea_id = talk.scene.idea("Ana", WISH)
    talk.scene.ship(idea_id)
    with pytest.raises(Refused, match="so it stays"):
        talk.correct(idea_id, "nothing")
    assert talk.all(Judgement) == []


AGREEING = ("+1", ":+1::skin-tone-3:", "Same here!", "me too please", "+1 for this idea", "This. So much this.")
NOT_AGREEING = (
    "",
    "yes",
    "thanks",
    "this is broken",
    "+1 but please add a lid too",
    "me too but mine crashed",
    "+10",
    "this :-1:",
)


@pytest.mark.parametrize("text", AGREEING)
def test_words_that_only_agree(text: str) -> None:
    assert ideas.agrees(text)


@pytest.mark.parametrize("text", [*NOT_AGREEING, "this " * 40, "same " * 15 + "x", "\ud800" * 20])
def test_words_of_their_own(text: str) -> None:
    assert not ideas.agrees(text)


def test_a_reply_that_only_agrees_is_a_vote_and_no_idea(talk: Talk) -> None:
    said = talk.say("Ana", WISH)
    early = talk.say("Gus", "same here", below=said)
    idea_id = talk.scene.capture(said, "Bo")
    late = talk.say("Flo", "+1 this", below=said)
    talk.say("Ana", "+1", below=said)
    assert talk.scene.voters(idea_id) == ["Gus", "Flo"]
    assert talk.owed("message.judge") == [talk.key(said)]
    talk.delete(late)
    assert talk.scene.voters(idea_id) == ["Gus"]
    talk.edit(early, "same here, and mine leaks in the bag")
    assert talk.scene.voters(idea_id) == []


def test_a_vote_stands_as_long_as_anything_of_theirs_agrees(talk: Talk) -> None:
    said = talk.say("Ana", WISH)
    idea_id = talk.scene.capture(said, "Bo")
    reply = talk.say("Flo", "me too", below=said)
    talk.scene.react(said, "Flo")
    talk.delete(reply)
    assert talk.scene.voters(idea_id) == ["Flo"]
    talk.scene.react(said, "Flo", stands=False, event_ts="2.0")
    assert talk.scene.voters(idea_id) == []
    talk.scene.vote(idea_id, "Gus")
    talk.delete(talk.say("Gus", "me too", below=said))
    assert talk.scene.voters(idea_id) == ["Gus"], "the button's vote is the button's to take back"
    assert {vote.cast_with for vote in talk.all(Vote)} == {"button"}


def test_a_refit_is_owed_only_for_something_new(talk: Talk, clock: Clock) -> None:
    def owe() -> int:
        with talk.hub.transaction() as tx:
            judgements.refit_soon(tx, workspace_id=workspace_of(tx).id, now=talk.now())
        return len(talk.owed("kinds.refit"))

    assert owe() == 0
    talk.review(talk.judged(talk.say("Ana", WISH)), "idea")
    assert owe() == 1
    scores: dict[str, Any] = {"macro_f1": (0.5, 0.6), "brier": (0.4, 0.3), "corrections": 30, "held_out": 9}
    for number in range(2):
        clock.move(seconds=1)
        with talk.hub.transaction() as tx:
            facts: dict[str, Any] = {"workspace_id": workspace_of(tx).id, "version": f"v{number}", "numbers": b"123"}
            judgements.keep_refit(tx, **facts, **scores, switched=True, now=talk.now())
    assert [refit.numbers for refit in talk.all(Refit)] == [b"", b"123"]
    with talk.hub.transaction() as tx:
        refit = judgements.in_use(tx, workspace_id=workspace_of(tx).id)
        assert refit
        assert (refit.version, judgements.numbers_of(tx, refit=refit)) == ("v1", b"123")
        for row in tx.scalars(select(Outbox).where(Outbox.kind == "kinds.refit")):
            row.state = "done"
    owe()
    with talk.hub.reading() as tx:
        assert tx.scalars(select(Outbox.state).where(Outbox.kind == "kinds.refit")).all() == ["done"]


def test_what_waits_in_one_workspace_is_not_there_for_another(talk: Talk) -> None:
    found = talk.judged(talk.say("Ana", WISH))
    with talk.hub.transaction() as tx:
        other = workspaces.install(tx, who_am_i=who_am_i("T0OTHER"), now=talk.now())
        facts = {"workspace_id": other.id, "slack_id": "U0EVE", "name": "Eve", "role": "manager"}
        tx.add(Member(**facts, handle="eve", joined_at=talk.now()))
    for act in (lambda: talk.review(found, "idea", who="Eve"), lambda: talk.answer(found, "Eve", keep=True)):
        with pytest.raises(Refused, match="not here any more"):
            act()


def test_many_who_decide_at_once_leave_one_idea_and_one_decision(talk: Talk) -> None:
    """Each takes the message before the judgement and that before the idea, so nobody waits for somebody who waits."""
    talk.mode("author")
    said = talk.say("Ana", WISH)
    found = talk.judged(said)
    acts: list[Callable[[], object]] = [
        lambda: talk.answer(found, "Ana", keep=True),
        lambda: talk.review(found, "problem"),
        lambda: talk.review(found, "nothing", who="Cy"),
        lambda: talk.answer(found, "Ana", keep=False),
        lambda: talk.edit(said, WISH + ", soon"),
        lambda: talk.judged(said),
        lambda: talk.say("Flo", "+1", below=said),
        lambda: talk.scene.capture(said, "Gus"),
    ]

    def act(number: int) -> None:
        with suppress(Refused):
            acts[number % len(acts)]()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(act, range(3 * len(acts))))
    (idea,) = talk.all(Idea)
    assert idea.text == WISH + ", soon"
    assert len(talk.all(Judgement)) == 1
    assert talk.scene.voters(idea.id) == ["Flo"]
