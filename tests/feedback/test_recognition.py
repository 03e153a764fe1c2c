"""What help amounts to without money: it fades, it goes by quality, and nobody is shown who did not ask to be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from feedback import loop
from feedback.errors import Refused
from feedback.overview import recognition as overview
from feedback.rewards import recognition
from feedback.rewards.recognition import Earned
from models import Announcement, Audit, Change, Member, Reward, RewardRule
from tests.conftest import workspace_of
from tests.feedback.scene import Scene
from tests.feedback.test_scoring import GOOD, POOR, score

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
EARNED = st.builds(
    Earned,
    reason=st.sampled_from(["verified", "first_report", "evidence", "call"]),
    points=st.integers(0, 100),
    quality=st.none() | st.floats(0, 8),
    at=st.integers(0, 2000).map(lambda days: NOW - timedelta(days=days)),
)


def earned(points: int = 10, quality: float | None = None, days: int = 0, reason: str = "verified") -> Earned:
    return Earned(reason, points, quality, NOW - timedelta(days=days))


def points(*known: Earned) -> float:
    return recognition.standing(known, half_life_days=90, now=NOW).points


def test_points_go_by_quality_and_halve_with_age() -> None:
    assert points(earned()) == points(earned(quality=4)) == 10
    assert (points(earned(quality=0)), points(earned(quality=8))) == (5, 15)
    assert points(earned(days=90)) == pytest.approx(5)
    assert points(earned(days=180), earned(days=90)) == pytest.approx(7.5)
    assert points() == 0


@given(known=st.lists(EARNED, max_size=12), random=st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_what_was_earned_says_nothing_and_more_help_never_counts_less(
    known: list[Earned], random: object
) -> None:
    found = recognition.standing(known, half_life_days=90, now=NOW)
    other = list(known)
    random.shuffle(other)  # type: ignore[attr-defined]
    assert recognition.standing(other, half_life_days=90, now=NOW) == found
    more = recognition.standing([*known, earned()], half_life_days=90, now=NOW)
    assert more.points > found.points
    assert set(found.badges) <= set(more.badges)


def test_levels_fade_and_badges_stay() -> None:
    def found(days: int) -> recognition.Standing:
        known = [earned(days=days) for _ in range(5)] + [earned(5, days=days, reason="confirmed")]
        return recognition.standing(known, half_life_days=90, now=NOW)

    assert [found(days).level for days in (0, 90, 900)] == ["Regular", "Helper", ""]
    assert found(0).badges == found(900).badges
    assert found(0).badges == ["An idea that shipped and helped", "Five ideas that shipped and helped"]


def give(scene: Scene, who: str, state: str = "paid", cents: int = 2500, text: str = "", **facts: object) -> int:
    """Something that was proposed for this person, as it stands now. Returns the idea's id."""
    idea_id = scene.idea(who, text or f"{who} said this {scene.said}.")
    with scene.tx() as tx:
        workspace, now = workspace_of(tx), scene.hub.clock()
        rule_id = tx.scalars(select(RewardRule.id)).first()
        values = {"reason": "verified", "points": 10, "provider": "manual", "proposed_at": now, "vests_at": now}
        row = {"workspace_id": workspace.id, "idea_id": idea_id, "member_id": scene.member(tx, who).id, **values}
        money = {"amount_cents": cents, "currency": "USD", "proposed_by_id": scene.member(tx, "Cy").id}
        tx.add(Reward(**{**row, **money, "rule_id": rule_id, "state": state, **facts}))
    return idea_id


def open_board(scene: Scene, *names: str) -> None:
    with scene.tx() as tx:
        workspace_of(tx).has_board = True
        for name in names:
            scene.member(tx, name).is_on_board = True


def board(scene: Scene) -> list[tuple[int, str, int]]:
    with scene.hub.reading() as tx:
        found = overview.board(tx, workspace=workspace_of(tx), looking=scene.member(tx, "Ana"), now=scene.hub.clock())
        return [(place.number, place.name, place.points) for place in found]


def mine(scene: Scene, who: str) -> overview.Mine:
    with scene.hub.reading() as tx:
        return overview.mine(tx, member=scene.member(tx, who), now=scene.hub.clock())


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ("proposed", False),
        ("vesting", False),
        ("approved", True),
        ("paying", True),
        ("paid", True),
        ("human", True),
        ("failed", True),
        ("declined", False),
        ("cancelled", False),
    ],
)
def test_what_was_accepted_counts_whether_or_not_the_payment_got_through(
    scene: Scene, state: str, counts: bool
) -> None:
    give(scene, "Ana", state)
    assert mine(scene, "Ana").standing.points == (10 if counts else 0)


def test_what_gives_only_points_counts_once_it_has_vested(scene: Scene) -> None:
    give(scene, "Ana", "vesting", 0, provider="", vests_at=scene.hub.clock() + timedelta(days=7))
    assert mine(scene, "Ana").standing.points == 0
    scene.hub.clock.move(days=7)  # type: ignore[attr-defined]
    assert mine(scene, "Ana").standing.points == 10


def test_the_teams_scores_count(scene: Scene) -> None:
    good, poor = give(scene, "Ana"), give(scene, "Flo")
    score(scene, good, "Bo", GOOD)
    score(scene, poor, "Bo", POOR)
    score(scene, poor, "Cy", GOOD)
    assert mine(scene, "Ana").standing.points == 12.5
    assert mine(scene, "Flo").standing.points == 10
    assert mine(scene, "Gus").standing.points == 0


def test_there_is_no_board_unless_it_was_switched_on_and_nobody_on_it_who_did_not_ask(scene: Scene) -> None:
    for who in ("Ana", "Flo"):
        give(scene, who)
    with scene.tx() as tx:
        scene.member(tx, "Ana").is_on_board = True
    assert board(scene) == []
    open_board(scene)
    assert board(scene) == [(1, "Ana", 10)]


@pytest.mark.parametrize(("fact", "value"), [("left_at", NOW), ("takes_rewards", False), ("role", "moderator")])
def test_neither_leavers_nor_who_wants_nothing_nor_the_team_are_on_the_board(
    scene: Scene, fact: str, value: object
) -> None:
    for who in ("Ana", "Flo"):
        give(scene, who)
    open_board(scene, "Ana", "Flo")
    with scene.tx() as tx:
        setattr(scene.member(tx, "Flo"), fact, value)
    assert board(scene) == [(1, "Ana", 10)]


@pytest.mark.parametrize("amounts", [(1, 2, 3), (3_000_000, 0, 1), (0, 0, 0), (5, 5000, 50)])
def test_amounts_never_change_the_order_of_the_board(scene: Scene, amounts: tuple[int, int, int]) -> None:
    people = ("Ana", "Flo", "Gus")
    for times, who in enumerate(people, start=1):
        for number in range(times):
            give(scene, who, cents=(number + 1) * 1000)
    open_board(scene, *people)
    before = board(scene)
    assert before == [(1, "Gus", 30), (2, "Flo", 20), (3, "Ana", 10)]
    with scene.tx() as tx:
        for reward in tx.scalars(select(Reward)):
            reward.amount_cents = amounts[people.index(reward.member.name)]
    assert board(scene) == before


def test_ten_are_on_it_and_equals_share_a_place(scene: Scene) -> None:
    with scene.tx() as tx:
        for number in range(12):
            facts = {"slack_id": f"U0P{number}", "name": f"P{number}", "joined_at": NOW, "is_on_board": True}
            tx.add(Member(workspace_id=workspace_of(tx).id, **facts))
    for number in range(12):
        give(scene, f"P{number}", points=20 if number < 2 else 10)
    open_board(scene)
    found = board(scene)
    assert len(found) == 10
    assert [place for place, _, _ in found] == [1, 1, *[3] * 8]


def test_whoever_asks_is_on_the_board_and_off_again(scene: Scene) -> None:
    def ask(who: str, wants: bool) -> None:
        with scene.tx() as tx:
            recognition.join_board(tx, member=scene.member(tx, who), is_on_board=wants, now=scene.hub.clock())

    with pytest.raises(Refused, match="no leaderboard"):
        ask("Ana", True)
    open_board(scene)
    with pytest.raises(Refused, match="no leaderboard"):
        ask("Bo", True)
    give(scene, "Ana")
    for _ in range(2):
        ask("Ana", True)
    assert board(scene) == [(1, "Ana", 10)]
    for _ in range(2):
        ask("Ana", False)
    assert board(scene) == []
    with scene.hub.reading() as tx:
        acts = tx.scalars(select(Audit.act).where(Audit.act.like("%leaderboard")).order_by(Audit.id)).all()
    assert acts == ["joined the leaderboard", "left the leaderboard"]


def allow(scene: Scene, who: str, is_credited: bool = True) -> None:
    with scene.tx() as tx:
        loop.allow(tx, member=scene.member(tx, who), is_credited=is_credited, now=scene.hub.clock())


def helped(scene: Scene, change_id: int) -> list[str]:
    with scene.hub.reading() as tx:
        return loop.helped(tx, change=tx.get_one(Change, change_id))


def test_only_who_agreed_is_named_and_not_any_more_once_they_changed_their_mind(scene: Scene) -> None:
    ids = [scene.idea("Flo", "The pump leaks."), scene.idea("Ana", "The pump drips.")]
    thanked = scene.idea("Gus", "Here is a film of it.")
    change_id = scene.ship(*ids)
    assert helped(scene, change_id) == []
    for who in ("Ana", "Flo", "Gus"):
        allow(scene, who)
    assert helped(scene, change_id) == ["Flo", "Ana"]
    with scene.tx() as tx:
        facts = {"idea_id": thanked, "member_id": scene.member(tx, "Gus").id, "reason": "evidence", "points": 0}
        money = {"amount_cents": 0, "currency": "USD", "proposed_by_id": scene.member(tx, "Cy").id}
        when = {"proposed_at": scene.hub.clock(), "state": "proposed", "change_id": change_id}
        tx.add(Reward(workspace_id=workspace_of(tx).id, **facts, **money, **when))
    assert helped(scene, change_id) == ["Flo", "Ana", "Gus"]
    allow(scene, "Ana", False)
    with scene.tx() as tx:
        scene.member(tx, "Flo").left_at = scene.hub.clock()
        tx.scalars(select(Reward)).one().state = "cancelled"
    assert helped(scene, change_id) == []


def test_what_is_only_planned_names_nobody(scene: Scene) -> None:
    allow(scene, "Ana")
    idea_id = scene.idea("Ana")
    change_id = scene.ship(idea_id)
    with scene.tx() as tx:
        tx.get_one(Change, change_id).kind = "planned"
    assert helped(scene, change_id) == []


def test_notes_that_stand_somewhere_are_shown_anew_when_somebody_changes_their_mind(scene: Scene) -> None:
    posted, not_posted = scene.ship(scene.idea("Ana")), scene.ship(scene.idea("Ana", "A lid, please."))
    others = scene.ship(scene.idea("Flo", "A box, please."))
    with scene.tx() as tx:
        for change_id in (posted, not_posted, others):
            told_at = None if change_id == not_posted else scene.hub.clock()
            where = {"channel_id": "C0GENERAL", "opened_at": scene.hub.clock(), "told_at": told_at, "ts": "1.0"}
            tx.add(Announcement(change_id=change_id, **where))
    for _ in range(2):
        allow(scene, "Ana")
    assert [ids["change_id"] for ids in scene.owed("loop.announcement_refresh")] == [posted]
    with scene.hub.reading() as tx:
        acts = tx.scalars(select(Audit.act).where(Audit.subject == "member").order_by(Audit.id)).all()
    assert acts == ["agreed to be named"]
