"""People: who may what, who is first, how they get in, and whether they are still here."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from feedback import audit, members, workspaces
from feedback.errors import Refused
from models import Absence, Member, SignInLink, WebSession
from tests.conftest import Clock, who_am_i, workspace_of
from tests.feedback.scene import Scene


def give(scene: Scene, who: str, role: str, by: str = "Di") -> None:
    with scene.tx() as tx:
        member_id = scene.member(tx, who).id
        members.set_role(tx, manager=scene.member(tx, by), member_id=member_id, role=role, now=scene.hub.clock())


def role(scene: Scene, who: str) -> str:
    with scene.tx() as tx:
        return scene.member(tx, who).role


def store(scene: Scene, **facts: Any) -> None:
    with scene.tx() as tx:
        members.store_profile(tx, workspace=workspace_of(tx), facts=facts, now=scene.hub.clock())


def test_a_manager_gives_roles_and_it_is_written_down(scene: Scene) -> None:
    give(scene, "Ana", "product")
    give(scene, "Ana", "product")
    assert role(scene, "Ana") == "product"
    with scene.tx() as tx:
        ana = scene.member(tx, "Ana")
        rows = audit.history(tx, workspace_id=ana.workspace_id, subject="member", subject_id=ana.id)
        assert [(row.act, row.detail) for row in rows] == [("given a role", {"before": "customer", "after": "product"})]
        assert rows[0].member_id == scene.member(tx, "Di").id


@pytest.mark.parametrize("by", ["Ana", "Bo", "Cy"])
def test_nobody_but_a_manager_gives_roles(scene: Scene, by: str) -> None:
    with pytest.raises(Refused, match="for managers"):
        give(scene, by, "manager", by=by)
    assert role(scene, by) != "manager"


def test_a_role_that_there_is_not_is_refused_below_its_field(scene: Scene) -> None:
    with pytest.raises(Refused, match="A role is one of: customer, moderator, product, manager") as refused:
        give(scene, "Ana", "owner")
    assert refused.value.field == "role"


def test_the_last_manager_stays_one(scene: Scene) -> None:
    with pytest.raises(Refused, match="at least one manager"):
        give(scene, "Di", "customer")
    give(scene, "Cy", "manager")
    give(scene, "Di", "customer")
    assert role(scene, "Di") == "customer"
    with pytest.raises(Refused, match="at least one manager"):
        give(scene, "Cy", "product", by="Cy")


def test_two_managers_cannot_make_each_other_something_else(scene: Scene) -> None:
    give(scene, "Cy", "manager")
    has_begun = threading.Event()

    def first() -> None:
        with scene.tx() as tx:
            cy = scene.member(tx, "Cy").id
            members.set_role(tx, manager=scene.member(tx, "Di"), member_id=cy, role="product", now=scene.hub.clock())
            has_begun.set()
            time.sleep(0.3)  # the other one comes before this is committed

    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(first)
        has_begun.wait(30)
        with pytest.raises(Refused):
            give(scene, "Di", "product", by="Cy")
        going.result()
    assert role(scene, "Di") == "manager"


def test_a_manager_who_left_does_not_count_as_one(scene: Scene) -> None:
    give(scene, "Cy", "manager")
    store(scene, id="U0CY", name="cy", profile={"real_name": "Cy"}, deleted=True)
    with pytest.raises(Refused, match="at least one manager"):
        give(scene, "Di", "product")
    with pytest.raises(Refused, match="for managers"):
        give(scene, "Ana", "manager", by="Cy")


def test_another_workspaces_people_are_not_found(scene: Scene) -> None:
    with scene.tx() as tx:
        other = workspaces.install(tx, who_am_i=who_am_i("T0OTHER"), now=scene.hub.clock())
        eve = Member(workspace_id=other.id, slack_id="U0EVE", name="Eve", role="manager", joined_at=scene.hub.clock())
        tx.add(eve)
    for who, by in (("Ana", "Eve"), ("Eve", "Di")):
        with pytest.raises(Refused, match="not here"):
            give(scene, who, "product", by=by)


def test_apps_get_no_role(scene: Scene) -> None:
    store(scene, id="U0BOT", name="helper", profile={"real_name": "Helper"}, is_bot=True)
    with pytest.raises(Refused, match="not here"):
        give(scene, "Helper", "manager")


def test_where_nobody_is_a_manager_the_primary_owner_becomes_the_first(scene: Scene) -> None:
    people = [
        {"id": "U0BOSS", "name": "boss", "profile": {"real_name": "Boss"}, "is_owner": True},
        {"id": "U0OWNER", "name": "owner", "profile": {"real_name": "Owner"}, "is_primary_owner": True},
    ]

    def read() -> None:
        with scene.tx() as tx:
            members.store_profiles(tx, workspace=workspace_of(tx), found=people, now=scene.hub.clock())

    read()
    assert role(scene, "Owner") == "customer"  # there is Di
    store(scene, id="U0DI", name="di", profile={"real_name": "Di"}, deleted=True)
    read()
    read()
    assert (role(scene, "Owner"), role(scene, "Boss")) == ("manager", "customer")


@pytest.mark.parametrize(("who", "name"), [("@ana", "Ana"), ("ana", "Ana"), ("U0FLO", "Flo")])
def test_whoever_runs_the_processes_gives_roles_too(scene: Scene, who: str, name: str) -> None:
    with scene.tx() as tx:
        members.set_role_from_terminal(tx, handle=who, role="moderator", now=scene.hub.clock())
    assert role(scene, name) == "moderator"


def test_at_the_terminal_a_name_that_two_people_have_is_refused(scene: Scene) -> None:
    store(scene, id="U0ANA2", name="ana", profile={"real_name": "Ana the second"})
    with scene.tx() as tx, pytest.raises(Refused, match=r"2 people are called @ana\. Use the Slack id"):
        members.set_role_from_terminal(tx, handle="@ana", role="manager", now=scene.hub.clock())


@pytest.mark.parametrize(
    ("profile", "shown"),
    [
        ({"display_name": "Ana B", "real_name": "Ana Baker"}, "Ana B"),
        ({"display_name": "", "real_name": "Ana Baker"}, "Ana Baker"),
        ({}, "ana.b"),
    ],
)
def test_a_profile_is_followed_and_the_role_stays(scene: Scene, profile: dict[str, str], shown: str) -> None:
    give(scene, "Ana", "product")
    store(scene, id="U0ANA", name="ana.b", profile=profile, tz="Europe/Berlin")
    with scene.tx() as tx:
        ana = tx.scalars(select(Member).where(Member.slack_id == "U0ANA")).one()
        assert (ana.name, ana.handle, ana.tz, ana.role) == (shown, "ana.b", "Europe/Berlin", "product")


@pytest.mark.parametrize("order", [("Old", "New"), ("New", "Old"), ("New", "Old", "New", "Old")])
def test_of_two_profiles_the_one_that_was_changed_last_stands(scene: Scene, order: tuple[str, ...]) -> None:
    for name in order:
        changed_at, is_gone = {"Old": (1793600000, True), "New": (1793600001, False)}[name]
        store(scene, id="U0ANA", name="ana", profile={"real_name": name}, updated=changed_at, deleted=is_gone)
    with scene.tx() as tx:
        ana = tx.scalars(select(Member).where(Member.slack_id == "U0ANA")).one()
        assert (ana.name, ana.left_at) == ("New", None)


def test_a_profile_that_does_not_say_when_is_taken_as_it_comes(scene: Scene) -> None:
    """And makes none older than it was."""
    for name, more in (("Ana B", {"updated": 1793600001}), ("Ana C", {}), ("Ana A", {"updated": 1793600000})):
        store(scene, id="U0ANA", name="ana", profile={"real_name": name}, **more)
    with scene.tx() as tx:
        assert tx.scalars(select(Member.name).where(Member.slack_id == "U0ANA")).one() == "Ana C"


def test_an_older_profile_that_comes_in_the_same_moment_is_no_news_either(scene: Scene) -> None:
    has_begun = threading.Event()

    def newer() -> None:
        with scene.tx() as tx:
            facts = {"id": "U0ANA", "name": "ana", "profile": {"real_name": "New"}, "updated": 1793600001}
            members.store_profile(tx, workspace=workspace_of(tx), facts=facts, now=scene.hub.clock())
            tx.flush()
            has_begun.set()
            time.sleep(0.3)  # the older one comes before this is committed

    with ThreadPoolExecutor(1) as pool:
        going = pool.submit(newer)
        has_begun.wait(5)
        with scene.tx() as tx:
            ana = members.meet(tx, workspace=workspace_of(tx), slack_id="U0ANA", now=scene.hub.clock())
            facts = {"id": "U0ANA", "name": "ana", "profile": {"real_name": "Old"}, "updated": 1793600000}
            members.store_profile(tx, workspace=workspace_of(tx), facts=facts, now=scene.hub.clock())
            assert ana.name == "New"
        going.result()


def test_of_a_list_of_profiles_only_those_that_changed_are_touched(scene: Scene) -> None:
    """So that reading everybody every hour keeps nobody waiting."""

    def read(**people: tuple[str, int]) -> None:
        found = [
            {"id": slack_id, "name": name, "profile": {"real_name": name}, "updated": changed_at}
            for slack_id, (name, changed_at) in people.items()
        ]
        with scene.tx() as tx:
            members.store_profiles(tx, workspace=workspace_of(tx), found=found, now=scene.hub.clock())

    read(U0ANA=("Ana", 1793600000), U0FLO=("Flo", 1793600000), U0NEW=("New", 1793600000))
    read(U0ANA=("Ana B", 1793600001), U0FLO=("not looked at", 1793600000), U0NEW=("older", 1793599999))
    with scene.tx() as tx:
        names = tx.scalars(select(Member.name).where(Member.slack_id.in_(["U0ANA", "U0FLO", "U0NEW"])))
        assert sorted(names) == ["Ana B", "Flo", "New"]


def test_somebody_unheard_of_is_a_customer_whose_profile_is_read_once(scene: Scene) -> None:
    for _ in range(2):
        with scene.tx() as tx:
            new = members.meet(tx, workspace=workspace_of(tx), slack_id="U0NEW", now=scene.hub.clock())
            assert (new.role, new.name, new.is_bot) == ("customer", "U0NEW", False)
    assert [row["member_id"] for row in scene.owed("member.profile")].count(new.id) == 1


def test_a_link_lets_its_owner_in_once(scene: Scene) -> None:
    token = make_link(scene, "Cy")
    assert who_is(scene, use(scene, token)) == "Cy"
    with pytest.raises(Refused, match="used already"):
        use(scene, token)
    with pytest.raises(Refused, match="used already, or is older"):
        use(scene, "made up")


def test_a_link_ends_after_five_minutes(scene: Scene, clock: Clock) -> None:
    token, late = make_link(scene, "Cy"), make_link(scene, "Di")
    clock.move(minutes=4, seconds=59)
    assert who_is(scene, use(scene, token)) == "Cy"
    clock.move(seconds=1)
    with pytest.raises(Refused, match="older than five minutes"):
        use(scene, late)


def test_links_are_for_the_team_alone(scene: Scene) -> None:
    with pytest.raises(Refused, match="The hub is for the team"):
        make_link(scene, "Ana")


def test_neither_links_nor_sessions_can_be_read_from_the_database(scene: Scene) -> None:
    token = make_link(scene, "Cy")
    session = use(scene, token)
    with scene.tx() as tx:
        stored = [row.token_hash for row in (*tx.scalars(select(SignInLink)), *tx.scalars(select(WebSession)))]
    assert len(stored) == 2
    assert not {token, session} & set(stored)


def test_a_session_lasts_two_weeks_unless_it_is_ended(scene: Scene, clock: Clock) -> None:
    one, other = use(scene, make_link(scene, "Cy")), use(scene, make_link(scene, "Cy"))
    with scene.tx() as tx:
        members.end_session(tx, token=one, now=clock())
    assert (who_is(scene, one), who_is(scene, other)) == (None, "Cy")
    clock.move(days=members.SESSION_DAYS, seconds=-1)
    assert who_is(scene, other) == "Cy"
    clock.move(seconds=1)
    assert who_is(scene, other) is None


def test_whoever_leaves_is_signed_out(scene: Scene) -> None:
    session = use(scene, make_link(scene, "Cy"))
    store(scene, id="U0CY", name="cy", profile={"real_name": "Cy"}, deleted=True)
    assert who_is(scene, session) is None
    store(scene, id="U0CY", name="cy", profile={"real_name": "Cy"})
    assert who_is(scene, session) == "Cy"


def test_a_role_that_was_taken_lets_nobody_in_with_an_old_link(scene: Scene) -> None:
    """The session begins, and shows what a customer may see."""
    token = make_link(scene, "Bo")
    give(scene, "Bo", "customer")
    session = use(scene, token)
    with scene.tx() as tx:
        bo = members.signed_in(tx, token=session, now=scene.hub.clock())
        assert bo is not None
        assert bo.role == "customer"


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1), (1, 3, 2), (2, 1, 3)])
@pytest.mark.parametrize("is_back_at_last", [True, False])
def test_leaving_and_coming_back_count_in_the_order_in_which_they_happened(
    scene: Scene, order: tuple[int, ...], is_back_at_last: bool
) -> None:
    """Slack promises no order, and delivers twice."""
    for second in (*order, *order):
        with scene.tx() as tx:
            members.left_channel(
                tx,
                workspace=workspace_of(tx),
                member=scene.member(tx, "Ana"),
                channel_id="C0IDEAS",
                at=scene.hub.clock() + timedelta(seconds=second),
                is_back=(second % 2 == 1) is is_back_at_last,
            )
    with scene.tx() as tx:
        ana, flo = scene.member(tx, "Ana"), scene.member(tx, "Flo")
        assert members.is_in_channel(tx, member=ana, channel_id="C0IDEAS") is is_back_at_last
        assert members.is_in_channel(tx, member=ana, channel_id="C0HELP")
        assert members.is_in_channel(tx, member=flo, channel_id="C0IDEAS")
        assert len(tx.scalars(select(Absence)).all()) == 1


def make_link(scene: Scene, who: str) -> str:
    with scene.tx() as tx:
        return members.make_link(tx, member=scene.member(tx, who), now=scene.hub.clock())


def use(scene: Scene, token: str) -> str:
    with scene.tx() as tx:
        return members.use_link(tx, token=token, now=scene.hub.clock())


def who_is(scene: Scene, token: str) -> str | None:
    with scene.tx() as tx:
        found = members.signed_in(tx, token=token, now=scene.hub.clock())
        return found.name if found else None
