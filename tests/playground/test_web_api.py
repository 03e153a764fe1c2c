"""Slack's own client meets the Web API: answers, refusals, paging, pace."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.client import Client


def refusal(error: pytest.ExceptionInfo[SlackApiError]) -> Any:
    return error.value.response.data


def test_who_the_token_is(slack: WebClient) -> None:
    answer = slack.auth_test()
    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == ("U0ROUNDTRIP", "B0ROUNDTRIP", "T0PLAYGRND")
    assert answer["url"].endswith("/")
    assert "chat:write" in answer.headers["X-OAuth-Scopes"]


@pytest.mark.parametrize(("token", "error"), [(None, "not_authed"), ("xoxb-else", "invalid_auth")])
def test_a_stranger_is_turned_away(slack: WebClient, token: str | None, error: str) -> None:
    with pytest.raises(SlackApiError) as refused:
        WebClient(token=token, base_url=slack.base_url).auth_test()
    assert refusal(refused)["error"] == error


def test_what_the_manifest_does_not_name_is_refused(slack: WebClient) -> None:
    with pytest.raises(SlackApiError) as refused:
        slack.users_lookupByEmail(email="ana@fieldnotes.example")
    assert refusal(refused)["error"] == "missing_scope"
    assert refusal(refused)["needed"] == "users:read.email"
    assert "email" not in slack.users_info(user="U0ANA")["user"]["profile"]
    with pytest.raises(SlackApiError, match="missing_scope"):
        slack.conversations_join(channel="C0LOUNGE")
    with pytest.raises(SlackApiError, match="missing_scope"):
        slack.conversations_list(types="im")


def test_an_unknown_method(slack: WebClient) -> None:
    with pytest.raises(SlackApiError, match="unknown_method"):
        slack.api_call("chat.shout")


def test_a_message_is_posted_updated_and_deleted(slack: WebClient, client: Client) -> None:
    metadata = {"event_type": "notice", "event_payload": {"k": "n1"}}
    posted = slack.chat_postMessage(channel="C0IDEAS", text="A & B <b>", metadata=metadata)
    assert posted["message"]["text"] == "A &amp; B &lt;b&gt;"
    assert posted["message"]["bot_id"] == "B0ROUNDTRIP"
    link = slack.chat_getPermalink(channel="C0IDEAS", message_ts=posted["ts"])["permalink"]
    assert link.endswith(f"/archives/C0IDEAS/p{posted['ts'].replace('.', '')}")

    slack.chat_update(channel="C0IDEAS", ts=posted["ts"], text="Better")
    [shown] = slack.conversations_history(channel="C0IDEAS", include_all_metadata=True)["messages"]
    assert (shown["text"], shown["metadata"]) == ("Better", metadata)
    assert shown["edited"]["user"] == "U0ROUNDTRIP"
    assert "metadata" not in slack.conversations_history(channel="C0IDEAS")["messages"][0]

    slack.chat_delete(channel="C0IDEAS", ts=posted["ts"])
    assert client.messages("#ideas") == []
    with pytest.raises(SlackApiError, match="message_not_found"):
        slack.chat_update(channel="C0IDEAS", ts=posted["ts"], text="Too late")


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "C0LOUNGE", "text": "x"}, "not_in_channel"),
        ({"channel": "C0IDEAS", "text": " "}, "no_text"),
        ({"channel": "C0IDEAS", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C0IDEAS", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"channel": "C0IDEAS", "text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"channel": "C0IDEAS", "text": "x", "metadata": {"event_type": 1}}, "invalid_metadata_format"),
        ({"text": "x"}, "invalid_arguments"),
    ],
)
def test_what_cannot_be_posted(slack: WebClient, wish: dict[str, Any], error: str) -> None:
    with pytest.raises(SlackApiError) as refused:
        slack.api_call("chat.postMessage", json=wish)
    assert refusal(refused)["error"] == error


def test_archived_channels_and_other_peoples_messages(slack: WebClient, client: Client) -> None:
    ts = client.as_("U0ANA").post("#ideas", "mine")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        slack.chat_update(channel="C0IDEAS", ts=ts, text="ours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        slack.chat_delete(channel="C0IDEAS", ts=ts)
    client.archive("#ideas")
    with pytest.raises(SlackApiError, match="is_archived"):
        slack.chat_postMessage(channel="C0IDEAS", text="x")
    client.unarchive("#ideas")
    assert slack.chat_postMessage(channel="C0IDEAS", text="x")["ok"]


def test_one_post_at_a_time_in_each_channel(slack: WebClient, client: Client) -> None:
    client.settings(posting_interval_seconds=30.0)  # a second, as Slack has it, is over too soon on a busy machine
    slack.chat_postMessage(channel="C0IDEAS", text="first")
    slack.chat_postMessage(channel="C0HELP", text="elsewhere")
    with pytest.raises(SlackApiError) as refused:
        slack.chat_postMessage(channel="C0IDEAS", text="second")
    assert refused.value.response.status_code == 429
    assert 1 <= int(refused.value.response.headers["Retry-After"]) <= 30
    assert refusal(refused)["error"] == "ratelimited"
    assert [message["text"] for message in client.messages("#ideas")] == ["first"]


def test_method_tiers_where_they_are_switched_on(slack: WebClient, client: Client) -> None:
    client.settings(method_tiers=True)
    for _ in range(20):
        slack.users_list(limit=1)
    with pytest.raises(SlackApiError, match="ratelimited"):
        slack.users_list(limit=1)
    assert slack.users_info(user="U0ANA")["ok"]


def test_everything_comes_in_pages(slack: WebClient, client: Client) -> None:
    ana = client.as_("U0ANA")
    said = [ana.post("#ideas", f"message {number}") for number in range(7)]
    pages = [page["messages"] for page in slack.conversations_history(channel="C0IDEAS", limit=3)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [message["ts"] for page in pages for message in page] == said[::-1]
    users = [user["id"] for page in slack.users_list(limit=2) for user in page["members"]]
    assert sorted(users) == ["U0ANA", "U0BO", "U0CY", "U0DI", "U0FLO", "U0GUS", "U0ROUNDTRIP"]
    pages_of_channels = slack.conversations_list(types="public_channel,private_channel", limit=4)
    channels = [channel["id"] for page in pages_of_channels for channel in page["channels"]]
    assert sorted(channels) == ["C0GENERAL", "C0HELP", "C0IDEAS", "C0LOUNGE", "C0MANAGERS", "C0TRIAGE"]
    members = [one for page in slack.conversations_members(channel="C0TRIAGE", limit=3) for one in page["members"]]
    assert members == ["U0BO", "U0CY", "U0DI", "U0ROUNDTRIP"]
    for cursor in ("bogus", "dXNlcjox"):
        with pytest.raises(SlackApiError, match="invalid_cursor"):
            slack.conversations_history(channel="C0IDEAS", cursor=cursor)


def test_history_between_two_times_and_threads(slack: WebClient, client: Client) -> None:
    ana, bo = client.as_("U0ANA"), client.as_("U0BO")
    first = ana.post("#ideas", "first", ts="1760000000.000100")
    second = ana.post("#ideas", "second", ts="1760000010.000200")
    replies = [bo.post("#ideas", f"reply {number}", thread_ts=first) for number in range(5)]

    def texts(**bounds: Any) -> list[str]:
        answer = slack.conversations_history(channel="C0IDEAS", **bounds)
        return [message["text"] for message in answer["messages"]]

    assert texts() == ["second", "first"]
    assert texts(latest=second, inclusive=True, limit=1) == ["second"]
    assert texts(latest=second) == ["first"]
    assert texts(oldest=first) == ["second"]
    assert texts(oldest="1760000000", latest="1760000005") == ["first"]

    pages = [page["messages"] for page in slack.conversations_replies(channel="C0IDEAS", ts=first, limit=4)]
    assert [message["ts"] for page in pages for message in page] == [first, *replies]
    parent = pages[0][0]
    assert (parent["reply_count"], parent["reply_users"], parent["latest_reply"]) == (5, ["U0BO"], replies[-1])
    assert pages[0][1]["parent_user_id"] == "U0ANA"
    assert len(slack.conversations_replies(channel="C0IDEAS", ts=replies[2])["messages"]) == 6
    with pytest.raises(SlackApiError, match="thread_not_found"):
        slack.conversations_replies(channel="C0IDEAS", ts="1.000001")


def test_direct_messages(slack: WebClient, client: Client) -> None:
    channel = slack.conversations_open(users="U0ANA")["channel"]["id"]
    assert channel == "D0ANA" == slack.conversations_open(users=["U0ANA"])["channel"]["id"]
    slack.chat_postMessage(channel=channel, text="one")
    slack.chat_postMessage(channel="U0ANA", text="two")
    client.as_("U0ANA").post("@U0ROUNDTRIP", "three")
    assert [message["text"] for message in client.dm("U0ANA")] == ["one", "two", "three"]
    assert client.dm("U0BO") == []
    assert len(slack.conversations_history(channel=channel)["messages"]) == 3


def test_reactions(slack: WebClient, client: Client) -> None:
    ts = client.as_("U0ANA").post("#ideas", "hello")
    client.as_("U0BO").react("#ideas", ts, "thumbsup")
    slack.reactions_add(channel="C0IDEAS", timestamp=ts, name="bulb")
    with pytest.raises(SlackApiError, match="already_reacted"):
        slack.reactions_add(channel="C0IDEAS", timestamp=ts, name="bulb")
    message = slack.reactions_get(channel="C0IDEAS", timestamp=ts)["message"]
    assert {one["name"]: one["users"] for one in message["reactions"]} == {"+1": ["U0BO"], "bulb": ["U0ROUNDTRIP"]}
    slack.reactions_remove(channel="C0IDEAS", timestamp=ts, name="bulb")
    with pytest.raises(SlackApiError, match="no_reaction"):
        slack.reactions_remove(channel="C0IDEAS", timestamp=ts, name="bulb")


def test_only_one_person_sees_an_ephemeral_message(slack: WebClient, client: Client) -> None:
    slack.chat_postEphemeral(channel="C0IDEAS", user="U0ANA", text="psst")
    [seen] = client.messages("#ideas", as_="U0ANA")
    assert (seen["text"], seen["is_ephemeral"]) == ("psst", True)
    assert client.messages("#ideas", as_="U0BO") == []
    assert slack.conversations_history(channel="C0IDEAS")["messages"] == []
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        slack.chat_postEphemeral(channel="C0TRIAGE", user="U0ANA", text="psst")


def test_private_channels_are_not_there_for_those_outside(slack: WebClient, client: Client) -> None:
    client.remove_app("#triage")
    for call in (slack.conversations_info, slack.conversations_history, slack.conversations_members):
        with pytest.raises(SlackApiError, match="channel_not_found"):
            call(channel="C0TRIAGE")


def test_the_calls_are_written_down_without_secrets(slack: WebClient, client: Client) -> None:
    slack.api_call("users.info", params={"user": "U0ANA", "token": "xoxb-playground"})
    with pytest.raises(SlackApiError):
        slack.users_info(user="U0NOBODY")
    good, bad = client.calls("users.info")
    assert (good["ok"], good["args"]) == (True, {"user": "U0ANA"})
    assert (bad["ok"], bad["error"]) == (False, "user_not_found")
