"""Events: each is taken once, whoever sent it and however often; what no person said is not kept."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from feedback import workspaces
from models import Channel, Idea, Member
from tests.handlers.knock import TEAM, Door, said

EDITED = {"edited": {"user": "U0ANA", "ts": "1793600060.000100"}}
NOT_SAID = (
    *("bot_message", "channel_join", "channel_leave", "channel_name", "channel_topic", "channel_purpose"),
    *("channel_archive", "channel_unarchive", "channel_posting_permissions", "ekm_access_denied", "me_message"),
    *("message_replied", "group_join", "group_leave", "pinned_item", "reminder_add", "something_new"),
)


def changed(**message: Any) -> dict[str, Any]:
    """A message_changed event around this message."""
    return {**said(), "subtype": "message_changed", "ts": "1793600061.000100", "message": said(**message)}


def test_an_event_that_comes_three_times_is_one_message(door: Door) -> None:
    answers = [door.event(said(), event_id="Ev0ONE", **retry(number)) for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert door.messages() == ["A refill, please"]
    assert door.stored()["Inbox"] == 1


def retry(number: int) -> dict[str, str]:
    """Socket Mode says 0 for the first delivery, so the header alone means nothing."""
    return {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": "http_timeout"}


def test_two_events_about_one_message_are_one_message(door: Door) -> None:
    """A mention arrives twice: as a message and as a mention."""
    words = "<@U0ROUNDTRIP> a refill, please"
    assert door.event(said(words)).status_code == 200
    assert door.event({**said(words), "type": "app_mention"}).status_code == 200
    assert door.messages() == ["a refill, please"]
    assert door.stored()["Idea"] == 1


@pytest.mark.parametrize("subtype", [None, "file_share", "thread_broadcast"])
def test_what_a_person_says_is_kept(door: Door, subtype: str | None) -> None:
    facts = {"subtype": subtype} if subtype else {}
    assert door.event(said("Vegan, please", **facts)).status_code == 200
    assert door.messages() == ["Vegan, please"]


@pytest.mark.parametrize("subtype", NOT_SAID)
def test_what_slack_says_by_itself_is_not_kept(door: Door, subtype: str) -> None:
    before = door.stored()
    assert door.event(said(subtype=subtype)).status_code == 200
    assert door.stored() == before


@pytest.mark.parametrize(
    "event",
    [
        said(bot_id="B0OTHER"),
        said(bot_id="B0OTHER", subtype="file_share"),
        {**said(), "user": "U0ROUNDTRIP"},
        {**said(), "user": None},
        {**said("<@U0ROUNDTRIP> hello", bot_id="B0OTHER"), "type": "app_mention"},
        changed(bot_id="B0OTHER", **EDITED),
        changed(text="unfurled", attachments=[{"title": "a page"}]),
        {"type": "reaction_added", "user": "U0ANA", "reaction": "bulb", "item": {"type": "file", "file": "F1"}},
        {"type": "app_home_opened", "user": "U0ANA", "channel": "D1", "tab": "messages"},
    ],
    ids=["app", "app's file", "own echo", "nobody", "app's mention", "app's edit", "unfurl", "file", "messages tab"],
)
def test_what_no_person_says_to_us_is_not_kept(door: Door, event: dict[str, Any]) -> None:
    before = door.stored()
    assert door.event({"event_ts": "1793600000.000200", **event}).status_code == 200
    assert door.stored() == before


def test_an_event_from_another_workspace_is_taken_and_stores_nothing(door: Door) -> None:
    """Eve's workspace never installed us. Anything but 200 would make Slack send it again and again."""
    before = door.stored()
    eve = {**said("Let me in"), "user": "U0EVE"}
    assert door.event(eve, team_id="T0OTHER").status_code == 200
    assert door.event({"type": "app_home_opened", "user": "U0EVE", "tab": "home"}, team_id="T0OTHER").status_code == 200
    assert door.stored() == before


def test_what_is_known_of_one_workspace_is_nothing_to_another(door: Door) -> None:
    """Both may have a channel and a message of the same id."""
    with door.hub.transaction() as tx:
        facts = {"team_id": "T0OTHER", "team": "Other", "url": "https://other.example/", "user_id": "U0OTHERBOT"}
        workspaces.install(tx, who_am_i=facts, now=door.hub.clock())
    door.event(said("ours"))
    door.event(said("theirs"), team_id="T0OTHER")
    reaction = {"type": "reaction_added", "user": "U0BO", "reaction": "bulb", "event_ts": "1793600002.000100"}
    door.event({**reaction, "item": {"type": "message", "channel": "C0IDEAS", "ts": said()["ts"]}}, team_id="T0OTHER")
    assert sorted(door.messages()) == ["ours", "theirs"]
    with door.hub.reading() as tx:
        idea = tx.scalars(select(Idea)).one()
        assert (idea.text, idea.author.workspace.team_id, idea.captured_by.workspace.team_id) == (
            *("theirs", "T0OTHER", "T0OTHER"),
        )


def test_edits_and_deletions_are_taken_in_any_order(door: Door) -> None:
    gone = {**said(), "subtype": "message_deleted", "deleted_ts": said()["ts"], "ts": "1793600062.000100"}
    assert door.event(changed(text="Better words", **EDITED)).status_code == 200
    assert door.event(said("First words")).status_code == 200
    assert door.messages() == ["Better words"]
    assert door.event(gone).status_code == 200
    assert door.event(changed(text="Late words", **EDITED)).status_code == 200
    assert door.messages() == [""]


def test_a_parent_that_is_deleted_under_its_replies_is_forgotten_too(door: Door) -> None:
    door.event(said("Only thinking aloud"))
    tombstone = changed(text="This message was deleted.", subtype="tombstone", user="USLACKBOT")
    assert door.event(tombstone).status_code == 200
    assert door.messages() == [""]


def test_people_and_channels_are_followed(door: Door) -> None:
    for event in (
        {"type": "channel_rename", "channel": {"id": "C0IDEAS", "name": "wishes"}},
        {"type": "channel_archive", "channel": "C0HELP", "user": "U0DI"},
        {"type": "user_change", "user": {"id": "U0ANA", "name": "ana", "profile": {"display_name": "Ana B"}}},
        {"type": "team_join", "user": {"id": "U0NEW", "name": "new", "profile": {"real_name": "New One"}}},
        {"type": "user_change", "user": {"id": "U0FLO", "name": "flo", "deleted": True}},
        {"type": "member_joined_channel", "user": "U0ROUNDTRIP", "channel": "C0FRESH", "event_ts": "1.0"},
    ):
        assert door.event(event).status_code == 200
    with door.hub.reading() as tx:
        channels = {channel.slack_id: channel for channel in tx.scalars(select(Channel))}
        people = {member.slack_id: member for member in tx.scalars(select(Member))}
        assert channels["C0IDEAS"].name == "wishes"
        assert channels["C0HELP"].is_archived
        assert channels["C0FRESH"].app_is_in
        assert (people["U0ANA"].name, people["U0NEW"].name) == ("Ana B", "New One")
        assert people["U0FLO"].left_at is not None
        assert people["U0ANA"].workspace.team_id == TEAM
