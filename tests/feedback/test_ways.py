"""How each person hears of a change: as much as they chose, not at night, and not too often."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from feedback import changes, ideas, loop, workspaces
from feedback.errors import Refused
from models import Audit, Idea, Member, Notice, Workspace
from tests.conftest import Clock, who_am_i, workspace_of
from tests.feedback.scene import Scene
from tests.web.conftest import Counter


def choose(scene: Scene, who: str, hears: str) -> None:
    with scene.tx() as tx:
        loop.choose(tx, member=scene.member(tx, who), hears=hears, now=scene.hub.clock())


def settle_in(scene: Scene, who: str, zone: str) -> None:
    with scene.tx() as tx:
        scene.member(tx, who).tz = zone


def set_pacing(scene: Scene, **given: int | bool) -> None:
    with scene.tx() as tx:
        for name, value in given.items():
            setattr(workspace_of(tx), name, value)


def how(scene: Scene, change_id: int) -> dict[str, str]:
    with scene.hub.reading() as tx:
        found = tx.scalars(select(Notice).where(Notice.change_id == change_id)).all()
        return {notice.member.name: notice.how for notice in found}


def way_of(scene: Scene, idea_id: int, who: str, *, is_minor: bool = False) -> loop.Way | None:
    with scene.hub.reading() as tx:
        answered = [tx.get_one(Idea, idea_id)]
        hearers = loop.audience(tx, answered=answered, made_by_id=scene.member(tx, "Cy").id)
        found = loop.ways(tx, is_minor=is_minor, hearers=hearers, now=scene.hub.clock())
        return found.get(scene.member(tx, who).id)


@pytest.mark.parametrize("is_minor", [False, True], ids=["major", "minor"])
@pytest.mark.parametrize("raised_it", [True, False], ids=["raised", "backed"])
@pytest.mark.parametrize("hears", loop.HEARS)
def test_each_level_for_what_was_raised_and_what_was_backed(
    scene: Scene, hears: str, raised_it: bool, is_minor: bool
) -> None:
    idea_id = scene.idea("Ana" if raised_it else "Flo")
    if not raised_it:
        scene.vote(idea_id, "Ana")
    choose(scene, "Ana", hears)
    found = way_of(scene, idea_id, "Ana", is_minor=is_minor)
    is_unwanted = hears == "nothing" or (hears == "own" and not raised_it)
    wanted = None if is_unwanted else "digest" if hears == "digest" or is_minor else "now"
    assert (found.how if found else None) == wanted
    if found and found.how == "digest":
        assert found.why, "a preview says why"


def test_choosing_is_written_down_once_with_who_and_when(scene: Scene) -> None:
    choose(scene, "Ana", "digest")
    choose(scene, "Ana", "digest")
    with scene.hub.reading() as tx:
        ana = scene.member(tx, "Ana")
        [row] = tx.scalars(select(Audit).where(Audit.subject == "member", Audit.subject_id == ana.id)).all()
        assert (row.member_id, row.at) == (ana.id, scene.hub.clock())
        assert (row.detail["before"], row.detail["after"]) == ("everything", "digest")
    with pytest.raises(Refused) as refused:
        choose(scene, "Ana", "less")
    assert refused.value.field == "hears"


def test_nobody_is_told_at_night_where_they_are(scene: Scene, clock: Clock) -> None:
    """Nine in the evening in Kathmandu; elsewhere it is day."""
    clock.now = datetime(2026, 11, 2, 15, 15, tzinfo=UTC)
    idea_id = scene.idea("Ana")
    scene.vote(idea_id, "Flo")
    settle_in(scene, "Ana", "Asia/Kathmandu")
    settle_in(scene, "Flo", "Europe/Paris")
    ana, flo = way_of(scene, idea_id, "Ana"), way_of(scene, idea_id, "Flo")
    assert ana
    assert (ana.how, ana.not_before) == ("now", datetime(2026, 11, 3, 2, 15, tzinfo=UTC))
    assert flo == loop.Way("now")
    set_pacing(scene, has_quiet_hours=False)
    assert way_of(scene, idea_id, "Ana") == loop.Way("now")


def test_of_whom_no_zone_is_known_has_that_of_most_people(scene: Scene, clock: Clock) -> None:
    idea_id = scene.idea("Ana")
    clock.now = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)  # midnight in Tokyo
    assert way_of(scene, idea_id, "Ana") == loop.Way("now"), "nobody's zone is known"
    for who in ("Flo", "Gus"):
        settle_in(scene, who, "Asia/Tokyo")
    settle_in(scene, "Bo", "Europe/Paris")
    for zone in (None, "Mars/Base"):
        settle_in(scene, "Ana", zone)  # type: ignore[arg-type]
        ana = way_of(scene, idea_id, "Ana")
        assert ana
        assert ana.not_before == datetime(2026, 11, 2, 23, 0, tzinfo=UTC)


def test_a_notice_of_the_night_is_owed_for_the_morning(scene: Scene, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 2, 22, 0, tzinfo=UTC)
    scene.ship(scene.idea("Ana"))
    with scene.hub.reading() as tx:
        notice = tx.scalars(select(Notice)).one()
        assert notice.not_before == datetime(2026, 11, 3, 8, 0, tzinfo=UTC)


def ship_one(scene: Scene, number: int) -> str:
    return how(scene, scene.ship(scene.idea("Ana", f"Number {number}.")))["Ana"]


def test_what_is_above_the_cap_waits_for_the_digest(scene: Scene, clock: Clock) -> None:
    assert [ship_one(scene, number) for number in range(5)] == ["now", "now", "now", "digest", "digest"]
    set_pacing(scene, notices_a_week=0)
    assert ship_one(scene, 6) == "now", "there is no cap"


def test_the_cap_counts_seven_days_back_from_when_they_were_told(scene: Scene, clock: Clock) -> None:
    for number in range(3):
        scene.tell_all(scene.ship(scene.idea("Ana", f"Number {number}.")))
    clock.move(days=7, seconds=-1)
    assert ship_one(scene, 4) == "digest"
    clock.move(seconds=1)
    assert ship_one(scene, 5) == "now"


def test_the_cap_is_everybodys_own_and_counts_no_digest(scene: Scene) -> None:
    choose(scene, "Ana", "digest")
    for number in range(4):
        assert ship_one(scene, number) == "digest"
    choose(scene, "Ana", "everything")
    assert ship_one(scene, 5) == "now"
    assert how(scene, scene.ship(scene.idea("Flo", "A lid.")))["Flo"] == "now"


def test_changes_at_once_do_not_pass_the_cap(scene: Scene) -> None:
    made = [scene.idea("Ana", f"Number {number}.") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        shipped = list(pool.map(scene.ship, made))
    assert sorted(how(scene, change_id)["Ana"] for change_id in shipped) == ["digest"] * 5 + ["now"] * 3


def ask_again(scene: Scene, notice_id: int) -> tuple[str, datetime | None]:
    with scene.tx() as tx:
        notice = loop.get(tx, notice_id=notice_id)
        way = loop.ask_again(tx, notice=notice, now=scene.hub.clock())
        assert notice.how == (way.how if way else "never")
        return notice.how, way.not_before if way else None


def test_what_is_owed_follows_what_they_chose_meanwhile(scene: Scene) -> None:
    idea_id = scene.idea("Flo")
    scene.vote(idea_id, "Ana")
    scene.ship(idea_id)
    with scene.hub.reading() as tx:
        notice_id = tx.scalars(select(Notice.id).where(Notice.raised_it.is_(False))).one()
    for hears, wanted in (("everything", "now"), ("digest", "digest"), ("own", "never"), ("nothing", "never")):
        choose(scene, "Ana", hears)
        assert ask_again(scene, notice_id) == (wanted, None)


def test_what_is_late_asks_the_clock_again(scene: Scene, clock: Clock) -> None:
    scene.ship(scene.idea("Ana"))
    clock.move(hours=13)
    assert ask_again(scene, 1) == ("now", datetime(2026, 11, 3, 8, 0, tzinfo=UTC))
    settle_in(scene, "Ana", "America/New_York")  # they moved: it is the afternoon there
    assert ask_again(scene, 1) == ("now", None)


def test_of_several_those_who_are_awake_are_told_now(scene: Scene, clock: Clock) -> None:
    idea_id = scene.idea("Ana")
    for who in ("Flo", "Gus", "Di"):
        scene.vote(idea_id, who)
    scene.ship(idea_id)
    settle_in(scene, "Ana", "Asia/Tokyo")
    settle_in(scene, "Flo", "Asia/Kathmandu")
    settle_in(scene, "Di", "Europe/Paris")
    choose(scene, "Gus", "digest")
    clock.now = datetime(2026, 11, 2, 16, 0, tzinfo=UTC)
    with scene.tx() as tx:
        notices = tx.scalars(select(Notice).order_by(Notice.id)).all()
        found, until = loop.for_now(tx, notices=notices, now=clock())
        assert [notice.member.name for notice in found] == ["Di"]
        assert until == datetime(2026, 11, 2, 23, 0, tzinfo=UTC), "eight in Tokyo; in Kathmandu it is later"
        assert loop.for_now(tx, notices=[], now=clock()) == ([], None)


def test_of_those_that_passed_the_cap_the_oldest_are_told_one_by_one(scene: Scene) -> None:
    for number in range(5):
        scene.ship(scene.idea("Ana", f"Number {number}."))
    with scene.tx() as tx:  # as if nobody had counted
        for notice in tx.scalars(select(Notice)):
            notice.how = "now"
    assert [ask_again(scene, number)[0] for number in range(1, 6)] == ["now", "now", "now", "digest", "digest"]


def test_two_workspaces_keep_their_own_hours_and_counts(scene: Scene, clock: Clock) -> None:
    set_pacing(scene, notices_a_week=1, has_quiet_hours=False)
    with scene.tx() as tx:
        other = workspaces.install(tx, who_am_i=who_am_i("T0OTHER"), now=clock())
        facts = {"workspace_id": other.id, "handle": "eve", "joined_at": clock()}
        eve = Member(slack_id="U0EVE", name="Eve", role="customer", tz="Asia/Tokyo", **facts)
        boss = Member(slack_id="U0BOSS", name="Boss", role="manager", **facts)
        tx.add_all([eve, boss])
        tx.flush()
        made = [
            ideas.share(tx, workspace=other, author=eve, text=text, why="", kind="idea", now=clock())
            for text in ("A lid", "A cap")
        ]
        ids = [idea.id for idea in made]
    clock.now = datetime(2026, 11, 2, 15, 0, tzinfo=UTC)  # midnight in Tokyo
    ship_one(scene, 1)
    assert ship_one(scene, 2) == "digest"
    for idea_id in ids:
        with scene.tx() as tx:
            changes.ship(tx, by=scene.member(tx, "Boss"), summary="Here.", idea_ids=[idea_id], now=clock())
    with scene.hub.reading() as tx:
        theirs = tx.scalars(select(Notice).where(Notice.workspace_id == other.id)).all()
        assert [notice.how for notice in theirs] == ["now", "now"], "three a week are theirs"
        assert {notice.not_before for notice in theirs} == {datetime(2026, 11, 2, 23, 0, tzinfo=UTC)}


def test_a_thousand_hearers_are_as_many_queries_as_one(scene: Scene) -> None:
    idea_id = scene.idea("Ana")
    with scene.tx() as tx:
        idea, ana = tx.get_one(Idea, idea_id), scene.member(tx, "Ana")
        facts = {"workspace_id": idea.workspace_id, "handle": "", "role": "customer", "joined_at": scene.hub.clock()}
        many = [Member(id=number, slack_id=f"U{number}", name="x", **facts) for number in range(1000, 2000)]
        tx.add_all(many)
        tx.flush()
        counter = Counter(scene.hub.engine)
        counts = []
        for members in ([ana], many):
            counter.statements.clear()
            hearers = [loop.Hearer(member, idea, True) for member in members]
            assert len(loop.ways(tx, is_minor=False, hearers=hearers, now=scene.hub.clock())) == len(members)
            counts.append(len(counter.statements))
        assert counts[1] <= counts[0] <= 3
        assert loop.ways(tx, is_minor=False, hearers=[], now=scene.hub.clock()) == {}


GOOD = loop.Pacing(
    has_quiet_hours=True,
    quiet_from_minutes=1320,
    quiet_to_minutes=420,
    notices_a_week=5,
    digest_weekday=0,
    digest_minutes=600,
)


def test_only_managers_set_the_pace_and_it_is_written_down(scene: Scene, clock: Clock) -> None:
    with scene.tx() as tx:
        loop.pace(tx, manager=scene.member(tx, "Di"), pacing=GOOD, now=clock())
    with scene.hub.reading() as tx:
        workspace = tx.get_one(Workspace, 1)
        assert {name: getattr(workspace, name) for name in vars(GOOD)} == vars(GOOD)
        row = tx.scalars(select(Audit).where(Audit.subject == "workspace").order_by(Audit.id.desc())).first()
        assert row
        assert row.detail["notices_a_week"] == 5
        assert row.at <= clock() < row.at + timedelta(seconds=1)
    with scene.tx() as tx, pytest.raises(Refused, match="for managers"):
        loop.pace(tx, manager=scene.member(tx, "Cy"), pacing=GOOD, now=clock())
