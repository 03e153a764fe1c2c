"""The invented community: believable in shape, true to its format, and the same again from the same seed."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from playground import community
from playground.community_words import words

FIELDS = {"id", "at_seconds", "member", "channel", "text", "kind"}
MORE = {"need", "thread_of", "reactions", "edited_to", "edited_after_seconds", "deleted_after_seconds"}
ELEVEN_DAYS = {"weeks": 1.64, "messages_a_week": 1100}


@pytest.fixture(scope="module")
def talk() -> list[dict[str, Any]]:
    return community.generate(**ELEVEN_DAYS)  # type: ignore[arg-type]


def test_equal_seed_gives_equal_output(talk: list[dict[str, Any]]) -> None:
    assert community.generate(**ELEVEN_DAYS) == talk  # type: ignore[arg-type]
    assert community.generate(seed=8, **ELEVEN_DAYS) != talk  # type: ignore[arg-type]
    assert community.members(7) == community.members(7) != community.members(8)


def test_every_message_has_the_format(talk: list[dict[str, Any]]) -> None:
    assert len(talk) == 1804
    ids = {person["id"] for person in community.members()}
    for message in talk:
        assert FIELDS <= set(message) <= FIELDS | MORE
        assert message["channel"] in community.CHANNELS
        assert message["kind"] in ("idea", "problem", "other")
        assert ("need" in message) == (message["kind"] != "other")
        assert ("edited_to" in message) == ("edited_after_seconds" in message)
        assert message["text"].strip()
        assert "{" not in message["text"]
        assert message["member"] in ids
    assert talk == json.loads(json.dumps(talk))


def test_time_goes_forward_and_threads_point_back(talk: list[dict[str, Any]]) -> None:
    times = [message["at_seconds"] for message in talk]
    assert times == sorted(times)
    assert 0 <= times[0] <= times[-1] <= 1.64 * community.WEEK_SECONDS
    by_id = {message["id"]: message for message in talk}
    assert len(by_id) == len(talk)
    for message in talk:
        if parent := by_id.get(message.get("thread_of", "")):
            assert parent["at_seconds"] < message["at_seconds"]
            assert parent["channel"] == message["channel"]
            assert "thread_of" not in parent
            assert "deleted_after_seconds" not in parent


def test_what_happens_to_a_message_happens_in_order(talk: list[dict[str, Any]]) -> None:
    for message in talk:
        reactions = message.get("reactions", [])
        gone = message.get("deleted_after_seconds", float("inf"))
        assert len({(one["member"], one["name"]) for one in reactions}) == len(reactions)
        assert all(0 < one["after_seconds"] < gone for one in reactions)
        assert message.get("edited_after_seconds", 0) < gone
        assert message.get("edited_to") != message["text"]
        if any(one["name"] == "bulb" for one in reactions):
            assert message["kind"] != "other"


def test_needs_are_heavy_tailed() -> None:
    said = Counter(message["need"] for message in community.generate() if "need" in message)
    assert set(said) == {need["name"] for need in community.needs()}
    assert 20 <= max(said.values()) <= 28
    assert sum(size <= 3 for size in said.values()) >= 12
    assert community.needs()[0]["name"] == said.most_common(1)[0][0]


def test_a_need_is_put_differently_by_different_people() -> None:
    biggest = community.needs()[0]["name"]
    found = [message for message in community.generate() if message.get("need") == biggest]
    assert len({message["text"] for message in found}) == len(found)
    assert len({message["member"] for message in found}) == len(found)
    assert len({tuple(message["text"].lower().split()[:3]) for message in found}) > 0.8 * len(found)


@pytest.mark.parametrize("asked", [{}, ELEVEN_DAYS, {"weeks": 4, "messages_a_week": 5000}])
def test_texts_seldom_repeat(asked: dict[str, Any]) -> None:
    texts = [message["text"] for message in community.generate(**asked)]
    assert len(set(texts)) > 0.97 * len(texts)


def test_the_wording_is_plentiful_and_nothing_stands_twice() -> None:
    stock = words()
    texts = [line for need in stock.needs for line in need.says]
    texts += [line for talk in stock.talk for line in (talk.text, *talk.replies)]
    assert len(texts) >= 450
    assert len(set(texts)) == len(texts)
    assert 28 <= len(stock.needs) <= 40


def test_members_have_names_of_their_own() -> None:
    people = community.members(count=300)
    assert len({person["name"] for person in people}) == len({person["real_name"] for person in people}) == 300
    assert people[0]["id"] == "m001"
    assert people[:100] == community.members()
    assert len({person["tz"] for person in people[:100]}) > 20
    assert all(person["name"].isascii() for person in people)


def test_sizes_add_up() -> None:
    for total in (0, 1, 10, 198, 4400):
        assert sum(community.sizes(total)) == total


@pytest.mark.parametrize("asked", [{"members": 1}, {"weeks": 0}, {"messages_a_week": 0}])
def test_an_impossible_community_is_refused(asked: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="two members or more"):
        community.generate(**asked)


def test_a_tiny_community_is_possible() -> None:
    assert len(community.generate(members=2, weeks=0.1, messages_a_week=30)) == 3


def test_the_command_prints_one_message_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    community.main(["--weeks", "0.5", "--messages-a-week", "100"])
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line) for line in lines] == community.generate(weeks=0.5, messages_a_week=100)
