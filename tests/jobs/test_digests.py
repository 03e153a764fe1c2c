"""Telling people in the morning, and once a week: late, killed, doubled, and with nothing left to tell."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from feedback import ideas, loop
from feedback.blocks import Json
from feedback.hub import Hub
from feedback.providers import Unknown
from jobs import outbox as relay
from jobs import schedule
from jobs.drain import drain
from models import Digest, Notice, Outbox
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack

FRIDAY = datetime(2026, 11, 6, 9, 0, 1, tzinfo=UTC)


@pytest.fixture
def slack(hub: Hub) -> RememberingSlack:
    assert isinstance(hub.slack, RememberingSlack)
    return hub.slack


def choose(scene: Scene, who: str, hears: str) -> None:
    with scene.tx() as tx:
        loop.choose(tx, member=scene.member(tx, who), hears=hears, now=scene.hub.clock())


def settle(hub: Hub, clock: Clock, seconds: int = 60) -> None:
    for _ in range(seconds):
        drain(hub)
        clock.move(seconds=1)


def posts(slack: RememberingSlack, key: str) -> list[Json]:
    return [post for post in slack.posts if post["key"].startswith(key)]


def state(hub: Hub, kind: str) -> list[str]:
    with hub.reading() as tx:
        return list(tx.scalars(select(Outbox.state).where(Outbox.kind == kind).order_by(Outbox.id)))


def wait_for_friday(hub: Hub, scene: Scene, clock: Clock, *texts: str) -> None:
    """Ana reads of these in her week's message, whose hour has struck."""
    choose(scene, "Ana", "digest")
    for text in texts:
        scene.ship(scene.idea("Ana", text), summary=f"News: {text}")
    settle(hub, clock, 10)
    clock.now = FRIDAY
    strike(hub)


def strike(hub: Hub) -> None:
    """The schedule's quarter of an hour. Its other lines would read a Slack in which nothing was ever said."""
    [job] = [job for job in schedule.PERIODIC if job.name == "digests"]
    with hub.transaction() as tx:
        job.run(tx, hub.clock())


def told(hub: Hub) -> list[bool]:
    with hub.reading() as tx:
        return [notice.told_at is not None for notice in tx.scalars(select(Notice).order_by(Notice.id))]


def test_the_week_is_one_message_to_the_person_alone(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    wait_for_friday(hub, scene, clock, "A refill.", "A lid.")
    assert posts(slack, "notice:") == []
    settle(hub, clock)
    strike(hub)
    settle(hub, clock)
    [post] = posts(slack, "digest:")
    assert (post["channel"], post["thread_ts"]) == ("DU0ANA", None)
    shown = str(post["blocks"])
    assert all(words in shown for words in ("A refill.", "News: A refill.", "A lid.", "News: A lid.", "hears_less"))
    assert shown.count("'loop_better'") == 2
    assert told(hub) == [True, True]
    with hub.reading() as tx:
        assert tx.scalars(select(Digest)).one().ts == post["ts"]


def test_where_nothing_waits_nothing_is_sent(hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock) -> None:
    scene.ship(scene.idea("Ana"))
    settle(hub, clock)
    clock.now = FRIDAY
    strike(hub)
    settle(hub, clock)
    assert posts(slack, "digest:") == []
    assert len(posts(slack, "notice:")) == 1


@pytest.mark.parametrize("what", ["withdrawn", "nothing", "left"])
def test_where_nothing_waits_any_more_nothing_is_sent(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, what: str
) -> None:
    wait_for_friday(hub, scene, clock, "A refill.")
    if what == "nothing":
        choose(scene, "Ana", "nothing")
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        if what == "withdrawn":
            ideas.withdraw(tx, workspace=workspace_of(tx), idea_id=1, member=ana, now=clock())
        if what == "left":
            ana.left_at = clock()
    settle(hub, clock)
    assert posts(slack, "digest:") == []
    assert state(hub, "loop.digest") == ["done"]
    assert told(hub) == [False]


@pytest.mark.parametrize("how", ["killed", "answer lost"])
def test_killed_between_post_and_record_it_is_one_message(
    hub: Hub,
    scene: Scene,
    slack: RememberingSlack,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    """Somebody answers in it before we know where it stands; and what ships meanwhile is not in it."""
    wait_for_friday(hub, scene, clock, "A refill.", "A lid.")
    if how == "killed":
        with monkeypatch.context() as patched:
            patched.setattr(relay, "_record", lambda *_: (_ for _ in ()).throw(SystemExit))
            with pytest.raises(SystemExit):
                drain(hub)
    else:
        slack.failures_after = [Unknown("cut")]
        drain(hub)
    assert len(posts(slack, "digest:")) == 1
    assert told(hub) == [False, False]
    scene.answer(1, "Ana")
    scene.ship(scene.idea("Ana", "A cap."))
    settle(hub, clock, 90)
    assert len(posts(slack, "digest:")) == 1
    assert told(hub) == [True, True, False]
    shown = str(slack.updates[-1]["blocks"])
    assert "You said: better now." in shown
    assert shown.count("'loop_better'") == 1
    assert "A cap." not in shown


def test_an_answer_shows_in_the_message_of_the_week(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    wait_for_friday(hub, scene, clock, "A refill.", "A lid.")
    settle(hub, clock)
    scene.answer(2, "Ana", "not_yet", "It is too small.")
    settle(hub, clock)
    [post] = posts(slack, "digest:")
    last = [update for update in slack.updates if update["channel"] == post["channel"]][-1]
    assert last["ts"] == post["ts"]
    assert all(words in str(last["blocks"]) for words in ("A refill.", "A lid.", "It is too small."))


def test_who_is_asleep_by_the_time_it_is_sent_reads_it_in_the_morning(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    """No worker ran until the evening."""
    wait_for_friday(hub, scene, clock, "A refill.")
    clock.now = datetime(2026, 11, 6, 22, 0, tzinfo=UTC)
    settle(hub, clock)
    assert posts(slack, "digest:") == []
    clock.now = datetime(2026, 11, 7, 7, 59, 50, tzinfo=UTC)
    drain(hub)
    assert posts(slack, "digest:") == []
    clock.move(seconds=10)
    settle(hub, clock)
    assert len(posts(slack, "digest:")) == 1


def test_a_notice_of_the_evening_is_posted_in_the_morning_once(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    """Also one that was owed by day, when no worker ran; waiting uses up none of its tries."""
    scene.ship(scene.idea("Ana"))
    clock.now = datetime(2026, 11, 2, 21, 30, tzinfo=UTC)
    for _ in range(40):
        drain(hub)
        clock.move(minutes=15)
    assert posts(slack, "notice:") == []
    clock.now = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
    settle(hub, clock)
    assert len(posts(slack, "notice:")) == 1
    with hub.reading() as tx:
        assert tx.scalars(select(Outbox.tries).where(Outbox.kind == "loop.notice")).one() == 1


@pytest.mark.parametrize(("hears", "how"), [("digest", "digest"), ("nothing", "never")])
def test_what_is_owed_and_not_sent_follows_the_new_choice(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, hears: str, how: str
) -> None:
    scene.ship(scene.idea("Ana"))
    choose(scene, "Ana", hears)
    settle(hub, clock)
    assert posts(slack, "notice:") == []
    assert len(posts(slack, "idea.receipt")) == 1, "what they do themself is answered"
    assert state(hub, "loop.notice") == ["done"]
    with hub.reading() as tx:
        assert tx.scalars(select(Notice.how)).one() == how
    clock.now = FRIDAY
    strike(hub)
    settle(hub, clock)
    assert len(posts(slack, "digest:")) == (1 if how == "digest" else 0)


def test_what_may_have_been_posted_before_they_chose_otherwise_is_not_told_twice(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    settle(hub, clock)
    idea_id = scene.idea("Ana")
    settle(hub, clock)
    scene.ship(idea_id)
    slack.failures_after = [Unknown("cut")]
    drain(hub)
    choose(scene, "Ana", "digest")
    settle(hub, clock, 90)
    assert len(posts(slack, "notice:")) == 1
    assert told(hub) == [True]
    clock.now = FRIDAY
    strike(hub)
    settle(hub, clock)
    assert posts(slack, "digest:") == []
