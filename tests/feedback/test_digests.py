"""The message of the week: for whom it is due, what is in it, and that it is one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from feedback import ideas, loop
from models import Digest, Notice
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene
from tests.web.conftest import Counter

FRIDAY = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)


def choose(scene: Scene, who: str, hears: str) -> None:
    with scene.tx() as tx:
        loop.choose(tx, member=scene.member(tx, who), hears=hears, now=scene.hub.clock())


def settle_in(scene: Scene, who: str, zone: str) -> None:
    with scene.tx() as tx:
        scene.member(tx, who).tz = zone


def waits(scene: Scene, who: str, text: str = "A refill.") -> int:
    """Something shipped that they read of in their week's message. The change's id."""
    choose(scene, who, "digest")
    return scene.ship(scene.idea(who, text))


def tick(scene: Scene) -> int:
    with scene.tx() as tx:
        return loop.open_digests(tx, workspace_id=workspace_of(tx).id, now=scene.hub.clock())


def inside(scene: Scene, digest_id: int) -> list[str]:
    with scene.tx() as tx:
        return [notice.idea.text for notice in loop.items(tx, digest_id=digest_id)]


def digests(scene: Scene) -> list[Digest]:
    with scene.hub.reading() as tx:
        return list(tx.scalars(select(Digest).order_by(Digest.id)))


def tell(scene: Scene, digest_id: int) -> None:
    with scene.tx() as tx:
        where = {"channel_id": "DU0ANA", "ts": f"{digest_id}.0"}
        loop.digest_told(tx, digest_id=digest_id, **where, now=scene.hub.clock())


def test_it_is_due_on_the_day_and_at_the_hour_once(scene: Scene, clock: Clock) -> None:
    waits(scene, "Ana", "A refill.")
    waits(scene, "Ana", "A lid.")
    scene.ship(scene.idea("Flo"))
    clock.now = FRIDAY.replace(hour=8, minute=59)
    assert tick(scene) == 0
    clock.now = FRIDAY
    assert tick(scene) == 1
    assert tick(scene) == 0
    [digest] = digests(scene)
    assert (digest.week_on, digest.told_at) == (date(2026, 11, 2), None)
    assert scene.owed("loop.digest") == [{"v": 1, "digest_id": digest.id, "member_id": digest.member_id}]
    assert inside(scene, digest.id) == ["A refill.", "A lid."]
    tell(scene, digest.id)
    clock.move(days=7)
    assert tick(scene) == 0, "nothing waits"
    waits(scene, "Ana", "A cap.")
    clock.move(days=7)
    assert tick(scene) == 1
    assert [digest.week_on for digest in digests(scene)] == [date(2026, 11, 2), date(2026, 11, 16)]


def test_schedules_at_once_are_as_good_as_one(scene: Scene, clock: Clock) -> None:
    for who in ("Ana", "Flo"):
        waits(scene, who)
    clock.now = FRIDAY
    with ThreadPoolExecutor(6) as pool:
        opened = sum(pool.map(lambda _: tick(scene), range(12)))
    assert (opened, len(digests(scene)), len(scene.owed("loop.digest"))) == (2, 2, 2)
    assert [inside(scene, digest.id) for digest in digests(scene)] == [["A refill."], ["A refill."]]


def test_everybody_has_their_own_friday(scene: Scene, clock: Clock) -> None:
    for who, zone in (("Ana", "Pacific/Kiritimati"), ("Flo", "Asia/Kathmandu"), ("Gus", "Pacific/Honolulu")):
        settle_in(scene, who, zone)
        waits(scene, who, f"{who}'s.")
    due = []
    for hour in range(48):
        clock.now = datetime(2026, 11, 5, 0, 15, tzinfo=UTC).replace(day=5 + hour // 24, hour=hour % 24)
        due.append(tick(scene))
    assert [hour for hour, number in enumerate(due) if number] == [19, 24 + 3, 24 + 19]
    assert {digest.week_on for digest in digests(scene)} == {date(2026, 11, 2)}


def test_whoever_moves_gets_no_second_one_in_a_week(scene: Scene, clock: Clock) -> None:
    settle_in(scene, "Ana", "Pacific/Kiritimati")
    waits(scene, "Ana")
    clock.now = datetime(2026, 11, 5, 19, 0, tzinfo=UTC)
    assert tick(scene) == 1
    waits(scene, "Ana", "A lid.")
    settle_in(scene, "Ana", "Pacific/Honolulu")
    clock.now = datetime(2026, 11, 6, 19, 0, tzinfo=UTC)  # Friday, nine o'clock, once more
    assert tick(scene) == 0
    clock.move(days=7)
    assert tick(scene) == 1


def test_what_comes_after_the_hour_waits_for_the_next_week(scene: Scene, clock: Clock) -> None:
    clock.now = FRIDAY.replace(minute=5)
    waits(scene, "Ana")
    clock.move(minutes=10)
    assert tick(scene) == 0
    clock.now = FRIDAY.replace(day=13)
    assert tick(scene) == 1


@pytest.mark.parametrize(("late_hours", "opened"), [(23, 1), (25, 0)])
def test_a_schedule_that_was_off_makes_up_for_it_within_a_day(
    scene: Scene, clock: Clock, late_hours: int, opened: int
) -> None:
    waits(scene, "Ana")
    clock.now = FRIDAY
    clock.move(hours=late_hours)
    assert tick(scene) == opened


def test_who_left_answered_or_wants_nothing_any_more_gets_none(scene: Scene, clock: Clock) -> None:
    waits(scene, "Ana")
    waits(scene, "Flo", "A lid.")
    change_id = waits(scene, "Gus", "A cap.")
    choose(scene, "Ana", "nothing")
    with scene.tx() as tx:
        scene.member(tx, "Flo").left_at = clock()
        gus = tx.scalars(select(Notice).where(Notice.change_id == change_id)).one()
    scene.answer(gus.id, "Gus")
    clock.now = FRIDAY
    assert tick(scene) == 0
    choose(scene, "Ana", "everything")
    clock.move(days=7)
    assert tick(scene) == 0, "what they did not want to hear then is not told later"
    with scene.hub.reading() as tx:
        hows = tx.scalars(select(Notice.how).order_by(Notice.id)).all()
        assert list(hows) == ["never", "digest", "digest"]


def test_whoever_wants_only_their_own_hears_only_that(scene: Scene, clock: Clock) -> None:
    choose(scene, "Ana", "digest")
    own, others = scene.idea("Ana", "Mine."), scene.idea("Flo", "Theirs.")
    scene.vote(others, "Ana")
    scene.ship(own)
    scene.ship(others)
    choose(scene, "Ana", "own")
    clock.now = FRIDAY
    assert tick(scene) == 1
    assert inside(scene, digests(scene)[0].id) == ["Mine."]


def test_what_was_answered_or_taken_back_meanwhile_is_left_out(scene: Scene, clock: Clock) -> None:
    kept, answered = waits(scene, "Ana", "Kept."), waits(scene, "Ana", "Answered.")
    withdrawn = scene.idea("Ana", "Withdrawn.")
    scene.ship(withdrawn)
    clock.now = FRIDAY
    assert tick(scene) == 1
    digest_id = digests(scene)[0].id
    assert len(inside(scene, digest_id)) == 3
    with scene.tx() as tx:
        workspace, ana = workspace_of(tx), scene.member(tx, "Ana")
        ideas.withdraw(tx, workspace=workspace, idea_id=withdrawn, member=ana, now=clock())
        notice_id = tx.scalars(select(Notice.id).where(Notice.change_id == answered)).one()
    scene.answer(notice_id, "Ana")
    assert inside(scene, digest_id) == ["Kept."]
    tell(scene, digest_id)
    with scene.hub.reading() as tx:
        told = tx.scalars(select(Notice).where(Notice.change_id == kept)).one()
        assert (told.channel_id, told.ts, told.told_at) == ("DU0ANA", f"{digest_id}.0", clock())


def test_telling_is_written_down_once(scene: Scene, clock: Clock) -> None:
    waits(scene, "Ana")
    clock.now = FRIDAY
    tick(scene)
    tell(scene, 1)
    clock.move(hours=1)
    tell(scene, 1)
    assert digests(scene)[0].told_at == FRIDAY


def test_an_answer_in_it_is_one_fresh_look_at_all_of_it(scene: Scene, clock: Clock) -> None:
    for text in ("A refill.", "A lid."):
        waits(scene, "Ana", text)
    clock.now = FRIDAY
    tick(scene)
    tell(scene, 1)
    for notice_id in (1, 2):
        scene.answer(notice_id, "Ana")
    assert len(scene.owed("loop.notice_refresh")) == 1
    assert inside(scene, 1) == ["A refill.", "A lid."]


def test_many_people_are_as_many_queries_as_one(scene: Scene, clock: Clock) -> None:
    counter = Counter(scene.hub.engine)
    counts = []
    for people in (("Ana",), ("Ana", "Flo", "Gus", "Bo")):
        for who in people:
            waits(scene, who, f"{who} wants it.")
        clock.now = FRIDAY if len(people) == 1 else FRIDAY.replace(day=13)
        counter.statements.clear()
        assert tick(scene) == len(people)
        counts.append(len(counter.statements))
    assert counts[0] == counts[1]
