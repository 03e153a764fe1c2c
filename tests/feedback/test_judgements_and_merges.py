"""Where what talk is taken for meets what people do at the same time: merges, votes, channels that are switched off."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest
from sqlalchemy import select

from feedback import catch_up, ideas, judgements
from feedback.catch_up import Position
from feedback.errors import Refused
from models import Channel, Idea, IdeaMerge, Judgement
from tests.conftest import workspace_of
from tests.feedback.talking import WISH, Talk


def test_what_went_into_an_idea_that_is_no_feedback_waits_by_itself_again(talk: Talk) -> None:
    one, other = talk.scene.idea("Ana", WISH), talk.scene.idea("Flo", "Refill pouches")
    talk.scene.merge(one, other)
    talk.correct(other, "nothing")
    assert talk.scene.inbox() == {one: []}
    (merge,) = talk.all(IdeaMerge)
    assert merge.undone_at == talk.now()


def test_each_message_has_its_own_question_whatever_was_deleted_before(talk: Talk) -> None:
    """The row of a judgement that is forgotten may leave its id to the next one."""
    talk.mode("author")
    first = talk.say("Ana", WISH)
    talk.judged(first)
    talk.delete(first)
    second = talk.say("Flo", WISH)
    found = talk.judged(second)
    assert found
    assert found.state == "asking"
    assert len(talk.owed("message.ask")) == 2


def test_where_nobody_listens_any_more_nothing_is_judged(talk: Talk) -> None:
    """An edit is followed there all the same."""
    talk.mode("automatic")
    said = talk.say("Ana", "hello")
    talk.judged(said, 0.1)
    with talk.hub.transaction() as tx:
        tx.scalars(select(Channel).where(Channel.slack_id == "C0IDEAS")).one().listens = False
    talk.edit(said, WISH)
    assert talk.seen(said) is None
    with talk.hub.transaction() as tx:
        tx.scalars(select(Channel).where(Channel.slack_id == "C0IDEAS")).one().listens = None
    assert talk.seen(said)


def test_below_words_that_are_none_each_reply_speaks_for_itself(talk: Talk) -> None:
    talk.mode("automatic")
    for said in (talk.say("Ana", "<@U0ROUNDTRIP>"), talk.say("Ana", "hello")):
        reply = talk.say("Ana", WISH, below=said)
        if said.text == "hello":
            talk.delete(said)
        assert talk.seen(said) is None
        later = talk.say("Ana", f"{WISH}, soon", below=said)
        kept = talk.judged(later, 0.9)
        assert kept
        assert kept.state == "kept"
        assert talk.key(later) in talk.owed("message.judge")
        assert talk.seen(reply)
    assert [idea.text for idea in talk.all(Idea)] == [f"{WISH}, soon"] * 2


def test_words_that_came_while_it_was_judged_are_judged_too(talk: Talk) -> None:
    """Also those that alone would not be: a reply of their own that only agrees, or that addresses the app."""
    for number, added in enumerate(("same here", "<@U0ROUNDTRIP> see above")):
        said = talk.say("Ana", f"{WISH} {number}")
        seen = talk.seen(said)
        assert seen
        key = talk.key(said)
        with talk.hub.transaction() as tx:
            talk.outbox(tx, key).state = "sending"
        talk.say("Ana", added, below=said)
        with talk.hub.transaction() as tx:
            facts: dict[str, Any] = {"kind": "idea", "probability": 0.9, "version": "v"}
            assert judgements.keep(tx, seen=seen, **facts, now=talk.now()) is None
        with talk.hub.transaction() as tx:
            assert talk.outbox(tx, key).state == "new"


def test_a_vote_goes_with_the_last_thing_that_agreed_whichever_came_first(talk: Talk) -> None:
    said = talk.say("Ana", WISH)
    idea_id = talk.scene.capture(said, "Bo")
    talk.scene.react(said, "Flo")
    reply = talk.say("Flo", "me too", below=said)
    talk.scene.react(said, "Flo", stands=False, event_ts="2.0")
    assert talk.scene.voters(idea_id) == ["Flo"], "the reply still agrees"
    talk.delete(reply)
    assert talk.scene.voters(idea_id) == []


def test_what_was_kept_and_taken_back_does_not_wait_again(talk: Talk) -> None:
    """It would wait where nobody sees it."""
    idea_id = talk.scene.idea("Ana", WISH)
    talk.correct(idea_id, "nothing")
    (found,) = talk.all(Judgement)
    with talk.hub.transaction() as tx, pytest.raises(Refused, match="taken back"):
        judgements.undo(tx, judgement_id=found.id, by=talk.scene.member(tx, "Bo"), now=talk.now())


def test_what_was_kept_after_all_teaches_nothing_else(talk: Talk) -> None:
    """Its author said no, and somebody put the reaction on it."""
    talk.mode("author")
    said, other = talk.say("Ana", WISH), talk.say("Flo", "good morning")
    talk.answer(talk.judged(said), "Ana", keep=False)
    talk.answer(talk.judged(other), "Flo", keep=False)
    talk.scene.capture(said, "Bo")
    with talk.hub.transaction() as tx:
        found = judgements.to_refit(tx, workspace_id=workspace_of(tx).id)
    assert list(found.texts) == ["good morning"]


@pytest.mark.parametrize("act", ["deleted", "edited"])
def test_a_reply_that_goes_while_its_message_is_kept_is_no_vote(talk: Talk, act: str) -> None:
    said = talk.say("Ana", WISH)
    reply = talk.say("Flo", "+1", below=said)
    with ThreadPoolExecutor(1) as pool:
        with talk.hub.transaction() as tx:
            message, bo = talk.scene.message(tx, said), talk.scene.member(tx, "Bo")
            facts: dict[str, Any] = {"captured_by": bo, "captured_with": "reaction", "now": talk.now()}
            idea, _ = ideas.capture(tx, workspace=workspace_of(tx), message=message, **facts)
            idea_id = idea.id
            gone = pool.submit(talk.delete, reply) if act == "deleted" else pool.submit(talk.edit, reply, "no")
            wait([gone], timeout=0.3)
        gone.result()
    assert talk.scene.voters(idea_id) == []


def test_whoever_takes_a_reply_takes_the_turn_of_its_thread_first(talk: Talk) -> None:
    """Whether an event tells of it or it is read up later: two who came from either side would wait for each other."""
    said = talk.say("Ana", WISH)
    reply = talk.say("Flo", "+1", below=said)
    listed = {"ts": reply.ts, "thread_ts": said.ts, "user": "U0FLO", "text": "+1", "edited": {"ts": "1893456000.0"}}
    at = Position(reply.channel_id, oldest=said.ts, latest=reply.ts, threads_after=said.ts, threads=(said.ts,))

    def read_up() -> None:
        with talk.hub.transaction() as tx:
            catch_up.take(tx, workspace=workspace_of(tx), at=at, said=listed, now=talk.now())

    for act in (read_up, lambda: talk.edit(reply, "+1 please"), lambda: talk.delete(reply)):
        with talk.turns() as taken:
            act()
        if talk.hub.engine.dialect.name == "postgresql":
            assert [turn.split(":")[-1] for turn in dict.fromkeys(taken)] == [said.ts, reply.ts]


def test_an_edited_reply_and_a_merge_lock_two_ideas_in_one_order(talk: Talk) -> None:
    """A reply that is an idea of its own, below another one."""
    said = talk.say("Ana", WISH)
    reply = talk.say("Flo", "A bigger pump", below=said)
    above, own = talk.scene.capture(said, "Bo"), talk.scene.capture(reply, "Bo")

    def act(number: int) -> None:
        if number % 2:
            talk.scene.undo(talk.scene.merge(above, own))
        else:
            talk.edit(reply, f"A bigger pump, {number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(24)))
    assert talk.scene.inbox().keys() == {above, own}
