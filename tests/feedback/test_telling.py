"""Who hears, in which words, at two changes in the same second; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from feedback import changes, hearing, loop
from feedback.errors import Refused
from models import Idea, Member, Notice, NoticePost, Outbox, Reply
from tests.conftest import workspace_of
from tests.feedback.scene import Scene


def hearers(scene: Scene, *idea_ids: int, by: str = "Cy") -> list[tuple[str, str]]:
    with scene.tx() as tx:
        answered = tx.scalars(select(Idea).where(Idea.id.in_(idea_ids))).all()
        found = loop.audience(tx, answered=answered, made_by_id=scene.member(tx, by).id)
        return [(each.member.name, "raised" if each.raised_it else each.because) for each in found]


def below(scene: Scene, who: str, ts: str, seconds: int = 60) -> object:
    at = f"{int(scene.hub.clock().timestamp()) + seconds}.{scene.said:06}"
    return scene.say(who, "Me too, in a way.", thread_ts=ts, ts=at)


def test_who_wrote_below_it_hears_and_the_team_does_not(scene: Scene) -> None:
    said = scene.say("Ana", "The pump leaks.")
    idea_id = scene.capture(said, "Ana")
    for who in ("Flo", "Bo", "Di", "Flo"):
        below(scene, who, said.ts)
    assert hearers(scene, idea_id) == [("Ana", "raised"), ("Flo", "joined")]
    scene.vote(idea_id, "Di")
    scene.vote(idea_id, "Flo")
    assert hearers(scene, idea_id) == [("Ana", "raised"), ("Flo", "joined"), ("Di", "backed")]


def test_what_was_said_before_it_or_is_deleted_is_no_comment_on_it(scene: Scene) -> None:
    parent = scene.say("Gus", "What do you think of the pump?")
    idea_id = scene.capture(scene.say("Ana", "It leaks.", thread_ts=parent.ts), "Ana")
    gone = below(scene, "Flo", parent.ts)
    with scene.tx() as tx:
        where = {"channel_id": gone.channel_id, "ts": gone.ts}  # type: ignore[attr-defined]
        hearing.deleted(tx, workspace=workspace_of(tx), **where, now=scene.hub.clock())
    assert hearers(scene, idea_id) == [("Ana", "raised")]


def test_who_said_not_yet_to_an_earlier_change_hears_of_the_next(scene: Scene) -> None:
    one, other = scene.idea("Ana", "A refill."), scene.idea("Flo", "Pouches.")
    scene.vote(one, "Gus")
    told = scene.tell_all(scene.ship(one, other))
    scene.answer(told["Gus"], "Gus", "not_yet", "Not for mine.")
    scene.hub.clock.move(minutes=1)  # type: ignore[attr-defined]
    assert not scene.vote(one, "Gus"), "takes the vote back"
    assert hearers(scene, one) == [("Ana", "raised"), ("Gus", "not_yet")]


def test_as_many_questions_for_sixty_ideas_as_for_one(scene: Scene) -> None:
    made = [scene.idea("Ana", f"Number {number}.") for number in range(20)]
    asked: list[str] = []

    def count(_c: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(scene.hub.engine, "before_cursor_execute", count)
    numbers = []
    for some in (made[:1], made):
        with scene.hub.reading() as tx:
            answered = tx.scalars(select(Idea).where(Idea.id.in_(some))).all()
            asked.clear()
            loop.plan(
                tx,
                workspace_id=workspace_of(tx).id,
                answered=answered,
                made_by_id=0,
                kind="shipped",
                is_minor=False,
                tell_at=scene.hub.clock(),
            )
            numbers.append(len(asked))
    event.remove(scene.hub.engine, "before_cursor_execute", count)
    assert numbers[0] == numbers[1] <= 11


def test_more_than_fit_into_one_post_share_several(scene: Scene) -> None:
    said = scene.say("Ana", "The pump leaks.")
    with scene.tx() as tx:
        home = workspace_of(tx)
        for number in range(loop.MOST_TOGETHER + 2):
            tx.add(
                Member(workspace_id=home.id, slack_id=f"U0M{number}", name=f"M{number}", joined_at=scene.hub.clock())
            )
    for number in range(loop.MOST_TOGETHER + 2):
        below(scene, f"M{number}", said.ts)
    scene.ship(scene.capture(said, "Ana"))
    with scene.tx() as tx:
        posts = tx.scalars(select(NoticePost)).all()
        sizes = [len(loop.notices_of(tx, post)) for post in posts]
    assert sizes == [loop.MOST_TOGETHER, 3]
    assert len(scene.owed("loop.post")) == 2


def test_two_that_overlap_shipped_in_the_same_second(scene: Scene) -> None:
    """Each tells each person once, and what is owed of the older one comes first."""
    shared = scene.idea("Ana", "A refill.")
    for who in ("Flo", "Gus"):
        scene.vote(shared, who)
    others = [scene.idea("Ana", f"Number {number}.") for number in range(4)]
    for idea_id in others:
        scene.vote(idea_id, "Flo")
    with scene.tx() as tx:
        workspace_of(tx).notices_a_week = 0  # however many they are

    def attempt(number: int) -> str:
        try:
            scene.ship(shared, others[number], summary=f"Number {number} is here.")
        except Refused:
            return "refused"
        return "shipped"

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(attempt, range(4)))
    assert sorted(answers) == ["refused", "refused", "refused", "shipped"], "the shared one ships once"
    for number in (number for number, answer in enumerate(answers) if answer == "refused"):
        scene.ship(others[number], summary=f"Number {number} is here.")
    with scene.tx() as tx:
        notices = tx.scalars(select(Notice).order_by(Notice.id)).all()
        pairs = [(notice.change_id, notice.member_id) for notice in notices]
        assert len(pairs) == len(set(pairs))
        ana = [notice for notice in notices if notice.member.name == "Ana"]
        assert [notice.change_id for notice in ana] == sorted(notice.change_id for notice in ana)
        owed = tx.scalars(select(Outbox.id).where(Outbox.kind == "loop.notice").order_by(Outbox.id)).all()
        assert len(owed) == len(pairs)
        now = scene.hub.clock()
        assert [loop.comes_first(tx, notices=[notice], now=now) for notice in ana] == [False, True, True, True]


def test_stopping_and_going_on_at_once_leaves_nobody_out(scene: Scene) -> None:
    change_id = scene.ship(scene.idea("Ana"))
    with scene.tx() as tx:
        tx.execute(update(Outbox).where(Outbox.kind == "loop.notice").values(state="done"))

    def act(number: int) -> None:
        with scene.tx() as tx:
            do = changes.stop if number % 2 else changes.go_on
            do(tx, by=scene.member(tx, "Cy"), change_id=change_id, now=scene.hub.clock())

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(12)))
    act(0)
    with scene.tx() as tx:
        assert tx.scalars(select(Outbox.state).where(Outbox.kind == "loop.notice")).one() == "new"
        assert not loop.stopped(tx, change_id=change_id)


@pytest.mark.parametrize("text", ["{who} {news}", "No news", "{news} and {news}", "{news} " + "x" * 600])
def test_words_that_cannot_be_told_are_refused(scene: Scene, text: str) -> None:
    idea_id = scene.idea("Ana")
    which: dict[str, Any] = {"summary": "Here.", "idea_ids": [idea_id], "telling": changes.Telling(words=text)}
    with scene.tx() as tx, pytest.raises(Refused) as refused:
        changes.ship(tx, by=scene.member(tx, "Cy"), **which, now=scene.hub.clock())
    assert refused.value.field == "words"
    assert scene.changes() == []


def test_braces_in_what_people_say_stay_what_they_are() -> None:
    values = {"words": "“{news} {name}”", "news": "It is {link}.", "link": "<x>", "name": "Ana"}
    assert loop.words.fill("{name}: {words} {news} {odd}", values) == "Ana: “{news} {name}” It is {link}. {odd} <x>"


def test_only_who_was_asked_answers_and_only_once(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    with scene.tx() as tx:
        changes.ask(tx, by=scene.member(tx, "Cy"), summary="When?", idea_ids=[idea_id], now=scene.hub.clock())
        notice_id = tx.scalars(select(Notice.id)).one()

    def reply(who: str, text: str) -> None:
        with scene.tx() as tx:
            member = scene.member(tx, who)
            loop.reply(tx, notice_id=notice_id, member=member, text=text, now=scene.hub.clock() + timedelta(1))

    for who, text, say in (("Flo", "Now", "for Ana"), ("Ana", "  ", "Write a sentence"), ("Ana", "x" * 2001, "2000")):
        with pytest.raises(Refused, match=say):
            reply(who, text)
    reply("Ana", "At night.")
    reply("Ana", "At night.")
    with pytest.raises(Refused, match="answered this already"):
        reply("Ana", "By day.")
    with scene.tx() as tx:
        assert [row.text for row in tx.scalars(select(Reply))] == ["At night."]
