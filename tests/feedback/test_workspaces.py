"""One installation: what it is told by Slack, where it listens, and what a manager may set."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from feedback import audit, catch_up, workspaces
from feedback.errors import Refused
from models import Channel, Workspace
from tests.conftest import Clock, who_am_i, workspace_of
from tests.feedback.scene import Scene

RIGHT: dict[str, Any] = {
    "triage_channel_id": "C0TRIAGE",
    "managers_channel_id": "C0MANAGERS",
    "themes_follow": False,
    "listening_to": ["C0GENERAL", "C0IDEAS", "C0HELP"],
}


def configure(scene: Scene, by: str = "Di", **changes: Any) -> None:
    with scene.tx() as tx:
        workspaces.configure(tx, manager=scene.member(tx, by), now=scene.hub.clock(), **{**RIGHT, **changes})


def listened_to(scene: Scene) -> set[str]:
    with scene.tx() as tx:
        workspace = workspace_of(tx)
        return {
            channel.slack_id
            for channel in workspaces.channels(tx, workspace_id=workspace.id)
            if workspaces.is_listened_to(workspace, channel)
        }


def hears(scene: Scene, channel_id: str) -> bool:
    with scene.tx() as tx:
        return workspaces.hears(tx, workspace=workspace_of(tx), channel_id=channel_id, now=scene.hub.clock())


def test_installing_again_keeps_what_was_set_and_reads_anew(scene: Scene, clock: Clock) -> None:
    configure(scene, managers_channel_id="C0HELP")
    with scene.tx() as tx:
        facts = {**who_am_i("T0PLAYGRND"), "team": "Renamed", "url": "https://renamed.slack.example/"}
        again = workspaces.install(tx, who_am_i=facts, now=clock())
        assert (again.name, again.url) == ("Renamed", "https://renamed.slack.example/")
        assert again.managers_channel_id == "C0HELP"
        assert len(tx.scalars(select(Workspace)).all()) == 1
    assert len(scene.owed("workspace.read")) == 1


def test_it_listens_where_the_app_is_but_not_to_the_team(scene: Scene) -> None:
    assert listened_to(scene) == {"C0GENERAL", "C0IDEAS", "C0HELP"}
    assert not hears(scene, "C0TRIAGE")


def test_what_is_said_in_a_channel_nobody_told_of_is_heard_and_the_channel_read(scene: Scene) -> None:
    """Slack sends messages only from channels that the app is in."""
    assert hears(scene, "C0FRESH")
    assert "C0FRESH" in listened_to(scene)
    assert len(scene.owed("workspace.read")) == 1


def test_a_conversation_with_one_person_is_no_channel(scene: Scene, clock: Clock) -> None:
    """Votes on receipts come from there. Nothing is set for it, and nothing is read up."""
    assert hears(scene, "D0ANA")
    with scene.tx() as tx:
        workspace = workspace_of(tx)
        assert not workspaces.hears(tx, workspace=workspace, channel_id="D0ANA", now=clock(), is_event=False)
        assert tx.scalars(select(Channel).where(Channel.slack_id == "D0ANA")).all() == []
        workspaces.channel_of(tx, workspace=workspace, channel_id="D0ANA").app_is_in = True
        catch_up.soon(tx, workspace=workspace, now=clock())
        ids = {"channel_id": "D0ANA"}
        assert catch_up.position(tx, workspace=workspace, ids=ids, now=clock()) is None
    assert listened_to(scene) == {"C0GENERAL", "C0IDEAS", "C0HELP"}
    assert {ids["channel_id"] for ids in scene.owed("channel.catch_up")} == listened_to(scene)


def test_it_stops_listening_where_the_app_was_removed_and_begins_again_when_it_is_back(scene: Scene) -> None:
    for is_in in (False, True):
        with scene.tx() as tx:
            workspaces.app_came_or_went(
                tx,
                workspace=workspace_of(tx),
                channel_id="C0IDEAS",
                is_in=is_in,
                at=scene.hub.clock(),
                now=scene.hub.clock(),
            )
        assert ("C0IDEAS" in listened_to(scene)) is is_in


def test_channels_are_as_slack_has_them_and_what_a_manager_decided_stays(scene: Scene) -> None:
    configure(scene, listening_to=["C0IDEAS"])
    found = [
        {"id": "C0IDEAS", "name": "wishes", "is_member": True, "is_private": True},
        {"id": "C0HELP", "name": "help", "is_member": True},
        {"id": "C0GENERAL", "name": "general", "is_member": False},
        {"id": "C0OLD", "name": "old", "is_member": True, "is_archived": True},
        {"id": "C0FRESH", "name": "fresh", "is_member": True},
    ]
    with scene.tx() as tx:
        workspaces.store_channels(tx, workspace=workspace_of(tx), found=found)
    assert listened_to(scene) == {"C0IDEAS", "C0FRESH"}
    with scene.tx() as tx:
        names = {channel.slack_id: channel.name for channel in tx.scalars(select(Channel))}
        shown = [channel.slack_id for channel in workspaces.channels(tx, workspace_id=workspace_of(tx).id)]
    assert names["C0IDEAS"] == "wishes"
    assert "C0OLD" not in shown


@pytest.mark.parametrize(("code", "archived"), [("is_archived", True), ("not_in_channel", False)])
def test_a_channel_that_slack_refuses_is_lost_until_it_is_back(scene: Scene, code: str, archived: bool) -> None:
    with scene.tx() as tx:
        workspaces.lose_channel(tx, workspace_id=workspace_of(tx).id, channel_id="C0IDEAS", code=code)
        channel = workspaces.channel_of(tx, workspace=workspace_of(tx), channel_id="C0IDEAS")
        assert (channel.is_archived, channel.app_is_in) == (archived, archived)
    assert "C0IDEAS" not in listened_to(scene)


def test_a_manager_sets_everything_at_once_and_it_is_written_down(scene: Scene) -> None:
    configure(
        scene,
        triage_channel_id=None,
        managers_channel_id="C0HELP",
        listening_to=["C0TRIAGE", "C0IDEAS", "C0NOSUCH"],
    )
    assert listened_to(scene) == {"C0TRIAGE", "C0IDEAS"}
    with scene.tx() as tx:
        found = workspace_of(tx)
        assert (found.triage_channel_id, found.managers_channel_id) == (None, "C0HELP")
        rows = audit.history(tx, workspace_id=found.id, subject="workspace", subject_id=found.id)
        assert [(row.act, row.detail["managers"]) for row in rows] == [("configured", "C0HELP")]


def test_a_channel_that_nobody_decided_about_follows_the_app(scene: Scene) -> None:
    """Ticking what would be listened to anyway decides nothing for later."""
    configure(scene)
    with scene.tx() as tx:
        assert [channel.listens for channel in tx.scalars(select(Channel))] == [None] * 5


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"triage_channel_id": "C0NOSUCH"}, "triage_channel_id"),
        ({"triage_channel_id": ""}, "triage_channel_id"),
        ({"managers_channel_id": "C0LEFT"}, "managers_channel_id"),
    ],
)
def test_a_wrong_value_is_refused_below_its_field_and_nothing_is_set(
    scene: Scene, wrong: dict[str, Any], field: str
) -> None:
    with scene.tx() as tx:
        workspaces.channel_of(tx, workspace=workspace_of(tx), channel_id="C0LEFT").app_is_in = False
    with pytest.raises(Refused) as refused:
        configure(scene, **{"themes_follow": True, "listening_to": [], **wrong})
    assert refused.value.field == field
    with scene.tx() as tx:
        assert not workspace_of(tx).themes_follow
    assert "C0IDEAS" in listened_to(scene)


@pytest.mark.parametrize("by", ["Ana", "Bo", "Cy"])
def test_nobody_but_a_manager_sets_anything(scene: Scene, by: str) -> None:
    with pytest.raises(Refused, match="for managers"):
        configure(scene, by=by)
