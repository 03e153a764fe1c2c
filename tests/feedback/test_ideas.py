"""Capturing, following and backing ideas."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback import hearing, ideas, messages
from feedback.errors import Refused
from feedback.messages import Said
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene


def test_the_author_stays_the_author_whoever_captures(scene: Scene) -> None:
    idea = scene.get_idea(scene.idea("Ana", by="Cy"))
    with scene.tx() as tx:
        assert idea.author_id == scene.member(tx, "Ana").id
        assert idea.captured_by_id == scene.member(tx, "Cy").id


def test_a_message_is_one_idea_however_often_it_is_captured(scene: Scene) -> None:
    said = scene.say("Ana", "A travel size, please.")
    assert scene.capture(said, "Cy") == scene.capture(said, "Bo") == scene.capture(said, "Ana")
    assert len(scene.owed("idea.receipt")) == 1


def test_a_message_without_words_is_kept_by_the_names_of_its_files(scene: Scene) -> None:
    idea = scene.get_idea(scene.capture(scene.say("Ana", "", files=("leak.png",)), "Bo"))
    assert idea.text == "leak.png"


def test_what_slack_marks_up_is_kept_as_a_person_reads_it(scene: Scene) -> None:
    said = scene.say("Ana", "<@U0ROUNDTRIP> <@U0BO> said &lt;3 for <https://x.example|this> in <#C1|help> <!here>")
    assert scene.get_idea(scene.capture(said, "Ana")).text == "@Bo said <3 for this in #help @here"


def test_emoji_are_seen_where_slack_wrote_their_names(scene: Scene) -> None:
    said = scene.say("Ana", "Yes :bulb: :upside_down_face: at 10:30:45, :our_own: too :+1::skin-tone-3:")
    with scene.tx() as tx:
        assert scene.message(tx, said).text == "Yes 💡 🙃 at 10:30:45, :our_own: too 👍"


def test_what_no_database_takes_does_not_lose_the_message(scene: Scene) -> None:
    idea = scene.get_idea(scene.capture(scene.say("Ana", "half \ud83d and a\x00 zero"), "Ana"))
    assert idea.text == "half ? and a zero"


def test_its_author_takes_it_back_and_may_bring_it_back(scene: Scene) -> None:
    said = scene.say("Ana", "Never mind this one.")
    idea_id = scene.capture(said, "Cy")
    with scene.tx() as tx, pytest.raises(Refused, match="Only the person who said it"):
        ideas.withdraw(
            tx, workspace=workspace_of(tx), idea_id=idea_id, member=scene.member(tx, "Bo"), now=scene.hub.clock()
        )
    with scene.tx() as tx:
        ideas.withdraw(
            tx, workspace=workspace_of(tx), idea_id=idea_id, member=scene.member(tx, "Ana"), now=scene.hub.clock()
        )
    with pytest.raises(Refused, match="took that one back"):
        scene.capture(said, "Cy")
    assert scene.get_idea(idea_id).state == "withdrawn"
    scene.capture(said, "Ana")
    assert scene.get_idea(idea_id).state == "new"


def test_an_edit_changes_the_idea_and_an_older_one_does_not(scene: Scene, clock: Clock) -> None:
    said = scene.say("Ana", "Smaler bottle")
    idea_id = scene.capture(said, "Cy")
    edit(scene, said, "Smaller bottle", minutes=2)
    edit(scene, said, "Smaler botle", minutes=1)
    assert scene.get_idea(idea_id).text == "Smaller bottle"


def test_an_edit_that_arrives_before_the_message_is_not_lost(scene: Scene) -> None:
    said = Said("C0IDEAS", "1793600000.000100", None, "U0ANA", "first words")
    edit(scene, said, "better words", minutes=1)
    with scene.tx() as tx:
        late = messages.hear(tx, workspace=workspace_of(tx), said=said, now=scene.hub.clock())
        assert late.text == "better words"


def test_a_deletion_forgets_the_words_and_withdraws_the_idea(scene: Scene) -> None:
    said = scene.say("Ana", "I should not have said that.")
    idea_id = scene.capture(said, "Cy")
    delete(scene, said)
    delete(scene, said)
    idea = scene.get_idea(idea_id)
    assert (idea.state, idea.text) == ("withdrawn", "")
    with scene.tx() as tx:
        assert scene.message(tx, said).text == ""


def test_a_deletion_that_arrives_before_the_message_stays(scene: Scene) -> None:
    said = Said("C0IDEAS", "1793600000.000200", None, "U0ANA", "gone")
    delete(scene, said)
    with scene.tx() as tx:
        assert messages.hear(tx, workspace=workspace_of(tx), said=said, now=scene.hub.clock()).text == ""
        with pytest.raises(Refused, match="deleted"):
            ideas.capture(
                tx,
                workspace=workspace_of(tx),
                message=scene.message(tx, said),
                captured_by=scene.member(tx, "Cy"),
                captured_with="reaction",
                now=scene.hub.clock(),
            )


def test_one_vote_however_many_ways_and_times(scene: Scene, clock: Clock) -> None:
    said = scene.say("Ana", "A refill, please.")
    idea_id = scene.capture(said, "Cy")
    scene.react(said, "Flo", event_ts="1")
    scene.react(said, "Flo", name="+1::skin-tone-3", event_ts="2")
    scene.react(said, "Flo", event_ts="1")
    assert scene.voters(idea_id) == ["Flo"]
    clock.move(seconds=5)
    assert scene.vote(idea_id, "Flo") is False
    assert scene.voters(idea_id) == []
    assert scene.vote(idea_id, "Flo") is True


def test_a_double_click_is_one_vote(scene: Scene) -> None:
    idea_id = scene.idea()
    assert scene.vote(idea_id, "Flo")
    assert scene.vote(idea_id, "Flo")
    assert scene.voters(idea_id) == ["Flo"]


def test_nobody_votes_for_their_own(scene: Scene) -> None:
    said = scene.say("Ana", "Mine.")
    idea_id = scene.capture(said, "Ana")
    scene.react(said, "Ana")
    with pytest.raises(Refused, match="yours already"):
        scene.vote(idea_id, "Ana")
    assert scene.voters(idea_id) == []


def test_a_thumb_from_before_the_capture_counts(scene: Scene) -> None:
    said = scene.say("Ana", "Popular already.")
    scene.react(said, "Flo")
    scene.react(said, "Ana")
    scene.react(said, "Gus", event_ts="1")
    scene.react(said, "Gus", stands=False, event_ts="2")
    assert scene.voters(scene.capture(said, "Cy")) == ["Flo"]


def test_a_thumb_on_the_receipt_counts_even_if_heard_before_we_knew_the_receipt(scene: Scene) -> None:
    idea_id = scene.idea()
    receipt = Said("C0IDEAS", "1793600009.000300", None, "U0ROUNDTRIP", "")
    scene.react(receipt, "Gus")
    assert scene.voters(idea_id) == []
    with scene.tx() as tx:
        ideas.receipt_posted(tx, idea_id=idea_id, channel_id="C0IDEAS", ts=receipt.ts, now=scene.hub.clock())
    assert scene.voters(idea_id) == ["Gus"]


@pytest.mark.parametrize("what", ["the receipt is recorded", "the message is captured"])
def test_a_thumb_in_the_very_moment_that_something_becomes_an_idea_counts(scene: Scene, what: str) -> None:
    said = scene.say("Ana", "At the same time.")
    idea_id = scene.capture(scene.say("Ana", "Another."), "Cy") if "receipt" in what else 0
    has_reacted, has_become = threading.Event(), threading.Event()

    def become() -> int:
        has_reacted.wait(30)
        try:
            if not idea_id:
                return scene.capture(said, "Cy")
            with scene.tx() as tx:
                now = scene.hub.clock()
                ideas.receipt_posted(tx, idea_id=idea_id, channel_id=said.channel_id, ts=said.ts, now=now)
            return idea_id
        finally:
            has_become.set()

    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(become)
        with scene.tx() as tx:
            where: dict[str, Any] = {"workspace": workspace_of(tx), "channel_id": said.channel_id, "ts": said.ts}
            flo = scene.member(tx, "Flo")
            messages.react(tx, **where, member=flo, name="+1", stands=True, event_ts="1")
            ideas.count_reaction(tx, **where, member=flo, now=scene.hub.clock())
            has_reacted.set()
            has_become.wait(0.5)  # in vain: it has to wait until this is committed
        became = going.result()
    assert scene.voters(became) == ["Flo"]


def test_whoever_comes_in_the_same_moment_waits_for_nobody_who_waits_for_them(scene: Scene) -> None:
    for number in range(10):
        ts = f"17940000{number:02}.000100"
        said = Said("C0IDEAS", ts, None, "U0ANA", "All at once.")
        acts = [
            lambda ts=ts: scene.say("Ana", "All at once.", ts=ts),
            lambda said=said: react_as_an_event(scene, said, "Flo", "+1"),
            lambda said=said: react_as_an_event(scene, said, "Bo", "bulb"),
            lambda said=said: react_as_an_event(scene, said, "Gus", "+1"),
        ]
        with ThreadPoolExecutor(len(acts)) as pool:
            for going in [pool.submit(act) for act in acts]:
                going.result(30)


def react_as_an_event(scene: Scene, said: Said, who: str, name: str) -> None:
    with scene.tx() as tx:
        hearing.reacted(
            tx,
            workspace=workspace_of(tx),
            member=scene.member(tx, who),
            channel_id=said.channel_id,
            ts=said.ts,
            name=name,
            stands=True,
            event_ts="1",
            now=scene.hub.clock(),
        )


def test_taking_one_of_two_thumbs_leaves_the_vote(scene: Scene) -> None:
    said = scene.say("Ana", "Two thumbs.")
    idea_id = scene.capture(said, "Cy")
    scene.react(said, "Flo", event_ts="1")
    scene.react(said, "Flo", name="+1::skin-tone-2", event_ts="1")
    scene.react(said, "Flo", stands=False, event_ts="2")
    assert scene.voters(idea_id) == ["Flo"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations([("1", True), ("2", False), ("3", True), ("4", False), ("5", True)]), st.integers(0, 4))
def test_the_order_in_which_reactions_arrive_does_not_matter(
    scene: Scene, order: list[tuple[str, bool]], again: int
) -> None:
    said = scene.say("Ana", "Any order.")
    idea_id = scene.capture(said, "Cy")
    for event_ts, stands in [*order, order[again]]:
        scene.react(said, "Flo", stands=stands, event_ts=event_ts)
    assert scene.voters(idea_id) == ["Flo"]


@pytest.mark.parametrize(
    ("what", "why", "kind", "field"),
    [
        ("  ", "", "idea", "what"),
        ("x" * 3001, "", "idea", "what"),
        ("x", "y" * 3001, "idea", "why"),
        ("x", "", "?", "kind"),
    ],
)
def test_the_form_names_the_field_that_is_wrong(scene: Scene, what: str, why: str, kind: str, field: str) -> None:
    with scene.tx() as tx, pytest.raises(Refused) as refused:
        ideas.share(
            tx,
            workspace=workspace_of(tx),
            author=scene.member(tx, "Ana"),
            text=what,
            why=why,
            kind=kind,
            now=scene.hub.clock(),
        )
    assert refused.value.field == field


def edit(scene: Scene, said: Said, text: str, *, minutes: int) -> None:
    with scene.tx() as tx:
        edited = messages.edit(
            tx,
            workspace=workspace_of(tx),
            said=Said(said.channel_id, said.ts, None, said.author_id, text),
            edited_at=scene.hub.clock() + timedelta(minutes=minutes),
            now=scene.hub.clock(),
        )
        if edited:
            ideas.follow_edit(tx, message=edited, now=scene.hub.clock())


def delete(scene: Scene, said: Said) -> None:
    with scene.tx() as tx:
        gone = messages.delete(
            tx, workspace=workspace_of(tx), channel_id=said.channel_id, ts=said.ts, now=scene.hub.clock()
        )
        if gone:
            ideas.follow_deletion(tx, message=gone, now=scene.hub.clock())
