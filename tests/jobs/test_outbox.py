"""The relay: every crash and every answer leaves each effect done once."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from feedback import audit, hearing, ideas, loop, members, outbox, rewards, themes, undelivered, workspaces
from feedback.hub import Hub
from feedback.messages import Said
from feedback.providers import Impossible, NotDone, Unknown
from feedback.providers.slack import Posted
from jobs import outbox as relay
from jobs.drain import drain
from models import Idea, Member, Notice, Outbox, Payout, Reward, Theme
from tests.conftest import Clock, RememberingPayouts, give_by, money, workspace_of
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack


@pytest.fixture
def slack(hub: Hub) -> RememberingSlack:
    assert isinstance(hub.slack, RememberingSlack)
    return hub.slack


def settle(hub: Hub, clock: Clock, seconds: float = 40) -> None:
    """Does everything that falls due in so many seconds."""
    for _ in range(int(seconds * 2)):
        drain(hub)
        clock.move(seconds=0.5)


def states(hub: Hub, kind: str) -> list[str]:
    with hub.reading() as tx:
        return list(tx.scalars(select(Outbox.state).where(Outbox.kind == kind).order_by(Outbox.id)))


def posts(slack: RememberingSlack, key: str) -> list[dict[str, object]]:
    return [post for post in slack.posts if str(post["key"]).startswith(key)]


def test_every_kind_of_work_has_somebody_who_does_it() -> None:
    assert set(relay.PLANS) == set(outbox.QUEUE_OF_KIND)
    assert set(outbox.QUEUE_OF_KIND.values()) == set(outbox.QUEUES)


def test_what_is_read_page_by_page_is_never_in_front_of_an_answer() -> None:
    long = {kind for kind, queue in outbox.QUEUE_OF_KIND.items() if queue == "reading"}
    trackers = {f"work.{word}" for word in ("catch_up", "check", "comment", "create", "read")}
    assert long == {"audit.seal", "channel.catch_up", "member.erase", "workspace.read"} | trackers


def test_a_captured_idea_gets_a_receipt_a_card_and_a_theme(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    said = scene.say("Ana", "The pump leaks in my bag.")
    idea_id = scene.capture(said, "Cy")
    settle(hub, clock)
    receipt, card = posts(slack, "idea.receipt")[0], posts(slack, "idea.card")[0]
    assert (receipt["channel"], receipt["thread_ts"]) == ("C0IDEAS", said.ts)
    assert card["channel"] == "C0TRIAGE"
    idea = scene.get_idea(idea_id)
    assert idea.receipt_ts == receipt["ts"]
    assert idea.theme_id is not None


def test_an_idea_from_the_form_is_receipted_in_private(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        ideas.share(tx, workspace=workspace_of(tx), author=ana, text="Vegan, please", why="", kind="idea", now=clock())
    settle(hub, clock)
    assert [post["channel"] for post in posts(slack, "idea.receipt")] == ["DU0ANA"]


def test_an_effect_that_was_done_before_the_answer_was_lost_is_not_done_again(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    scene.idea()
    slack.failures_after = [Unknown("cut")]
    settle(hub, clock)
    assert len(posts(slack, "idea.receipt")) == 1
    assert len(posts(slack, "idea.card:")) == 1
    assert states(hub, "idea.receipt") == ["done"]


def test_an_effect_that_was_not_done_is_done_later(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    scene.idea()
    slack.failures = [Unknown("cut"), Unknown("cut"), NotDone("rate limited", 7), NotDone("refused")]
    settle(hub, clock, seconds=90)
    assert len(posts(slack, "idea.receipt")) == 1
    assert set(states(hub, "idea.receipt") + states(hub, "idea.card")) == {"done"}


def test_a_worker_that_dies_in_mid_call_leaves_one_post(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after Slack had the message and before we wrote it down."""
    scene.idea()
    with monkeypatch.context() as patched:
        patched.setattr(relay, "_record", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            drain(hub)
    settle(hub, clock)
    assert len(posts(slack, "idea.receipt")) == 1
    assert scene.owed("idea.receipt") != []
    with hub.reading() as tx:
        assert tx.scalars(select(Idea)).one().receipt_ts is not None


ANSWER_LOST = Unknown("cut")


@pytest.mark.parametrize("failure", [None, ANSWER_LOST], ids=["its answer came", "its answer was lost"])
@pytest.mark.parametrize("key", ["idea.receipt:", "idea.card:", "notice:", "reward.card:"])
def test_words_that_are_deleted_while_they_are_on_their_way_do_not_stay(
    hub: Hub,
    scene: Scene,
    slack: RememberingSlack,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    failure: Exception | None,
) -> None:
    """Posted once, wherever it would be posted by now, and written anew."""
    said = scene.say("Ana", "My street is Elm Street, send a refill")
    meanwhile(slack, monkeypatch, key, failure, lambda: delete(scene, said))
    idea_id = scene.capture(said, "Bo")
    settle(hub, clock)
    if key in ("notice:", "reward.card:"):
        scene.ship(idea_id)
        settle(hub, clock)
    if key == "reward.card:":
        scene.answer(notice_id(hub), "Ana")
        scene.try_out()
        settle(hub, clock)
    settle(hub, clock)
    assert len(posts(slack, key)) == 1
    assert "Elm Street" in str(posts(slack, key)[0]["blocks"])
    assert "Elm Street" not in shown(slack, key)
    clock.move(minutes=10)  # the theme is measured anew some time after
    drain(hub)
    assert {row for kind in outbox.QUEUE_OF_KIND for row in states(hub, kind)} == {"done"}


def test_what_was_taken_back_before_its_answer_was_lost_says_so(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = scene.say("Ana", "A refill, please")

    def take_back() -> None:
        with scene.tx() as tx:
            ana = scene.member(tx, "Ana")
            ideas.withdraw(tx, workspace=workspace_of(tx), idea_id=1, member=ana, now=clock())

    meanwhile(slack, monkeypatch, "idea.receipt:", ANSWER_LOST, take_back)
    scene.capture(said, "Bo")
    settle(hub, clock)
    assert len(posts(slack, "idea.receipt:")) == 1
    assert "Taken back" in shown(slack, "idea.receipt:")


def test_what_was_deleted_before_it_was_sent_is_never_sent(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    said = scene.say("Ana", "My street is Elm Street, send a refill")
    scene.capture(said, "Bo")
    slack.failures = [Unknown("cut"), Unknown("cut")]
    drain(hub)
    delete(scene, said)
    settle(hub, clock)
    assert slack.posts == []
    assert states(hub, "idea.receipt") == states(hub, "idea.card") == ["done"]


def test_where_nobody_may_look_any_more_nothing_is_left_for_a_person(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = scene.say("Ana", "My street is Elm Street, send a refill")
    meanwhile(slack, monkeypatch, "idea.receipt:", ANSWER_LOST, lambda: delete(scene, said))

    def refuse(**where: object) -> None:
        raise Impossible("channel_not_found")

    monkeypatch.setattr(slack, "find_posted", refuse)
    scene.capture(said, "Bo")
    settle(hub, clock)
    assert states(hub, "idea.receipt") == ["done"]


def test_an_answer_that_was_lost_with_its_thread_is_given_once(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By now it would go to the person alone; it stands in the thread already."""
    said = scene.say("Ana", "A refill, please")
    idea_id = scene.capture(said, "Bo")
    settle(hub, clock)

    def lose() -> None:
        with scene.tx() as tx:
            scene.message(tx, said).is_lost = True

    meanwhile(slack, monkeypatch, "notice:", ANSWER_LOST, lose)
    scene.ship(idea_id)
    settle(hub, clock)
    assert [post["thread_ts"] for post in posts(slack, "notice:")] == [said.ts]
    with hub.reading() as tx:
        assert loop.get(tx, notice_id=1).ts == posts(slack, "notice:")[0]["ts"]


def meanwhile(
    slack: RememberingSlack,
    monkeypatch: pytest.MonkeyPatch,
    key: str,
    failure: Exception | None,
    act: Callable[[], None],
) -> None:
    """Once Slack has the post under this key, and before its answer is here, somebody acts."""
    post = slack.post

    def post_then(**call: Any) -> Posted:
        posted = post(**call)
        if call["key"].startswith(key):
            act()
            if failure:
                raise failure
        return posted

    monkeypatch.setattr(slack, "post", post_then)


def delete(scene: Scene, said: Said) -> None:
    where = {"channel_id": said.channel_id, "ts": said.ts}
    with scene.tx() as tx:
        hearing.deleted(tx, workspace=workspace_of(tx), **where, now=scene.hub.clock())


def notice_id(hub: Hub) -> int:
    with hub.reading() as tx:
        return tx.scalars(select(Notice.id)).one()


def shown(slack: RememberingSlack, key: str) -> str:
    """What the only post under this key says by now."""
    [post] = posts(slack, key)
    places = [update for update in slack.updates if (update["channel"], update["ts"]) == (post["channel"], post["ts"])]
    return str((places or [post])[-1]["blocks"])


def test_a_lost_channel_turns_the_receipt_into_a_direct_message(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    slack.failures = [Impossible("not_in_channel")]
    scene.idea()
    settle(hub, clock)
    assert [post["channel"] for post in posts(slack, "idea.receipt")] == ["DU0ANA"]


def test_what_slack_refuses_for_good_is_left_for_a_person(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    slack.failures = [Impossible("invalid_blocks", "too long")]
    scene.idea()
    settle(hub, clock)
    assert "failed" in states(hub, "idea.receipt") + states(hub, "idea.card")


def test_a_channel_never_gets_two_posts_in_a_second(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    times: list[tuple[str, float]] = []
    post = slack.post

    def timed(**call: object) -> object:
        times.append((str(call["channel_id"]), clock().timestamp()))
        return post(**call)  # type: ignore[arg-type]

    monkeypatch.setattr(slack, "post", timed)
    for number in range(5):
        scene.idea(text=f"Idea number {number}")
    settle(hub, clock, seconds=20)
    for channel in ("C0IDEAS", "C0TRIAGE"):
        here = [at for where, at in times if where == channel]
        assert len(here) == 5
        assert all(later - earlier >= 1 for earlier, later in pairwise(here))


def test_a_fault_of_ours_does_not_ring_without_end(
    hub: Hub, scene: Scene, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.idea()
    monkeypatch.setitem(relay.PLANS, "idea.receipt", lambda *_: 1 / 0)
    with hub.reading() as tx:
        outbox_id = tx.scalars(select(Outbox.id).where(Outbox.kind == "idea.receipt")).one()
    with pytest.raises(ZeroDivisionError):
        relay.deliver(hub, outbox_id)
    with hub.reading() as tx:
        row = tx.get_one(Outbox, outbox_id)
        assert row.next_at > clock()
        assert "ZeroDivisionError" in row.error


def test_people_are_stored_bit_by_bit(
    hub: Hub, slack: RememberingSlack, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No one transaction holds them all: what came before a fault is stored."""
    drain(hub)
    people: list[dict[str, Any]] = [{"id": f"U{n}", "name": f"p{n}", "updated": 1793600000} for n in range(5)]
    monkeypatch.setattr(members, "PROFILES_AT_ONCE", 2)
    monkeypatch.setattr(slack, "users", lambda: iter([*people[:4], {"name": "nobody"}]))
    read_workspace(hub)
    with pytest.raises(KeyError):
        drain(hub)
    assert handles(hub) == ["p0", "p1", "p2", "p3"]
    monkeypatch.setattr(slack, "users", lambda: iter(people))
    clock.move(minutes=10)
    drain(hub)
    assert handles(hub) == ["p0", "p1", "p2", "p3", "p4"]


def read_workspace(hub: Hub) -> None:
    with hub.transaction() as tx:
        workspaces.read_soon(tx, workspace=workspace_of(tx), now=hub.clock())


def handles(hub: Hub) -> list[str]:
    with hub.reading() as tx:
        return list(tx.scalars(select(Member.handle).where(Member.handle.like("p_")).order_by(Member.id)))


def test_a_payment_is_one_however_often_it_is_tried(hub: Hub, scene: Scene, clock: Clock) -> None:
    payouts = approved_by_service(hub, scene, clock)
    payouts.failures = [Unknown("cut"), NotDone("rate limited", 1), Unknown("500")]
    settle(hub, clock, seconds=90)
    assert len(payouts.orders) == 1
    assert scene.reward().state == "paid"
    with hub.reading() as tx:
        payout = tx.scalars(select(Payout)).one()
        assert payout.gift_told_at is not None
        assert rewards.gift_of(payout, cipher=hub.cipher).startswith("https://gifts.example/")


def test_a_conflict_at_the_service_is_for_a_person(hub: Hub, scene: Scene, clock: Clock) -> None:
    payouts = approved_by_service(hub, scene, clock)
    payouts.failures = [Impossible("conflict")]
    settle(hub, clock)
    assert scene.reward().state == "human"
    assert payouts.orders == {}


def test_a_post_that_got_through_unseen_is_found_when_it_is_tried_again(
    hub: Hub, scene: Scene, slack: RememberingSlack, clock: Clock
) -> None:
    """Posted, and then no answer, ever: given up as unknown. Trying again posts nothing anew."""
    scene.idea()
    with hub.transaction() as tx:
        tx.scalars(select(Outbox).where(Outbox.kind == "idea.receipt")).one().tries = outbox.MOST_TRIES - 1
    slack.failures_after = [Unknown("cut")]
    drain(hub)
    assert states(hub, "idea.receipt") == ["human"]
    try_again(hub, scene, "idea.receipt")
    settle(hub, clock)
    assert states(hub, "idea.receipt") == ["done"]
    assert len(posts(slack, "idea.receipt")) == 1
    with hub.reading() as tx:
        assert tx.scalars(select(Idea)).one().receipt_ts == posts(slack, "idea.receipt")[0]["ts"]


BEGUN = ("proposed", "verified", "vesting", "approved")


def test_a_payment_that_was_refused_is_one_payment_when_it_is_tried_again(hub: Hub, scene: Scene, clock: Clock) -> None:
    payouts = approved_by_service(hub, scene, clock)
    payouts.failures = [Impossible("http_422"), Impossible("conflict"), Unknown("500")]
    for state in ("failed", "human"):
        settle(hub, clock)
        assert scene.reward().state == state
        try_again(hub, scene, "reward.pay")
    settle(hub, clock, seconds=90)
    assert len(payouts.orders) == 1
    assert scene.reward().state == "paid"
    assert states(hub, "reward.gift") == ["done"]
    with hub.reading() as tx:
        workspace_id = workspace_of(tx).id
        assert money(tx) == (0, 0, 2500)
        history = audit.history(tx, workspace_id=workspace_id, subject="reward", subject_id=1)
        acts = [row.act for row in history if row.act != "thanked"]  # which comes whenever Slack takes it
    assert acts == [*BEGUN, "on its way", "failed", "tried again", "on its way", "human", "asked again", "paid", "told"]


def try_again(hub: Hub, scene: Scene, kind: str) -> None:
    with scene.tx() as tx:
        row = tx.scalars(select(Outbox).where(Outbox.kind == kind)).one()
        undelivered.try_again(
            tx, outbox_id=row.id, attempt=row.attempt, manager=scene.member(tx, "Di"), now=hub.clock()
        )


def approved_by_service(hub: Hub, scene: Scene, clock: Clock) -> RememberingPayouts:
    with scene.tx() as tx:
        give_by(tx, "tremendous")
    told = scene.tell_all(scene.ship(scene.idea("Ana")))
    scene.answer(told["Ana"], "Ana")
    scene.try_out()
    with scene.tx() as tx:
        reward = tx.scalars(select(Reward)).one()
        rewards.approve(tx, reward_id=reward.id, manager=scene.member(tx, "Di"), cipher=hub.cipher, now=clock())
    assert isinstance(hub.payouts, RememberingPayouts)
    return hub.payouts


def test_like_ideas_share_a_theme_and_the_regrouping_keeps_its_id(hub: Hub, scene: Scene, clock: Clock) -> None:
    for text in (
        "The pump leaks in my bag",
        "My pump leaks all over my bag",
        "pump leaks inside the bag every day",
        "Please offer a refill pouch for the cleanser",
        "Would love refill pouches for the cleanser",
    ):
        scene.idea("Ana", text)
    settle(hub, clock, seconds=30)

    def grouping() -> dict[int, int | None]:
        with hub.reading() as tx:
            return {idea.id: idea.theme_id for idea in tx.scalars(select(Idea))}

    before = grouping()
    assert len(set(before.values())) == 2
    with scene.tx() as tx:
        themes.regroup_soon(tx, workspace_id=workspace_of(tx).id, now=clock())
    settle(hub, clock, seconds=5)
    assert grouping() == before
    with hub.reading() as tx:
        assert all(theme.name for theme in tx.scalars(select(Theme)))
