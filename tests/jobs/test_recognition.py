"""The note about a change names whom it may, and App Home shows what somebody's help amounts to."""

from __future__ import annotations

from sqlalchemy import select

from feedback import changes, loop, members
from feedback.hub import Hub
from feedback.rewards import recognition
from jobs.drain import drain
from models import Reward
from tests.conftest import Clock, workspace_of
from tests.feedback.scene import Scene
from tests.slack_stand_in import RememberingSlack


def allow(scene: Scene, who: str, is_credited: bool) -> None:
    with scene.tx() as tx:
        loop.allow(tx, member=scene.member(tx, who), is_credited=is_credited, now=scene.hub.clock())


def announce(scene: Scene, *idea_ids: int) -> None:
    with scene.tx() as tx:
        workspace_of(tx).announcement_channel_id = "C0GENERAL"
        telling, now = changes.Telling(announces=True), scene.hub.clock()
        by = scene.member(tx, "Cy")
        changes.ship(tx, by=by, summary="It no longer leaks.", idea_ids=idea_ids, telling=telling, now=now)


def test_a_posted_note_names_who_agreed_and_forgets_who_changed_their_mind(
    hub: Hub, scene: Scene, clock: Clock
) -> None:
    slack = hub.slack
    assert isinstance(slack, RememberingSlack)
    ids = [scene.idea("Ana", "The pump leaks."), scene.idea("Flo", "The pump drips.")]
    allow(scene, "Ana", True)
    announce(scene, *ids)
    for _ in range(5):
        clock.move(seconds=2)
        drain(hub)
    note = next(post for post in slack.posts if post["channel"] == "C0GENERAL")
    assert "2 people here asked for it. With the help of Ana. Thank you." in str(note["blocks"])
    allow(scene, "Flo", True)
    drain(hub)
    assert "With the help of Ana and Flo." in str(slack.updates[-1]["blocks"])
    allow(scene, "Ana", False)
    drain(hub)
    assert (slack.updates[-1]["channel"], slack.updates[-1]["ts"]) == ("C0GENERAL", note["ts"])
    assert "With the help of Flo. Thank you." in str(slack.updates[-1]["blocks"])


def test_app_home_shows_badges_the_switch_and_no_board_where_there_is_none(hub: Hub, scene: Scene) -> None:
    slack = hub.slack
    assert isinstance(slack, RememberingSlack)
    told = scene.tell_all(scene.ship(scene.idea("Ana")))
    scene.answer(told["Ana"], "Ana")
    with scene.tx() as tx:
        tx.scalars(select(Reward)).one().state = "approved"
        members.open_home(tx, member=scene.member(tx, "Ana"), now=hub.clock())
    drain(hub)
    shown = str(slack.homes["U0ANA"])
    assert "*Helper*  ·  An idea that shipped and helped" in shown
    assert "You may name me" in shown
    assert "board_switch" not in shown
    with scene.tx() as tx:
        workspace_of(tx).has_board = True
    allow(scene, "Ana", True)
    drain(hub)
    shown = str(slack.homes["U0ANA"])
    assert "Do not name me" in shown
    assert "Put me on it" in shown
    assert "Nobody has asked to be on it yet." in shown


def test_whoever_put_themselves_on_the_board_is_not_told_that_nobody_did(hub: Hub, scene: Scene) -> None:
    """Before anything of theirs was accepted they have no place."""
    with scene.tx() as tx:
        workspace_of(tx).has_board = True
        recognition.join_board(tx, member=scene.member(tx, "Ana"), is_on_board=True, now=hub.clock())
        members.open_home(tx, member=scene.member(tx, "Ana"), now=hub.clock())
    drain(hub)
    assert isinstance(hub.slack, RememberingSlack)
    shown = str(hub.slack.homes["U0ANA"])
    assert "You are on it as soon as something that you said is accepted." in shown
    assert "Nobody has asked" not in shown
    assert "Take me off it" in shown
