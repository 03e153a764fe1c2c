"""Where what talk is taken for meets what people do at the same time: merges, votes, channels that are switched off."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from feedback import judgements
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
